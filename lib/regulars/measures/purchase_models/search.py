"""Search: where a likelihood is greatest, and how sharply it falls around that place."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

__all__ = ["Optimum", "curvature", "search"]

FURTHEST = 14.0  # logarithms of parameters are looked for no further from 0
STEP = 1e-4
POLISHES = 4
SMALL_STEP = 1e-7
# Where the logarithm of some parameters has a standard error above 5, they may be anything.
LEAST_CURVED = 1 / 5**2

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a search ended.

    Parameters
    ----------
    logs : numpy.ndarray
        Logarithms of the parameters.
    value : float
        What the objective is there.
    curved : numpy.ndarray
        The negative Hessian there.
    arrived : bool
        No step leads further up.
    """

    logs: np.ndarray
    value: float
    curved: np.ndarray
    arrived: bool

    @property
    def clear(self) -> bool:
        """Say whether the objective falls to every side, and enough to tell the parameters."""
        if not (self.arrived and np.isfinite(self.curved).all()):
            return False
        inside = np.abs(self.logs).max() < FURTHEST - 1
        return bool(inside and np.linalg.eigvalsh(self.curved).min() > LEAST_CURVED)


def search(objective: Objective, start: np.ndarray, *, curved: np.ndarray | None = None) -> Optimum:
    """Climb to the greatest value by Newton's steps; from afar, by slopes first (BFGS).

    Parameters
    ----------
    objective : callable
        Gives a value and its slopes for logarithms of parameters.
    start : numpy.ndarray
    curved : numpy.ndarray, optional
        The negative Hessian of a nearly equal objective near the start; saves looking for it.

    Returns
    -------
    Optimum

    Examples
    --------
    >>> found = search(lambda logs: (-((logs - 1) ** 2).sum(), -2 * (logs - 1)), np.zeros(2))
    >>> found.logs.round(6).tolist(), found.clear
    ([1.0, 1.0], True)
    """
    with np.errstate(all="ignore"):
        near = _polished(objective, _nearer(objective, start, curved))
        if near.clear:
            return near
        downhill = _downhill(objective, wall=1 + abs(near.value))
        found = minimize(downhill, start, jac=True, method="BFGS", options={"maxiter": 300})
        return _polished(objective, np.clip(found.x, -FURTHEST, FURTHEST))


def curvature(objective: Objective, logs: np.ndarray) -> np.ndarray:
    """Return the negative Hessian, from differences of the slopes.

    Examples
    --------
    >>> curvature(lambda logs: (-(logs**2).sum(), -2 * logs), np.zeros(2)).round(6)
    array([[2., 0.],
           [0., 2.]])
    """
    rows = [
        (objective(logs - move)[1] - objective(logs + move)[1]) / (2 * STEP)
        for move in np.eye(len(logs)) * STEP
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def _downhill(objective: Objective, *, wall: float) -> Objective:
    """Turn the objective over for a search that goes down, and bend it up beyond FURTHEST."""

    def turned(logs: np.ndarray) -> tuple[float, np.ndarray]:
        inside = np.clip(logs, -FURTHEST, FURTHEST)
        value, slopes = objective(inside)
        beyond = wall * (logs - inside)
        if not (np.isfinite(value) and np.isfinite(slopes).all()):
            return 1e300, beyond
        return -value + beyond @ (logs - inside), -slopes + 2 * beyond

    return turned


def _nearer(objective: Objective, logs: np.ndarray, curved: np.ndarray | None) -> np.ndarray:
    """Go on by steps with a Hessian that is nearly right, each at the cost of one look."""
    value = -np.inf
    for _ in range(POLISHES * (curved is not None)):
        here, slopes = objective(logs)
        step = _newton(curved, slopes)
        if step is None or not here > value:
            break
        logs, value = logs + step, here
        if np.abs(step).max() < 1e-5:
            break
    return logs


def _polished(objective: Objective, logs: np.ndarray) -> Optimum:
    """Go on by Newton's steps while they lead up; the last Hessian tells how sure the place is."""
    value, slopes = objective(logs)
    for _ in range(POLISHES):
        curved = curvature(objective, logs)
        step = _newton(curved, slopes)
        if step is None or np.abs(step).max() < SMALL_STEP:
            break
        further, slopes_there = objective(logs + step)
        if not further >= value - 1e-9 * abs(value):
            return Optimum(logs, value, curved, False)
        moved = np.abs(step).max()
        logs, value, slopes = logs + step, further, slopes_there
        if moved < 1e-4:  # the next step would be far less than this, and the Hessian as good
            break
    return Optimum(logs, value, curved, step is not None and bool(np.abs(step).max() < 1e-2))


def _newton(curved: np.ndarray, slopes: np.ndarray) -> np.ndarray | None:
    if not np.isfinite(curved).all() or np.linalg.eigvalsh(curved).min() <= 0:
        return None
    step = np.linalg.solve(curved, slopes)
    return step if np.abs(step).max() < 1 else None
