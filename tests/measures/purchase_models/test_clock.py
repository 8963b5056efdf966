"""The clock of a season: by hand, there and back, and what fits do with it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.forecasts.history import p_alive_history
from regulars.measures.forecasts.soon import next_purchase
from regulars.measures.purchase_models.clock import Clock, Season, days_in_season
from regulars.measures.purchase_models.fitted import ahead_in_unit, days_ahead, history
from regulars.measures.purchase_models.fitting import fit, refit
from regulars.measures.purchase_models.formulas import expected_purchases
from regulars.measures.purchase_models.scores import expected_total
from regulars.measures.value.discounting import discounted_purchases, discounted_since_first
from regulars.measures.win_back.caused import extra_if_caused
from regulars.measures.win_back.returns import return_chances
from regulars.parameters.forecasts import WinBack

END = dt.date(1997, 1, 31)
FLAT = pd.Series(1.0, index=range(1, 13))


def season(january=0.5, february=1.5):
    return Season(pd.Series([january, february, *FLAT[2:]], index=FLAT.index), END)


def test_days_count_as_their_months_do():
    clock = Clock(season(), END)
    assert float(clock.ahead(10)) == 15
    assert float(clock.ahead(28 + 3)) == 42 + 3
    assert float(clock.back(31)) == 15.5
    assert float(clock.back(32)) == 16.5  # the last of December
    assert float(clock.ahead(0.5)) == 0.75
    assert float(clock.later(28).ahead(2)) == 2


def test_four_years_come_round_and_days_are_found_again():
    clock, days = Clock(season(), END), np.array([0, 1, 28, 365, 1461, 5000.5])
    years = clock.ahead(np.array([1461, 2922]))
    assert years[1] == 2 * years[0]
    assert clock.calendar_days(clock.ahead(days)) == pytest.approx(days)


def test_histories_are_moved_as_each_of_their_days():
    clock = Clock(season(), END)
    cells = pd.DataFrame({"repeat_days": [1, 0], "recency_age": [10, 0], "age": [40, 0]})
    moved = clock.moved(cells)
    # First day 22 December, last day 1 January: nine days of December and one of January.
    assert moved.recency_age.tolist() == [9.5, 0]
    assert moved.age.tolist() == [9 + 15.5, 0]
    assert moved.repeat_days.tolist() == [1, 0]


def test_a_season_is_not_known_before_it_was_seen():
    assert season().clock("1997-01-30") is None
    assert season().clock("1997-02-28").day == dt.date(1997, 2, 28)


def test_days_are_placed_by_the_season_or_as_they_are():
    days = pd.DatetimeIndex(["1997-01-01", "1997-02-02"])
    assert days_in_season(season(), days).tolist() == [0, 18]
    assert days_in_season(None, days).tolist() == [0, 32]


def test_a_season_without_peaks_changes_no_number():
    cells, flat = few_cells(), Clock(Season(FLAT, END), END)
    plain, timed = fit(cells), fit(cells, clock=flat)
    assert timed.params == pytest.approx(plain.params, rel=1e-4)
    assert ahead_in_unit(timed, 91) == pytest.approx(13)
    ends = {"horizon_days": 90}
    assert expected_total(timed, cells, **ends).value == pytest.approx(
        expected_total(plain, cells, **ends).value, rel=1e-4
    )
    again = refit(timed, cells)
    assert again.clock is flat
    assert again.params == pytest.approx(timed.params, rel=1e-3)


@pytest.fixture
def timed():
    return fit(few_cells(), clock=Clock(season(), END))


def test_more_is_to_come_in_a_strong_month(timed):
    later = Clock(season(), dt.date(1997, 2, 28))
    assert ahead_in_unit(timed, 28) == pytest.approx(42 / 7)
    assert days_ahead(timed, np.array([6.0])) == pytest.approx([28])
    assert float(later.ahead(28)) == 28
    assert history(timed, few_cells().assign(age=31, recency_age=0))["age"][0] == 15.5 / 7


def test_the_next_purchase_is_told_in_days_of_the_calendar(timed):
    told = next_purchase(timed, few_cells(), within_days=28)
    assert told.next_until.max() <= 28  # 42 season days
    assert told.next_from.min() >= 1


def test_who_is_made_up_and_who_is_new_know_no_season(timed):
    moved = p_alive_history(timed, [0, 20], 60, seed=1, draws=5)
    flat = fit(few_cells())
    ahead = {"horizon_days": 365, "discount_rate": 0.1, "params": tuple(flat.params.values())}
    assert discounted_since_first(timed, **ahead) == discounted_since_first(flat, **ahead)
    assert moved.p_alive.diff()[1:20].lt(0).all()


def test_discounting_takes_purchases_when_they_come(timed):
    cells, clock = few_cells().head(1), timed.clock
    found = discounted_purchases(timed, cells, horizon_days=1095, discount_rate=0.1)[0]
    edges = np.arange(1096)
    past = {name: value[:, None] for name, value in history(timed, cells).items()}
    by_day = np.diff(
        expected_purchases(timed.model, timed.values, horizon=clock.ahead(edges) / 7, **past)[0]
    )
    assert found == pytest.approx((by_day * 1.1 ** (-(edges[1:] - 0.5) / 365)).sum(), rel=2e-3)


def test_what_a_return_brings_counts_the_window_in_season_days(timed):
    cells = few_cells()
    told = return_chances(timed, cells, rules=WinBack(return_days=28, value_days=56))
    moved = timed.clock.moved(cells)
    # The window is February, a day and a half each; March has no season.
    times = {"horizon": (42 + 28) / 7, "window": 42 / 7, "age": moved.age.to_numpy() / 7}
    days = moved.repeat_days.to_numpy()
    extra = extra_if_caused(timed.model, timed.values, repeat_days=days, **times)
    assert told.extra_days.to_numpy() == pytest.approx(extra)
