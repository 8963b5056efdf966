"""Purchases to measure: a shop of seventeen lines, the CDNOW data, and simulated customers."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.measures.contest.holdout import holdout_cells
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.fitting import Fit, fit
from regulars.measures.purchases import customer_summary

# A reader can check the numbers of the tests on these lines, as of 1997-04-15.
SHOP = [
    ("ann", "1997-01-05", 10, "sale", "o1"),
    ("ann", "1997-01-05", 20, "sale", "o1"),
    ("ann", "1997-01-20", 30, "sale", "o2"),
    ("ann", "1997-03-03", 40, "sale", "o3"),
    ("bob", "1997-01-10", 5, "sale", "o4"),  # two orders on one day
    ("bob", "1997-01-10", 5, "sale", "o5"),
    ("cyd", "1997-02-01", 30, "sale", "o6"),
    ("cyd", "1997-02-01", 50, "sale", "o7"),
    ("cyd", "1997-03-01", 80, "sale", "o8"),
    ("dan", "1997-02-14", 0, "sale", "o9"),  # a gift
    ("dan", "1997-04-10", 15, "sale", "o10"),
    ("eve", "1997-02-20", 25, "sale", "o11"),  # a day that nets to zero
    ("eve", "1997-02-20", -25, "return", "r1"),
    ("fay", "1997-03-30", 60, "sale", "o12"),
    ("fay", "1997-04-02", -60, "return", "r2"),  # a day with nothing but a return
    ("gus", "1997-01-15", -10, "return", "r3"),  # never bought
    ("hal", "1997-04-16", 99, "sale", "o13"),  # after the last day known
]

# The usual ten names of the R × F grid.
GRID = [
    {"name": name, "r": r, "f": f, "action": f"do {name}"}
    for name, r, f in [
        ("champions", "5", "4-5"),
        ("loyal", "3-4", "4-5"),
        ("potential_loyalists", "4-5", "2-3"),
        ("new", "5", "1"),
        ("promising", "4", "1"),
        ("need_attention", "3", "3"),
        ("about_to_sleep", "3", "1-2"),
        ("cant_lose_them", "1-2", "5"),
        ("at_risk", "1-2", "3-4"),
        ("hibernating", "1-2", "1-2"),
    ]
]


@pytest.fixture
def shop() -> ir.Table:
    """Seventeen purchase lines of eight people."""
    return purchases_of(SHOP)


@pytest.fixture
def shuffled_shop() -> ir.Table:
    """The same lines in another order."""
    order = np.random.default_rng(7).permutation(len(SHOP))
    return purchases_of([SHOP[place] for place in order])


@pytest.fixture
def grid() -> list[dict]:
    """The usual ten segments."""
    return GRID


@pytest.fixture(scope="session")
def cdnow() -> ir.Table:
    """The CDNOW sample: 6,919 lines of 2,357 customers, 1997-01-01 to 1998-06-30."""
    return _cdnow("CDNOW_sample.txt", ["customer_id", "sample_id", "day", "cds", "dollars"])


@pytest.fixture(scope="session")
def whole_cdnow() -> ir.Table:
    """The whole CDNOW cohort: 69,659 lines of 23,570 customers; the first line is a header."""
    return _cdnow("CDNOW_master.txt", ["customer_id", "day", "cds", "dollars"], header=1)


@pytest.fixture(scope="session")
def cdnow_cells(cdnow: ir.Table) -> pd.DataFrame:
    """The cells of the CDNOW sample at the end of the 39 weeks of calibration."""
    return count_cells(customer_summary(cdnow, as_of="1997-09-30"))


@pytest.fixture(scope="session")
def cdnow_holdout(cdnow: ir.Table) -> pd.DataFrame:
    """The cells of the CDNOW sample with what came in the 39 weeks after."""
    return holdout_cells(cdnow, calibration_end="1997-09-30", as_of="1998-06-30")


@pytest.fixture(scope="session")
def cdnow_fits(cdnow_cells: pd.DataFrame) -> dict[str, Fit]:
    """Both purchase models, fitted on the calibration period."""
    return {model: fit(cdnow_cells, model=model) for model in ("bg_nbd", "mbg_nbd")}


@pytest.fixture
def simulate() -> Callable[..., pd.DataFrame]:
    """Draw the cells of customers whose purchase model is known."""
    return _simulate


def _cdnow(name: str, columns: list[str], *, header: int = 0) -> ir.Table:
    # Found without importing lifetimes, which warns on import.
    package = Path(importlib.util.find_spec("lifetimes").submodule_search_locations[0])
    path = package / "datasets" / name
    raw = pd.read_csv(path, sep=r"\s+", names=columns, skiprows=header, dtype=str)
    days = pd.to_datetime(raw.day, format="%Y%m%d")
    lines = {
        "customer_id": pa.array(raw.customer_id, pa.string()),
        "ordered_at": pa.array(days, pa.timestamp("us")),
        "day": pa.array(days.dt.date, pa.date32()),
        "amount": pa.array(raw.dollars, pa.string()).cast(pa.decimal128(18, 4)),
        "kind": pa.array(["sale"] * len(raw), pa.string()),
        "order_id": pa.nulls(len(raw), pa.string()),
    }
    return ibis.memtable(pa.table(lines))


def _simulate(model: str, params: tuple, *, customers: int, weeks: int, seed: int) -> pd.DataFrame:
    """Let customers buy in continuous time; ages in weeks, spread evenly over the first half."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = params
    rate, stop = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    age = random.integers(weeks // 2, weeks, customers).astype(float)
    alive = random.random(customers) > stop if model == "mbg_nbd" else np.full(customers, True)
    now, last, repeats = np.zeros(customers), np.zeros(customers), np.zeros(customers, int)
    while alive.any():
        now = now + random.exponential(1 / rate)
        alive = alive & (now < age)
        last, repeats = np.where(alive, now, last), repeats + alive
        alive = alive & (random.random(customers) > stop)
    drawn = pd.DataFrame(dict(zip(CELL, (repeats, last, age), strict=True)))
    return drawn.groupby(CELL).size().rename("customers").reset_index()
