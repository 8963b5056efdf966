"""The glossary: the words of this workbook, each with one meaning."""

from html import escape

from regulars.show.output import publish

__all__ = ["WORDS", "show"]

WORDS = {
    "Accepted, merged, rejected": "The three ends a row can have: kept; found to be the same as another; set aside with its reason.",
    "Age": "Days from a customer's first purchase day to the day we look.",
    "As of": "The last day a report knows about. Nothing later is used.",
    "Calibration, holdout": "The part of history models are fitted on, and the later part they are checked on.",
    "Censored": "Not seen yet: we know that it takes longer than we have watched, and no more.",
    "Cohort": "All customers whose first purchase fell in the same month.",
    "Interval": "The 95 % confidence interval: made this way, 95 of 100 such intervals hold the true value.",
    "Ledger": "The account of all rows and money: what came in is what was accepted, merged and rejected.",
    "MAE": "Mean absolute error: the average distance between what was predicted and what happened.",
    "n": "The number of cases a number rests on.",
    "Order": "A distinct order number; where the files have none, a purchase day.",
    "P(alive)": "The probability of still being a customer, given a purchase model.",
    "Purchase day": "A calendar day on which a customer bought at least one thing. A return makes none.",
    "Repeat days": "A customer's purchase days after the first.",
    "Repurchase rate": "Of the customers who bought in a window, the share with two or more purchase days in it.",
    "Retention cell": "The share of a cohort who bought in the k-th calendar month after their first.",
    "RFM": "Days since the last purchase (R), orders (F) and spend (M), each scored from 1 to 5.",
    "Spend": "Money net of returns and discounts.",
    "Withheld": "Not shown, because it would mislead; the reason stands in its place.",
}  # fmt: skip


def show() -> None:
    """Display the words with their meanings."""
    text = "\n".join(f"{word}: {meaning}" for word, meaning in WORDS.items())
    items = "".join(
        f"<li><strong>{escape(word)}</strong>: {escape(meaning)}</li>"
        for word, meaning in WORDS.items()
    )
    publish({"text/plain": text, "text/html": f"<ul>{items}</ul>"})
