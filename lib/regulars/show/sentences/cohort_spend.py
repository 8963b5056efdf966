"""Sentences on the money of cohorts: what a customer of each group has spent by an age.

They are handed what may be shown; a number that is hidden is missing, and not spoken of.
"""

import pandas as pd

from regulars.show.findings import count, interval, money, name
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.show.text import MISSING, is_missing

__all__ = ["MONEY_COLUMNS", "TOO_SMALL", "money_in_words", "money_title"]

MONEY_COLUMNS = ["group", "age", "customers", "spend", "spend_to_age", "low", "high", "hidden"]
TOO_SMALL = "Too few customers to say"


def money_title(spent: pd.DataFrame, currency: str, every: str = "month") -> str:
    """Say what a customer has spent by the last shared age, for a chart (at most ten words)."""
    last = _at_the_end(spent)
    if last.empty:
        return TOO_SMALL
    values, age = last["spend_to_age"], last["age"].iloc[0]
    least, most = _whole(values.min(), currency), _whole(values.max(), currency)
    if len(last) == 1:
        return f"By {every} {age} a customer has spent {most}"
    return f"By {every} {age}: {least} to {most} a customer"


def money_in_words(
    spent: pd.DataFrame, currency: str, *, cohorts: int, every: str = "month"
) -> list[str]:
    """Say what a customer of each group has spent by the last shared age, with its interval.

    Parameters
    ----------
    spent : DataFrame
        From `cohort_money.shown_money`.
    currency : str
        The currency of the amounts.
    cohorts : int
        How many cohorts have reached the age.
    every : str
        ``week``, ``month`` or ``quarter``.
    """
    last = _at_the_end(spent)
    if last.empty:
        return ["What customers spend by age is withheld: too few have been watched long enough."]
    until = f"to the end of {every} {last['age'].iloc[0]}"
    return [
        f"From the first {every} {until}, a customer of {_of(cohorts)} spends"
        f"{_spent(last, currency)}."
    ]


def _spent(last: pd.DataFrame, currency: str) -> str:
    """List what customers of each group spend; that the intervals are such is said once."""
    if len(last) == 1:
        only, as_ = last.iloc[0], lambda amount: _whole(amount, currency)
        n = of_customers(only["customers"])
        whose = "" if only["group"] == "all" else f" ({name(only['group'])})"
        return f" {_whole(only['spend_to_age'], currency)}{whose}{brackets(only, as_=as_, n=n)}"
    told = [_of_group(row, currency) for _, row in last.iterrows()]
    return f": {', '.join(told)}; 95 % intervals"


def _of_group(row: pd.Series, currency: str) -> str:
    ends = interval(row, as_=lambda amount: _whole(amount, currency))
    inside = [part for part in (ends, of_customers(row["customers"])) if part != MISSING]
    return f"{name(row['group'])} {_whole(row['spend_to_age'], currency)} ({', '.join(inside)})"


def _whole(amount: float, currency: str) -> str:
    """Write money without cents, unless cents are much of it."""
    return money(amount if is_missing(amount) or abs(amount) < 10 else round(amount), currency)


def _of(cohorts: int) -> str:
    return "the one cohort that old" if cohorts == 1 else f"the {count(cohorts)} cohorts that old"


def _at_the_end(spent: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last age that are shown."""
    last = spent[spent["age"] == spent["age"].max()]
    return last[last["spend_to_age"].notna()]
