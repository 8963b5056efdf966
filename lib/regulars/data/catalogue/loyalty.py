"""What customers do, what they say, and how the two go together (05_loyalty, 08, 09)."""

from regulars.data.catalogue.model import Definition

__all__ = ["LOYALTY"]

REPURCHASE = {
    "loyalty.repurchase_rate": Definition(
        "Repurchase rate",
        "share",
        "Customers with two or more purchase days, of all who bought up to as_of.",
    ),
    "loyalty.repurchase_within.<days>": Definition(
        "Bought again in {days} days",
        "share",
        "Customers with a second purchase day within so many days of the first, Kaplan–Meier.",
    ),
    "loyalty.median_days_to_second": Definition(
        "Median days to second purchase",
        "days",
        "The day by which half have a second purchase day, Kaplan–Meier.",
    ),
    "loyalty.repurchase_rate.<segment>": Definition(
        "Repurchase rate: {segment}",
        "share",
        "Of those who bought in the last period and were in the segment before it: again between "
        "their first purchase in the period and its end, so in unequal time; for comparing, use "
        "the share within so many days.",
    ),
    "loyalty.repurchase_within.<days>.<segment>": Definition(
        "Bought again in {days} days: {segment}",
        "share",
        "Of those who bought in the last period and were in the segment before it: again within so "
        "many days of their first purchase day in it, Kaplan–Meier.",
    ),
    "loyalty.repeat_rate.<purchase>": Definition(
        "Bought again after purchase {purchase}",
        "share",
        "Customers who bought again within repurchase_days, of all with at least so many purchase "
        "days, Kaplan–Meier.",
    ),
    "loyalty.regularity": Definition(
        "Regularity of purchases",
        "shape",
        "Shape of the gaps between purchase days, from the last two of all with five or more "
        "(Wheat and Morrison, for whole days); 1 is chance, above it even.",
    ),
    "loyalty.wallet_share": Definition(
        "Share of wallet",
        "share",
        "Spend a month of the period's customers, by what a target says they spend a month on such "
        "goods anywhere.",
    ),
}

COHORTS = {
    "loyalty.retention.<cohort>.<age>": Definition(
        "Retention of {cohort}, {age}",
        "share",
        "Of the cohort's new customers (of a month, quarter or week), those who bought in the k-th "
        "month, quarter or week after.",
    ),
    "loyalty.retention_mean.<age>": Definition(
        "Retention, {age}",
        "share",
        "Of the new customers of all cohorts whose k-th month, quarter or week is over, those who "
        "bought in it.",
    ),
    "loyalty.retention_of.<by>.<group>.<age>": Definition(
        "Retention of {group}, {age}",
        "share",
        "Of the new customers of a group by first purchase, in cohorts watched up to an equal age, "
        "those who bought in the k-th month, quarter or week after.",
    ),
    "loyalty.cohort_value.<cohort>.<age>": Definition(
        "Spend of {cohort} up to {age}",
        "money",
        "Spend per customer of the cohort, net of returns, from the first purchase to the end of "
        "an age that all compared cohorts have reached.",
    ),
}

NEWEST = "the newest answer of each customer in the period"
SCORES = {
    "loyalty.nps": Definition(
        "NPS",
        "points",
        f"Share of promoters (9 and 10) less that of detractors (0 to 6), times 100; {NEWEST}; "
        "adjusted Wald interval.",
    ),
    "loyalty.csat": Definition(
        "CSAT", "share", f"Answers on satisfaction in the top boxes, of all; {NEWEST}; Wilson."
    ),
    "loyalty.csat_mean": Definition(
        "CSAT, mean", "score", f"Mean score of satisfaction; {NEWEST}; Student's t interval."
    ),
    "loyalty.ces": Definition(
        "CES", "score", f"Mean score of ease; {NEWEST}; Student's t interval."
    ),
    "loyalty.ces_top_box": Definition(
        "CES, top boxes", "share", f"Answers on ease in the top boxes, of all; {NEWEST}; Wilson."
    ),
}
OF_SEGMENTS = {
    f"{name}.<segment>": Definition(
        f"{about.label}: {{segment}}",
        about.unit,
        f"{about.definition} Of customers who are in the segment at as_of.",
    )
    for name, about in SCORES.items()
}

SURVEYS = {
    "loyalty.nps_weighted": Definition(
        "NPS, weighted",
        "points",
        f"NPS if the answers were made up as all customers are in weight_by (raking); {NEWEST}.",
    ),
    "loyalty.response_rate": Definition(
        "Response rate",
        "share",
        "Invitations of the last period answered in time (response_days), of all that are as old "
        "as that; interval over customers.",
    ),
    "loyalty.drivers_explained": Definition(
        "Explained by the drivers",
        "share",
        "Share of the variance of NPS (else CSAT, else CES) that goes with all drivers together, "
        "in each customer's newest complete survey of the period.",
    ),
    "loyalty.driver.<driver>": Definition(
        "Share of driver: {driver}",
        "share",
        "Part of the variance of NPS (else CSAT, else CES) that goes with this driver: the mean "
        "over all orders of adding the drivers (LMG).",
    ),
}

DEEDS = {
    "loyalty.after_answer.<band>": Definition(
        "Bought again after the answer: {band}",
        "share",
        "Of customers whose first answer was in the band, those who bought within repurchase_days "
        "after it.",
    ),
    "loyalty.after_answer.difference": Definition(
        "Promoters less detractors, bought again",
        "difference of shares",
        "Share of promoters less share of detractors who bought within repurchase_days after the "
        "answer.",
    ),
    "loyalty.index_high": Definition(
        "Most loyal customers",
        "customers",
        "Customers whose loyalty index is exceeded by fewer than the share in the parameters of "
        "all customers.",
    ),
}

LOYALTY = {**REPURCHASE, **COHORTS, **SCORES, **OF_SEGMENTS, **SURVEYS, **DEEDS}
