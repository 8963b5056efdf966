"""Groups that are each other's rest."""

import pandas as pd

from regulars.measures.pair_suppression import hidden_pairs, hidden_parts


def test_a_tag_does_not_hide_another():
    assert hidden_pairs(pd.Series([4, 600, 0, 1000]), 1000).tolist() == [True] + [False] * 3
    assert hidden_pairs(pd.Series([995, 991, 990]), 1000).tolist() == [True, True, False]


def test_dormant_and_active_are_known_from_the_customer_base():
    classes = ["vip", "potential", "ordinary", "dormant"]
    away = hidden_parts(pd.Series([4, 20, 137, 50], classes), rest=["dormant"])
    # 161 active are shown, so dormant cannot stand in for the second one.
    assert away.tolist() == [True, True, False, False]
    few = hidden_parts(pd.Series([1, 0, 2, 57], classes), rest=["dormant"])
    assert few[["vip", "ordinary", "dormant"]].all()
    assert hidden_parts(pd.Series([40, 20, 137, 3], classes), rest=["dormant"])["dormant"]
