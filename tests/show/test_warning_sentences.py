"""Sentences on early warning: what they claim, and what they keep to themselves."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.intervals import Estimate
from regulars.show.sentences import warning_lists, warning_reasons, warnings
from regulars.show.text import NBSP

WATCHED = {"period_days": 90, "silent_days": 90}


def plain(text):
    return (text if isinstance(text, str) else " ".join(text)).replace(NBSP, " ")


@pytest.fixture
def lists():
    names = ["warned", "overdue", "new_warning", "silent_rule", "longest_silent", "everybody"]
    return pd.DataFrame(
        {
            "list": names,
            "customers": pd.array([200, 180, 120, 600, 200, 1600], "Int64"),
            "share": [0.76, 0.8, 0.63, 0.67, 0.86, 0.4],
            "low": [0.7, 0.74, 0.54, 0.63, 0.81, 0.38],
            "high": [0.81, 0.85, 0.71, 0.7, 0.9, 0.42],
            "lift": [1.9, 2.0, 1.6, 1.67, 2.1, 1.0],
            "lift_low": [1.76, 1.8, 1.4, 1.6, 2.0, 1.0],
            "lift_high": [2.06, 2.2, 1.8, 1.76, 2.3, 1.0],
            "recall": [0.24, 0.22, 0.12, 0.63, 0.27, 1.0],
            "hidden": False,
        }
    )


def hide(lists, *names):
    rows = lists["list"].isin(names)
    numbers = lists.columns.drop(["list", "hidden"])
    hidden = lists.copy()
    hidden[numbers] = hidden[numbers].mask(rows)
    return hidden.assign(hidden=rows)


def test_who_is_looked_at():
    said = warnings.looked_at(1701, 182, 100, least_days=4, reach_days=365)
    assert plain(said) == (
        "We look at 1,701 customers with at least 4 purchase days, the last of them within 365 "
        "days. A warning is given of 182 customers (11 % of those looked at); 100 of these are "
        "new since the last period."
    )


@pytest.mark.parametrize(
    ("customers", "warned", "new", "words"),
    [
        (0, 0, 0, "Nobody has"),
        (7, 0, 0, "Fewer than 10 customers have"),
        (500, None, None, "is not shown"),
        (500, 0, 0, "none of them"),
        (500, 20, None, "20 customers (4.0 % of those looked at)."),
        (500, 20, 0, "none of these is new"),
    ],
)
def test_few_customers_are_not_counted(customers, warned, new, words):
    said = plain(warnings.looked_at(customers, warned, new, least_days=4, reach_days=365))
    assert words in said
    assert not re.search(r"\b[1-9] customers have|\b7 ", said)


def levels(overdue=0.05, falling=0.05, went_on=960, found=(0.055, 0.02)):
    return SimpleNamespace(
        overdue=overdue,
        falling=falling,
        went_on=went_on,
        found_overdue=found[0],
        found_falling=found[1],
    )


def test_the_trial_of_the_tests_is_told():
    assert "5.5 % and that for falling orders of 2.0 %" in plain(
        warnings.trial(levels(), rate=0.05)
    )
    assert warnings.stricter(levels(), rate=0.05) == []
    made = levels(overdue=0.02, found=(0.09, 0.02))
    (said,) = warnings.trial(made, rate=0.05)
    assert "test for silence would have warned of 9.0 % of the 960 customers" in plain(said)
    assert warnings.stricter(made, rate=0.05) == [said]
    assert "taken on trust" in plain(warnings.trial(levels(went_on=0), rate=0.05))


def test_the_trial_does_not_tell_of_few():
    said = plain(warnings.trial(levels(went_on=173, found=(0.064, 0.023)), rate=0.05))
    assert "2.3 %" not in said
    assert "neither test" in said


def test_the_list_is_judged(lists):
    said = warning_lists.judged(lists, Estimate(1.14, 1.07, 1.22, 200), **WATCHED)
    assert plain(said[0]) == (
        "Of the 200 customers warned of 90 days ago, 76 % bought nothing since (95 % interval "
        "70 % to 81 %); of all we looked at, 40 %."
    )
    assert "1.9 times the share of all" in plain(said[1])
    assert "the warnings were right more often" in said[2]
    assert "would have held 86 %" in plain(said[3])
    assert warning_lists.found(lists, Estimate(1.14, 1.07, 1.22, 200), **WATCHED) == [
        said[0],
        said[2],
    ]


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Estimate(0.5, 0.4, 0.6, 200), "the plain rule was right more often"),
        (Estimate(1.1, 0.9, 1.3, 200), "cannot be told apart"),
        (None, "nothing can be said"),
    ],
)
def test_the_plain_rule_gets_its_due(lists, ratio, words):
    assert words in plain(warning_lists.judged(lists, ratio, **WATCHED))


def test_a_hidden_list_is_not_told(lists):
    hidden = hide(lists, "warned", "overdue", "new_warning")
    said = plain(warning_lists.judged(hidden, None, **WATCHED))
    assert "is not shown" in said
    assert "76" not in said
    assert warning_lists.lists_title(hidden).endswith("?")
    assert "Fewer than 10" in warning_lists.withheld(hidden, "warned", None)
    everything = hide(lists, *lists["list"])
    assert "is not shown" in plain(warning_lists.judged(everything, None, **WATCHED))


def test_no_list_is_told_apart_from_a_hidden_one(lists):
    lists.loc[0, "customers"] = 0
    lists.loc[0, ["share", "low", "high", "lift"]] = np.nan
    assert "Nobody would have been warned" in plain(warning_lists.judged(lists, None, **WATCHED))
    assert warning_lists.withheld(lists, "warned", None) == "Nobody was on this list."
    nobody = lists.assign(customers=0, share=np.nan)
    assert "there was no list" in plain(warning_lists.judged(nobody, None, **WATCHED))
    assert "rhythm" in warning_lists.withheld(nobody, "warned", None)
    assert warning_lists.withheld(lists, "warned", Estimate(1, None, None, 10)) is None


def test_a_list_that_found_nobody(lists):
    lists.loc[0, "share"] = 0.0
    lists.loc[0, ["lift", "lift_low", "lift_high"]] = np.nan
    assert len(warning_lists.judged(lists, None, **WATCHED)) == 1
    assert warning_lists.withheld(lists, "warned", None) == "Nobody on this list fell silent."


@pytest.mark.parametrize(
    ("alarms", "words"),
    [
        (Estimate(0.047, 0.035, 0.062, 960), "within what was promised"),
        (Estimate(0.112, 0.099, 0.125, 2213), "though not clearly"),
        (Estimate(0.2, 0.18, 0.22, 2213), "clearly more"),
    ],
)
def test_false_alarms_are_held_to_the_promise(alarms, words):
    assert words in plain(warning_lists.false_alarms(alarms, rate=0.05))
    assert warning_lists.false_alarms(None, rate=0.05) == []


def test_titles_have_at_most_ten_words(lists):
    orders = pd.DataFrame({"order": ["p_value", "p_alive"], "auc": [0.66, 0.77]})
    reasons = reasons_of(delivery_trouble=(0.3, 0.1, 0.001))
    titles = [
        warning_lists.lists_title(lists),
        warning_lists.gains_title(orders),
        warning_reasons.reasons_title(reasons),
        warning_reasons.reasons_title(reasons_of(low_score=(0.1, 0.3, 0.001))),
    ]
    assert plain(titles[0]) == "Of those warned, 76 % fell silent; of all, 40 %"
    assert titles[1] == "Calling by P(alive) reaches those who fall silent soonest"
    assert all(len([w for w in title.split() if re.search(r"\w", w)]) <= 10 for title in titles)


def test_no_order_is_the_best_by_a_hair():
    orders = pd.DataFrame({"order": ["p_value", "p_alive"], "auc": [0.76, 0.77]})
    assert warning_lists.gains_title(orders).endswith("?")
    assert warning_lists.gains_title(orders.assign(auc=np.nan)).endswith("?")
    assert warning_lists.order_table(orders).order.tolist() == ["By the tests", "By P(alive)"]


def test_the_table_of_lists_fits_a_page(lists):
    table = warning_lists.lists_table(hide(lists, "overdue"))
    assert len(table.columns) <= 7
    assert table["list"].tolist()[:2] == ["Warned of", "Of these, overdue"]
    assert plain(table["interval"][0]) == "70 % to 81 %"
    assert pd.isna(table["interval"][1])


def reasons_of(**found):
    """Make reasons of (share, others_share, p_holm); None: hidden."""
    rows = [(name, *(one or (np.nan,) * 3), one is None) for name, one in found.items()]
    frame = pd.DataFrame(rows, columns=["reason", "share", "others_share", "p_holm", "hidden"])
    return frame.assign(
        customers=200, others=900, difference=frame["share"] - frame["others_share"]
    )


def test_reasons_are_named_if_they_are_more_frequent_beyond_chance():
    rows = reasons_of(low_score=(0.3, 0.1, 0.0004), smaller_basket=(0.2, 0.3, 0.001))
    assert plain(warning_reasons.reasons(rows)) == (
        "Low score: 30 % of those warned of, 10 % of the others (p below 0.001 after Holm for 2 "
        "reasons)."
    )
    none = reasons_of(low_score=(0.3, 0.29, 0.7), open_complaint=None)
    assert "Of 2 reasons none" in plain(warning_reasons.reasons(none))
    hidden = reasons_of(low_score=None)
    assert "Too few customers" in plain(warning_reasons.reasons(hidden))
    assert "Too few customers" in plain(warning_reasons.reasons(hidden.head(0)))
    assert warning_reasons.reasons_title(hidden) == (
        "No reason is more frequent among those warned of"
    )
    assert warning_reasons.reason_table(rows).columns.tolist()[-1] == "hidden"


def test_tables_that_are_not_there_are_missed():
    assert [said.split(":")[0] for said in warning_reasons.absent([])] == [
        "This workbook has no table interactions",
        "This workbook has no table surveys",
    ]
    assert warning_reasons.absent(["interactions", "surveys"]) == []


def test_what_is_at_stake():
    total = Estimate(127_656.0, 125_630.0, 129_715.0, 182)
    ahead = plain(warnings.stake(total, "EUR", by_model=True, horizon_days=365))
    assert "€127,656 in 365 days (95 % interval of the expectation €125,630 to" in ahead
    spent = warnings.stake(total, "EUR", by_model=False, horizon_days=365)
    assert "No model speaks here" in spent
    nobody = warnings.stake(Estimate(0, None, None, 0), "EUR", by_model=True, horizon_days=365)
    assert nobody == "Nobody is warned of, so nothing is at stake."
    hidden = warnings.stake(None, "EUR", by_model=True, horizon_days=365)
    assert "not shown" in hidden


def test_a_number_that_is_not_given_says_why():
    assert warnings.withheld(Estimate(1, None, None, 10), customers=10) is None
    assert "rhythm" in warnings.withheld(None, customers=0)
    assert "Fewer than 10" in warnings.withheld(None, customers=100)


def test_every_warning_has_words():
    kinds = pd.DataFrame({"warning": list(warnings.KINDS)})
    assert warnings.kinds_table(kinds)["warning"].tolist() == list(warnings.KINDS.values())


def test_falling_orders_are_said_to_be_seen_of_frequent_buyers_only():
    known = {"known_days": 365, "period_days": 90}
    assert plain(warnings.frequent_only(12, **known)) == (
        "The test for falling orders is one for frequent buyers: somebody known for 365 days must "
        "have bought on at least 12 days before it can warn, even if none of them lies in the last "
        "90 days."
    )
    assert "cannot warn of somebody known for 365 days" in plain(
        warnings.frequent_only(None, **known)
    )
