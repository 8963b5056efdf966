"""The rule of R's package rfm: its published results, and NumPy's quantiles."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import collect_doubts
from regulars.measures.engine import fetch, table_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.rfm import rfm_scores
from regulars.measures.segments.rfm_r import rfm_scores_like_r

MEASURES = {"r": "days_since_last", "f": "orders", "m": "spend"}
MILES_PER_GALLON = [
    21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4,
    14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4,
]  # fmt: skip
"""R's mtcars (Henderson & Velleman 1981, Biometrics 37), on which the package tests its bins."""


def people(rows):
    frame = pd.DataFrame(rows, columns=list(MEASURES.values()))
    frame.insert(0, "customer_id", [f"c{place:03}" for place in range(len(rows))])
    return frame


def scores_of(frame, **keywords):
    scored, cuts = rfm_scores_like_r(table_of(frame), **keywords)
    return fetch(scored.order_by("customer_id")), cuts


def by_the_letter(values, bins):
    """Score as the package's text says it, in exact numbers: interval after interval."""
    ordered = sorted(Fraction(value) for value in values)
    cuts = []
    for step in range(1, bins):
        place = Fraction((len(ordered) - 1) * step, bins)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        cuts.append(ordered[low] + (place - low) * (ordered[high] - ordered[low]) + 1)
    lower, upper = [ordered[0], *cuts], [*cuts, ordered[-1] + 1]
    return [
        next(i + 1 for i in range(bins) if lower[i] <= Fraction(value) < upper[i])
        for value in values
    ]


def test_cut_points_published_for_mtcars():
    frame = people([(place, 1, mpg) for place, mpg in enumerate(MILES_PER_GALLON)])
    _, cuts = scores_of(frame)
    # tests/testthat/test-utils.R of the package: bins(mtcars, mpg, 5).
    found = cuts[cuts.measure == "spend"].value
    assert found.tolist() == pytest.approx([16.20, 18.92, 22.00, 25.08])


def test_by_hand():
    frame = people(
        [(day, order, 10 * order) for day, order in zip(range(6), [1, 1, 1, 2, 3, 9], strict=True)]
    )
    found, cuts = scores_of(frame, bins=2)
    # The middle of 1 1 1 2 3 9 is 1.5, and the cut point 2.5; that of 10 … 90 is 15, hence 16.
    assert cuts.value.tolist() == [3.5, 2.5, 16]
    assert found.f.tolist() == [1, 1, 1, 1, 2, 2]
    assert found.m.tolist() == [1, 1, 1, 2, 2, 2]
    assert found.r.tolist() == [2, 2, 2, 2, 1, 1]


def test_trap_counting_money_in_cents_changes_the_scores_of_r_and_not_ours():
    spends = [10, 10, 10, 20, 20, 20, 21, 22, 23, 24]
    euros = people([(0, 1, spend) for spend in spends])
    cents = euros.assign(spend=euros.spend * 100)
    theirs = [scores_of(frame)[0].m.tolist() for frame in (euros, cents)]
    with collect_doubts():
        ours = [fetch(rfm_scores(table_of(f))[0].order_by("customer_id")).m for f in (euros, cents)]
    assert theirs[0] != theirs[1]
    assert ours[0].tolist() == ours[1].tolist()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 4), st.decimals(-3, 9, places=2)),
        min_size=1,
        max_size=30,
    ),
    st.integers(2, 6),
)
def test_scores_follow_the_letter_of_the_rule(rows, bins):
    frame = people(rows)
    found, cuts = scores_of(frame, bins=bins)
    steps = np.arange(1, bins) / bins
    for score, measure in MEASURES.items():
        expected = np.array(by_the_letter(frame[measure], bins))
        assert found[score].tolist() == (bins + 1 - expected if score == "r" else expected).tolist()
        quantiles = np.quantile(frame[measure].astype(float), steps, method="linear") + 1
        assert cuts[cuts.measure == measure].value.to_numpy() == pytest.approx(quantiles)


@pytest.mark.parametrize(
    "rows",
    [[(3, 1, 10)], [(day, day + 1, day) for day in range(5)], [(3, 1, 10)] * 12],
    ids=["one", "five", "all equal"],
)
def test_every_customer_is_scored_once(rows):
    found, _ = scores_of(people(rows))
    assert len(found) == len(rows)
    assert found[["r", "f", "m"]].isin(range(1, 6)).all(axis=None)


def test_nobody_is_no_reason_to_fail():
    found, cuts = scores_of(people([(3, 1, 10)]).iloc[:0])
    assert found.empty
    assert cuts.empty


def test_fewer_than_two_bins_are_refused():
    with pytest.raises(ValueError, match="Use 5 for scores 1 to 5"):
        rfm_scores_like_r(table_of(people([(3, 1, 10)])), bins=1)


def test_the_two_rules_differ_on_cdnow(cdnow):
    customers = customer_summary(cdnow, as_of="1998-06-30")
    _, theirs = rfm_scores_like_r(customers)
    with collect_doubts():
        _, ours = rfm_scores(customers)
    frame = fetch(customers)
    steps = [0.2, 0.4, 0.6, 0.8]
    for measure in MEASURES.values():
        values = frame[measure].astype(float)
        assert theirs[theirs.measure == measure].value.to_numpy() == pytest.approx(
            np.quantile(values, steps) + 1
        )
    assert ours[ours.measure == "orders"].value.tolist() == [1, 1, 2, 4]
    assert theirs[theirs.measure == "orders"].value.tolist() == [2, 2, 3, 5]
