"""A model speaks only after it has beaten every plain rule."""

import pandas as pd
import pytest

from regulars.measures.contest.holdout import contest
from regulars.measures.contest.verdict import verdict

RULES = {"always_zero": 0.8, "same_as_before": 0.9, "past_rate": 1.0}


def contested(**models):
    maes = {**models, **RULES}
    kinds = ["rule" if name in RULES else "model" for name in maes]
    return pd.DataFrame({"name": list(maes), "kind": kinds, "mae": list(maes.values())})


@pytest.mark.parametrize(
    ("bg", "mbg", "speaks", "model", "best"),
    [
        (0.79, 0.76, True, "mbg_nbd", "mbg_nbd"),
        (0.75, 0.76, True, "mbg_nbd", "bg_nbd"),  # preferred for P(alive) though it errs more
        (0.75, 0.81, True, "bg_nbd", "bg_nbd"),
        (0.81, 0.85, False, None, "bg_nbd"),  # beats two of three rules only
        (0.80, 0.80, False, None, "bg_nbd"),  # a tie is not won
    ],
)
def test_who_may_speak(bg, mbg, speaks, model, best):
    found = verdict(contested(bg_nbd=bg, mbg_nbd=mbg))
    assert (found.speaks, found.model, found.best_model) == (speaks, model, best)
    assert found.best_model_mae == min(bg, mbg)
    assert (found.best_rule, found.best_rule_mae) == ("always_zero", 0.8)


def test_without_a_model_nobody_speaks():
    found = verdict(contested())
    assert (found.speaks, found.model, found.best_model, found.best_model_mae) == (False,) + (
        None,
    ) * 3


def test_cdnow(cdnow_fits, cdnow_holdout):
    found = verdict(contest(list(cdnow_fits.values()), cdnow_holdout, holdout_days=273))
    assert found.speaks
    assert found.model == "mbg_nbd"
