"""Spending: what customers spent before and after they answered, by what they said."""

from collections.abc import Callable, Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.bootstrap import bootstrap, random_groups
from regulars.measures.deeds.claims import COMPARED
from regulars.measures.engine import fetch
from regulars.measures.suppression import LEAST

__all__ = ["spending_around", "spending_compared"]

NUMBERS = ("before", "after", "change")


def spending_around(after: ir.Table, *, seed: int = 1, replicates: int = 1000) -> pd.DataFrame:
    """Estimate what a customer of each band spent before the answer, and after it.

    Only customers whose whole window before the answer is known count: those who had bought by its
    beginning. Bands of fewer than 10 of them are left out.

    Parameters
    ----------
    after : ibis.expr.types.Table
        From `after.after_answers`: customer_id, question, band, whole, spend_before, spend_after.
    seed, replicates : int
        Of the bootstrap over customers.

    Returns
    -------
    pandas.DataFrame
        One row per question and band, in the order of their names: question, band, customers,
        before, after, change (money a customer), and for each the ends of the 95 % interval, such
        as change_low and change_high.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> after = pd.DataFrame({"customer_id": [f"c{place}" for place in range(20)], "whole": True,
    ...                       "question": "csat", "band": ["top", "rest"] * 10,
    ...                       "spend_before": 30.0, "spend_after": [40.0, 20.0] * 10})
    >>> spending_around(table_of(after))[["band", "customers", "before", "after", "change"]]
       band  customers  before  after  change
    0  rest         10    30.0   20.0   -10.0
    1   top         10    30.0   40.0    10.0
    """
    rows = []
    for question, bands in _bands(after).items():
        groups = _sums(after, question, bands)
        found = bootstrap(groups, _levels(bands), seed=seed, replicates=replicates)
        for band in bands:
            row = {"question": question, "band": band, "customers": int(groups[f"{band}_n"].sum())}
            rows.append({**row, **_flat(found, band)})
    ends = [f"{name}{end}" for name in NUMBERS for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["question", "band", "customers", *ends])


def spending_compared(
    after: ir.Table,
    *,
    compared: Sequence[tuple[str, str, str]] = COMPARED,
    seed: int = 1,
    replicates: int = 1000,
) -> pd.DataFrame:
    """Estimate by how much more the spending of one band changed than that of another.

    Parameters
    ----------
    after, seed, replicates
        As in `spending_around`.
    compared : sequence of tuple
        Question, band, other band. Bands of fewer than 10 customers are not compared.

    Returns
    -------
    pandas.DataFrame
        One row per pair: question, band, other, n, other_n (customers), difference (of their
        changes: money a customer), low, high (95 %), claimed (the intervals of all pairs together
        leave zero out).

    Notes
    -----
    Difference in differences: what both bands have in common, such as a season, falls out. The
    intervals that decide are wider, of 1 − .05 / pairs (Bonferroni), as several are looked at.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> spent = [5.0, 9.0, 7.0, 4.0] * 10
    >>> after = pd.DataFrame({"customer_id": [f"c{place}" for place in range(40)], "whole": True,
    ...                       "question": "csat", "band": ["top", "rest"] * 20,
    ...                       "spend_before": 6.0, "spend_after": spent})
    >>> spending_compared(table_of(after))[["n", "difference", "claimed"]]
        n  difference  claimed
    0  20        -0.5    False
    """
    bands = _bands(after)
    pairs = [one for one in compared if {*one[1:]} <= {*bands.get(one[0], ())}]
    level = 1 - 0.05 / max(len(pairs), 1)
    rows = []
    for question, band, other in pairs:
        groups = _sums(after, question, [band, other])
        options = {"seed": seed, "replicates": replicates}
        wide = bootstrap(groups, _apart(band, other), level=level, **options).loc["difference"]
        found = bootstrap(groups, _apart(band, other), **options).loc["difference"]
        n, other_n = (int(groups[f"{name}_n"].sum()) for name in (band, other))
        names = {"question": question, "band": band, "other": other, "n": n, "other_n": other_n}
        ends = {"difference": found.value, "low": found.low, "high": found.high}
        rows.append({**names, **ends, "claimed": bool(wide.low > 0 or wide.high < 0)})
    columns = ["question", "band", "other", "n", "other_n", "difference", "low", "high", "claimed"]
    return pd.DataFrame(rows, columns=columns)


def _bands(after: ir.Table) -> dict[str, list[str]]:
    """Return the bands with enough customers, by question."""
    known = after.filter(after.whole)
    sizes = fetch(known.group_by(["question", "band"]).agg(customers=known.count()))
    sizes = sizes[sizes.customers >= LEAST].sort_values(["question", "band"])
    return {question: list(rows.band) for question, rows in sizes.groupby("question")}


def _sums(after: ir.Table, question: str, bands: Sequence[str]) -> pd.DataFrame:
    known = after.filter(after.whole, after.question == question)
    sums = {}
    for band in bands:
        of = known.band == band
        sums[f"{band}_n"] = of.sum()
        sums[f"{band}_before"] = known.spend_before.sum(where=of)
        sums[f"{band}_after"] = known.spend_after.sum(where=of)
    return random_groups(known, sums)


def _means(sums: pd.DataFrame, band: str) -> tuple[pd.Series, pd.Series]:
    n = sums[f"{band}_n"].replace(0, np.nan)
    return sums[f"{band}_before"] / n, sums[f"{band}_after"] / n


def _levels(bands: Sequence[str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def levels(sums: pd.DataFrame) -> pd.DataFrame:
        means = {band: _means(sums, band) for band in bands}
        numbers = {
            f"{band}_{name}": value
            for band, (before, after) in means.items()
            for name, value in zip(NUMBERS, (before, after, after - before), strict=True)
        }
        return pd.DataFrame(numbers)

    return levels


def _apart(band: str, other: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def apart(sums: pd.DataFrame) -> pd.DataFrame:
        (before, after), (other_before, other_after) = _means(sums, band), _means(sums, other)
        return pd.DataFrame({"difference": (after - before) - (other_after - other_before)})

    return apart


def _flat(found: pd.DataFrame, band: str) -> dict[str, float]:
    """Lay out the estimates of a band in one row."""
    flat = {}
    for name in NUMBERS:
        value, low, high = found.loc[f"{band}_{name}", ["value", "low", "high"]]
        flat |= {name: float(value), f"{name}_low": float(low), f"{name}_high": float(high)}
    return flat
