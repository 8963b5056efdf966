"""How often noise is called news: the last report, control charts, targets, projections.

Run it as ``.venv/bin/python benchmarks/alarms.py [simulations]``; it prints five tables. Nothing
changes in what is simulated, so every call is a false alarm, and one in twenty is the most that is
wanted; but for one table, in which one month is half as high again and should be named. Targets
are set at the truth, so none can be known to be missed.
"""

import gc
import sys

import numpy as np
import pandas as pd

from regulars.measures.engine import table_of
from regulars.measures.intervals import wilson_bounds
from regulars.measures.news import exceeds_noise
from regulars.measures.surveys.bounds import POINTS, nps_bounds
from regulars.measures.targets.judged import judged_targets, verdict_counts
from regulars.measures.targets.limits import control_limits, signals
from regulars.measures.targets.reached import projections

FAMILIES = (5, 10, 20)
SHARED = {"none": 0.0, "half": 0.5, "nine in ten": 0.9}
LENGTHS = (12, 18, 24, 36)
SHOCKS = {12: (9,), 24: (9, 21), 36: (9, 15, 21, 30)}
SHOCK = np.log(1.5)
PEAK = np.log([0.8, 0.8, 0.9, 0.95, 1, 1, 1, 1, 1, 1.05, 1.2, 1.4])
NOISE, GROWTH, SEASON = 0.08, 0.015, 0.3  # of the logarithm, from month to month
BANDS = (0.3, 0.45, 0.25)  # promoters, passives, detractors


def main(simulations: int) -> None:
    """Print the five tables."""
    gc.freeze()  # statsmodels collects garbage with each correction, and there are thousands
    random = np.random.default_rng(2026)
    news_table(random, simulations)
    chart_table(random, simulations)
    shock_table(random, simulations)
    target_table(random, simulations)
    projection_table(random, simulations)


def news_table(random: np.random.Generator, simulations: int) -> None:
    """Compare reports of unchanged customers, and count those with a headline called news."""
    print("| customers in both reports | headlines | reports with a false alarm |")
    print("|---|--:|--:|")
    for words, shared in SHARED.items():
        for family in FAMILIES:
            alarms = [
                (two_reports(random, family, shared)["news"] == "yes").any()
                for _ in range(simulations)
            ]
            print(f"| {words} | {family} | {np.mean(alarms):.1%} |")


def two_reports(random: np.random.Generator, family: int, shared: float) -> dict[str, np.ndarray]:
    """Judge shares of 2 to 98 % and NPS, each of 50 to 3,000 customers."""
    sizes = random.integers(50, 3000, family)
    both = (shared * sizes).astype(int)
    chances = random.uniform(0.02, 0.98, family)
    is_nps = np.arange(family) % 4 == 0
    kept = counts(random, both, chances, is_nps)
    first, second = (kept + counts(random, sizes - both, chances, is_nps) for _ in range(2))
    return exceeds_noise(*(ends(one, sizes, is_nps) for one in (first, second)))


def counts(
    random: np.random.Generator, sizes: np.ndarray, chances: np.ndarray, is_nps: np.ndarray
) -> np.ndarray:
    """Draw promoters, passives and detractors; of a share those who have it, and nothing."""
    bands = np.array([random.multinomial(size, BANDS) for size in sizes])
    having = random.binomial(sizes, chances)
    return np.where(is_nps[:, None], bands, np.column_stack([having, 0 * having, 0 * having]))


def ends(drawn: np.ndarray, sizes: np.ndarray, is_nps: np.ndarray) -> np.ndarray:
    """Return value, low and high of each headline."""
    up, middle, down = drawn.T
    share = np.column_stack([up / sizes, *wilson_bounds(up, sizes)])
    nps = np.column_stack([POINTS * (up - down) / sizes, *nps_bounds(up, middle, down)])
    return np.where(is_nps[:, None], nps, share)


def chart_table(random: np.random.Generator, simulations: int) -> None:
    """Charts on which nothing happens: by the classic rule as they are, and by ours."""
    print("\n| months | series | mean ± 2.66 ranges, run of 8 | as on the page |")
    print("|--:|---|--:|--:|")
    for length in LENGTHS:
        for words, usual in series(length).items():
            drawn = usual + NOISE * random.normal(size=(simulations, length))
            old = np.mean([classic(one) for one in drawn])
            ours = np.mean([(chart(one).signal != "").any() for one in drawn])
            print(f"| {length} | {words} | {old:.1%} | {ours:.1%} |")


def shock_table(random: np.random.Generator, simulations: int) -> None:
    """Charts with one month half as high again: whether it is named, and whether another is."""
    print("\n| months | series | noise | month | named | one of two named | another named |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    for length, places in SHOCKS.items():
        for words in ("level", "growing, with a peak"):
            for noise in (0.05, NOISE):
                for place in places:
                    usual = series(length)[words]
                    drawn = usual + noise * random.normal(size=(simulations, length))
                    drawn[:, place - 1] += SHOCK
                    named = np.mean([which(one, place - 1) for one in drawn], axis=0)
                    said = " | ".join(f"{one:.1%}" for one in named)
                    print(f"| {length} | {words} | {noise:.0%} | {place} | {said} |")


def which(values: np.ndarray, place: int) -> tuple[bool, bool, bool]:
    """Tell whether a month is named, is one of two named, and whether another is named."""
    found = chart(values).signal
    other = (found.drop(place) == "outside").any()
    return found[place] == "outside", found[place] == "either", bool(other)


def series(length: int) -> dict[str, np.ndarray]:
    """Return the logarithm of what is expected of each month."""
    month = np.arange(length)
    level, wave = np.full(length, 5.0), SEASON * np.sin(month * 2 * np.pi / 12)
    growing = level + GROWTH * month
    return {
        "level": level,
        "growing": growing,
        "with seasons": level + wave,
        "growing, with seasons": growing + wave,
        "growing, with a peak": growing + PEAK[month % 12],
    }


def classic(values: np.ndarray) -> bool:
    """Tell whether a chart of individual values by the book (Wheeler 1993) shows any signal."""
    reach = 2.66 * np.mean(np.abs(np.diff(values)))
    return bool((signals(values - np.mean(values), reach, run=8) != "").any())


def chart(values: np.ndarray) -> pd.DataFrame:
    """Return the chart as it stands on the page."""
    return control_limits(months_of(np.exp(values)), metric="orders")


def months_of(values: np.ndarray) -> pd.DataFrame:
    """Return months that are over, with what was counted in them."""
    months = pd.date_range("1900-01-01", periods=len(values), freq="MS")
    counted = {"low": values, "high": values, "n": 100, "basis": "counted"}
    return pd.DataFrame({"metric": "orders", "month": months, "value": values, **counted}).assign(
        over=True, hidden=False
    )


def target_table(random: np.random.Generator, simulations: int) -> None:
    """Targets that are just what customers think: how often they are called missed or reached."""
    print("\n| answers | target is the true NPS: behind | on track | not knowable |")
    print("|--:|--:|--:|--:|")
    for n in (30, 100, 1000):
        up, middle, down = random.multinomial(n, BANDS, size=simulations).T
        low, high = nps_bounds(up, middle, down)
        reached = months_of(POINTS * (up - down) / n).assign(
            metric="nps", low=low, high=high, basis="month"
        )
        wanted = {
            "period": reached.month,
            "metric": "nps",
            "target": POINTS * (BANDS[0] - BANDS[2]),
        }
        targets = table_of(pd.DataFrame(wanted).assign(owner="service"))
        found = verdict_counts(judged_targets(targets, reached, as_of="2262-01-01"))
        shares = [found[name] / simulations for name in ("behind", "on_track", "not_knowable")]
        print(f"| {n} | {' | '.join(f'{one:.1%}' for one in shares)} |")


def projection_table(random: np.random.Generator, simulations: int) -> None:
    """Months projected from their first part: how often the whole lies in the interval."""
    print("\n| orders a month | part of the month | projections whose interval holds the whole |")
    print("|--:|--:|--:|")
    for orders in (50, 1000):
        for part in (0.2, 0.5, 0.8):
            held = [projected(random, orders, part) for _ in range(simulations)]
            print(f"| {orders} | {part:.0%} | {np.mean(held):.1%} |")


def projected(random: np.random.Generator, orders: float, part: float) -> bool:
    """Tell whether one projection holds; customers come evenly, more in some months."""
    rate = orders * np.exp(2 * NOISE * random.normal(size=13))
    first, rest = random.poisson(rate * part), random.poisson(rate * (1 - part))
    whole = months_of((first + rest).astype(float))
    found = projections(whole.assign(value=first), whole.head(12), month=whole.month.iloc[-1])
    return bool(found.low.iloc[0] <= whole.value.iloc[-1] <= found.high.iloc[0])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
