"""Differences: what tells the customers of a group from all others, on one scale for everything."""

from collections.abc import Collection, Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import fetch
from regulars.measures.intervals import normal_quantile
from regulars.measures.segments.chance import holm
from regulars.measures.segments.levels import NO, REST, UNKNOWN, YES, by_level, counts_of_levels
from regulars.measures.suppression import LEAST, hidden, hidden_with_sums

__all__ = ["differences", "most_distinct"]

AS_THEY_ARE = {"birth_year", "discount_share", "margin_rate", "price_ratio", "return_share"}
AS_THEY_ARE |= {"weekend_share"}
"""Measures that are not compared as logarithms."""

NOT_COMPARED = {"category_share", "channel_share", "customer_id", "segment"}
NOT_COMPARED |= {"discount", "margin", "purchase_days", "returned"}
NOT_COMPARED |= {"category", "channel", "daypart", "price_level"}
"""What is no measure; sums that say again what spend or a share says; and what most orders of a
customer have in common, or which third their mean falls in: the more orders there are, the clearer
the first and the nearer to the middle the second, whatever the taste."""

PLACES = 6  # sums of many floats have last digits that depend on the order of rows

COLUMNS = ["segment", "measure", "level", "d", "low", "high", "p", "p_holm", "distinct"]
COLUMNS += ["mean", "rest_mean", "n", "rest_n"]
SUMS = ["segment", "measure", "level", "logged", "n", "mean", "var"]
SUMS += ["rest_n", "rest_mean", "rest_var"]
_NOTHING = pd.DataFrame(columns=SUMS)


def differences(
    profile: ir.Table,
    groups: ir.Table,
    *,
    without: Collection[str] = (),
    away: pd.Series | None = None,
    level: float = 0.95,
    k: int = LEAST,
) -> pd.DataFrame:
    """Compare every group with the rest of the customers, measure by measure.

    Counts, days and money are compared as logarithms (sign(x) · log(1 + |x|)), so that a few large
    customers do not decide; shares as they are; yes or no, and each of the twelve most frequent
    values of a text, as the share of customers who have it.

    Parameters
    ----------
    profile : ibis.expr.types.Table
        customer_id and columns of numbers, text, yes and no; as from `profiles.customer_profile`.
    groups : ibis.expr.types.Table
        customer_id, segment; one row per customer.
    without : collection of str
        Columns left out, such as those by which the groups were made.
    away : Series of bool, optional
        By group, whether its size is hidden: it is not compared then. Unless given,
        `suppression.hidden` of the sizes.
    level : float
        Of the intervals, and of all tests together.
    k : int
        A comparison needs so many customers on either side. Shares that would give away fewer
        customers are left out.

    Returns
    -------
    pandas.DataFrame
        One row per comparison: segment, measure, level (the value of a text, else empty), d (the
        difference in standard deviations), low, high, p, p_holm (over all comparisons), distinct
        (p_holm at most 1 − level), mean and rest_mean (of what was compared, taken back from
        logarithms; for yes or no and text, shares), n, rest_n (customers of whom it is known; not
        for pages, as the difference to the group's size may be a few customers). Where nobody
        differs from anybody there is no row.

    Notes
    -----
    Cohen (1988), Statistical Power Analysis, equation 2.3.2: the difference of means by the root
    of the mean of both variances; its interval from Bonett (2008), Psychological Methods 13,
    99-109, which does not need equal variances; tests of Welch (1947), Biometrika 34, 28-35. For
    shares the variances are those of (x + 1) of (n + 2) (Agresti & Caffo 2000, The American
    Statistician 54, 280-288).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> ids = [f"c{number}" for number in range(40)]
    >>> profile = table_of(pd.DataFrame({"customer_id": ids, "orders": [9, 8] * 10 + [1, 2] * 10}))
    >>> groups = table_of(pd.DataFrame({"customer_id": ids, "segment": ["a"] * 20 + ["b"] * 20}))
    >>> found = differences(profile, groups)
    >>> found[["segment", "measure", "distinct", "mean", "rest_mean"]].round(1)
      segment measure  distinct  mean  rest_mean
    0       a  orders      True   8.5        1.4
    1       b  orders      True   1.4        8.5
    """
    joined = profile.join(groups.select("customer_id", "segment"), "customer_id")
    kinds = {name: profile[name].type() for name in profile.columns}
    kinds = {name: kinds[name] for name in kinds if name not in NOT_COMPARED | {*without}}
    numbers = [name for name, kind in kinds.items() if kind.is_numeric()]
    wide = _sums_of_numbers(joined, numbers)
    sizes = wide.set_index("segment").customers
    away = hidden(sizes, k=k) if away is None else away.reindex(sizes.index, fill_value=False)
    parts = [_with_rest(wide, name) for name in numbers]
    texts = [name for name, kind in kinds.items() if kind.is_string() or kind.is_boolean()]
    for name, counts in counts_of_levels(joined, texts):
        parts.append(_shares(name, by_level(counts, sizes.index), away=away, k=k))
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    sums = pd.concat(parts, ignore_index=True)
    enough = (sums.n >= k) & (sums.rest_n >= k) & ~sums.segment.map(away).astype(bool)
    return _compared(sums[enough], level=level)


def most_distinct(found: pd.DataFrame, *, most: int = 5, order: Sequence[str] = ()) -> pd.DataFrame:
    """Keep for each group the differences that stand furthest from none, whatever chance did.

    Ordered is by the end of the interval that lies nearer to zero, so that a large difference of
    few customers does not come first.

    Parameters
    ----------
    found : pandas.DataFrame
        From `differences`.
    most : int
        How many at most for each group.
    order : sequence of str
        How the groups stand; groups not named follow in alphabetical order.

    Returns
    -------
    pandas.DataFrame
        The distinct rows, by segment, the clearest first.

    Examples
    --------
    >>> found = pd.DataFrame({"segment": ["a", "a"], "measure": ["spend", "orders"], "d": [2, -1.5],
    ...                       "low": [.1, -1.9], "high": [3.9, -1.1], "distinct": True})
    >>> most_distinct(found).measure.tolist()
    ['orders', 'spend']
    """
    nearer = np.minimum(found.low.abs(), found.high.abs())
    ordered = found.assign(nearer=nearer.where(np.sign(found.low) == np.sign(found.high), 0))
    names = dict.fromkeys([*order, *sorted(found.segment.unique())])
    places = {name: place for place, name in enumerate(names)}
    ordered = ordered.assign(place=ordered.segment.map(places))[ordered.distinct].sort_values(
        ["place", "nearer"], ascending=[True, False], kind="stable"
    )
    kept = ordered.groupby("segment").head(most)
    return kept.drop(columns=["nearer", "place"]).reset_index(drop=True)


def _sums_of_numbers(joined: ir.Table, names: list[str]) -> pd.DataFrame:
    """Sum up the numbers of each group in one pass."""
    sums = {"customers": joined.count()}
    for name in names:
        value = joined[name].cast("float64")
        scaled = value if name in AS_THEY_ARE else value.sign() * (value.abs() + 1).ln()
        sums |= {f"n {name}": value.count(), f"mean {name}": scaled.mean()}
        sums |= {f"var {name}": scaled.var(how="sample")}
    return fetch(joined.group_by("segment").agg(**sums).order_by("segment"))


def _with_rest(wide: pd.DataFrame, name: str) -> pd.DataFrame:
    n = wide[f"n {name}"].astype(float)
    mean, var = (wide[f"{part} {name}"].astype(float).fillna(0) for part in ("mean", "var"))
    rest_n, total = n.sum() - n, n * mean
    rest_mean = (total.sum() - total) / rest_n.where(rest_n > 0)
    squares = (n - 1).clip(lower=0) * var + n * mean**2
    spread = (squares.sum() - squares - rest_n * rest_mean**2).clip(lower=0)
    found = pd.DataFrame({"segment": wide.segment, "measure": name, "level": ""})
    return found.assign(
        n=n, mean=mean, var=var, logged=name not in AS_THEY_ARE,
        rest_n=rest_n, rest_mean=rest_mean, rest_var=spread / (rest_n - 1).where(rest_n > 1),
    )  # fmt: skip


def _shares(name: str, table: pd.DataFrame, *, away: pd.Series, k: int) -> pd.DataFrame:
    """Compare the shares who have each value, but for those that would give few customers away."""
    secret, _, _ = hidden_with_sums(table, k=k, rows=away)
    known = table.drop(columns=UNKNOWN, errors="ignore")
    n, rest_n = known.sum(axis=1), known.to_numpy().sum() - known.sum(axis=1)
    parts = []
    for value in _compared_values(known):
        having, rest = known[value], known[value].sum() - known[value]
        share, rest_share = (having + 1) / (n + 2), (rest + 1) / (rest_n + 2)
        found = pd.DataFrame({"segment": table.index, "measure": name}, table.index)
        found = found.assign(
            level="" if value == YES else value, logged=False,
            n=n, mean=having / n.where(n > 0), var=share * (1 - share),
            rest_n=rest_n, rest_mean=rest / rest_n.where(rest_n > 0),
            rest_var=rest_share * (1 - rest_share),
        )  # fmt: skip
        parts.append(found[~secret[value] & ~secret.get(NO, secret[value])])
    return pd.concat(parts or [_NOTHING])


def _compared_values(known: pd.DataFrame) -> list[str]:
    """Return the values that some have and some have not; of yes and no, the yes."""
    some = [value for value in known if 0 < known[value].sum() < known.to_numpy().sum()]
    return [value for value in some if value not in (NO, REST)]


def _compared(sums: pd.DataFrame, *, level: float) -> pd.DataFrame:
    sums = sums[sums["var"] + sums.rest_var > 0]
    own, rest = sums["var"], sums.rest_var
    usual, df, rest_df = np.sqrt((own + rest) / 2), sums.n - 1, sums.rest_n - 1
    d = (sums["mean"] - sums.rest_mean) / usual
    of_scale = d**2 * (own**2 / df + rest**2 / rest_df) / (8 * usual**4)
    one, other = own / df / usual**2, rest / rest_df / usual**2
    reach = normal_quantile(level) * np.sqrt(of_scale + one + other)
    freedom = (one + other) ** 2 / (one**2 / df + other**2 / rest_df)
    p = 2 * stats.t.sf(np.abs(d) / np.sqrt(one + other), freedom)
    p_holm = holm(p)
    found = sums.assign(d=d, low=d - reach, high=d + reach, p=p, p_holm=p_holm)
    found = found.assign(distinct=p_holm <= 1 - level)
    logged = found["logged"].astype(bool)
    for name in ("mean", "rest_mean"):
        found.loc[logged, name] = _back(found.loc[logged, name])
    found = found[COLUMNS].astype({"n": "int64", "rest_n": "int64"}).round(PLACES)
    return found.sort_values(["segment", "measure", "level"], ignore_index=True)


def _back(logs: pd.Series) -> pd.Series:
    return np.sign(logs) * np.expm1(np.abs(logs))
