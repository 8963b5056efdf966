"""Charts and sentences of value: what is drawn and said is what stands in the frame."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.measures.segments.weights import Stability
from regulars.show import charts
from regulars.show.sentences import value as sentences
from regulars.show.style import palette, styled


def words(ax):
    return [text.get_text().replace("\u00a0", " ") for text in ax.texts]


def plain(text):
    return text.replace("\u00a0", " ")


def widths(ax):
    return [float(bar.get_width()) for bar in ax.patches]


def hide(frame, *places):
    """Mark rows as the measures do: without their numbers."""
    numbers = frame.select_dtypes("number").columns
    hidden = pd.Series(range(len(frame))).isin(places)
    frame = frame.astype(dict.fromkeys(numbers, float))
    frame.loc[hidden, numbers] = np.nan
    return frame.assign(hidden=hidden)


def test_tiers_stand_from_the_top_with_all_their_shares(cases):
    case = cases["tier_bars"]
    ax = case.draw(case.frame).axes[0]
    labels = [plain(label.get_text()).partition("\n")[0] for label in ax.get_yticklabels()]
    assert labels == ["Top 1 %", "Next 4 %", "Next 15 %", "Rest"]
    columns = ["customers_share", "spend_share", "share_of_margin", "predicted_share"]
    assert widths(ax) == [*np.concatenate([case.frame[name] for name in columns])]
    assert words(ax)[::4] == [
        *["1.0 % of customers", "20 % of spend", "25 % of margin", "15 % of predicted spend"]
    ]


def test_what_is_not_known_of_anybody_has_no_bars(cases):
    frame = cases["tier_bars"].frame.assign(share_of_margin=np.nan, predicted_share=np.nan)
    ax = charts.tier_bars(frame).axes[0]
    assert len(ax.patches) == 8
    with styled():
        highlight = palette().highlight
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches[4:]] == [highlight] * 4


def test_hidden_tiers_show_no_number(cases):
    ax = charts.tier_bars(hide(cases["tier_bars"].frame, 0, 1)).axes[0]
    labels = [plain(label.get_text()) for label in ax.get_yticklabels()]
    assert labels[:3] == [
        "Top 1 %\nhidden customers",
        "Next 4 %\nhidden customers",
        "Next 15 %\n150 customers",
    ]
    assert words(ax)[:3] == ["hidden of customers", "hidden", "15 %"]
    assert widths(ax)[:3] == [0, 0, 0.15]


def test_classes_have_readers_names(cases):
    case = cases["importance_bars"]
    ax = case.draw(case.frame).axes[0]
    names = [label.get_text().partition("\n")[0] for label in ax.get_yticklabels()]
    assert names == ["VIP", "Potential", "Ordinary", "Dormant"]


def test_each_step_begins_where_the_one_before_ended(cases):
    case = cases["profit_bridge"]
    ax = case.draw(case.frame).axes[0]
    spans = [(float(bar.get_x()), float(bar.get_x() + bar.get_width())) for bar in ax.patches]
    assert spans == [*[(0, 110), (110, 100), (0, 100), (100, 40), (0, 40), (40, 25), (0, 25)]]
    assert words(ax) == [
        "110",
        "−10 (10 % of spend)",
        "100",
        "−60 (60 %)",
        "40 (40 %)",
        "−15 (15 %)",
        "25 (25 %)",
    ]
    assert ax.get_xlabel() == "Money [EUR]"


def test_a_bridge_that_does_not_add_up_shows_a_gap(cases):
    frame = cases["profit_bridge"].frame.replace({"value": {25.0: 30.0}})
    bars = charts.profit_bridge(frame, currency="EUR").axes[0].patches
    assert bars[-2].get_x() + bars[-2].get_width() != bars[-1].get_width()


def test_the_whale_is_marked_at_its_peak_or_at_the_fifth(cases):
    case = cases["whale_curve"]
    assert words(case.draw(case.frame).axes[0])[-1] == "the best 60 %\nbring 130 %"
    calm = case.frame.assign(profit_share=[0, 0.7, 0.9, 1.0])
    assert words(charts.whale_curve(calm).axes[0])[-1] == "the best 20 %\nbring 70 %"


def test_the_weightings_are_counted_where_they_fall(cases):
    case = cases["vip_stability"]
    ax = case.draw(case.frame).axes[0]
    bars = [(round(float(bar.get_x()), 2), float(bar.get_height())) for bar in ax.patches]
    assert bars == [(0.8, 100), (0.85, 600), (0.9, 300)]
    assert words(ax) == ["half keep 87 % or more"]
    assert ax.get_xlim() == (0, 1)


@pytest.fixture
def stable():
    none = pd.DataFrame()
    return Stability(none, none, 0.92, 0.84, 0.97, 573, 2863, 2863, 1000)


def test_titles_say_the_finding_in_ten_words(cases, stable):
    frames = {name: case.frame for name, case in cases.items()}
    titles = [
        sentences.pyramid_title(frames["tier_bars"]),
        sentences.importance_title(frames["importance_bars"]),
        sentences.bridge_title(frames["profit_bridge"]),
        sentences.whale_title(frames["whale_curve"]),
        sentences.stability_title(stable),
    ]
    assert [plain(title) for title in titles] == [
        "The top 1 % of customers bring 25 % of margin",
        "VIPs: 1.0 % of customers bring 25 % of margin",
        "25 % of spend is left as profit",
        "The best 60 % of customers bring 130 % of profit",
        "Under other weights, 92 % of VIPs stay VIP",
    ]
    assert max(len(title.split(" ")) for title in titles) <= 10


def test_titles_of_hidden_or_missing_numbers_hold_none(cases):
    tiers, classes = cases["tier_bars"].frame, cases["importance_bars"].frame
    bridge = cases["profit_bridge"].frame
    whale = cases["whale_curve"].frame
    said = [
        sentences.pyramid_title(hide(tiers, 0)),
        sentences.importance_title(hide(classes, 0)),
        sentences.whale_title(whale.assign(profit_share=np.nan)),
        sentences.bridge_title(bridge.assign(value=0.0)),
        sentences.whale_title(None),
        *(f(None) for f in (sentences.bridge_title, sentences.stability_title)),
    ]
    assert not [title for title in said if any(letter.isdigit() for letter in title)]
    assert max(len(title.split()) for title in said) <= 10


def test_a_loss_is_called_one(cases):
    frame = cases["profit_bridge"].frame.replace({"value": {25.0: -5.0}})
    assert plain(sentences.bridge_title(frame)) == "The loss is 5.0 % of spend"


def test_findings_on_tiers(cases):
    frame = cases["tier_bars"].frame
    found = sentences.tiers(frame.assign(tier=["A", "B", "C", "rest"]), frame)
    assert plain(found[0]) == (
        "Class A is 1.0 % of customers (10) and brings 25 % of margin, and 15 % of what is "
        "predicted."
    )
    hidden = hide(frame, 0)
    assert sentences.tiers(hidden.assign(tier=["A", "B", "C", "rest"]), hidden) == [
        "What the tiers bring is not shown."
    ]


def test_findings_on_importance(cases, stable):
    frame = cases["importance_bars"].frame
    assert [plain(one) for one in sentences.importance(frame)] == [
        "1.0 % of customers are VIP; they bring 25 % of the margin of the period.",
        "40 customers more are potential: not VIP yet, with 25 % of the predicted spend.",
        "80 % are dormant.",
    ]
    unknown = frame.assign(predicted_share=np.nan)
    assert not any("potential" in one for one in sentences.importance(unknown))
    assert "all 2,863 customers who are active looked at" in sentences.stability(stable)
    some = Stability(stable.draws, stable.customers, 0.9, 0.8, 0.95, 999, 5000, 9000, 1000)
    assert "5,000 of 9,000 customers who are active looked at" in sentences.stability(some)


def test_findings_on_profit(cases):
    grades = pd.DataFrame(
        {
            "grade": ["good", "ordinary", "bad"],
            "customers": [700, 200, 100],
            "customers_share": [0.7, 0.2, 0.1],
            "profit": [27.0, 2.0, -4.0],
        }
    )
    bridge = cases["profit_bridge"].frame
    found = [plain(one) for one in sentences.profit(grades, bridge, currency="EUR")]
    assert found == [
        "Of €100 of spend, €25 are left as profit, 62 % of the margin.",
        "100 customers (10 %) cost more than they bring, €4 together, by this way of sharing out "
        "costs; what campaigns cost would not go away with them.",
    ]
    assert len(sentences.profit(hide(grades, 2), bridge, currency="EUR")) == 1
    assert sentences.profit(None, None, currency="EUR") == [sentences.WITHHELD]
