"""Independence: the same as with rows one by one, the published number, and honest intervals."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.independence import independence, ranks_alone
from regulars.measures.value.spend_cells import spend_cells


def rows(n: int, *, seed: int, pull: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = 1 + rng.poisson(2, n)
    mean = np.exp(rng.normal(3, 0.8, n) + pull * days)
    return pd.DataFrame({"days": days, "mean": mean, "customers": 1})


def test_counted_cells_give_what_rows_give():
    cells = pd.DataFrame({"days": [1, 2, 2, 5], "mean": [9.0, 4, 9, 30], "customers": [7, 3, 5, 2]})
    one_by_one = cells.loc[cells.index.repeat(cells.customers)]
    found = independence(cells)
    pearson = stats.pearsonr(one_by_one["days"], one_by_one["mean"]).statistic
    spearman = stats.spearmanr(one_by_one["days"], one_by_one["mean"]).statistic
    assert found["pearson"].value == pytest.approx(pearson)
    assert found["spearman"].value == pytest.approx(spearman)
    assert found["pearson"].n == 17


def test_cdnow_has_the_published_correlation(cdnow):
    found = independence(spend_cells(customer_days(cdnow, as_of="1997-09-30")))
    assert round(found["pearson"].value, 2) == 0.11  # Fader, Hardie & Lee 2005
    assert found["pearson"].low < 0.11 < found["pearson"].high < 0.3
    assert found["pearson"].n == 946


def test_intervals_hold_zero_where_nothing_is_related():
    found = [independence(rows(400, seed=seed)) for seed in range(60)]
    for name in ("pearson", "spearman"):
        held = np.mean([one[name].low < 0 < one[name].high for one in found])
        assert 0.88 <= held <= 1


def test_what_is_related_is_found():
    found = independence(rows(400, seed=1, pull=0.4))
    assert found["spearman"].low > 0.3


def test_nothing_is_said_of_few_or_of_equal_ones():
    few = pd.DataFrame({"days": [1, 2], "mean": [3.0, 4.0], "customers": [4, 5]})
    alike = pd.DataFrame({"days": [2, 2], "mean": [3.0, 4.0], "customers": [40, 50]})
    for cells in (few, alike):
        assert independence(cells) == {"pearson": None, "spearman": None}


def test_skewed_money_has_a_rank_correlation_without_any_relation():
    p, q, seeds = 0.6, 3.0, range(20)
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        days = rng.integers(1, 10, 2000)
        means = rng.gamma(p * days) / rng.gamma(q, size=2000) / days
        found.append(stats.spearmanr(days, means).statistic)
    cells = pd.DataFrame({"days": range(1, 10), "customers": 300})
    told = ranks_alone(cells, p=p, q=q)
    assert told > 0.1
    assert told == pytest.approx(np.mean(found), abs=0.04)
