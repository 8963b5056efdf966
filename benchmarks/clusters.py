"""How often natural groups are found where there are some, and where there are none.

Run it as ``.venv/bin/python benchmarks/clusters.py [bases]``; it prints a table.

- *the shop*: 1,000 customers of `regulars.data.simulate`, who differ by degrees only.
- *gamma*: 1,500 customers who buy at rates drawn from one gamma, leave at rates drawn from another
  and spend by one log-normal: the Pareto/NBD model.
- *three kinds*: 1,500 customers: 40 % buy 26 times a year for about 25, 35 % buy 5 times a year for
  about 150, 25 % bought 20 times a year for about 60 and left after a quarter on average. Within a
  kind, rates vary by a third (gamma) and spend by three tenths (log-normal).
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.company import LAST_DAY, Company
from regulars.measures.engine import fetch, table_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.clusters import assign_clusters, find_clusters
from regulars.measures.segments.separation import adjusted_rand

DAYS, SIZE = 730, 1500
KINDS = pd.DataFrame(
    {
        "share": [0.4, 0.35, 0.25],
        "rate": [26, 5, 20],
        "value": [25, 150, 60],
        "left": [0.02, 0.02, 4],
    }
)


@dataclass(frozen=True)
class Base:
    """Purchases made up, and the kind of each customer if there are kinds."""

    purchases: pd.DataFrame
    kinds: pd.Series | None = None


def main(bases: int) -> None:
    """Look at so many bases of each sort and print the table."""
    print("| base | groups declared | three groups | agreement with the truth | seconds |")
    print("|---|--:|--:|--:|--:|")
    for name, made in {"the shop": shop, "gamma": gamma, "three kinds": three_kinds}.items():
        began = time.perf_counter()
        found = pd.DataFrame([judged(made(seed)) for seed in range(1, bases + 1)])
        seconds = (time.perf_counter() - began) / bases
        truth = "–" if found.truth.isna().all() else f"{found.truth.mean():.2f}"
        three = (found.stable & (found.k == 3)).sum()
        print(f"| {name} | {found.stable.sum()} of {bases} | {three} | {truth} | {seconds:.1f} |")


def judged(base: Base) -> dict[str, object]:
    """Look for groups in a base."""
    customers = customer_summary(table_of(base.purchases), as_of=LAST_DAY.item())
    found = find_clusters(customers)
    truth = None
    if base.kinds is not None:
        put = fetch(assign_clusters(customers, found)).set_index("customer_id").cluster.dropna()
        truth = adjusted_rand(put, base.kinds.loc[put.index])
    return {"stable": found.stable, "k": found.k, "truth": truth}


def shop(seed: int) -> Base:
    """Return the shop."""
    tables, _ = simulate_block(Company(seed=seed, years=3), 0, Numbers(), size=1000)
    purchases = tables["purchases"].drop_columns(["__who"]).to_pandas()
    purchases = purchases[purchases.customer_id.notna()]
    return Base(purchases.assign(day=purchases.ordered_at.dt.date))


def gamma(seed: int) -> Base:
    """Return customers of the Pareto/NBD model."""
    rng = np.random.default_rng(seed)
    rates, left = rng.gamma(1.0, 8.0, SIZE), rng.gamma(1.3, 0.5 / 1.3, SIZE)
    return Base(orders(rates, np.exp(rng.normal(4, 0.6, SIZE)), left, rng=rng))


def three_kinds(seed: int) -> Base:
    """Return three kinds of customers."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, SIZE, p=KINDS.share)
    mean = KINDS.loc[kind]
    rates = mean.rate.to_numpy() * rng.gamma(8, 1 / 8, SIZE)
    values = mean.value.to_numpy() * np.exp(rng.normal(0, 0.3, SIZE))
    kinds = pd.Series(kind, index=[f"c{who:05}" for who in range(SIZE)])
    return Base(orders(rates, values, mean.left.to_numpy(), rng=rng), kinds)


def orders(
    rates: np.ndarray, values: np.ndarray, left: np.ndarray, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the orders of customers at so many a year, of such value, until they leave."""
    begin = rng.uniform(0, 0.7 * DAYS, len(rates))
    life = np.minimum(rng.exponential(365 / left), DAYS - begin)
    count = rng.poisson(rates / 365 * life)
    who = np.concatenate([np.arange(len(rates)), np.repeat(np.arange(len(rates)), count)])
    later = np.repeat(begin, count) + rng.random(count.sum()) * np.repeat(life, count)
    day = np.floor(np.concatenate([begin, later])).astype(int)
    return pd.DataFrame(
        {
            "customer_id": [f"c{one:05}" for one in who],
            "day": (LAST_DAY - DAYS + 1 + day).astype("datetime64[s]").astype(object),
            "order_id": [f"o{one}" for one in range(len(who))],
            "amount": np.round(values[who] * rng.gamma(4, 0.25, len(who)), 2),
            "kind": "sale",
        }
    ).assign(day=lambda made: pd.to_datetime(made.day).dt.date)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
