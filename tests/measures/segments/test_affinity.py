"""Affinity: by hand, by enumeration, planted likings and none, groups."""

import ibis
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
    """Make purchases of (customer, order, category), all of one quarter, and day if it is given."""
    frame = pd.DataFrame(rows)
    frame = frame.set_axis(["customer_id", "order_id", "category", "day"][: frame.shape[1]], axis=1)
    day = pd.to_datetime(frame.get("day", pd.Series("2025-01-05", index=frame.index)))
    return table_of(frame.assign(kind="sale", day=day.dt.date))


def monthly(rows):
    """Make purchases of (customer, number of the order, category), the orders a month apart."""
    first = pd.Period("2020-01")
    return orders([(who, f"{who}{at}", what, f"{first + int(at)}-10") for who, at, what in rows])


def draw(seed, *, customers, mean=5):
    """Draw orders of one category for customers of many tastes, who buy much or little."""
    rng = np.random.default_rng(seed)
    n = rng.lognormal(np.log(mean) - 0.5, 1, customers).astype(int) + 1
    who = np.repeat(np.arange(customers), n)
    tastes = rng.dirichlet(np.ones(8) * 0.5, customers).cumsum(axis=1)
    held = (tastes[who] < rng.random((len(who), 1))).sum(axis=1).clip(0, 7)
    return pd.DataFrame(
        {
            "customer_id": np.char.add("c", who.astype(str)),
            "order_id": np.char.add("o", np.arange(len(who)).astype(str)),
            "category": np.array(list("abcdefgh"))[held],
            "kind": "sale",
            "day": pd.Timestamp("2025-01-05").date(),
        }
    )


def segments(customers, *, few):
    names = ["vip" if k < few else "rest" for k in range(customers)]
    return table_of(
        pd.DataFrame({"customer_id": [f"c{k}" for k in range(customers)], "segment": names})
    )


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


def test_by_hand():
    # Months of two quarters, in the first three and one in the second; a second line, and order, of
    # one month is no evidence.
    rows = [("ann", 0, "tea"), ("ann", 0, "tea"), ("ann", 1, "tea"), ("ann", 2, "tea")]
    rows += [("bob", 0, "jam"), ("bob", 1, "jam"), ("bob", 2, "jam")]
    rows += [("ann", 3, "tea"), ("bob", 3, "jam"), ("bob", 3, "tea")]
    found = found_in(monthly(rows))
    # Of the first quarter's months of one category half hold tea; in the second all do.
    ann = found.loc[("ann", "tea")]
    assert ann[["n", "k", "share"]].tolist() == [4, 4, 1]
    assert ann.base_share == pytest.approx((3 / 2 + 1) / 4)
    assert ann.lift == pytest.approx(4 / 2.5)
    bob = found.loc[("bob", "jam")]
    assert bob[["n", "k"]].tolist() == [4, 4]
    assert bob.base_share == pytest.approx((3 / 2 + 1) / 4)
    # Four of four at .625 would be .153: too few months to find anything.
    assert found.p.isna().all()
    assert not found.likes.any()


def test_the_test_is_the_exact_one_and_its_base_share_rounded_up():
    table = monthly(
        [(who, k, what) for who, what in (("ann", "tea"), ("bob", "jam")) for k in range(9)]
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
    assert len(likes) > 40
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
        (f"c{who:02}", k, what)
        for who in range(40)
        for k in range(20)
        for what in rng.choice(list("abcd"), 3 if who % 2 else 1, replace=False)
    ]
    found = found_in(monthly(rows))
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


def test_trap_projects_of_a_few_orders_are_no_liking():
    rng = np.random.default_rng(1)
    rows = [
        (f"c{who}", f"o{who}-{project}-{k}", what, f"2025-{month + 1:02}-{day + k + 1:02}")
        for who in range(300)
        for project, month in enumerate(rng.choice(12, 5, replace=False))
        for what, day in [(rng.choice(list("abcdefgh")), rng.integers(20))]
        for k in range(4)
    ]
    assert found_in(orders(rows)).likes.sum() <= 1


def test_trap_a_season_is_no_liking_of_who_came_then():
    rng = np.random.default_rng(1)
    rows = []
    for who in range(400):
        late = who % 2
        names = np.where(rng.random(10) < (0.4 if late else 0.1), "garden", "home")
        days = pd.Timestamp("2025-07-01" if late else "2025-01-01") + pd.to_timedelta(
            rng.integers(180, size=10), unit="D"
        )
        rows += [(f"c{who}", f"o{who}-{k}", names[k], days[k]) for k in range(10)]
    table = orders(rows)
    halves = pd.DataFrame({"customer_id": [f"c{k}" for k in range(400)]})
    halves["segment"] = np.where(np.arange(400) % 2, "active", "dormant")
    by_half = affinity_by_group(table, table_of(halves), as_of=AS_OF)
    assert by_half.p.notna().all()
    assert not by_half.differs.any()
    assert by_half["index"].to_numpy() == pytest.approx(1, abs=0.02)
    assert not found_in(table).likes.any()


def test_groups_by_hand():
    # Ten customers with an order of tea, ten with one of jam, and ten with one of both.
    held = [["tea"]] * 10 + [["jam"]] * 10 + [["jam", "tea"]] * 10
    rows = [(f"c{k}", "o", name) for k, names in enumerate(held) for name in names]
    found = affinity_by_group(orders(rows), segments(30, few=10), as_of=AS_OF)
    found = found.set_index(["segment", "category"])
    assert found["customers"].tolist() == [20, 20, 10, 10]
    assert found["k"].tolist() == [20, 10, 0, 10]
    assert found["n"].tolist() == [20, 20, 10, 10]
    assert found["index"].tolist() == pytest.approx([20 / 15, 10 / 15, 0, 2])
    assert found.p.isna().all()  # too few customers
    assert not found.hidden.any()


def test_small_groups_are_not_tested():
    table = table_of(draw(1, customers=250))
    small = affinity_by_group(table, segments(250, few=30), as_of=AS_OF)
    assert small[["p", "low", "high"]].isna().all(axis=None)
    assert small["index"].notna().any()
    large = affinity_by_group(table, segments(250, few=100), as_of=AS_OF)
    assert large.p.notna().any()
    assert not large.differs.any()


def test_the_interval_leaves_out_one_just_where_the_test_rejects():
    lines = draw(3, customers=600)
    liking = lines.customer_id.str.endswith(("1", "2")) & (lines.category == "b")
    lines["category"] = lines.category.where(~liking, "a")
    named = segments(600, few=0).mutate(
        segment=ibis.ifelse(ibis._.customer_id.right(1).isin(["1", "2"]), "vip", "rest")
    )
    found = affinity_by_group(table_of(lines), named, as_of=AS_OF)
    assert found.differs.any()
    away = (found.low > 1) | (found.high < 1)
    assert away.tolist() == (found.p < 0.05).tolist()
    assert ((found.low <= found["index"]) & (found["index"] <= found.high)).all()


def test_small_groups_few_buyers_and_hidden_sizes_are_not_told():
    rows = [(f"c{k}", "o", "tea" if k % 2 else "jam") for k in range(60)]
    rows += [(f"c{k}", "p", "test") for k in range(3)]  # three of the group bought it, and no other
    table, groups = orders(rows), segments(60, few=30)
    found = affinity_by_group(table, groups, as_of=AS_OF).set_index(["segment", "category"])
    assert found.index[found.hidden].tolist() == [("vip", "test")]
    told = ["n", "k", "share", "base_share", "index", "low", "high", "p", "q_value"]
    assert found.loc[("vip", "test"), told].isna().all()
    assert found.differs.dtype == bool
    away = pd.Series({"vip": False, "rest": True})
    found = affinity_by_group(table, groups, as_of=AS_OF, away=away).set_index("segment")
    assert found.loc["rest", "hidden"].all()
    assert found.loc["rest", ["customers", *told]].isna().all(axis=None)
    few = affinity_by_group(table, segments(60, few=4), as_of=AS_OF).set_index("segment")
    assert few.loc["vip", "hidden"].all()
    assert few.loc["vip", ["customers", *told]].isna().all(axis=None)


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
