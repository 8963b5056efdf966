"""Clusters: separation by hand, three kinds found, none in a blob, the engine's own assignment."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.cluster_space import FEATURES, sample_logs, scale_of, standardised
from regulars.measures.segments.clusters import assign_clusters, find_clusters
from regulars.measures.segments.separation import (
    adjusted_rand,
    divide,
    gap_depth,
    settle,
    silhouette,
)


def people(days_between, value, silence, *, repeat_days=4):
    """Make customers of (days between, value per order, days since last by days between)."""
    recency = np.maximum(np.rint(np.asarray(days_between) * repeat_days), repeat_days).astype(int)
    frame = pd.DataFrame({"recency_age": recency, "repeat_days": repeat_days})
    frame["days_since_last"] = np.rint(np.asarray(silence) * recency / repeat_days).astype(int)
    frame["orders"] = frame.repeat_days + 1
    frame["spend"] = np.round(np.asarray(value) * frame.orders, 2)
    frame.insert(0, "customer_id", [f"c{place:05}" for place in range(len(frame))])
    return frame


def blob(seed, n=400):
    rng = np.random.default_rng(seed)
    slow = rng.normal(size=n)
    return people(
        np.exp(3 + 0.8 * slow), np.exp(4 + 0.5 * rng.normal(size=n)), rng.exponential(1, n)
    )


def three(seed, n=400):
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    between = np.array([8, 60, 20])[kind] * np.exp(0.3 * rng.normal(size=n))
    value = np.array([20, 150, 60])[kind] * np.exp(0.3 * rng.normal(size=n))
    silence = np.array([0.8, 0.8, 20])[kind] * rng.gamma(4, 0.25, n)
    return people(between, value, silence), kind


def test_adjusted_rand_by_hand():
    # 1 1 1 2 2 2 against 1 1 2 2 3 3: 2 pairs together in both, 6 and 3 in each, of 15.
    assert adjusted_rand([1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 3, 3]) == pytest.approx(
        (2 - 6 * 3 / 15) / ((6 + 3) / 2 - 6 * 3 / 15)
    )
    labels = np.random.default_rng(1).integers(0, 4, 2000)
    assert adjusted_rand(labels, (labels + 1) % 4) == 1
    assert abs(adjusted_rand(labels, np.roll(labels, 1))) < 0.01
    assert adjusted_rand([1, 1], [2, 2]) == 1


def test_silhouette_by_its_definition():
    rng = np.random.default_rng(1)
    points, labels = rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    widths = []
    for at in range(40):
        far = np.sqrt(((points - points[at]) ** 2).sum(axis=1))
        means = {one: far[labels == one].mean() for one in range(3) if one != labels[at]}
        own = far[(labels == labels[at])].sum() / ((labels == labels[at]).sum() - 1)
        other = min(means.values())
        widths.append((other - own) / max(own, other))
    assert silhouette(points, labels) == pytest.approx(np.mean(widths))
    assert silhouette(points, np.zeros(40)) == 0
    assert silhouette(np.array([[0.0], [1.0], [9.0]]), [0, 0, 1]) == pytest.approx(
        ((9 - 1) / 9 + (8 - 1) / 8 + 0) / 3
    )


def test_divide_finds_what_is_apart_and_survives_equal_points():
    points = np.repeat([[0.0, 0.0], [5.0, 0.0], [0.0, 7.0]], 10, axis=0)
    centres, labels = divide(points, 3, rng=np.random.default_rng(1))
    assert sorted(centres.tolist()) == [[0, 0], [0, 7], [5, 0]]
    assert np.bincount(labels).tolist() == [10, 10, 10]
    assert len(divide(points, 5, rng=np.random.default_rng(1))[0]) == 3
    lost = np.array([[0.0, 0.0], [99.0, 99.0]])
    assert settle(points[:10], lost) is lost


def test_gap_depth_tells_two_hills_from_one():
    rng = np.random.default_rng(1)
    for apart, low, high in ((6, 0.0, 0.3), (0, 0.95, 2.0)):
        points = np.r_[rng.normal(0, 1, (400, 2)), rng.normal([apart, 0], 1, (400, 2))]
        centres, labels = divide(points, 2, rng=rng)
        assert low <= gap_depth(points, labels, centres) <= high


@pytest.mark.parametrize("seed", [1, 2])
def test_truth_three_kinds_are_found(seed):
    frame, kind = three(seed)
    customers = table_of(frame)
    found = find_clusters(customers)
    assert (found.k, found.stable) == (3, True)
    put = fetch(assign_clusters(customers, found).order_by("customer_id"))
    assert adjusted_rand(put.cluster, kind) > 0.9
    assert found.centres.customers.is_monotonic_decreasing
    assert found.centres.share.sum() == pytest.approx(1)
    largest = found.centres.iloc[0]
    assert 6 < largest.days_between < 10
    assert 17 < largest.value_per_order < 23
    assert 0.5 < largest.intervals_since_last < 1.1
    assert found.reason.startswith("3 groups stand apart")


@pytest.mark.parametrize("seed", [1, 2])
def test_truth_a_blob_has_no_groups(seed):
    found = find_clusters(table_of(blob(seed)))
    assert not found.stable
    assert found.gap > 0.8
    assert "no clear gap" in found.reason
    assert found.silhouettes.silhouette.between(0, 1).all()
    assert found.silhouettes.reference_low.notna().sum() == 1


def test_trap_a_long_blob_is_stable_and_yet_no_groups():
    rng = np.random.default_rng(1)
    frame = people(np.exp(3 + 1.2 * rng.normal(size=600)), np.full(600, 40.0), np.full(600, 1.0))
    found = find_clusters(table_of(frame))
    assert found.ari.value > 0.8  # what this trap is about
    assert not found.stable


def test_the_engine_puts_customers_where_numpy_does():
    frame, _ = three(3)
    frame.loc[:2, "spend"] = [0.0, -5.0, 1e6]
    customers = table_of(frame)
    found = find_clusters(customers)
    between = frame.recency_age / frame.repeat_days
    value = (frame.spend / frame.orders).where(frame.spend > 0, 1e-9)
    logs = pd.DataFrame(np.log([between, value, 1 + frame.days_since_last / between]).T)
    points = standardised(logs.set_axis(list(FEATURES), axis=1), found.scale)
    far = ((points[:, None] - found.places.to_numpy().T[None]) ** 2).sum(axis=2)
    put = fetch(assign_clusters(customers, found).order_by("customer_id"))
    assert put.cluster.tolist() == (far.argmin(axis=1) + 1).tolist()
    assert np.isfinite(points).all()


def test_customers_with_fewer_than_three_purchase_days_are_in_no_cluster():
    frame, _ = three(1)
    few = people([10.0, 10.0], [20.0, 20.0], [1.0, 1.0], repeat_days=1).assign(
        customer_id=["x1", "x2"], repeat_days=[0, 1], recency_age=[0, 9]
    )
    both = table_of(pd.concat([frame, few], ignore_index=True))
    alone, found = find_clusters(table_of(frame)), find_clusters(both)
    assert found.customers == len(frame)
    pd.testing.assert_frame_equal(found.centres, alone.centres)
    put = fetch(assign_clusters(both, found)).set_index("customer_id").cluster
    assert put[["x1", "x2"]].isna().all()
    assert put.drop(["x1", "x2"]).notna().all()


def test_the_order_of_rows_changes_nothing():
    frame, _ = three(2)
    one = find_clusters(table_of(frame))
    other = find_clusters(table_of(frame.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(one.centres, other.centres)
    assert one.reason == other.reason


@pytest.mark.parametrize("n", [0, 1, 5, 99])
def test_too_few_customers_say_so(n):
    found = find_clusters(table_of(blob(1).head(n)))
    assert (found.k, found.stable, found.customers) == (0, False, n)
    assert found.reason.endswith(f"here are {n}.")


def test_customers_who_are_all_alike_have_no_groups():
    frame = people(np.full(300, 10.0), np.full(300, 20.0), np.full(300, 1.0))
    found = find_clusters(table_of(frame))
    assert (found.k, found.stable) == (0, False)
    logs = sample_logs(table_of(frame))
    assert scale_of(logs).sd.tolist() == [1, 1, 1]
