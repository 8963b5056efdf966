"""Season days: by hand, and on buyers whose season is known, or who have none."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.season import Season, evened, in_season_days
from regulars.measures.contest.speaking import forecast
from regulars.measures.examples import purchases_of

PEAK = np.array([0.85, 0.8, 0.9, 1, 1, 0.95, 0.9, 0.9, 1, 1.05, 1.25, 1.4])
FLAT = np.ones(12)
WHEN = {"as_of": "1999-12-31", "holdout_days": 365}


def by_hand(january=0.5, february=1.5):
    index = pd.Series([january, february, *[1.0] * 10], index=range(1, 13))
    return Season(index, dt.date(1997, 1, 1))


def test_a_day_counts_as_its_month_does():
    season = by_hand()
    assert season.moved("1997-01-01") == dt.date(1997, 1, 1)
    assert season.moved("1997-01-31") == dt.date(1997, 1, 16)  # thirty half days
    assert season.moved("1997-02-28") == dt.date(1997, 2, 27)  # 15.5 and 28 times 1.5
    assert season.days_ahead("1997-01-31", 10) == pytest.approx(15)
    assert season.days_ahead("1997-01-21", 11) == pytest.approx(5 + 1.5)


def test_purchases_keep_all_but_their_day():
    lines = [("ann", "1997-01-31", 10), ("ann", "1997-02-10", 7), ("bob", "1998-01-01", 5)]
    found = in_season_days(purchases_of(lines), by_hand(), as_of="1997-12-31").order_by("day")
    kept = found.to_pyarrow().to_pylist()
    assert [(row["customer_id"], str(row["day"]), float(row["amount"])) for row in kept] == [
        ("ann", "1997-01-16", 10),
        ("ann", "1997-01-31", 7),  # 15.5 and 10 times 1.5 make 30.5, and half goes to the even
    ]
    assert found.columns == purchases_of(lines).columns


def buyers(season, lines_of, customers=3000, seed=5):
    """Let customers of a Pareto/NBD buy in time that runs as the season does, for three years."""
    random = np.random.default_rng(seed)
    months = pd.date_range("1997-01-01", "1999-12-31").month.to_numpy()
    clock = np.concatenate([[0], season[months - 1].cumsum()])
    first = 1000 * random.random(customers) ** 1.5
    end = first + random.exponential(1, customers) / random.gamma(1.3, 1 / 900, customers)
    gaps = random.exponential(1, (customers, 120)) / random.gamma(1, 1 / 75, customers)[:, None]
    times = first[:, None] + np.column_stack([np.zeros(customers), gaps.cumsum(axis=1)])
    day = np.searchsorted(clock, times, side="right") - 1
    who, which = np.nonzero((times < end[:, None]) & (day < len(months)))
    return lines_of(who, day[who, which], start="1997-01-01")


@pytest.fixture(scope="module")
def lines():
    def made(customers, days, *, start):
        base = dt.date.fromisoformat(start)
        pairs = sorted({(int(one), int(day)) for one, day in zip(customers, days, strict=True)})
        return purchases_of(
            (f"c{one}", str(base + dt.timedelta(days=day)), 1) for one, day in pairs
        )

    return made


def test_the_season_is_found_without_looking_ahead_and_the_total_comes_right(lines):
    purchases = buyers(PEAK, lines)
    found = evened(purchases, **WHEN)
    assert np.abs(found.season.index.to_numpy() - PEAK / PEAK.mean()).max() < 0.15
    known = purchases.filter(purchases.day <= dt.date(1998, 12, 31))
    then = evened(known, **WHEN).season.index
    assert found.season.index.to_numpy() == pytest.approx(then.to_numpy())
    days = {"as_of": found.as_of, "holdout_days": found.holdout_days}
    even = forecast(found.purchases, **days, models=["pareto_nbd"]).contested
    raw = forecast(purchases, **WHEN, models=["pareto_nbd"]).contested
    off, less = (one.set_index("name").loc["pareto_nbd"] for one in (raw, even))
    assert abs(less.bias) < abs(off.bias)
    assert less.log_score > off.log_score


def test_where_there_is_no_season_nothing_is_moved(lines):
    purchases = buyers(FLAT, lines)
    found = evened(purchases, **WHEN)
    assert found.season is None
    assert found.purchases is purchases
    assert (found.as_of, found.holdout_days) == (dt.date(1999, 12, 31), 365)


def test_two_years_are_needed(cdnow):
    assert evened(cdnow, as_of="1998-06-30", holdout_days=120).season is None
