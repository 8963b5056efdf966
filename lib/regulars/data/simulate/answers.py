"""Answers: what customers say in the surveys, and what they would all have said.

An invitation without an answer is a row too, with neither a score nor a time of response. Who is
asked and who answers is drawn in `regulars.data.simulate.invitations`.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import ndtr

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import COLUMNS, WHO, choose, ids, joined, moments
from regulars.data.simulate.company import Company
from regulars.data.simulate.identifiers import mails, phones
from regulars.data.simulate.invitations import CES, CSAT, DRIVERS, NPS, QUESTIONS, Invitations
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.people import People

__all__ = ["NPS_COLUMNS", "answers", "nps_truth"]

NAMES = [WHO, *COLUMNS["surveys"]]
NPS_COLUMNS = ("nps_invited", "would_recommend", "nps_if_all_answered")
SCALES = np.array([10, 5, 7, 5, 5, 5, 5])
LOWEST = np.array([0, 1, 1, 1, 1, 1, 1])
FIRST_DRIVER = 3
PROMOTER, DETRACTOR = 8.5, 6.5  # from 8.5 on an answer is rounded to 9, below 6.5 to 6
CHANNELS = ("email", "app", "phone", "post")
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


def answers(
    company: Company, who: People, life: Lives, *, asked: Invitations, block: int
) -> pa.Table:
    """Return the rows of the table of surveys, by time: that of the answer, or of the invitation.

    Where the quarterly survey was not answered, one row stands for it, that of nps.
    """
    given = _given(company, who, life, asked=asked, block=block)
    rows = pa.concat_tables([given, _unanswered(company, who, asked, block)])
    when = pc.coalesce(rows["responded_at"], rows["invited_at"])
    return rows.take(np.argsort(when.to_numpy(), kind="stable"))


def _given(
    company: Company, who: People, life: Lives, *, asked: Invitations, block: int
) -> pa.Table:
    """Return the answers by time; those of one survey in the order of its questions."""
    rng = company.stream("answers", block)
    given = np.flatnonzero(asked.answered)
    drivers = _views(company, who, life, asked=asked, block=block)[given]
    satisfaction = _reported(company, life, asked)[given]
    latent = _latent(asked.question[given], satisfaction, drivers, rng=rng)
    row, question = np.nonzero(~np.isnan(latent))
    score = np.clip(np.rint(latent[row, question]), LOWEST[question], SCALES[question])
    order = np.lexsort((question, row, asked.responded[given[row]]))
    row, question, score = row[order], question[order], score[order].astype("int64")
    invitation = given[row]
    number = who.number[asked.who[invitation]]
    channel = rng.integers(0, len(CHANNELS), len(given))[row]
    columns = {
        **_asked(company, who, asked, invitation=invitation, question=question, channel=channel),
        "responded_at": moments(company.moment(asked.responded[invitation])),
        "score": pa.array(score),
        "comment": _comments(number, question, score, rng=rng),
    }
    return pa.table(columns).select(NAMES)


def _asked(
    company: Company,
    who: People,
    asked: Invitations,
    *,
    invitation: np.ndarray,
    question: np.ndarray,
    channel: np.ndarray,
) -> dict[str, pa.Array]:
    """Return the columns that a row has whether it was answered or not."""
    number = who.number[asked.who[invitation]]
    return {
        WHO: pa.array(number - 1),
        "question": choose(QUESTIONS, question),
        "customer_id": ids(number, "C", 6),
        "scale_max": pa.array(SCALES[question]),
        "channel": choose(CHANNELS, channel),
        "invited_at": moments(company.moment(asked.invited[invitation])),
    }


def _unanswered(company: Company, who: People, asked: Invitations, block: int) -> pa.Table:
    rng = company.stream("unanswered", block)
    silent = np.flatnonzero(~asked.answered)
    silent = silent[np.argsort(asked.invited[silent], kind="stable")]
    channel, n = rng.integers(0, len(CHANNELS), len(silent)), len(silent)
    question = asked.question[silent]
    columns = {
        **_asked(company, who, asked, invitation=silent, question=question, channel=channel),
        "responded_at": pa.nulls(n, pa.timestamp("s")),
        "score": pa.nulls(n, pa.int64()),
        "comment": pa.nulls(n, pa.string()),
    }
    return pa.table(columns).select(NAMES)


def nps_truth(
    company: Company, who: People, life: Lives, *, asked: Invitations, block: int
) -> dict[str, pa.Array]:
    """Return what each customer would have answered to all invitations to the quarterly survey.

    Returns
    -------
    dict of str to Array
        ``nps_invited``: how often the customer was asked; ``would_recommend`` (points of 0–10): the
        mean answer before rounding and chance; ``nps_if_all_answered`` (points of −100 to 100):
        100 times the chance of a 9 or 10 less that of 0 to 6. The latter two are means over the
        invitations, and missing for those who were never asked.
    """
    drivers = _views(company, who, life, asked=asked, block=block)
    mean, spread = _recommends(drivers), max(coefficient("nps_noise"), 1e-9)
    net = 100 * (ndtr((mean - PROMOTER) / spread) - ndtr((DETRACTOR - mean) / spread))
    index = asked.who[nps := asked.question == NPS]
    times = np.bincount(index, minlength=len(who))
    found = [
        np.bincount(index, weights=values[nps], minlength=len(who)) / np.maximum(times, 1)
        for values in (mean, net)
    ]
    means = [pa.array(np.round(values, 4), mask=times == 0) for values in found]
    return dict(zip(NPS_COLUMNS, [pa.array(times), *means], strict=True))


def _reported(company: Company, life: Lives, asked: Invitations) -> np.ndarray:
    """Return the satisfaction that the answer to each invitation speaks of, or would speak of."""
    second = np.minimum(asked.responded, company.end - 1)
    return life.at(asked.who, company.month_of(second)) + asked.shift


def _views(
    company: Company, who: People, life: Lives, *, asked: Invitations, block: int
) -> np.ndarray:
    """Return what those asked think of each driver, one row an invitation."""
    own = _own_views(company, len(who), block)[asked.who]
    return _reported(company, life, asked)[:, None] + own


def _recommends(drivers: np.ndarray) -> np.ndarray:
    weights = np.array(list(coefficient("driver_weights").values()))
    return coefficient("nps_base") + coefficient("nps_slope") * (drivers @ weights)


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
    recommends = _recommends(drivers) + coefficient("nps_noise") * noise[:, NPS]
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
