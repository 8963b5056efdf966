"""Foresight: whether an answer tells who will buy, beyond what purchases tell already.

Two models predict who buys in the period to come: one knows the RFM scores on its first day, the
other also the customer's last answer. Both are judged on customers they were not fitted on.
"""

import warnings
from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from regulars.errors import ParameterError, collect_doubts
from regulars.measures.engine import as_date, fetch
from regulars.measures.purchases import customer_summary, purchase_days
from regulars.measures.segments.chance import holm
from regulars.measures.segments.rfm import rfm_scores
from regulars.measures.suppression import LEAST
from regulars.measures.surveys.answers import answers, newest_answers

__all__ = ["ADDS", "ADDS_NOTHING", "TOO_FEW", "foresight", "foresight_cells", "judge"]

ADDS, ADDS_NOTHING, TOO_FEW = "adds", "adds_nothing", "too_few"

QUESTIONS = ("nps", "csat", "ces")
YEAR = 365  # days; older answers are not asked what comes
FOLDS = 10
EVENTS = 10  # of the rarer outcome, for each number that is fitted
SURE = 1e-6  # no model is surer than this, so that one mistake costs it not everything
WORTH = 0.05  # of what RFM tells: what surely tells less than that is nothing to speak of
COLUMNS = ["question", "customers", "bought", "loss_none", "loss_rfm", "loss_both", "gain"]
COLUMNS += ["low", "high", "p", "p_holm", "verdict"]


def foresight(
    surveys: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    days: int = 182,
    questions: Sequence[str] = QUESTIONS,
) -> pd.DataFrame:
    """Judge for each question whether its answers tell who will buy, beyond RFM.

    Parameters
    ----------
    surveys : ibis.expr.types.Table
        Cleaned surveys; see `surveys.answers.answers`.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    days : int
        Length of the period that is predicted: the last `days` days.
    questions : sequence of str
        Which ones, each judged on the customers who answered it in the year before.

    Returns
    -------
    pandas.DataFrame
        One row per question with at least 10 such customers; see `judge`.

    Raises
    ------
    ParameterError
        If the period is shorter than a day.
    """
    cells = foresight_cells(surveys, purchases, as_of=as_of, days=days, questions=questions)
    sizes = cells.groupby("question").customers.transform("sum")
    return judge(cells[sizes >= LEAST])


def foresight_cells(
    surveys: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    days: int = 182,
    questions: Sequence[str] = QUESTIONS,
) -> pd.DataFrame:
    """Count customers by what was known before the period, and by whether they bought in it.

    Parameters
    ----------
    surveys, purchases, as_of, days, questions
        As in `foresight`.

    Returns
    -------
    pandas.DataFrame
        question, r, f, m (RFM scores among all customers on the day before the period), score (the
        newest answer of the year up to that day), fold (0 to 9, by the MD5 of the customer's id),
        bought (bool), customers; ordered.
    """
    if days < 1:
        raise ParameterError(f"Expected a period of at least a day, found {days}. Give days: 182.")
    cut = as_date(as_of) - timedelta(days=days)
    # What is to be said of scales and empty scores is said where they are shown.
    with collect_doubts():
        asked = surveys.filter(surveys.question.isin(list(questions)))
        said = newest_answers(answers(asked, as_of=cut, since=cut - timedelta(days=YEAR)))
        scored, _ = rfm_scores(customer_summary(purchases, as_of=cut))
    known = said.select("customer_id", "question", "score").join(scored, "customer_id")
    later = purchase_days(purchases, as_of=as_of)
    later = later.filter(later.day > cut).select("customer_id").distinct()
    known = known.left_join(later.mutate(came=ibis.literal(True)), "customer_id")
    rows = known.mutate(bought=ibis.coalesce(known.came, False), fold=_fold(known.customer_id))
    keys = ["question", "r", "f", "m", "score", "fold", "bought"]
    return fetch(rows.group_by(keys).agg(customers=rows.count()).order_by(keys))


def judge(cells: pd.DataFrame, *, seed: int = 1, replicates: int = 2000) -> pd.DataFrame:
    """Compare the two models on customers they were not fitted on, question by question.

    Each tenth of the customers is predicted by models fitted on the others: logistic regressions on
    r, f, m and their squares, without and with the score. The gain is by how much the second has
    the lower log-loss, a customer.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `foresight_cells`.
    seed, replicates : int
        Of the bootstrap over customers.

    Returns
    -------
    pandas.DataFrame
        One row per question, in the order of their names: question, customers, bought, loss_none
        (log-loss of one chance for all), loss_rfm, loss_both, gain (loss_rfm − loss_both; above 0:
        the answer helps), low, high (95 %, with the models as fitted), p, p_holm (over the
        questions), verdict: adds (p_holm at most 5 % and low above 0), too_few (fewer than ten
        customers who bought, or who did not, for each number fitted; or high is above a twentieth
        of what RFM gains over one chance for all), adds_nothing (all others). Losses and gains are
        missing where nothing is fitted.

    Notes
    -----
    Ten of the rarer outcome a number: Peduzzi et al. (1996), Journal of Clinical Epidemiology 49,
    1373-1379. Log-loss: Good (1952), Journal of the Royal Statistical Society B 14, 107-114.

    Examples
    --------
    >>> cells = pd.DataFrame({"question": "nps", "r": 1, "f": 1, "m": 1, "score": 9.0, "fold": 0,
    ...                       "bought": [True, False], "customers": [20, 30]})
    >>> judge(cells)[["question", "customers", "bought", "verdict"]]
      question  customers  bought  verdict
    0      nps         50      20  too_few
    """
    rows = [
        _judged(group.reset_index(drop=True), seed=seed, replicates=replicates)
        for _, group in cells.groupby("question")
    ]
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.DataFrame(rows).reindex(columns=COLUMNS)
    tested = found.p.notna()
    found.loc[tested, "p_holm"] = holm(found.p[tested])
    worth = WORTH * (found.loss_none - found.loss_rfm)
    found["verdict"] = np.select(
        [~tested, (found.p_holm <= 0.05) & (found.low > 0), found.high > worth],
        [TOO_FEW, ADDS, TOO_FEW],
        ADDS_NOTHING,
    )
    return found


def _fold(customer: ir.StringColumn) -> ir.IntegerValue:
    """Return a lot from 0 to 9 that is the same on every engine."""
    digest, digits = customer.hexdigest("md5"), ibis.literal("0123456789abcdef")
    places = [digits.find(digest.substr(place, 1)).cast("int64") for place in range(3)]
    return (256 * places[0] + 16 * places[1] + places[2]) % FOLDS


def _judged(cells: pd.DataFrame, *, seed: int, replicates: int) -> dict[str, object]:
    weight = cells.customers.to_numpy(float)
    bought = int(cells.customers[cells.bought].sum())
    n = int(weight.sum())
    row = {"question": cells.question.iloc[0], "customers": n, "bought": bought}
    rfm = _design(cells)
    both = np.column_stack([rfm, cells.score - cells.score.mean()])
    if min(bought, n - bought) < EVENTS * both.shape[1]:
        return row
    losses = {
        name: _losses(design, cells)
        for name, design in (("none", np.ones((len(cells), 1))), ("rfm", rfm), ("both", both))
    }
    means = {f"loss_{name}": float(loss @ weight / n) for name, loss in losses.items()}
    gains = losses["rfm"] - losses["both"]
    return {**row, **means, **_interval(gains, weight, seed=seed, replicates=replicates)}


def _design(cells: pd.DataFrame) -> np.ndarray:
    """Return a column of ones, and r, f and m from the middle with their squares."""
    columns = [np.ones(len(cells))]
    for name in ("r", "f", "m"):
        centred = cells[name].to_numpy(float) - 3
        columns += [centred, centred**2]
    return np.column_stack(columns)


def _losses(design: np.ndarray, cells: pd.DataFrame) -> np.ndarray:
    """Return the log-loss of each cell by the model fitted without its fold."""
    bought, weight = cells.bought.to_numpy(float), cells.customers.to_numpy(float)
    chance = np.empty(len(cells))
    for fold in sorted(cells.fold.unique()):
        held = (cells.fold == fold).to_numpy()
        fitted = _fit(design[~held], bought[~held], weight[~held])
        chance[held] = 1 / (1 + np.exp(-design[held] @ fitted))
    right = np.where(bought == 1, chance, 1 - chance)
    return -np.log(np.clip(right, SURE, None))


def _fit(design: np.ndarray, bought: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the coefficients of a logistic regression on counted customers."""
    model = GLM(bought, design, family=Binomial(), freq_weights=weight)
    with warnings.catch_warnings():
        # Where the others tell buyers apart without a mistake, their chances go to 0 and 1.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return model.fit().params


def _interval(
    gains: np.ndarray, weight: np.ndarray, *, seed: int, replicates: int
) -> dict[str, float]:
    """Return the mean gain a customer, with the interval and p of drawing the customers again."""
    n, random = int(weight.sum()), np.random.default_rng(seed)
    drawn = random.multinomial(n, weight / n, size=replicates) @ gains / n
    low, high = np.quantile(drawn, [0.025, 0.975])
    tail = (min((drawn <= 0).sum(), (drawn >= 0).sum()) + 1) / (replicates + 1)
    ends = {"low": float(low), "high": float(high), "p": float(min(1, 2 * tail))}
    return {"gain": float(gains @ weight / n), **ends}
