"""What a return did bring: by hand, as often as the interval says, and where nothing can be said."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import table_of
from regulars.measures.examples import few_cells, purchases_of
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.win_back.returns import return_chances
from regulars.measures.win_back.seen_worth import _fieller, reckoned_worth, worth_of_return
from regulars.parameters.forecasts import WinBack


def people(back: dict[bool, int], *, n: int, money: float = 30.0) -> pd.DataFrame:
    arms = [
        pd.DataFrame({"is_treated": arm, "returned": [1] * count + [0] * (n - count)})
        for arm, count in back.items()
    ]
    rows = pd.concat(arms, ignore_index=True)
    return rows.assign(money=rows.returned * money, had_left=True)


def test_money_by_returns_by_hand():
    rows = people({True: 60, False: 20}, n=200)
    rows.loc[0, "money"] += 160  # .8 more of each treated: 12.8 / .4 instead of 12 / .4
    found = worth_of_return(table_of(rows))
    assert found.value == pytest.approx(0.2 * 30 / 0.2 + 0.8 / 0.2)
    assert found.low < found.value < found.high
    assert found.n == 400


def test_it_is_of_the_group_asked_for():
    gone = people({True: 60, False: 20}, n=200)
    others = people({True: 150, False: 90}, n=200, money=90.0).assign(had_left=False)
    rows = table_of(pd.concat([gone, others]))
    assert worth_of_return(rows, group="had_left").value == pytest.approx(30)
    assert worth_of_return(rows).value == pytest.approx((0.2 * 30 + 0.3 * 90 + 0) / 0.5, rel=0.2)


@pytest.mark.parametrize(
    "back", [{True: 22, False: 20}, {True: 20, False: 60}, {True: 20, False: 20}]
)
def test_without_a_clear_uplift_in_returns_it_cannot_be_said(back):
    assert worth_of_return(table_of(people(back, n=200))) is None


def test_few_customers_tell_nothing():
    assert worth_of_return(table_of(people({True: 9, False: 0}, n=9))) is None
    assert worth_of_return(table_of(people({True: 30}, n=40))) is None


def test_the_interval_holds_the_ratio_as_often_as_it_says():
    """3,000 actions: 12 and 6 % return, each return brings 40 by a gamma law."""
    rng, n, tries = np.random.default_rng(4), 1500, 3000
    parts = {}
    for arm, rate in ((1, 0.12), (0, 0.06)):
        back = rng.random((tries, n)) < rate
        money = np.where(back, rng.gamma(2, 20, (tries, n)), 0)
        together = (money * back).mean(axis=1) - money.mean(axis=1) * back.mean(axis=1)
        parts[arm] = np.array([money.mean(axis=1), back.mean(axis=1), money.var(axis=1) / n,
                               back.var(axis=1) / n, together / n])  # fmt: skip
    gaps, spreads = parts[1][:2] - parts[0][:2], parts[1][2:] + parts[0][2:]
    ends = [_fieller(*row) for row in np.vstack([gaps, spreads]).T]
    held = np.mean([one is not None and one[0] <= 40 <= one[1] for one in ends])
    assert held == pytest.approx(0.95, abs=0.016)


def test_what_is_reckoned_counts_each_with_their_chance():
    names = [f"c{place}" for place in range(30)]
    days = {"repeat_days": [0] * 15 + [3] * 15, "recency_age": [0] * 15 + [200] * 15, "age": 270}
    left = table_of(pd.DataFrame({"customer_id": names, "days_since_last": 70, "step": 0, **days}))
    lines = [(one, day, 20) for one in names for day in ("1997-01-01", "1997-03-01")]
    fitted, rules = fit(few_cells()), WinBack()
    about = {"as_of": "1997-12-31", "fitted": fitted, "rules": rules, "share": 0.5}
    cells = pd.DataFrame(days).drop_duplicates()
    told = return_chances(fitted, cells, rules=rules)
    expected = np.average(10 * told.extra_days, weights=told.p_return)
    assert reckoned_worth(left, purchases_of(lines), **about) == pytest.approx(expected)
    few = left.filter(left.customer_id.isin(names[:9]))
    assert reckoned_worth(few, purchases_of(lines), **about) is None
