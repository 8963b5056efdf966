"""Claims: by hand, against statsmodels and by simulation."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from regulars.measures.deeds.claims import COMPARED, adjusted, comparisons, confirmed


def counted(**bands):
    """Count customers of a question, each band from (bought within 30 days, not)."""
    rows = [
        {"question": "nps", "band": band, "days": days, "observed": seen, "customers": n}
        for band, (bought, rest) in bands.items()
        for days, seen, n in ((9, True, bought), (90, False, rest))
    ]
    return pd.DataFrame(rows)


def test_the_interval_is_newcombes():
    # Newcombe 1998, table II, (a): 56/70 against 48/80.
    found = comparisons(counted(promoter=(56, 14), detractor=(48, 32)), days=30).iloc[0]
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    theirs = confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
    assert (found.low, found.high) == pytest.approx(theirs)
    assert (found.n, found.other_n, found.difference) == (70, 80, pytest.approx(0.2))


def test_the_family_is_corrected_by_holm():
    counts = counted(promoter=(60, 40), passive=(50, 50), detractor=(40, 60))
    found = comparisons(counts, days=30)
    assert found[["band", "other"]].to_numpy().tolist() == [list(one[1:]) for one in COMPARED[:2]]
    assert found.p_holm.tolist() == pytest.approx([2 * found.p[0], found.p[1]])
    assert found.claimed.tolist() == [True, False]


def test_later_overall_is_not_claimed_though_more_came_within_h():
    # Few of the promoters come at once, and none later; all the others come a little later.
    rows = [("promoter", 5, True, 30), ("promoter", 200, False, 70), ("detractor", 5, True, 20)]
    rows += [("detractor", 40, True, 80)]
    counts = pd.DataFrame(rows, columns=["band", "days", "observed", "customers"])
    found = comparisons(counts.assign(question="nps"), days=30).iloc[0]
    assert found.difference == pytest.approx(0.1)
    assert found.p_holm < 1e-6
    assert not found.claimed


def test_few_are_not_compared():
    assert comparisons(counted(promoter=(5, 4), detractor=(40, 60)), days=30).empty
    assert adjusted(counted(promoter=(5, 4)).assign(segment="new"), days=30).empty
    nobody = counted(promoter=(5, 4)).head(0)
    assert "claimed" in comparisons(nobody, days=30)


def test_one_segment_is_no_adjustment():
    counts = counted(promoter=(60, 40), detractor=(40, 60))
    plain = comparisons(counts, days=30).iloc[0]
    found = adjusted(counts.assign(segment="all"), days=30).iloc[0]
    assert (found.difference, found.p) == pytest.approx((plain.difference, plain.p))
    # With equal n the variance of Sato is the plain one of two shares.
    reach = 1.959964 * np.sqrt(2 * 0.6 * 0.4 / 100)
    assert found.high - found.difference == pytest.approx(reach, rel=1e-5)


def test_what_segments_explain_goes_away():
    # In each segment promoters and detractors come back alike; promoters are mostly loyal.
    loyal = counted(promoter=(72, 18), detractor=(8, 2)).assign(segment="loyal")
    lost = counted(promoter=(2, 8), detractor=(18, 72)).assign(segment="lost")
    counts = pd.concat([loyal, lost], ignore_index=True)
    assert comparisons(counts, days=30).claimed[0]
    found = adjusted(counts, days=30).iloc[0]
    assert found.difference == pytest.approx(0)
    assert not found.claimed


def test_segments_that_hold_one_band_each_say_nothing():
    counts = counted(promoter=(60, 40), detractor=(40, 60))
    found = adjusted(counts.assign(segment=counts.band), days=30).iloc[0]
    assert np.isnan(found.difference)
    assert (found.p, found.claimed) == (1, False)


@pytest.mark.parametrize(("effect", "least", "most"), [(0.0, 0, 2), (0.5, 9, 10)])
def test_power_and_false_alarms(drawn_after, effect, least, most):
    claimed = 0
    for seed in range(10):
        rows = drawn_after(customers=300, effect=effect, seed=seed)
        rows = rows.rename(columns={"waited": "days"}).assign(customers=1)
        claimed += comparisons(rows, days=60).claimed[0]
    assert least <= claimed <= most


def test_pairs_have_the_variance_of_pairs():
    # A hundred segments of one promoter and one detractor: 20 both bought, 30 and 12 only one.
    kinds = [((1, 0), (1, 0))] * 20 + [((1, 0), (0, 1))] * 30
    kinds += [((0, 1), (1, 0))] * 12 + [((0, 1), (0, 1))] * 38
    parts = [
        counted(promoter=one, detractor=other).assign(segment=f"s{place:02}")
        for place, (one, other) in enumerate(kinds)
    ]
    found = adjusted(pd.concat(parts, ignore_index=True), days=30).iloc[0]
    error = np.sqrt(30 + 12 - (30 - 12) ** 2 / 100) / 100
    assert found.difference == pytest.approx(0.18)
    assert found.high - found.difference == pytest.approx(1.959964 * error)


@pytest.mark.parametrize(
    ("question", "bands", "left"),
    [("csat", ("top", "rest"), False), ("nps", ("promoter", "detractor"), True)],
)
def test_what_is_asked_after_orders_has_to_hold_within_segments(question, bands, left):
    # Frequent buyers come back, and most of the content ones are rare buyers; none differs inside.
    one, other = bands
    often = counted(**{one: (16, 4), other: (72, 18)}).assign(segment="often")
    seldom = counted(**{one: (20, 80), other: (4, 16)}).assign(segment="seldom")
    counts = pd.concat([often, seldom], ignore_index=True).assign(question=question)
    compared = comparisons(counts, days=30)
    assert compared.claimed[0]
    assert compared.difference[0] < 0
    found = confirmed(compared, adjusted(counts, days=30)).iloc[0]
    assert (found.claimed, found.withdrawn) == (left, not left)


def test_what_holds_within_segments_is_claimed_if_the_side_is_the_same():
    counts = counted(top=(60, 40), rest=(30, 70)).assign(question="csat", segment="all")
    compared, within = comparisons(counts, days=30), adjusted(counts, days=30)
    found = confirmed(compared, within).iloc[0]
    assert (found.claimed, found.withdrawn) == (True, False)
    turned = within.assign(difference=-within.difference)
    found = confirmed(compared, turned).iloc[0]
    assert (found.claimed, found.withdrawn) == (False, True)


def test_what_was_no_claim_is_not_withdrawn():
    counts = counted(top=(50, 50), rest=(51, 49)).assign(question="csat", segment="all")
    found = confirmed(comparisons(counts, days=30), adjusted(counts, days=30)).iloc[0]
    assert (found.claimed, found.withdrawn) == (False, False)
    nobody = counts.head(0)
    assert confirmed(comparisons(nobody, days=30), adjusted(nobody, days=30)).empty
