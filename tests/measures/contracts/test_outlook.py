"""The outlook: a model that may speak, or the reason why it may not."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ModelError
from regulars.measures.contracts.forecasters import MODELS, RULES, ending_draws, log_scores
from regulars.measures.contracts.lives import contract_lives
from regulars.measures.contracts.outlook import ALIKE, contract_outlook
from regulars.measures.contracts.plan_fits import (
    ALL,
    chances_differ,
    fit_plans,
    plans_differ,
)
from regulars.measures.contracts.renewal_contest import (
    back_tested,
    renewal_contest,
    renewal_verdict,
)
from regulars.measures.contracts.shifted_beta_geometric import (
    fit_renewals,
    log_likelihood,
    survival,
)

AS_OF, DAYS = "2024-06-30", 365


@pytest.fixture
def outlook(begun):
    rng = np.random.default_rng(12)
    lives = begun(rng, rng.beta(0.6, 2.5, 700), plans=("basic", "plus"))
    return contract_outlook(lives, as_of=AS_OF, holdout_days=DAYS)


def test_where_chances_differ_the_model_speaks(outlook):
    assert outlook.withheld is None
    assert outlook.judged.speaks
    assert outlook.judged.lead.low > 0
    assert list(outlook.fits) == [ALL]
    assert outlook.differ.p > 0.05
    told = outlook.contested.set_index("name")
    assert set(told.index) == {*RULES, MODELS[0]}
    assert told.log_score[MODELS[0]] == told.log_score.max()
    expected, actual = back_tested(outlook.contested, outlook.judged)
    assert expected.low <= actual <= expected.high


def test_plans_that_differ_get_curves_of_their_own(begun):
    rng = np.random.default_rng(3)
    chances = np.where(np.arange(900) % 2, rng.beta(0.5, 6, 900), rng.beta(1.2, 1.5, 900))
    lives = begun(rng, chances, plans=("basic", "plus"))
    found = contract_outlook(lives, as_of=AS_OF, holdout_days=DAYS)
    assert found.judged.model == MODELS[1]
    assert set(found.fits) == {ALL, "basic", "plus"}
    assert found.differ.p < 0.001
    assert survival(found.fits["plus"].params, 12) > survival(found.fits["basic"].params, 12)


def test_where_all_have_one_chance_the_model_is_withheld(begun):
    lives = begun(np.random.default_rng(4), np.full(700, 0.15), plans=("a",))
    found = contract_outlook(lives, as_of=AS_OF, holdout_days=DAYS)
    assert found.fits == {}
    assert found.withheld == ALIKE or "do not tell how they differ" in found.withheld
    assert found.contested.name.tolist() == [RULES[0]]


@pytest.mark.parametrize(
    ("n", "chance", "words"),
    [
        (0, 0.2, "fewer than 50"),
        (30, 0.2, "fewer than 50"),
        (400, 1e-9, "Fewer than 10 contracts have ended"),
        (400, 1.0, "No contract was ever renewed"),
    ],
)
def test_what_cannot_be_told_is_withheld_with_the_reason(begun, n, chance, words):
    lives = begun(np.random.default_rng(5), np.full(max(n, 1), chance), plans=("a",))
    lives = lives if n else lives.filter(lives.fee > 1e9)
    found = contract_outlook(lives, as_of=AS_OF, holdout_days=DAYS)
    assert words in found.withheld
    assert found.fits == {}


def test_no_renewal_since_the_cut_is_a_reason(begun):
    rng = np.random.default_rng(6)
    lives = begun(rng, rng.beta(0.6, 2.5, 200), plans=("a",))
    found = contract_outlook(lives, as_of=AS_OF, holdout_days=1)
    assert "In the days held back fewer than 50" in found.withheld


def test_scores_are_the_chance_given_to_what_came_true():
    known = pd.DataFrame(
        {
            "plan": "a",
            "periods": [1, 4, 4],
            "ended": [True, True, False],
            "contracts": [60, 40, 100],
        }
    )
    since = pd.DataFrame(
        {
            "plan": "a",
            "before": [0, 4, 4],
            "due": [2, 6, 6],
            "periods": [2, 5, 6],
            "ended": [False, True, False],
        }
    )
    fits = {ALL: fit_renewals(known)}
    s = survival(fits[ALL].params, np.arange(7))
    expected = np.log([s[2], (s[4] - s[5]) / s[4], s[6] / s[4]])
    scores = log_scores(known, since, fits)
    assert scores[MODELS[0]] == pytest.approx(expected)
    rate = 100.5 / (100.5 + 60 * 0 + 40 * 3 + 100 * 4 + 0.5)
    assert np.exp(scores[RULES[0]][0]) == pytest.approx((1 - rate) ** 2)
    assert np.exp(scores[RULES[0]][1]) == pytest.approx(rate)
    drawn = ending_draws(known, since, fits, seed=1)
    assert drawn[RULES[0]].mean(axis=0) == pytest.approx(np.full(3, 1 - (1 - rate) ** 2), rel=0.01)
    assert drawn[MODELS[0]].mean(axis=0) == pytest.approx(
        [1 - s[2], *[1 - s[6] / s[4]] * 2], rel=0.03
    )


def test_a_plan_that_is_new_since_the_cut_goes_by_all():
    known = pd.DataFrame(
        {"plan": "a", "periods": [1, 1], "ended": [True, False], "contracts": [50, 50]}
    )
    since = pd.DataFrame(
        {"plan": ["a", "new"], "before": 0, "due": 1, "periods": 1, "ended": True, "contracts": 10}
    )
    scores = log_scores(known, since, {})
    assert scores[RULES[1]][1] == pytest.approx(np.log(0.5))


def test_the_likelihood_ratio_is_that_of_the_fits():
    counts = pd.DataFrame(
        {"plan": ["a"] * 4 + ["b"] * 4, "periods": [1, 2, 3, 3] * 2, "ended": [True, True, True, False] * 2,
         "contracts": [60, 15, 5, 20, 20, 10, 8, 80]}
    )  # fmt: skip
    fits = fit_plans(counts, least_contracts=50)
    apart = sum(log_likelihood(fits[plan].params, counts[counts.plan == plan]) for plan in "ab")
    assert plans_differ(counts, fits).statistic == pytest.approx(
        2 * (apart - fits[ALL].log_likelihood)
    )
    assert list(fit_plans(counts, least_contracts=110)) == [ALL, "b"]
    assert plans_differ(counts, fit_plans(counts, least_contracts=110)) is None


def test_contracts_alike_rarely_look_different(simulated):
    """Of 16 bases with one chance for all, about one should; more than four would be a wonder."""
    rng, called = np.random.default_rng(8), 0
    for _ in range(16):
        counts = simulated(rng, np.full(400, 0.2), months=24)
        try:
            called += chances_differ(counts, fit_renewals(counts)) < 0.05
        except ModelError:
            continue
    assert called <= 4


def test_the_verdict_goes_by_the_score():
    known = pd.DataFrame(
        {
            "plan": "a",
            "periods": [1, 4, 4],
            "ended": [True, True, False],
            "contracts": [60, 40, 100],
        }
    )
    fits = {ALL: fit_renewals(known)}
    # After the cut the old contracts all end at once, which the model holds for unlikely.
    since = pd.DataFrame(
        {"plan": "a", "before": 4, "due": 5, "periods": 5, "ended": [True], "contracts": [90]}
    )
    judged = renewal_verdict(renewal_contest(known, since, fits, seed=1), known, since, fits)
    assert not judged.speaks
    assert judged.model == MODELS[0]
    assert judged.lead.value < 0


def test_a_table_with_a_contract_of_today_alone_is_withheld(subscriptions):
    lives = contract_lives(subscriptions, as_of=AS_OF)
    assert "fewer than 50" in contract_outlook(lives, as_of=AS_OF, holdout_days=DAYS).withheld
