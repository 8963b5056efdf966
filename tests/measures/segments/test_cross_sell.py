"""Cross-sell: by hand, planted pairs and none, heavy buyers, errors."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.engine import table_of
from regulars.measures.segments.cross_sell import cross_sell, expected_pairs

AS_OF = "2025-12-31"


def purchases(rows):
    """Make purchases of (customer, order, thing)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "category"])
    frame = frame.assign(product_id=frame.category, kind="sale")
    return table_of(frame.assign(day=pd.Timestamp("2025-01-05").date()))


def baskets(seed, *, customers=300, orders=6, tied=0.0, sizes=(1, 2, 3, 4)):
    """Draw baskets of six things; in a share of them b is replaced by whatever goes with a."""
    rng = np.random.default_rng(seed)
    weights = np.array([0.3, 0.25, 0.15, 0.1, 0.1, 0.1])
    rows = []
    for who in range(customers):
        for k in range(orders):
            size = rng.choice(sizes)
            held = rng.choice(6, size, replace=False, p=weights)
            if size == 2 and rng.random() < tied:
                held = np.array([3, 4])
            rows += [(f"c{who:03}", f"o{who}-{k}", "abcdef"[thing]) for thing in held]
    return rows


def test_by_hand():
    # Four orders of two: each of four things twice, in a ring; all six pairs would be 2/3 by luck.
    rows = [
        (f"c{k}", f"o{k}", thing)
        for k, pair in enumerate(["ab", "bc", "cd", "da"])
        for thing in pair
    ]
    found = cross_sell(purchases([*rows, ("e", "o9", "a")]), as_of=AS_OF)
    assert found[["first", "second"]].agg("".join, axis=1).tolist() == ["ab", "ad", "bc", "cd"]
    assert found.both.tolist() == [1] * 4
    assert found.customers.tolist() == [1] * 4
    assert found.support.tolist() == [0.2] * 4
    assert found.expected.to_numpy() == pytest.approx(2 / 3)
    assert found.lift.to_numpy() == pytest.approx(1.5)
    assert found.p.isna().all()  # fewer than five expected


def test_customers_of_a_pair_are_counted_once():
    rows = baskets(1, customers=60)
    found = cross_sell(purchases(rows), as_of=AS_OF)
    frame = pd.DataFrame(rows, columns=["who", "order", "thing"])
    pairs = frame.merge(frame, on=["who", "order"])
    counted = pairs.groupby(["thing_x", "thing_y"]).who.nunique()
    expected = [counted[pair] for pair in zip(found["first"], found["second"], strict=True)]
    assert found.customers.tolist() == expected
    assert (found.customers < found.both).any()


def test_expected_pairs_keep_the_partners_of_each_thing():
    rng = np.random.default_rng(1)
    pairs = np.triu(rng.integers(1, 40, (5, 5)), 1)
    pairs = pairs + pairs.T
    expected = expected_pairs(pairs)
    assert expected.sum(axis=1) == pytest.approx(pairs.sum(axis=1), rel=1e-4)
    assert np.diag(expected).tolist() == [0] * 5
    assert expected_pairs(np.zeros((3, 3))).tolist() == np.zeros((3, 3)).tolist()


def test_truth_a_planted_pair_is_found_and_its_interval_leaves_out_one():
    found = cross_sell(purchases(baskets(1, tied=0.15, sizes=(2, 3))), as_of=AS_OF).iloc[0]
    assert (found["first"], found["second"]) == ("d", "e")
    assert found.differs
    assert 1 < found.low < found.lift < found.high


@pytest.mark.parametrize("by", ["order", "customer"])
def test_truth_nothing_is_found_where_baskets_are_drawn_by_lot(by):
    tables = [purchases(baskets(seed, customers=150, orders=4)) for seed in range(5)]
    found = [cross_sell(table, as_of=AS_OF, by=by) for table in tables]
    assert sum(one.differs.sum() for one in found) <= 1
    covered = pd.concat([one[one.low.notna()] for one in found])
    assert len(covered) > 60
    assert ((covered.low <= 1.1) & (covered.high >= 1 / 1.1)).mean() >= 0.98


def test_trap_heavy_buyers_make_no_pair():
    # A tenth of the customers place thirty orders, the others one: the heavy have everything.
    rows = baskets(1, customers=270, orders=1) + [
        (f"h{who}", f"h{order}", thing) for who, order, thing in baskets(2, customers=30, orders=30)
    ]
    found = cross_sell(purchases(rows), as_of=AS_OF, by="customer")
    assert not found.differs.any()
    frame = pd.DataFrame(rows, columns=["who", "order", "thing"]).drop_duplicates(["who", "thing"])
    held = pd.crosstab(frame.who, frame.thing).astype(bool)
    usual = (held.e & held.f).mean() / (held.e.mean() * held.f.mean())
    assert usual > 1.25  # what this trap is about


def test_a_pair_never_bought_has_an_exact_interval():
    rows = [row for row in baskets(1, customers=200) if row[2] not in "ef"]
    rows = [(who, order, thing) for who, order, thing in rows]
    frame = pd.DataFrame(rows, columns=["who", "order", "thing"])
    both = frame.groupby("order").thing.agg(lambda names: {"c", "d"} <= set(names))
    apart = frame[~(frame.order.map(both) & (frame.thing == "d"))]
    found = cross_sell(purchases(apart.to_numpy().tolist()), as_of=AS_OF)
    row = found[(found["first"] == "c") & (found["second"] == "d")].iloc[0]
    assert (row.both, row.lift, row.low) == (0, 0, 0)
    assert row.high == pytest.approx(3.6889 / row.expected, rel=1e-3)
    assert row.differs


def test_only_the_most_bought_things_are_looked_at():
    rows = [
        (f"c{k}", f"o{k}", f"p{thing:02}") for k in range(60) for thing in (k, (k + 1) % 60, 99)
    ]
    found = cross_sell(purchases(rows), as_of=AS_OF, item="product_id")
    assert len({*found["first"], *found["second"]}) == 50
    assert "p99" in set(found["second"])


def test_no_pairs_give_an_empty_table():
    found = cross_sell(purchases([("ann", "o1", "tea")]), as_of=AS_OF)
    assert len(found) == 0
    assert "q_value" in found


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"by": "week"}, "by to be order or customer"), ({"item": "region"}, "item to be category")],
)
def test_errors_say_what_can_be_asked(wrong, words):
    with pytest.raises(ParameterError, match=words):
        cross_sell(purchases([("ann", "o1", "tea")]), as_of=AS_OF, **wrong)
