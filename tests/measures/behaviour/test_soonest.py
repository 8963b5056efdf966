"""The soonest group: only one that is ahead of every other is named."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.measures.behaviour.soonest import soonest_group


def drawn(random, means: dict[str, float], *, customers: int) -> pd.DataFrame:
    """Exponential waits, as many customers a group, watched for 100 to 300 days."""
    names = np.repeat(list(means), customers)
    wait = np.ceil(random.exponential([means[name] for name in names])).astype(int)
    watched = random.integers(100, 300, len(names))
    rows = pd.DataFrame(
        {"group": names, "days": np.minimum(wait, watched), "observed": wait <= watched}
    )
    return rows.groupby(["group", "days", "observed"]).size().rename("customers").reset_index()


def test_who_is_ahead_of_all_is_named():
    counts = drawn(np.random.default_rng(1), {"app": 40, "web": 70, "store": 80}, customers=400)
    assert soonest_group(counts) == "app"
    slow = counts.replace({"group": {"app": "store", "store": "app"}})
    assert soonest_group(slow) == "store"


def test_of_two_equal_ones_ahead_of_a_third_none_is_named():
    """Both beat the third in every base; one of them beats the other in one of twenty."""
    random, bases = np.random.default_rng(3), 60
    means = {"app": 60, "web": 60, "store": 140}
    named = [soonest_group(drawn(random, means, customers=100)) for _ in range(bases)]
    assert "store" not in named
    assert bases - named.count(None) <= stats.binom.ppf(0.99, bases, 0.05)


def test_equal_groups_are_rarely_told_apart():
    random, means = np.random.default_rng(4), dict.fromkeys("abcd", 60)
    named = [soonest_group(drawn(random, means, customers=60)) for _ in range(15)]
    assert 15 - named.count(None) <= stats.binom.ppf(0.99, 15, 0.05)


def test_a_group_that_is_large_enough_to_be_asked_has_to_be_beaten():
    counts = drawn(np.random.default_rng(1), {"app": 40, "web": 80}, customers=400)
    few = pd.DataFrame({"group": "fax", "days": [20, 40], "observed": True})
    assert soonest_group(pd.concat([counts, few.assign(customers=4)])) == "app"
    assert soonest_group(pd.concat([counts, few.assign(customers=6)])) is None


@pytest.mark.parametrize("groups", [{}, {"web": 30}])
def test_alone_nobody_is_first(groups):
    counts = pd.DataFrame(columns=["group", "days", "observed", "customers"])
    if groups:
        counts = drawn(np.random.default_rng(1), groups, customers=50)
    assert soonest_group(counts) is None
