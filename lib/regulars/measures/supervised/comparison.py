"""Comparison: what came of holding a supervised model and the purchase model to one period."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.measures.supervised.logistic import Logistic

__all__ = ["Comparison"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What came of the comparison, or why there is none.

    Parameters
    ----------
    withheld : str or None
        Why nothing was compared, as a sentence.
    horizon_days : int
        How long the periods are.
    trained_at, tested_at : datetime.date or None
        The days at whose end features are taken, for training and for the test.
    rival : str or None
        The purchase model beside it.
    trained : Logistic or None
        The regression that was tested.
    judged : pandas.DataFrame
        From `judging.judged`: the purchase model, and the regressions.
    gain : Estimate or None
        Log loss a customer that the regression saves against the purchase model.
    beyond : Estimate or None
        Log loss a customer that it saves against the one on purchases alone; None if there is
        nothing else to know.
    auc : Estimate or None
        Of the regression.
    calibration : pandas.DataFrame
        From `judging.by_tenth`: the purchase model, and the regression.
    importance : pandas.DataFrame
        From `importance.permutation_importance`.
    """

    withheld: str | None
    horizon_days: int
    trained_at: date | None = None
    tested_at: date | None = None
    rival: str | None = None
    trained: Logistic | None = None
    judged: pd.DataFrame | None = None
    gain: Estimate | None = None
    beyond: Estimate | None = None
    auc: Estimate | None = None
    calibration: pd.DataFrame | None = None
    importance: pd.DataFrame | None = None

    @property
    def kept(self) -> bool:
        """Whether it beats the purchase model: the whole interval of the gain is above 0."""
        return self.gain is not None and self.gain.low is not None and self.gain.low > 0
