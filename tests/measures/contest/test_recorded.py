"""What is recorded of contest and fits: every number once, under a name of the catalogue."""

import pytest

from regulars.data.facts import Facts
from regulars.measures.contest.recorded import recorded_contest, recorded_fits
from regulars.measures.contest.speaking import forecast
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.scores import p_alive_mean


def recorded(rows):
    facts = Facts("06_churn", as_of="1998-06-30")
    for row in rows:
        facts.record(**row)
    return {metric.id: metric for metric in facts.metrics}


def test_numbers_of_the_contest(cdnow_ahead):
    alive = {name: p_alive_mean(one, cdnow_ahead.later) for name, one in cdnow_ahead.fits.items()}
    found = recorded(recorded_contest(cdnow_ahead, alive))
    assert found["churn.calibration.bg_nbd.r"].value == pytest.approx(0.243, abs=0.001)
    assert found["churn.calibration.mbg_nbd.holdout_predicted"].value == pytest.approx(1577, abs=1)
    assert found["churn.calibration.pareto_nbd.log_score"].value == pytest.approx(-0.9872, abs=1e-4)
    assert found["churn.holdout_actual"].value == 1882
    assert found["churn.rule.always_zero.holdout_mae"].value == pytest.approx(0.7985, abs=1e-4)
    assert len(found) == 3 * (4 + 6) + 1 + 6


def test_numbers_of_the_fits_up_to_now(cdnow_ahead):
    others = {"bg_nbd": p_alive_mean(cdnow_ahead.fits["bg_nbd"], cdnow_ahead.cells)}
    found = recorded(recorded_fits(cdnow_ahead, others))
    assert len(found) == 3 * 4 + 1
    assert found["churn.p_alive_mean.bg_nbd"].value == pytest.approx(
        others["bg_nbd"].value, abs=1e-6
    )


def test_what_nobody_can_know_has_a_reason():
    lines = [("ann", "1997-03-20", 5)]
    ahead = forecast(purchases_of(lines), as_of="1997-03-31", holdout_days=30)
    found = recorded(recorded_contest(ahead, {}))
    assert found["churn.holdout_actual"].withheld.startswith("Nobody had bought")
    assert all(metric.value is None or metric.n == 0 for metric in found.values())
    assert recorded(recorded_fits(ahead, {})) == {}
