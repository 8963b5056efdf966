"""Answers and purchases of a few customers, and of shops whose truth is known."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.measures.examples import purchases_of
from regulars.measures.surveys.answers import answers

# A reader can check the numbers of the tests on these lines, as of 1997-06-30, within 30 days.
BOUGHT = [
    ("ann", "1997-01-05", 10),
    ("ann", "1997-02-10", 30),  # the day of the answer: before it
    ("ann", "1997-02-10", -4, "return"),
    ("ann", "1997-02-20", 20),
    ("ann", "1997-02-25", -5, "return"),
    ("bob", "1997-01-20", 50),
    ("bob", "1997-04-01", 60),  # 50 days after the answer
    ("cyd", "1997-01-02", 15),  # never again
    ("dan", "1997-03-01", 25),  # answered before the first purchase, and once more after it
    ("dan", "1997-03-09", 25),
    ("eve", "1997-01-01", 5),  # answered less than 30 days ago
    ("fay", "1997-01-01", -5, "return"),  # never bought
]
SAID = [
    ("ann", "nps", "1997-02-10 09:00", 9),
    ("ann", "nps", "1997-03-10 09:00", 2),  # not the first
    ("bob", "nps", "1997-02-10 09:00", 6),
    ("cyd", "nps", "1997-02-10 09:00", 0),
    ("dan", "nps", "1997-02-10 09:00", 10),
    ("dan", "nps", "1997-03-04 09:00", 7),
    ("eve", "nps", "1997-06-01 09:00", 9),
    ("fay", "nps", "1997-02-10 09:00", 9),
    ("gus", "nps", "1997-02-10 09:00", 9),  # nobody we know
    (None, "nps", "1997-02-10 09:00", 9),
    ("ann", "csat", "1997-01-06 09:00", 5),
    ("bob", "csat", "1997-02-01 09:00", 3),
]
AS_OF = "1997-06-30"


def surveys_of(rows: list[tuple]) -> ir.Table:
    """Make a table of surveys from (customer_id, question, moment, score)."""
    columns = {
        "customer_id": pa.array([row[0] for row in rows], pa.string()),
        "question": pa.array([row[1] for row in rows], pa.string()),
        "responded_at": pa.array([pd.Timestamp(row[2]) for row in rows], pa.timestamp("us")),
        "score": pa.array([row[3] for row in rows], pa.float64()),
        "scale_max": pa.nulls(len(rows), pa.int64()),
        "channel": pa.array(["mail"] * len(rows), pa.string()),
    }
    return ibis.memtable(pa.table(columns))


@pytest.fixture
def few_purchases() -> ir.Table:
    """Twelve purchase lines of six people."""
    return purchases_of(BOUGHT)


@pytest.fixture
def few_surveys() -> ir.Table:
    """Twelve answers."""
    return surveys_of(SAID)


@pytest.fixture
def said(few_surveys: ir.Table) -> ir.Table:
    """The same, each in its band."""
    return answers(few_surveys, as_of=AS_OF)


@pytest.fixture
def shuffled() -> tuple[ir.Table, ir.Table]:
    """The same answers and purchases in another order."""
    random = np.random.default_rng(7)
    surveys = surveys_of([SAID[place] for place in random.permutation(len(SAID))])
    purchases = purchases_of([BOUGHT[place] for place in random.permutation(len(BOUGHT))])
    return surveys, purchases


@pytest.fixture
def drawn_after() -> Callable[..., pd.DataFrame]:
    """Draw what `after_answers` would say of customers whose truth is known."""
    return _drawn_after


def _drawn_after(*, customers: int, effect: float, seed: int) -> pd.DataFrame:
    """Let promoters wait a shorter time than others, by `effect` in logarithms."""
    random = np.random.default_rng(seed)
    good = random.random(customers) < 0.5
    wait = 1 + random.exponential(60 * np.exp(-effect * good)).astype(int)
    watched = random.integers(90, 300, customers)
    spent = random.lognormal(3, 1, customers)
    frame = {
        "customer_id": [f"c{place}" for place in range(customers)],
        "question": "nps",
        "band": np.where(good, "promoter", "detractor"),
        "waited": np.minimum(wait, watched),
        "observed": wait <= watched,
        "whole": random.random(customers) < 0.8,
        "spend_before": spent,
        "spend_after": spent * random.lognormal(0, 0.3, customers) * np.exp(effect * good),
    }
    return pd.DataFrame(frame)
