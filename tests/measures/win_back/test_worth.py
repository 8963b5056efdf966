"""Who is worth winning back: by hand, at the edges, and what is hidden."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.intervals import Estimate
from regulars.measures.win_back.balance import customers_needed
from regulars.measures.win_back.gains import expected_gain, worth_by_group
from regulars.measures.win_back.listing import (
    WIN_BACK,
    left_share,
    needed_for,
    on_the_list,
    worth_writing,
)
from regulars.measures.win_back.worth import margin_share, valued
from regulars.parameters.forecasts import WinBack

RULES = WinBack(contact_cost=1.0, offer_cost=5.0)
SURE = Estimate(0.5, 0.2, 0.8, 900)
UNSURE = Estimate(0.1, -0.2, 0.4, 900)


def left_table(n: int = 2, **changed) -> pd.DataFrame:
    about = {"p_return": 0.1, "extra_days": 2.0, "step": 3, "days_since_last": 400}
    names = [f"c{place:03d}" for place in range(n)]
    return pd.DataFrame({"customer_id": names, **about, **changed})


def judged(
    uplift: Estimate | None, frame: pd.DataFrame | None = None, *, spend: float = 30.0, **changed
):
    """Judge customers whose every purchase day brought the same, with a margin of a half."""
    frame = left_table() if frame is None else frame
    rows = [(one, day, spend) for one in frame.customer_id for day in ("2023-01-01", "2023-02-01")]
    rules = WinBack(**(RULES.model_dump() | changed))
    return valued(
        table_of(frame),
        purchases_of(rows),
        as_of="2024-12-31",
        share=0.5,
        rules=rules,
        uplift=uplift,
    )


def first(table) -> pd.Series:
    return fetch(table.order_by("customer_id")).iloc[0]


def test_value_break_even_and_gain_by_hand():
    # A day brings 30 × .5 = 15, a return two of them: 30, less the offer 25 net.
    # Writing costs 1 + .1 × 5 = 1.5; it breaks even at 1.5 / 25 = .06.
    # Half again as many return: .05 × 25 − 1.5 = −.25.
    row = first(judged(SURE))
    assert row.return_value == pytest.approx(30)
    assert row.break_even == pytest.approx(0.06)
    assert row.uplift == pytest.approx(0.05)
    assert row.expected_gain == pytest.approx(-0.25)
    assert row.win_back == "to_test"  # eight in ten more: .08 × 25 − 1.5 > 0


@pytest.mark.parametrize(
    ("uplift", "verdict"),
    [
        (Estimate(0.9, 0.7, 1.5, 900), "worth_it"),  # .07 × 25 − 1.5 > 0
        (Estimate(0.9, 0.6, 1.5, 900), "to_test"),  # .06 × 25 − 1.5 = 0
        (Estimate(0.7, 0.1, 1.5, 900), "to_test"),
        (Estimate(0.5, 0.1, 0.55, 900), "not_worth_it"),
        (Estimate(0.7, -0.1, 1.5, 900), "to_test"),  # may be nothing, could be .15
        (Estimate(0.3, -0.1, 0.5, 900), "not_worth_it"),  # could be .05 at most
        (Estimate(-0.3, -0.5, -0.1, 900), "not_worth_it"),
        (None, "to_test"),
    ],
)
def test_the_verdict(uplift, verdict):
    assert first(judged(uplift)).win_back == verdict


def test_at_break_even_the_gain_is_nothing():
    assert first(judged(Estimate(0.6, 0.1, 1, 9))).expected_gain == pytest.approx(0)


def test_who_cannot_pay_has_no_break_even_and_is_on_no_list():
    row = first(judged(None, spend=4.0))  # a return brings 4, the offer costs 5
    assert np.isnan(row.break_even)
    assert row.win_back == "not_worth_it"


def test_more_than_certainty_is_not_added():
    frame = left_table(p_return=0.4)
    assert first(judged(Estimate(9, 1, 20, 9), frame)).uplift == pytest.approx(0.6)


def test_negative_money_is_worth_nothing():
    assert first(judged(None, spend=-4.0)).return_value == 0


def test_the_margin_is_that_of_those_whose_costs_are_known():
    purchases = purchases_of([("ann", "2024-01-01", 30), ("bob", "2024-01-01", 10)])
    when = {"as_of": "2024-12-31"}
    assert margin_share(purchases, margin_rate=0.3, **when) == (pytest.approx(0.3), "margin")
    assert margin_share(purchases, margin_rate=None, **when) == (1.0, "spend")
    costs = purchases.mutate(cost=(purchases.amount * 0.25).cast("decimal(18, 4)"))
    assert margin_share(costs, margin_rate=None, **when) == (pytest.approx(0.75), "margin")


def sizes(*hidden: int) -> pd.DataFrame:
    return pd.DataFrame({"hidden": [place in hidden for place in range(4)] + [False]})


def test_groups_are_thirds_of_a_class_and_add_up():
    frame = left_table(90, extra_days=np.repeat([1.0, 2.0, 3.0], 30))
    found = judged(SURE, frame)
    groups = worth_by_group(found, sizes(), rules=RULES, uplift=SURE)
    assert groups.value.tolist() == ["low", "middle", "high"]
    assert groups.customers.tolist() == [30, 30, 30]
    assert groups.return_value.tolist() == pytest.approx([15, 30, 45])
    assert groups.gain.tolist() == pytest.approx([0.05 * net - 1.5 for net in (10, 25, 40)])
    assert groups.gain_low.tolist() == pytest.approx([0.02 * net - 1.5 for net in (10, 25, 40)])
    assert groups.pays.tolist() == ["no", "not_known", "not_known"]
    listed = on_the_list(found)
    gain = expected_gain(listed, rules=RULES, uplift=SURE)
    assert gain.n == worth_writing(listed) == 60  # the thirds of 25 and 40 net could pay
    assert gain.value == pytest.approx(30 * 0.5 - 30 * 0.25)
    assert (gain.low, gain.high) == (
        pytest.approx(30 * (0.8 + 0.5 - 3)),
        pytest.approx(30 * (3.2 + 2 - 3)),
    )


@pytest.mark.parametrize(
    "uplift",
    [SURE, UNSURE, Estimate(1.2, 1.0, 2.0, 900), Estimate(0.2, 0.1, 0.3, 900),
     Estimate(-0.3, -0.5, -0.1, 900)],
)  # fmt: skip
def test_the_table_and_the_list_follow_one_rule(uplift):
    frame = left_table(120, extra_days=np.repeat([0.2, 1.0, 2.0, 3.0], 30))
    frame["step"] = np.repeat([0, 1, 2, 3], 30)
    frame["days_since_last"] = np.repeat([50, 100, 200, 400], 30)
    found = judged(uplift, frame)
    groups = worth_by_group(found, sizes(), rules=RULES, uplift=uplift).set_index("silence")
    listed = fetch(found.order_by("customer_id")).win_back[::30].tolist()
    same = {"yes": "worth_it", "not_known": "to_test", "no": "not_worth_it"}
    assert [same[word] for word in groups.pays] == listed


def test_the_list_holds_whom_it_pays_for_before_whom_it_could():
    frame = left_table(60, extra_days=np.repeat([2.0, 6.0], 30))
    found = judged(SURE, frame)
    kinds = fetch(found.order_by("customer_id")).win_back
    assert set(kinds) == {"to_test", "worth_it"}
    listed = on_the_list(found)
    assert set(fetch(listed).win_back) == {"worth_it"}
    assert worth_writing(listed) == (kinds == "worth_it").sum()


def test_what_an_action_needs_is_told_of_the_list_as_a_whole():
    # Nets of 25 and 85, chances .1 and .02, prices 1.5 and 1.1: 2.6 / (2.5 + 1.7) of .06.
    frame = left_table(40, p_return=[0.1] * 20 + [0.02] * 20, extra_days=[2.0] * 20 + [6.0] * 20)
    needed = needed_for(on_the_list(judged(None, frame)), rules=RULES, control_share=0.3)
    assert needed == customers_needed(0.06, 0.06 * 2.6 / 4.2, control_share=0.3)


def test_a_class_with_a_small_third_is_hidden_whole():
    frame = left_table(60, step=[3] * 36 + [1] * 24, days_since_last=[400] * 36 + [100] * 24,
                       extra_days=np.arange(60) / 10)  # fmt: skip
    groups = worth_by_group(judged(None, frame), sizes(), rules=RULES, uplift=None)
    assert groups.hidden.tolist() == [True] * 3 + [False] * 3
    assert groups.loc[groups.hidden, ["customers", "p_return", "break_even"]].isna().all(axis=None)
    assert set(groups.pays[groups.hidden]) == {""}
    given = worth_by_group(judged(None, frame), sizes(3), rules=RULES, uplift=None)
    assert given.hidden.all()


def test_nobody_has_left():
    found = judged(SURE, left_table(1)).filter(False)
    assert worth_by_group(found, sizes(), rules=RULES, uplift=SURE).empty
    assert expected_gain(found, rules=RULES, uplift=SURE) == Estimate(0.0, 0.0, 0.0, 0)
    assert needed_for(found, rules=RULES, control_share=0.2) is None


def test_a_list_has_the_columns_it_needs():
    assert set(WIN_BACK) <= set(judged(UNSURE).columns)


def test_how_many_an_action_needs_is_the_power_it_has():
    rng = np.random.default_rng(3)
    n = customers_needed(0.1, 0.05, control_share=0.3)
    held = int(0.3 * n)
    control, treated = (
        rng.binomial(held, 0.1, 4000) / held,
        rng.binomial(n - held, 0.15, 4000) / (n - held),
    )
    error = np.sqrt(control * (1 - control) / held + treated * (1 - treated) / (n - held))
    assert np.mean(treated - control > 1.96 * error) == pytest.approx(0.8, abs=0.03)


def test_the_share_who_left_is_none_where_it_is_hidden():
    hidden = pd.DataFrame({"share": [None], "customers": [None], "hidden": [True]})
    assert left_share(hidden) is None
