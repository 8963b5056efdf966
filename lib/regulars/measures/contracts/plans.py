"""Plans: which contracts there are, how many run, and what they bring a month."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.suppression import HIDDEN, LEAST, hidden_with_sums, suppressed

__all__ = ["OTHERS", "Totals", "grouped_plans", "plan_table", "plan_totals", "shown_plans"]

OTHERS, TOGETHER = "other plans", "all plans"
COUNTS = ["contracts", "running", "ended"]

Totals = dict[str, int]


def grouped_plans(lives: ir.Table, *, most: int = 4) -> ir.Table:
    """Put plans with fewer than ten customers, and all but the largest, together as one plan.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`.
    most : int
        How many plans there are at most; where more have ten customers, the last of them is
        ``other plans``; ``all plans`` where none is large.

    Returns
    -------
    ibis.expr.types.Table
        `lives` with other names of plans.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"plan": ["plus"] * 10 + ["odd"],
    ...                                "customer_id": list("abcdefghijk")}))
    >>> fetch(grouped_plans(lives).group_by("plan").agg(n=ibis._.count()).order_by("n"))
              plan   n
    0  other plans   1
    1         plus  10
    """
    sizes = lives.group_by("plan").agg(customers=lives.customer_id.nunique())
    sizes = fetch(sizes.order_by(ibis.desc("customers"), "plan"))
    large = sizes[sizes.customers >= LEAST].plan.tolist()
    if len(large) == len(sizes) <= most:
        return lives
    own = large if len(large) < most else large[: most - 1]
    if not own:
        return lives.mutate(plan=ibis.literal(TOGETHER))
    return lives.mutate(plan=ibis.ifelse(lives.plan.isin(own), lives.plan, OTHERS))


def plan_table(lives: ir.Table) -> pd.DataFrame:
    """Count the contracts of each plan, and sum up what the running ones bring.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`, or `grouped_plans`.

    Returns
    -------
    pandas.DataFrame
        One row per plan, the largest first: plan, contracts, running, ended, fee_mean (a month, of
        the running contracts whose fee is known), mrr (their sum), hidden. Counts are missing in
        hidden rows, where few customers stand behind one of them or could be worked out.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"plan": "plus", "customer_id": [str(n) for n in range(30)],
    ...                                "running": [True] * 20 + [False] * 10, "fee": 5.0}))
    >>> plan_table(lives)[["contracts", "running", "ended", "mrr"]].iloc[0].tolist()
    [30.0, 20.0, 10.0, 100.0]
    """
    who, runs = lives.customer_id, lives.running
    sums = lives.group_by("plan").agg(
        contracts=lives.count(),
        running=runs.sum(),
        ended=(~runs).sum(),
        fee_mean=lives.fee.mean(where=runs) if "fee" in lives.columns else ibis.null(),
        mrr=lives.fee.sum(where=runs) if "fee" in lives.columns else ibis.null(),
        who_runs=who.nunique(where=runs),
        who_ended=who.nunique(where=~runs),
    )
    table = fetch(sums.order_by(ibis.desc("contracts"), "plan")).astype({"mrr": float})
    cells, rows, columns = hidden_with_sums(table[["who_runs", "who_ended"]])
    mask = cells.any(axis=1) | rows.to_numpy() | columns.any()
    table = table.drop(columns=["who_runs", "who_ended"])
    return suppressed(table, count="contracts", others=[*COUNTS[1:], "fee_mean", "mrr"], mask=mask)


def plan_totals(lives: ir.Table) -> Totals:
    """Count what is known of all contracts together.

    Returns
    -------
    dict of str to int
        contracts, customers, running, ended (not running), with_fee (running, fee known, zero
        included), several (contracts of customers who have more than one).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"customer_id": ["a", "a", "b"], "fee": [1.0, 2.0, None],
    ...                                "running": [False, True, True]}))
    >>> plan_totals(lives)
    {'contracts': 3, 'customers': 2, 'running': 2, 'ended': 1, 'with_fee': 1, 'several': 2}
    """
    runs = lives.running
    found = fetch(
        lives.agg(
            contracts=lives.count(),
            customers=lives.customer_id.nunique(),
            running=runs.sum(),
            ended=(~runs).sum(),
            with_fee=lives.fee.count(where=runs),
        )
    )
    by_customer = lives.group_by("customer_id").agg(contracts=lives.count())
    more = by_customer.filter(by_customer.contracts > 1)
    several = fetch(more.agg(several=more.contracts.sum()))
    together = pd.concat([found, several], axis=1).iloc[0].astype(float)
    return {name: int(np.nan_to_num(value)) for name, value in together.items()}


def shown_plans(table: pd.DataFrame) -> list[str]:
    """Return the plans that may be shown one by one.

    Examples
    --------
    >>> shown_plans(pd.DataFrame({"plan": ["plus", "odd"], "hidden": [False, True]}))
    ['plus']
    """
    return table.plan[~table[HIDDEN]].tolist()
