"""Drawn: what other parameters say is worked out once, and is the same for every group."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import few_cells
from regulars.measures.value.book import base_value, drawn_purchases, open_book
from regulars.measures.value.discounting import discounted_purchases
from regulars.measures.value.drawn import DRAWS, draw_purchases
from regulars.measures.value.groups import value_by_group
from regulars.measures.value.spend_cells import own_cells
from regulars.measures.value.worth import worth_by_group
from regulars.parameters import LifetimeValue

AHEAD = {"horizon_days": 365, "discount_rate": 0.1}


@pytest.fixture(scope="module")
def book(cdnow_lines, cdnow_forecast):
    return open_book(cdnow_lines, cdnow_forecast, LifetimeValue(), as_of="1997-09-30")


@pytest.fixture(scope="module")
def halves(book):
    """Customers in two groups, and some in none."""
    people = fetch(book.own.select("customer_id")).sort_values("customer_id", ignore_index=True)
    group = np.array(["even", "odd", "none"])[people.index % 3]
    groups = people.assign(segment=group)
    return table_of(groups[groups.segment != "none"])


def test_the_first_set_is_that_of_the_fit(few_fit):
    drawn = draw_purchases(few_fit, few_cells(), **AHEAD, seed=1)
    assert drawn.purchases.shape == (DRAWS + 1, 6)
    exact = discounted_purchases(few_fit, few_cells(), **AHEAD)
    assert drawn.purchases[0][drawn.place(few_cells())] == pytest.approx(exact)
    spread = drawn.purchases[1:].std(axis=0) / drawn.purchases[0]
    assert (spread > 0.01).all()


def test_cells_find_their_history_in_any_order(few_fit):
    drawn = draw_purchases(few_fit, few_cells(), **AHEAD, seed=1)
    place = drawn.place(few_cells())
    assert drawn.place(few_cells().iloc[::-1]).tolist() == place[::-1].tolist()
    twice = pd.concat([few_cells(), few_cells()])
    assert drawn.place(twice).tolist() == [*place, *place]


def test_a_book_draws_once_for_each_seed(book):
    drawn = drawn_purchases(book, seed=5)
    assert drawn_purchases(book, seed=5) is drawn
    assert drawn_purchases(book, seed=6) is not drawn
    assert base_value(book, seed=5).expected.low != base_value(book, seed=6).expected.low


def test_groups_have_the_intervals_they_have_alone(book, halves):
    told = value_by_group(book, halves, seed=5).set_index("segment").sort_index()
    cells = own_cells(book.own.join(halves.rename(group="segment"), "customer_id"), by=["group"])
    alone = worth_by_group(book.fitted, book.money, cells, **book.ahead, seed=5)
    # Grouped by themselves, histories are put together a little differently.
    for name in ("value", "low", "high", "comes_low", "comes_high"):
        assert told[name].to_numpy() == pytest.approx(alone[name].to_numpy(), rel=0.002), name
