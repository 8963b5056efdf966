"""What 06, 07, 11 and 12 take for many customers, beside pandas and lifetimes.

Run it as ``.venv/bin/python benchmarks/forecasts.py [customers …]`` (100,000 and 1,000,000 if not
told); it prints a table for each size. Customers buy as MBG/NBD and Gamma-Gamma say, over two
years; one in seven has a contract. Both sides read the same Parquet files, each in a process of its
own, since the peak of memory is that of a process. The other side does what a book of values needs:
a table of customers, MBG/NBD and Gamma-Gamma fitted on it, and their lifetime values.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

AS_OF, HOLDOUT_DAYS, YEARS = "2025-12-31", 180, 2
BUYING, STOPPING = (0.525, 6.183 * 7), (0.891, 1.614)  # days; those of CDNOW
DAY_MONEY = (6.25, 3.74, 15.44)


def main(sizes: list[int]) -> None:
    """Measure both sides at each size and print the tables."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            make_tables(Path(place), size)
            print_table(size, *(in_a_process(side, place) for side in SIDES))


def make_tables(place: Path, customers: int) -> None:
    """Write the purchases and the contracts of so many customers."""
    rng = np.random.default_rng(1)
    who, day = purchases_of(customers, rng)
    p, q, gamma = DAY_MONEY
    rates = rng.gamma(q, 1 / gamma, customers)
    begin = np.datetime64(AS_OF) - 365 * YEARS
    lines = pd.DataFrame(
        {
            "customer_id": np.char.add("c", who.astype(str)),
            "day": begin + day,
            "amount": np.round(rng.gamma(p, size=len(who)) / rates[who], 2),
        }
    )
    lines.to_parquet(place / "purchases.parquet", index=False)
    contracts = rng.choice(customers, customers // 7, replace=False)
    started = begin + rng.integers(0, 365 * YEARS, len(contracts))
    ended = started + 30 * rng.geometric(rng.beta(0.8, 4.2, len(contracts)).clip(1e-3))
    frame = pd.DataFrame(
        {
            "customer_id": np.char.add("c", contracts.astype(str)),
            "started_at": started.astype("datetime64[us]"),
            "ended_at": np.where(ended <= np.datetime64(AS_OF), ended, np.datetime64("NaT")),
        }
    )
    frame.to_parquet(place / "subscriptions.parquet", index=False)


def purchases_of(customers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return who bought, and on which day since the begin, drawn from the model's definition."""
    r, alpha = BUYING
    rate, chance = rng.gamma(r, 1 / alpha, customers), rng.beta(*STOPPING, customers)
    now = rng.integers(0, 365, customers).astype(float)
    who, days = [np.arange(customers)], [now.astype(int)]
    alive = np.flatnonzero(rng.uniform(size=customers) > chance)
    while len(alive):
        now[alive] += np.maximum(rng.exponential(1 / np.maximum(rate[alive], 1e-12)), 1)
        alive = alive[now[alive] <= 365 * YEARS]
        who.append(alive)
        days.append(now[alive].astype(int))
        alive = alive[rng.uniform(size=len(alive)) > chance[alive]]
    return np.concatenate(who), np.concatenate(days)


def in_a_process(side: str, place: str) -> dict:
    """Run one side and return what it printed."""
    told = [sys.executable, "-W", "ignore", __file__, side, place]
    return json.loads(subprocess.run(told, check=True, capture_output=True, text=True).stdout)


class Timed:
    """Seconds of each step, in their order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, step: Callable[[], object]) -> object:
        """Take the time of a step and return what it gives."""
        began = time.perf_counter()
        found = step()
        self.seconds[name] = time.perf_counter() - began
        return found

    def told(self, **more: object) -> dict:
        """Return the seconds and the peak of memory of this process (MB)."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"seconds": self.seconds, "peak": peak, **more}


def with_regulars(place: Path) -> dict:
    """Do what the notebooks do."""
    import ibis

    from regulars.measures import lifetime_value as value
    from regulars.measures import subscriptions as contracts
    from regulars.measures.forecasts.totals import totals
    from regulars.measures.money import MONEY
    from regulars.measures.supervised.samples import sample
    from regulars.measures.warning.watch import watch
    from regulars.parameters import LifetimeValue
    from regulars.parameters.forecasts import EarlyWarning

    timed, engine = Timed(), ibis.duckdb.connect()
    lines = engine.read_parquet(place / "purchases.parquet")
    purchases = lines.mutate(
        day=lines.day.cast("date"),
        amount=lines.amount.cast(MONEY),
        cost=ibis.null(MONEY),
        kind=ibis.literal("sale"),
        category=ibis.null("string"),
        order_id=ibis.null("string"),
    )
    subscriptions = engine.read_parquet(place / "subscriptions.parquet")
    when = {"as_of": AS_OF, "holdout_days": HOLDOUT_DAYS}
    ahead = timed("forecast", lambda: value.forecast(purchases, **when))
    fitted = ahead.final or next(iter(ahead.fits.values()))
    timed("expectations", lambda: totals(fitted, ahead.cells, horizons=[30, 90, 365]))
    book = timed("book", lambda: value.open_book(purchases, ahead, LifetimeValue(), as_of=AS_OF))
    total = timed("value of the base", lambda: value.base_value(book, seed=1))
    timed("value without an end", lambda: value.residual_value(book, seed=1))
    timed("tenths", lambda: value.value_deciles(book.customers))
    timed("watch", lambda: watch(purchases, as_of=AS_OF, rules=EarlyWarning(), fitted=fitted))
    tables = {"purchases": purchases, "subscriptions": subscriptions}
    timed("features", lambda: sample(tables, cut="2025-06-30", horizon_days=HOLDOUT_DAYS))
    timed(
        "contracts",
        lambda: contracts.contract_outlook(
            contracts.contract_lives(subscriptions, as_of=AS_OF), **when
        ),
    )
    return timed.told(value=total.expected.value)


def with_lifetimes(place: Path) -> dict:
    """Make the book of values of a row per customer, by MBG/NBD and Gamma-Gamma of lifetimes."""
    from lifetimes import GammaGammaFitter, ModifiedBetaGeoFitter

    timed, last = Timed(), pd.Timestamp(AS_OF)

    def customers() -> pd.DataFrame:
        lines = pd.read_parquet(place / "purchases.parquet")
        days = lines.groupby(["customer_id", "day"], as_index=False).amount.sum()
        days["first"] = days.groupby("customer_id").day.transform("min")
        found = days.groupby("customer_id").day.agg(["min", "max", "size"])
        later = days[(days.day > days["first"]) & (days.amount > 0)]
        return pd.DataFrame(
            {
                "frequency": found["size"] - 1,
                "recency": (found["max"] - found["min"]).dt.days / 7,
                "T": (last - found["min"]).dt.days / 7,
                "money": later.groupby("customer_id").amount.mean(),
            }
        )

    rows = timed("customers", customers)
    rows["money"] = rows.money.fillna(0.0)
    history = (rows.frequency, rows.recency, rows["T"])
    bought = timed("MBG/NBD", lambda: ModifiedBetaGeoFitter().fit(*history))
    again = rows[(rows.frequency > 0) & (rows.money > 0)]
    paid = timed("Gamma-Gamma", lambda: GammaGammaFitter().fit(again.frequency, again.money))
    ahead = {"time": 36, "freq": "W", "discount_rate": 1.1 ** (1 / 12) - 1}
    values = timed(
        "values", lambda: paid.customer_lifetime_value(bought, *history, rows.money, **ahead)
    )
    return timed.told(value=float(values.sum()))


SIDES = {"regulars": with_regulars, "lifetimes": with_lifetimes}


def print_table(customers: int, ours: dict, theirs: dict) -> None:
    """Print the seconds of each step, and what both took for a book of values."""
    print(f"\n{customers:,} customers\n\n| side | step | s |\n|---|---|--:|")
    for side, found in (("regulars", ours), ("lifetimes", theirs)):
        for name, seconds in found["seconds"].items():
            print(f"| {side} | {name} | {seconds:.1f} |")
        print(f"| {side} | **peak, MB** | **{found['peak']:,.0f}** |")
    book = sum(ours["seconds"][name] for name in ("forecast", "book", "value of the base"))
    other = sum(theirs["seconds"].values())
    memory = ours["peak"] / theirs["peak"]
    times = f"{book:.1f} s against {other:.1f} s, {book / other:.2f} of their time"
    print(f"\nA book of values: {times},")
    print(f"and {memory:.2f} of their memory for all of ours. Value of the base, ours to ", end="")
    print(f"theirs: {ours['value'] / theirs['value']:.3f}.")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in SIDES:
        print(json.dumps(SIDES[sys.argv[1]](Path(sys.argv[2]))))
    else:
        main([int(told.replace(",", "")) for told in sys.argv[1:]] or [100_000, 1_000_000])
