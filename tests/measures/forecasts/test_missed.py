"""Missed: nothing where the interval held; by hand where it did not, and what it widens."""

import numpy as np
import pytest
from scipy.special import logit

from regulars.measures.examples import few_cells
from regulars.measures.forecasts.missed import missed_totals
from regulars.measures.forecasts.totals import total_of, totals
from regulars.measures.purchase_models.fitting import fit


def test_where_the_intervals_held_nothing_is_added():
    one = fit(few_cells())
    told = totals(one, few_cells(), horizons=[90])
    rows = few_cells()[few_cells().customers > 0]
    later = rows.assign(later=0).loc[rows.index.repeat(rows.customers)].assign(customers=1)
    later.iloc[: round(told.value[0]), later.columns.get_loc("later")] = 1
    assert missed_totals(one, later, holdout_days=90)["buyers"] == 0
    same = totals(one, few_cells(), horizons=[90], missed={"buyers": 0.0, "purchase_days": 0.0})
    assert same.equals(told)
    assert not told.widened.any()


def test_cdnow_by_hand(cdnow_fits, cdnow_holdout):
    one = cdnow_fits["mbg_nbd"]
    missed = missed_totals(one, cdnow_holdout, holdout_days=273)
    explained = np.log(1770 / 1395) / (2 * 1.959964)
    by_hand = np.log(1882 / 1576.73) ** 2 - explained**2
    assert missed["purchase_days"] == pytest.approx(by_hand, rel=1e-3)
    assert missed["buyers"] > 0


def test_widened_it_would_have_held(cdnow_fits, cdnow_holdout):
    one = cdnow_fits["mbg_nbd"]
    missed = missed_totals(one, cdnow_holdout, holdout_days=273)
    narrow, wide = (
        totals(one, cdnow_holdout, horizons=[273], missed=more) for more in (None, missed)
    )
    came = {"buyers": 684, "purchase_days": 1882}
    for what, number in came.items():
        before, after = (total_of(told, what, 273) for told in (narrow, wide))
        assert not before.low <= number <= before.high
        assert after.low <= number <= after.high
        assert log_variance(after, what) == pytest.approx(
            log_variance(before, what) + missed[what], rel=0.1
        )
    assert wide.widened.all()
    # What the parameters leave unsure is another matter.
    ends = ["value", "expected_low", "expected_high"]
    assert wide[ends].equals(narrow[ends])


def log_variance(told, what):
    ends = np.array([told.low, told.high])
    logs = logit(ends / told.n) if what == "buyers" else np.log(ends)
    return (np.diff(logs)[0] / (2 * 1.96)) ** 2


@pytest.mark.parametrize("times", [0, 50])
def test_nobody_and_everybody_are_a_miss_with_a_number(times):
    many = few_cells().assign(customers=few_cells().customers * 100, later=times)
    one = fit(many)
    missed = missed_totals(one, many, holdout_days=90)
    assert all(0 < more <= 3 for more in missed.values())
    told = totals(one, many, horizons=[90], missed=missed)
    assert (told.low < told.value).all()
    assert (told.value < told.high).all()


def test_of_nobody_nothing_is_missed():
    nobody = few_cells().assign(later=0).iloc[:0]
    found = missed_totals(fit(few_cells()), nobody, holdout_days=90)
    assert found == {"buyers": 0.0, "purchase_days": 0.0}
