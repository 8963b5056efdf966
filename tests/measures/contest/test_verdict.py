"""A model speaks only after it has beaten every plain rule, and gets a grade."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.holdout import contest
from regulars.measures.contest.verdict import verdict

RULES = {
    "always_zero": {"mae": 0.8, "rmse": 2.2, "log_score": np.nan},
    "past_rate": {"mae": 1.0, "rmse": 2.0, "log_score": np.nan},
    "all_alike": {"mae": 1.3, "rmse": 2.1, "log_score": -1.15},
    "nobody_leaves": {"mae": 1.0, "rmse": 1.9, "log_score": -1.06},
}
GOOD = {
    "mae": 0.76, "rmse": 1.6, "log_score": -0.98, "gain_low": 0.05, "bias_low": -0.08,
    "bias_high": 0.02, "slope_low": 0.95, "slope_high": 1.09,
}  # fmt: skip


def contested(**models):
    rows = [{"name": name, "kind": "model", **GOOD, **other} for name, other in models.items()]
    rows += [{"name": name, "kind": "rule", **numbers} for name, numbers in RULES.items()]
    return pd.DataFrame(rows).reindex(columns=["name", "kind", *GOOD])


@pytest.mark.parametrize(
    ("bg", "mbg", "speaks"),
    [
        ({}, {"log_score": -0.97}, "mbg_nbd"),
        ({"log_score": -0.97}, {}, "bg_nbd"),
        ({"log_score": -0.97, "rmse": 1.9}, {}, "mbg_nbd"),  # a tie with a rule is not won
        ({"log_score": -1.06}, {"log_score": -1.2}, None),
        ({"rmse": 2.5}, {"rmse": 1.95}, None),
        ({"log_score": np.nan}, {"log_score": np.nan}, None),
        ({"mae": 0.9}, {"mae": 0.95, "log_score": -1.0}, "bg_nbd"),  # nothing minds the MAE
    ],
)
def test_who_may_speak(bg, mbg, speaks):
    found = verdict(contested(bg_nbd=bg, mbg_nbd=mbg))
    assert (found.speaks, found.model) == (speaks is not None, speaks)
    assert found.reason == (None if speaks else "rules")
    assert (found.grade is None) == (speaks is None)
    assert (found.best_rule, found.best_rule_mae) == ("always_zero", 0.8)
    assert (found.plain, found.plain_log_score) == ("nobody_leaves", -1.06)


@pytest.mark.parametrize(
    ("other", "grade", "missed"),
    [
        ({}, "A", ()),
        ({"mae": 0.85}, "A", ()),
        ({"bias_low": -0.28, "bias_high": -0.1}, "A", ()),  # it may be that little
        ({"slope_low": 1.15, "slope_high": 1.44}, "A", ()),
        ({"bias_low": -0.2, "bias_high": -0.11}, "B", ("total",)),
        ({"slope_low": 0.74, "slope_high": 0.84}, "B", ("slope",)),
        ({"bias_low": -0.11, "bias_high": 0.1}, "B", ("few",)),
        ({"slope_low": 0.6, "slope_high": 1.4}, "B", ("few",)),
        ({"bias_low": 0.26, "bias_high": 0.4}, "C", ("total",)),
        ({"slope_low": 0.5, "slope_high": 0.69}, "C", ("slope",)),
        ({"slope_low": np.nan, "slope_high": np.nan}, "C", ("slope",)),
        ({"gain_low": -0.01}, "C", ("gain",)),
        ({"gain_low": -0.01, "slope_low": 0.6, "slope_high": 1.4}, "C", ("gain",)),
    ],
)
def test_the_grade(other, grade, missed):
    found = verdict(contested(mbg_nbd=other))
    assert (found.grade, found.missed) == (grade, missed)


def test_a_reason_from_outside_silences_the_best():
    found = verdict(contested(mbg_nbd={}), reason="history")
    assert (found.speaks, found.model, found.grade, found.reason) == (False, None, None, "history")
    assert found.leader == found.best_model == "mbg_nbd"


def test_without_a_model_nobody_speaks():
    found = verdict(contested())
    assert (found.speaks, found.model, found.best_model, found.best_model_mae) == (False,) + (
        None,
    ) * 3
    assert found.reason == "no_model"


def test_where_nobody_had_bought_again_nothing_is_better_than_the_rules():
    cells = pd.DataFrame(
        {"repeat_days": [0], "recency_age": [0], "age": [9], "later": [1], "customers": [40]}
    )
    found = verdict(contest([], cells, holdout_days=9))
    assert (found.reason, found.plain, found.best_rule) == ("no_model", None, "always_zero")


def test_cdnow(cdnow_ahead):
    found = cdnow_ahead.judged
    assert found.speaks
    # The total was 16 % too low; by its interval, it may be as little as 6 %.
    assert (found.grade, found.missed) == ("B", ("few",))
    assert found.model == cdnow_ahead.contested.set_index("name").log_score.idxmax()
