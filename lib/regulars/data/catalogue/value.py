"""What customers are worth (07_lifetime_value)."""

from regulars.data.catalogue.model import Definition

__all__ = ["VALUE"]

_COUNTED = (
    "margin where costs are known or costs.margin_rate is given, else spend, not margin "
    "(value.counted says which)"
)

VALUE = {
    "value.counted": Definition(
        "What is counted as value",
        "name",
        "Margin where costs are known for half of the sales or costs.margin_rate is given; else "
        "spend, which is not margin.",
    ),
    "value.clv_total": Definition(
        "Lifetime value of the base",
        "money",
        f"Expected {_COUNTED} of all customers over the horizon after as_of, discounted to as_of; "
        "the interval holds how unsure the parameters of purchases and money are.",
    ),
    "value.clv_per_customer": Definition(
        "Lifetime value per customer",
        "money",
        f"The lifetime value of the base / its customers: {_COUNTED}.",
    ),
    "value.clv_outcome": Definition(
        "Lifetime value of the base, what may come true",
        "money",
        f"The same {_COUNTED}; the interval holds what chance may do as well.",
    ),
    "value.clv.<segment>": Definition(
        "Lifetime value: {segment}",
        "money",
        f"Expected discounted {_COUNTED} of the customers in the segment (R and F scores of "
        "as_of) over the horizon; interval by parametric bootstrap, the segment held fixed.",
    ),
    "value.clv_pyramid.<tier>": Definition(
        "Lifetime value, pyramid: {tier}",
        "money",
        f"Expected discounted {_COUNTED} over the horizon of the customers in the tier of the "
        "pyramid, made of value up to as_of; interval by parametric bootstrap, the tier held "
        "fixed.",
    ),
    "value.clv_abc.<tier>": Definition(
        "Lifetime value, class {tier}",
        "money",
        f"Expected discounted {_COUNTED} over the horizon of the customers in the class, made of "
        "value up to as_of; interval by parametric bootstrap, the class held fixed.",
    ),
    "value.residual_total": Definition(
        "Lifetime value of the base, no end",
        "money",
        f"Expected {_COUNTED} of all customers, discounted to as_of, up to where less than a "
        "thousandth is still to come.",
    ),
    "value.top_tenth_share": Definition(
        "Value held by the top tenth",
        "share",
        "Lifetime value of the tenth of customers with the highest / that of all.",
    ),
    "value.new_customer": Definition(
        "Value of a new customer",
        "money",
        f"Expected discounted {_COUNTED} of a new customer over the horizon, first purchase "
        "included.",
    ),
    "value.new_customer_later": Definition(
        "Value of a new customer after the first purchase",
        "money",
        f"Expected discounted {_COUNTED} of a new customer over the horizon, first purchase not "
        "included.",
    ),
    "value.acquisition_limit": Definition(
        "What winning a customer may cost",
        "money",
        f"Expected discounted {_COUNTED} of a new customer within the days of payback, first "
        "purchase included: at this cost winning one breaks even by then.",
    ),
    "value.gamma_gamma.<parameter>": Definition(
        "Gamma-Gamma: {parameter}",
        "number",
        "Parameter of the Gamma-Gamma model of the mean money of paid repeat days, by maximum "
        "likelihood up to as_of; gamma is in money.",
    ),
    "value.independence.pearson": Definition(
        "Correlation of frequency and money",
        "number",
        "Pearson's correlation of paid repeat days and their mean money, over customers with any.",
    ),
    "value.independence.spearman": Definition(
        "Rank correlation of frequency and money",
        "number",
        "Spearman's correlation of paid repeat days and their mean money, over customers with any.",
    ),
    "value.holdout_error": Definition(
        "Error of foretold spend",
        "share",
        "Spend foretold for the days held back, of the customers known before them / that which "
        "came, less 1.",
    ),
}
