"""Day money: what a purchase day to come is worth, of each customer, and how sure that is."""

from dataclasses import dataclass, field, replace
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.bootstrap import random_groups
from regulars.measures.intervals import Estimate
from regulars.measures.segments.day_value import DayValue, day_value
from regulars.measures.value.counted import Counted, log_error
from regulars.measures.value.gamma_gamma import GammaGamma, fit_gamma_gamma
from regulars.measures.value.independence import STRONG, independence, ranks_alone
from regulars.measures.value.spend_cells import spend_cells

__all__ = ["DayMoney", "day_money", "from_gamma_gamma", "money_draws"]


@dataclass(frozen=True, eq=False)
class DayMoney:
    """What a purchase day to come is worth: ``rate · (money + k μ) / (days + k)``.

    Money and days are the customer's own (see `spend_cells.own_money`), μ is the mean of a day of
    the average customer, and k so many days as count as much as that mean.

    Parameters
    ----------
    method : {"gamma_gamma", "credibility", "base_mean"}
        How μ and k were found.
    mean, needed : float
        μ (money) and k (days; infinite if customers do not differ).
    rate : float
        What counts of each unit of such money.
    counted : {"margin", "spend"}
        What is counted.
    errors : dict of str to float
        Standard errors of the logarithms of mean (only where not Gamma-Gamma) and rate.
    variation : float
        Squared coefficient of variation of a customer's days around their own mean; where it is
        not Gamma-Gamma, of all days around the mean of all.
    gamma : GammaGamma or None
        The model, where one was fitted and speaks.
    related : dict of str to Estimate
        From `independence.independence`.
    alone : float or None
        The rank correlation that would be there if nothing was related, see
        `independence.ranks_alone`.
    reasons : list of str
        Why another method does not speak, a sentence each.
    """

    method: str
    mean: float
    needed: float
    rate: float
    counted: str
    errors: dict[str, float]
    variation: float
    gamma: GammaGamma | None = None
    related: dict[str, Estimate | None] = field(default_factory=dict)
    alone: float | None = None
    reasons: list[str] = field(default_factory=list)


def day_money(
    purchases: ir.Table, customers: ir.Table, *, sums: Counted, as_of: str | date
) -> DayMoney:
    """Choose how the worth of a purchase day is told, by what the data bear.

    Gamma-Gamma, if at least 30 customers have a paid repeat day, its mean exists, and how often
    customers buy says little about how much (neither correlation beyond .3; of ranks, beyond .3
    away from what is there if nothing is related). Else credibility
    (Bühlmann and Straub, see `day_value.day_value`), which takes no shape for granted; and the
    mean of the base for everybody, where customers do not differ beyond their own days.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    customers : ibis.expr.types.Table
        From `customer_days.customer_days` of the same purchases.
    sums : Counted
        From `counted.counted`.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    DayMoney

    Raises
    ------
    ModelError
        If nobody has bought, or a purchase day is worth nothing.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("ann", "1997-02-01", 11),
    ...                           ("bob", "1997-01-09", 29), ("bob", "1997-02-09", 31)])
    >>> from regulars.measures.value.counted import counted
    >>> from regulars.measures.value.customer_days import customer_days
    >>> customers = customer_days(purchases, as_of="1997-12-31")
    >>> sums = counted(customers)
    >>> found = day_money(purchases, customers, sums=sums, as_of="1997-12-31")
    >>> found.method, found.mean, found.reasons[0][:49]
    ('credibility', 20.0, 'Gamma-Gamma needs at least 30 customers with a pa')
    """
    cells = spend_cells(customers)
    related = independence(cells)
    try:
        gamma = fit_gamma_gamma(cells)
    except ModelError as error:
        day = day_value(purchases, as_of=as_of)
        return _by_credibility(customers, day, sums=sums, related=related, reason=str(error))
    alone = {"spearman": _alone(cells, gamma, related)}
    strong = [
        one.value
        for name, one in related.items()
        if one and abs(one.value - alone.get(name, 0.0)) > STRONG
    ]
    if strong:
        reason = (
            f"How often customers buy says something about how much they spend a day (correlation "
            f"{max(strong, key=abs):.2f}, beyond {STRONG}): Gamma-Gamma takes for granted that it "
            "does not."
        )
        day = day_value(purchases, as_of=as_of)
        found = _by_credibility(customers, day, sums=sums, related=related, reason=reason)
        return replace(found, alone=alone["spearman"])
    errors = {"rate": sums.rate_error("gamma_gamma")}
    return from_gamma_gamma(
        gamma,
        rate=sums.rate("gamma_gamma"),
        counts=sums.what,
        errors=errors,
        related=related,
        alone=alone["spearman"],
    )


def from_gamma_gamma(
    gamma: GammaGamma,
    *,
    rate: float = 1.0,
    counts: str = "spend",
    errors: dict[str, float] | None = None,
    related: dict[str, Estimate | None] | None = None,
    alone: float | None = None,
) -> DayMoney:
    """Return what a purchase day is worth by a Gamma-Gamma model.

    Parameters
    ----------
    gamma : GammaGamma
    rate : float
        What counts of each unit of money of a paid day.
    counts : {"margin", "spend"}
        What that is.
    errors, related, alone
        As in `DayMoney`.

    Returns
    -------
    DayMoney
    """
    return DayMoney(
        method="gamma_gamma",
        mean=gamma.mean,
        needed=gamma.needed,
        rate=rate,
        counted=counts,
        errors=errors or {"rate": 0.0},
        variation=1 / gamma.params["p"],
        gamma=gamma,
        related=related or {},
        alone=alone,
    )


def money_draws(money: DayMoney, n: int, *, seed: int) -> pd.DataFrame:
    """Draw what a purchase day is worth from how sure it is.

    Parameters
    ----------
    money : DayMoney
    n : int
        How many draws.
    seed : int

    Returns
    -------
    pandas.DataFrame
        A row per draw: mean, needed, rate. Of Gamma-Gamma, p, q − 1 and γ are normal on the
        logarithmic scale; of the others mean is, and needed is held.

    Examples
    --------
    >>> held = DayMoney("base_mean", 20, np.inf, .4, "margin", {"mean": .1, "rate": 0}, .2)
    >>> drawn = money_draws(held, 1000, seed=1)
    >>> bool(19 < drawn["mean"].median() < 21), drawn.rate.unique().tolist()
    (True, [0.4])
    """
    rng = np.random.default_rng(seed)
    rate = money.rate * np.exp(rng.normal(size=n) * np.nan_to_num(money.errors["rate"]))
    if money.gamma is None:
        mean = money.mean * np.exp(rng.normal(size=n) * np.nan_to_num(money.errors["mean"]))
        return pd.DataFrame({"mean": mean, "needed": money.needed, "rate": rate})
    p, q, gamma = money.gamma.params.values()
    # From log q to log(q − 1), so that no draw has a mean that does not exist.
    turn = np.diag([1.0, q / (q - 1), 1.0])
    covariance = turn @ money.gamma.covariance.to_numpy() @ turn
    logs = rng.multivariate_normal(np.log([p, q - 1, gamma]), covariance, size=n)
    p, above, gamma = np.exp(logs).T
    return pd.DataFrame({"mean": p * gamma / above, "needed": above / p, "rate": rate})


def _alone(cells: pd.DataFrame, gamma: GammaGamma, related: dict) -> float:
    """Return the rank correlation without any relation; 0 where none was found to hold it to."""
    if related["spearman"] is None:
        return 0.0
    return ranks_alone(cells, p=gamma.params["p"], q=gamma.params["q"])


def _by_credibility(
    customers: ir.Table, day: DayValue, *, sums: Counted, related: dict, reason: str
) -> DayMoney:
    if not day.mean > 0:
        raise ModelError("A purchase day of the average customer is worth nothing. Withhold it.")
    total = sums.groups.sum()
    share = total.day_money / total["days"]
    differ = np.isfinite(day.needed)
    return DayMoney(
        method="credibility" if differ else "base_mean",
        mean=day.mean,
        needed=day.needed,
        rate=sums.rate("credibility"),
        counted=sums.what,
        errors={"mean": _mean_error(customers, day), "rate": sums.rate_error("credibility")},
        variation=max(float(total.squares / total["days"] / share**2 - 1), 0.0),
        related=related,
        reasons=[reason],
    )


def _mean_error(customers: ir.Table, day: DayValue) -> float:
    """Return the standard error of the logarithm of the mean, each customer counted as in it."""
    n = customers["days"].cast("float64")
    believed = n / (n + day.needed) if np.isfinite(day.needed) else n
    sums = {"money": (believed / n * customers.day_money.cast("float64")).sum()}
    groups = random_groups(customers, {**sums, "weight": believed.sum()})
    return log_error(groups, {"money": 1, "weight": -1})
