"""Charts and sentences of the loyalty index: both ends, what sets them apart, what weights do."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.parameters.loyalty import LoyaltyIndex
from regulars.show.heading import Heading, headed
from regulars.show.loyalty_index_charts import apart_dots
from regulars.show.sentences import loyalty_index as sentences
from regulars.show.style import palette, styled
from regulars.show.tables import to_text

APART = pd.DataFrame(
    {
        "measure": ["first_spend", "region", "birth_year"],
        "level": ["", "north", ""],
        "d": [0.5, -0.4, 0.1],
        "low": [0.3, -0.6, -0.1],
        "high": [0.7, -0.2, 0.3],
        "distinct": [True, True, False],
        "mean": [27.768, 0.1, 1980.2],
        "rest_mean": [22.135, 0.3, 1978.1],
        "detectable": [0.2, 0.25, 0.22],
    }
)
GROUPS = pd.DataFrame(
    {
        "segment": ["most_loyal", "between", "least_loyal"],
        "customers": [100, 300, 100],
        "customers_share": [0.2, 0.6, 0.2],
        "spend_share": [0.6, 0.35, 0.05],
        "orders_mean": [7.0, 2.5, 1.0],
    }
)
COUNTS = pd.DataFrame({"segment": GROUPS.segment, "customers": [100, 300, 100]})


def plain(lines):
    return " ".join(lines).replace("\u00a0", " ")


def test_the_clearest_difference_stands_first_and_chance_is_grey():
    ax = apart_dots(APART.sample(frac=1, random_state=2)).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Spend on the first day", "Region: north", "Year of birth"]
    points = ax.collections[-1]
    assert points.get_offsets().tolist() == [[0.5, 0], [-0.4, 1], [0.1, 2]]
    with styled():
        highlight = palette().highlight
    colours = [to_hex(one) == highlight for one in points.get_facecolors()]
    assert colours == [True, True, False]


def test_at_most_ten_are_drawn():
    many = pd.concat([APART.assign(level=str(one)) for one in range(6)], ignore_index=True)
    assert len(apart_dots(many).axes[0].get_yticklabels()) == 10


@pytest.mark.parametrize("level", ["W" * 300, "深圳市南山区重要客户服务", "$x_1$", "<b>&amp;</b>"])
def test_the_chart_survives(level):
    rows = APART.assign(level=level, d=[np.nan, 1e6, 0.0])
    fig = apart_dots(rows)
    with styled(), headed(fig, Heading("What?", "A measure, n = 9", "Made up")):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x0 > -0.01
        assert drawn.x1 < paper.x1 + 0.01
    assert not [one for one in fig.axes[0].get_yticklabels() if one.get_parse_math()]


def test_nothing_to_compare_draws_nothing():
    assert apart_dots(APART.head(0)).axes[0].texts[0].get_text() == "nothing to show"
    assert sentences.apart_title(APART.head(0)) == "What sets the most loyal apart?"
    assert "could be compared" in plain(sentences.apart(APART.head(0), currency="EUR"))


def test_differences_are_written_with_their_units():
    assert plain(sentences.apart(APART, currency="EUR")) == (
        "Spend on the first day: €27.77 of the most loyal, €22.14 of the least loyal (typical "
        "values); 0.50 standard deviations apart (95 % interval 0.30 to 0.70). "
        "Region: north: 10 % of the most loyal, 30 % of the least loyal; −0.40 standard deviations "
        "apart (95 % interval −0.60 to −0.20). "
        "3 comparisons in all; in a single one, a true difference of 0.25 standard deviations or "
        "more would have been noticed four times in five."
    )
    assert sentences.apart_title(APART) == "More among the most loyal: spend on the first day"
    turned = APART.iloc[[1]]
    assert sentences.apart_title(turned) == "Less among the most loyal: region north"


def test_one_comparison_is_not_one_of_several():
    assert sentences.apart(APART.head(1), currency="EUR")[-1].startswith(
        "1 comparison in all; a true difference of 0.20 standard deviations"
    )


def test_chance_is_called_chance():
    none = APART.assign(distinct=False)
    assert sentences.apart_title(none) == "Nothing else sets the most loyal apart beyond chance"
    assert "by more than chance." in plain(sentences.apart(none, currency="EUR"))


def test_weights_are_shared_out_among_what_is_known():
    said = sentences.made_of(LoyaltyIndex(), COUNTS.assign(with_word=[60, 100, 40]))
    assert plain(said) == (
        "The index counts how often and how lately they bought (50 %), what they said last (30 %) "
        "and how long they have been customers (20 %). 40 % of 500 customers said something; who "
        "said nothing is judged by the rest, with the weights kept in proportion."
    )
    silent = sentences.made_of(LoyaltyIndex(), COUNTS.assign(with_word=0))
    assert plain(silent) == (
        "The index counts how often and how lately they bought (71 %) and how long they have been "
        "customers (29 %)."
    )


def test_few_words_are_not_counted_out():
    few = plain(sentences.made_of(LoyaltyIndex(), COUNTS.assign(with_word=[4, 0, 0])))
    assert "Fewer than 10 customers said something" in few
    nearly = plain(sentences.made_of(LoyaltyIndex(), COUNTS.assign(with_word=[96, 300, 100])))
    assert "All but fewer than 10 customers said something" in nearly


def test_ends_are_described():
    assert sentences.ends_title(GROUPS).replace("\u00a0", " ") == (
        "The most loyal 20 % bring 60 % of spend"
    )
    assert sentences.ends(GROUPS) == []


def test_both_ends_are_tabulated_and_unknown_margin_is_left_out():
    groups = GROUPS.assign(margin_share=[0.5, 0.4, 0.1], value_per_order=20.0, hidden=False)
    groups = groups.assign(days_since_last_median=30.0, spend=1.0)
    written = to_text(sentences.ends_table(groups), caption="Ends", source="Made up").splitlines()
    assert re.split(r" {2,}", written[1]) == [
        "Group", "Customers", "Share of spend", "Share of margin", "Orders, mean",
        "Value per order", "Days since last, median",
    ]  # fmt: skip
    assert written[3].startswith("Most loyal")
    unknown = sentences.ends_table(groups.assign(margin_share=np.nan))
    assert "share_of_margin" not in unknown
    assert len(unknown.columns) == 7


def test_hidden_ends_are_not_described():
    hidden = GROUPS.assign(**dict.fromkeys(GROUPS.columns[1:], np.nan), hidden=True)
    assert sentences.ends_title(hidden) == "Who is loyal?"
    assert sentences.ends(hidden) == [
        "The ends have fewer than 10 customers, and are not described."
    ]


def test_answers_are_told_of_both_ends_or_of_none():
    scores = pd.DataFrame(
        {
            "segment": ["most_loyal", "least_loyal", "most_loyal", "least_loyal"],
            "question": ["nps", "nps", "csat", "csat"],
            "measure": ["nps", "nps", "top_box", "top_box"],
            "scale_max": [10.0, 10.0, 5.0, 5.0],
            "value": [44.6, -5.8, 0.41, np.nan],
            "low": [38.5, -15.1, 0.4, np.nan],
            "high": [49.4, 6.5, 0.42, np.nan],
            "n": [50, 40, 30, None],
            "note": "",
        }
    )
    assert plain(sentences.words_of_ends(scores)) == (
        "NPS: most loyal 45 (50 answers); least loyal −6 (40 answers). What customers said is a "
        "part of the index, so the ends differ in it by design, and no interval is given."
    )
    assert sentences.words_of_ends(scores.tail(2)) == []
    assert plain(sentences.words_of_ends(scores, counted=False)) == (
        "NPS: most loyal 45 (95 % interval 38 to 49, 50 answers); least loyal −6 (95 % interval "
        "−15 to 6, 40 answers)."
    )


def test_stability_says_what_was_looked_at():
    stable = SimpleNamespace(
        median=0.7, low=0.4, high=0.9, customers=9000, looked_at=5000, weightings=1000
    )
    said = sentences.stability(stable).replace("\u00a0", " ")
    assert "(5,000 of 9,000 customers looked at)" in said
    assert "half the weightings keep at least 70 % of the most loyal" in said
    assert sentences.stability(None).startswith("Too few customers differ")
    stable.customers = 9
    assert sentences.stability(stable) == sentences.stability(None)
