"""Stake: by hand, the sum of the rows, and the interval against draws of the parameters."""

import numpy as np
import pytest

from regulars.measures.engine import fetch
from regulars.measures.examples import few_cells, purchases_of
from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.formulas import expected_purchases, p_alive
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.day_value import day_value
from regulars.measures.warning.stake import at_stake

AS_OF = "1997-12-31"


@pytest.fixture
def purchases():
    rows = [("ann", "1997-01-05", 9), ("ann", "1997-05-01", 11), ("ann", "1997-09-01", 10)]
    rows += [
        ("bob", "1997-02-09", 29),
        ("bob", "1997-11-09", 31),
        ("bob", "1997-11-20", -4, "return"),
    ]
    return purchases_of([*rows, ("cyd", "1996-01-09", 50)])


def customers(purchases):
    return customer_summary(purchases, as_of=AS_OF)


def test_without_a_model_it_is_what_was_spent(purchases):
    found = at_stake(purchases, customers(purchases), None, as_of=AS_OF)
    rows = fetch(found.customers).set_index("customer_id").at_stake.astype(float)
    assert rows.to_dict() == {"ann": 30, "bob": 56, "cyd": 0}
    assert (found.total.value, found.total.low, found.total.n) == (86, None, 3)
    assert not found.by_model


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_with_a_model_it_is_what_one_still_a_customer_would_bring(purchases, model):
    fitted, people = fit(few_cells(), model=model), customers(purchases)
    found = at_stake(purchases, people, fitted, as_of=AS_OF)
    rows = fetch(found.customers).set_index("customer_id").at_stake.astype(float)
    value, week = day_value(purchases, as_of=AS_OF), 7
    past = {"repeat_days": [2], "recency_age": [239 / week], "age": [360 / week]}
    days = expected_purchases(model, fitted.values, horizon=365 / week, **past)[0]
    days /= p_alive(model, fitted.values, **past)[0]
    own = (30 + value.needed * value.mean) / (3 + value.needed)
    assert rows["ann"] == pytest.approx(value.kept * own * days, abs=1e-3)
    assert found.total.value == pytest.approx(rows.sum(), abs=1e-3)
    assert found.total.n == 3


def test_the_interval_is_that_of_draws_of_the_parameters(purchases):
    cells = few_cells()
    # Of so many customers that the logarithm of the total is as good as normal.
    fitted = fit(cells.assign(customers=50 * cells.customers), model="mbg_nbd")
    ann = customers(purchases).filter(lambda one: one.customer_id == "ann")
    total = at_stake(purchases, ann, fitted, as_of=AS_OF).total
    past = {"repeat_days": [2], "recency_age": [239 / 7], "age": [360 / 7]}

    def days(params):
        expected = expected_purchases("mbg_nbd", params, horizon=365 / 7, **past)[0]
        return expected / p_alive("mbg_nbd", params, **past)[0]

    drawn = [days(one) for one in parameter_draws(fitted, 2000, seed=1)]
    ends = np.quantile(drawn, [0.025, 0.975]) / days(fitted.values)
    assert (total.low / total.value, total.high / total.value) == pytest.approx(
        tuple(ends), rel=0.02
    )


def test_nobody_warned_of_puts_nothing_at_stake(purchases):
    nobody = customers(purchases).filter(lambda one: one.age < 0)
    for fitted in (None, fit(few_cells())):
        found = at_stake(purchases, nobody, fitted, as_of=AS_OF)
        assert (found.total.value, found.total.n) == (0, 0)
        assert fetch(found.customers).empty


def test_a_loss_has_no_interval(purchases):
    lines = purchases_of([("ann", "1997-01-05", -9), ("ann", "1997-05-01", -11)])
    found = at_stake(lines, customers(lines), fit(few_cells()), as_of=AS_OF)
    assert found.total.value < 0
    assert found.total.low is None
