"""Lives: how satisfied a customer is from month to month, when they complain, when they leave.

Satisfaction is a level of the customer's own plus a swing, an AR(1) over the months. It drives the
chance of complaints and the dropout rate; a complaint, resolved or not, moves next month's swing.
A customer leaves when the integral of the dropout rate reaches an exponential draw, so with
constant satisfaction the time to leave is exponential, as in the Pareto/NBD model.
"""

from dataclasses import dataclass

import numpy as np

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.company import DAY, Company
from regulars.data.simulate.people import People

__all__ = ["Lives", "lives"]


@dataclass(frozen=True)
class Lives:
    """What becomes of a block of customers."""

    dropout: np.ndarray  # day, infinite for those still there
    satisfaction: np.ndarray  # customers x months
    complainer: np.ndarray  # who complains, an index into the block, one a complaint
    complained: np.ndarray  # second
    resolved: np.ndarray  # bool

    def at(self, who: np.ndarray, months: np.ndarray) -> np.ndarray:
        """Return the satisfaction of customers in months."""
        return self.satisfaction[who, months]


def lives(company: Company, who: People, block: int) -> Lives:
    """Live through all months."""
    rng = company.stream("lives", block)
    n, months = len(who), len(company.months) - 1
    draws = _draws(rng, n, months)
    swing = draws["start"]
    hazard, dropout = np.zeros(n), np.full(n, np.inf)
    path = np.empty((n, months))
    complained = np.zeros((n, months), dtype=bool)
    for month in range(months):
        path[:, month] = who.level + swing
        begins, ends = company.months[month], company.months[month + 1]
        since = np.clip(who.signed_up, begins, ends)
        rate = who.dropout_rate * np.exp(coefficient("satisfaction_on_dropout") * path[:, month])
        step = rate * (ends - since)
        leaves = (hazard < draws["patience"]) & (hazard + step >= draws["patience"])
        dropout[leaves] = since[leaves] + ((draws["patience"] - hazard) / rate)[leaves]
        hazard += step
        day = begins + draws["day"][:, month] * (ends - begins)
        there = (day >= who.signed_up + 1) & (day < dropout)
        complained[:, month] = there & (draws["cause"][:, month] < _chance(path[:, month]))
        swing = _next(swing, draws, month) + _moved(complained[:, month], draws, month)
    return Lives(dropout, path, *_complaints(company, complained, draws))


def _draws(rng: np.random.Generator, n: int, months: int) -> dict[str, np.ndarray]:
    return {
        "start": rng.normal(0, coefficient("satisfaction_swing_sd"), n),
        "patience": rng.exponential(size=n),
        "noise": rng.normal(size=(n, months)),
        "day": rng.random((n, months)),
        "cause": rng.random((n, months)),
        "resolved": rng.random((n, months)) < coefficient("complaints_resolved"),
    }


def _chance(satisfaction: np.ndarray) -> np.ndarray:
    slope = coefficient("satisfaction_on_complaints")
    return np.minimum(coefficient("complaints_base") * np.exp(slope * satisfaction), 0.5)


def _next(swing: np.ndarray, draws: dict[str, np.ndarray], month: int) -> np.ndarray:
    carry = coefficient("satisfaction_carry")
    spread = coefficient("satisfaction_swing_sd") * np.sqrt(1 - carry**2)
    return carry * swing + spread * draws["noise"][:, month]


def _moved(complained: np.ndarray, draws: dict[str, np.ndarray], month: int) -> np.ndarray:
    effect = np.where(
        draws["resolved"][:, month],
        coefficient("resolved_effect"),
        coefficient("unresolved_effect"),
    )
    return complained * effect


def _complaints(
    company: Company, complained: np.ndarray, draws: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    who, month = np.nonzero(complained)
    length = np.diff(company.months)[month]
    day = company.months[month] + draws["day"][who, month] * length
    return who, (day * DAY).astype("int64"), draws["resolved"][who, month]
