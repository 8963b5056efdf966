"""What changed since the last report: by hand, at its edges, and how often noise is called news."""

import gc
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.measures.intervals import wilson, wilson_bounds
from regulars.measures.news import exceeds_noise, news


def metric(
    value: float | None, low: float | None = None, high: float | None = None, **more
) -> dict:
    about = {"id": "loyalty.nps", "label": "NPS", "unit": "points", "definition": "As ever."}
    return {**about, "value": value, "low": low, "high": high, **more}


def only(before: list[dict], now: dict) -> pd.Series:
    return news(before, [now]).iloc[0]


def test_a_change_by_hand():
    # 30 less 10; down: hypot(30 - 24, 15 - 10) = 7.81; up: hypot(36 - 30, 10 - 5) = 7.81.
    row = only([metric(10, 5, 15)], metric(30, 24, 36))
    assert (row.before, row.now, row.change) == (10, 30, 20)
    assert (row.low, row.high) == pytest.approx((20 - 7.81, 20 + 7.81), abs=0.005)
    assert row.p == pytest.approx(2 * stats.norm.sf(20 / (7.8102 / 1.95996)), rel=1e-3)
    assert (row.news, row.reason) == ("yes", "")


def test_the_side_towards_zero_decides():
    """A fall is held against the upper end, a rise against the lower one."""
    fell = only([metric(30, 28, 40)], metric(20, 10, 22))
    assert (fell.low, fell.high) == pytest.approx((-10 - np.hypot(10, 10), -10 + np.hypot(2, 2)))
    assert fell.news == "yes"
    rose = only([metric(20, 18, 30)], metric(30, 20, 32))
    assert rose.news == "no"
    assert rose.low < 0


@pytest.mark.parametrize("seed", range(20))
def test_alone_it_is_news_exactly_where_the_interval_leaves_out_zero(seed):
    random = np.random.default_rng(seed)
    n = random.integers(20, 400, 2)
    one, other = (wilson(int(random.binomial(size, 0.4)), int(size)) for size in n)
    shares = [metric(e.value, e.low, e.high) for e in (one, other)]
    row = only(shares[:1], shares[1])
    assert (row.news == "yes") == (row.low > 0 or row.high < 0)


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ([], metric(30, 24, 36), "not_in_the_last_report"),
        ([metric(10, 5, 15)], metric(None), "withheld_now"),
        ([metric(None)], metric(30, 24, 36), "withheld_before"),
        ([metric(10, 5, 15, unit="share")], metric(30, 24, 36), "defined_anew"),
        ([metric(10, 5, 15, definition="Otherwise.")], metric(30, 24, 36), "defined_anew"),
        ([metric(10)], metric(30, 24, 36), "no_interval"),
        ([metric(10, 5, 15)], metric(30), "no_interval"),
        ([metric(10, 10, 10)], metric(30, 24, 36), "no_interval"),
    ],
)
def test_what_is_not_judged_says_why(before, now, reason):
    row = only(before, now)
    assert (row.news, row.reason) == ("not_judged", reason)
    assert row[["low", "high", "p", "p_holm"]].isna().all()
    compared = reason == "no_interval"
    assert pd.notna(row.change) == compared


def test_a_count_has_a_change_and_no_verdict():
    row = only([metric(2357, unit="customers")], metric(2400, unit="customers"))
    assert (row.change, row.news, row.reason) == (43, "not_judged", "no_interval")


def test_the_family_is_corrected_and_what_is_not_judged_is_no_part_of_it():
    names = [f"loyalty.{n}" for n in range(6)]
    before = [metric(10, 5, 15, id=name) for name in names]
    now = [metric(17.5, 12.5, 22.5, id=name) for name in names]
    alone = news(before[:1], now[:1])
    assert alone.news.tolist() == ["yes"]
    assert set(news(before, now).news) == {"no"}
    counts = [metric(5, id=name) for name in names[1:]]
    assert news([*before[:1], *counts], [*now[:1], *counts]).news.iloc[0] == "yes"


def test_no_metrics_at_all():
    assert news([], []).empty
    assert list(news([], []))[-2:] == ["news", "reason"]


def test_a_name_is_neither_judged_nor_counted():
    name = {"unit": "name", "id": "churn.model"}
    found = news(
        [metric("bg_nbd", **name), metric(10, 5, 15)],
        [metric("mbg_nbd", **name), metric(30, 24, 36)],
    )
    model, nps = found.iloc[0], found.iloc[1]
    assert (model.before, model.now, model.reason) == ("bg_nbd", "mbg_nbd", "name")
    assert (model.news, pd.isna(model.change)) == ("not_judged", True)
    assert (nps.change, nps.news) == (20, "yes")


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (None, "mbg_nbd", "withheld_before"),
        ("mbg_nbd", None, "withheld_now"),
        ("mbg_nbd", "mbg_nbd", "name"),
    ],
)
def test_a_name_that_is_withheld_or_stays(before, now, reason):
    row = only([metric(before, unit="name")], metric(now, unit="name"))
    assert (row.reason, row.news) == (reason, "not_judged")


@pytest.fixture
def no_old_garbage() -> Iterator[None]:
    """Statsmodels collects garbage with each correction; what is there already need not be seen."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_noise_is_seldom_called_news(shared, no_old_garbage):
    """Families of ten shares of unchanged customers, some of them the same in both reports."""
    random, alarms, runs = np.random.default_rng(5), 0, 200
    sizes = random.integers(60, 2000, 10)
    both = (shared * sizes).astype(int)
    chances = random.uniform(0.05, 0.95, 10)
    for _ in range(runs):
        kept = random.binomial(both, chances)
        drawn = [kept + random.binomial(sizes - both, chances) for _ in range(2)]
        ends = [np.column_stack([x / sizes, *wilson_bounds(x, sizes)]) for x in drawn]
        alarms += bool((exceeds_noise(*ends)["news"] == "yes").any())
    # 5 % of 200 is 10; more than 17 would come about once in a hundred such tests.
    assert alarms <= 17


def test_a_true_change_is_found():
    random = np.random.default_rng(5)
    ends = []
    for chance in (0.4, 0.5):
        having = random.binomial(2000, chance, 1)
        ends.append(np.column_stack([having / 2000, *wilson_bounds(having, np.array([2000]))]))
    assert exceeds_noise(*ends)["news"].tolist() == ["yes"]
