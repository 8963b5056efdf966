"""Money by customer, on lines few enough to add up by hand."""

from decimal import Decimal

import ibis
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.money import customer_money

LINES = [
    ("ann", "2024-01-05", 100, "sale", "A1"),
    ("ann", "2024-01-05", 50, "sale", "A1"),
    ("ann", "2024-02-01", 30, "sale", "A2"),
    ("ann", "2024-02-09", -30, "return", "A2"),
    ("bob", "2024-01-10", 20, "sale", None),
    ("bob", "2024-01-10", 5, "sale", None),
    ("bob", "2024-03-10", 40, "sale", None),
    ("cem", "2024-01-31", 0, "sale", "C1"),
    ("dot", "2024-02-02", -15, "return", "D1"),
]
COSTS = [60, 30, 20, 20, 12, 3, 25, 1, -9]  # some files give a return's cost a sign, some do not
DISCOUNTS = [10, None, 5, 5, None, None, 0, None, None]


def lines(costs: list | None = None) -> ibis.Table:
    purchases = purchases_of(LINES)
    said = {"source_line": range(1, 10), "their_cost": costs or COSTS, "off": DISCOUNTS}
    extra = ibis.memtable(pd.DataFrame(said).astype({"their_cost": "float", "off": "float"}))
    joined = purchases.join(extra, "source_line")
    return joined.mutate(
        cost=joined.their_cost.cast("decimal(18, 4)"), discount=joined.off.cast("decimal(18, 4)")
    ).drop("their_cost", "off")


def money(purchases: ibis.Table, **told: object) -> pd.DataFrame:
    sums = customer_money(purchases, **{"as_of": "2024-12-31", **told})
    return fetch(sums.order_by("customer_id")).set_index("customer_id")


def test_orders_days_and_spend() -> None:
    found = money(lines())
    assert found.orders.to_dict() == {"ann": 2, "bob": 2, "cem": 1, "dot": 0}
    assert found.purchase_days.to_dict() == {"ann": 2, "bob": 2, "cem": 1, "dot": 0}
    assert found.spend.to_dict() == {"ann": 150, "bob": 65, "cem": 0, "dot": -15}
    assert found.sale_lines.to_dict() == {"ann": 3, "bob": 3, "cem": 1, "dot": 0}


def test_a_cost_counts_by_the_line_and_not_by_its_sign() -> None:
    # ann: 180 sold less 110, and a return that gives back 30 and takes 20 of cost with it.
    assert money(lines()).margin.to_dict() == {"ann": 60, "bob": 25, "cem": -1, "dot": -6}


def test_returns_and_discounts() -> None:
    found = money(lines())
    assert found.returned.to_dict() == {"ann": 30, "bob": 0, "cem": 0, "dot": 15}
    assert found.return_lines.to_dict() == {"ann": 1, "bob": 0, "cem": 0, "dot": 1}
    assert found.discount["ann"] == 10  # 10 and 5 given, 5 taken back
    assert found.discount["bob"] == 0
    assert pd.isna(found.discount["cem"])


def test_a_margin_with_an_unknown_cost_is_not_known() -> None:
    found = money(lines([60, None, 20, 20, 12, 3, 25, 1, -9]))
    assert pd.isna(found.margin["ann"])
    assert found.margin["bob"] == 25


def test_a_margin_rate_fills_what_has_no_cost() -> None:
    found = money(lines([60, None, 20, 20, 12, 3, 25, 1, -9]), margin_rate=0.5)
    assert found.margin["ann"] == Decimal(100 - 60 + 25 + 10 - 10)
    assert found.margin["bob"] == 25


def test_a_period_ends_with_its_last_day_and_begins_after_since() -> None:
    found = money(lines(), as_of="2024-02-01", since="2024-01-10")
    assert found.spend.to_dict() == {"ann": 30, "cem": 0}


def test_money_is_exact() -> None:
    many = purchases_of([("ann", "2024-01-05", "0.10")] * 1000)
    assert money(many).spend["ann"] == Decimal("100.0000")
