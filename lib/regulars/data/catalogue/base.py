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
}
