"""Sentences on the retention and the money of cohorts, and of groups of them (09_retention).

They are handed what may be shown; a number that is hidden is missing, and not spoken of.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, name, plural, share
from regulars.show.sentences.cohort_spend import (
    MONEY_COLUMNS,
    TOO_SMALL,
    money_in_words,
    money_title,
)
from regulars.show.sentences.pieces import brackets, of_customers, short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = [
    "MONEY_COLUMNS",
    "ahead",
    "groups_in_words",
    "groups_title",
    "mean_in_words",
    "mean_retention_title",
    "money_in_words",
    "money_title",
    "retention_title",
    "what_is_drawn",
]

MANY = {"channel": "channels", "category": "categories", "campaign_id": "campaigns"}


def retention_title(mean: pd.DataFrame, every: str = "month") -> str:
    """Say how retention moves with age, for a chart (at most ten words).

    From the first age to the last that half of the cohorts have reached. It falls or rises where
    the two intervals lie apart; else both numbers are given without a verdict.

    Examples
    --------
    >>> mean = pd.DataFrame({"age": [1, 12], "cohorts": [35, 24], "rate": [0.26, 0.17],
    ...                      "low": [0.25, 0.16], "high": [0.28, 0.19]})
    >>> retention_title(mean).replace("\u00a0", " ")
    'Retention falls: 26 % in month 1, 17 % in month 12'
    """
    ends = _ends(mean)
    if ends is None:
        return _nothing_seen(mean, every)
    first, last = ends
    if first["age"] == last["age"]:
        return _one_age(first, every)
    if share(first["rate"]) == share(last["rate"]):
        return (
            f"Retention stays at {share(first['rate'])} from {every} {first['age']:.0f} "
            f"to {every} {last['age']:.0f}"
        )
    return (
        f"Retention{_moves(first, last)}: {share(first['rate'])} in {every} {first['age']:.0f}, "
        f"{share(last['rate'])} in {every} {last['age']:.0f}"
    )


def mean_retention_title(mean: pd.DataFrame, every: str = "month") -> str:
    """Give mean retention at the two ages of `retention_title`, for a chart (ten words)."""
    ends = _ends(mean)
    if ends is None:
        return _nothing_seen(mean, every)
    first, last = ends
    if first["age"] == last["age"]:
        return _one_age(first, every)
    return (
        f"From {share(first['rate'])} in {every} {first['age']:.0f} "
        f"to {share(last['rate'])} in {every} {last['age']:.0f}"
    )


def mean_in_words(mean: pd.DataFrame, every: str = "month") -> list[str]:
    """Say how many bought at the last age that rests on all cohorts; nothing if none is shown.

    Examples
    --------
    >>> mean = pd.DataFrame({"age": [0, 1], "cohorts": 1, "customers": 50, "rate": [1, 0.5],
    ...                      "low": [1, 0.4], "high": [1, 0.6]})
    >>> mean_in_words(mean)[0].replace("\u00a0", " ").partition(" (")[0]
    'In month 1 after their first purchase, 50 % of 50 customers bought'
    """
    seen = _observed(mean)
    if seen.empty:
        return []
    last = _last_shared(seen)
    return [
        f"In {every} {last['age']:.0f} after their first purchase, {share(last['rate'])} of "
        f"{of_customers(last['customers'])} bought{brackets(last)}."
    ]


def what_is_drawn(cells: pd.DataFrame, *, cohorts: int, every: str = "month") -> list[str]:
    """Say which cohorts are drawn where not all are, and which may hold older customers.

    Parameters
    ----------
    cells : DataFrame
        The cells that are shown: cohort, early.
    cohorts : int
        How many cohorts there are.
    every : str
        ``week``, ``month`` or ``quarter``.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-02-03"]), "early": [False]})
    >>> what_is_drawn(cells, cohorts=60, every="week")
    ['Of 60 weekly cohorts the newest is shown.']
    """
    shown = cells["cohort"].nunique()
    said = []
    if shown < cohorts:
        newest = "newest is" if shown == 1 else f"newest {count(shown)} are"
        said = [f"Of {count(cohorts)} {every}ly cohorts the {newest} shown."]
    if cells["early"].any():
        which = "All cohorts" if cells["early"].all() else "Cohorts with a dagger"
        said.append(
            f"{which} begin in the first 90 days of the records, so customers from before the "
            "records may be among them and look new."
        )
    return said


def ahead(differences: pd.DataFrame) -> str | None:
    """Return the group that `groups_title` names first; None where no pair differs.

    Examples
    --------
    >>> ahead(pd.DataFrame({"one": ["web"], "other": ["app"], "change": [-0.1],
    ...                     "differs": [True]}))
    'app'
    """
    clear = differences[differences["differs"].astype(bool)]
    if clear.empty:
        return None
    found = _largest(clear)
    return str(found["one"] if found["change"] > 0 else found["other"])


def groups_title(differences: pd.DataFrame, by: str, every: str = "month") -> str:
    """Name the largest difference beyond chance, for a chart (at most ten words)."""
    clear = differences[differences["differs"].astype(bool)]
    many = MANY.get(by, f"{by}s")
    if differences.empty:
        return f"Too few customers to compare {many}"
    if clear.empty:
        return f"No clear gap between {many} in {every} {_age(differences)}"
    found = _largest(clear)
    more, less = _ordered(found)
    return f"{short_name(more, 2)} customers return more often than {short_name(less, 2)}"


def groups_in_words(differences: pd.DataFrame, by: str | None, every: str = "month") -> list[str]:
    """Say which groups differ beyond chance, and what so many customers could have shown."""
    if by is None:
        return [
            "The parameters name no attribute of the first purchase (cohorts: by), so all are one "
            "group here."
        ]
    many = MANY.get(by, f"{by}s")
    if differences.empty:
        return [
            f"Retention by {many} is withheld: it needs two groups of 30 customers or more, of "
            f"whom {LEAST} or more bought and as many did not."
        ]
    pairs = plural(len(differences), "pair")
    at = f"in {every} {_age(differences)} after the first purchase"
    smallest = (
        f"The smallest difference that the {'pair' if len(differences) == 1 else 'pairs'} would "
        f"have shown four times in five: {_range(differences['detectable'])}."
    )
    clear = differences[differences["differs"].astype(bool)]
    if clear.empty:
        return [f"Of {pairs} of {many}, none differs beyond chance {at}. {smallest}"]
    found = _largest(clear)
    more, less = _ordered(found)
    sign = 1 if found["change"] > 0 else -1
    ends = sorted([sign * found["low"], sign * found["high"]])
    gap = Estimate(sign * found["change"], ends[0], ends[1], 0)
    verb = "differs" if len(clear) == 1 else "differ"
    return [
        f"Of {pairs} of {many}, {count(len(clear))} {verb} beyond chance {at}. Most of all {more} "
        f"and {less}, by {_points(gap.value)} points{brackets(gap, as_=_points)}; who comes by "
        f"which may differ in other ways too. {smallest}"
    ]


def _largest(clear: pd.DataFrame) -> pd.Series:
    return clear.loc[clear["change"].abs().sort_values(kind="stable").index[-1]]


def _ordered(pair: pd.Series) -> tuple[str, str]:
    names = name(pair["one"]), name(pair["other"])
    return names if pair["change"] > 0 else names[::-1]


def _age(differences: pd.DataFrame) -> int:
    return int(differences["age"].iloc[0])


def _range(values: pd.Series) -> str:
    known = values[[not is_missing(value) for value in values]]
    if known.empty:
        return "none at all"
    least, most = _points(known.min()), _points(known.max())
    return f"{least} points" if least == most else f"{least} to {most} points"


def _points(value: float) -> str:
    return f"{100 * value:.1f}".replace("-", "−")


def _observed(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the rates after age 0 that may be told."""
    later = rates[rates["age"] > 0].sort_values("age")
    seen = later[later["rate"].notna()]
    # Where only zeros are left to show, they would be taken for all there is.
    return seen if len(seen) == len(later) else seen[seen["rate"] > 0]


def _nothing_seen(rates: pd.DataFrame, every: str) -> str:
    return TOO_SMALL if (rates["age"] > 0).any() else f"No cohort has a full {every} behind it"


def _ends(mean: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """Return the first age and the last that half of the cohorts have reached."""
    seen = _observed(mean)
    if seen.empty:
        return None
    half = seen[seen["cohorts"] >= mean["cohorts"].max() / 2]
    first = seen.iloc[0]
    return first, first if half.empty else half.iloc[-1]


def _one_age(row: pd.Series, every: str) -> str:
    return f"{share(row['rate'])} buy in {every} {row['age']:.0f}"


def _moves(first: pd.Series, last: pd.Series) -> str:
    if last["high"] < first["low"]:
        return " falls"
    return " rises" if last["low"] > first["high"] else ""


def _last_shared(mean: pd.DataFrame) -> pd.Series:
    """Return the last age that rests on as many cohorts as the first: like with like."""
    return mean[mean["cohorts"] == mean["cohorts"].iloc[0]].iloc[-1]
