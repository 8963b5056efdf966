"""Calendar units: the engine and pandas give the same numbers, and names sort as time does."""

import pandas as pd
import pytest

from regulars.measures.calendar_units import first_day_of, name_of, number_of, period_of
from regulars.measures.engine import fetch, table_of

DAYS = pd.Series(pd.date_range("1995-12-20", "1998-01-12", freq="D"))
FREQ = {"week": "W-SUN", "month": "M", "quarter": "Q"}


@pytest.mark.parametrize("every", FREQ)
def test_engine_and_pandas_agree(every):
    days = table_of(pd.DataFrame({"day": DAYS.dt.date}))
    found = fetch(days.select("day", number=period_of(days.day, every))).sort_values("day")
    assert found.number.tolist() == number_of(DAYS, every).tolist()
    starts = DAYS.dt.to_period(FREQ[every]).dt.start_time
    assert first_day_of(number_of(DAYS, every), every).tolist() == starts.tolist()
    assert sorted(number_of(DAYS, every).unique()) == list(
        range(number_of(DAYS, every).min(), number_of(DAYS, every).max() + 1)
    )


@pytest.mark.parametrize("every", FREQ)
def test_names_are_one_each_and_sort_as_time_does(every):
    starts = first_day_of(pd.Series(number_of(DAYS, every).unique()), every)
    names = [name_of(start, every) for start in starts]
    assert names == sorted(set(names))


def test_the_week_of_new_year_belongs_to_the_year_of_its_thursday():
    assert name_of(pd.Timestamp("1996-12-30"), "week") == "1997-w01"
    assert name_of(pd.Timestamp("1997-12-29"), "week") == "1998-w01"
