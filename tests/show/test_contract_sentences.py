"""Sentences on contracts claim no more than their numbers, and tell no small count."""

from types import SimpleNamespace

import pandas as pd
import pytest

from regulars.measures.contracts.renewal_contest import Verdict
from regulars.measures.intervals import Estimate
from regulars.show.sentences import contracts as sentences
from regulars.show.text import NBSP

TOTALS = {
    "contracts": 752,
    "customers": 740,
    "running": 377,
    "ended": 375,
    "with_fee": 377,
    "several": 0,
}
SAME = SimpleNamespace(p=0.3)
APART = SimpleNamespace(p=0.0004)


def plain(told):
    texts = [told] if isinstance(told, str) else told
    return [text.replace(NBSP, " ") for text in texts]


def test_contracts_are_counted():
    said = plain(sentences.contracts_known(TOTALS, "2025-12-31"))
    assert said == ["By 31 December 2025 752 contracts had begun; 377 still run."]


@pytest.mark.parametrize(
    ("running", "words"),
    [
        (748, "some of them still run"),
        (5, "some of them"),
        (0, "none still run"),
        (752, "all still run"),
    ],
)
def test_a_small_count_is_not_told(running, words):
    (said,) = plain(sentences.contracts_known({**TOTALS, "running": running}, "2025-12-31"))
    assert words in said


def test_without_contracts_it_says_so():
    five = sentences.contracts_known({**TOTALS, "contracts": 5, "running": 2}, "2025-12-31")
    assert five == "Fewer than 10 contracts had begun by 31 December 2025."
    nobody = dict.fromkeys(TOTALS, 0)
    assert "has no contract begun" in sentences.contracts_known(nobody, "2025-12-31")
    assert "columns customer_id, started_at, ended_at, plan and fee" in sentences.missing_table()
    assert sentences.several(nobody) == []


def test_customers_with_several_contracts_and_missing_fees_are_doubts():
    assert sentences.several(TOTALS) == []
    more = plain(sentences.several({**TOTALS, "several": 188, "with_fee": 300}))
    assert more[0].startswith("25 % of the contracts are those of customers with more than one")
    assert more[1].startswith("Of 20 % of the running contracts no fee is known")
    assert sentences.several({**TOTALS, "with_fee": 370}) == []  # seven customers


MEDIANS = {"basic": Estimate(6.0, 5.0, 7.0, 499), "plus": None}


def test_medians_are_told_or_said_not_to_be_reached():
    said = plain(sentences.lives(MEDIANS, SAME, "month"))
    assert said[0] == (
        "Basic: half of the contracts have ended after 6 months (95 % interval 5 to 7 months)."
    )
    assert said[1] == "Plus: fewer than half have ended in the time watched."
    assert said[2].endswith("no difference between the plans beyond chance (p 0.300).")
    assert "finds a difference" in sentences.lives(MEDIANS, APART, "month")[2]
    assert "p below .001" in sentences.lives(MEDIANS, APART, "month")[2]
    open_end = {"basic": Estimate(6.0, 5.0, None, 499)}
    assert "from 5 months on" in sentences.lives(open_end, SAME, "month")[0]
    assert "has 10 customers" in sentences.lives({}, SAME, "month")[0]


def test_titles_of_lives_go_by_the_test():
    titles = [
        sentences.lives_title(MEDIANS, APART, "month"),
        sentences.lives_title(MEDIANS, SAME, "month"),
        sentences.lives_title({"basic": MEDIANS["basic"]}, SAME, "month"),
        sentences.lives_title({"plus": None}, SAME, "month"),
    ]
    assert titles == [
        "Contracts of different plans last differently long",
        "Plans do not differ beyond chance",
        "Half of contracts last 6 months at most",
        "How long do contracts last?",
    ]
    assert all(len(title.split()) <= 10 for title in titles)


def rates(first, last):
    ends = [(rate, rate - 0.03, rate + 0.03) for rate in (first, last)]
    return pd.DataFrame(ends, columns=["rate", "low", "high"])


def test_the_title_of_rates_claims_a_rise_only_beyond_the_intervals():
    assert plain(sentences.rates_title(rates(0.8, 0.95))) == [
        "Renewal rises from 80 % to 95 % with age"
    ]
    assert plain(sentences.rates_title(rates(0.95, 0.8))) == [
        "Renewal falls from 95 % to 80 % with age"
    ]
    assert "does not clearly change" in sentences.rates_title(rates(0.8, 0.85))
    assert sentences.rates_title(rates(0.8, 0.85).head(1)) == "Which share is renewed?"


CONTESTED = pd.DataFrame(
    {
        "name": ["constant_rate", "shifted_beta_geometric"],
        "log_score": [-1.526, -1.470],
        "predicted": [267.0, 251.4],
        "low": [229.0, 216.0],
        "high": [303.0, 290.0],
        "actual": [251, 251],
        "contracts": [539, 539],
    }
)


def verdict(speaks, low=0.02):
    return Verdict(
        speaks, "shifted_beta_geometric", "constant_rate", Estimate(0.056, low, 0.09, 539)
    )


def test_the_verdict_names_both_scores():
    (said,) = sentences.contested(CONTESTED, verdict(speaks=True), None)
    assert "539 contracts" in said
    assert "−1.470" in said
    assert "−1.526" in said
    assert said.endswith("the model may speak.")
    (unsure,) = sentences.contested(CONTESTED, verdict(speaks=True, low=-0.01), None)
    assert unsure.endswith("though by a margin that chance could make.")


def test_what_is_withheld_has_its_reason():
    beaten = sentences.contested(CONTESTED, verdict(speaks=False), "It is withheld.")
    assert beaten[-1] == "It is withheld."
    assert "may speak" not in beaten[0]
    assert sentences.contested(CONTESTED, None, "Too few.") == ["Too few."]
    none = Verdict(speaks=False, model=None, best_rule="constant_rate", lead=None)
    assert sentences.contested(CONTESTED, none, "Not fitted.") == ["Not fitted."]


def test_the_back_test_says_inside_or_outside_and_no_small_count():
    (said,) = plain(sentences.back_test(CONTESTED, verdict(speaks=True)))
    assert "expected 251 of them to end (95 % interval of parameters and chance 216 to 290)" in said
    assert said.endswith("251 did, inside of it.")
    assert "outside" in sentences.back_test(CONTESTED.assign(actual=300), verdict(speaks=True))[0]
    assert sentences.back_test(CONTESTED.assign(actual=4), verdict(speaks=True)) == []
    assert sentences.back_test(CONTESTED, None) == []


def test_plans_that_differ_by_the_likelihood():
    test = SimpleNamespace(statistic=12.3, degrees=2, p=0.002)
    assert plain(sentences.differ(test)) == [
        "By the likelihood ratio test the plans need curves of their own (χ² 12.3, 2 degrees of "
        "freedom, p 0.002)."
    ]
    assert (
        "can share one curve" in sentences.differ(SimpleNamespace(statistic=1, degrees=2, p=0.6))[0]
    )
    assert sentences.differ(None) == []


AHEAD = pd.DataFrame(
    {
        "plan": "all plans",
        "period": [0, 24],
        "survived": [1.0, 0.22],
        "low": [1.0, 0.17],
        "high": [1.0, 0.26],
    }
)


def test_what_is_to_come():
    assert plain(sentences.ahead_title(AHEAD, "month")) == [
        "22 % of new contracts should last 24 months"
    ]
    two = pd.concat([AHEAD, AHEAD.assign(plan="plus", survived=[1.0, 0.4])])
    assert plain(sentences.ahead_title(two, "month")) == [
        "22 % to 40 % should last 24 months, by plan"
    ]
    said = plain(sentences.found(TOTALS, AHEAD, as_of="2025-12-31", every="month"))
    assert said[1] == (
        "Of new contracts (all plans) 22 % are expected to last 24 months (95 % interval of the "
        "parameters 17 % to 26 %)."
    )
    assert len(sentences.found(TOTALS, None, as_of="2025-12-31", every="month")) == 1


def test_values_say_what_their_interval_holds():
    new = pd.DataFrame(
        {"plan": ["basic"], "contract_value": [91.54], "low": [84.46], "high": [98.88]}
    )
    base = Estimate(58881.0, 53880.0, 63908.0, 377)
    said = plain(sentences.values(new, base, "EUR", horizon="24 months", kind="fees"))
    assert said == [
        "A new contract of Basic is expected to bring €91.54 of fees in 24 months (95 % interval of "
        "the parameters €84.46 to €98.88).",
        "The running contracts are expected to bring €58,881 more of fees in 24 months (95 % interval "
        "of the parameters €53,880 to €63,908).",
    ]
    assert (
        "No running contract"
        in sentences.values(new.head(0), None, "EUR", horizon="", kind="fees")[0]
    )


def drivers(p, *, withheld=None, stratified=()):
    ratios = pd.DataFrame(
        {"driver": ["plan"], "level": ["plus"], "against": ["basic"], "hazard_ratio": [0.5], "low": [0.4],
         "high": [0.65], "p_holm": [p]}
    )  # fmt: skip
    return SimpleNamespace(ratios=ratios, withheld=withheld, stratified=stratified, contracts=663)


def test_drivers_are_named_only_beyond_chance():
    assert plain(sentences.drivers(drivers(0.01))) == [
        "Plan, plus against basic: 0.50 times as likely to end at a renewal (95 % interval 0.40 to 0.65)."
    ]
    assert plain(sentences.drivers(drivers(0.3))) == [
        "Of 1 ratio none differs from one beyond chance (663 contracts, corrected by Holm)."
    ]
    assert sentences.drivers_title(drivers(0.01).ratios) == "Plan goes with how long contracts last"
    assert "Nothing known" in sentences.drivers_title(drivers(0.3).ratios)


def test_a_ratio_that_changes_with_age_is_a_doubt():
    said = sentences.drivers(drivers(0.01, stratified=("region",)))
    assert said[1].startswith("The ratio of Region is not the same at every age")
    none = drivers(0.01, withheld="Too few.")
    none.ratios = none.ratios.head(0)
    assert sentences.drivers(none) == ["Too few."]
