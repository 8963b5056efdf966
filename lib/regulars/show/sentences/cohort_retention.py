"""Sentences on the retention and the money of cohorts, and of groups of them (05_loyalty).

They are handed what may be shown; a number that is hidden is missing, and not spoken of.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.cohort_grid import cohort_name
from regulars.show.findings import count, money, month, name, plural, share
from regulars.show.sentences.pieces import brackets, of_customers, short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = [
    "MONEY_COLUMNS",
    "groups_in_words",
    "groups_title",
    "mean_in_words",
    "mean_retention_title",
    "money_in_words",
    "money_title",
    "retention_title",
    "what_is_drawn",
]

MONEY_COLUMNS = ["group", "age", "customers", "spend", "spend_to_age", "low", "high", "hidden"]
TOO_SMALL = "Too few customers to say"
MANY = {"channel": "channels", "category": "categories", "campaign_id": "campaigns"}


def retention_title(retention: pd.DataFrame, every: str = "month") -> str:
    """Say what the first cohort shown does at the last age seen, for a chart (ten words)."""
    over = retention[retention["complete"].astype(bool)]
    seen = _observed(over).sort_values(["cohort", "age"])
    if seen.empty:
        return _nothing_seen(over, every)
    first = seen[seen["cohort"] == seen["cohort"].min()].iloc[-1]
    named = month(first["cohort"]) if every == "month" else cohort_name(first["cohort"], every)
    return f"{share(first['rate'])} of {named}'s new customers buy in {every} {first['age']:.0f}"


def mean_retention_title(mean: pd.DataFrame, every: str = "month") -> str:
    """Give mean retention at the first age and the last shared one, for a chart (ten words)."""
    seen = _observed(mean)
    if seen.empty:
        return _nothing_seen(mean, every)
    first, last = seen.iloc[0], _last_shared(seen)
    if first["age"] == last["age"]:
        return f"{share(first['rate'])} buy in {every} {first['age']:.0f}"
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


def money_title(spent: pd.DataFrame, currency: str, every: str = "month") -> str:
    """Say what a customer has spent by the last shared age, for a chart (at most ten words)."""
    last = _at_the_end(spent)
    if last.empty:
        return TOO_SMALL
    values, age = last["spend_to_age"], last["age"].iloc[0]
    least, most = money(values.min(), currency), money(values.max(), currency)
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
    told = [
        f"{money(row['spend_to_age'], currency)}{_whose(row['group'])}"
        f"{brackets(row, as_=f'money:{currency}', n=of_customers(row['customers']))}"
        for _, row in last.iterrows()
    ]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    until = f"to the end of {every} {last['age'].iloc[0]}"
    return [f"From the first {every} {until}, a customer of {_of(cohorts)} spends {listed}."]


def _whose(group: str) -> str:
    return "" if group == "all" else f" ({name(group)})"


def _of(cohorts: int) -> str:
    return "the one cohort that old" if cohorts == 1 else f"the {count(cohorts)} cohorts that old"


def _at_the_end(spent: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last age that are shown."""
    last = spent[spent["age"] == spent["age"].max()]
    return last[last["spend_to_age"].notna()]


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


def _last_shared(mean: pd.DataFrame) -> pd.Series:
    """Return the last age that rests on as many cohorts as the first: like with like."""
    return mean[mean["cohorts"] == mean["cohorts"].iloc[0]].iloc[-1]
