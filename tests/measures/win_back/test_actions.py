"""Past actions: which there were, whom they drew, and what they changed, against what is planted."""

from dataclasses import replace

import ibis
import numpy as np
import pandas as pd
import pytest
from won_back import campaigns, planted

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.win_back import study as studying
from regulars.measures.win_back.actions import newest_action, past_actions, people_of
from regulars.measures.win_back.balance import arms_compared, split_share
from regulars.measures.win_back.effects import relative_uplift
from regulars.measures.win_back.returns import return_chances
from regulars.measures.win_back.study import study_action

WHEN = {"as_of": "2024-12-31"}


def studied(made, **more):
    listed = past_actions(made.tables, rules=made.rules, **WHEN)
    return study_action(
        made.purchases, made.tables, newest_action(listed), rules=made.rules, period_days=180, share=0.5,
        **{"model": None} | more,
    )  # fmt: skip


def test_an_action_is_found_by_its_goal_however_it_is_written():
    made = planted(1, customers=60)
    (row,) = past_actions(made.tables, rules=made.rules, **WHEN).to_dict("records")
    assert (row["treated"] + row["control"], row["in_both"]) == (60, 0)
    assert str(row["last_day"].date()) == "2024-08-29"
    assert row["cost"] == pytest.approx(1500 / row["treated"])
    assert row["can_tell"]
    other = made.tables | {"campaigns": campaigns(goal="inform")}
    assert past_actions(other, rules=made.rules, **WHEN).empty


@pytest.mark.parametrize(("as_of", "rows", "is_over"), [
    ("2024-05-31", 0, None), ("2024-08-28", 1, False), ("2024-08-29", 1, True)])  # fmt: skip
def test_an_action_has_to_be_over(as_of, rows, is_over):
    made = planted(1, customers=60)
    found = past_actions(made.tables, as_of=as_of, rules=made.rules)
    assert len(found) == rows
    assert found.is_over.tolist() == [is_over] * rows
    assert (newest_action(found) is not None) == bool(is_over)


def test_the_newest_is_taken_and_not_the_best():
    rows = pd.DataFrame({"campaign_id": ["new", "older", "old"], "can_tell": [False, True, True]})
    assert newest_action(rows)["campaign_id"] == "older"


def test_without_a_control_group_nothing_can_be_told():
    made = planted(1, customers=60, control=0.0)
    found = past_actions(made.tables, rules=made.rules, **WHEN)
    assert found.control.tolist() == [0]
    assert newest_action(found) is None


def test_who_is_in_both_arms_is_in_neither():
    contacts = pd.DataFrame(
        {"campaign_id": "W1", "customer_id": ["ann", "ann", "bob", "cem", "cem"],
         "arm": ["treated", "control", "control", None, "treated"],
         "contacted_at": pd.NaT}
    )  # fmt: skip
    tables = {"campaigns": campaigns(), "campaign_contacts": table_of(contacts)}
    people = fetch(people_of(tables, "W1").order_by("customer_id"))
    assert people.to_numpy().tolist() == [["bob", False], ["cem", True]]
    made = planted(1, customers=20)
    assert past_actions(tables, rules=made.rules, **WHEN).in_both.tolist() == [1]


def test_what_was_planted_is_found():
    made = planted(5, customers=2000, rate=0.2, lift=1.0)
    study = studied(made)
    back = study.effects["had_left"]["returned"]
    assert back.low < 0.2 < back.high
    assert back.low > 0
    # Every return brings 50, half of it margin; a letter costs its part, and 5 to who returns.
    money = study.effects["had_left"]["money"]
    assert money.low < 0.2 * 25 < money.high
    rates = study.rates.set_index(["group", "arm"]).rate
    cost = study.action["cost"] + 5 * rates["had_left", "treated"]
    assert study.effects["had_left"]["cost"].value == pytest.approx(cost)
    profit = study.effects["had_left"]["profit"]
    assert profit.value == pytest.approx(money.value - cost)
    assert profit.low < 0.2 * 25 - cost < profit.high
    assert study.uplift.low < 1.0 < study.uplift.high
    assert study.uplift_of == "had_left"
    assert study.return_worth.value == pytest.approx(25)
    assert study.reckoned is None  # no model speaks


def test_what_a_return_brought_stands_beside_what_was_reckoned_for_them(monkeypatch):
    fitted = fit(few_cells(), model="bg_nbd")  # all who are planted are alike: no fit of their own
    monkeypatch.setattr(studying, "fitted_at", lambda *_, **__: fitted)
    made = planted(5, customers=1000, rate=0.2, lift=1.0)
    made = replace(made, rules=made.rules.model_copy(update={"left_below": 1.0}))
    study = studied(made)
    assert study.return_worth.n == len(fetch(people_of(made.tables, "W1")))
    before = pd.DataFrame({"repeat_days": [1], "recency_age": [31], "age": [512]})
    told = return_chances(fitted, before, rules=made.rules)
    assert study.reckoned == pytest.approx(0.5 * 20 * told.extra_days[0])


def test_of_an_action_that_added_nothing_no_worth_can_be_said():
    study = studied(planted(6, customers=1200, rate=0.2))
    assert (study.return_worth, study.reckoned) == (None, None)


def test_intervals_hold_what_was_planted_as_often_as_they_say():
    """By the arms' counts alone: 400 actions, a rate of 8 % and an uplift of half of it."""
    rng = np.random.default_rng(8)
    treated, control = rng.binomial(700, 0.12, 400), rng.binomial(300, 0.08, 400)
    found = [
        relative_uplift({"treated": (int(one), 700), "control": (int(other), 300)})
        for one, other in zip(treated, control, strict=True)
    ]
    held = np.mean([one.low <= 0.5 <= one.high for one in found])
    # Four standard errors of a share of .95 of 400 are .044.
    assert 0.906 <= held <= 0.994


def test_where_nothing_was_planted_the_interval_holds_nothing():
    study = studied(planted(6, customers=1200, rate=0.2))
    back = study.effects["everybody"]["returned"]
    assert back.low < 0 < back.high
    assert study.looks_drawn


def test_few_returns_are_hidden_and_tell_no_uplift():
    study = studied(planted(2, customers=200, rate=0.03))
    assert study.rates.hidden.all()
    assert study.rates[["customers", "returned", "rate"]].isna().all(axis=None)
    assert study.effects == {}
    assert study.uplift is None


def test_purchases_before_and_after_the_days_do_not_count():
    made = planted(3, customers=200, rate=0.4)
    study = studied(made)
    later = made.purchases.filter(made.purchases.day < "2024-01-01").union(
        made.purchases.filter(made.purchases.day >= "2024-01-01").mutate(
            day=made.purchases.day + ibis.interval(days=90)
        )
    )
    shifted = studied(type(made)(later, made.tables, made.rules))
    assert study.rates.returned.sum() > 50
    assert shifted.rates.returned.fillna(0).sum() == 0


def test_a_split_that_was_not_drawn_for_is_seen():
    share, is_off = split_share({"treated": 1400, "control": 600}, control_share=0.3)
    assert (share.value, is_off) == (0.3, False)
    assert split_share({"treated": 1300, "control": 700}, control_share=0.3)[1]
    assert not split_share({"treated": 1300, "control": 700}, control_share=None)[1]


def test_arms_chosen_by_spend_are_seen_and_not_used():
    rng = np.random.default_rng(2)
    spend = rng.gamma(2, 20, 600)
    ids = [f"c{place}" for place in range(600)]
    known = {"has_left": True, "repeat_days": 1, "days_since_last": 300}
    left = table_of(pd.DataFrame({"customer_id": ids, "spend": spend, **known}))
    by_spend = table_of(pd.DataFrame({"customer_id": ids, "is_treated": spend > 40}))
    by_lot = table_of(pd.DataFrame({"customer_id": ids, "is_treated": rng.random(600) < 0.7}))
    odd = arms_compared(by_spend, left).set_index("measure")
    assert odd.differs.to_dict() == {
        "had_left": False, "repeat_days": False, "days_since_last": False, "spend": True
    }  # fmt: skip
    assert odd.d["spend"] > 1
    assert not arms_compared(by_lot, left).differs.any()


def test_a_rate_of_nobody_has_no_uplift():
    assert relative_uplift({"treated": (5, 50), "control": (0, 50)}) is None
    assert relative_uplift({"treated": (5, 50), "control": (5, 0)}) is None
