"""The catalogue of metrics: each number a page can show, with its label, unit and definition.

One place for what a number means, so that a page, the overview and ``metrics.json`` cannot differ.
A part in angle brackets stands for a group, such as a segment or a cohort.
"""

from dataclasses import dataclass

__all__ = ["CATALOGUE", "Definition"]


@dataclass(frozen=True)
class Definition:
    """What a number is called, what it is counted in, and how it is made.

    `unit` is ``share`` (0 to 1), ``money`` (in the workbook's currency), or a noun.
    """

    label: str
    unit: str
    definition: str


def _intake(way: str, what: str) -> dict[str, Definition]:
    return {
        f"intake.rows_{way}": Definition(f"Rows {way}", "rows", f"Rows of purchases that {what}."),
        f"intake.money_{way}": Definition(
            f"Money {way}",
            "money",
            f"Sum of the amounts of the rows of purchases that {what}; an amount that cannot be "
            "read counts 0.",
        ),
        f"intake.rows_{way}.<table>": Definition(
            f"Rows {way}: {{table}}", "rows", f"Rows of this table that {what}."
        ),
    }


PREDICTED = "Purchase days in the holdout, of all customers of the calibration period together"
ERROR = "Mean absolute error in the holdout: purchase days a customer, predicted against actual."

CATALOGUE = {
    **_intake("in", "came in, all files together, also those of days after as_of"),
    **_intake("accepted", "were accepted and stand for themselves, after merging"),
    **_intake("merged", "are one with another row: equal, delivered again, or replaced by a later"),
    **_intake("rejected", "were rejected, those of days after as_of among them"),
    "intake.rows_later": Definition(
        "Rows left for later",
        "rows",
        "Rows of purchases of days after as_of: among the rejected ones, though nothing is wrong "
        "with them.",
    ),
    "clean.lines": Definition(
        "Clean lines", "rows", "Accepted purchase lines that no cleaning rule set aside."
    ),
    "clean.set_aside": Definition(
        "Lines set aside",
        "rows",
        "Accepted purchase lines that a cleaning rule keeps apart; they stay in the totals.",
    ),
    "clean.known_customer_share": Definition(
        "Sales with a customer",
        "share",
        "Money of the sale lines with a customer id, of all that no other rule set aside.",
    ),
    "clean.quality.<table>": Definition(
        "Information quality: {table}",
        "share",
        "Share of rows in which the weakest column the table cannot do without is filled, valid "
        "and found where it points, times the share of rows that are no repeat. Every row was "
        "counted, so there is no interval.",
    ),
    "clean.purchase_days": Definition(
        "Purchase days",
        "purchase days",
        "Pairs of a customer and a calendar day with at least one sale.",
    ),
    "clean.<rule>": Definition("Lines: {rule}", "rows", "Lines that this cleaning rule touched."),
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
    "segments.customers.<segment>": Definition(
        "Customers: {segment}",
        "customers",
        "Customers whose R and F scores lie in the segment's cells of the grid.",
    ),
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
    "churn.calibration.<model>.<parameter>": Definition(
        "{model} {parameter}",
        "parameter",
        "Maximum likelihood on the calibration period, time in weeks.",
    ),
    "churn.calibration.<model>.log_likelihood": Definition(
        "{model} log-likelihood", "log-likelihood", "Of the calibration period, time in weeks."
    ),
    "churn.calibration.<model>.p_alive_mean": Definition(
        "{model} mean P(alive)",
        "share",
        "Mean probability of still being a customer at the end of the calibration period.",
    ),
    "churn.calibration.<model>.holdout_predicted": Definition(
        "{model} predicted", "purchase days", f"{PREDICTED}, as predicted."
    ),
    "churn.calibration.<model>.holdout_mae": Definition("{model} MAE", "purchase days", ERROR),
    "churn.holdout_actual": Definition(
        "Purchase days in the holdout", "purchase days", f"{PREDICTED}, as counted."
    ),
    "churn.rule.<rule>.holdout_mae": Definition("{rule} MAE", "purchase days", ERROR),
    "churn.p_alive_mean": Definition(
        "Share still customers", "share", "Mean P(alive) of all customers at as_of."
    ),
    "churn.p_alive_mean.<model>": Definition(
        "Share still customers: {model}", "share", "The same by a model that does not speak here."
    ),
    "churn.expected_purchases": Definition(
        "Purchase days to expect",
        "purchase days",
        "Expected purchase days of all customers, over as many days after as_of as were held out; "
        "the interval holds how unsure the parameters are, and not that the model may be wrong.",
    ),
}
