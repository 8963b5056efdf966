"""Driver rows: what was known of each contract, and of its customer, on the day it began.

Nothing later comes in: a contract must not be told to last because of what happened while it did
(immortal time). What the table of customers says is as it is today; it has no dates.
"""

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import beside, fetch

__all__ = ["MOST", "driver_rows"]

MOST = 50_000
ATTRIBUTES = ("kind", "gender", "region", "household")
LIVES = ["plan", "fee", "periods", "ended"]
OTHER = "other"
LEAST_CONTRACTS = 20  # a value of an attribute that fewer contracts have is put to the others
MOST_VALUES = 5
DIGITS = 8  # of the hexadecimal hash that chooses the sample


def driver_rows(
    lives: ir.Table,
    *,
    customers: ir.Table | None = None,
    interactions: ir.Table | None = None,
    purchases: ir.Table | None = None,
    most: int = MOST,
) -> pd.DataFrame:
    """Put beside each contract what was known when it began.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`.
    customers, interactions, purchases : ibis.expr.types.Table, optional
        Cleaned tables; without one, what it tells is left out.
    most : int
        Of more contracts, so many are taken, by the hash of the customer and the day.

    Returns
    -------
    pandas.DataFrame
        One row per contract that came to a renewal, at most `most`: plan, fee (float, missing
        where not known), periods, ended, and where the tables tell it kind, gender, region,
        household (text; rare values are ``other``, missing ones ``not told``), complained_before,
        bought_before (bool). In no order that tells who is who.

    Examples
    --------
    >>> from regulars.measures.contracts.lives import contract_lives
    >>> from regulars.measures.engine import table_of
    >>> contracts = table_of(pd.DataFrame({
    ...     "customer_id": ["ann"], "started_at": pd.to_datetime(["2024-01-05"])}))
    >>> orders = table_of(pd.DataFrame({"customer_id": ["ann"], "kind": ["sale"],
    ...                                 "day": pd.to_datetime(["2024-01-04"])}))
    >>> lives = contract_lives(contracts, as_of="2024-06-30")
    >>> driver_rows(lives, purchases=orders)[["periods", "bought_before"]].values.tolist()
    [[5, True]]
    """
    rows = _sampled(lives.filter(lives.periods > 0), most=most)
    columns = [*LIVES]
    if customers is not None:
        told = [name for name in ATTRIBUTES if name in customers.columns]
        rows = beside(rows, customers.select("customer_id", *told))
        columns += told
    if interactions is not None:
        complaints = interactions.filter(interactions.kind == "complaint")
        rows = _before(rows, complaints, complaints.opened_at, name="complained_before")
        columns.append("complained_before")
    if purchases is not None:
        sales = purchases.filter(purchases.kind == "sale")
        rows = _before(rows, sales, sales.day, name="bought_before")
        columns.append("bought_before")
    return _with_few_values(fetch(rows.select(columns).order_by(columns)))


def _sampled(lives: ir.Table, *, most: int) -> ir.Table:
    """Take at most so many contracts, the same ones on every engine."""
    key = lives.customer_id.cast("string") + lives.started_on.cast("string")
    drawn = lives.mutate(drawn=key.hexdigest("md5").substr(0, DIGITS))
    return drawn.order_by("drawn", "started_on", "periods").limit(most)


def _before(rows: ir.Table, events: ir.Table, at: ir.Value, *, name: str) -> ir.Table:
    """Say of each contract whether the customer's first such event lies before its first day."""
    when = events.mutate(at=at.cast("date"))
    firsts = when.group_by("customer_id").agg(first_event=when["at"].min())
    told = beside(rows, firsts)
    there = (told.first_event < told.started_on).fill_null(ibis.literal(value=False))
    return told.mutate(**{name: there}).drop("first_event")


def _with_few_values(rows: pd.DataFrame) -> pd.DataFrame:
    texts = ["plan", *(name for name in ATTRIBUTES if name in rows)]
    return rows.assign(**{name: _common(rows[name]) for name in texts})


def _common(values: pd.Series) -> pd.Series:
    told = values.astype("object").fillna("not told")
    sizes = told.value_counts()
    common = sizes[sizes >= LEAST_CONTRACTS].index[:MOST_VALUES]
    return told.where(told.isin(common), OTHER)
