"""Held: next purchases against the days they were foretold for."""

from datetime import date, timedelta

import pandas as pd
import pytest

from regulars.measures.contest.holdout import holdout_cells
from regulars.measures.examples import few_cells, purchases_of
from regulars.measures.forecasts.held import windows_held
from regulars.measures.forecasts.soon import next_purchase
from regulars.measures.purchase_models.fitting import fit

END, AS_OF = date(2024, 9, 26), date(2024, 12, 25)
ENDS = {"calibration_end": END, "as_of": AS_OF}
START = END - timedelta(days=270)


@pytest.fixture(scope="module")
def one():
    return fit(few_cells())


def shop(waits, *, silent=5):
    """Let customers buy once at the start, and again so many days after the calibration ended."""
    lines = [(f"c{number}", str(START), 5) for number in range(len(waits) + silent)]
    again = [(f"c{at}", str(END + timedelta(days=wait)), 5) for at, wait in enumerate(waits)]
    return purchases_of([*lines, *again, ("new", str(END + timedelta(days=3)), 5)])


def held(one, waits, **options):
    purchases = shop(waits, **options)
    return windows_held(one, purchases, holdout_cells(purchases, **ENDS), **ENDS)


def test_both_ends_belong_to_the_window(one):
    cell = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [270]})
    told = next_purchase(one, cell, within_days=90).iloc[0]
    first, last = int(told.next_from), int(told.next_until)
    assert 1 < first < last < 90
    waits = [first - 1] * 10 + [first] * 15 + [last] * 25 + [last + 1] * 12
    places = held(one, waits)
    assert places.place.tolist() == ["earlier", "within", "later"]
    assert places.customers.tolist() == [10, 40, 12]
    assert places.share.tolist() == pytest.approx([10 / 62, 40 / 62, 12 / 62])


def test_only_the_first_purchase_of_those_who_were_known_and_came_counts(one):
    purchases = shop([40] * 20)
    more = purchases_of([("c0", "2024-12-24", 5), ("c1", "2024-12-20", 5)])
    both = purchases.union(more)
    places = windows_held(one, both, holdout_cells(both, **ENDS), **ENDS)
    assert places.customers.tolist() == [0, 20, 0]


def test_about_eight_in_ten_are_expected_within(one):
    expected = held(one, [40] * 20).expected_share
    assert expected.sum() == pytest.approx(1)
    assert expected[1] == pytest.approx(0.8, abs=0.03)
    assert (expected[[0, 2]] <= 0.1 + 1e-9).all()


def test_few_are_hidden_with_another(one):
    places = held(one, [1] * 3 + [40] * 40 + [88] * 20)
    assert places.hidden.tolist() == [True, False, True]
    assert places.loc[places.hidden, ["customers", "share", "low", "high"]].isna().all(axis=None)


def test_nobody_came(one):
    assert held(one, []).empty


def test_cdnow_holds(cdnow, cdnow_fits, cdnow_holdout):
    ends = {"calibration_end": "1997-09-30", "as_of": "1998-06-30"}
    places = windows_held(cdnow_fits["mbg_nbd"], cdnow, cdnow_holdout, **ends)
    assert places.customers.tolist() == [57, 546, 81]
    within = places.iloc[1]
    assert within.low < within.expected_share < within.high
