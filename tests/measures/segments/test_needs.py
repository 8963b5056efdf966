"""Needs: by hand, with ties, without columns, by group."""

import datetime as dt

import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.segments.baskets import basket_items, sales_between
from regulars.measures.segments.needs import needs, what_is_known

AS_OF = "1997-12-31"
COLUMNS = ["customer_id", "ordered_at", "order_id", "category", "channel", "amount", "quantity"]
COLUMNS += ["discount", "kind"]
LINES = [
    # Tuesday the 7th, Saturday the 11th, Sunday the 12th of January 1997.
    ("ann", "1997-01-07 09:30", "o1", "tea", "web", 10.0, 1.0, 0.0, "sale"),
    ("ann", "1997-01-07 09:30", "o1", "tea", "web", 10.0, 1.0, 0.0, "sale"),
    ("ann", "1997-01-11 10:00", "o2", "jam", "web", 30.0, 1.0, 10.0, "sale"),
    ("ann", "1997-01-12 20:00", "o3", "jam", "store", 30.0, 1.0, 0.0, "sale"),
    ("ann", "1997-01-13 20:00", "o3", "tea", "store", -10.0, -1.0, 0.0, "return"),
    ("bob", "1997-01-07 13:00", "o4", "tea", "store", 40.0, 1.0, 0.0, "sale"),
    ("cyd", "1997-01-07 23:59", "o5", "jam", None, 60.0, 2.0, None, "sale"),
    ("dan", "1998-01-07 13:00", "o6", "jam", "web", 30.0, 1.0, 0.0, "sale"),  # later
    ("eve", "1997-01-07 13:00", "o7", "jam", "web", -5.0, -1.0, 0.0, "return"),  # never bought
]


def purchases(lines=LINES, **changed):
    frame = pd.DataFrame(lines, columns=COLUMNS).assign(unit_price=None, **changed)
    frame["ordered_at"] = pd.to_datetime(frame.ordered_at)
    frame["unit_price"] = frame.unit_price.astype(float)
    return table_of(frame.assign(day=frame.ordered_at.dt.date))


def found_in(table, **keywords):
    return fetch(needs(table, as_of=AS_OF, **keywords).order_by("customer_id")).set_index(
        "customer_id"
    )


def test_needs_by_hand():
    found = found_in(purchases())
    assert found.index.tolist() == ["ann", "bob", "cyd"]
    ann = found.loc["ann"]
    # Orders, not lines: tea in one order (two lines), jam in two.
    assert (ann.orders, ann.category, ann.channel) == (3, "jam", "web")
    assert ann.category_share == pytest.approx(2 / 3)
    assert ann.weekend_share == pytest.approx(2 / 3)
    assert ann.discount_share == pytest.approx(10 / 90)
    assert found.daypart.tolist() == ["morning", "afternoon", "evening"]
    # Tea costs 20 on average, jam 30: ann pays half for tea, bob twice, cyd what is usual.
    assert found.price_ratio.tolist() == pytest.approx([-0.346574, 0.693147, 0.0], abs=1e-6)
    assert found.price_level.tolist() == ["low", "high", "middle"]
    assert pd.isna(found.loc["cyd", "channel"])
    assert pd.isna(found.loc["cyd", "discount_share"])


def test_only_the_period_counts():
    found = found_in(purchases(), since="1997-01-07")
    assert found.index.tolist() == ["ann"]
    assert found.loc["ann", "orders"] == 2


def test_of_equals_the_one_with_more_spend_stands():
    lines = [LINES[0], LINES[3], LINES[5]]
    assert found_in(purchases(lines)).loc["ann", "category"] == "jam"


def test_equal_customers_share_a_price_level():
    lines = [(f"c{k}", *LINES[0][1:2], f"o{k}", *LINES[0][3:]) for k in range(7)]
    assert found_in(purchases(lines)).price_level.unique().tolist() == ["low"]


def test_midnight_everywhere_is_no_time_of_day():
    lines = [(who, at[:10], *rest) for who, at, *rest in LINES]
    assert found_in(purchases(lines)).daypart.isna().all()
    noon = [("fay", "1997-01-07 00:00", "o8", *LINES[0][3:]), *LINES]
    assert found_in(purchases(noon)).loc["fay", "daypart"] == "night"


def test_without_columns_all_but_the_week_is_missing():
    bare = purchases_of([("ann", "1997-01-11", 10), ("bob", "1997-01-07", 20)])
    found = found_in(bare)
    assert found.weekend_share.tolist() == [1, 0]
    others = ["category", "channel", "price_level", "discount_share", "daypart"]
    assert found[others].isna().all(axis=None)
    assert what_is_known(bare).set_index("need").known.to_dict() == {
        **dict.fromkeys(others, False),
        "weekend_share": True,
    }


def test_what_is_known_counts_sale_lines():
    known = what_is_known(purchases()).set_index("need")
    assert known.loc["channel", ["lines", "share"]].tolist() == [6, pytest.approx(6 / 7)]
    assert known.loc["daypart", "lines"] == 7
    assert what_is_known(purchases(LINES[:0])).known.eq(False).all()


def test_a_basket_holds_each_thing_once():
    sales = sales_between(purchases(), as_of=dt.date(1997, 1, 7))
    items = fetch(basket_items(sales).order_by("customer_id"))
    assert items.to_numpy().tolist() == [
        ["ann", "id o1", "tea"],
        ["bob", "id o4", "tea"],
        ["cyd", "id o5", "jam"],
    ]
    assert basket_items(sales_between(purchases(), as_of=AS_OF)).count().to_pyarrow().as_py() == 5
