"""What is shown: no small group, alone or by difference; and all of it together."""

import numpy as np
import pandas as pd

from regulars.measures.deeds.shown import (
    shown_curves,
    shown_pairs,
    shown_shares,
    shown_spending,
)
from regulars.measures.deeds.word_and_deed import word_and_deed
from regulars.measures.examples import purchases_of

from .conftest import surveys_of

GRID = [{"name": "all", "r": "1-5", "f": "1-5", "action": "thank"}]


def counted(**bands):
    rows = [
        {"question": "nps", "band": band, "days": days, "observed": seen, "customers": n}
        for band, (bought, rest) in bands.items()
        for days, seen, n in ((9, True, bought), (90, False, rest))
    ]
    return pd.DataFrame(rows)


def test_a_small_band_is_hidden_with_another():
    counts = counted(promoter=(40, 30), passive=(5, 60), detractor=(30, 40))
    found = shown_shares(counts, days=30).set_index("band")
    assert found.hidden["passive"]
    assert found.hidden.sum() == 2
    assert found.loc[found.hidden, ["customers", "bought", "share"]].isna().all(axis=None)
    assert found.customers[~found.hidden].tolist() == [70]


def test_curves_are_those_of_shown_bands_while_ten_are_watched():
    counts = counted(promoter=(40, 30), detractor=(30, 40))
    counts.loc[1, ["days", "customers"]] = [200, 5]  # few are watched as long
    counts = pd.concat([counts, counted(promoter=(0, 25))], ignore_index=True)
    shares = shown_shares(counts, days=30)
    found = shown_curves(counts, shares)
    assert found.groupby("band").day.max().to_dict() == {"detractor": 90, "promoter": 90}
    assert found.at_risk.min() >= 10
    hidden = shown_curves(counts, shares.assign(hidden=shares.band == "promoter"))
    assert set(hidden.band) == {"detractor"}
    nothing = shown_curves(counts, shares.assign(hidden=True))
    assert (len(nothing), list(nothing.columns)) == (0, list(found.columns))


def test_pairs_need_both_bands():
    shares = shown_shares(counted(promoter=(40, 30), detractor=(30, 40)), days=30)
    names = {"question": "nps", "band": "promoter", "other": ["detractor", "passive"]}
    assert shown_pairs(pd.DataFrame(names), shares).other.tolist() == ["detractor"]


def test_spending_does_not_give_away_who_was_new():
    counts = counted(promoter=(40, 30), passive=(40, 40), detractor=(30, 40))
    spending = pd.DataFrame(
        {"question": "nps", "band": ["detractor", "passive", "promoter"], "customers": [66, 50, 40]}
    )
    shares = shown_shares(counts, days=30)
    found = shown_spending(spending, shares, counts)
    assert "detractor" not in set(found.band)  # four of seventy
    assert len(found) < 3
    assert shown_spending(spending.head(0), shares, counts).empty


def test_all_together_on_a_few_answers():
    who = [f"c{place}" for place in range(60)]
    purchases = [(one, "1997-01-05", 10) for one in who]
    purchases += [(one, "1997-03-05", 20) for one in who[:20] + who[30:42]]
    surveys = [(one, "nps", "1997-02-20", 9 if place < 30 else 3) for place, one in enumerate(who)]
    found = word_and_deed(
        surveys_of(surveys), purchases_of(purchases), as_of="1997-12-31", days=30, segments=GRID
    )
    assert found.days == 30
    assert found.shares.set_index("band").share.to_dict() == {"detractor": 0.4, "promoter": 2 / 3}
    assert found.compared.difference.round(4).tolist() == [0.2667]
    assert np.allclose(found.adjusted.difference, found.compared.difference)
    assert found.spending.change.round(2).tolist() == [8.0, 13.33]
    assert found.spending_compared.difference.round(2).tolist() == [5.33]


def test_other_questions_and_no_answers_leave_nothing():
    purchases = purchases_of([("c1", "1997-01-05", 10)])
    for surveys in ([("c1", "ces", "1997-02-20", 6)], []):
        found = word_and_deed(
            surveys_of(surveys), purchases, as_of="1997-12-31", days=30, segments=GRID
        )
        frames = [found.shares, found.curves, found.compared, found.adjusted, found.spending]
        assert [len(frame) for frame in frames] == [0] * 5
