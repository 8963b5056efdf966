"""History: P(alive) of a customer who is made up, day by day."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.examples import few_cells
from regulars.measures.forecasts.history import (
    made_up_customer,
    p_alive_history,
    regular_customer,
    typical_gap,
)
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.formulas import p_alive

DAYS = [0, 30, 60, 200]


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
def test_it_falls_in_silence_and_rises_on_every_purchase(cdnow_cells, model):
    moved = p_alive_history(fit(cdnow_cells, model=model), DAYS, 400, seed=1).set_index("day")
    steps = moved.p_alive.diff()
    # BG/NBD loses nobody before the second purchase.
    silent = steps[~moved.purchase & (moved.index > (30 if model == "bg_nbd" else 0))]
    assert (silent < 0).all()
    # By BG/NBD the second purchase is the first chance to leave, so it falls there.
    assert (steps[[60, 200]] > 0).all()
    assert (steps[30] < 0) == (model == "bg_nbd")
    assert moved.index[moved.purchase].tolist() == DAYS


def test_each_day_is_what_was_known_at_its_end(cdnow_fits):
    one = cdnow_fits["mbg_nbd"]
    moved = p_alive_history(one, DAYS, 400, seed=1).p_alive
    for day, repeats, last in ((0, 0, 0), (29, 0, 0), (30, 1, 30), (199, 2, 60), (400, 3, 200)):
        history = {"repeat_days": repeats, "recency_age": last / 7, "age": day / 7}
        expected = p_alive(one.model, tuple(one.params.values()), **history)
        assert moved[day] == pytest.approx(float(expected))


def test_nothing_later_is_known(cdnow_fits):
    one = cdnow_fits["mbg_nbd"]
    early, late = (p_alive_history(one, days, 199, seed=1) for days in (DAYS[:3], [*DAYS[:3], 199]))
    pd.testing.assert_frame_equal(early.head(199), late.head(199))


def test_the_band_holds_the_curve_and_comes_again_with_the_seed(cdnow_fits):
    one = cdnow_fits["mbg_nbd"]
    moved, again = (p_alive_history(one, DAYS, 300, seed=5) for _ in range(2))
    assert (moved.low < moved.p_alive).all()
    assert (moved.p_alive < moved.high).all()
    pd.testing.assert_frame_equal(moved, again)


@pytest.mark.parametrize("days", [[], [1, 2], [0, 5, 5], [0, 9, 3]])
def test_days_out_of_order_are_refused(days):
    with pytest.raises(ParameterError, match="beginning with 0"):
        p_alive_history(fit(few_cells()), days, 100, seed=1)


@pytest.mark.parametrize("until", [29, 4000])
def test_an_end_before_the_last_purchase_or_far_away_is_refused(until):
    with pytest.raises(ParameterError, match="Expected the last day to look at"):
        p_alive_history(fit(few_cells()), [0, 30], until, seed=1)


def test_the_typical_gap_is_of_the_customer_in_the_middle():
    cells = pd.DataFrame(
        {"repeat_days": [0, 1, 2, 4], "recency_age": [0, 10, 50, 400], "customers": [9, 2, 2, 1]}
    )
    assert typical_gap(cells) == 25  # of 10, 10, 25, 25, 100
    assert typical_gap(cells.head(1)) is None
    daily = pd.DataFrame({"repeat_days": [400], "recency_age": [400], "customers": [1]})
    assert typical_gap(daily.assign(repeat_days=1000)) == 1


@pytest.mark.parametrize("gap", [1, 30, 365, 5000])
def test_a_made_up_customer_can_be_followed(gap):
    days, until = made_up_customer(gap)
    moved = p_alive_history(fit(few_cells()), days, until, seed=1, draws=20)
    assert moved.purchase.sum() == 6
    assert np.isfinite(moved[["p_alive", "low", "high"]]).all(axis=None)


def test_a_typical_history_ends_where_it_is():
    days, until = regular_customer(pd.Series({"repeat_days": 5, "recency_age": 372, "age": 495}))
    assert len(days) == 6
    assert (days[0], days[-1], until) == (0, 372, 495)
