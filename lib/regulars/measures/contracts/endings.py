"""Endings: when within a period contracts end.

Where contracts may be ended on any day, one that still runs late in its period has already come
through most of what could end it there; where they end on renewal days only, it has come through
nothing yet.
"""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch

__all__ = ["gone_by"]

PARTS = 1000  # of a period: finer than a day
STEPS = 20  # so many kinds of contracts of an age at most, which keeps the draws small


def gone_by(lives: ir.Table, parts: pd.Series) -> np.ndarray:
    """Say which share of the endings of a period has come when so much of it is over.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`. Only periods that are over tell, those of all plans together.
    parts : pandas.Series
        Shares of a period (0 to 1).

    Returns
    -------
    numpy.ndarray
        Shares, in steps of a twentieth; 0 where no contract has ended.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"part": [.2, .4, .9, 1.0], "ended": True}))
    >>> gone_by(lives, pd.Series([0, .5, .95])).tolist()
    [0.0, 0.5, 0.75]
    """
    over = lives.filter(lives.ended)
    over = over.mutate(part=(over.part * PARTS).round().cast("int64"))
    counts = fetch(over.group_by("part").agg(ended=over.count()).order_by("part"))
    so_far = np.concatenate([[0], counts.ended.to_numpy().cumsum()])
    places = np.searchsorted(counts.part, (parts * PARTS).round(), side="right")
    return np.round(so_far[places] / max(so_far[-1], 1) * STEPS) / STEPS
