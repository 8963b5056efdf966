"""Shops with all the tables the supervised model looks at: one to follow by hand, one simulated."""

import datetime as dt
from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of

FIRST_DAY = dt.date(2022, 1, 1)
DAYS = 900
LAST_DAY = FIRST_DAY + dt.timedelta(days=DAYS)


def at(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days), format="ISO8601"))


@pytest.fixture
def tables() -> dict[str, ir.Table]:
    """Five customers up to 1998-03-31; the tests cut at 1997-12-31."""
    bought = [
        ("ann", "1996-06-01", 10, "sale", "o1", "toys"),
        ("ann", "1997-06-01", 20, "sale", "o2", "books"),
        ("ann", "1997-12-01", 30, "sale", "o3", "books"),
        ("ann", "1997-12-02", -6, "return", "r3", "books"),
        ("bob", "1997-12-31", 50, "sale", "o4", "toys"),
        ("cyd", "1997-01-01", 40, "sale", "o5", "toys"),
        ("cyd", "1996-12-01", 40, "sale", "o6", "toys"),
        ("cyd", "1996-12-05", -40, "return", "r6", "toys"),
        # All below came after the cut.
        ("ann", "1998-01-05", 70, "sale", "o7", "garden"),
        ("bob", "1998-01-06", 80, "sale", "o8", "books"),
        ("bob", "1998-01-07", -80, "return", "r8", "books"),
        ("cyd", "1998-03-31", 90, "sale", "o9", "books"),
        ("dan", "1998-02-01", 10, "sale", "o10", "toys"),
    ]
    plain = purchases_of([row[:5] for row in bought])
    category = ibis.cases(*((plain.order_id == row[4], row[5]) for row in bought))
    return {
        "purchases": plain.mutate(category=category),
        "interactions": table_of(_interactions()),
        "surveys": table_of(_surveys()),
        "subscriptions": table_of(_subscriptions()),
        "campaign_contacts": table_of(_contacts()),
    }


def _interactions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "ann", "bob", "ann", "cyd"],
            "opened_at": at(
                "1997-12-31 23:00",
                "1997-02-01",
                "1996-12-31",
                "1997-12-31 12:00",
                "1998-01-01",
                "1998-02-02",
            ),
            "kind": ["complaint", "complaint", "complaint", "inquiry", "complaint", "complaint"],
            "closed_at": at("1998-01-03", "1997-02-02", "1997-01-01", None, None, None),
            "resolved": [True, True, False, None, None, None],
            "csat": [1.0, 5.0, 4.0, None, None, None],
        }
    )


def _surveys() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "bob", "bob", None, "cyd", "ann", "cyd"],
            "responded_at": at(
                "1997-01-05",
                "1997-11-05",
                "1997-12-31 10:00",
                None,
                "1997-12-30",
                "1997-12-30",
                "1998-01-09",
                "1998-01-10",
            ),
            "question": ["nps", "csat", "nps", "nps", "nps", "ces", "nps", "nps"],
            "score": [10.0, 4.0, 2.0, None, 9.0, 7.0, 0.0, 10.0],
            "scale_max": [10.0, 5.0, None, 10.0, 10.0, 7.0, 10.0, 10.0],
        }
    )


def _subscriptions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "bob", "cyd"],
            "started_at": at("1996-07-01", "1997-07-01", "1997-12-31", "1998-01-01"),
            "ended_at": at("1996-12-31", "1998-01-15", None, None),
        }
    )


def _contacts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "campaign_id": ["k1", "k2", "k2", "k3", "k4", "k4"],
            "customer_id": ["ann", "ann", "bob", "cyd", "ann", "bob"],
            "contacted_at": at(
                "1996-05-01", "1997-12-31 09:00", "1997-12-31", "1997-03-01", "1998-01-01", None
            ),
            "arm": ["treated", "treated", "control", None, "treated", "treated"],
            "responded_at": at(None, "1998-01-02", None, None, None, None),
        }
    )


@pytest.fixture(scope="session")
def simulated() -> Callable[..., dict[str, ir.Table]]:
    """Make purchases and interactions of some hundred customers, of whom complainers may leave."""
    return _simulated


def _simulated(
    *, leaving: float, customers: int = 900, days: int = DAYS, seed: int = 7
) -> dict[str, ir.Table]:
    rng = np.random.default_rng(seed)
    bought, complained = [], []
    for number in range(customers):
        day = rng.integers(0, days // 3)
        ends = day + rng.exponential(1200)
        complaint = rng.uniform(0, days) if rng.uniform() < 0.5 else np.inf
        ends = min(ends, complaint) if rng.uniform() < leaving else ends
        gap = 1 / rng.gamma(2.0, 1 / 120)
        if complaint < days:
            complained.append((f"c{number}", complaint))
        while day <= min(ends, days):
            bought.append((f"c{number}", str(FIRST_DAY + dt.timedelta(days=int(day))), 10))
            day += rng.exponential(gap)
    opened = [pd.Timestamp(FIRST_DAY) + pd.Timedelta(days=int(day)) for _, day in complained]
    interactions = pd.DataFrame(
        {"customer_id": [who for who, _ in complained], "opened_at": opened, "kind": "complaint"}
    )
    return {"purchases": purchases_of(bought), "interactions": table_of(interactions)}
