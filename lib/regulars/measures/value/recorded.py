"""Recorded: the numbers of 07_lifetime_value, as ``facts.record`` takes them."""

from collections.abc import Iterator

from regulars.measures.intervals import Estimate
from regulars.measures.value.book import Book
from regulars.measures.value.newcomers import NewCustomer
from regulars.measures.value.worth import Worth

__all__ = ["recorded_money", "recorded_value"]

TOO_FEW = "Too few customers with paid repeat days, or all alike."


def recorded_value(book: Book, total: Worth | None, new: NewCustomer | None) -> Iterator[dict]:
    """Give what counts, what the base is worth, and what a new customer brings.

    Parameters
    ----------
    book : Book
    total : Worth or None
        Of the base; None if withheld.
    new : NewCustomer or None

    Yields
    ------
    dict
        Of a metric of 07_lifetime_value: name, value, n, withheld.
    """
    n = total.expected.n if total else None
    of_base = {
        "counted": book.sums.what if book.sums else None,
        "clv_total": total.expected if total else None,
        "clv_per_customer": _a_customer(total.expected) if total else None,
        "clv_outcome": total.outcome if total else None,
    }
    for name, value in of_base.items():
        yield {"name": name, "value": value, "n": n, "withheld": book.withheld}
    parts = {"new_customer": "value", "new_customer_later": "later", "acquisition_limit": "payback"}
    for name, part in parts.items():
        value = getattr(new, part) if new else None
        yield {"name": name, "value": value, "withheld": book.withheld}


def recorded_money(book: Book) -> Iterator[dict]:
    """Give the parameters of what a day is worth, and how far they may be believed.

    Yields
    ------
    dict
        As `recorded_value`; and parameter.
    """
    if book.money is None:
        return
    if book.money.gamma:
        for name, value in book.money.gamma.estimates.items():
            yield {"name": "gamma_gamma.<parameter>", "value": value, "parameter": name}
    for name, value in book.money.related.items():
        lacking = None if value else TOO_FEW
        yield {"name": f"independence.{name}", "value": value, "withheld": lacking}


def _a_customer(one: Estimate) -> Estimate:
    ends = [None if end is None else end / one.n for end in (one.value, one.low, one.high)]
    return Estimate(*ends, one.n)
