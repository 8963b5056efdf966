"""Origins: the same contest at earlier days, to see whether the winner wins more than once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.contest.holdout import contest, holdout_cells
from regulars.measures.contest.season import fit_in_season
from regulars.measures.engine import as_date
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchases import customer_summary, purchase_days

__all__ = ["across_origins", "rolling_origins"]

KEPT = ["name", "log_score", "gain", "gain_low", "gain_high", "mae", "bias", "slope", "customers"]


def rolling_origins(
    purchases: ir.Table,
    *,
    as_of: str | date,
    holdout_days: int,
    models: Sequence[str],
    most: int = 4,
) -> pd.DataFrame:
    """Hold the contest on the days held back, and on equally long periods before them.

    The periods follow each other without overlap, so that what differs between them is not the
    same days counted twice; each has at least as long a history before it, and the season that was
    to be seen by then.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day of the last period, inclusive.
    holdout_days : int
        Length of each.
    models : sequence of str
        Which models compete.
    most : int
        How many periods at the most.

    Returns
    -------
    pandas.DataFrame
        A row per period, the last first, and model that could be fitted: calibration_end, name,
        log_score, gain, gain_low, gain_high, mae, bias, slope, customers (see `holdout.contest`).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> rolling_origins(purchases, as_of="1997-03-31", holdout_days=30, models=["bg_nbd"]).empty
    True
    """
    frames = [pd.DataFrame(columns=["calibration_end", *KEPT])]
    for end in _ends(purchases, as_date(as_of), holdout_days, most=most):
        known = count_cells(customer_summary(purchases, as_of=end))
        fits, *_ = fit_in_season(known, purchases, as_of=end, models=models)
        until = end + timedelta(days=holdout_days)
        later = holdout_cells(purchases, calibration_end=end, as_of=until)
        found = contest(list(fits.values()), later, holdout_days=holdout_days)
        found = found.loc[found.kind == "model", KEPT]
        frames.append(found.assign(calibration_end=pd.Timestamp(end)))
    kept = [frame for frame in frames[1:] if len(frame)] or frames[:1]
    return pd.concat(kept, ignore_index=True)[frames[0].columns.tolist()]


def across_origins(origins: pd.DataFrame) -> pd.DataFrame:
    """Summarise each model over the periods.

    Parameters
    ----------
    origins : pandas.DataFrame
        From `rolling_origins`.

    Returns
    -------
    pandas.DataFrame
        One row per model: name, periods (with the model), won (periods in which its log score was
        the highest), gain_mean, gain_spread (standard deviation between periods; missing for one).

    Examples
    --------
    >>> origins = pd.DataFrame({"calibration_end": [1, 1, 2, 2], "name": ["a", "b"] * 2,
    ...                         "log_score": [-1, -2, -1, -2], "gain": [.2, .1, .4, .1]})
    >>> across_origins(origins).round(2)
      name  periods  won  gain_mean  gain_spread
    0    a        2    2        0.3         0.14
    1    b        2    0        0.1         0.00
    """
    best = origins.groupby("calibration_end").log_score.transform("max")
    rows = origins.assign(won=origins.log_score == best).groupby("name")
    return rows.agg(
        periods=("gain", "size"),
        won=("won", "sum"),
        gain_mean=("gain", "mean"),
        gain_spread=("gain", "std"),
    ).reset_index()


def _ends(purchases: ir.Table, last: date, holdout_days: int, *, most: int) -> Iterator[date]:
    """Yield the last days of the calibrations, as long as the history before them is enough."""
    first = purchase_days(purchases, as_of=last).day.min().to_pyarrow().as_py()
    for back in range(1, most + 1):
        end = last - timedelta(days=back * holdout_days)
        if first is None or (end - first).days + 1 < holdout_days:
            return
        yield end
