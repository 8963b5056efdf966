"""The ladder: how a fit is looked for when the plain way leads nowhere clear."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.beta_geometric_likelihood import beta_geometric_likelihood
from regulars.measures.purchase_models.coarse import MANY, coarse_cells
from regulars.measures.purchase_models.diagnosis import no_optimum
from regulars.measures.purchase_models.formulas import NAMES, p_alive
from regulars.measures.purchase_models.pareto_nbd_likelihood import pareto_nbd_likelihood
from regulars.measures.purchase_models.search import Objective, Optimum, search

__all__ = ["TIMES", "is_plain", "ladder", "likelihood_of", "penalised"]

# r, and the two (or Pareto/NBD's one) that say how people stop. The time that α and β begin with
# comes from the customers.
STARTS = {
    "bg_nbd": ((0.5, 0.8, 2.5), (0.3, 0.3, 1.0), (2.0, 2.0, 8.0), (1.0, 0.1, 2.0)),
    "mbg_nbd": ((0.5, 0.8, 2.5), (0.3, 0.3, 1.0), (2.0, 2.0, 8.0), (1.0, 0.1, 2.0)),
    "pareto_nbd": ((0.5, 0.6, 1.0), (0.3, 0.2, 1.0), (2.0, 2.0, 4.0), (1.0, 5.0, 20.0)),
}
SHAPES = {"bg_nbd": [0, 2, 3], "mbg_nbd": [0, 2, 3], "pareto_nbd": [0, 2]}
TIMES = {"bg_nbd": [1], "mbg_nbd": [1], "pareto_nbd": [1, 3]}
LARGEST = 1000.0
# Half the squared logarithm of each shape parameter counts so much: as if they were known to lie
# around 1, give or take a factor of exp(4.5), exp(2), or e.
PENALTIES = (0.05, 0.25, 1.0)
MAY_COST = 2.0  # of log-likelihood: more, and the penalty would speak in place of the customers


def likelihood_of(cells: pd.DataFrame, *, model: str) -> Objective:
    """Return the log-likelihood of cells, with its slopes, for the logarithms of the parameters.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> round(likelihood_of(few_cells(), model="pareto_nbd")(np.zeros(4))[0], 1)
    -1057.9
    """
    if model == "pareto_nbd":
        return pareto_nbd_likelihood(cells)
    return beta_geometric_likelihood(cells, model=model)


def ladder(
    cells: pd.DataFrame, scaled: pd.DataFrame, likelihood: Objective, *, model: str
) -> tuple[Optimum, float]:
    """Try one start after another, then a penalty, then another; say why if nothing helps.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`.
    scaled : pandas.DataFrame
        The same with ages around 1.
    likelihood : callable
        From `likelihood_of`, of `scaled`.
    model : str

    Returns
    -------
    tuple of Optimum and float
        Where the search ended, and the weight of the penalty it needed; 0 if none.

    Raises
    ------
    ModelError
        If no parameters are clearly the best, with the cause.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> cells = few_cells()
    >>> scaled = cells.assign(age=1.0, recency_age=cells.recency_age / 270)
    >>> ladder(cells, scaled, likelihood_of(scaled, model="bg_nbd"), model="bg_nbd")[1]
    0.0
    """
    tried = []
    for start, curved in _starts(scaled, model=model):
        best = search(likelihood, start, curved=curved)
        if is_plain(best, model):
            return best, 0.0
        tried.append(best)
    highest = max(tried, key=lambda best: best.value if np.isfinite(best.value) else -np.inf)
    for penalty in PENALTIES:
        start, _ = next(_starts(scaled, model=model))
        best = search(penalised(likelihood, model, penalty), start)
        cost = highest.value - likelihood(best.logs)[0]
        alive = _mean_alive(best, scaled, model=model)
        if is_plain(best, model) and cost < MAY_COST and alive < 0.99:
            return best, penalty
    raise no_optimum(model, cells, alive=alive)


def _starts(scaled: pd.DataFrame, *, model: str) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
    """Yield logarithms to begin with; many cells are searched coarsely first, with the Hessian."""
    rate = (scaled.customers @ scaled.repeat_days) / (scaled.customers @ scaled.age)
    for r, third, fourth in STARTS[model]:
        start = np.log([r, 0.5 * r / rate, third, fourth])
        if len(scaled) > MANY:
            rough = likelihood_of(coarse_cells(scaled), model=model)
            found = search(rough, start)
            yield found.logs, found.curved if found.clear else None
        else:
            yield start, None


def penalised(likelihood: Objective, model: str, penalty: float) -> Objective:
    """Return a likelihood less a penalty on shape parameters that are far from 1.

    Examples
    --------
    >>> flat = penalised(lambda logs: (0.0, np.zeros(4)), "bg_nbd", 2.0)
    >>> float(flat(np.ones(4))[0])  # r, a, b, but not alpha
    -3.0
    """
    shapes = np.isin(np.arange(len(NAMES[model])), SHAPES[model])

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        value, slopes = likelihood(logs)
        held = logs * shapes
        return value - penalty / 2 * (held @ held), slopes - penalty * held

    return objective if penalty else likelihood


def is_plain(best: Optimum, model: str) -> bool:
    """Say whether the optimum is clear, and no shape parameter has run away."""
    return best.clear and bool(np.exp(best.logs[SHAPES[model]]).max() < LARGEST)


def _mean_alive(best: Optimum, scaled: pd.DataFrame, *, model: str) -> float:
    """Return the mean P(alive) of those who bought again: of BG/NBD, the others cannot stop."""
    again = scaled[scaled.repeat_days > 0]
    columns = {name: again[name].to_numpy() for name in ("repeat_days", "recency_age", "age")}
    return float(np.average(p_alive(model, np.exp(best.logs), **columns), weights=again.customers))
