"""Judged: shares, lift and recall by hand; intervals against the bootstrap; orders by pairs."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import purchases_of
from regulars.measures.intervals import wilson
from regulars.measures.warning.judged import false_alarms, last_list, lift_ratio, lists_judged
from regulars.measures.warning.levels import Levels
from regulars.measures.warning.order import gains, ordering
from regulars.measures.warning.watch import Watch

AS_OF = pd.Timestamp("1997-10-02").date()


def seen_of(rules, rows):
    """Make a watch of (customers, warning, days_since_last, p, came)."""
    columns = ["customers", "warning", "days_since_last", "p_overdue", "came"]
    cells = pd.DataFrame(rows, columns=columns)
    cells = cells.assign(
        warning=cells.warning.astype("string").replace("", pd.NA),
        p_falling=1.0,
        is_new=cells.warning == "overdue",
        is_silent=cells.days_since_last >= 90,
    )
    return Watch(cells, rules, AS_OF, Levels(0.05, 0.05, 0, np.nan, np.nan), None)


@pytest.fixture
def seen(rules):
    return seen_of(
        rules,
        [
            (30, "overdue", 60, 0.01, False),
            (10, "both", 60, 0.02, True),
            (20, "", 120, 0.40, False),
            (40, "", 120, 0.30, True),
            (10, "", 20, 0.80, False),
            (90, "", 10, 0.90, True),
        ],
    )


def test_by_hand(seen):
    rows = lists_judged(seen).set_index("list")
    assert list(rows.index) == [
        "warned", "overdue", "new_warning", "silent_rule", "longest_silent", "everybody",
    ]  # fmt: skip
    assert rows.customers.to_dict() == {
        "warned": 40, "overdue": 40, "new_warning": 30, "silent_rule": 60, "longest_silent": 40, "everybody": 200,
    }  # fmt: skip
    assert rows.share.round(4).tolist() == [0.75, 0.75, 1.0, 0.3333, 0.3333, 0.3]
    assert rows.lift.round(4).tolist() == [2.5, 2.5, 3.3333, 1.1111, 1.1111, 1.0]
    assert rows.recall.round(4).tolist() == [0.5, 0.5, 0.5, 0.3333, 0.2222, 1.0]
    interval = wilson(30, 40)
    assert rows.loc["warned", ["low", "high"]].tolist() == [interval.low, interval.high]
    assert false_alarms(seen) == wilson(10, 140)


def test_everybody_has_a_lift_of_one_without_doubt(seen):
    row = lists_judged(seen).set_index("list").loc["everybody"]
    assert row[["lift", "lift_low", "lift_high"]].tolist() == pytest.approx([1, 1, 1])


def test_the_ratio_of_lists_that_overlap_agrees_with_the_bootstrap(seen):
    # Warned against everybody who was silent for 60 days or warned: half of the list is in both.
    cells = seen.cells.assign(is_silent=seen.cells.days_since_last >= 60)
    both = Watch(cells, seen.rules, AS_OF, seen.levels, None)
    found = lift_ratio(both, "warned", "silent_rule")
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(200, cells.customers / 200, size=20_000).T
    warned, listed = cells.warning.notna().to_numpy(), cells.is_silent.to_numpy()
    silent = ~cells.came.to_numpy()
    ratios = (drawn[warned & silent].sum(0) / drawn[warned].sum(0)) / (
        drawn[listed & silent].sum(0) / drawn[listed].sum(0)
    )
    assert found.value == pytest.approx(0.75 / 0.5)
    assert found.n == 40
    low, high = np.quantile(ratios, [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.03)


def test_the_intervals_of_lift_cover_the_truth(rules):
    """The list is right in 60 %, the others are silent in 30 %; a fifth is on the list."""
    rng, held = np.random.default_rng(4), 0
    truth = 0.6 / (0.2 * 0.6 + 0.8 * 0.3)
    for a, b, c, d in rng.multinomial(400, [0.12, 0.08, 0.24, 0.56], size=200):
        rows = [(a, "both", 60, 0.01, False), (b, "both", 60, 0.01, True)]
        rows += [(c, "", 20, 0.5, False), (d, "", 20, 0.5, True)]
        found = lift_ratio(seen_of(rules, rows), "warned", "everybody")
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 200 <= 0.98


def test_a_list_that_found_nobody_has_no_lift(rules):
    seen = seen_of(rules, [(30, "both", 60, 0.01, True), (30, "", 20, 0.5, False)])
    rows = lists_judged(seen).set_index("list")
    assert rows.share["warned"] == 0
    assert np.isnan(rows.lift["warned"])
    assert lift_ratio(seen, "warned", "everybody") is None


def test_nobody_looked_at_is_judged_without_a_number(rules):
    seen = last_list(purchases_of([("ann", "1997-01-05", 10)]), as_of="1997-12-31", rules=rules)
    rows = lists_judged(seen)
    assert rows.customers.sum() == 0
    assert rows.share.isna().all()
    assert ordering(seen).auc.isna().all()
    assert gains(seen).empty
    assert false_alarms(seen) is None


def test_the_area_counts_pairs(seen):
    people = seen.cells.loc[seen.cells.index.repeat(seen.cells.customers)]
    silent, others = (people[people.came == came] for came in (False, True))
    for name, sign in (("p_overdue", 1), ("days_since_last", -1)):
        one, other = sign * silent[name].to_numpy()[:, None], sign * others[name].to_numpy()
        pairs = ((one < other) + (one == other) / 2).mean()
        row = ordering(seen).set_index("order").auc
        assert row["p_value" if sign == 1 else name] == pytest.approx(pairs)


def test_gains_begin_with_nobody_and_end_with_all(seen):
    curve = gains(seen)
    by_p = curve[curve["name"] == "p_value"].set_index("customers_share").silent_share
    assert (by_p[0.0], by_p[1.0]) == (0, 1)
    # The first 30 of 200 are the half of the silent that the smallest p-value points at.
    assert by_p[0.15] == pytest.approx(0.5)
    assert len(by_p) == 21
    assert (by_p.diff().dropna() >= 0).all()


def test_steps_of_the_gains_hold_ten_customers(rules):
    seen = seen_of(rules, [(30, "both", 60, 0.01, False), (15, "", 20, 0.5, True)])
    assert gains(seen).groupby("name").size().tolist() == [5, 5]


def test_the_model_of_then_stands_beside(buyers, rules):
    purchases = buyers(customers=400, shape=1, days=700, mean=60, seed=6)
    # Nobody leaves of themselves here; half of them do on a day.
    stays = ~purchases.customer_id.right(1).isin(list("02468"))
    purchases = purchases.filter(stays | (purchases.day < date(2021, 5, 1)))
    seen = last_list(purchases, as_of="2021-11-30", rules=rules, model="mbg_nbd")
    rows = lists_judged(seen).set_index("list")
    assert rows.customers["p_alive_rule"] == seen.cells.customers[seen.cells.is_dropped].sum()
    assert "p_alive" in ordering(seen).order.tolist()


def test_a_model_that_cannot_be_fitted_is_left_out(rules):
    lines = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-05", 10)])
    seen = last_list(lines, as_of="1997-12-31", rules=rules, model="mbg_nbd")
    assert "p_alive_rule" not in lists_judged(seen).list.tolist()
