"""Draws: what the parameters of a fit may as well be."""

import numpy as np

from regulars.measures.purchase_models.fitted import Fit

__all__ = ["parameter_draws"]


def parameter_draws(fitted: Fit, n: int, *, seed: int) -> np.ndarray:
    """Draw parameters from their estimated sampling distribution: normal on the log scale.

    What is computed of each row, and where its middle 95 % lie, is an interval that holds how
    unsure the parameters are. It holds neither chance to come, nor that the model may be wrong.

    Parameters
    ----------
    fitted : Fit
    n : int
        How many draws.
    seed : int

    Returns
    -------
    numpy.ndarray, n × parameters
        In the order of `fitted.params`.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> parameter_draws(fit(few_cells()), 5, seed=1).shape
    (5, 4)
    """
    moves = np.random.default_rng(seed).multivariate_normal(
        np.zeros(len(fitted.params)), fitted.relative_covariance, n, method="eigh"
    )
    return np.array(fitted.values) * np.exp(moves)
