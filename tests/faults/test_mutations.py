"""Mutations: whatever is done to a file, never another total without a word."""

from collections import Counter

import pytest
from faults import mutations as spoiled

PLACES = range(len(spoiled.mutations()))
NAMES = [f"{one.group}: {one.name}" for one in spoiled.mutations()]


@pytest.fixture(scope="module")
def outcomes() -> list[spoiled.Outcome]:
    """All files taken in, as declared and as init found them."""
    return spoiled.all_outcomes()


def test_there_are_enough_and_no_name_twice() -> None:
    assert len(NAMES) >= 150
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_right_or_counted_or_refused(outcomes: list[spoiled.Outcome], place: int) -> None:
    one = outcomes[place]
    assert "WRONG" not in (one.declared, one.found), one.said


def test_the_first_way_is_never_a_guess(outcomes: list[spoiled.Outcome]) -> None:
    found = Counter(one.declared for one in outcomes)
    assert found["guessed"] == 0
    # Were all refused, nothing would be tested.
    assert min(found["right"], found["counted"], found["refused"]) >= 30
