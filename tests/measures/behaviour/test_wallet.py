"""Share of wallet: by hand, which months and customers count, segments, and no target at all."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from regulars.measures.behaviour.wallet import wallet_share, wallet_targets
from regulars.measures.engine import fetch, table_of

SINCE, END = "2019-12-31", "2020-03-31"  # three months
PERIOD = {"as_of": END, "since": SINCE}


def targets(*rows: tuple):
    frame = pd.DataFrame(rows, columns=["period", "metric", "target"])
    return table_of(frame.astype({"target": "float64"}))


def wallets(*rows: tuple):
    return wallet_targets(targets(*rows), **PERIOD)


def months(metric: str, *amounts: float) -> list[tuple]:
    return [(date(2020, place + 1, 1), metric, amount) for place, amount in enumerate(amounts)]


@pytest.fixture
def segments():
    ids = [f"c{place}" for place in range(100)]
    return table_of(pd.DataFrame({"customer_id": ids, "segment": ["Loyal"] * 40 + ["new"] * 60}))


def test_targets_of_whole_months_of_the_period_only():
    rows = [
        (date(2019, 12, 1), "wallet", 9),
        *months("Wallet ", 10, 20, 30),
        (date(2020, 4, 1), "wallet", 9),
    ]
    others = [(date(2020, 1, 1), name, 9) for name in ("revenue", "wallets", "wallet_size")]
    found = fetch(wallets(*rows, *others).order_by("month"))
    assert found.wallet.tolist() == [10, 20, 30]
    part = fetch(wallet_targets(targets(*rows), as_of="2020-03-30", since=SINCE))
    assert sorted(part.wallet) == [10, 20]


def test_several_owners_are_averaged_and_nothing_below_zero_counts():
    rows = [(date(2020, 1, 1), "wallet", amount) for amount in (10, 30, -5, 0)]
    assert fetch(wallets(*rows)).wallet.tolist() == [20]


def test_by_hand(lines_of, segments):
    # 100 customers buy for 10 in January; 50 of them again in March. The wallet is 40 a month.
    who = np.concatenate([np.arange(100), np.arange(50)])
    purchases = lines_of(who, np.repeat([5, 70], [100, 50]))
    found = wallet_share(purchases, wallets(*months("wallet", 40, 40, 40)), segments, **PERIOD)
    row = found.iloc[0]
    assert (row.segment, row.months, row.customers) == ("all", 300, 100)
    assert (row.spend_a_month, row.wallet) == (5, 40)
    assert row.share == pytest.approx(1500 / 12000)
    assert row.low < row.share < row.high


def test_months_before_the_first_purchase_do_not_count(lines_of, segments):
    purchases = lines_of(np.arange(40), np.full(40, 70))  # all in March
    found = wallet_share(purchases, wallets(*months("wallet", 40, 40, 40)), segments, **PERIOD)
    assert (found.months[0], found.share[0]) == (40, 0.25)
    # Who bought before the period counts in all of it.
    early = purchases.union(lines_of(np.arange(40), np.full(40, -100)))
    found = wallet_share(early, wallets(*months("wallet", 40, 40, 40)), segments, **PERIOD)
    assert found.months[0] == 120


def test_who_bought_nothing_in_the_period_does_not_count(lines_of, segments):
    early = lines_of(np.arange(60), np.full(60, -100))
    purchases = early.union(lines_of(np.arange(40), np.full(40, 5)))
    found = wallet_share(purchases, wallets(*months("wallet", 40)), segments, **PERIOD)
    assert (found.customers[0], found.share[0]) == (40, 0.25)


def test_each_segment_by_its_own_wallet(lines_of, segments):
    purchases = lines_of(np.arange(100), np.full(100, 5))
    rows = [*months("wallet", 40), *months("wallet.loyal", 20), *months("wallet.new", 100)]
    found = wallet_share(purchases, wallets(*rows), segments, **PERIOD).set_index("segment")
    assert found.share.to_dict() == {"all": 0.25, "loyal": 0.5, "new": 0.1}
    assert found.customers.to_dict() == {"all": 100, "loyal": 40, "new": 60}


def test_a_small_segment_is_hidden_with_another(lines_of):
    ids = [f"c{place}" for place in range(100)]
    names = ["few"] * 4 + ["loyal"] * 40 + ["new"] * 56
    segments = table_of(pd.DataFrame({"customer_id": ids, "segment": names}))
    purchases = lines_of(np.arange(100), np.full(100, 5))
    rows = [*months("wallet", 40)]
    rows += [row for name in ("few", "loyal", "new") for row in months(f"wallet.{name}", 40)]
    found = wallet_share(purchases, wallets(*rows), segments, **PERIOD).set_index("segment")
    assert found.hidden["few"]
    assert found.hidden.sum() == 2
    assert not found.hidden["all"]
    assert found.loc[found.hidden, ["customers", "months", "share", "wallet"]].isna().all(axis=None)


def test_a_segment_that_another_table_hides_is_hidden_here(lines_of):
    ids = [f"c{place}" for place in range(90)]
    names = ["loyal"] * 40 + ["new"] * 50
    segments = table_of(pd.DataFrame({"customer_id": ids, "segment": names}))
    purchases = lines_of(np.arange(90), np.full(90, 5))
    given = wallets(*months("wallet.loyal", 40), *months("wallet.new", 40))
    found = wallet_share(purchases, given, segments, **PERIOD, away=["Loyal"])
    assert found.set_index("segment").hidden.to_dict() == {"loyal": True, "new": False}
    assert found.customers.isna().tolist() == [True, False]


def test_few_customers_have_no_interval(lines_of, segments):
    purchases = lines_of(np.arange(25), np.full(25, 5))
    found = wallet_share(purchases, wallets(*months("wallet", 40)), segments, **PERIOD)
    assert found.share[0] == 0.25
    assert found[["low", "high"]].isna().all(axis=None)


def test_without_such_targets_there_are_no_rows(lines_of, segments):
    purchases = lines_of(np.arange(25), np.full(25, 5))
    for rows in (wallet_targets(None, **PERIOD), wallets(*months("revenue", 40))):
        found = wallet_share(purchases, rows, segments, **PERIOD)
        assert found.empty
        assert "hidden" in found


def test_the_interval_is_that_of_a_ratio_over_customers(lines_of, segments):
    random = np.random.default_rng(3)
    bought = random.random((400, 91)) < random.gamma(2, 0.02, (400, 1))
    bought[:, 0] = True
    purchases = lines_of(*np.nonzero(bought))
    found = wallet_share(purchases, wallets(*months("wallet", 50, 50, 50)), segments, **PERIOD)
    shares = 10 * bought.sum(axis=1) / 150
    assert found.share[0] == pytest.approx(shares.mean())
    error = shares.std(ddof=1) / np.sqrt(400)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.96 * error, rel=0.1)
