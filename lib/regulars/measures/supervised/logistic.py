"""Logistic: the chance to buy, as a sum of what is known of a customer.

A logistic regression on at most twelve features, with a mild penalty, so that a reader can follow
what it weighs, and so that the engine can work it out for every customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from regulars.measures.supervised.features import COLUMNS, FEATURES, PLAIN

__all__ = ["Logistic", "predict", "scored", "terms", "train", "varying"]

STRENGTH = 1.0  # scikit-learn's C: the penalty weighs as much as one customer does


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted logistic regression.

    Parameters
    ----------
    columns : tuple of str
        The columns it weighs.
    weights : numpy.ndarray
        Of each column, by its standard deviation in training.
    means, deviations : numpy.ndarray
        Of each transformed column in training.
    intercept : float
        The logit of a customer with all columns at their mean.
    customers : int
        How many it was trained on.
    """

    columns: tuple[str, ...]
    weights: np.ndarray
    means: np.ndarray
    deviations: np.ndarray
    intercept: float
    customers: int


def train(rows: pd.DataFrame, *, features: Sequence[str] = FEATURES) -> Logistic:
    """Fit the regression to who bought.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `samples.sample`; both outcomes have to occur.
    features : sequence of str
        Which features may be weighed. Columns that are the same for everybody drop out.

    Returns
    -------
    Logistic

    Notes
    -----
    Columns that grow like a logarithm are taken as sign(x) ln(1 + |x|). The penalty is the squared
    norm of the weights of standardised columns (Hoerl & Kennard 1970, Technometrics 12, 55-67; for
    the logistic le Cessie & van Houwelingen 1992, Applied Statistics 41, 191-201).

    Examples
    --------
    >>> rows = pd.DataFrame({"age": [1, 9, 40, 90], "bought": [True, True, False, False]})
    >>> fitted = train(rows, features=["age"])
    >>> bool(predict(fitted, rows)[0] > predict(fitted, rows)[3])
    True
    """
    columns = varying(rows, features=features)
    values = _transformed(rows, columns)
    means, deviations = values.mean(axis=0), values.std(axis=0)
    regression = LogisticRegression(C=STRENGTH, max_iter=1000)
    regression.fit((values - means) / deviations, rows.bought.to_numpy(bool))
    weights, intercept = regression.coef_[0], float(regression.intercept_[0])
    return Logistic(columns, weights, means, deviations, intercept, len(rows))


def varying(rows: pd.DataFrame, *, features: Sequence[str] = FEATURES) -> tuple[str, ...]:
    """Return the columns of features that are not the same for everybody.

    Examples
    --------
    >>> rows = pd.DataFrame({"age": [1, 9], "contract": [0, 0]})
    >>> varying(rows, features=["age", "contract"])
    ('age',)
    """
    named = [column for feature in features for column in COLUMNS[feature]]
    return tuple(name for name in named if rows[name].min() < rows[name].max())


def predict(fitted: Logistic, rows: pd.DataFrame) -> np.ndarray:
    """Return the probability to buy of each row of `samples.sample`."""
    return expit(fitted.intercept + terms(fitted, rows).to_numpy().sum(axis=1))


def terms(fitted: Logistic, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what each column adds to the logit of each customer.

    Examples
    --------
    >>> rows = pd.DataFrame({"age": [1, 9, 40, 90], "bought": [True, True, False, False]})
    >>> terms(train(rows, features=["age"]), rows).age.is_monotonic_decreasing
    True
    """
    values = _transformed(rows, fitted.columns)
    added = fitted.weights * (values - fitted.means) / fitted.deviations
    return pd.DataFrame(added, columns=list(fitted.columns))


def scored(fitted: Logistic, known: ir.Table) -> ir.Table:
    """Give each customer their probability to buy; runs in the engine.

    Parameters
    ----------
    fitted : Logistic
    known : ibis.expr.types.Table
        From `features.customer_features`.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, p_buy.

    Examples
    --------
    >>> from regulars.measures.engine import fetch, table_of
    >>> rows = pd.DataFrame({"age": [1, 9, 40, 90], "bought": [True, True, False, False]})
    >>> fitted = train(rows, features=["age"])
    >>> known = table_of(rows.assign(customer_id=list("abcd")))
    >>> in_engine = fetch(scored(fitted, known).order_by("customer_id")).p_buy
    >>> bool(np.allclose(in_engine, predict(fitted, rows)))
    True
    """
    # Weight, mean and deviation as one slope and one constant keep the expression short.
    slopes = fitted.weights / fitted.deviations
    logit = ibis.literal(fitted.intercept - float(slopes @ fitted.means))
    for name, slope in zip(fitted.columns, slopes, strict=True):
        logit += float(slope) * _in_engine(known[name].cast("float64"), name)
    return known.select("customer_id", p_buy=1 / (1 + (-logit).exp()))


def _transformed(rows: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    values = rows[list(columns)].to_numpy(float)
    plain = np.array([name in PLAIN for name in columns], dtype=bool)
    return np.where(plain, values, np.sign(values) * np.log1p(np.abs(values)))


def _in_engine(value: ir.FloatingValue, name: str) -> ir.FloatingValue:
    return value if name in PLAIN else value.sign() * (value.abs() + 1).ln()
