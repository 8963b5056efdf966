"""Sentences on drivers: what goes with recommending us, and how certain its order is (05_loyalty).

They speak of what goes together. Nothing in answers to a survey tells what would come of a change.
"""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from regulars.show.findings import count, interval, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets, short_name
from regulars.show.sentences.wording import inside, noticed
from regulars.show.text import one_line
from regulars.small_groups import LEAST

__all__ = ["drivers", "drivers_title", "pairs_table", "shares_table", "suppressors", "who_counts"]

ALIKE = 5.0
"""A variance inflation factor from which drivers are called too alike to tell apart."""

LEVEL = 0.05
MOST_ALIKE = 1000

_OUTCOMES = {
    "nps": "NPS answers",
    "csat": "CSAT answers",
    "ces": "CES answers",
}


class HasInterval(Protocol):
    """A value with its interval and its n."""

    value: float
    low: float | None
    high: float | None
    n: int


class HasDrivers(Protocol):
    """What is known of drivers, such as ``measures.drivers.importance.Drivers``."""

    shares: pd.DataFrame
    pairs: pd.DataFrame
    r2: HasInterval | None
    p: float | None
    outcome: str | None
    n: int
    customers: int
    left_out: Sequence[str]
    equal: Sequence[str]
    withheld: str | None


def drivers_title(found: HasDrivers) -> str:
    """Say which driver leads, or that none does for certain, for a chart (at most ten words)."""
    if found.withheld:
        return "What goes with recommending us?"
    if not found.p < LEVEL:
        return "None of the drivers goes along beyond chance"
    first, *others = (short_name(name, 2) for name in _leading(found))
    if not others:
        return f"{first} goes along most, for certain"
    if len(others) == 1:
        return f"{first} and {inside(others[0])} lead; their order is open"
    return "No driver leads for certain"


def drivers(found: HasDrivers) -> list[str]:
    """Say how much the drivers explain together, which leads, and whether that is certain."""
    if found.withheld:
        return [found.withheld]
    told = _OUTCOMES[found.outcome]
    ends = brackets(found.r2, n=plural(found.n, "customer"))
    one = len(found.shares) == 1
    what = "The driver goes" if one else f"The {count(len(found.shares))} drivers together go"
    explained = f"{what} with {share(found.r2.value)} of the differences in {told}{ends}."
    if not found.p < LEVEL:
        return [explained, "So much could be chance, and so no driver is named."]
    return [explained, *([] if one else [_lead(found), _certain(found)]), *suppressors(found)]


def who_counts(found: HasDrivers) -> list[str]:
    """Say which answers could not be used."""
    lines = []
    lost = found.customers - found.n
    if lost > 0:
        # A total beside it would tell how few they are.
        who = (
            f"Fewer than {LEAST} customers"
            if lost < LEAST
            else f"{count(lost)} of {plural(found.customers, 'customer')}"
        )
        lines.append(f"{who} never answered all of it in one survey, and do not count here.")
    if found.left_out:
        lines.append(f"Left out, as it was asked too seldom: {_listed(found.left_out)}.")
    if found.equal:
        lines.append(f"Left out, as everybody answers the same: {_listed(found.equal)}.")
    return lines


def suppressors(found: HasDrivers) -> list[str]:
    """Name the drivers that beside the others go the other way."""
    rows = found.shares
    turned = rows[(rows["coefficient_high"] < 0) & (rows["correlation"] > 0)]
    against = rows[(rows["coefficient_high"] < 0) & (rows["correlation"] <= 0)]
    lines = []
    if len(turned):
        lines.append(
            f"Alone {_listed(turned['driver'])} goes up with the outcome, beside the others it "
            "goes down, so its share does not say that more of it is liked."
        )
    if len(against):
        lines.append(
            f"The better {_listed(against['driver'])} is judged, the lower is the outcome, so its "
            "share does not say that more of it is liked."
        )
    return lines


def shares_table(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of drivers as a table for readers.

    Examples
    --------
    >>> shares = pd.DataFrame({"driver": ["price"], "share": [.1], "low": [.05], "high": [.15],
    ...                        "mean_answer": [3.6], "vif": [float("inf")]})
    >>> shares_table(shares).columns.tolist()
    ['driver', 'share', 'low', 'high', 'mean_answer', 'variance_inflation']
    """
    table = shares[["driver", "share", "low", "high", "mean_answer"]].copy()
    table["driver"] = [_named(name) for name in table["driver"]]
    # Without a bound: others determine the driver.
    return table.assign(variance_inflation=shares["vif"].where(shares["vif"] < MOST_ALIKE))


def pairs_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of drivers as a table for readers, differences in percentage points.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["quality"], "second": ["price"], "difference": [.1],
    ...                       "low": [.05], "high": [.15], "p_holm": [.01], "decided": [True],
    ...                       "detectable": [.07]})
    >>> pairs_table(pairs)[["points_ahead", "order_of_shares"]].values.tolist()
    [[10.0, 'certain']]
    """
    table = pairs[["first", "second"]].map(_named)
    for name in ("difference", "low", "high", "detectable"):
        table["points_ahead" if name == "difference" else name] = 100 * pairs[name].astype(float)
    return table.assign(order_of_shares=["certain" if one else "open" for one in pairs["decided"]])


def _leading(found: HasDrivers) -> list[str]:
    """Return the driver with the largest share, and those whose order to it is open."""
    first = found.shares["driver"].iloc[0]
    among = found.pairs[(found.pairs["first"] == first) | (found.pairs["second"] == first)]
    undecided = among[~among["decided"].astype(bool)]
    open_to = {*undecided["first"], *undecided["second"]} - {first}
    names = [first, *[name for name in found.shares["driver"] if name in open_to]]
    return [_named(name) for name in names]


def _lead(found: HasDrivers) -> str:
    first, *others = _leading(found)
    row = found.shares.iloc[0]
    said = f"{first} has the largest share, {share(row['share'])} ({interval(row)})"
    if not others:
        return f"{said}, and it leads each other driver by more than chance."
    behind = _listed(others)
    if row["vif"] >= ALIKE:
        return (
            f"{said}, but whether it is ahead of {behind} cannot be said: customers judge them "
            f"too much alike (variance inflation {_factor(row['vif'])})."
        )
    return f"{said}, but these answers cannot tell it from {behind}."


def _certain(found: HasDrivers) -> str:
    decided, pairs = int(found.pairs["decided"].sum()), len(found.pairs)
    least = number(100 * found.pairs["detectable"].astype(float).max(), 1)
    power = noticed(f"{least} percentage points")
    if pairs == 1:
        return f"The order of the two is {'certain' if decided else 'open'}; {power}."
    certain = "none has" if not decided else "all have" if decided == pairs else None
    certain = certain or f"{count(decided)} {'has' if decided == 1 else 'have'}"
    return f"Of {count(pairs)} pairs, {certain} an order that is certain; {power}."


def _named(name: str) -> str:
    return reader_name(one_line(name, width=60))


def _factor(vif: float) -> str:
    return number(vif, 1) if vif < MOST_ALIKE else f"beyond {count(MOST_ALIKE)}"


def _listed(names: Sequence[str]) -> str:
    words = [inside(_named(name)) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
