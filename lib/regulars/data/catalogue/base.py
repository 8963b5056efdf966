"""Who buys, and how uneven the base is (03_customer_base)."""

from regulars.data.catalogue.model import Definition

__all__ = ["BASE"]


BASE = {
    "base.customers": Definition(
        "Customers", "customers", "Customers with at least one purchase day up to as_of."
    ),
    "base.orders": Definition(
        "Orders", "orders", "Distinct order ids; purchase days where there are none."
    ),
    "base.spend": Definition(
        "Spend", "money", "Money net of returns and discounts, all customers up to as_of."
    ),
    "base.top_tenth_share": Definition(
        "Spend from the top tenth",
        "share",
        "Spend of the tenth of customers who spend most, of all spend.",
    ),
    "base.gini": Definition(
        "Gini coefficient of spend",
        "index",
        "Twice the area between the Lorenz curve of spend and the line of equality.",
    ),
    "base.period.customers": Definition(
        "Customers of the last period",
        "customers",
        "Customers with a purchase day in the last period_days up to as_of.",
    ),
    "base.period.spend": Definition(
        "Spend of the last period",
        "money",
        "Net money of these customers in the last period_days up to as_of.",
    ),
    "base.period.spend_per_customer": Definition(
        "Spend per customer of the last period",
        "money",
        "Spend of the last period, per customer with a purchase day in it.",
    ),
    "base.period.margin_share": Definition(
        "Margin share of the last period",
        "share",
        "Spend less cost, of spend; customers of the last period whose costs are known.",
    ),
    "base.change.spend": Definition(
        "Change of spend",
        "money",
        "Money of all lines of the last period_days, less that of as many days before.",
    ),
    "base.change.customers_effect": Definition(
        "Change of spend through customers",
        "money",
        "What the number of customers added to spend: mean over the orders of change (Shapley).",
    ),
    "base.change.orders_effect": Definition(
        "Change of spend through orders",
        "money",
        "What orders per customer added to spend: mean over the orders of change (Shapley).",
    ),
    "base.change.value_effect": Definition(
        "Change of spend through value",
        "money",
        "What value per order added to spend: mean over the orders of change (Shapley).",
    ),
    "base.change.growth": Definition(
        "Growth of spend", "share", "The change of spend, of the spend of the period before."
    ),
    "base.change.<status>": Definition(
        "Customers: {status}",
        "customers",
        "By purchase days in the last period, in the one before, and earlier.",
    ),
    "base.old_share": Definition(
        "Spend from old customers",
        "share",
        "Spend of customers whose first purchase lies before the last period, of its spend.",
    ),
}
