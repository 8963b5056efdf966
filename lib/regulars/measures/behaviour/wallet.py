"""Wallet: which part of what customers spend on such goods they spend with us."""

from collections.abc import Collection
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.bootstrap import bootstrap, random_groups
from regulars.measures.engine import as_date, fetch
from regulars.measures.purchases import known_lines
from regulars.measures.suppression import LEAST, hidden, suppressed

__all__ = ["EVERYBODY", "METRIC", "is_wallet", "wallet_share", "wallet_targets"]

METRIC = "wallet"
"""The metric of such a target; ``wallet.<segment>`` for the customers of a segment."""

EVERYBODY = "all"
FEWEST_CUSTOMERS = 30
COLUMNS = ["segment", "months", "customers", "spend_a_month", "wallet", "share", "low", "high"]


def wallet_targets(targets: ir.Table | None, *, as_of: str | date, since: str | date) -> ir.Table:
    """List what a customer spends a month on such goods anywhere, as the targets say it.

    Parameters
    ----------
    targets : ibis.expr.types.Table or None
        Cleaned targets: period (the first day of a month), metric, target. None if there are none.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date
        The day before the period.

    Returns
    -------
    ibis.expr.types.Table
        One row per segment and whole month of the period that has such a target: segment (``all``
        for the metric ``wallet``), month (its first day), wallet (float; the mean, where several
        owners give one).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> targets = table_of(pd.DataFrame({"period": [date(1997, 1, 1), date(1997, 2, 1)],
    ...                                  "metric": "wallet.loyal", "target": [60.0, 70.0]}))
    >>> fetch(wallet_targets(targets, as_of="1997-02-27", since="1996-12-31"))[["segment",
    ...                                                                         "wallet"]]
      segment  wallet
    0   loyal    60.0
    """
    if targets is None:
        schema = {"segment": "string", "month": "date", "wallet": "float64"}
        return ibis.memtable([], schema=schema)
    metric = targets.metric.lower().strip()
    named = targets.mutate(
        segment=ibis.ifelse(metric == METRIC, EVERYBODY, metric.substr(len(METRIC) + 1)),
        month=targets.period.cast("date"),
        wallet=targets.target.cast("float64"),
    ).filter((metric == METRIC) | metric.startswith(f"{METRIC}."))
    ends = named.month + ibis.interval(months=1)
    first, last = ibis.literal(as_date(since)), ibis.literal(as_date(as_of))
    in_period = named.filter((named.month > first) & (ends <= last + ibis.interval(days=1)))
    positive = in_period.filter(in_period.wallet > 0)
    return positive.group_by(["segment", "month"]).agg(wallet=positive.wallet.mean())


def is_wallet(metric: str) -> bool:
    """Tell whether the metric of a target is what customers spend anywhere.

    Examples
    --------
    >>> [is_wallet(name) for name in ("wallet", "Wallet.loyal", "wallets", "nps")]
    [True, True, False, False]
    """
    return metric.lower().strip().split(".")[0] == METRIC


def wallet_share(
    purchases: ir.Table,
    wallets: ir.Table,
    segments: ir.Table,
    *,
    as_of: str | date,
    since: str | date,
    away: Collection[str] = (),
    seed: int = 1,
) -> pd.DataFrame:
    """Estimate the share of wallet of the customers who bought in a period.

    A customer counts in each month from the month of their first purchase of all: in months in
    which they buy nothing here, their wallet is spent elsewhere.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    wallets : ibis.expr.types.Table
        From `wallet_targets`.
    segments : ibis.expr.types.Table
        customer_id, segment, for the wallets of segments; names are compared in small letters.
    as_of : str or datetime.date
        Last day of the period, inclusive.
    since : str or datetime.date
        The day before the period.
    away : collection of str
        Segments whose customers in the period another table hides; they are hidden here too.
    seed : int
        Of the bootstrap over customers.

    Returns
    -------
    pandas.DataFrame
        A row per segment with a wallet, ``all`` first: segment, months (customers times months),
        customers, spend_a_month, wallet (money a customer and month: with us, and anywhere), share
        (the one by the other), low, high (95 % interval; it covers the customers, and not the
        doubt about the wallet), hidden. No rows where no target says it. Where fewer than 30
        customers stand behind a share, it has no interval.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> lines = [(f"c{place}", "1997-01-05", 15) for place in range(40)]
    >>> wallets = table_of(pd.DataFrame({"segment": ["all"], "month": [date(1997, 1, 1)],
    ...                                  "wallet": [60.0]}))
    >>> nobody = table_of(pd.DataFrame({"customer_id": ["c1"], "segment": ["loyal"]}))
    >>> wallet_share(purchases_of(lines), wallets, nobody, as_of="1997-01-31",
    ...              since="1996-12-31")[["customers", "share"]]
       customers  share
    0         40   0.25
    """
    months = _customer_months(purchases, as_of=as_of, since=since, wallets=wallets)
    small = segments.select("customer_id", segment=segments.segment.lower())
    names = fetch(wallets.select("segment").distinct()).segment.tolist()
    named = [name for name in sorted(names) if name != EVERYBODY]
    rows = [
        _row(name, _of(months, small, name), seed=seed)
        for name in [*[EVERYBODY] * (EVERYBODY in names), *named]
    ]
    frame = pd.DataFrame([row for row in rows if row], columns=COLUMNS)
    if frame.empty:
        return frame.assign(hidden=pd.Series(dtype=bool))
    one = frame.segment == EVERYBODY
    mask = (frame.customers < LEAST) | hidden(frame.customers.mask(one, 0))
    mask |= frame.segment.isin([name.lower() for name in away])
    return suppressed(frame, others=["months", *COLUMNS[3:]], mask=mask)


def _customer_months(
    purchases: ir.Table, *, as_of: str | date, since: str | date, wallets: ir.Table
) -> ir.Table:
    """Put each customer who bought in the period beside each month with a wallet."""
    known = known_lines(purchases, as_of=as_of)
    sales = known.filter(known.kind == "sale")
    people = sales.group_by("customer_id").agg(
        first_month=sales.day.min().truncate("M"), last_day=sales.day.max()
    )
    active = people.filter(people.last_day > ibis.literal(as_date(since)))
    lines = known.mutate(month=known.day.truncate("M"))
    keys = ["customer_id", "month"]
    spend = lines.group_by(keys).agg(spend=lines.amount.sum().cast("float64"))
    pairs = active.cross_join(wallets)
    pairs = pairs.filter(pairs.month >= pairs.first_month)
    joined = pairs.left_join(spend, keys)
    return joined.select("customer_id", "segment", "wallet", spend=ibis.coalesce(joined.spend, 0.0))


def _of(months: ir.Table, segments: ir.Table, name: str) -> ir.Table:
    chosen = months.filter(months.segment == name)
    if name == EVERYBODY:
        return chosen
    return chosen.semi_join(segments.filter(segments.segment == name), "customer_id")


def _row(name: str, months: ir.Table, *, seed: int) -> tuple | None:
    sums = {"months": months.count(), "spend": months.spend.sum(), "wallet": months.wallet.sum()}
    groups = random_groups(months, sums)
    total, customers = groups.sum(), int(fetch(months.agg(n=months.customer_id.nunique())).n[0])
    if not customers:
        return None
    found = bootstrap(
        groups, lambda drawn: pd.DataFrame({"share": drawn.spend / drawn.wallet}), seed=seed
    ).loc["share"]
    ends = (found.low, found.high) if customers >= FEWEST_CUSTOMERS else (None, None)
    means = (total.spend / total.months, total.wallet / total.months)
    return name, int(total.months), customers, *means, found.value, *ends
