"""Answers: who is asked in the surveys, who answers, and what they say.

Each quarter part of the customers is asked whether they would recommend the shop (nps) and what
they think of its drivers; after some orders, how satisfied they are (csat) or how hard it was
(ces). The satisfied answer more often, so the mean of the answers lies above the customers' mean.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, ids, joined, moments
from regulars.data.simulate.company import DAY, Company
from regulars.data.simulate.identifiers import mails, phones
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.orders import Orders
from regulars.data.simulate.people import People

__all__ = ["QUESTIONS", "Invitations", "answers", "invitations"]

DRIVERS = tuple(coefficient("driver_weights"))
QUESTIONS = ("nps", "csat", "ces", *(f"driver:{name}" for name in DRIVERS))
SCALES = np.array([10, 5, 7, 5, 5, 5, 5])
LOWEST = np.array([0, 1, 1, 1, 1, 1, 1])
NPS, CSAT, CES, FIRST_DRIVER = 0, 1, 2, 3
CHANNELS = ("email", "app", "phone", "post")
ASKED_AFTER = 3 * DAY
GOOD = (
    "Always a pleasure to shop here.",
    "Quick delivery, well packed.",
    "Friendly staff, thank you!",
    "Good quality for the price.",
    "质量很好，会再来。",
)
BAD = (
    "Waited too long for an answer.",
    "The parcel came late, and one item was broken.",
    "Too expensive for what it is.",
    "Nobody called me back.",
    "等了很久，没有人回复。",
)


@dataclass(frozen=True)
class Invitations:
    """Who was asked what and when; one element an invitation."""

    who: np.ndarray  # index into the block
    question: np.ndarray  # NPS (which brings the drivers along), CSAT or CES
    invited: np.ndarray  # second
    responded: np.ndarray  # second
    answered: np.ndarray  # bool


def invitations(
    company: Company, who: People, life: Lives, *, bought: Orders, block: int
) -> Invitations:
    """Ask customers, and let them answer or not."""
    rng = company.stream("invitations", block)
    asked = [_each_quarter(company, who, rng), _after_orders(bought, rng)]
    index, question, invited = (np.concatenate(parts) for parts in zip(*asked, strict=True))
    late = invited >= company.end
    index, question, invited = index[~late], question[~late], invited[~late]
    satisfaction = life.at(index, company.month_of(invited))
    odds = coefficient("response_base") + coefficient("satisfaction_on_response") * satisfaction
    willing = rng.random(len(index)) < 1 / (1 + np.exp(-odds))
    responded = invited + 60 + (rng.exponential(1.5, len(index)) * DAY).astype("int64")
    answered = willing & (responded < company.end)
    # Two answers of one customer to one question in one second could not be told apart.
    key = (index * len(QUESTIONS) + question) * company.end + responded
    once = np.zeros(len(key), dtype=bool)
    once[np.unique(key, return_index=True)[1]] = True
    return Invitations(index, question, invited, responded, answered & once)


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


def answers(
    company: Company, who: People, life: Lives, *, asked: Invitations, block: int
) -> pa.Table:
    """Return the rows of the table of surveys, by time."""
    rng = company.stream("answers", block)
    given = np.flatnonzero(asked.answered)
    satisfaction = life.at(asked.who[given], company.month_of(asked.responded[given]))
    drivers = satisfaction[:, None] + _own_views(company, len(who), block)[asked.who[given]]
    latent = _latent(asked.question[given], satisfaction, drivers, rng=rng)
    row, question = np.nonzero(~np.isnan(latent))
    score = np.clip(np.rint(latent[row, question]), LOWEST[question], SCALES[question])
    order = np.lexsort((question, row, asked.responded[given[row]]))
    row, question, score = row[order], question[order], score[order].astype("int64")
    invitation = given[row]
    number = who.number[asked.who[invitation]]
    channel = rng.integers(0, len(CHANNELS), len(given))[row]
    columns = {
        WHO: pa.array(number - 1),
        "responded_at": moments(company.moment(asked.responded[invitation])),
        "question": choose(QUESTIONS, question),
        "score": pa.array(score),
        "customer_id": ids(number, "C", 6),
        "scale_max": pa.array(SCALES[question]),
        "channel": choose(CHANNELS, channel),
        "invited_at": moments(company.moment(asked.invited[invitation])),
        "comment": _comments(number, question, score, rng=rng),
    }
    return pa.table(columns)


def _own_views(company: Company, n: int, block: int) -> np.ndarray:
    """How each customer sees each driver beside the general satisfaction, lasting."""
    rng = company.stream("drivers", block)
    return rng.normal(0, coefficient("driver_own_sd"), (n, len(DRIVERS)))


def _latent(
    question: np.ndarray, satisfaction: np.ndarray, drivers: np.ndarray, *, rng: np.random.Generator
) -> np.ndarray:
    """Return the answers before rounding, one column a question; missing where not asked."""
    noise = rng.normal(size=(len(question), len(QUESTIONS)))
    latent = np.full(noise.shape, np.nan)
    weights = np.array(list(coefficient("driver_weights").values()))
    base, slope, spread = (coefficient(f"nps_{part}") for part in ("base", "slope", "noise"))
    recommends = base + slope * (drivers @ weights) + spread * noise[:, NPS]
    latent[:, NPS] = np.where(question == NPS, recommends, np.nan)
    for column, name in ((CSAT, "csat_line"), (CES, "ces_line")):
        base, slope, spread = coefficient(name)
        said = base + slope * satisfaction + spread * noise[:, column]
        latent[:, column] = np.where(question == column, said, np.nan)
    base, slope, spread = coefficient("driver_line")
    said = base + slope * drivers + spread * noise[:, FIRST_DRIVER:]
    latent[:, FIRST_DRIVER:] = np.where((question == NPS)[:, None], said, np.nan)
    return latent


def _comments(
    number: np.ndarray, question: np.ndarray, score: np.ndarray, *, rng: np.random.Generator
) -> pa.Array:
    """Write a sentence to some NPS answers; a few of them say how to reach the customer."""
    n = len(number)
    which = rng.integers(0, len(GOOD), n)
    said = pc.if_else(pa.array(score >= 7), choose(GOOD, which), choose(BAD, which))
    reach = pc.if_else(
        pa.array(rng.random(n) < 0.5), phones(rng.random(n) < 0.2, rng), mails(number, rng)
    )
    wants = rng.random(n) < coefficient("comments_with_contact")
    said = pc.if_else(pa.array(wants), joined(said, " Reach me: ", reach), said)
    writes = (question == NPS) & (rng.random(n) < coefficient("comments"))
    return pc.if_else(pa.array(writes), said, pa.scalar(None, pa.string()))
