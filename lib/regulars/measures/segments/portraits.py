"""Portraits: what may be said of each group of customers, in a few small tables.

Nothing here tells of fewer than ten customers: what would is missing, and marked as hidden.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.segments.differences import differences
from regulars.measures.segments.levels import NO, REST, UNKNOWN, YES, by_level, counts_of_levels
from regulars.measures.suppression import HIDDEN, LEAST, hidden, hidden_with_sums, suppressed
from regulars.measures.surveys.scores import in_groups, tallies
from regulars.measures.surveys.shown import suppressed_scores

__all__ = ["Portraits", "portraits"]

RATES = ("repurchased", "complained")
CHOICES = ("category", "channel", "daypart")
MONEY = ("spend", "margin", "discount", "returned")
SCORES = ["question", "scale_max", "measure", "value", "low", "high", "n", "note"]
PLACES = 6  # sums of many floats have last digits that depend on the order of rows


@dataclass(frozen=True)
class Portraits:
    """What is known of each group; each table has segment, and hidden where something can be.

    Parameters
    ----------
    groups : pandas.DataFrame
        customers, customers_share, spend, spend_share, margin (missing unless that of each customer
        is known), margin_share, orders_mean, value_per_order, days_since_last_median,
        discount_share, return_share.
    rates : pandas.DataFrame
        rate (repurchased, complained), share, low, high (Wilson), n.
    choices : pandas.DataFrame
        need (category, channel, daypart), value (the most frequent in the group),
        share, low, high (Wilson), n, all_share (of all customers).
    scores : pandas.DataFrame
        question, scale_max (the highest answer that can be given), measure, value, low, high, n
        (answers, of each customer the newest), note, as from `surveys.shown.suppressed_scores`.
    differences : pandas.DataFrame
        From `differences.differences`.
    """

    groups: pd.DataFrame
    rates: pd.DataFrame
    choices: pd.DataFrame
    scores: pd.DataFrame
    differences: pd.DataFrame


def portraits(
    profile: ir.Table,
    groups: ir.Table,
    *,
    voices: ir.Table | None = None,
    without: Collection[str] = (),
    order: Sequence[str] = (),
    away: pd.Series | None = None,
    k: int = LEAST,
) -> Portraits:
    """Draw the portraits of groups of customers; only sums leave the engine.

    Parameters
    ----------
    profile : ibis.expr.types.Table
        From `profiles.customer_profile`, with or without attributes.
    groups : ibis.expr.types.Table
        customer_id, segment; one row per customer.
    voices : ibis.expr.types.Table, optional
        What customers said in the period, from `surveys.answers.newest_answers`.
    without : collection of str
        Measures that made the groups, and so do not tell what else distinguishes them.
    order : sequence of str
        How the groups stand; groups not named follow in alphabetical order.
    away : Series of bool, optional
        By group, whether its size is hidden; unless given, `suppression.hidden` of the sizes.
    k : int
        The smallest count that is shown.

    Returns
    -------
    Portraits

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.segments.profiles import customer_profile
    >>> ids = [f"c{number}" for number in range(40)]
    >>> purchases = purchases_of([(name, "1997-01-05", 10 + i) for i, name in enumerate(ids)])
    >>> halves = table_of(pd.DataFrame({"customer_id": ids, "segment": ["a"] * 15 + ["b"] * 25}))
    >>> found = portraits(customer_profile(purchases, as_of="1997-12-31"), halves)
    >>> found.groups[["segment", "customers", "value_per_order", "days_since_last_median"]]
      segment  customers  value_per_order  days_since_last_median
    0       a         15             17.0                   360.0
    1       b         25             37.0                   360.0
    """
    joined = profile.join(groups.select("customer_id", "segment"), "customer_id")
    sums = fetch(_sums(joined)).set_index("segment")
    known = [name for name in order if name in sums.index]
    sums = sums.loc[[*dict.fromkeys(known), *sorted({*sums.index} - {*known})]]
    away = hidden(sums.customers, k=k) if away is None else away
    away = away.reindex(sums.index, fill_value=False)
    told = [name for name in (*RATES, *CHOICES) if name in profile.columns]
    tables = {name: by_level(n, sums.index) for name, n in counts_of_levels(joined, told)}
    rates = [_rate(name, tables[name], away=away, k=k) for name in RATES if name in tables]
    choices = [_choice(name, tables[name], away=away, k=k) for name in CHOICES if name in tables]
    return Portraits(
        groups=_sizes(sums, away),
        rates=_together(rates, ["rate", "share", "low", "high", "n"]),
        choices=_together(choices, ["need", "value", "share", "low", "high", "n", "all_share"]),
        scores=_scores(voices, groups, away=away),
        differences=differences(profile, groups, without=without, away=away, k=k),
    )


def _sums(joined: ir.Table) -> ir.Table:
    sums = {name: joined[name].sum().cast("float64") for name in MONEY}
    full = (joined.spend + joined.discount).sum().cast("float64")
    return joined.group_by("segment").agg(
        customers=joined.count(),
        orders=joined.orders.sum().cast("int64"),
        with_margin=joined.margin.count(),
        with_discount=joined.discount.count(),
        days_since_last_median=joined.days_since_last.median().cast("float64"),
        full=full,
        **sums,
    )


def _sizes(sums: pd.DataFrame, away: pd.Series) -> pd.DataFrame:
    margin = sums.margin.where(sums.with_margin == sums.customers)
    discount = sums.discount.where(sums.with_discount == sums.customers)
    bought = sums.spend + sums.returned
    found = pd.DataFrame(
        {
            "customers": sums.customers,
            "customers_share": sums.customers / sums.customers.sum(),
            "spend": sums.spend,
            "spend_share": _part(sums.spend),
            "margin": margin,
            "margin_share": _part(margin),
            "orders_mean": sums.orders / sums.customers,
            "value_per_order": sums.spend / sums.orders.where(sums.orders > 0),
            "days_since_last_median": sums.days_since_last_median,
            "discount_share": discount / sums.full.where(sums.full > 0),
            "return_share": sums.returned / bought.where(bought > 0),
        }
    )
    found = found.rename_axis("segment").reset_index()
    others = [name for name in found if name not in ("segment", "customers")]
    return suppressed(found, others=others, mask=away.reset_index(drop=True))


def _part(money: pd.Series) -> pd.Series:
    total = money.sum(skipna=False)
    return money / total if total > 0 else money * float("nan")


def _rate(name: str, table: pd.DataFrame, *, away: pd.Series, k: int) -> pd.DataFrame:
    """Estimate the share of each group who said or did yes."""
    secret, _, _ = hidden_with_sums(table, k=k, rows=away)
    none = pd.Series(0, index=table.index)
    yes, no = table.get(YES, none), table.get(NO, none)
    nothing = pd.Series(data=False, index=table.index)
    few = secret.get(YES, nothing) | secret.get(NO, nothing) | away
    return _shares(yes, yes + no, few).assign(rate=name)


def _choice(name: str, table: pd.DataFrame, *, away: pd.Series, k: int) -> pd.DataFrame:
    """Find the most frequent value of each group; of equals the one more frequent in all."""
    secret, _, _ = hidden_with_sums(table, k=k, rows=away)
    known = table.drop(columns=UNKNOWN, errors="ignore")
    named = known.drop(columns=REST, errors="ignore")
    if named.empty:
        return pd.DataFrame()
    value = named.idxmax(axis=1)
    having = named.max(axis=1)
    few = pd.Series([secret.loc[one, level] for one, level in value.items()], value.index) | away
    if UNKNOWN in table:  # the group's size would tell of how many it is not known
        few = few | secret[UNKNOWN]
    found = _shares(having, known.sum(axis=1), few).assign(need=name)
    all_share = value.map(known.sum() / known.to_numpy().sum())
    return found.assign(value=value.mask(few), all_share=all_share.mask(few))


def _shares(having: pd.Series, n: pd.Series, few: pd.Series) -> pd.DataFrame:
    n = n.where(n > 0)
    low, high = wilson_bounds(having.where(n.notna(), 0), n.fillna(1))
    found = pd.DataFrame({"share": having / n, "low": low, "high": high}, having.index)
    found = found.where(n.notna()).assign(n=n.astype("Int64")).mask(few)
    return found.assign(**{HIDDEN: few})


def _scores(voices: ir.Table | None, groups: ir.Table, *, away: pd.Series) -> pd.DataFrame:
    """Estimate the scores of each group, as they are estimated wherever scores are shown."""
    if voices is None:
        return _together([], SCORES)
    known = groups.select("customer_id", "segment")
    counted = tallies(in_groups(voices, known, "segment"), by="segment")
    found = suppressed_scores(counted.assign(scale_max=counted.highest), "segment")
    found = found[found.segment.isin(away.index)].set_index("segment")
    found = found.iloc[np.argsort(away.index.get_indexer(found.index), kind="stable")]
    gone = found[HIDDEN] | away.reindex(found.index).to_numpy(bool)
    numbers = ["n", "value", "low", "high"]
    found[numbers] = found[numbers].mask(gone)
    return _together([found.assign(note=found.note.mask(gone, ""), **{HIDDEN: gone})], SCORES)


def _together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=["segment", *columns, HIDDEN])
    found = pd.concat([part.rename_axis("segment").reset_index() for part in parts])
    return found[["segment", *columns, HIDDEN]].round(PLACES).reset_index(drop=True)
