"""How well affinity finds what customers like, and how often it finds what is not there.

Run it as ``.venv/bin/python benchmarks/affinity.py [shops]``; it prints three tables.

Each shop has a seed of its own and 1,000 customers over three years, as `regulars.data.simulate`
makes them, whose tastes are known. True is a liking where the customer's taste puts the category
into more orders than the customers' tastes do on average, order for order of the same size. The
second table is of the same orders with their categories drawn again from what all like on average,
so that nobody likes anything more than others do. The third does that, and doubles every line up
to five times, by chance: an order then has many lines of one category, which is no evidence.
"""

import sys

import numpy as np
import pandas as pd

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.company import LAST_DAY, Company
from regulars.data.simulate.people import TASTES
from regulars.data.simulate.products import CATEGORIES, preferences
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.affinity import affinity
from regulars.measures.segments.baskets import LARGEST, basket_items, sales_between
from regulars.measures.segments.cross_sell import cross_sell

AS_OF = str(LAST_DAY)
ORDERS = [0, 10, 20, 40, 80, np.inf]
WEIGHTS = dict(zip(TASTES, np.exp(preferences()), strict=True))


def main(shops: int) -> None:
    """Measure so many shops and print the tables."""
    liked, chance, lines = [], [], []
    for seed in range(1, shops + 1):
        purchases, tastes = shop(seed)
        liked.append(judged(purchases, tastes, seed=seed))
        even = without_preferences(purchases, seed=seed)
        chance.append(found_in(even))
        lines.append(found_in(with_repeated_lines(even, seed=seed)))
    print(f"{shops} shops of 1,000 customers, with preferences\n")
    print_power(pd.concat(liked, ignore_index=True), shops)
    print_chance("No preferences", chance, shops)
    print_chance("No preferences, lines repeated", lines, shops)


def shop(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return the sale lines of a shop, and the taste of each customer."""
    tables, _ = simulate_block(Company(seed=seed, years=3), 0, Numbers(), size=1000)
    purchases = tables["purchases"].drop_columns(["__who"]).to_pandas()
    purchases = purchases[(purchases.kind == "sale") & purchases.customer_id.notna()]
    purchases["day"] = purchases.ordered_at.dt.date
    truth = tables["truth"].to_pandas()
    return purchases, truth.set_index("customer_id")["segment"]


def judged(purchases: pd.DataFrame, tastes: pd.Series, *, seed: int) -> pd.DataFrame:
    """Return each customer and category with what is true and what was found."""
    found = fetch(affinity(table_of(purchases), as_of=AS_OF))
    orders = purchases.groupby("customer_id").order_id.nunique().rename("n")
    pairs = orders.reset_index().merge(pd.Series(CATEGORIES, name="category"), how="cross")
    true = true_likings(purchases, tastes)
    taste = tastes.loc[pairs.customer_id].to_numpy()
    pairs["true"] = [true.loc[c, t] for c, t in zip(pairs.category, taste, strict=True)]
    pairs = pairs.merge(found[["customer_id", "category", "likes"]], how="left")
    return pairs.assign(likes=pairs.likes.eq(True), seed=seed)


def true_likings(purchases: pd.DataFrame, tastes: pd.Series) -> pd.DataFrame:
    """Say for each category and taste whether it is in more of the orders than on average."""
    baskets = fetch(basket_items(sales_between(table_of(purchases), as_of=AS_OF)))
    sizes = baskets.groupby(["customer_id", "order_key"]).size().rename("size").reset_index()
    sizes["taste"] = tastes.loc[sizes.customer_id].to_numpy()
    held = np.array([holding(WEIGHTS[name], LARGEST) for name in TASTES])  # taste, size, category
    orders = pd.crosstab(sizes.taste, sizes["size"])
    orders = orders.reindex(index=TASTES, columns=range(1, held.shape[1] + 1), fill_value=0)
    by_size = orders.sum() / orders.sum().sum()
    base = np.einsum("ts,tsc->sc", orders / orders.sum().clip(lower=1), held)
    excess = np.einsum("s,tsc->tc", by_size, held - base)
    return pd.DataFrame(excess > 0, index=TASTES, columns=CATEGORIES).T


def holding(weights: np.ndarray, largest: int) -> np.ndarray:
    """Return the chance that an order of so many categories (rows) holds each of them (columns).

    Categories are taken one after another, each by its weight among those left.
    """
    chances = {frozenset(): 1.0}
    rows = []
    for _ in range(min(largest, len(weights))):
        following: dict[frozenset, float] = {}
        for taken, chance in chances.items():
            left = [one for one in range(len(weights)) if one not in taken]
            total = weights[left].sum()
            for one in left:
                grown = taken | {one}
                following[grown] = following.get(grown, 0) + chance * weights[one] / total
        chances = following
        rows.append([sum(p for s, p in chances.items() if one in s) for one in range(len(weights))])
    return np.array(rows)


def without_preferences(purchases: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Draw the categories of each order again, from what all customers like on average."""
    rng = np.random.default_rng(seed)
    popular = np.log(purchases.category.value_counts(normalize=True).reindex(CATEGORIES))
    order = purchases.groupby("order_id").ngroup().to_numpy()
    place = purchases.groupby("order_id").category.transform(lambda names: pd.factorize(names)[0])
    keys = popular.to_numpy() + rng.gumbel(size=(order.max() + 1, len(CATEGORIES)))
    drawn = np.argsort(-keys, axis=1)[order, place.to_numpy()]
    return purchases.assign(category=np.array(CATEGORIES)[drawn])


def with_repeated_lines(purchases: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Give each line one to five copies."""
    rng = np.random.default_rng(1000 + seed)
    return purchases.loc[purchases.index.repeat(rng.integers(1, 6, len(purchases)))]


def found_in(purchases: pd.DataFrame) -> tuple[int, int]:
    """Count the likings and the pairs found."""
    table = table_of(purchases)
    likings = affinity(table, as_of=AS_OF).likes.sum().to_pyarrow().as_py()
    return likings or 0, int(cross_sell(table, as_of=AS_OF).differs.sum())


def print_power(pairs: pd.DataFrame, shops: int) -> None:
    """Print the share of true likings found, and of false among the found, by number of orders."""
    print("| orders | true likings | found | power | found by mistake | false discovery rate |")
    print("|---|--:|--:|--:|--:|--:|")
    ends = pd.cut(pairs.n, ORDERS, right=False)
    groups = [(name, group) for name, group in pairs.groupby(ends, observed=True)]
    for name, group in [*groups, ("all", pairs)]:
        hits, misses = (group.likes & group.true).sum(), (group.likes & ~group.true).sum()
        rate = misses / max(hits + misses, 1)
        print(f"| {name} | {group.true.sum():,} | {hits:,} | {hits / group.true.sum():.1%}", end="")
        print(f" | {misses:,} | {rate:.2%} |")
    claims = pairs[pairs.likes]
    by_shop = (~claims.true).groupby(claims.seed).mean().reindex(range(1, shops + 1)).fillna(0)
    error = by_shop.std() / shops**0.5
    print(f"\nFalse discovery rate, mean over shops: {by_shop.mean():.2%} ± {1.96 * error:.2%}.")


def print_chance(title: str, found: list[tuple[int, int]], shops: int) -> None:
    """Print in how many shops anything was found where there is nothing."""
    likings, pairs = (np.array(one) for one in zip(*found, strict=True))
    print(f"\n{title}: a liking in {(likings > 0).mean():.0%} of {shops} shops", end="")
    print(f" ({likings.sum()} in all); a cross-sell pair in {(pairs > 0).mean():.0%} ", end="")
    print(f"({pairs.sum()} of {28 * shops}).")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
