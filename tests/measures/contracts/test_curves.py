"""Curves: survival by plan, medians, the test between plans, and renewals put together."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contracts.curves import (
    ended_after,
    kept_after,
    life_curves,
    median_lives,
    plan_test,
    renewal_rates,
)
from regulars.measures.contracts.shifted_beta_geometric import fit_renewals, retention_rate

# Plan a: of 100 contracts 40 end at the first renewal and 30 of 60 at the second; 30 watched to 3.
COUNTS = pd.DataFrame(
    [
        ("a", 1, True, 40),
        ("a", 2, True, 30),
        ("a", 3, False, 30),
        ("b", 3, False, 50),
        ("b", 1, True, 10),
    ],
    columns=["plan", "periods", "ended", "contracts"],
)


def test_curves_are_worked_out_by_hand():
    curves = life_curves(COUNTS, ["a", "b"])
    a = curves[curves.plan == "a"]
    assert a.period.tolist() == [0, 1, 2, 3]
    assert a.survived.tolist() == pytest.approx([1, 0.6, 0.3, 0.3])
    assert a.at_risk.tolist() == [100, 100, 60, 30]
    assert ((curves.low <= curves.survived) & (curves.survived <= curves.high)).all()


def test_a_contract_watched_to_a_renewal_is_at_risk_there():
    counts = pd.DataFrame(
        {"plan": "a", "periods": [2, 2], "ended": [True, False], "contracts": [10, 30]}
    )
    assert life_curves(counts, ["a"]).survived.tolist() == pytest.approx([1, 1, 0.75])


def test_a_curve_ends_where_fewer_than_ten_are_left_and_other_plans_are_left_out():
    more = pd.concat([COUNTS, pd.DataFrame([("a", 9, False, 9)], columns=COUNTS.columns)])
    curves = life_curves(more, ["a"])
    assert curves.period.max() == 3
    assert set(curves.plan) == {"a"}
    assert life_curves(COUNTS, []).empty


def test_a_median_is_withheld_where_the_curve_does_not_reach_it():
    medians = median_lives(life_curves(COUNTS, ["a", "b"]))
    assert (medians["a"].value, medians["a"].n) == (2, 100)
    assert medians["a"].low <= 2 <= medians["a"].high
    assert medians["b"] is None


def test_shares_after_so_many_renewals():
    kept = kept_after(life_curves(COUNTS, ["a", "b"]), 2)
    assert kept["a"].value == pytest.approx(0.3)
    assert kept_after(life_curves(COUNTS, ["a"]), 4) == {"a": None}
    gone = ended_after(COUNTS, 1)
    assert (gone.value, gone.n) == (pytest.approx(50 / 160), 160)
    assert gone.low < gone.value < gone.high
    few = pd.DataFrame(
        {"plan": "a", "periods": [1, 2], "ended": [True, False], "contracts": [9, 90]}
    )
    assert ended_after(few, 1) is None
    assert ended_after(few.head(0), 1) is None


def test_plans_differ_by_the_log_rank_test():
    assert plan_test(COUNTS, ["a", "b"]).p < 0.001
    alike = pd.concat([COUNTS[COUNTS.plan == "a"], COUNTS[COUNTS.plan == "a"].assign(plan="c")])
    assert plan_test(alike, ["a", "c"]).p == pytest.approx(1)
    assert plan_test(COUNTS, ["a"]).degrees == 0


def test_renewals_stand_together_until_no_small_count_is_told(simulated):
    rng = np.random.default_rng(5)
    counts = simulated(rng, rng.beta(0.8, 4.2, 800), months=36)
    rates = renewal_rates(counts, fit_renewals(counts))
    ended = (1 - rates.rate) * rates.due
    assert (ended.round() >= 10).all()
    assert ((rates.rate * rates.due).round() >= 10).all()
    assert ended.sum() == pytest.approx(counts.contracts[counts.ended].sum())
    assert (rates.period_from.iloc[1:].to_numpy() == rates.period_to.iloc[:-1].to_numpy() + 1).all()
    assert (
        (rates.predicted_low < rates.predicted) & (rates.predicted < rates.predicted_high)
    ).all()


def test_the_model_of_a_single_renewal_is_its_rate():
    counts = pd.DataFrame(
        [(1, True, 60), (2, True, 30), (3, True, 20), (3, False, 200)],
        columns=["periods", "ended", "contracts"],
    )
    fitted = fit_renewals(counts)
    rates = renewal_rates(counts, fitted)
    assert rates.due.tolist() == [310, 250, 220]
    assert rates.predicted.tolist() == pytest.approx(retention_rate(fitted.params, [1, 2, 3]))


def test_without_a_model_or_without_contracts_nothing_is_predicted():
    assert renewal_rates(COUNTS, None).predicted.isna().all()
    assert renewal_rates(COUNTS.head(0), None).empty
    assert renewal_rates(COUNTS[~COUNTS.ended], None).empty
