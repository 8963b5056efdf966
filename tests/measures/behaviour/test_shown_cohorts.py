"""Cohorts of weeks and quarters beside those of months: what one shows, the other must not tell."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from regulars.measures.behaviour.shown_cohorts import hidden_weeks, shown_cohorts
from regulars.measures.cohort_suppression import suppressed_triangle
from regulars.measures.examples import purchases_of
from regulars.measures.retention import cohort_retention

K = 10


def comers(counts):
    """Return purchases of so many new customers a day."""
    rows = [(f"{day}-{i}", day, 10) for day, count in counts.items() for i in range(count)]
    return purchases_of(rows)


def test_large_weeks_hide_nothing():
    days = pd.date_range("1997-01-06", "1997-03-30").strftime("%Y-%m-%d")
    found = shown_cohorts(comers(dict.fromkeys(days, 20)), as_of="1997-03-31", every="week")
    assert found.cells.customers.notna().all()
    assert found.cells[found.cells.age == 0].customers.tolist() == [140] * 12


def test_a_week_is_hidden_where_it_and_the_months_would_tell_of_few():
    # The week from 27 January has 30 customers in January and 4 in February.
    counts = {"1997-01-28": 30, "1997-02-01": 4, "1997-02-12": 40, "1997-03-12": 50}
    purchases = comers(counts)
    months = shown_cohorts(purchases, as_of="1997-03-31").cells
    assert months[months.age == 0].customers.tolist() == [30, 44, 50]
    found = shown_cohorts(purchases, as_of="1997-03-31", every="week")
    hidden = found.sizes[found.sizes].index.strftime("%m-%d").tolist()
    assert hidden == ["01-27", "02-10"]


def test_sizes_of_quarters_are_hidden_with_those_of_months():
    counts = {"1997-01-28": 30, "1997-04-01": 4, "1997-08-12": 40, "1997-11-12": 50}
    purchases = comers(counts)
    quarters = shown_cohorts(purchases, as_of="1997-12-31", every="quarter")
    months = suppressed_triangle(cohort_retention(purchases, as_of="1997-12-31"))
    assert quarters.sizes.tolist() == months.quarters.tolist()
    assert quarters.sizes.sum() == 2
    assert quarters.cells.customers.isna().sum() >= 2


@pytest.mark.parametrize("seed", range(5))
def test_no_attacker_finds_the_few_of_a_week_or_of_a_piece(seed):
    rng = np.random.default_rng(seed)
    days = pd.date_range("1997-01-01", periods=100).strftime("%Y-%m-%d")
    purchases = comers(dict(zip(days, rng.poisson(rng.choice([1.5, 4]), 100), strict=True)))
    as_of = "1997-04-30"
    months = suppressed_triangle(cohort_retention(purchases, as_of=as_of))
    weeks = shown_cohorts(purchases, as_of=as_of, every="week")
    firsts = pd.DataFrame({"day": pd.to_datetime(purchases.day.to_pandas())})
    firsts["week"] = firsts.day.dt.to_period("W-SUN").dt.start_time
    firsts["month"] = firsts.day.dt.to_period("M").dt.start_time
    pieces = firsts.groupby(["week", "month"]).size().rename("customers").reset_index()
    counts, lines, known = pieces.customers.to_numpy(), [np.ones(len(pieces))], [len(firsts)]
    told = {"week": ~weeks.sizes, "month": ~months.months.new}
    for name, shown in told.items():
        for one in shown.index[shown]:
            lines.append((pieces[name] == one).to_numpy(float))
            known.append(counts[lines[-1] > 0].sum())
    system = {"A_eq": np.array(lines), "b_eq": known, "bounds": (1, None)}
    small = np.flatnonzero(counts < K)
    assert len(small)
    for place in small:
        aim = np.eye(len(pieces))[place]
        low, high = (linprog(sign * aim, **system) for sign in (1, -1))
        assert round(low.fun) < round(-high.fun), pieces.loc[place]


def test_months_that_are_hidden_stay_hidden():
    pieces = pd.DataFrame(
        {
            "week": pd.to_datetime(["1997-01-06", "1997-02-03", "1997-03-03", "1997-04-07"]),
            "month": pd.to_datetime(["1997-01-01", "1997-02-01", "1997-03-01", "1997-04-01"]),
            "customers": [40, 3, 20, 60],
        }
    )
    rows = [(f"{week}{i}", str(week.date()), 1) for week, n in
            zip(pieces.week, pieces.customers, strict=True) for i in range(n)]  # fmt: skip
    months = suppressed_triangle(cohort_retention(purchases_of(rows), as_of="1997-04-30"))
    found = hidden_weeks(pieces, months)
    assert found.tolist() == months.sizes.tolist()
    assert found.tolist() == [False, True, True, False]
