"""Interactions: complaints as the lives have them, and inquiries, suggestions, returns and care."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from regulars.data.simulate.coefficients import coefficient
from regulars.data.simulate.columns import WHO, choose, ids, moments, money
from regulars.data.simulate.company import BLOCK, DAY, Company
from regulars.data.simulate.lines import RETURN, Lines
from regulars.data.simulate.lives import Lives
from regulars.data.simulate.orders import Orders
from regulars.data.simulate.people import YEAR, People

__all__ = ["interactions"]

KINDS = ("complaint", "return", *coefficient("contacts_a_year"))
COMPLAINT, RETURNING = 0, 1
TOPICS = ("delivery", "quality", "price", "service", "account", "product")
CHANNELS = ("email", "phone", "chat", "store")
REPLY_HOURS = (2.0, 14.0)  # means, when it is resolved in the end and when it is not
CLOSE_DAYS = (1.5, 6.0)
CSAT_SHARE, CSAT_BASE = 0.4, (2.2, 4.1)
EASILY_RESOLVED = 0.93  # share, of what is no complaint


@dataclass(frozen=True)
class Opened:
    """Contacts as they are opened; one element a contact."""

    who: np.ndarray
    second: np.ndarray
    kind: np.ndarray
    resolved: np.ndarray


def interactions(
    company: Company, who: People, life: Lives, *, bought: Orders, made: Lines, block: int
) -> pa.Table:
    """Return the rows of the table of interactions, by time."""
    rng = company.stream("interactions", block)
    parts = [
        _complaints(life),
        _returns(bought, made, rng),
        *(_others(company, who, life, kind=k, rng=rng) for k in range(RETURNING + 1, len(KINDS))),
    ]
    opened = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    return _rows(company, who, _once(company, *opened), rng=rng)


def _complaints(life: Lives) -> tuple[np.ndarray, ...]:
    kind = np.full(len(life.complainer), COMPLAINT)
    return life.complainer, life.complained, kind, life.resolved


def _returns(bought: Orders, made: Lines, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Announce some returns, an hour to a day before the goods are back."""
    announced = rng.random(len(made)) < coefficient("returns_announced")
    back = np.flatnonzero((made.kind == RETURN) & announced & ~bought.guest[made.order])
    second = made.second[back] - rng.integers(3600, DAY, len(back))
    resolved = rng.random(len(back)) < EASILY_RESOLVED
    return bought.who[made.order[back]], second, np.full(len(back), RETURNING), resolved


def _others(
    company: Company, who: People, life: Lives, *, kind: int, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    there = np.minimum(life.dropout, company.days) - who.signed_up
    rate = coefficient("contacts_a_year")[KINDS[kind]] / YEAR
    index = np.repeat(np.arange(len(who)), rng.poisson(rate * there))
    day = who.signed_up[index] + rng.random(len(index)) * there[index]
    resolved = rng.random(len(index)) < EASILY_RESOLVED
    return index, (day * DAY).astype("int64"), np.full(len(index), kind), resolved


def _once(company: Company, *columns: np.ndarray) -> Opened:
    """Keep one contact of a customer, kind and second, and bring them in the order of time."""
    opened = Opened(*columns)
    key = (opened.second * BLOCK + opened.who) * len(KINDS) + opened.kind
    _, kept = np.unique(key, return_index=True)
    kept = kept[opened.second[kept] < company.end]
    return Opened(*(column[kept] for column in columns))


def _rows(company: Company, who: People, opened: Opened, *, rng: np.random.Generator) -> pa.Table:
    n = len(opened.who)
    number = who.number[opened.who]
    slow = (~opened.resolved).astype(int)
    reply = opened.second + 60 + _drawn(np.array(REPLY_HOURS)[slow] * 3600, rng)
    closed = reply + 60 + _drawn(np.array(CLOSE_DAYS)[slow] * DAY, rng)
    still_open = closed >= company.end
    minutes = np.where(opened.kind == COMPLAINT, 25, 8) * rng.gamma(2.0, 0.5, n)
    base = np.array(CSAT_BASE)[opened.resolved.astype(int)]
    csat = np.clip(np.rint(base + 0.8 * rng.normal(size=n)), 1, 5).astype("int64")
    silent = still_open | (rng.random(n) >= CSAT_SHARE)
    columns = {
        WHO: pa.array(number - 1),
        "customer_id": ids(number, "C", 6),
        "opened_at": moments(company.moment(opened.second)),
        "kind": choose(KINDS, opened.kind),
        "topic": choose(TOPICS, rng.integers(0, len(TOPICS), n)),
        "channel": choose(CHANNELS, rng.integers(0, len(CHANNELS), n)),
        "first_reply_at": moments(company.moment(reply), missing=reply >= company.end),
        "closed_at": moments(company.moment(closed), missing=still_open),
        "resolved": pa.array(opened.resolved, mask=still_open),
        "cost": money(np.rint(minutes * 75)),
        "csat": pa.array(csat, mask=silent),
    }
    return pa.table(columns)


def _drawn(means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (rng.exponential(size=len(means)) * means).astype("int64")
