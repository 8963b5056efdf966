"""Shown: what a page may tell, and what could be worked out from it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import customer_summary
from regulars.measures.warning.levels import Levels
from regulars.measures.warning.reasons import with_reasons
from regulars.measures.warning.shown import kinds_shown, lists_shown, new_shown, warned_shown
from regulars.measures.warning.stake import at_stake, warning_list
from regulars.measures.warning.watch import Watch, watch, watched_customers
from regulars.parameters.forecasts import EarlyWarning

NUMBERS = ["low", "high", "lift", "lift_low", "lift_high", "recall"]


def seen_of(counts, new=0):
    """Make a watch of overdue, falling, both and none, all silent for ten days."""
    cells = pd.DataFrame({"warning": ["overdue", "falling", "both", pd.NA], "customers": counts})
    cells = cells.assign(days_since_last=10, is_new=[new, False, False, False])
    known = Levels(0.05, 0.05, 0, np.nan, np.nan)
    return Watch(cells, EarlyWarning(), pd.Timestamp("1997-12-31").date(), known, None)


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_no_group_of_fewer_than_ten_can_be_worked_out(counts):
    kinds = kinds_shown(seen_of(counts))
    warned, total = warned_shown(kinds, of=sum(counts)), sum(counts)
    shown = kinds.set_index("warning").customers.dropna()
    assert not ((shown > 0) & (shown < 10)).any()
    if total >= 10 and warned is not None:
        # What is known: the total, the groups shown, and how many are warned of.
        rest = warned - int(shown.drop("none", errors="ignore").sum())
        away = kinds.hidden[:3].sum()
        assert away != 1 or rest == 0 or rest >= 10


def test_new_ones_are_told_unless_few():
    assert new_shown(seen_of([30, 0, 12, 100], new=True), warned=42) == 30
    assert new_shown(seen_of([30, 0, 5, 100], new=True), warned=35) is None
    assert new_shown(seen_of([30, 0, 12, 100], new=True), warned=None) is None


def rows_of(**lists):
    """Make judged lists of (customers, silent)."""
    frame = pd.DataFrame(
        [(name, n, silent / n if n else np.nan) for name, (n, silent) in lists.items()],
        columns=["list", "customers", "share"],
    )
    return frame.assign(**dict.fromkeys(NUMBERS, 0.5))


@pytest.mark.parametrize(
    ("warned", "hidden"),
    [
        ((40, 20), False),
        ((9, 9), True),  # few on it
        ((40, 31), True),  # few of them came
        ((40, 9), True),  # few of them were silent
        ((95, 50), True),  # few are not on it
        ((60, 45), True),  # few silent who are not on it
        ((40, 40), False),
        ((0, 0), False),
    ],
)
def test_a_list_is_hidden_if_it_tells_of_few(warned, hidden):
    shown = lists_shown(rows_of(warned=warned, everybody=(100, 50)))
    assert shown.hidden.tolist() == [hidden, False]
    assert pd.isna(shown.share[0]) == (hidden or warned[0] == 0)


def test_a_part_is_hidden_if_the_other_part_is_few():
    rows = {"warned": (60, 30), "overdue": (52, 20), "new_warning": (30, 15)}
    shown = lists_shown(rows_of(**rows, everybody=(200, 100))).set_index("list")
    assert shown.hidden.to_dict() == {
        "warned": False,
        "overdue": True,
        "new_warning": False,
        "everybody": False,
    }


def test_if_few_were_looked_at_nothing_is_shown():
    assert lists_shown(rows_of(warned=(0, 0), everybody=(9, 5))).hidden.all()


def test_the_list_holds_those_warned_of_and_nobody_else():
    lines = [("gone", f"1997-0{month}-01", 10) for month in range(1, 5)]
    lines += [("gone", f"1997-04-{day:02}", 10) for day in range(2, 9)]
    lines += [("here", f"1997-{month:02}-01", 10) for month in range(1, 13)]
    purchases, as_of = purchases_of(lines), "1997-12-31"
    people = watched_customers(purchases, watch(purchases, as_of=as_of, rules=EarlyWarning()))
    told = with_reasons(people, purchases, as_of=as_of)
    stake = at_stake(purchases, people.filter(people.warning.notnull()), None, as_of=as_of)  # noqa: PD004
    listed = fetch(warning_list(told, stake))
    assert listed.customer_id.tolist() == ["gone"]
    assert listed.columns.tolist() == [
        *["customer_id", "warning", "is_new", "days_since_last", "at_stake"],
        *["smaller_basket", "fewer_categories"],
    ]
    assert (listed.days_since_last[0], float(listed.at_stake[0])) == (267, 110)
    assert fetch(customer_summary(purchases, as_of=as_of)).shape[0] == 2
