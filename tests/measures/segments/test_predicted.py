"""Predicted value: what a day is worth by hand and by simulation, and who may speak."""

import datetime as dt
import re

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.errors import ModelError
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.scores import score
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.day_value import day_value
from regulars.measures.segments.predicted import predicted_value

AS_OF = "1997-12-31"


def days_of(worth):
    """Make a line a day: customer, and what each of its days is worth."""
    return purchases_of(
        (who, str(dt.date(1997, 1, 1) + dt.timedelta(days=place)), value)
        for who, values in worth.items()
        for place, value in enumerate(values)
    )


def straub(worth):
    """Return mean and k as Bühlmann and Straub write them, customer by customer."""
    n = np.array([len(values) for values in worth.values()], float)
    means = np.array([np.mean(values) for values in worth.values()])
    inside = sum(((np.array(v) - np.mean(v)) ** 2).sum() for v in worth.values())
    within = inside / (n - 1).sum()
    mean = (n * means).sum() / n.sum()
    between = (n * (means - mean) ** 2).sum() - (len(n) - 1) * within
    between /= n.sum() - (n**2).sum() / n.sum()
    belief = n / (n + within / between)
    return (belief * means).sum() / belief.sum(), within / between


def test_the_value_of_a_day_by_the_books_formula():
    worth = {"ann": [10, 14, 9], "bob": [40, 30], "cyd": [22], "dan": [5, 6, 4, 9], "eve": [18, 30]}
    found = day_value(days_of(worth), as_of=AS_OF)
    assert (found.mean, found.needed) == pytest.approx(straub(worth))


def test_what_comes_back_on_other_days_is_taken_off_everybody():
    lines = [
        ("ann", "1997-01-05", 60),
        ("bob", "1997-01-06", 40),
        ("ann", "1997-02-01", -25, "return"),
    ]
    found = day_value(purchases_of(lines), as_of=AS_OF)
    assert found.kept == 0.75
    assert found.mean == 50


def test_customers_who_do_not_differ_are_all_believed_to_be_average():
    found = day_value(days_of({"ann": [10, 30], "bob": [30, 10], "cyd": [20]}), as_of=AS_OF)
    assert found.needed == float("inf")
    assert found.mean == 20
    assert day_value(days_of({"ann": [10]}), as_of=AS_OF).needed == float("inf")


def test_nobody_has_no_value():
    with pytest.raises(ModelError, match="Nobody has bought"):
        day_value(purchases_of([("ann", "1997-01-05", -5, "return")]), as_of=AS_OF)


def simulated(customers, seed=5):
    """Draw customers of the Gamma-Gamma model (p 6, q 4, γ 15) who buy until they leave."""
    random = np.random.default_rng(seed)
    stays = np.minimum(random.exponential(150, customers), 364)
    count = 1 + random.poisson(random.gamma(1.0, 1 / 40, customers) * stays)
    who = np.repeat(np.arange(customers), count)
    day = (random.random(len(who)) * stays[who]).astype(int)
    scale = random.gamma(4.0, 1 / 15, customers)
    amount = random.gamma(6.0, 1 / scale[who])
    start = np.datetime64("1997-01-01")
    lines = pd.DataFrame({"who": who, "day": start + day, "amount": amount.round(2)})
    lines = lines.drop_duplicates(["who", "day"])
    n = len(lines)
    columns = {
        "customer_id": pa.array([f"c{one:04}" for one in lines.who]),
        "day": pa.array(lines.day.to_numpy().astype("datetime64[D]")),
        "amount": pa.array([str(one) for one in lines.amount]).cast(pa.decimal128(18, 4)),
        "kind": pa.array(["sale"] * n),
        "order_id": pa.nulls(n, pa.string()),
    }
    return ibis.memtable(pa.table(columns))


def test_the_days_needed_are_those_of_the_gamma_gamma_model():
    found = day_value(simulated(4000), as_of=AS_OF)
    assert found.mean == pytest.approx(6 * 15 / 3, rel=0.03)
    assert found.needed == pytest.approx((4 - 1) / 6, rel=0.25)
    assert abs(found.correlation) < 0.1


@pytest.fixture(scope="module")
def predicted(cdnow):
    return predicted_value(cdnow, as_of="1998-06-30", horizon_days=365, holdout_days=273)


def test_a_prediction_is_the_days_to_come_times_the_value_of_one(cdnow, predicted):
    customers = customer_summary(cdnow, as_of="1998-06-30")
    cells = count_cells(customers)
    scored = score(fit(cells, model="mbg_nbd"), cells, horizon_days=365)
    plain = fetch(customers).merge(scored.drop(columns="customers"))
    n, day = plain.repeat_days + 1, predicted.day
    money = (plain.spend.astype(float) + day.needed * day.mean) / (n + day.needed)
    plain["expected"] = plain.expected_purchases * money * day.kept
    found = fetch(predicted.customers).merge(plain, on="customer_id")
    assert len(found) == len(plain) == 2357
    assert found.predicted_spend.astype(float).to_numpy() == pytest.approx(
        found.expected.to_numpy(), abs=1e-4
    )


def test_every_customer_is_predicted_once(predicted):
    found = fetch(predicted.customers)
    assert predicted.withheld is None
    assert found.customer_id.is_unique
    assert (found.predicted_spend >= 0).all()
    # Computed here: 34.29 a day, and 2.6 days count as much as the base.
    assert predicted.day.mean == pytest.approx(34.29, abs=0.01)
    assert predicted.day.needed == pytest.approx(2.64, abs=0.01)


def test_where_no_model_beats_the_rules_nothing_is_predicted():
    # Everybody comes every 30 days: the past rate is right, and no model can err less.
    lines = [
        (f"c{who:03}", str(dt.date(1996, 1, 1) + dt.timedelta(days=who % 30 + 30 * k)), 10)
        for who in range(120)
        for k in range(24)
    ]
    found = predicted_value(
        purchases_of(lines), as_of="1997-11-30", horizon_days=90, holdout_days=180
    )
    assert found.customers is None
    assert found.withheld.startswith("Nobody's value is predicted. No purchase model")
    assert not found.judged.speaks


def prices(before, after, *, last=550):
    """Let customers buy for two years, at one price until a day and at another after it."""
    random = np.random.default_rng(2)
    lines = []
    for who in range(600):
        rate, day = np.exp(random.normal(-4, 1)), random.uniform(0, 365)
        end = day + random.exponential(700)
        while day <= min(end, 729):
            on = dt.date(1996, 1, 1) + dt.timedelta(days=int(day))
            lines.append((f"c{who}", str(on), before if int(day) <= last else after))
            day += max(random.exponential(1 / rate), 1)
    return purchases_of(lines)


def test_money_that_did_not_come_as_predicted_is_a_doubt():
    # Prices fall by half when the days held back begin, which nobody could know before.
    when = {"as_of": "1997-12-30", "horizon_days": 180, "holdout_days": 179}
    found = predicted_value(prices(20, 10), **when)
    assert found.customers is not None
    (doubt,) = [one for one in found.doubts if one.startswith("Predicted values are to be doubted")]
    assert "for the 179 days held back" in doubt
    said, came = (int(one.replace(",", "")) for one in re.findall(r"[\d,]{4,}", doubt))
    assert said == pytest.approx(2 * came, rel=0.25)
    steady = predicted_value(prices(20, 20), **when)
    assert not any("doubted" in doubt for doubt in steady.doubts)
