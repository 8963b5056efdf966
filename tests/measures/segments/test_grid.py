"""The grid is refused unless every cell has exactly one name."""

import pytest

from regulars.errors import ParameterError
from regulars.measures.segments.grid import check_grid


def rectangle(name, r, f, action="call"):
    return {"name": name, "r": r, "f": f, "action": action}


def test_the_usual_ten_segments_cover_every_cell_once(grid):
    cells = check_grid(grid)
    assert len(cells) == 25
    assert cells.segment.nunique() == 10
    named = cells.set_index(["r", "f"]).segment
    assert named[5, 4] == "champions"
    assert named[5, 1] == "new"
    assert named[3, 2] == "about_to_sleep"
    assert named[1, 5] == "cant_lose_them"
    assert named[2, 2] == "hibernating"


def test_one_segment_may_have_several_rectangles():
    cells = check_grid([rectangle("one", "1", "1-2"), rectangle("one", 2, "1–2")], bins=2)
    assert set(cells.segment) == {"one"}


def test_every_uncovered_cell_is_named(grid):
    without = [entry for entry in grid if entry["name"] not in ("new", "at_risk")]
    with pytest.raises(
        ParameterError, match=r"No segment covers R1 F3, R1 F4, R2 F3, R2 F4, R5 F1;"
    ):
        check_grid(without)


def test_every_cell_covered_twice_is_named_with_both(grid):
    wider = [*grid, rectangle("vip", "5", "5"), rectangle("vip", "1", "1")]
    with pytest.raises(
        ParameterError, match=r"R1 F1 \(hibernating and vip\), R5 F5 \(champions and vip\)"
    ):
        check_grid(wider)


@pytest.mark.parametrize("scores", ["5-4", "0", "6", "4-6", "a", "", "1-2-3", "-1"])
def test_malformed_ranges_are_named(grid, scores):
    with pytest.raises(
        ParameterError, match=f"f of odd is '{scores}'; expected a score from 1 to 5"
    ):
        check_grid([*grid, rectangle("odd", "1", scores)])


def test_all_problems_come_at_once():
    with pytest.raises(ParameterError, match=r"(?s)two different actions.*r of b is '9'"):
        check_grid(
            [rectangle("a", "1", "1"), rectangle("a", "2", "1", "mail"), rectangle("b", "9", "1")]
        )
