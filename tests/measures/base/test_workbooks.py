"""The lenses on all three workbooks, against the same sums in plain pandas.

CDNOW is always there; the others where somebody has run them.
"""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from regulars.data.store import Store
from regulars.measures.base.changes import change_by_status, customer_changes
from regulars.measures.base.cohorts import cohort_cells
from regulars.measures.base.effects import change_effects
from regulars.measures.base.layers import band_layers, spend_layers
from regulars.measures.base.periods import periods_of
from regulars.measures.purchases import monthly_activity

WORK = Path(__file__).parents[3] / "data" / "work"
BOOKS = {"cdnow": ("1998-06-30", 182), "shop": ("2025-12-31", 365), "journey": ("2017-12-31", 182)}


@pytest.fixture(scope="module", params=BOOKS)
def book(request, tmp_path_factory):
    """Give purchases, as_of and the days of a period; CDNOW from the package that holds it."""
    name = request.param
    path = WORK / name / "clean" / "purchases.parquet"
    store = Store(name, folder=tmp_path_factory.mktemp(name))
    if path.exists():
        return store.engine.read_parquet(str(path)), *BOOKS[name]
    if name != "cdnow":
        pytest.skip(f"the workbook {name} has not been run here: regulars run {name}")
    package = Path(importlib.util.find_spec("lifetimes").submodule_search_locations[0])
    raw = pd.read_csv(package / "datasets" / "CDNOW_sample.txt", sep=r"\s+", header=None, dtype=str)
    frame = pd.DataFrame(
        {
            "customer_id": raw[0],
            "day": pd.to_datetime(raw[2], format="%Y%m%d").dt.date,
            "amount": raw[4].map(Decimal),
            "kind": "sale",
            "order_id": pd.Series([None] * len(raw), dtype="str"),
        }
    )
    return store.write("clean/purchases", frame), *BOOKS[name]


@pytest.fixture(scope="module")
def lines(book):
    """Give the lines known at as_of as a pandas frame, money in ten-thousandths."""
    purchases, as_of, _ = book
    frame = purchases.select("customer_id", "day", "amount", "kind", "order_id").to_pyarrow()
    frame = frame.to_pandas()
    frame["day"] = pd.to_datetime(frame.day)
    frame["units"] = [int(amount * 10_000) for amount in frame.amount]
    frame["order"] = frame.order_id.fillna(frame.day.dt.strftime("day %Y-%m-%d"))
    return frame[frame.day <= pd.Timestamp(as_of)]


def test_lens_2_adds_up_to_the_cent_and_agrees_with_pandas(book, lines):
    purchases, as_of, days = book
    periods = periods_of(purchases, as_of=as_of, period_days=days)
    found = change_by_status(customer_changes(purchases, periods=periods)).set_index("status")
    now = lines[lines.day > pd.Timestamp(periods.since)]
    before = lines[
        (lines.day <= pd.Timestamp(periods.since))
        & (lines.day > pd.Timestamp(periods.since_before))
    ]
    bought = [set(part[part.kind == "sale"].customer_id) for part in (before, now)]
    first = lines[lines.kind == "sale"].groupby("customer_id").day.min()
    fresh = set(first[first > pd.Timestamp(periods.since)].index)
    by_hand = {
        "stayed": bought[0] & bought[1],
        "came_back": bought[1] - bought[0] - fresh,
        "new": fresh,
        "left": bought[0] - bought[1],
    }
    for status, customers in by_hand.items():
        assert found.customers[status] == len(customers)
        for part, name in ((before, "before"), (now, "now")):
            there = part[part.customer_id.isin(customers)]
            there = there[there.customer_id.isin(bought[name == "now"])]
            sales = there[there.kind == "sale"]
            assert found[f"spend_{name}"][status] == Decimal(int(there.units.sum())) / 10_000
            assert found[f"orders_{name}"][status] == len(
                sales[["customer_id", "order"]].drop_duplicates()
            )
    effects = change_effects(found.reset_index()).set_index("effect").change
    total = Decimal(int(now.units.sum() - before.units.sum())) / 10_000
    assert sum(effects.drop("total")) == effects["total"] == total
    assert sum(found.change) == total


def test_lens_5_layers_add_up_to_monthly_spend(book, lines):
    purchases, as_of, _ = book
    layers = spend_layers(purchases, as_of=as_of)
    bands = band_layers(layers, as_of=as_of)
    by_month = lines.groupby(lines.day.dt.to_period("M").dt.to_timestamp()).units.sum()
    activity = monthly_activity(purchases, as_of=as_of).set_index("month")
    for frame in (layers, bands):
        sums = frame.groupby("month").spend.agg(lambda money: sum(money, Decimal(0)))
        assert {month: int(money * 10_000) for month, money in sums.items()} == by_month.to_dict()
        assert sums.astype(float).round(2).tolist() == activity.spend.round(2).tolist()


def test_cohort_cells_agree_with_pandas(book, lines):
    purchases, as_of, _ = book
    cells = cohort_cells(purchases, as_of=as_of)
    sales = lines[lines.kind == "sale"]
    first = sales.groupby("customer_id").day.min().dt.to_period("M")
    known = lines[lines.customer_id.isin(first.index)]
    cohort, month = known.customer_id.map(first), known.day.dt.to_period("M")
    age = (month.dt.year - cohort.dt.year) * 12 + month.dt.month - cohort.dt.month
    known = known.assign(cohort=cohort.dt.to_timestamp(), age=age)
    money = known.groupby(["cohort", "age"]).units.sum() / 10_000
    active = known[known.kind == "sale"].groupby(["cohort", "age"]).customer_id.nunique()
    found = cells.set_index(["cohort", "age"])
    assert found.spend.round(4).to_dict() == money.reindex(found.index).fillna(0).to_dict()
    assert found.active.to_dict() == active.reindex(found.index).fillna(0).to_dict()
