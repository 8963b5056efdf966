"""Dates are read strictly, and ranks find the rows they name."""

import datetime as dt

import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.engine import as_date, rows_at_ranks, table_of


@pytest.mark.parametrize(
    "when",
    ["1998-06-30", dt.date(1998, 6, 30), dt.datetime(1998, 6, 30, 23), pd.Timestamp("1998-06-30")],
)
def test_a_day_may_be_text_or_date(when):
    assert as_date(when) == dt.date(1998, 6, 30)
    assert type(as_date(when)) is dt.date


@pytest.mark.parametrize("when", ["30.06.1998", "1998-06-31", "", None, 19980630])
def test_anything_else_is_refused_with_a_hint(when):
    with pytest.raises(ParameterError, match="Write year-month-day"):
        as_date(when)


def test_ranks_past_the_end_are_absent_and_repeated_ranks_come_once():
    letters = table_of(pd.DataFrame({"letter": list("dbca")}))
    found = rows_at_ranks(letters, [3, 1, 3, 9], order_by=["letter"])
    assert found.letter.to_dict() == {1: "a", 3: "c"}
