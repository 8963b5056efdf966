"""Cells: counted in the engine; a typical history is a median, and small groups are left out."""

import pandas as pd

from regulars.measures.cells import typical_histories


def test_typical_histories_are_lower_medians_of_groups_of_ten_or_more() -> None:
    cells = pd.DataFrame(
        {
            "repeat_days": [0, 0, 0, 1, 1, 2],
            "recency_age": [0, 0, 0, 5, 50, 9],
            "age": [10, 20, 30, 60, 70, 80],
            "customers": [4, 4, 4, 5, 5, 9],
        }
    )
    found = typical_histories(cells)
    assert found.to_dict("list") == {
        "repeat_days": [0, 1],
        "recency_age": [0, 5],
        "age": [20, 60],
        "customers": [12, 10],
    }


def test_no_group_of_ten_gives_no_history() -> None:
    few = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [9], "customers": [9]})
    assert typical_histories(few).empty
