"""Who has left: by a rule and by a model, by hand, and what is hidden."""

from types import SimpleNamespace

import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import few_cells, purchases_of
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.win_back.left import (
    fitted_at,
    leaving_model,
    left_by_silence,
    left_customers,
    silence_names,
)
from regulars.parameters.forecasts import WinBack

WHEN = {"as_of": "2024-12-31", "period_days": 200}


def told(*rows: tuple, fitted=None, **changed) -> pd.DataFrame:
    rules = WinBack(**changed)
    left = left_customers(purchases_of(rows), fitted=fitted, rules=rules, **WHEN)
    return fetch(left.order_by("customer_id")).set_index("customer_id")


def test_the_rule_by_hand():
    found = told(
        # Every 30 days, silent for 92: more than 60 and than 90 days.
        ("ann", "2024-08-31", 1), ("ann", "2024-09-30", 1),
        # Every 100 days, silent for 92.
        ("bob", "2024-06-22", 1), ("bob", "2024-09-30", 1),
        # Every day, silent for 90.
        ("cem", "2024-10-01", 1), ("cem", "2024-10-02", 1),
        # Once, 200 and 201 days ago.
        ("dan", "2024-06-14", 1), ("eve", "2024-06-13", 1),
    )  # fmt: skip
    assert found.days_since_last.tolist() == [92, 92, 90, 200, 201]
    assert found.has_left.tolist() == [True, False, False, False, True]
    assert found.step.tolist() == [1, 1, 0, 2, 2]
    assert found.p_alive.isna().all()


def test_by_a_model_p_alive_decides():
    fitted = fit(few_cells(), model="mbg_nbd")
    rows = [("ann", "2024-01-01", 1), ("ann", "2024-02-01", 1), ("bob", "2024-12-01", 1),
            ("bob", "2024-12-20", 1)]  # fmt: skip
    found = told(*rows, fitted=fitted)
    assert found.p_alive["ann"] < 0.5 < found.p_alive["bob"]
    assert found.has_left.tolist() == [True, False]
    assert told(*rows, fitted=fitted, left_below=0.0).has_left.tolist() == [False, False]


def test_what_came_later_changes_nothing():
    rows = [("ann", "2024-01-01", 1), ("ann", "2024-02-01", 1)]
    later = told(*rows, ("ann", "2025-01-05", 1), ("bob", "2025-02-01", 1))
    pd.testing.assert_frame_equal(told(*rows), later)


def test_classes_follow_the_days_of_return():
    assert silence_names(WinBack(return_days=30))[1:3] == ["31 to 60 days", "61 to 120 days"]


def counted(left: list[int], stayed: list[int]) -> pd.DataFrame:
    rows = [(step, gone) for step in range(4) for gone, n in ((True, left[step]), (False, stayed[step]))
            for _ in range(n)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["step", "has_left"])
    frame = frame.astype({"step": "int64", "has_left": bool}).assign(spend=2.0)
    return left_by_silence(table_of(frame), rules=WinBack())


def test_classes_and_the_sum_of_all_by_hand():
    found = counted([0, 20, 30, 40], [50, 20, 10, 0])
    assert found.silence.tolist()[-1] == "all"
    assert found["left"].tolist() == [0, 20, 30, 40, 90]
    assert found.customers.tolist() == [50, 40, 40, 40, 170]
    assert found.share.tolist() == pytest.approx([0, 0.5, 0.75, 1, 90 / 170])
    assert found.spend.tolist() == [0, 40, 60, 80, 180]
    assert not found.hidden.any()


def test_a_small_class_is_hidden_with_another():
    found = counted([0, 3, 30, 40], [50, 20, 12, 0])
    assert found.hidden.sum() >= 2
    assert found.hidden[1]
    assert found.loc[found.hidden, ["left", "share", "spend"]].isna().all(axis=None)
    assert found["left"].iloc[-1] == 73


def test_nobody_at_all():
    found = counted([0] * 4, [0] * 4)
    assert found.customers.tolist() == [0] * 5
    assert found.share.isna().all()


def test_a_model_that_cannot_be_fitted_is_none():
    assert (
        fitted_at(purchases_of([("ann", "2024-01-01", 1)]), model="mbg_nbd", day="2024-12-31")
        is None
    )
    assert fitted_at(purchases_of([("ann", "2024-01-01", 1)]), model=None, day="2024-12-31") is None


def test_bg_nbd_does_not_say_who_has_left():
    fits = {name: SimpleNamespace(model=name) for name in ("bg_nbd", "mbg_nbd", "pareto_nbd")}
    contested = pd.DataFrame({"name": [*fits], "log_score": [-0.90, -0.92, -0.91]})
    ahead = SimpleNamespace(fits=fits, contested=contested, final=fits["bg_nbd"])
    assert leaving_model(ahead).model == "pareto_nbd"
    ahead.final = fits["mbg_nbd"]
    assert leaving_model(ahead).model == "mbg_nbd"
    ahead.final, ahead.fits = fits["bg_nbd"], {"bg_nbd": fits["bg_nbd"]}
    assert leaving_model(ahead) is None
