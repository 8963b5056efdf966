"""Cells: counted in the engine; a typical history is a median, and small groups are left out."""

import pandas as pd

from regulars.measures.purchase_models.cells import hidden_histories, typical_histories


def test_typical_histories_are_lower_medians() -> None:
    cells = pd.DataFrame(
        {
            "repeat_days": [0, 0, 0, 1, 1, 7],
            "recency_age": [0, 0, 0, 5, 50, 90],
            "age": [10, 20, 30, 60, 70, 99],
            "customers": [4, 4, 4, 5, 5, 20],
        }
    )
    found = typical_histories(cells)
    assert found.to_dict("list") == {
        "repeat_days": [0, 1],  # 7 stands for 7 and more elsewhere, so 7 alone is not told
        "recency_age": [0, 5],
        "age": [20, 60],
        "customers": [12, 10],
    }


def test_a_small_group_takes_another_with_it() -> None:
    cells = pd.DataFrame(
        {
            "repeat_days": [0, 1, 2, 8, 9],
            "recency_age": [0, 5, 9, 9, 9],
            "age": [10, 20, 30, 60, 70],
            "customers": [300, 40, 9, 60, 8],
        }
    )
    assert hidden_histories(cells).to_dict() == {0: False, 1: True, 2: True, 7: False}
    assert typical_histories(cells).repeat_days.tolist() == [0]


def test_no_group_of_ten_gives_no_history() -> None:
    few = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [9], "customers": [9]})
    assert typical_histories(few).empty
