"""Discounting: how many periods a contract is still paid for, those that come later worth less.

Fees are paid at the beginning of a period. Of a running contract the next renewal is on average
half a period away.
"""

from dataclasses import dataclass

import numpy as np

from regulars.measures.contracts.lives import MONTHS
from regulars.measures.contracts.shifted_beta_geometric import survival
from regulars.measures.discount import worth_now

__all__ = ["Terms", "periods_ahead", "periods_to_come"]


@dataclass(frozen=True)
class Terms:
    """How fees to come are counted.

    Parameters
    ----------
    horizon : int
        How many periods ahead.
    every : {"month", "quarter", "year"}
        How long a period is.
    discount_rate : float
        What money loses in worth in a year, as a share.
    margin_rate : float
        What part of a fee is counted; 1 for the fees themselves.
    """

    horizon: int
    every: str = "month"
    discount_rate: float = 0.1
    margin_rate: float = 1.0

    @property
    def kept(self) -> float:
        """What money is worth that comes a period later."""
        return worth_now(self.discount_rate, years=MONTHS[self.every] / 12)

    @property
    def months(self) -> float:
        """What a monthly fee is multiplied with for a period, margin included."""
        return MONTHS[self.every] * self.margin_rate


def periods_ahead(params: tuple, terms: Terms) -> np.ndarray:
    """Return the discounted periods a new contract is paid for within the horizon.

    Parameters
    ----------
    params : tuple
        α and β, or columns of draws of them.
    terms : Terms

    Notes
    -----
    ``Σ S(t) dᵗ`` for t from 0 to the horizon less 1; without horizon it is the discounted expected
    lifetime of Fader & Hardie (2010), Marketing Science 29(1), 85-93, equation 4.

    Examples
    --------
    >>> round(float(periods_ahead((1, 1), Terms(2, "year", 0.0))), 2)  # 1 + 1/2
    1.5
    """
    at = np.arange(terms.horizon)
    return (survival(params, at) * terms.kept**at).sum(axis=-1)


def periods_to_come(
    params: tuple, ages: np.ndarray, terms: Terms, *, gone: np.ndarray | float = 0.0
) -> np.ndarray:
    """Return the discounted periods that running contracts are still paid for in the horizon.

    Parameters
    ----------
    params : tuple
        As for `periods_ahead`.
    ages : array of int
        Whole periods the contracts have lived.
    terms : Terms
    gone : array or float
        Which share of the endings of a period comes before the part of it that each contract has
        already lived (0 to 1); 0 where contracts end on renewal days.

    Notes
    -----
    ``Σ S(n + t) / R(n) d^(t − ½)`` for t from 1 to the horizon, where ``R(n) = S(n) − g (S(n) −
    S(n + 1))`` still run when the share g of the endings of the period has come; it grows with the
    age n, as those who are still there are more and more the loyal ones.

    Examples
    --------
    >>> periods_to_come((1, 1), np.array([0, 8]), Terms(1, "year", 0.0)).round(2).tolist()
    [0.5, 0.9]
    >>> periods_to_come((1, 1), np.array([0]), Terms(1, "year", 0.0), gone=.5).round(2).tolist()
    [0.67]
    """
    at = np.arange(int(np.max(ages, initial=0)) + terms.horizon + 1)
    alive = survival(params, at)
    paid = np.cumsum(alive * terms.kept**at, axis=-1)
    later = paid[..., ages + terms.horizon] - paid[..., ages]
    running = alive[..., ages] * (1 - gone) + alive[..., ages + 1] * gone
    return later / (running * terms.kept ** (ages + 0.5))
