"""Window rates: by hand, part windows, what is hidden, and which windows are compared."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.behaviour.window_rates import compared_windows, window_rates
from regulars.measures.repurchase import repurchase_rate

END = "2020-12-31"


def test_by_hand(lines_of):
    # 60 buy on 1 and 20 January, 40 of these and 30 others in April (once).
    who = np.concatenate([np.arange(60), np.arange(60), np.arange(40), np.arange(100, 130)])
    days = np.repeat([0, 19, 95, 100], [60, 60, 40, 30])
    found = window_rates(lines_of(who, days), as_of="2020-08-15")
    assert found.customers.tolist() == [60, 70, 0]
    assert found.rate.to_numpy() == pytest.approx([1, 0, np.nan], nan_ok=True)
    assert found.complete.tolist() == [True, True, False]
    assert found.last_day.dt.strftime("%m-%d").tolist() == ["03-31", "06-30", "09-30"]


def test_each_window_is_the_rate_of_that_window(cdnow):
    found = window_rates(cdnow, as_of="1998-06-30")
    assert len(found) == 6
    assert found.complete.all()
    for row in found.itertuples():
        one = repurchase_rate(cdnow, start=row.first_day.date(), end=row.last_day.date())
        values = (row.rate, row.low, row.high, row.customers)
        assert values == pytest.approx((one.value, one.low, one.high, one.n))


def test_years_are_longer_windows_with_higher_rates(cdnow):
    found = window_rates(cdnow, as_of="1998-06-30", every="year")
    assert found.complete.tolist() == [True, False]
    assert found.customers[0] == 2357
    assert found.rate[0] > window_rates(cdnow, as_of="1998-06-30").rate[0]


def test_a_window_that_begins_before_the_history_is_a_part(lines_of):
    purchases = lines_of(np.arange(50), np.full(50, 10))
    assert window_rates(purchases, as_of=END).complete.tolist() == [False, True, True, True]


def test_a_rate_that_tells_of_few_is_hidden(lines_of):
    who = np.concatenate([np.arange(50), np.arange(4), np.arange(50)])
    found = window_rates(lines_of(who, np.repeat([0, 9, 120], [50, 4, 50])), as_of=END)
    assert found.hidden.tolist() == [True, False, False, False]
    assert found.loc[0, ["customers", "again", "rate", "low", "high"]].isna().all()
    assert found.rate[1] == 0  # all or nobody tells no more than how many there are


def test_other_windows_are_refused(cdnow):
    with pytest.raises(ParameterError, match="quarter or year, found 'week'"):
        window_rates(cdnow, as_of="1998-06-30", every="week")


def windows(count: int, *, part: int = 0) -> pd.DataFrame:
    first = pd.date_range("2020-01-01", periods=count, freq="QS")
    frame = pd.DataFrame({"first_day": first, "last_day": first + pd.offsets.QuarterEnd(0)})
    return frame.assign(complete=[place < count - part for place in range(count)])


@pytest.mark.parametrize(
    ("count", "part", "compared"),
    [
        (5, 0, ["2020-01-01", "2021-01-01"]),  # the same season a year before
        (5, 1, ["2020-07-01", "2020-10-01"]),  # else the one before
        (6, 1, ["2020-01-01", "2021-01-01"]),
    ],
)
def test_like_is_compared_with_like(count, part, compared):
    found = compared_windows(windows(count, part=part))
    assert [str(ends[0]) for ends in found] == compared


def test_one_whole_window_is_compared_with_nothing():
    assert compared_windows(windows(2, part=1)) is None
