"""What the books and the answers say of each month: counted by hand, hidden where few."""

import math

import pandas as pd
import pytest

from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of
from regulars.measures.intervals import wilson
from regulars.measures.surveys.answers import answers
from regulars.measures.surveys.bounds import nps
from regulars.measures.targets import months
from regulars.measures.targets.voices import voice_months

MANY = [f"c{n}" for n in range(20)]


def shop() -> list[tuple]:
    """Twenty new customers in January, who all come again in March; one of them twice a month."""
    lines = [(name, "1997-01-10", 10, "sale", f"a{name}") for name in MANY]
    lines += [(name, "1997-03-20", 30, "sale", f"b{name}") for name in MANY]
    lines += [(name, "1997-03-05", 20, "sale", f"d{name}") for name in MANY[:10]]
    return [*lines, ("c1", "1997-03-06", -15, "return", "r1")]


def wide(found: pd.DataFrame) -> pd.DataFrame:
    return found.pivot_table(index="month", columns="metric", values="value", dropna=False)


def test_months_by_hand():
    found = wide(months.purchase_months(purchases_of(shop()), as_of="1997-03-31"))
    assert found.revenue.tolist() == [200, 0, 785]
    assert found.orders.tolist() == [20, 0, 30]
    assert found.customers.tolist() == [20, 0, 20]
    assert found.new_customers.tolist() == [20, 0, 0]
    assert found.repurchase_rate.iloc[[0, 2]].tolist() == [0, 0.5]
    assert found.value_per_order.iloc[[0, 2]].tolist() == [10, 785 / 30]
    assert math.isnan(found.value_per_order.iloc[1])
    assert found.margin.isna().iloc[[0, 2]].all()  # no line has a cost


def test_a_part_of_each_month_is_counted_alike():
    # By the 15th of 31 days only the second orders of March are there, and their return.
    part = months.month_part("1997-03-15")
    found = wide(months.purchase_months(purchases_of(shop()), as_of="1997-03-15", part=part))
    assert found.revenue.tolist() == [200, 0, 185]
    early = wide(months.purchase_months(purchases_of(shop()), as_of="1997-03-31", part=9 / 31))
    assert early.revenue.tolist()[-1] == 185
    assert pd.Timestamp("1997-01-01") not in early.index[early.revenue > 190]


def test_nothing_after_as_of_is_known():
    early = months.purchase_months(purchases_of(shop()), as_of="1997-02-28")
    until = months.purchase_months(
        purchases_of([line for line in shop() if line[1] < "1997-03"]), as_of="1997-02-28"
    )
    pd.testing.assert_frame_equal(early, until)


def test_a_month_of_few_customers_is_hidden_with_another():
    lines = [*shop(), *[(f"n{n}", "1997-02-05", 5, "sale", f"n{n}") for n in range(4)]]
    found = months.purchase_months(purchases_of(lines), as_of="1997-03-31")
    revenue = found[found.metric == "revenue"]
    assert revenue.hidden.sum() >= 2  # the total of all would give one away
    assert revenue.value[revenue.hidden].isna().all()
    assert found[found.metric == "new_customers"].hidden.all()
    assert found.n[found.hidden].dropna().between(1, 9).sum() == 0


def test_few_new_ones_hide_how_many_bought_but_not_the_money():
    lines = [*shop(), *[(f"n{n}", "1997-03-09", 5, "sale", f"n{n}") for n in range(4)]]
    found = months.purchase_months(purchases_of(lines), as_of="1997-03-31")
    march = found[found.month == "1997-03-01"].set_index("metric")
    assert march.hidden[["customers", "new_customers"]].all()
    assert not march.hidden["revenue"]
    assert march.n.isna().all()  # n would tell as well


def test_complaints_are_counted_from_the_first_contact_on():
    contacts = pd.DataFrame(
        {
            "customer_id": [*MANY, *MANY[:3], "c1"],
            "opened_at": pd.to_datetime(["1997-01-05"] * 20 + ["1997-02-05"] * 3 + ["1997-04-01"]),
            "kind": ["complaint"] * 23 + ["inquiry"],
        }
    )
    found = months.complaint_months(table_of(contacts), as_of="1997-04-30")
    assert found.value.fillna(-1).tolist() == [20, -1, 0, 0]
    assert found.hidden.tolist() == [False, True, False, False]


def test_response_is_told_when_the_last_invitation_had_its_time():
    days = pd.to_datetime(["1997-01-05"] * 40 + ["1997-02-05"] * 40)
    asked = pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(40)] * 2,
            "invited_at": days,
            "day": days,
            "answered": [n % 4 == 0 for n in range(80)],
        }
    )
    told = {"as_of": "1997-03-05", "response_days": 14}
    found = months.response_months(table_of(asked), **told)
    assert found.month.dt.month.tolist() == [1]
    assert found.value.tolist() == [0.25]


def voices(rows: list[tuple[str | None, str, float]]) -> pd.DataFrame:
    names, days, scores = zip(*rows, strict=True)
    surveys = {"customer_id": names, "responded_at": pd.to_datetime(list(days)), "score": scores}
    frame = pd.DataFrame(surveys).assign(question="nps", scale_max=10, channel="email")
    said = answers(table_of(frame.astype({"customer_id": "string"})), as_of="1997-12-31")
    return voice_months(said, as_of="1997-04-30")


def test_each_customer_has_one_voice_a_month_the_newest():
    rows = [(f"c{n}", "1997-01-05", 0) for n in range(40)]
    rows += [(f"c{n}", "1997-01-20", 10) for n in range(30)]
    january = voices(rows).iloc[0]
    expected = nps(30, 0, 10)
    assert (january.value, january.n, january.span) == (expected.value, 40, "month")
    assert (january.low, january.high) == pytest.approx((expected.low, expected.high))


def test_few_answers_of_each_month_are_told_from_three():
    rows = [(f"c{n}", "1997-01-05", 10) for n in range(25)]
    rows += [(f"c{n}", "1997-02-05", 0) for n in range(10)]
    found = voices(rows)
    assert found.span.tolist() == ["elsewhere", "elsewhere", "quarter", "elsewhere"]
    assert found.n.dropna().tolist() == [25]  # ten have a newer answer, and one voice
    assert found.value.dropna().tolist() == [20]


def test_fewer_than_ten_voices_are_hidden_and_anonymous_ones_all_count():
    hidden = voices([(f"c{n}", "1997-01-05", 10) for n in range(9)])
    assert hidden.hidden.tolist() == [False, False, True, False]
    assert hidden[["value", "low", "high", "n"]].isna().all(axis=None)
    assert voices([(None, "1997-01-05", 10)] * 30).n.iloc[0] == 30


def test_csat_and_ces_have_a_share_and_a_mean():
    frame = pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(40)], "score": [5.0] * 30 + [1.0] * 10}
    )
    frame = frame.assign(
        question="csat", scale_max=5, channel="email", responded_at=pd.Timestamp("1997-01-05")
    )
    said = answers(table_of(frame), as_of="1997-01-31")
    found = voice_months(said, as_of="1997-01-31").set_index("metric")
    share = wilson(30, 40)
    assert found.loc["csat", ["value", "low", "high"]].tolist() == pytest.approx(
        [0.75, share.low, share.high]
    )
    assert found.value["csat_mean"] == 4
    assert voice_months(said.filter(said.score > 9), as_of="1997-01-31").empty
