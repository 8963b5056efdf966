"""Who returns: by hand, against the model's own simulation, and without what is not known."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import few_cells, purchases_of
from regulars.measures.intervals import wilson
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.predictive import buy_probability
from regulars.measures.win_back.caused import extra_if_caused
from regulars.measures.win_back.returns import return_chances, return_rates, with_rates
from regulars.parameters.forecasts import WinBack

RULES = WinBack()


def gone(n: int, back: int, *, first: int = 0, day: str = "2024-12-01") -> list[tuple]:
    """Return customers who bought twice long ago, the first of whom came back on a day."""
    names = [f"c{place:03d}" for place in range(first, first + n)]
    old = [(one, when, 5) for one in names for when in ("2023-01-01", "2023-02-01")]
    return [*old, *((one, day, 5) for one in names[:back])]


def rates(rows: list[tuple], **more) -> pd.DataFrame:
    found = return_rates(
        purchases_of(rows), as_of="2024-12-31", fitted=None, rules=RULES, period_days=180, **more
    )
    return found.set_index("silence")


def test_a_rate_by_hand():
    # 90 days before the end is 2 October: 40 had left by then, 12 came on 1 December.
    found = rates(gone(40, 12))
    expected = wilson(12, 40)
    for row in ("over 360 days", "all"):
        assert found.loc[row, ["customers", "returned"]].tolist() == [40, 12]
        assert found.loc[row, ["rate", "low", "high"]].tolist() == pytest.approx(
            [0.3, expected.low, expected.high]
        )
    assert found.predicted.isna().all()


@pytest.mark.parametrize(
    ("day", "came"), [("2024-10-03", True), ("2024-12-31", True), ("2025-01-01", False)]
)
def test_only_the_days_that_count_count(day, came):
    found = rates(gone(40, 12, day=day))
    assert found.returned["all"] == (12 if came else 0)


def test_who_was_back_at_the_cut_had_not_left():
    assert rates(gone(40, 12, day="2024-10-02")).customers["all"] == 28


def test_who_was_treated_since_is_left_out_and_the_control_group_is_not():
    contacts = pd.DataFrame(
        {
            "customer_id": ["c000", "c001", "c039", "c038"],
            "arm": ["treated", "control", None, "treated"],
            "contacted_at": pd.to_datetime(
                ["2024-11-01", "2024-11-01", "2024-11-01", "2024-10-02"]
            ),
        }
    )
    found = rates(gone(40, 12), contacts=table_of(contacts))
    assert found.loc["all", ["customers", "returned"]].tolist() == [38, 11]


def test_few_who_came_back_are_hidden():
    found = rates(gone(40, 3))
    assert found.hidden["all"]
    assert found.loc["all", ["customers", "returned", "rate", "low", "high"]].isna().all()


def test_nobody_had_left():
    found = rates([("ann", "2024-12-01", 1)])
    assert found.customers["all"] == 0
    assert np.isnan(found.rate["all"])


def test_a_return_is_told_of_the_cell_in_days():
    fitted = fit(few_cells(), model="mbg_nbd")
    cell = pd.DataFrame({"repeat_days": [1], "recency_age": [91], "age": [273]})
    told = return_chances(fitted, cell, rules=WinBack(return_days=91, value_days=364)).iloc[0]
    times = {"horizon": 52, "window": 13, "repeat_days": np.array([1]), "age": np.array([39.0])}
    assert told.extra_days == pytest.approx(extra_if_caused("mbg_nbd", fitted.values, **times)[0])
    weeks = {"repeat_days": 1, "recency_age": 13, "age": 39}
    comes = buy_probability("mbg_nbd", fitted.values, horizon=13, **weeks)
    assert told.p_return == pytest.approx(comes[0])


def test_a_value_counted_for_less_than_the_days_of_return_is_told_as_well():
    rules = WinBack(return_days=90, value_days=30)
    told = return_chances(fit(few_cells(), model="bg_nbd"), few_cells(), rules=rules)
    same = return_chances(
        fit(few_cells(), model="bg_nbd"), few_cells(), rules=WinBack(return_days=30, value_days=30)
    )
    assert told.extra_days.tolist() == pytest.approx(same.extra_days.tolist())
    assert (told.p_return > same.p_return).all()


def test_without_a_model_the_rate_of_the_class_is_the_chance():
    left = table_of(pd.DataFrame({"customer_id": ["ann", "bob", "cem"], "step": [3, 1, 0]}))
    table = pd.DataFrame({"rate": [np.nan, 0.2, np.nan, 0.05, 0.1]})
    found = fetch(with_rates(left, table).order_by("customer_id"))
    assert found.p_return.tolist() == [0.05, 0.2, 0.1]
    assert found.extra_days.tolist() == [1, 1, 1]
