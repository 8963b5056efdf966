"""Tiers: customers by what they bring, as classes A, B and C and as a pyramid."""

from decimal import ROUND_CEILING, Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.money import MONEY
from regulars.parameters.segments import Tiers

__all__ = [
    "ABC",
    "PYRAMID",
    "SHARES",
    "places_within",
    "tier_summary",
    "value_by",
    "value_tiers",
    "with_share",
]


ABC = ("A", "B", "C")
PYRAMID = ("top", "second", "third", "rest")
WIDE = "decimal(38, 4)"
SHARES = {
    "spend": "spend_share",
    "margin": "share_of_margin",
    "predicted_spend": "predicted_share",
}


def value_by(customers: ir.Table) -> str:
    """Say by what to value customers: margin where that of each is known, else spend.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        As `value_tiers` takes them.

    Returns
    -------
    str
        ``margin`` or ``spend``.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> value_by(table_of(pd.DataFrame({"margin": [3.0, None], "spend": [9, 5]})))
    'spend'
    """
    if "margin" not in customers.columns:
        return "spend"
    known = fetch(customers.agg(n=customers.count(), known=customers.margin.count())).iloc[0]
    return "margin" if known["known"] == known["n"] else "spend"


def value_tiers(customers: ir.Table, tiers: Tiers, *, by: str = "spend") -> ir.Table:
    """Give every customer a class A, B or C, and a place in the pyramid.

    A customer is in class A if those who bring more bring less than `a_until` of all value
    together; so whoever's value first reaches that share is still in it. B is the same with
    `b_until`, C the rest. The top of the pyramid is who has fewer than its share of the customers
    above; the tiers below it likewise, with the shares added up. Customers of equal value stand
    together, and go where the first of them goes. Who brings nothing, or less, is in C and in the
    rest, and is not counted in "all value".

    Parameters
    ----------
    customers : ibis.expr.types.Table
        One row per customer: customer_id and the column `by` (money, not missing).
    tiers : Tiers
        Where the tiers end.
    by : str
        The value; see `value_by`.

    Returns
    -------
    ibis.expr.types.Table
        `customers` with abc (A, B, C) and pyramid (top, second, third, rest) added.

    Notes
    -----
    Zeithaml, Rust & Lemon (2001), California Management Review 43(4), 118-142, for the pyramid.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": list("abcd"), "spend": [70, 20, 9, 1]}))
    >>> tiered = fetch(value_tiers(customers, Tiers()).order_by("customer_id"))
    >>> tiered.abc.tolist(), tiered.pyramid.tolist()
    (['A', 'A', 'B', 'C'], ['top', 'rest', 'rest', 'rest'])
    """
    value = customers[by].cast(MONEY)
    positive = value.sum(where=value > 0)
    n, total = fetch(customers.agg(n=customers.count(), total=positive)).iloc[0]
    ordered = customers.mutate(_value=value)
    ordered = ordered.mutate(_money=_money_above(ordered), _place=_customers_above())
    classes = zip(ABC, _money_bounds(tiers, total), strict=False)
    levels = zip(PYRAMID, _place_bounds(tiers, int(n)), strict=False)
    return ordered.mutate(
        abc=_first(ordered, ordered._money.cast(WIDE), classes, other=ABC[-1]),
        pyramid=_first(ordered, ordered._place, levels, other=PYRAMID[-1]),
    ).drop("_value", "_money", "_place")


def tier_summary(tiered: ir.Table, tiers: Tiers, *, tier: str = "abc") -> pd.DataFrame:
    """Say how large each tier is and what it brings.

    Parameters
    ----------
    tiered : ibis.expr.types.Table
        From `value_tiers`; spend, and where known margin and predicted_spend (money).
    tiers : Tiers
        Where the tiers end.
    tier : {"abc", "pyramid"}
        Which tiers.

    Returns
    -------
    pandas.DataFrame
        One row per tier from the top, empty ones too: tier, label (for readers), customers,
        customers_share; and spend, spend_share, margin, share_of_margin, predicted_spend,
        predicted_share (of all customers; missing where it is not known of each, a share also
        where the sum of all is not above zero).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": list("abcd"), "spend": [70, 20, 9, 1]}))
    >>> found = tier_summary(value_tiers(customers, Tiers()), Tiers())
    >>> found[["tier", "customers", "spend_share", "share_of_margin"]]
      tier  customers  spend_share  share_of_margin
    0    A          2         0.90              NaN
    1    B          1         0.09              NaN
    2    C          1         0.01              NaN
    """
    names = ABC if tier == "abc" else PYRAMID
    money = [name for name in SHARES if name in tiered.columns]
    groups = tiered.group_by(tier=tier).agg(
        customers=tiered.count(),
        **{name: tiered[name].sum().cast("float64") for name in money},
        **{f"known_{name}": tiered[name].count() for name in money},
    )
    found = fetch(groups).set_index("tier").reindex(pd.Index(names, name="tier")).fillna(0)
    customers = found.customers.astype("int64")
    table = pd.DataFrame({"label": _labels(tiers, tier), "customers": customers})
    table["customers_share"] = customers / customers.sum()
    for name in SHARES:
        is_known = name in money and found[f"known_{name}"].sum() == customers.sum()
        table = with_share(table, name, found[name] if is_known else None)
    return table.reset_index()


def with_share(table: pd.DataFrame, name: str, money: pd.Series | None) -> pd.DataFrame:
    """Add money by group and each group's share of all of it.

    Parameters
    ----------
    table : pandas.DataFrame
        A row per group.
    name : {"spend", "margin", "predicted_spend"}
        What the money is.
    money : pandas.Series or None
        By group; None: it is not known.

    Returns
    -------
    pandas.DataFrame
        `table` with `name` and, by it, spend_share, share_of_margin or predicted_share (missing
        where the money is not known; the share also where all of it is not above zero).

    Examples
    --------
    >>> with_share(pd.DataFrame(index=[0, 1]), "spend", pd.Series([3.0, 1.0]))
       spend  spend_share
    0    3.0         0.75
    1    1.0         0.25
    """
    money = pd.Series(float("nan"), index=table.index) if money is None else money
    total = money.sum()
    share = money / (total if total > 0 else float("nan"))
    return table.assign(**{name: money, SHARES[name]: share})


def places_within(share: float, n: int) -> int:
    """Return how many places are within the top share of n: those with less than it above them.

    Examples
    --------
    >>> places_within(.01, 200), places_within(.01, 5), places_within(.2, 15)
    (2, 1, 3)
    """
    # By way of text: in floating point .2 x 15 may come out a little above 3.
    return int((Decimal(str(share)) * n).to_integral_value(ROUND_CEILING))


def _money_above(ordered: ir.Table) -> ir.DecimalValue:
    """Sum the value of the customers who bring more; equal ones do not count."""
    so_far = ibis.range_window(following=0, order_by=ibis.desc("_value"))
    equals = ibis.window(group_by="_value")
    return ordered._value.sum().over(so_far) - ordered._value.sum().over(equals)


def _customers_above() -> ir.IntegerValue:
    return ibis.rank().over(ibis.window(order_by=ibis.desc("_value")))


def _money_bounds(tiers: Tiers, total: Decimal | None) -> list[ir.DecimalScalar]:
    """Return the money below which those above have to stay; rounded up, as money has 4 places."""
    bounds = [Decimal(str(share)) * (total or 0) for share in (tiers.a_until, tiers.b_until)]
    return [ibis.literal(one.quantize(Decimal("1e-4"), ROUND_CEILING), WIDE) for one in bounds]


def _place_bounds(tiers: Tiers, n: int) -> list[int]:
    parts = [Decimal(str(share)) for share in tiers.pyramid]
    return [places_within(sum(parts[: k + 1]), n) for k in range(len(parts))]


def _first(table: ir.Table, above: ir.NumericValue, bounds: object, *, other: str) -> ir.Value:
    brings = table._value > 0
    return ibis.cases(*((brings & (above < bound), name) for name, bound in bounds), else_=other)


def _labels(tiers: Tiers, tier: str) -> list[str]:
    if tier == "abc":
        return list(ABC)
    steps = [f"{100 * share:g}\u00a0%" for share in tiers.pyramid]
    return [f"Top {steps[0]}", f"Next {steps[1]}", f"Next {steps[2]}", "Rest"]
