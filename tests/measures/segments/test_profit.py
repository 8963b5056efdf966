"""Profit: a shop of fourteen lines by hand, what is missing, and properties."""

import datetime as dt
from decimal import Decimal

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.bridge import profit_bridge, whale_curve
from regulars.measures.segments.profit import customer_profit, profit_grades
from regulars.measures.segments.serving import campaign_costs
from regulars.parameters.segments import Costs

AS_OF = "1997-12-31"
MONEY = pa.decimal128(18, 4)
NUMBERS = ["spend", "margin", "contact_cost", "campaign_cost", "return_cost", "profit"]

# Customer, day, amount, kind, cost, discount.
LINES = [
    ("ann", "1997-01-05", 100, "sale", 60, 10),
    ("ann", "1997-02-05", 50, "sale", 30, 0),
    ("ann", "1997-02-09", -50, "return", -30, 0),
    ("bob", "1997-01-10", 20, "sale", 18, 5),
    ("cyd", "1997-03-01", 40, "sale", 36, 0),
    ("dan", "1997-03-02", 10, "sale", 10, 0),
    ("eve", "1997-01-02", -5, "return", 2, 0),  # never bought; the cost without its sign
]
INTERACTIONS = [("ann", "1997-01-06", 3), ("bob", "1997-01-12", None), ("bob", "1997-05-01", 4)]
INTERACTIONS += [("eve", "1997-01-03", 2), ("dan", "1998-01-01", 9)]  # no customer; too late
CAMPAIGNS = [("K1", "1997-02-01", 10), ("K2", "1997-06-01", None), ("K3", "1997-07-01", 7)]
CONTACTS = [  # campaign, customer, arm, day
    ("K1", "ann", "treated", "1997-02-01"),
    ("K1", "bob", None, None),  # no arm: treated; no day: that of the campaign
    ("K1", "cyd", "treated", "1997-02-02"),
    ("K1", "dan", "control", None),
    ("K2", "dan", "treated", "1997-06-01"),
]


def bought(lines=LINES):
    table = purchases_of([line[:4] for line in lines]).to_pyarrow()
    for name, place in (("cost", 4), ("discount", 5)):
        values = [None if line[place] is None else Decimal(str(line[place])) for line in lines]
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pa.array(values, MONEY))
    return ibis.memtable(table)


def money(values):
    return pa.array([None if value is None else Decimal(str(value)) for value in values], MONEY)


def moments(days):
    return pa.array(
        [None if day is None else dt.datetime.fromisoformat(day) for day in days],
        pa.timestamp("us"),
    )


def tables():
    who, opened, costs = zip(*INTERACTIONS, strict=True)
    names, starts, prices = zip(*CAMPAIGNS, strict=True)
    campaign, reached, arm, contacted = zip(*CONTACTS, strict=True)
    begins = pa.array([dt.date.fromisoformat(day) for day in starts])
    frames = {
        "interactions": {
            "customer_id": pa.array(who),
            "opened_at": moments(opened),
            "cost": money(costs),
        },
        "campaigns": {
            "campaign_id": pa.array(names),
            "starts_on": begins,
            "cost": money(prices),
        },
        "campaign_contacts": {
            "campaign_id": pa.array(campaign),
            "customer_id": pa.array(reached),
            "arm": pa.array(arm, pa.string()),
            "contacted_at": moments(contacted),
        },
    }
    return {name: ibis.memtable(pa.table(columns)) for name, columns in frames.items()}


def found_of(profits):
    return fetch(profits).set_index("customer_id").sort_index()


def test_profit_by_hand():
    costs = Costs(contact=1, return_line=2.5)
    found = found_of(customer_profit(bought(), tables(), costs, as_of=AS_OF)[0])
    # 10 among three: 3.3333 each, and the ten-thousandth left over to the first id.
    assert found[NUMBERS].astype(float).to_numpy().tolist() == [
        [100, 40, 3, 3.3334, 2.5, 31.1666],
        [20, 2, 5, 3.3333, 0, -6.3333],
        [40, 4, 0, 3.3333, 0, 0.6667],
        [10, 0, 0, 0, 0, 0],
    ]
    assert found.grade.tolist() == ["good", "bad", "not_good", "not_good"]
    assert found.contacts.tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize(("last_day", "reached", "each"), [(10, 10, 33.3333), (30, 30, 33.3333)])
def test_a_campaign_that_is_not_over_has_cost_only_the_days_so_far(last_day, reached, each):
    """1,000 over 30 days and 30 contacts: a contact costs the same on the 10th as at the end."""
    first = dt.date(1997, 12, 1)
    campaigns = pd.DataFrame(
        {"campaign_id": ["k"], "starts_on": [first], "cost": [Decimal("1000.0000")]}
    ).assign(ends_on=first + dt.timedelta(days=29))
    contacts = pd.DataFrame({"customer_id": [f"c{i:02}" for i in range(30)]}).assign(
        campaign_id="k", arm="treated", contacted_at=pd.date_range(first, periods=30)
    )
    tables = {"campaigns": table_of(campaigns), "campaign_contacts": table_of(contacts)}
    found, _ = campaign_costs(tables, period=(None, first + dt.timedelta(days=last_day - 1)))
    costs = fetch(found).campaign_cost.astype(float)
    assert len(costs) == reached
    assert costs.to_numpy() == pytest.approx(each, abs=2e-4)
    assert costs.sum() == pytest.approx(1000 * last_day / 30, abs=1e-3)


def test_each_part_that_is_not_known_is_said_once():
    _, unknown = customer_profit(bought(), tables(), Costs(), as_of=AS_OF)
    assert [sentence.partition(":")[0] for sentence in unknown] == [
        "What handling a return costs is not known (costs.return_line)",
        "1 of 4 contacts have no cost, and costs.contact does not say what a contact costs",
        "1 of 2 campaigns have no cost",
        "Of 1 campaign nobody is named as treated",
        "10.5\u00a0% of what contacts and campaigns cost went to people who have not bought",
    ]


def test_without_the_cost_of_goods_nothing_is_graded():
    lines = [(*line[:4], None, None) for line in LINES]
    profits, unknown = customer_profit(bought(lines), {}, Costs(), as_of=AS_OF)
    assert "not known for fewer than 10 of 4 customers" in unknown[0]
    assert "list value is the spend" in unknown[1]
    assert "interactions" in unknown[3]
    assert "Campaigns" in unknown[4]
    assert set(found_of(profits).grade) == {"not_known"}
    assert profit_grades(profits) is profit_bridge(profits) is whale_curve(profits) is None


def test_one_customer_without_a_cost_is_left_out_and_counted():
    lines = [*LINES[:-1], ("gus", "1997-04-01", 30, "sale", None, 0)]
    profits, _ = customer_profit(bought(lines), {}, Costs(), as_of=AS_OF)
    grades = profit_grades(profits).set_index("grade")
    assert grades.customers.to_dict() == {"good": 3, "not_good": 1, "bad": 0, "not_known": 1}
    assert np.isnan(grades.profit["not_known"])
    assert "customers" not in profit_bridge(profits)  # with all, it tells how many are not known
    known = Costs(margin_rate=0.5)
    profits, _ = customer_profit(bought(lines), {}, known, as_of=AS_OF)
    assert float(found_of(profits).profit["gus"]) == 15
    assert profit_grades(profits).grade.tolist() == ["good", "not_good", "bad"]


def test_a_period_counts_its_own_money_and_keeps_everybody():
    costs = Costs(contact=1, return_line=2.5)
    profits, _ = customer_profit(bought(), tables(), costs, as_of=AS_OF, since="1997-02-01")
    found = found_of(profits)[NUMBERS].astype(float)
    assert found.loc["ann"].tolist() == [0, 0, 0, 0, 2.5, -2.5]
    assert found.loc["bob"].tolist() == [0, 0, 4, 0, 0, -4]
    assert found.loc["cyd", "campaign_cost"] == 3.3333  # contacted the day after
    before, _ = customer_profit(bought(), tables(), costs, as_of="1997-02-01")
    whole, _ = customer_profit(bought(), tables(), costs, as_of=AS_OF)
    assert found_of(before)[NUMBERS].astype(float).loc["bob"].tolist() == [20, 2, 1, 5, 0, -4]
    assert sorted(found_of(whole).index) == sorted(found.index)


def test_the_bridge_adds_up_to_the_cent():
    costs = Costs(contact=1, return_line=2.5)
    profits, _ = customer_profit(bought(), tables(), costs, as_of=AS_OF)
    bridge = profit_bridge(profits)
    steps = bridge.set_index("step").value
    assert steps.round(4).to_dict() == {
        "list_value": 185,
        "discounts": -15,
        "spend": 170,
        "goods": -124,
        "margin": 46,
        "contacts": -8,
        "campaigns": -10,
        "returns": -2.5,
        "profit": 25.5,
    }
    changes = bridge[bridge.kind == "change"].value.sum()
    assert steps["list_value"] + changes == pytest.approx(steps["profit"], abs=1e-9)


def earning(profits):
    ids = [f"c{place:04}" for place in range(len(profits))]
    return table_of(pd.DataFrame({"customer_id": ids, "profit": [float(one) for one in profits]}))


def test_the_whale_rises_above_all_profit():
    each = [31.0] * 25 + [1.0] * 50 + [-6.0] * 25
    curve = whale_curve(earning(each)).set_index("customers_share")
    assert curve.profit[[0, 0.2, 0.5, 1]].tolist() == [0, 620, 800, 675]
    assert curve.profit.max() == pytest.approx(
        25 * 31 + 45
    )  # at 70 customers, the last point before


def test_no_step_of_the_whale_is_one_person():
    curve = whale_curve(earning(range(120)))
    assert (curve.customers_share.diff().dropna() * 120 >= 10).all()
    assert whale_curve(earning(range(99))) is None


def test_where_all_together_lose_no_shares_are_given():
    curve = whale_curve(earning([1.0, -3.0] * 50))
    assert curve.profit.iloc[-1] == -100
    assert curve.profit_share.isna().all()


@pytest.mark.parametrize(
    ("profit", "grade"), [(0, "not_good"), (10, "good"), (9.9999, "not_good"), (-0.0001, "bad")]
)
def test_a_grade_begins_exactly_where_it_is_said(profit, grade):
    line = ("ann", "1997-01-05", 100, "sale", 100 - profit, 0)
    profits, _ = customer_profit(bought([line]), {}, Costs(good_from=0.1), as_of=AS_OF)
    assert found_of(profits).grade.tolist() == [grade]


orders = st.tuples(
    st.sampled_from("abcde"),
    st.sampled_from(["1997-01-05", "1997-06-01"]),
    st.integers(-30, 60),
    st.integers(0, 40),
)


@settings(max_examples=4, deadline=None)
@given(st.lists(orders, min_size=1, max_size=25), st.sampled_from([None, "1997-03-01"]))
def test_every_customer_has_exactly_one_grade_and_the_bridge_adds_up(drawn, since):
    lines = [
        (who, day, amount, "sale" if amount >= 0 else "return", cost, 0)
        for who, day, amount, cost in drawn
    ]
    purchases, costs = bought(lines), Costs(return_line=1)
    profits, _ = customer_profit(purchases, tables(), costs, as_of=AS_OF, since=since)
    found = fetch(profits)
    profits = ibis.memtable(profits.to_pyarrow())  # worked out once
    everybody = fetch(customer_summary(purchases, as_of=AS_OF))
    assert sorted(found.customer_id) == sorted(everybody.customer_id)
    grades = profit_grades(profits)
    if grades is not None:
        assert grades.customers.sum() == len(found)
        assert found.grade.isin(["good", "not_good", "bad"]).all()
        bridge = profit_bridge(profits)
        steps = bridge.set_index("step").value
        total = steps["list_value"] + bridge[bridge.kind == "change"].value.sum()
        assert total == pytest.approx(float(found.profit.sum()), abs=1e-6)
        assert whale_curve(profits) is None
