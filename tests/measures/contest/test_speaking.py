"""From purchases to who may speak: on CDNOW, on a known truth, and on bases with too little."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.log_scores import log_score_difference, log_scores
from regulars.measures.contest.sensitivity import sensitivity, ties
from regulars.measures.contest.speaking import forecast, too_little
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.scores import p_alive_mean

START = dt.date(1996, 1, 1)


def lines(days_of):
    """Make a purchase a day: customer number to days since the start."""
    return purchases_of(
        (f"c{who:03}", str(START + dt.timedelta(days=int(day))), 10)
        for who, days in enumerate(days_of)
        for day in days
    )


def judged(days_of, **other):
    return forecast(lines(days_of), **{"as_of": "1997-12-30", "holdout_days": 180, **other})


def test_cdnow_is_judged_by_what_was_known(cdnow_ahead, cdnow_fits, cdnow_holdout):
    pd.testing.assert_frame_equal(cdnow_ahead.later, cdnow_holdout)
    before = cdnow_ahead.calibration["mbg_nbd"]
    assert before.params == pytest.approx(cdnow_fits["mbg_nbd"].params)
    assert cdnow_ahead.final.model == cdnow_ahead.judged.model
    assert cdnow_ahead.final.customers == 2357
    assert cdnow_ahead.cells.age.max() == before_to_after(272)
    assert (cdnow_ahead.withheld, cdnow_ahead.doubts) == (None, [])


def before_to_after(age):
    return age + 273


def test_what_came_later_does_not_move_the_models(cdnow):
    early = cdnow.filter(cdnow.day <= dt.date(1997, 12, 31))
    one, other = (
        forecast(early, as_of=as_of, holdout_days=days, models=["mbg_nbd"]).calibration["mbg_nbd"]
        for as_of, days in (("1997-12-31", 92), ("1997-11-30", 61))
    )
    assert one.params == other.params


def few(customers, seed=3):
    random = np.random.default_rng(seed)
    return [[0, *np.sort(random.choice(700, 5, replace=False))] for _ in range(customers)]


@pytest.mark.parametrize(
    ("days_of", "other", "reason", "words"),
    [
        ([], {}, "too_few_customers", "at least 100 customers"),
        (few(30), {}, "too_few_customers", "and there are 30."),
        (few(8), {}, "too_few_customers", "and there are fewer than 10."),
        ([[who % 300] for who in range(150)], {}, "too_few_repeaters", "and there are none."),
        ([[0, *range(600, 730, 10)]] * 3 + [[5]] * 150, {}, "too_few_repeaters", "are none."),
        (few(150), {"holdout_days": 400}, "history", "a history of as many before them"),
    ],
)
def test_too_little_is_said_and_nothing_predicted(days_of, other, reason, words):
    found = judged(days_of, **other)
    assert found.final is None
    assert not found.judged.speaks
    assert found.judged.reason == reason
    assert words in found.withheld
    assert not found.fits
    assert sensitivity(found, horizon_days=90).empty


def test_as_many_as_asked_for_are_enough():
    cells = pd.DataFrame({"repeat_days": [0, 1], "age": [59, 9], "customers": [70, 30]})
    least = {"least_customers": 100, "least_repeaters": 30}
    assert too_little(cells, 60, **least) == (None, None)
    assert too_little(cells, 61, **least)[0] == "history"
    assert too_little(cells, 60, **{**least, "least_repeaters": 31})[0] == "too_few_repeaters"


def test_where_everybody_keeps_a_rhythm_no_model_beats_the_past_rate():
    found = judged([range(who % 30, 730, 30) for who in range(150)])
    assert not found.judged.speaks
    assert found.judged.reason in {"rules", "no_model"}
    assert found.withheld.endswith("so nothing is predicted.")


def test_daily_buyers_get_a_reason_and_no_error():
    assert judged([range(who % 9, 730) for who in range(120)]).final is None


def test_the_next_model_speaks_if_the_first_cannot_be_fitted_now(cdnow, cdnow_ahead, monkeypatch):
    from regulars.measures.contest import speaking

    def fit_models(cells, *, models, clock):
        found = {name: one for name, one in cdnow_ahead.calibration.items() if name in models}
        found.pop(cdnow_ahead.judged.model)
        return found, ["It ran away."]

    monkeypatch.setattr(speaking, "fit_models", fit_models)
    found = forecast(cdnow, as_of="1998-06-30", holdout_days=273)
    assert found.judged.speaks
    assert found.final.model == found.judged.model != cdnow_ahead.judged.model
    assert found.doubts == ["It ran away."]


def test_the_others_stand_beside_the_one_that_speaks(cdnow_ahead):
    found = sensitivity(cdnow_ahead, horizon_days=365)
    assert found.name[0] == cdnow_ahead.judged.model
    assert found.log_score.is_monotonic_decreasing
    assert found.behind[0] == 0
    assert (found.behind[1:] < 0).all()
    by_name = found.set_index("name")
    alive = p_alive_mean(cdnow_ahead.fits["bg_nbd"], cdnow_ahead.cells)
    assert by_name.p_alive["bg_nbd"] == pytest.approx(alive.value)
    assert (found.expected_low < found.expected_purchases).all()
    # These 2,357 customers do not tell BG/NBD and MBG/NBD apart.
    apart = ties(cdnow_ahead).set_index("name")
    assert apart.behind_high["bg_nbd"] > 0 > apart.behind["bg_nbd"]


def test_with_two_rivals_each_interval_is_of_975_in_1000(cdnow_ahead):
    found = ties(cdnow_ahead).set_index("name")
    scores = log_scores(list(cdnow_ahead.calibration.values()), cdnow_ahead.later, holdout_days=273)
    weights = cdnow_ahead.later.customers.to_numpy(float)
    alone = log_score_difference(scores, weights, pair=("bg_nbd", "mbg_nbd"))
    reach = found.behind_high["bg_nbd"] - found.behind["bg_nbd"]
    assert reach / (alone.high - alone.value) == pytest.approx(2.2414 / 1.96, rel=1e-4)


def test_a_feed_that_stopped_predicts_nothing():
    # Everybody buys through the first half, and then nothing comes any more.
    random = np.random.default_rng(4)
    first = dt.date(1996, 1, 1)
    lines = [
        (f"c{who}", str(first + dt.timedelta(days=int(day))), 10)
        for who in range(200)
        for day in np.cumsum(random.exponential(40, 5)).clip(max=300)
    ]
    found = forecast(purchases_of(lines), as_of="1997-06-30", holdout_days=180)
    assert found.final is None
    assert found.withheld.startswith("Nobody bought anything in the 180 days held back.")
    assert found.withheld in found.doubts
