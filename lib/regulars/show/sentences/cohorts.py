"""Sentences on cohorts: how one evolves, and how all compare at equal age (03_customer_base)."""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.cohort_grid import cohort_name
from regulars.show.findings import count, money, plural, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.text import is_missing

__all__ = [
    "at_equal_age",
    "at_equal_age_in_words",
    "evolution",
    "evolution_in_words",
    "in_reader_words",
    "old_share_in_words",
    "whom",
]

_ONLY_OLD = (
    " The records begin with these, and who bought before looks new in them: an older and a newer "
    "one would differ by that alone."
)


def evolution(cohort: pd.DataFrame, unit: str) -> str:
    """Give the share of the cohort that bought in its last full month or quarter, for a chart."""
    last = _last_shown(cohort)
    if last is None:
        return "How does the largest cohort evolve?"
    name = cohort_name(last["cohort"], unit)
    return f"{share(last['active_share'])} of {name}'s customers bought in {unit} {last['age']}"


def evolution_in_words(cohort: pd.DataFrame, by_age: pd.DataFrame, unit: str, currency: str) -> str:
    """Say how the largest cohort evolved, with intervals."""
    last = _last_shown(cohort)
    if last is None:
        return (
            "No cohort can be followed yet: none has a whole month or quarter behind its first "
            "that could be shown."
        )
    active = Estimate(
        float(last["active_share"]), last["low"], last["high"], int(last["customers"])
    )
    name = cohort_name(last["cohort"], unit)
    said = (
        f"Of the {of_customers(active.n)} who first bought in {name}, {share(active.value)}"
        f"{brackets(active)} bought in {unit} {last['age']} after the first."
    )
    row = by_age[(by_age["cohort"] == last["cohort"]) & by_age["spend_to_age"].notna()]
    if row.empty:
        return said
    spent = _spent(row.iloc[0])
    until = f"to the end of {unit} {row.iloc[0]['age']}"
    return (
        f"{said} From the first {unit} {until} each spent {money(spent.value, currency)}"
        f"{brackets(spent, as_=f'money:{currency}')}."
    )


def at_equal_age(by_age: pd.DataFrame, unit: str) -> str:
    """Compare the newest with the oldest cohort at equal age, for a chart (at most ten words)."""
    found = _compared(by_age)
    if len(found) < 2:
        return "What do cohorts bring at equal age?"
    old, new = found.iloc[0], found.iloc[-1]
    first, last = (cohort_name(one["cohort"], unit) for one in (old, new))
    if _apart(old, new):
        how = "more" if new["spend_to_age"] > old["spend_to_age"] else "less"
        return f"By {unit} {new['age']}, {last} brought {how} than {first}"
    return f"No clear gap between {first} and {last}"


def at_equal_age_in_words(by_age: pd.DataFrame, unit: str, currency: str) -> str:
    """Compare the newest with the oldest cohort at equal age, with intervals."""
    found = _compared(by_age)
    if len(found) < 2:
        only = "" if by_age.empty or by_age["compared"].any() else _ONLY_OLD
        return f"Fewer than two cohorts can be compared at an equal age yet.{only}"
    ends = (found.iloc[0], found.iloc[-1])
    said = [
        f"{money(one['spend_to_age'], currency)} a customer for {cohort_name(one['cohort'], unit)}"
        f"{brackets(_spent(one), as_=f'money:{currency}', n=of_customers(one['customers']))}"
        for one in ends
    ]
    apart = "do not overlap" if _apart(*ends) else "overlap, so the gap may be chance"
    between = len(found) - 2
    more = f" ({plural(between, 'cohort')} lie between them)" if between > 1 else ""
    return (
        f"To the end of {unit} {ends[0]['age']} after the first, {said[0]} stand against {said[1]}"
        f"{more}. The intervals {apart}."
    )


def in_reader_words(cells: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Name cohorts, ages and what is over as readers know them, for a table.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": ["1997-04-01"], "age": [2], "complete": [True]})
    >>> in_reader_words(cells, "quarter").columns.tolist()
    ['First purchase in', 'Quarters after the first', 'Quarter over']
    """
    name, written = unit.capitalize(), cells
    if "cohort" in cells:
        written = cells.assign(cohort=[cohort_name(first, unit) for first in cells["cohort"]])
    names = {
        "cohort": "First purchase in",
        "age": f"{name}s after the first",
        "complete": f"{name} over",
    }
    return written.rename(columns=names)


def old_share_in_words(part: Estimate | None) -> str:
    """Say how much of the last period's spend comes from customers from before it, with n."""
    if not is_given(part):
        return (
            "Which share of spend old customers bring is withheld: it needs a whole period of "
            "history before the last, spend above zero, and groups that are not too small."
        )
    return (
        f"Customers whose first purchase lies before the period bring {share(part.value)} of its "
        f"spend{brackets(part, n=of_customers(part.n))}; new ones bring {share(1 - part.value)}."
    )


def whom(cohort: pd.DataFrame, unit: str) -> str:
    """Say whom the chart of the largest cohort is about.

    Examples
    --------
    >>> whom(pd.DataFrame({"cohort": ["1997-02-01"], "customers": [857]}), "month")
    'Customers who first bought in Feb 1997, n = 857'
    """
    if cohort.empty:
        return "No cohort whose first month or quarter is over"
    first, size = cohort.iloc[0][["cohort", "customers"]]
    n = "" if is_missing(size) else f", n = {count(size)}"
    return f"Customers who first bought in {cohort_name(first, unit)}{n}"


def _compared(by_age: pd.DataFrame) -> pd.DataFrame:
    """Return the cohorts that can be compared, the oldest first."""
    known = by_age["spend_to_age"].notna() & by_age["compared"].astype(bool)
    return by_age[known].sort_values("cohort")


def _last_shown(cohort: pd.DataFrame) -> pd.Series | None:
    """Return the last cell that is over and not hidden, if there is one after the first."""
    shown = cohort[cohort["complete"] & cohort["active"].notna() & (cohort["age"] > 0)]
    if shown.empty or is_missing(shown.iloc[-1]["customers"]):
        return None
    return shown.sort_values("age").iloc[-1]


def _spent(row: pd.Series) -> Estimate:
    ends = [None if is_missing(row[end]) else float(row[end]) for end in ("low", "high")]
    return Estimate(float(row["spend_to_age"]), *ends, int(row["customers"]))


def _apart(one: pd.Series, other: pd.Series) -> bool:
    """Tell whether two intervals do not overlap; NaN, where there is none, never does."""
    return bool(one["high"] < other["low"] or other["high"] < one["low"])
