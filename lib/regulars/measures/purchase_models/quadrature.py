"""Quadrature: one integral over time for each cell, at the same few places on a log scale."""

import numpy as np

__all__ = ["NODES", "WEIGHTS", "integration_times"]

_places, _weights = np.polynomial.legendre.leggauss(24)
NODES, WEIGHTS = (_places + 1) / 2, _weights / 2  # of Gauss and Legendre, for 0 to 1


def integration_times(time: float, *, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where to look between now and a time, and how long each look stands for.

    The times are dense where functions of ``scale + u`` move fast. ``(f(times) * lengths) @
    WEIGHTS`` is the integral of f from 0 to the time.

    Parameters
    ----------
    time : float
        How far the integral goes.
    scale : array of float
        Above zero; one for each integral.

    Returns
    -------
    tuple of numpy.ndarray
        times and lengths; their last axis holds the places.

    Examples
    --------
    >>> times, lengths = integration_times(3, scale=np.array([1.0]))
    >>> ((1 / (1 + times) * lengths) @ WEIGHTS).round(12)  # ln 4
    array([1.38629436])
    """
    scale = np.asarray(scale, float)[..., None]
    reach = np.log1p(time / scale)
    beyond = scale * np.exp(reach * NODES)
    return beyond - scale, beyond * reach
