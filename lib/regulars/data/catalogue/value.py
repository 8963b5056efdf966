"""What customers are worth (07_lifetime_value)."""

from regulars.data.catalogue.model import Definition

__all__ = ["VALUE"]

VALUE = {
    "value.clv_total": Definition(
        "Lifetime value of the base",
        "money",
        "Expected margin of all customers over the horizon after as_of, discounted to as_of.",
    ),
    "value.clv_per_customer": Definition(
        "Lifetime value per customer", "money", "The lifetime value of the base / its customers."
    ),
    "value.new_customer": Definition(
        "Value of a new customer",
        "money",
        "Expected discounted margin of a new customer over the horizon, first purchase included.",
    ),
}
