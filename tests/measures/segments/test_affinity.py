"""Affinity: by hand, by enumeration, planted likings and none, groups."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.data.simulate.block import Numbers, simulate_block
from regulars.data.simulate.company import Company
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.affinity import affinity, affinity_by_group, judge_cells
from regulars.measures.segments.discoveries import discrete_q_values

AS_OF = "2025-12-31"
FAVOURITES = {
    "home": {"home", "kitchen", "garden", "textiles"},
    "family": {"toys", "textiles", "books"},
    "style": {"textiles", "beauty", "home"},
    "table": {"kitchen", "food", "books"},
}


def orders(rows):
    """Make purchases of (customer, order, category)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "category"])
    return table_of(frame.assign(kind="sale", day=pd.Timestamp("2025-01-05").date()))


def found_in(table, **keywords):
    found = fetch(affinity(table, as_of=AS_OF, **keywords))
    return found.sort_values(["customer_id", "category"]).set_index(["customer_id", "category"])


def shop(seed):
    tables, _ = simulate_block(Company(seed=seed, years=3), 0, Numbers(), size=1000)
    lines = tables["purchases"].drop_columns(["__who"]).to_pandas()
    lines = lines[(lines.kind == "sale") & lines.customer_id.notna()]
    lines["day"] = lines.ordered_at.dt.date
    truth = tables["truth"].to_pandas().set_index("customer_id")["segment"]
    return lines[["customer_id", "order_id", "category", "kind", "day"]], truth


HAND = [
    *[("ann", f"a{k}", "tea") for k in range(4)],
    ("ann", "a0", "tea"),  # a second line of the same order
    *[("bob", f"b{k}", "jam") for k in range(3)],
    *[("bob", "b3", name) for name in ("jam", "tea")],
]


def test_by_hand():
    found = found_in(orders(HAND))
    # Orders of one category: 4 of 7 with tea, 3 with jam; of two: both, always.
    ann = found.loc[("ann", "tea")]
    assert ann[["n", "k", "share"]].tolist() == [4, 4, 1]
    assert ann.base_share == pytest.approx(4 / 7)
    assert ann.lift == pytest.approx(7 / 4)
    bob = found.loc[("bob", "jam")]
    assert bob[["n", "k"]].tolist() == [4, 4]
    assert bob.base_share == pytest.approx((3 * 3 / 7 + 1) / 4)
    # Four of four at .571 would be .107: too few orders to find anything.
    assert found.p.isna().all()
    assert not found.likes.any()


def test_the_test_is_the_exact_one_and_its_base_share_rounded_up():
    table = orders(
        [
            (who, f"{who}{k}", what)
            for who, what in (("ann", "tea"), ("bob", "jam"))
            for k in range(9)
        ]
    )
    found = found_in(table)
    assert stats.binom.sf(8, 9, 0.5) <= found.p.iloc[0] <= stats.binom.sf(8, 9, 0.505)
    assert found.likes.all()
    assert found.q_value.iloc[0] == pytest.approx(
        4 * found.p.iloc[0] / 2 / 0.95, rel=0.07
    )  # four tests, two


def test_whether_a_pair_is_tested_does_not_depend_on_what_was_bought():
    cells = pd.DataFrame({"n": [3] * 4 + [9] * 10, "k": [*range(4), *range(10)]})
    found = judge_cells(cells.assign(step=-70, tests=1))
    tested = found.p.notna()
    assert tested.groupby(found.n).nunique().eq(1).all()
    assert tested.groupby(found.n).first().to_dict() == {3: False, 9: True}
    assert found.likes[found.p > 0.05].eq(False).all()


def test_the_order_and_repetition_of_lines_change_nothing():
    lines, _ = shop(3)
    lines = lines.head(1500)
    shuffled = pd.concat([lines, lines.head(300)]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(found_in(table_of(lines)), found_in(table_of(shuffled)))


@pytest.mark.parametrize("seed", [1, 2])
def test_truth_likings_found_are_planted_ones(seed):
    lines, tastes = shop(seed)
    found = found_in(table_of(lines)).reset_index()
    likes = found[found.likes]
    planted = [row.category in FAVOURITES[tastes[row.customer_id]] for row in likes.itertuples()]
    assert len(likes) > 60
    assert np.mean(planted) >= 0.95
    assert (likes.lift > 1).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_truth_nothing_is_found_where_categories_are_drawn_by_lot(seed):
    lines, _ = shop(seed)
    rng = np.random.default_rng(seed)
    first = lines.drop_duplicates("order_id")
    even = first.assign(category=rng.choice(first.category, len(first)))
    assert found_in(table_of(even)).likes.sum() <= 1


def test_trap_heavy_orders_are_no_liking():
    # Half the customers fill every order with three of four things, the others buy one.
    rng = np.random.default_rng(1)
    rows = [
        (f"c{who:02}", f"o{who}-{k}", what)
        for who in range(40)
        for k in range(20)
        for what in rng.choice(list("abcd"), 3 if who % 2 else 1, replace=False)
    ]
    found = found_in(orders(rows))
    assert not found.likes.any()
    naive = found.k.groupby("category").transform("sum") / (40 * 20)
    usual = discrete_q_values(
        found.assign(base=naive, p=stats.binom.sf(found.k - 1, found.n, naive), tests=1)
    )
    assert (usual <= 0.05).sum() > 10  # what this trap is about


def test_no_category_gives_no_rows():
    frame = pd.DataFrame({"customer_id": ["ann"], "order_id": ["o1"], "kind": ["sale"]})
    table = table_of(
        frame.assign(category=pd.Series([None], dtype="str"), day=pd.Timestamp("2025-01-05").date())
    )
    assert len(fetch(affinity(table, as_of=AS_OF))) == 0
    groups = table_of(pd.DataFrame({"customer_id": ["ann"], "segment": ["a"]}))
    assert len(affinity_by_group(table, groups, as_of=AS_OF)) == 0


def test_groups_by_hand():
    groups = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["a", "b"]}))
    found = affinity_by_group(orders(HAND), groups, as_of=AS_OF).set_index(["segment", "category"])
    assert found["k"].tolist() == [0, 4, 4, 1]
    assert found["n"].tolist() == [4] * 4
    assert found.loc[("a", "tea"), "index"] == pytest.approx(7 / 4)
    assert found.loc[("b", "tea"), "index"] == pytest.approx(1 / (3 * 4 / 7 + 1))
    assert found.p.isna().all()  # a customer each


def test_truth_groups_of_one_taste_differ_as_planted_and_groups_by_lot_do_not():
    lines, tastes = shop(5)
    table = table_of(lines)
    truth = table_of(tastes.rename("segment").reset_index())
    found = affinity_by_group(table, truth, as_of=AS_OF).set_index(["segment", "category"])
    for taste, category in (("table", "food"), ("family", "toys"), ("style", "beauty")):
        row = found.loc[(taste, category)]
        assert row.differs
        assert 1 < row.low < row["index"] < row.high
    lots = tastes.sample(frac=1, random_state=1).set_axis(tastes.index)
    by_lot = affinity_by_group(table, table_of(lots.rename("segment").reset_index()), as_of=AS_OF)
    assert by_lot.differs.sum() <= 1
    assert ((by_lot.low <= 1) & (by_lot.high >= 1)).mean() >= 0.8


def test_the_indices_of_all_groups_balance():
    lines, tastes = shop(6)
    found = affinity_by_group(
        table_of(lines), table_of(tastes.rename("segment").reset_index()), as_of=AS_OF
    )
    balance = (found.base_share * found.n).groupby(found.category).sum()
    assert balance.to_numpy() == pytest.approx(found.groupby("category")["k"].sum().to_numpy())
