"""Balance: whether the arms of an action look as a lot would have made them."""

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import beside, fetch
from regulars.measures.intervals import Estimate, normal_quantile, wilson
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import LEAST

__all__ = ["arms_compared", "customers_needed", "split_share"]

MEASURES = ("had_left", "repeat_days", "days_since_last", "spend")
ALARM = 0.01  # of a false one, for each action


def arms_compared(people: ir.Table, left: ir.Table) -> pd.DataFrame:
    """Compare the arms in what was known before the action.

    A lot leaves only chance between them. What is beyond chance says that something else chose.

    Parameters
    ----------
    people : ibis.expr.types.Table
        From `actions.people_of`: customer_id, is_treated.
    left : ibis.expr.types.Table
        From `left.left_customers`, as of the day before the action.

    Returns
    -------
    pandas.DataFrame
        A row per measure (had_left, repeat_days, days_since_last, spend), of those who had bought
        before: treated, control (means), d (difference in standard deviations), p_holm, differs
        (p_holm at most .01). Empty if an arm has fewer than ten.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> ids = [f"c{n}" for n in range(40)]
    >>> people = table_of(pd.DataFrame({"customer_id": ids, "is_treated": [True, False] * 20}))
    >>> left = table_of(pd.DataFrame({"customer_id": ids, "has_left": [True] * 30 + [False] * 10,
    ...     "repeat_days": range(40), "days_since_last": 5, "spend": 1.0}))
    >>> arms_compared(people, left).differs.tolist()
    [False, False, False, False]
    """
    rows = beside(people, left.mutate(had_left=left.has_left).select("customer_id", *MEASURES))
    rows = rows.drop_null("had_left")
    known = [rows[name].cast("int64").cast("float64") if name == "had_left" else
             rows[name].cast("float64") for name in MEASURES]  # fmt: skip
    sums = {"customers": rows.count()}
    for name, value in zip(MEASURES, known, strict=True):
        sums |= {name: value.mean(), f"{name}_var": value.var(how="sample")}
    arms = fetch(rows.group_by("is_treated").agg(**sums)).set_index("is_treated")
    if len(arms) < 2 or arms.customers.min() < LEAST:
        return pd.DataFrame(columns=["measure", "treated", "control", "d", "p_holm", "differs"])
    return _differences(arms)


def split_share(counts: Mapping[str, int], *, control_share: float | None) -> tuple[Estimate, bool]:
    """Return the share of the control group, and whether it is another one than was drawn for.

    Parameters
    ----------
    counts : mapping
        Arm (treated, control) to customers.
    control_share : float or None
        The share that was to be left alone; None if nobody said it.

    Returns
    -------
    tuple of Estimate and bool
        The share with Wilson's interval; True if chance alone would hardly make it (exact binomial
        test, p below .01): then customers are missing or were added after the lot.

    Examples
    --------
    >>> share, is_off = split_share({"treated": 700, "control": 300}, control_share=.5)
    >>> share.value, is_off
    (0.3, True)
    """
    control, n = int(counts["control"]), int(counts["control"] + counts["treated"])
    found = wilson(control, n)
    if control_share is None:
        return found, False
    return found, bool(stats.binomtest(control, n, control_share).pvalue < ALARM)


def customers_needed(rate: float, uplift: float, *, control_share: float = 0.2) -> int:
    """Return how many customers an action needs to see an uplift of this size.

    Parameters
    ----------
    rate : float
        Share who return without the action.
    uplift : float
        What the action adds to it, above 0.
    control_share : float
        Share left alone as the control group.

    Returns
    -------
    int
        Customers of both arms, for a power of 80 % at a two-sided level of 5 %.

    Notes
    -----
    Difference of two shares by the normal law: Fleiss, Levin & Paik (2003), Statistical Methods
    for Rates and Proportions, ch. 4, without correction for continuity.

    Examples
    --------
    >>> customers_needed(.05, .05, control_share=.5)
    864
    """
    treated = min(rate + uplift, 1.0)
    spread = treated * (1 - treated) / (1 - control_share) + rate * (1 - rate) / control_share
    reach = normal_quantile(0.95) + stats.norm.ppf(0.8)
    return int(np.ceil(reach**2 * spread / (treated - rate) ** 2))


def _differences(arms: pd.DataFrame) -> pd.DataFrame:
    one, other = arms.loc[True], arms.loc[False]
    rows = []
    for name in MEASURES:
        gap = one[name] - other[name]
        inside = [part[f"{name}_var"] for part in (one, other)]
        error = np.sqrt(inside[0] / one.customers + inside[1] / other.customers)
        sd = np.sqrt(sum(inside) / 2)
        p = 2 * stats.norm.sf(abs(gap) / error) if error > 0 else 1.0
        d = gap / sd if sd > 0 else 0.0
        rows.append({"measure": name, "treated": one[name], "control": other[name], "d": d, "p": p})
    found = pd.DataFrame(rows).assign(p_holm=lambda table: holm(table.p))
    found["differs"] = found.p_holm <= ALARM
    return found.drop(columns="p")
