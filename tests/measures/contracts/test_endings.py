"""When contracts end within a period: by hand, and what running ones pay when made both ways."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contracts.contract_value import base_value, running_fees
from regulars.measures.contracts.discounting import Terms
from regulars.measures.contracts.endings import gone_by
from regulars.measures.contracts.lives import MONTHS, contract_lives
from regulars.measures.contracts.plan_fits import ALL
from regulars.measures.contracts.shifted_beta_geometric import RenewalFit
from regulars.measures.engine import fetch, table_of

AS_OF = "2024-06-30"
TRUTH = RenewalFit(0.8, 4.2, np.eye(2) * 1e-9, -1.0, 100, 50)


def test_parts_of_periods_are_counted_in_days(lives):
    rows = fetch(lives)
    told = rows.set_index(["customer_id", rows.started_on.dt.month]).part
    assert told["ann", 1] == pytest.approx(25 / 30)
    assert told["gus", 6] == 0  # begun today
    assert told["bob", 1] == told["cyd", 1] == 1  # on a renewal day
    assert told["dan", 1] == pytest.approx(30 / 31)
    assert told["eve", 1] == pytest.approx(1 / 29)
    assert told["hal", 3] == pytest.approx(20 / 30)
    assert told["ann", 2] == 0  # ended the day it began


def test_only_endings_of_periods_that_are_over_tell(lives):
    """Of bob, cyd, dan, eve and ann's second; fay's period is still running."""
    gone = gone_by(lives, pd.Series([0.0, 0.5, 0.99, 1.0]))
    assert gone.tolist() == [0.2, 0.4, 0.6, 1.0]


def test_where_nothing_has_ended_nothing_is_gone(lives):
    running = lives.filter(lives.running)
    assert gone_by(running, pd.Series([0.0, 0.5])).tolist() == [0, 0]
    assert set(running_fees(running).gone) == {0}


def test_endings_on_renewal_days_leave_running_contracts_as_they_are():
    lives, _ = made("year", within=False)
    assert set(running_fees(lives).gone) == {0.0}


@pytest.mark.parametrize("every", ["month", "year"])
@pytest.mark.parametrize("within", [False, True])
def test_what_running_contracts_pay_is_what_was_told(every, within):
    """Taken for endings on renewal days, endings spread over the periods tell too little."""
    lives, paid = made(every, within=within)
    fees = running_fees(lives)
    told = base_value({ALL: TRUTH}, fees, Terms(5, every, 0.0), seed=1)
    assert told.value == pytest.approx(paid, rel=0.015)
    blind = base_value({ALL: TRUTH}, fees.assign(gone=0.0), Terms(5, every, 0.0), seed=1)
    assert (blind.value < 0.98 * told.value) == within


def made(every, *, within):
    """Return contracts of six years, and what the running ones pay in five periods to come."""
    rng, months, n = np.random.default_rng(7), MONTHS[every], 12_000
    first = np.datetime64("2018-06", "M") + rng.integers(0, 72, n)
    day = rng.integers(0, 28, n)
    periods = np.minimum(rng.geometric(np.maximum(rng.beta(*TRUTH.params, n), 1e-9)), 40 * 12)

    def renewed(times):
        return (first + times * months).astype("datetime64[D]") + day

    ended = renewed(periods)
    if within:
        length = (ended - renewed(periods - 1)).astype(int)
        ended = renewed(periods - 1) + np.ceil(rng.random(n) * length).astype(int)
    rows = pd.DataFrame({"customer_id": np.arange(n).astype(str), "fee": 10.0, "periods": periods})
    rows = rows.assign(started_at=renewed(0), ended_at=ended)
    known = rows.assign(ended_at=rows.ended_at.where(rows.ended_at <= AS_OF))
    lives = contract_lives(table_of(known.drop(columns="periods")), as_of=AS_OF, every=every)
    running = fetch(lives.filter(lives.running)).set_index("customer_id")
    still = rows.set_index("customer_id").periods.reindex(running.index) - 1 - running.age
    return lives, float(still.clip(0, 5).sum()) * 10 * months
