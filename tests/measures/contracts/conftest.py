"""Contracts to measure: a few written by hand, and simulated ones whose truth is known."""

import datetime as dt
from collections.abc import Callable

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from regulars.measures.contracts.lives import contract_lives
from regulars.measures.engine import table_of

AS_OF = "2024-06-30"
# customer, began, ended, plan, fee; a reader can check the numbers of the tests on these.
CONTRACTS = [
    ("ann", "2024-01-05", None, "basic", 10.0),  # renewed five times
    ("bob", "2024-01-31", "2024-03-31", "basic", 10.0),  # ended at the second renewal
    ("cyd", "2024-01-31", "2024-02-29", "plus", 20.0),  # at the first: February has no 31st
    ("dan", "2024-01-15", "2024-02-14", "plus", 20.0),  # the day before the first
    ("eve", "2024-01-15", "2024-02-16", "plus", None),  # within the second
    ("fay", "2024-06-20", "2024-06-25", "basic", 10.0),  # within the period now running
    ("gus", "2024-06-30", None, "basic", 0.0),  # today
    ("hal", "2024-03-10", "2024-08-10", "basic", 10.0),  # gave notice, runs
    ("ida", "2024-07-01", None, "basic", 10.0),  # not yet
    ("ann", "2024-02-01", "2024-02-01", None, 10.0),  # a second one, ended the day it began
]


def subscriptions_of(rows: list[tuple]) -> ir.Table:
    names = ["customer_id", "started_at", "ended_at", "plan", "fee"]
    frame = pd.DataFrame(rows, columns=names).astype({"plan": "string", "fee": float})
    return table_of(
        frame.assign(
            started_at=pd.to_datetime(frame.started_at), ended_at=pd.to_datetime(frame.ended_at)
        )
    )


@pytest.fixture
def subscriptions() -> ir.Table:
    return subscriptions_of(CONTRACTS)


@pytest.fixture
def lives(subscriptions: ir.Table) -> ir.Table:
    return contract_lives(subscriptions, as_of=AS_OF)


def counts_of(rng: np.random.Generator, chances: np.ndarray, *, months: int) -> pd.DataFrame:
    """Let contracts begin in any month and end by their own chance, and count them."""
    ages = rng.integers(0, months, len(chances))
    ends = rng.geometric(np.maximum(chances, 1e-9))
    rows = pd.DataFrame({"plan": "a", "periods": np.minimum(ends, ages), "ended": ends <= ages})
    return rows.groupby(["plan", "periods", "ended"]).size().rename("contracts").reset_index()


@pytest.fixture
def simulated() -> Callable[..., pd.DataFrame]:
    return counts_of


def began(rng: np.random.Generator, chances: np.ndarray, *, plans: tuple[str, ...]) -> ir.Table:
    """Let contracts begin in three years before AS_OF, as rows with days."""
    first = np.datetime64("2021-07", "M")
    months = rng.integers(0, 36, len(chances))
    ends = np.minimum(rng.geometric(np.maximum(chances, 1e-9)), 60)
    start = (first + months).astype("datetime64[D]") + rng.integers(0, 28, len(chances))
    over = (first + months + ends).astype("datetime64[D]") + (start - (first + months))
    known = over <= np.datetime64(AS_OF)
    rows = [
        (f"c{number}", str(day), str(end) if seen else None, plans[number % len(plans)], 10.0)
        for number, (day, end, seen) in enumerate(zip(start, over, known, strict=True))
    ]
    return contract_lives(subscriptions_of(rows), as_of=dt.date.fromisoformat(AS_OF))


@pytest.fixture
def begun() -> Callable[..., ir.Table]:
    return began
