"""How surely drivers are put in order, and how well the intervals of their shares hold the truth.

Run it as ``.venv/bin/python benchmarks/drivers.py [seeds] [customers …]``; it prints two tables.

Each seed is a survey of customers who answer NPS and four drivers, by the model of the simulated
shop (`regulars.data.simulate`, with its coefficients): a driver is the customer's liking of the
shop and a view of its own, NPS is their weighted sum, and both are said in whole points with noise.
Three truths: drivers that weigh .60, .25, .10 and .05; the shop's own; and four that weigh alike.

Recovered is the order of the heavy two where every pair that is called certain stands as in the
truth, and the first is certain to lead. Undecided is the truth of equal weights where no pair is
called certain. The truth of a share is the share among a million customers.
"""

import sys
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import pandas as pd

from regulars.data.simulate.coefficients import coefficient
from regulars.measures.drivers.estimates import estimates
from regulars.measures.drivers.order import order
from regulars.measures.drivers.shares import lmg

NAMES = ("delivery", "price", "quality", "service")
TRUTHS = {
    "apart": dict(zip(NAMES, (0.05, 0.10, 0.60, 0.25), strict=True)),
    "shop": {name: coefficient("driver_weights")[name] for name in NAMES},
    "equal": dict.fromkeys(NAMES, 0.25),
}
LARGE = 1_000_000
REPLICATES = 1000


class Found(NamedTuple):
    """What was found in one survey."""

    numbers: pd.DataFrame
    pairs: pd.DataFrame


def main(seeds: int, sizes: list[int]) -> None:
    """Measure so many surveys of each truth and size, and print the tables."""
    orders, held = [], []
    for name, weights in TRUTHS.items():
        true = true_shares(weights)
        for n in sizes:
            found = [measured(n, weights, seed=seed) for seed in range(1, seeds + 1)]
            orders.append(order_of(name, n, found, true))
            held.append(coverage_of(name, n, found, true))
    print(f"Order of four drivers, {seeds} surveys each\n")
    print(pd.DataFrame(orders).to_string(index=False))
    print("\nShare of 95 % intervals that hold the truth, and the true shares\n")
    print(pd.DataFrame(held).to_string(index=False))


def answers(n: int, weights: dict[str, float], *, seed: int) -> pd.DataFrame:
    """Return what so many customers say: a column a driver, and nps."""
    rng = np.random.default_rng(seed)
    level = np.hypot(coefficient("satisfaction_level_sd"), coefficient("satisfaction_swing_sd"))
    liking = rng.normal(0, level, (n, 1))
    views = liking + rng.normal(0, coefficient("driver_own_sd"), (n, len(weights)))
    base, slope, noise = (coefficient(f"nps_{part}") for part in ("base", "slope", "noise"))
    nps = base + slope * views @ [*weights.values()] + noise * rng.normal(size=n)
    start, step, spread = coefficient("driver_line")
    said = start + step * views + spread * rng.normal(size=views.shape)
    table = pd.DataFrame(np.clip(np.rint(said), 1, 5), columns=[*weights])
    return table.assign(nps=np.clip(np.rint(nps), 0, 10))


def measured(n: int, weights: dict[str, float], *, seed: int) -> Found:
    """Return what the library finds in such a survey, each customer a group of their own."""
    said = answers(n, weights, seed=seed)
    places = (said - [1, 1, 1, 1, 0]) / [4, 4, 4, 4, 10]
    columns = [*(f"x{one}" for one in range(len(weights))), "y"]
    table = places.set_axis(columns, axis=1)
    sums = {"n": 1.0, **{name: table[name] for name in columns}}
    sums |= {
        f"{one}*{other}": table[one] * table[other]
        for one, other in combinations_with_replacement(columns, 2)
    }
    numbers, errors = estimates(pd.DataFrame(sums), columns, seed=seed, replicates=REPLICATES)
    return Found(numbers, order([*weights], numbers, errors))


def true_shares(weights: dict[str, float]) -> pd.Series:
    """Return the shares among very many customers; equal weights have equal shares."""
    found = lmg(np.cov(answers(LARGE, weights, seed=0).to_numpy().T)[None])[0]
    if len(set(weights.values())) == 1:
        found = np.full(len(found), found.mean())
    return pd.Series(found, index=[*weights])


def order_of(name: str, n: int, found: list[Found], true: pd.Series) -> dict[str, object]:
    """Say how often the order was found, was wrong, and was left open."""
    first = true.idxmax()
    wrong = [_wrong(one.pairs, true) for one in found]
    led = [one.pairs[one.pairs["first"] == first].decided.sum() == len(true) - 1 for one in found]
    decided = [int(one.pairs.decided.sum()) for one in found]
    return {
        "truth": name,
        "customers": n,
        "leader certain": f"{np.mean(led):.1%}",
        "recovered": f"{np.mean([at and not no for at, no in zip(led, wrong, strict=True)]):.1%}",
        "all pairs open": f"{np.mean([one == 0 for one in decided]):.1%}",
        "some certain pair wrong": f"{np.mean(wrong):.1%}",
        "certain pairs, mean": f"{np.mean(decided):.2f}",
    }


def coverage_of(name: str, n: int, found: list[Found], true: pd.Series) -> dict[str, object]:
    """Say how often the interval of each share, and of R², holds the truth."""
    row: dict[str, object] = {"truth": name, "customers": n}
    for place, (driver, share) in enumerate(true.items()):
        row[driver] = f"{_held(found, f'share {place}', share):.1%} ({share:.3f})"
    return row | {"R²": f"{_held(found, 'r2', true.sum()):.1%} ({true.sum():.3f})"}


def _held(found: list[Found], number: str, truth: float) -> float:
    """Return the share of intervals that hold the truth."""
    ends = [one.numbers.loc[number] for one in found]
    return float(np.mean([one.low <= truth <= one.high for one in ends]))


def _wrong(pairs: pd.DataFrame, true: pd.Series) -> bool:
    """Tell whether a pair is called certain that is not so: another order, or none at all."""
    certain = pairs[pairs.decided]
    ahead = true[certain["first"]].to_numpy() > true[certain["second"]].to_numpy()
    return bool((~ahead).any())


if __name__ == "__main__":
    arguments = [int(one) for one in sys.argv[1:]]
    main(arguments[0] if arguments else 200, arguments[1:] or [100, 300, 1000, 2000])
