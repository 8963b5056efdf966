"""Invitations: who is asked in the surveys, and who answers.

Each quarter part of the customers is asked whether they would recommend the shop (nps) and what
they think of its drivers; after some orders, how satisfied they are (csat) or how hard it was
(ces). Two things make those who answer others than those who were asked. The satisfied answer more
often, which no attribute tells. And some households answer less often and see the shop in a worse
light than their satisfaction says, which weighting by household can mend. The latter moves answers
alone, and nothing else a customer does.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.company import DAY, Company
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.orders import Orders
from regulars.data.simulate.people import People, by_household

__all__ = ["CES", "CSAT", "DRIVERS", "NPS", "QUESTIONS", "Invitations", "invitations"]

DRIVERS = tuple(coefficient("driver_weights"))
QUESTIONS = ("nps", "csat", "ces", *(f"driver:{name}" for name in DRIVERS))
NPS, CSAT, CES = 0, 1, 2
ASKED_AFTER = 3 * DAY


@dataclass(frozen=True)
class Invitations:
    """Who was asked what and when; one element an invitation."""

    who: np.ndarray  # index into the block
    question: np.ndarray  # NPS (which brings the drivers along), CSAT or CES
    invited: np.ndarray  # second
    responded: np.ndarray  # second
    answered: np.ndarray  # bool
    shift: np.ndarray  # points that the household adds to the satisfaction an answer speaks of


def invitations(
    company: Company,
    who: People,
    life: Lives,
    *,
    bought: Orders,
    households: pa.ChunkedArray,
    block: int,
) -> Invitations:
    """Ask customers, and let them answer or not; `households` are those they state."""
    rng = company.stream("invitations", block)
    asked = [_each_quarter(company, who, rng), _after_orders(bought, rng)]
    index, question, invited = (np.concatenate(parts) for parts in zip(*asked, strict=True))
    late = invited >= company.end
    index, question, invited = index[~late], question[~late], invited[~late]
    satisfaction = life.at(index, company.month_of(invited))
    odds = coefficient("response_base") + coefficient("satisfaction_on_response") * satisfaction
    odds += by_household("household_on_response", households)[index]
    willing = rng.random(len(index)) < 1 / (1 + np.exp(-odds))
    responded = invited + 60 + (rng.exponential(1.5, len(index)) * DAY).astype("int64")
    answered = willing & (responded < company.end)
    # Two answers of one customer to one question in one second could not be told apart.
    key = (index * len(QUESTIONS) + question) * company.end + responded
    once = np.zeros(len(key), dtype=bool)
    once[np.unique(key, return_index=True)[1]] = True
    shift = by_household("household_on_answers", households)[index]
    return Invitations(index, question, invited, responded, answered & once, shift)


def _each_quarter(
    company: Company, who: People, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = []
    for begins in company.months[1:-1:3]:
        day = begins + 14 + rng.integers(0, 10, len(who))
        reached = rng.random(len(who)) < coefficient("survey_reached")
        picked = np.flatnonzero(reached & (who.signed_up < begins))
        found.append((picked, (day[picked] * DAY).astype("int64") + 10 * 3600))
    index, invited = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return index, np.full(len(index), NPS), invited


def _after_orders(
    bought: Orders, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lot = rng.random(len(bought))
    csat = lot < coefficient("orders_asked_csat")
    ces = ~csat & (lot < coefficient("orders_asked_csat") + coefficient("orders_asked_ces"))
    picked = np.flatnonzero((csat | ces) & ~bought.guest)
    question = np.where(csat[picked], CSAT, CES)
    return bought.who[picked], question, bought.second[picked] + ASKED_AFTER
