"""Who comes back (05_loyalty)."""

from regulars.data.catalogue.model import Definition

__all__ = ["LOYALTY"]


LOYALTY = {
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
    "loyalty.retention.<cohort>.<age>": Definition(
        "Retention of {cohort}, month {age}",
        "share",
        "Of the month's new customers, those who bought in the k-th calendar month after.",
    ),
}
