"""Season: on buyers whose season is known, or who have none, and never looking ahead."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.origins import rolling_origins
from regulars.measures.contest.season import fit_in_season
from regulars.measures.contest.speaking import forecast
from regulars.measures.contest.tracking import by_week, tracking
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.scores import expected_total
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.predicted import predicted_value

PEAK = np.array([0.85, 0.8, 0.9, 1, 1, 0.95, 0.9, 0.9, 1, 1.05, 1.25, 1.4])
FLAT = np.ones(12)
WHEN = {"as_of": "1999-12-31", "holdout_days": 365}
CUT = dt.date(1998, 12, 31)
ONE = {"models": ["pareto_nbd"]}


def buyers(season, customers=3000, seed=5):
    """Let customers of a Pareto/NBD buy in time that runs as the season does, for three years."""
    random = np.random.default_rng(seed)
    months = pd.date_range("1997-01-01", "1999-12-31").month.to_numpy()
    clock = np.concatenate([[0], season[months - 1].cumsum()])
    first = 1000 * random.random(customers) ** 1.5
    end = first + random.exponential(1, customers) / random.gamma(1.3, 1 / 900, customers)
    gaps = random.exponential(1, (customers, 120)) / random.gamma(1, 1 / 75, customers)[:, None]
    times = first[:, None] + np.column_stack([np.zeros(customers), gaps.cumsum(axis=1)])
    day = np.searchsorted(clock, times, side="right") - 1
    who, which = np.nonzero((times < end[:, None]) & (day < len(months)))
    pairs = sorted(set(zip(who.tolist(), day[who, which].tolist(), strict=True)))
    begin = dt.date(1997, 1, 1)
    return purchases_of((f"c{one}", str(begin + dt.timedelta(days=at)), 1) for one, at in pairs)


@pytest.fixture(scope="module")
def peaked():
    return buyers(PEAK)


@pytest.fixture(scope="module")
def seasonal(peaked):
    return forecast(peaked, **WHEN, **ONE)


@pytest.fixture(scope="module")
def plain(peaked):
    return forecast(peaked, **WHEN, **ONE, seasonal=False)


def of_model(ahead):
    return ahead.contested.set_index("name").loc["pareto_nbd"]


def test_the_season_is_found_and_the_total_comes_right(seasonal, plain):
    assert np.abs(seasonal.season.index.to_numpy() - PEAK / PEAK.mean()).max() < 0.15
    assert plain.season is None
    off, less = of_model(plain), of_model(seasonal)
    assert abs(less.bias) < abs(off.bias)
    assert less.log_score > off.log_score


def test_the_days_held_back_are_not_looked_at(peaked, seasonal):
    known = peaked.filter(peaked.day <= CUT)
    cells = count_cells(customer_summary(known, as_of=CUT))
    fits, _, season = fit_in_season(cells, known, as_of=CUT, **ONE)
    assert season.index.tolist() == seasonal.season.index.tolist()
    assert fits["pareto_nbd"].params == seasonal.calibration["pareto_nbd"].params
    assert season.known_on == CUT


def test_fits_tell_time_from_the_day_they_were_fitted_to(seasonal):
    assert seasonal.calibration["pareto_nbd"].clock.day == CUT
    assert seasonal.final.clock.day == dt.date(1999, 12, 31)
    # Histories stay in days of the calendar, so that they can be joined to customers.
    assert seasonal.cells.age.max() <= 1094
    assert seasonal.cells.age.dtype == "int64"


def test_plain_rules_are_told_the_season_too(seasonal, plain):
    rules, without = (one.contested.set_index("name").predicted for one in (seasonal, plain))
    assert rules["past_rate"] < without["past_rate"]
    assert rules["nobody_leaves"] < without["nobody_leaves"]
    assert rules["same_as_before"] == without["same_as_before"]


def test_a_reader_sees_december_as_expected(peaked, seasonal, plain):
    ends = {"calibration_end": CUT, "as_of": WHEN["as_of"]}
    misses = []
    for ahead in (seasonal, plain):
        weeks = by_week(tracking([ahead.calibration["pareto_nbd"]], peaked, **ends))
        last = weeks[weeks.day.dt.month == 12]
        misses.append(last.pareto_nbd.sum() / last.actual.sum() - 1)
    assert abs(misses[0]) < 0.1 < abs(misses[1])


def test_money_is_predicted_by_the_season(peaked, plain):
    found = predicted_value(peaked, **WHEN, horizon_days=30)
    january = float(found.customers.expected_purchases.sum().to_pyarrow().as_py())
    assert january < 0.95 * expected_total(plain.final, plain.cells, horizon_days=30).value


def test_where_there_is_no_season_nothing_is_moved():
    purchases = buyers(FLAT)
    found = forecast(purchases, **WHEN, **ONE)
    assert found.season is None
    assert found.final.clock is None


def test_two_years_are_needed(cdnow_ahead, peaked, seasonal):
    assert cdnow_ahead.season is None
    ends = rolling_origins(peaked, **WHEN, **ONE).set_index("calibration_end").bias
    assert ends["1998-12-31"] == of_model(seasonal).bias
    # A year before, one year was known.
    year = {"as_of": "1998-12-31", "holdout_days": 365}
    early = forecast(peaked, **year, **ONE)
    assert early.season is None
    assert ends["1997-12-31"] == of_model(early).bias
