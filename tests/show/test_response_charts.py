"""Charts and sentences of response, weighting and topics: what is drawn and said is in the frame."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.measures.intervals import Estimate
from regulars.show.response_charts import answering_dots, topic_bars
from regulars.show.sentences import response as responding
from regulars.show.sentences import topics as writing
from regulars.show.style import palette, styled

NAN = float("nan")


def plain(text):
    return text.replace("\u00a0", " ")


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def words(ax):
    return [plain(text.get_text()) for text in ax.texts if text.get_text()]


def differing():
    return pd.DataFrame(
        {
            "measure": ["spend", "household", "orders", "segment_before"],
            "level": ["", "shared", "", "at_risk"],
            "d": [0.2, -0.38, 0.05, 0.12],
            "low": [0.05, -0.5, -0.1, 0.0],
            "high": [0.35, -0.26, 0.2, 0.25],
            "distinct": [True, True, False, False],
            "mean": [104.5, 0.13, 3.0, 0.2],
            "rest_mean": [80.0, 0.28, 2.9, 0.15],
            "smallest": [0.2, 0.2, 0.2, 0.19],
        }
    )


def topic_rows():
    return pd.DataFrame(
        {
            "topic": ["delivery", "price", "service", "no_topic"],
            "comments": pd.array([80, 40, pd.NA, 20], dtype="Int64"),
            "customers": pd.array([70, 38, pd.NA, 20], dtype="Int64"),
            "judges": pd.array([70, 38, pd.NA, 20], dtype="Int64"),
            "mean": [6.0, 5.0, NAN, 7.0],
            "detractors": [0.3, 0.7, NAN, 0.2],
            "low": [0.2, 0.54, NAN, 0.08],
            "high": [0.42, 0.82, NAN, 0.42],
            "hidden": [False, False, True, False],
        }
    )


def weighted_rows(**changes):
    row = {"question": "nps", "measure": "nps", "n": 363, "value": 12.0, "low": 3.0, "high": 20.0}
    row |= {"weighted": 4.0, "weighted_low": -5.0, "weighted_high": 13.0, "moved": -7.8}
    row |= {"moved_low": -11.1, "moved_high": -4.4, "design_effect": 1.18, "effective_n": 307.0}
    return pd.DataFrame([row | {"hidden": False} | changes])


def test_differences_stand_by_size_and_those_beyond_chance_are_highlighted():
    ax = answering_dots(differing()).axes[0]
    drawn = ["Spend", "Segment before: At risk", "Orders", "Household: shared"]
    assert [name.replace("\n", " ") for name in names(ax)] == drawn
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(line.get_xdata()[0]) for line in dots] == [0.2, 0.12, 0.05, -0.38]
    with styled():
        highlight = palette().highlight
    assert [to_hex(line.get_color()) == highlight for line in dots] == [True, False, False, True]
    assert "[standard deviations]" in ax.get_xlabel()


def test_of_many_differences_those_beyond_chance_are_kept():
    many = pd.concat([differing().assign(measure=f"m{place}", distinct=place == 7, d=0.01 * place)
                      for place in range(8)])  # fmt: skip
    ax = answering_dots(many).axes[0]
    kept = " ".join(names(ax)).replace("\n", " ")
    assert len(names(ax)) == 14
    assert kept.count("M7") == 4


def test_topics_have_bars_and_shares_and_hidden_ones_say_so():
    left, right = topic_bars(topic_rows()).axes
    assert names(left) == ["Delivery", "Price", "No topic", "Service"]
    assert [float(bar.get_width()) for bar in left.patches] == [70, 38, 20, 0]
    dots = next(line for line in right.lines if line.get_marker() == "o")
    assert [float(x) for x in dots.get_xdata()][:3] == [0.3, 0.7, 0.2]
    assert (words(left), words(right)) == ([" hidden"], [" hidden"])
    assert right.get_xlim()[0] == 0


def test_a_rate_is_said_with_its_interval_or_why_there_is_none():
    rate = Estimate(0.3218, 0.2992, 0.3453, 1653)
    assert plain(responding.response(rate, days=14, named=True)) == (
        "Of 1,653 invitations that had 14 days' time, 32 % were answered in it (95 % interval "
        "30 % to 35 %)."
    )
    assert "no invitation that was not answered" in responding.response(None, days=14, named=False)
    assert "fewer than 10 customers" in responding.response(None, days=14, named=True)


def test_who_answers_is_said_by_what_is_beyond_chance():
    said = [plain(one) for one in responding.answering(differing(), invited=True, currency="EUR")]
    assert said[0].startswith("In 2 of 4 comparisons those who answered differ from those who were")
    assert said[1] == (
        "Household: shared: 13 % of those who answered, 28 % of the others (−0.38 standard "
        "deviations, 95 % interval −0.50 to −0.26)."
    )
    assert said[2].startswith("Spend: typically €104.50 of those who answered, €80")
    assert said[3] == (
        "In a single comparison, a true difference of 0.20 standard deviations or more would have "
        "been noticed four times in five; smaller ones can be there unseen."
    )
    assert responding.answering_title(differing()) == "Household shared: answer less often"
    spend, _, _, segment = (differing().iloc[[at]].assign(distinct=True) for at in range(4))
    assert responding.answering_title(spend) == "Who answered has more: spend"
    assert responding.answering_title(segment) == "Segment at risk: answer more often"


def test_where_nothing_differs_nothing_is_claimed():
    none = differing().assign(distinct=False)
    said = responding.answering(none, invited=False, currency="EUR")
    assert said[0].startswith("Nothing tells those who answered from those of the base")
    assert len(said) == 2
    assert responding.answering_title(none) == "Who answered and who did not look alike"
    assert "Too few" in responding.answering(none.head(0), invited=True, currency="EUR")[0]


def test_what_weighting_moves_is_said_with_its_interval():
    said = [plain(one) for one in responding.weighting(weighted_rows(), ["household", "segment"])]
    assert said == [
        "NPS is 12 as answered and 4 weighted: lower by 7.8 points (95 % interval 4.4 points to "
        "11.1 points, 363 customers).",
        "Weighted by household and segment, unequal weights cost precision: the design effect is "
        "up to 1.18, so that of 100 answers 85 count.",
    ]


def test_a_move_within_chance_is_none():
    said = responding.weighting(weighted_rows(moved_high=1.0), ["region"])
    assert "no further apart than chance" in said[0]


def test_the_table_of_weights_hides_what_is_hidden():
    rows = pd.concat([weighted_rows(), weighted_rows(hidden=True), weighted_rows(weighted=None)])
    table = responding.weighted_table(rows)
    assert table.iloc[0].tolist() == ["NPS", "score", "363", "12 (3 to 20)", "4 (−5 to 13)", "307"]
    assert table.iloc[1, 2:].tolist() == ["hidden"] * 4
    assert table.iloc[2, 4] == "–"
    nothing = responding.weighting(weighted_rows(weighted=None), ["region"])
    assert nothing == ["No answers could be weighted: there are too few, or no weights fit."]
    assert "weight_by" in responding.not_weighted([])
    assert responding.weighting(weighted_rows().head(0), ["region"]) == [
        "There are no answers of customers in the period, so none are weighted."
    ]


def test_topics_are_said_without_claiming_more_than_intervals_do():
    said = [plain(one) for one in writing.topics(topic_rows())]
    assert said == [
        "Most customers write about “Delivery”: 70 of them.",
        "Of those who write about “Price”, 70 % are detractors (95 % interval 54 % to 82 %, "
        "n = 38; they answer 5.0 of 10), more than on any other topic.",
        "20 customers wrote comments in which none of the keywords stands.",
    ]
    near = topic_rows().assign(high=[0.6, 0.82, np.nan, 0.42])
    assert "not told apart from that of “Delivery”, 30 %" in plain(writing.topics(near)[1])
    assert writing.topics_title(topic_rows()) == "Most write about: Delivery"


@pytest.mark.parametrize("rows", [topic_rows().iloc[2:3], topic_rows().iloc[3:]])
def test_where_no_topic_may_be_shown_there_is_nothing_to_draw(rows):
    assert writing.few_comments(rows)
    assert writing.topics(rows) == ["No topic has enough customers to be shown."]
    assert writing.topics_title(rows) == "What do they write about?"


def test_how_many_wrote():
    assert writing.written(0, 0) == "Nobody wrote a comment in the period."
    assert "fewer than 10" in writing.written(12, 9)
    assert writing.written(12, 10) == "10 customers wrote a comment."
    assert writing.written(22, 10) == "There are 22 comments, of 10 customers."
