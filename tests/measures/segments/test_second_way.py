"""A second way: summary, scores and deciles of whole workbooks in plain pandas, every customer."""

import importlib.util
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars import paths
from regulars.errors import collect_doubts
from regulars.measures.base.deciles import deciles, with_decile
from regulars.measures.engine import fetch
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.rfm import name_segments, rfm_scores

UNITS = 10_000  # in a unit of money: whole numbers add up without rounding
MEASURES = {"r": "days_since_last", "f": "orders", "m": "spend"}


@pytest.fixture(scope="module")
def cdnow_lines():
    """The lines of CDNOW, read from the package's file by pandas alone."""
    package = Path(importlib.util.find_spec("lifetimes").submodule_search_locations[0])
    names = ["customer_id", "sample", "day", "cds", "dollars"]
    file = package / "datasets" / "CDNOW_sample.txt"
    rows = pd.read_csv(file, sep=r"\s+", names=names, dtype={"customer_id": str, "day": str})
    rows["day"] = pd.to_datetime(rows.day, format="%Y%m%d")
    order = rows.day.dt.strftime("%Y%m%d")  # no order ids: a day is an order
    units = (rows.dollars * UNITS).round().astype("int64")
    return rows[["customer_id", "day"]].assign(order=order, units=units, is_sale=True)


@pytest.fixture(scope="module")
def journey_file():
    """The cleaned purchases of the workbook journey, if it has been made here."""
    file = paths.work("journey") / "clean" / "purchases.parquet"
    if not file.exists():
        pytest.skip("the workbook journey has not been made here; make journey does it")
    return file


def journey_lines(file):
    columns = ["customer_id", "day", "order_id", "amount", "kind"]
    table = pq.read_table(file, columns=columns)
    units = pc.cast(pc.multiply(pc.cast(table["amount"], "float64"), UNITS), "float64")
    return pd.DataFrame(
        {
            "customer_id": table["customer_id"].to_pandas(),
            "day": pd.to_datetime(table["day"].to_pandas()),
            "order": table["order_id"].to_pandas(),
            "units": units.to_numpy().round().astype("int64"),
            "is_sale": pc.equal(table["kind"], "sale").to_numpy(),
        }
    )


def summary_in_pandas(lines, as_of):
    sales = lines[lines.is_sale].groupby("customer_id")
    first, last = sales.day.min(), sales.day.max()
    return pd.DataFrame(
        {
            "repeat_days": sales.day.nunique() - 1,
            "recency_age": (last - first).dt.days,
            "age": (pd.Timestamp(as_of) - first).dt.days,
            "days_since_last": (pd.Timestamp(as_of) - last).dt.days,
            "orders": sales.order.nunique(),
            "spend": lines.groupby("customer_id").units.sum().loc[first.index],
        }
    ).sort_index()


def scores_in_pandas(frame):
    """Count, for each customer, the cut points below; a cut point is a value of a sorted list."""
    found = {}
    for score, measure in MEASURES.items():
        ordered = np.sort(frame[measure].to_numpy())
        cuts = [ordered[-(-len(ordered) * step // 5) - 1] for step in range(1, 5)]
        below = sum((frame[measure] > cut).astype(int) for cut in cuts)
        found[score] = 5 - below if score == "r" else 1 + below
    return pd.DataFrame(found)


def deciles_in_pandas(frame):
    ordered = frame.rename_axis("id").reset_index().sort_values(["spend", "id"])
    ordered = ordered.sort_values("spend", ascending=False, kind="stable")
    return pd.Series(np.arange(len(ordered)) * 10 // len(ordered) + 1, index=ordered.id)


def check(purchases, lines, as_of, grid):
    customers = customer_summary(purchases, as_of=as_of)
    with collect_doubts():
        scored, _ = rfm_scores(customers)
    found = fetch(name_segments(scored, grid)).set_index("customer_id").sort_index()
    found["spend"] = [int(money * UNITS) for money in found.spend]
    expected = summary_in_pandas(lines, as_of)
    assert found.index.tolist() == expected.index.tolist()
    for name in expected.columns:
        assert found[name].tolist() == expected[name].tolist(), name
    scores = scores_in_pandas(expected)
    for name in scores.columns:
        assert found[name].tolist() == scores[name].tolist(), name
    names = {
        (r, f): cell["name"]
        for cell in grid
        for r in range(int(cell["r"][0]), int(cell["r"][-1]) + 1)
        for f in range(int(cell["f"][0]), int(cell["f"][-1]) + 1)
    }
    segments = [names[pair] for pair in zip(scores.r, scores.f, strict=True)]
    assert found.segment.tolist() == segments
    tenths = deciles_in_pandas(expected)
    placed = fetch(with_decile(customers)).set_index("customer_id").decile.sort_index()
    assert placed.tolist() == tenths.sort_index().tolist()
    sums = expected.spend.groupby(tenths).sum() / UNITS
    assert deciles(customers).spend.tolist() == pytest.approx(sums.tolist())
    return len(found)


def test_cdnow(cdnow, cdnow_lines, grid):
    assert check(cdnow, cdnow_lines, "1998-06-30", grid) == 2357
    assert check(cdnow, cdnow_lines[cdnow_lines.day <= "1997-09-30"], "1997-09-30", grid) == 2357


def test_journey(journey_file, grid):
    purchases = ibis.duckdb.connect().read_parquet(str(journey_file))
    assert check(purchases, journey_lines(journey_file), "2017-12-31", grid) == 2469


def test_a_line_more_in_pandas_is_seen(cdnow, cdnow_lines, grid):
    one_more = cdnow_lines.iloc[[0]].assign(units=1)
    with pytest.raises(AssertionError, match="spend"):
        check(cdnow, pd.concat([cdnow_lines, one_more]), "1998-06-30", grid)
