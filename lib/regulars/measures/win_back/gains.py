"""Gains: what an action would bring, by class of silence and value, and all together."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.measures.win_back.left import silence_names, silence_step
from regulars.measures.win_back.worth import points
from regulars.parameters.forecasts import WinBack

__all__ = ["VALUES", "expected_gain", "worth_by_group"]

VALUES = ("low", "middle", "high")
"""Classes of value: thirds of those equally long silent, by what their return would be worth."""

GROSS = ("gross", "gross_low", "gross_high")
GAINS = ("gain", "gain_low", "gain_high")
MEANS = ("p_return", "return_value", "break_even", "uplift", *GAINS)


def worth_by_group(
    found: ir.Table, sizes: pd.DataFrame, *, rules: WinBack, uplift: Estimate | None
) -> pd.DataFrame:
    """Sum up who is worth winning back by how long they have been silent and by value.

    Parameters
    ----------
    found : ibis.expr.types.Table
        From `worth.valued`.
    sizes : pandas.DataFrame
        From `left.left_by_silence`: what it hides stays hidden.
    rules : WinBack
    uplift : Estimate or None
        As in `worth.valued`.

    Returns
    -------
    pandas.DataFrame
        A row per class of silence and of value with anybody in it: silence (text), value (low,
        middle, high), customers, and their means: p_return, return_value (money), break_even,
        uplift (both in the chance to return), gain, gain_low, gain_high (money a customer; the ends
        hold how unsure the uplift is, and nothing else), pays (yes: gain_low is
        above 0; no: gain_high is not; not_known), hidden.
    """
    classed = found.mutate(step=silence_step(found.days_since_last, rules))
    grouped = _by_value(classed).group_by(["step", "value"])
    counted = fetch(grouped.agg(**_sums(rules, uplift)))
    rows = counted.sort_values(["step", "value"], ignore_index=True)
    # The sum of a class is shown elsewhere: with one third hidden, the others have to be as well.
    small = rows.groupby("step").customers.transform("min") < LEAST
    away = small | sizes[HIDDEN].to_numpy()[rows["step"].to_numpy(int)]
    return _without_hidden(_named(_means(rows), rules).assign(**{HIDDEN: away}))


def expected_gain(listed: ir.Table, *, rules: WinBack, uplift: Estimate) -> Estimate:
    """Add up what writing to all on the list is expected to gain.

    Parameters
    ----------
    listed : ibis.expr.types.Table
        From `listing.on_the_list`.
    rules : WinBack
    uplift : Estimate
        As in `worth.valued`.

    Returns
    -------
    Estimate
        Money; n is how many customers. The interval holds how unsure the uplift is, for this list
        of customers. It does not hold that values and chances may be wrong, nor that the list was
        chosen by the same uplift.
    """
    sums = fetch(listed.agg(**_sums(rules, uplift))).fillna(0.0).iloc[0]
    gain, low, high = (float(sums[name] - sums.price) for name in GROSS)
    known = uplift.low is not None and uplift.high is not None
    return Estimate(gain, low if known else None, high if known else None, int(sums.customers))


def _by_value(found: ir.Table) -> ir.Table:
    """Put each class of silence into thirds by value; equal values stand together."""
    alike = ibis.window(group_by="step", order_by=found.return_value)
    place = ibis.percent_rank().over(alike)
    return found.mutate(value=ibis.least((place * len(VALUES)).floor(), 2).cast("int64"))


def _sums(rules: WinBack, uplift: Estimate | None) -> dict[str, ir.NumericScalar]:
    """Return the sums from which every mean follows; a gain is gross less price."""
    this = ibis._
    net = this.return_value - rules.offer_cost
    ratios = [np.nan] * 3 if uplift is None else [uplift.value, uplift.low, uplift.high]
    return {
        "customers": this.count(),
        "p_return": this.p_return.sum(),
        "return_value": this.return_value.sum(),
        "net": net.sum(),
        "price": (rules.contact_cost + this.p_return * rules.offer_cost).cast("float64").sum(),
        "uplift": points(this, _known(ratios[0])).sum(),
        **{
            name: (points(this, _known(ratio)) * net).sum()
            for name, ratio in zip(GROSS, ratios, strict=True)
        },
    }


def _known(ratio: float | None) -> float:
    return float("nan") if ratio is None else float(ratio)


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    n = rows.customers
    p, needed = rows.p_return / n, rows.price / rows.net.where(rows.net > 0)
    gains = {name: (rows[gross] - rows.price) / n for name, gross in zip(GAINS, GROSS, strict=True)}
    found = rows.assign(
        p_return=p,
        return_value=rows.return_value / n,
        break_even=needed.where(needed <= 1 - p),
        uplift=rows.uplift / n,
        **gains,
    )
    pays = np.select([found.gain_low > 0, found.gain_high <= 0], ["yes", "no"], "not_known")
    return found.assign(pays=np.where(found.break_even.isna(), "no", pays))


def _named(found: pd.DataFrame, rules: WinBack) -> pd.DataFrame:
    names = silence_names(rules)
    found = found.assign(
        silence=[names[int(step)] for step in found["step"]],
        value=[VALUES[int(value)] for value in found["value"]],
    )
    return found[["silence", "value", "customers", *MEANS, "pays"]]


def _without_hidden(found: pd.DataFrame) -> pd.DataFrame:
    shown = ["customers", *MEANS]
    found = found.astype({"customers": "Int64"})
    found[shown] = found[shown].mask(found[HIDDEN])
    return found.assign(pays=found.pays.mask(found[HIDDEN], ""))
