"""What the lines mean (02_clean)."""

from regulars.data.catalogue.model import Definition

__all__ = ["CLEAN"]


CLEAN = {
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
}
