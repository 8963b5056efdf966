"""Contracts: the service line, whose renewals follow a shifted beta-geometric, and the pipeline."""

import numpy as np
import pyarrow as pa

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, dates, ids, money
from regulars.data.simulate.company import Company
from regulars.data.simulate.people import YEAR, People

__all__ = ["STAGES", "opportunities", "subscriptions", "won_from"]

PLANS, FEES_CENTS, PLUS_SHARE = ("basic", "plus"), np.array([990, 1990]), 0.35
OPEN_STAGES = tuple(coefficient("stage_passed"))
STAGES = (*OPEN_STAGES, "won", "lost")
WON, LOST = len(OPEN_STAGES), len(OPEN_STAGES) + 1
OWNERS = ("team north", "team south", "team east", "key accounts")
SOURCES = ("fair", "web", "referral", "phone")
LATEST_START = 28  # of a month, so that every month has the day on which a contract is renewed


def subscriptions(company: Company, who: People, block: int) -> pa.Table:
    """Return the rows of the table of subscriptions.

    At each monthly renewal a customer ends the contract with a chance of their own, drawn once
    from a beta (Fader and Hardie 2007).
    """
    rng = company.stream("subscriptions", block)
    n = len(who)
    takes = rng.random(n) < coefficient("subscribers")
    day = who.signed_up + rng.random(n) * (company.days - who.signed_up)
    started = company.day(day)
    month = started.astype("datetime64[M]")
    of_month = np.minimum((started - month.astype("datetime64[D]")).astype(int), LATEST_START - 1)
    started = month.astype("datetime64[D]") + of_month
    ends = rng.beta(coefficient("renewal_alpha"), coefficient("renewal_beta"), n)
    renewals = np.minimum(rng.geometric(np.maximum(ends, 1e-6)), 12 * company.years + 1)
    ended = (month + renewals).astype("datetime64[D]") + of_month
    plan = (rng.random(n) < PLUS_SHARE).astype(int)
    columns = {
        WHO: pa.array(who.number - 1),
        "customer_id": ids(who.number, "C", 6),
        "started_at": dates(started),
        "ended_at": dates(ended, missing=ended >= company.day(np.array(company.days))),
        "plan": choose(PLANS, plan),
        "fee": money(FEES_CENTS[plan]),
    }
    takes &= started >= company.day(who.signed_up)
    return pa.table(columns).filter(pa.array(takes))


def opportunities(company: Company, who: People, *, first: int, block: int) -> pa.Table:
    """Return the rows of the table of opportunities; their numbers count on from `first`.

    An opportunity passes from stage to stage, each with its own chance and time; what has not come
    to an end by the last day stands in the stage it is in.
    """
    rng = company.stream("opportunities", block)
    there = (company.days - who.signed_up) / YEAR
    count = rng.poisson(coefficient("opportunities_a_year") * there) * who.company
    index = np.repeat(np.arange(len(who)), count)
    since = who.signed_up[index]
    created = np.floor(since + rng.random(len(index)) * (company.days - since))
    by_time = np.lexsort((index, created))
    index, created = index[by_time], created[by_time]
    stage, closed = _ways(company, created, rng)
    ended = stage >= WON
    amount = np.rint(100 * np.exp(rng.normal(8.0, 0.7, len(index))))
    number = who.number[index]
    columns = {
        WHO: pa.array(number - 1),
        "opportunity_id": ids(first + np.arange(len(index)), "O", 6),
        "stage": choose(STAGES, stage),
        "created_at": dates(company.day(created)),
        "customer_id": ids(number, "C", 6),
        "owner": choose(OWNERS, rng.integers(0, len(OWNERS), len(index))),
        "channel": choose(SOURCES, rng.integers(0, len(SOURCES), len(index))),
        "amount": money(amount),
        "closed_at": dates(company.day(closed), missing=~ended),
        "won": pa.array(stage == WON, mask=~ended),
    }
    return pa.table(columns)


def _ways(
    company: Company, created: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the stage each opportunity is in on the last day, and the day it was closed."""
    passed = np.array(list(coefficient("stage_passed").values()))
    means = np.array(list(coefficient("stage_days").values()))
    passes = rng.random((len(created), len(passed))) < passed
    left = created[:, None] + np.cumsum(rng.exponential(size=passes.shape) * means, axis=1)
    wins = passes.all(axis=1)
    last = np.where(wins, len(passed) - 1, np.argmin(passes, axis=1))
    closed = left[np.arange(len(created)), last]
    over = closed < company.days
    stands_in = np.minimum((left < company.days).sum(axis=1), len(passed) - 1)
    stage = np.where(over, np.where(wins, WON, LOST), stands_in)
    return stage, np.where(over, closed, 0)


def won_from() -> dict[str, float]:
    """Return the chance that an opportunity that is in a stage is won in the end.

    Examples
    --------
    >>> round(won_from()["lead"], 4)
    0.1638
    """
    passed = list(coefficient("stage_passed").values())
    return {stage: float(np.prod(passed[k:])) for k, stage in enumerate(OPEN_STAGES)}
