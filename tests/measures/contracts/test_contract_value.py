"""The value of contracts: by hand, against the closed form, and with odd fees."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from regulars.measures.contracts.contract_value import (
    EVERY_PLAN,
    base_value,
    new_value,
    running_fees,
    survival_ahead,
    survival_at,
    survival_estimates,
)
from regulars.measures.contracts.discounting import Terms, periods_ahead, periods_to_come
from regulars.measures.contracts.plan_fits import ALL
from regulars.measures.contracts.shifted_beta_geometric import RenewalFit, survival

FIT = RenewalFit(0.8, 4.2, np.array([[0.02, 0.018], [0.018, 0.03]]), -1000.0, 750, 400)
OTHER = RenewalFit(2.0, 3.0, np.eye(2) / 100, -1000.0, 300, 200)
FEES = pd.DataFrame(
    {"plan": ["basic", "basic", "plus"], "age": [0, 12, 3], "gone": [0.0, 0.0, 0.0],
     "contracts": [20, 10, 30], "with_fee": [20, 10, 0], "fees": [200.0, 100.0, 0.0]}
)  # fmt: skip


def test_without_an_end_it_is_the_closed_form():
    """Fader & Hardie (2010): the discounted expected lifetime is 2F1(1, β; α + β; d)."""
    terms = Terms(6000, "month", 0.10)
    alpha, beta = FIT.params
    assert periods_ahead(FIT.params, terms) == pytest.approx(
        hyp2f1(1, beta, alpha + beta, terms.kept)
    )
    # Their residual one, of a contract n renewals old, counts the renewal that is due at once.
    for n in (0, 7):
        whole = (
            (beta + n)
            / (alpha + beta + n)
            * hyp2f1(1, beta + n + 1, alpha + beta + n + 1, terms.kept)
        )
        to_come = periods_to_come(FIT.params, np.array([n]), terms)[0]
        assert to_come == pytest.approx(whole * terms.kept**0.5)


def test_the_periods_of_a_running_contract_are_worked_out_one_by_one():
    terms, n = Terms(3, "quarter", 0.08), 5
    s = survival(FIT.params, np.arange(9))
    kept = 1.08 ** (-0.25)
    expected = sum(s[n + t] / s[n] * kept ** (t - 0.5) for t in (1, 2, 3))
    assert periods_to_come(FIT.params, np.array([5]), terms)[0] == pytest.approx(expected)


def test_who_has_come_through_part_of_the_endings_is_likelier_to_pay():
    terms, s = Terms(2, "year", 0.0), survival(FIT.params, np.arange(8))
    gone = np.array([0.0, 0.4, 1.0])
    told = periods_to_come(FIT.params, np.array([5, 5, 5]), terms, gone=gone)
    still = s[5] - gone * (s[5] - s[6])
    assert told == pytest.approx((s[6] + s[7]) / still)
    # With all endings of the period behind it, the next renewal is sure.
    assert told[2] == pytest.approx(1 + s[7] / s[6])


def test_those_who_have_stayed_longer_are_worth_more():
    told = periods_to_come(FIT.params, np.arange(60), Terms(24))
    assert (np.diff(told) > 0).all()


def test_periods_margins_and_fees_multiply():
    month, year = Terms(24, "month", 0.0), Terms(24, "year", 0.0, 0.4)
    one = new_value({ALL: FIT}, FEES, month, plans=["basic"], seed=1).iloc[0]
    other = new_value({ALL: FIT}, FEES, year, plans=["basic"], seed=1).iloc[0]
    assert one.fee == 10
    assert one.contract_value == pytest.approx(10 * survival(FIT.params, np.arange(24)).sum())
    assert other.contract_value == pytest.approx(one.contract_value * 12 * 0.4)
    assert one.low < one.contract_value < one.high
    assert one.periods == pytest.approx(one.contract_value / 10)


def test_the_base_adds_up_plan_by_plan():
    terms = Terms(24)
    ages = periods_to_come(FIT.params, np.array([0, 12]), terms)
    told = base_value({ALL: FIT}, FEES, terms, seed=1)
    assert told.value == pytest.approx(200 * ages[0] + 100 * ages[1])
    assert told.low < told.value < told.high
    assert told.n == 30
    own = base_value({ALL: FIT, "basic": OTHER}, FEES, terms, seed=1)
    assert own.value == pytest.approx(
        periods_to_come(OTHER.params, np.array([0, 12]), terms) @ [200, 100]
    )


def test_fees_that_are_not_known_count_nothing_and_zero_counts_as_zero(lives):
    fees = running_fees(lives).set_index(["plan", "age", "gone"])
    # One of the five that ended did so on the first day of a period, another on the second.
    assert fees.loc[("basic", 0, 0.2)].tolist() == [1, 1, 0.0]  # gus pays nothing
    assert fees.loc[("basic", 5, 0.4)].tolist() == [1, 1, 10.0]
    assert fees.loc[("basic", 3, 0.4)].tolist() == [1, 1, 10.0]
    nobody = FEES[FEES.plan == "plus"]
    assert base_value({ALL: FIT}, nobody, Terms(24), seed=1) is None
    assert new_value({ALL: FIT}, nobody, Terms(24), plans=["plus"], seed=1).empty
    assert base_value({ALL: FIT}, FEES.head(0), Terms(24), seed=1) is None


def test_survival_ahead_is_of_all_or_of_each_plan_with_a_fit():
    together = survival_ahead({ALL: FIT}, 12, plans=["basic"])
    assert set(together.plan) == {EVERY_PLAN}
    assert together.survived.tolist() == pytest.approx(survival(FIT.params, np.arange(13)))
    assert ((together.low <= together.survived) & (together.survived <= together.high)).all()
    apart = survival_ahead({ALL: FIT, "basic": OTHER, "odd": FIT}, 12, plans=["basic", "plus"])
    assert set(apart.plan) == {"basic"}
    assert survival_estimates({ALL: FIT}, 12, plans=[])[EVERY_PLAN] == survival_at(FIT, 12, seed=1)
    assert set(survival_estimates({ALL: FIT, "basic": OTHER}, 12, plans=["basic"])) == {"basic"}


def test_the_same_seed_gives_the_same_interval():
    assert survival_at(FIT, 24, seed=3) == survival_at(FIT, 24, seed=3)
    assert survival_at(FIT, 24, seed=3) != survival_at(FIT, 24, seed=4)
