"""The contest on the holdout: by hand, on CDNOW, and where little can be said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.contest.holdout import calibration_by_past_purchases, contest, holdout_cells
from regulars.measures.contest.verdict import verdict
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.formulas import p_alive

START = dt.date(1997, 1, 1)


def test_cells_by_hand(shop):
    found = holdout_cells(shop, calibration_end="1997-02-28", as_of="1997-04-15")
    assert found.columns.tolist() == [*CELL, "later", "customers", "recent"]
    assert found.drop(columns="recent").to_numpy().tolist() == [
        [0, 0, 8, 0, 1],  # eve
        [0, 0, 14, 1, 1],  # dan, in April
        [0, 0, 27, 1, 1],  # cyd, in March
        [0, 0, 49, 0, 1],  # bob
        [1, 15, 54, 1, 1],  # ann, in March; fay came too late to be known
    ]


def test_plain_rules_by_hand(shop):
    cells = holdout_cells(shop, calibration_end="1997-02-28", as_of="1997-04-15")
    found = contest([], cells, holdout_days=46).set_index("name")
    assert (found.kind == "rule").all()
    plain = found.loc[["always_zero", "same_as_before", "past_rate"]]
    assert plain.mae.tolist() == pytest.approx([0.6, 0.4, (2 + 1 - 46 / 54) / 5])
    assert plain.rmse["always_zero"] == pytest.approx(np.sqrt(0.6))
    assert plain.predicted.tolist() == pytest.approx([0, 1, 46 / 54])
    assert (found.actual == 3).all()
    assert plain.bias.tolist() == pytest.approx([-1, -2 / 3, 46 / 54 / 3 - 1])
    # The only gap is of 15 days, and ann has been silent for longer.
    assert found.predicted["last_purchase"] == 0
    assert (found.customers == 5).all()


def test_the_last_purchase_rule_learns_before_the_days_held_back():
    # Half come every 20 days up to day 240; the others came so until day 100, and never again.
    days_of = [range(0, 241, 20)] * 20 + [range(0, 101, 20)] * 20 + [(0, 205)]
    rows = [(f"c{who:02}", day) for who, days in enumerate(days_of) for day in days]
    ends = {"calibration_end": START + dt.timedelta(days=240), "as_of": "1998-06-30"}
    found = holdout_cells(dated(rows), **ends)
    # On day 180 the ones had been silent for 0 days, the others for 80: a week tells them apart.
    assert found.set_index("recency_age").recent.to_dict() == {240: True, 205: False, 100: False}
    # Until day 260 comes who came until day 100: nobody knows it when the calibration ends.
    more = holdout_cells(dated([*rows, *((f"c{who}", 260) for who in range(20, 40))]), **ends)
    assert more.recent.tolist() == found.recent.tolist()
    assert more.later.sum() > found.later.sum()


def test_a_history_too_short_to_cut_again_has_the_usual_gap():
    found = holdout_cells(
        dated([("a", 0), ("a", 2), ("b", 1)]),
        calibration_end=START + dt.timedelta(days=3),
        as_of="1997-02-01",
    )
    assert found.recent.tolist() == [True, True]


def dated(rows):
    return purchases_of([(who, str(START + dt.timedelta(days=day)), 5) for who, day in rows])


def test_who_came_on_the_last_day_has_no_past_rate():
    cells = pd.DataFrame(
        {"repeat_days": [0], "recency_age": [0], "age": [0], "later": [1], "customers": [2]}
    )
    found = contest([], cells, holdout_days=46).set_index("name").predicted
    assert found[["always_zero", "same_as_before", "past_rate"]].tolist() == [0, 0, 0]


def test_a_silent_holdout_has_no_bias():
    cells = pd.DataFrame(
        {"repeat_days": [2], "recency_age": [9], "age": [9], "later": [0], "customers": [2]}
    )
    assert contest([], cells, holdout_days=46).bias.isna().all()


@pytest.mark.parametrize("end", ["1997-04-15", "1997-05-01"])
def test_no_day_for_the_holdout_is_refused(shop, end):
    with pytest.raises(ParameterError, match="no day is left for the holdout"):
        holdout_cells(shop, calibration_end=end, as_of="1997-04-15")


def test_nobody_known_before_the_holdout_is_refused(shop):
    cells = holdout_cells(shop, calibration_end="1996-12-31", as_of="1997-04-15")
    assert cells.empty
    contested = contest([], cells, holdout_days=105)
    assert contested.mae.isna().all()
    assert contested.customers.eq(0).all()
    assert not verdict(contested).speaks


def test_shuffled_lines_give_the_same(shop, shuffled_shop):
    pd.testing.assert_frame_equal(
        holdout_cells(shop, calibration_end="1997-02-28", as_of="1997-04-15"),
        holdout_cells(shuffled_shop, calibration_end="1997-02-28", as_of="1997-04-15"),
    )


def test_cdnow_holdout_holds_the_calibration(cdnow_holdout, cdnow_cells):
    together = cdnow_holdout.groupby(CELL, as_index=False).customers.sum()
    pd.testing.assert_frame_equal(together, cdnow_cells)
    assert (cdnow_holdout.later * cdnow_holdout.customers).sum() == 1882


def test_cdnow_contest(cdnow_fits, cdnow_holdout):
    found = contest(list(cdnow_fits.values()), cdnow_holdout, holdout_days=273).set_index("name")
    assert found.kind.tolist() == ["model"] * 2 + ["rule"] * 6
    expected = {
        "bg_nbd": (0.7855, 1653),
        "mbg_nbd": (0.7648, 1577),
        "always_zero": (0.7985, 0),
        "same_as_before": (0.8973, 2457),
        "past_rate": (1.0237, 2930),
        "last_purchase": (0.7614, 649),  # computed here, with a hiatus of 14 days
    }
    for name, (mae, predicted) in expected.items():
        assert found.mae[name] == pytest.approx(mae, abs=5e-5)
        assert found.predicted[name] == pytest.approx(predicted, abs=0.5)
    assert (found.actual == 1882).all()
    assert found.bias["mbg_nbd"] == pytest.approx(1576.73 / 1882 - 1, abs=1e-5)


def test_cdnow_by_past_purchases(cdnow_fits, cdnow_holdout):
    found = calibration_by_past_purchases(
        list(cdnow_fits.values()), cdnow_holdout, holdout_days=273
    )
    one = found[found.name == "bg_nbd"].set_index("repeat_days")
    assert one.index.tolist() == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert one.customers.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert (one.actual_mean * one.customers).sum() == pytest.approx(1882)
    assert (one.predicted_mean * one.customers).sum() == pytest.approx(1653, abs=0.5)
    assert ((one.actual_low < one.actual_mean) & (one.actual_mean < one.actual_high)).all()
    zero = cdnow_holdout[cdnow_holdout.repeat_days == 0]
    raw = np.repeat(zero.later, zero.customers)
    half = 1.9616 * raw.std() / np.sqrt(1411)
    assert one.actual_high["0"] - one.actual_mean["0"] == pytest.approx(half, rel=1e-3)


def test_a_single_customer_has_no_interval(cdnow_fits):
    cells = pd.DataFrame(
        {"repeat_days": [9], "recency_age": [90], "age": [99], "later": [3], "customers": [1]}
    )
    found = calibration_by_past_purchases(list(cdnow_fits.values()), cells, holdout_days=273)
    assert found.repeat_days.tolist() == ["7+", "7+"]
    assert found.actual_low.isna().all()


def test_a_true_model_beats_the_rules_and_is_not_biased(simulate):
    """Predict customers who follow the model for a second half that is drawn from it."""
    params = (0.5, 6, 0.7, 2.0)
    cells = simulate("bg_nbd", params, customers=4000, weeks=100, seed=8)
    fitted = fit(cells, model="bg_nbd", unit_days=1)
    random = np.random.default_rng(9)
    rows = cells.loc[cells.index.repeat(cells.customers), CELL].reset_index(drop=True)
    alive = p_alive("bg_nbd", params, **{name: rows[name].to_numpy() for name in CELL})
    rate = random.gamma(params[0] + rows.repeat_days, 1 / (params[1] + rows.age))
    stop = random.beta(params[2], params[3] + rows.repeat_days)
    later, now = np.zeros(len(rows), int), np.zeros(len(rows))
    active = random.random(len(rows)) < alive
    while active.any():
        now = now + random.exponential(1 / rate)
        active = active & (now < 50)
        later = later + active
        active = active & (random.random(len(rows)) > stop)
    drawn = (
        rows.assign(later=later).groupby([*CELL, "later"]).size().rename("customers").reset_index()
    )
    found = contest([fitted], drawn, holdout_days=50).set_index("name")
    assert abs(found.bias["bg_nbd"]) < 0.1
    assert found.rmse["bg_nbd"] < found.rmse.drop("bg_nbd").min()
