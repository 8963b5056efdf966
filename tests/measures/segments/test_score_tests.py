"""Score tests: a group by lot is hardly ever a finding, however much single customers buy."""

import numpy as np
import pandas as pd

from regulars.measures.segments.discoveries import q_values
from regulars.measures.segments.score_tests import score_tests


def sums(k, e):
    squares = {"kk": k * k, "ke": k * e, "ee": e * e}
    return pd.DataFrame(
        {name: part.sum(axis=0) for name, part in ({"k": k, "e": e} | squares).items()}
    )


def drawn(seed, *, customers, size):
    """Return the sums of a random group and of the rest; tastes and numbers of orders vary much."""
    rng = np.random.default_rng(seed)
    n = rng.lognormal(1.2, 1, customers).astype(int) + 1
    k = rng.multinomial(n, rng.dirichlet(np.ones(8) * 0.5, customers)).astype(float)
    e = n[:, None] * k.sum(axis=0) / n.sum()
    return sums(k[:size], e[:size]), sums(k[size:], e[size:])


def test_a_group_by_lot_is_hardly_ever_found_to_differ():
    p = [score_tests(*drawn(seed, customers=600, size=90))[0] for seed in range(300)]
    assert np.mean([one.notna().any() for one in p]) > 0.8
    assert np.mean([(q_values([*one, *one]) <= 0.05).any() for one in p]) <= 0.07
    assert np.nanmean(np.where(np.isnan(p), np.nan, np.array(p) < 0.05)) <= 0.06


def test_groups_worth_fewer_than_thirty_equal_customers_are_not_tested():
    for size in (12, 30):
        for ends in (1, -1):
            found = score_tests(*drawn(1, customers=600, size=size)[::ends])
            assert all(one.isna().all() for one in found)


def test_group_and_rest_are_tested_alike():
    inside, rest = drawn(2, customers=600, size=300)
    np.testing.assert_allclose(score_tests(inside, rest)[0], score_tests(rest, inside)[0])


def test_the_interval_holds_the_true_ratio():
    held, rng = [], np.random.default_rng(1)
    for _ in range(200):
        e = rng.gamma(2, 3, (900, 1))
        likes = (np.arange(900) < 300)[:, None]
        # The group has 1.4 times its expectation, so the rest .8 times: together as expected.
        k = rng.poisson(e * np.where(likes, 1.4, 0.8)).astype(float)
        true = np.array([1.4, 0.8]) / (1.4 * e[:300].sum() + 0.8 * e[300:].sum()) * e.sum()
        e = e * k.sum() / e.sum()
        _, low, high = score_tests(sums(k[:300], e[:300]), sums(k[300:], e[300:]))
        held.append(low[0] <= true[0] <= high[0])
    assert 0.9 <= np.mean(held) <= 0.99
