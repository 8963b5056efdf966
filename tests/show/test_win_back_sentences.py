"""Sentences on win-back: each says what its numbers hold, and no more."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.intervals import Estimate
from regulars.show.sentences import win_back as sentences
from regulars.show.sentences import win_back_action as acting
from regulars.show.text import NBSP

MONEY = {"currency": "EUR", "counted": "margin"}


def plain(said: list[str]) -> str:
    return " ".join(said).replace(NBSP, " ")


def sizes(**changed) -> pd.DataFrame:
    whole = {"silence": "all", "customers": 100, "left": 40, "share": 0.4, "spend": 1200.0}
    return pd.DataFrame([whole | {"hidden": False} | changed])


def test_who_left():
    said = plain(sentences.left(sizes(), currency="EUR"))
    assert said == "40 of 100 customers (40 %) have left; they had spent €1,200."
    assert sentences.left_title(sizes()).replace(NBSP, " ") == "40 % of customers have left"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"left": None, "share": None, "customers": None}, "Fewer than 10 customers left"),
        ({"left": 0, "share": 0.0}, "nobody has left"),
        ({"left": 0, "share": np.nan, "customers": 0}, "Nobody has bought"),
    ],
)
def test_who_left_where_little_can_be_said(changed, words):
    assert words in plain(sentences.left(sizes(**changed), currency="EUR"))


def test_the_rule_is_said_with_and_without_a_model():
    rule = {"left_below": 0.5, "return_days": 90, "period_days": 365}
    assert "P(alive) below 0.50 by MBG/NBD" in plain([sentences.how_left("mbg_nbd", **rule)])
    assert "No model may speak" in sentences.how_left(None, **rule)


def compared(**changed) -> pd.DataFrame:
    row = {"reason": "low_last_score", "customers": 1271, "share": 0.29, "others": 1379,
           "others_share": 0.16, "difference": 0.13, "difference_low": 0.09,
           "difference_high": 0.16, "p_holm": 0.001, "hidden": False}  # fmt: skip
    return pd.DataFrame([row | changed])


def test_reasons_are_compared_and_not_called_causes():
    said = plain(sentences.why(compared()))
    assert said.startswith("29 % of those who left, 16 % of those who stayed: the last score was")
    assert "more often by 13.0 points (95 % interval of the difference 9.0 points to 16.0" in said
    assert "because" not in said
    less = compared(difference=-0.13, difference_low=-0.16, difference_high=-0.09)
    assert "less often by 13.0 points" in plain(sentences.why(less))


def test_reasons_that_tell_nothing():
    assert "Nothing we could compare" in plain(sentences.why(compared(p_holm=0.2)))
    assert "nothing of enough customers" in plain(sentences.why(compared(hidden=True)))
    assert "nothing of enough customers" in plain(sentences.why(compared().head(0)))


def rates(**changed) -> pd.DataFrame:
    row = {"silence": "all", "customers": 1675, "returned": 76, "rate": 0.05, "low": 0.04,
           "high": 0.06, "predicted": 0.045, "hidden": False}  # fmt: skip
    return pd.DataFrame([row | changed])


@pytest.mark.parametrize(
    ("predicted", "words"),
    [
        (0.045, "4.5 %: what came is within chance of it."),
        (0.03, "fewer than came, beyond chance"),
        (0.09, "more than came, beyond chance"),
    ],
)
def test_returns_are_held_against_the_model(predicted, words):
    said = plain(sentences.returns(rates(predicted=predicted), days=90))
    assert "5.0 % came back by themselves (95 % interval 4.0 % to 6.0 %)" in said
    assert words in said


def test_returns_without_a_model_or_without_a_rate():
    assert "model" not in plain(sentences.returns(rates(predicted=np.nan), days=90))
    hidden = rates(rate=np.nan, hidden=True)
    assert "Too few" in plain(sentences.returns(hidden, days=90))
    assert sentences.returns_title(hidden).endswith("?")


def test_worth_is_claimed_only_where_the_uplift_is_beyond_chance():
    gain = Estimate(500.0, 100.0, 900.0, 200)
    sure, unsure = Estimate(0.5, 0.2, 0.8, 900), Estimate(0.5, -0.1, 1.2, 900)
    said = plain(sentences.worth(200, gain, sure, **MONEY))
    assert "200 customers pays" in said
    assert "€500 (95 % interval €100 to €900)" in said
    assert "may have added nothing" in plain(sentences.worth(200, gain, unsure, **MONEY))
    loss = Estimate(500.0, -100.0, 900.0, 200)
    may = plain(sentences.worth(200, loss, sure, **MONEY))
    assert "writing to 200 customers may pay or not" in may
    assert "beyond chance, if there are any" in may
    unknown = plain(sentences.worth(200, None, None, **MONEY | {"counted": "spend"}))
    assert "not known, so nobody can be called worth it" in unknown
    assert "money is spend" in unknown
    assert plain(sentences.worth(9, gain, sure, **MONEY)).startswith("Fewer than 10")


def test_the_table_hides_and_says_what_pays():
    row = {"silence": "over 360 days", "value": "low", "customers": 50, "p_return": 0.03,
           "return_value": 40.0, "break_even": 0.02, "pays": "not_known", "hidden": False}  # fmt: skip
    away = row | {"customers": None, "p_return": None, "return_value": None, "break_even": None,
                  "pays": "", "hidden": True}  # fmt: skip
    table = sentences.worth_table(pd.DataFrame([row, away]), currency="EUR")
    assert [cell.replace(NBSP, " ") for cell in table.iloc[0]] == [
        "over 360 days", "low", "50", "3.0 %", "€40", "2.0 points", "cannot be told"
    ]  # fmt: skip
    assert table.iloc[1].tolist()[2:] == ["hidden", "–", "–", "–", ""]
    assert len(table.columns) <= 7


def action(**changed) -> pd.DataFrame:
    row = {"campaign_id": "W1", "name": "<b>Come</b>", "starts_on": pd.Timestamp("2024-06-01"),
           "last_day": pd.Timestamp("2024-08-29"), "treated": 700, "control": 300, "in_both": 0,
           "cost": 1.0, "is_over": True, "can_tell": True}  # fmt: skip
    return pd.DataFrame([row | changed])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "treated 700 customers and left 300 alone: what it did can be told."),
        ({"is_over": False, "can_tell": False}, "until 29 August 2024, so it is too early."),
        ({"control": 0, "can_tell": False}, "without a control group of enough size nothing"),
        ({"control": 4, "can_tell": False}, "fewer than 10 customers"),
    ],
)
def test_past_actions(changed, words):
    assert words in plain(acting.actions(action(**changed), goal="reactivate"))


def test_no_action_at_all():
    assert "No campaign with the goal reactivate" in plain(
        acting.actions(action().head(0), goal="reactivate")
    )


def study(**changed) -> SimpleNamespace:
    balance = pd.DataFrame({"measure": ["spend", "had_left"], "differs": [False, False]})
    about = {"control_share": Estimate(0.3, 0.28, 0.32, 1000), "is_off": False, "balance": balance,
             "uplift": Estimate(0.2, -0.1, 0.5, 900), "uplift_of": "had_left",
             "return_worth": Estimate(30.0, 20.0, 50.0, 900), "reckoned": 25.0}  # fmt: skip
    return SimpleNamespace(**about | changed)


def test_arms():
    assert "alike in all we compared" in plain(acting.arms(study()))
    assert "cannot be trusted" in plain(acting.arms(study(is_off=True)))
    odd = study(balance=pd.DataFrame({"measure": ["spend"], "differs": [True]}))
    assert "beyond chance in spend" in plain(acting.arms(odd))


def test_which_uplift_is_carried_over():
    assert "those who had left when it began" in plain(acting.carried_over(study()))
    assert "all it drew" in plain(acting.carried_over(study(uplift_of="everybody")))
    for unknown in (None, study(uplift=None)):
        assert "No past action" in plain(acting.carried_over(unknown))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "reckoned with €25: that is within chance of it."),
        ({"reckoned": 51.0}, "that is more, beyond chance, so doubt the gains."),
        ({"reckoned": 19.0}, "that is less, beyond chance, so the gains may be greater."),
        ({"return_worth": None}, "cannot be said"),
    ],
)
def test_what_a_return_brought_is_held_against_what_was_reckoned(changed, words):
    said = plain(acting.return_worth(study(**changed), days=90, **MONEY))
    assert words in said
    if "return_worth" not in changed:
        assert said.startswith(
            "Each return it caused brought €30 of margin in 90 days (95 % interval €20 to €50, "
            "900 customers), measured on those who had left when it began."
        )


def test_nothing_is_held_against_what_was_not_reckoned():
    assert "reckon" not in plain(acting.return_worth(study(reckoned=None), days=90, **MONEY))
    assert acting.return_worth(None, days=90, **MONEY) == []
    assert acting.return_worth(study(uplift=None), days=90, **MONEY) == []


def test_what_a_value_assumes_is_said():
    assert "would have bought again later" in acting.assumed("mbg_nbd", return_days=90)
    assert "one purchase day" in acting.assumed(None, return_days=90)


def test_effects_say_what_may_be_chance():
    found = {"returned": Estimate(0.02, -0.01, 0.05, 900), "orders": Estimate(0.1, 0, 0.2, 900),
             "money": Estimate(5.0, 1.0, 9.0, 900), "cost": Estimate(1.0, None, None, 900),
             "profit": Estimate(4.0, 0.5, 8.0, 900)}  # fmt: skip
    said = plain(acting.effects(found, whom="all it drew", **MONEY))
    assert (
        "by 2.0 points (95 % interval −1.0 points to 5.0 points, 900 customers), which may be"
        in said
    )
    assert "and cost €1: €4 of profit (95 % interval €0.50 to €8)." in said
    assert "too few" in plain(acting.effects({}, whom="all it drew", **MONEY))
    assert "too few" in plain(acting.effects(None, whom="all it drew", **MONEY))


def test_how_to_test():
    enough = plain(acting.how_to_test(900, listed=1000, control_share=0.2))
    assert "--hold-out 0.2" in enough
    assert "900 customers" in enough
    assert enough.endswith("so it can be told.")
    assert "may not tell" in plain(acting.how_to_test(2000, listed=1000, control_share=0.2))
    assert "four times" not in plain(acting.how_to_test(None, listed=1000, control_share=0.2))
