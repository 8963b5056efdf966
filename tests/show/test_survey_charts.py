"""Charts and sentences of surveys: what is drawn and said is what stands in the frame."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from regulars.show.heading import Heading, headed
from regulars.show.sentences import survey_differences as differing
from regulars.show.sentences import surveys as saying
from regulars.show.style import palette, styled
from regulars.show.survey_charts import score_dots, score_trend
from regulars.show.tables import to_text

MANY = 14


def periods():
    quarters = list(pd.to_datetime(["2024-10-01", "2025-01-01", "2025-04-01"]))
    return pd.DataFrame(
        {
            "question": ["nps"] * 3 + ["csat"] * 3 + ["ces"] * 3,
            "measure": ["nps"] * 3 + ["top_box"] * 3 + ["mean"] * 3,
            "period": quarters * 3,
            "n": [100, 120, 90] * 3,
            "value": [10.0, -5.0, 12.0, 0.7, 0.6, 0.65, 5.1, 4.9, 5.3],
            "low": [0.0, -14.0, 2.0, 0.6, 0.5, 0.55, 4.9, 4.7, 5.0],
            "high": [20.0, 4.0, 22.0, 0.78, 0.7, 0.74, 5.3, 5.1, 5.6],
            "complete": [True, True, False] * 3,
        }
    )


def compared():
    return pd.DataFrame(
        {
            "question": "nps",
            "measure": "nps",
            "by": ["segment", "segment", "segment", "region", "region"],
            "group": ["loyal", "at_risk", None, "North", "$x_1$"],
            "n": pd.array([268, 195, 63, 383, 100], dtype="Int64"),
            "value": [22.4, -2.1, 3.2, 11.2, 14.0],
            "low": [13.2, -12.9, -16.5, 3.5, -0.3],
            "high": [31.1, 8.9, 22.6, 18.8, 27.5],
            "change": [17.8, -11.7, np.nan, 4.4, 6.5],
            "change_low": [7.5, -23.4, np.nan, -4.6, -8.5],
            "change_high": [27.6, 0.1, np.nan, 13.4, 21.4],
            "p_holm": [0.03, 1.0, np.nan, 1.0, 1.0],
            "differs": [True, False, False, False, False],
            "detectable": [21.2, 24.8, np.nan, 19.0, 30.8],
            "hidden": False,
        }
    )


def waves(**changed):
    row = {
        "question": "nps", "measure": "nps", "n": 1462, "value": 7.8, "before": 9.5, "before_n": 979,
        "change": -1.7, "change_low": -7.9, "change_high": 4.5, "p_holm": 1.0, "differs": False,
        "detectable": 10.3, "hidden": False,
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def overall(**changed):
    rows = [
        {"question": "ces", "measure": "mean", "n": 319, "value": 5.11, "low": 4.99, "high": 5.24},
        {
            "question": "ces",
            "measure": "top_box",
            "n": 319,
            "value": 0.7,
            "low": 0.65,
            "high": 0.75,
        },
        {
            "question": "csat",
            "measure": "top_box",
            "n": 696,
            "value": 0.66,
            "low": 0.63,
            "high": 0.7,
        },
        {"question": "csat", "measure": "mean", "n": 696, "value": 3.83, "low": 3.77, "high": 3.89},
        {"question": "nps", "measure": "nps", "n": 1462, "value": 7.8, "low": 3.8, "high": 11.7},
    ]
    return pd.DataFrame([{"note": "", "hidden": False} | row | changed for row in rows])


def plain(said):
    return [one.replace("\u00a0", " ") for one in said]


def laid_out(fig):
    """Lay the figure out as it is shown, and make sure that no part of it is cut off."""
    with styled(), headed(fig, Heading("What do we see?", "A measure, n = 9", "the shop")):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x0 > -0.01
        assert drawn.y0 > -0.01
        assert drawn.x1 < paper.x1 + 0.01
        assert drawn.y1 < paper.y1 + 0.01
    return fig


def texts(fig):
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


def test_each_question_has_a_panel_and_each_period_its_interval():
    fig = laid_out(score_trend(periods()))
    assert [ax.get_title("left") for ax in fig.axes] == [
        "NPS: score [−100 to 100]", "CSAT: answers in the top boxes [%]", "CES: mean score",
    ]  # fmt: skip
    lines, points = fig.axes[0].collections
    assert [segment[:, 1].tolist() for segment in lines.get_segments()] == [
        [0, 20],
        [-14, 4],
        [2, 22],
    ]
    assert points.get_offsets().tolist() == [[0, 10], [3, -5], [6, 12]]  # months after the first
    assert [to_hex(colour) for colour in points.get_facecolors()][2] == "#ffffff"
    assert "hollow: period not over" in texts(fig)


def test_a_hidden_period_is_dotted():
    frame = periods().assign(hidden=[True] + [False] * 8)
    frame.loc[0, ["value", "low", "high"]] = np.nan
    assert "dotted: hidden" in texts(laid_out(score_trend(frame)))


def test_groups_are_sorted_and_who_differs_stands_out():
    fig = laid_out(score_dots(compared(), overall=7.8))
    ax = fig.axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[:3] == ["Segment", "Loyal (268)", "At risk (195)"]
    assert names[3] == "Region"
    with styled():
        colours = palette()
    drawn = {line.get_ydata()[0]: line for line in ax.lines if line.get_marker() == "o"}
    assert to_hex(drawn[1].get_color()) == colours.highlight
    assert to_hex(drawn[2].get_color()) == colours.grey
    assert drawn[1].get_xdata()[0] == 22.4
    assert any("x_1" in text for text in texts(fig))
    assert not [text for text in fig.findobj(Text) if text.get_text() and text.get_parse_math()]


def test_a_hidden_group_is_named_and_not_drawn():
    frame = compared().assign(hidden=[False, True, False, False, False])
    frame.loc[1, ["value", "low", "high"]] = np.nan
    frame.loc[1, "n"] = pd.NA
    assert "At risk (hidden)" in texts(laid_out(score_dots(frame)))


def test_of_many_groups_those_that_differ_and_the_largest_are_drawn():
    frame = pd.concat([compared().head(1)] * MANY, ignore_index=True)
    frame = frame.assign(group=[f"g{one:02}" for one in range(MANY)], n=range(20, 20 + MANY))
    frame = frame.assign(differs=[True] + [False] * (MANY - 1))
    names = [label.get_text() for label in score_dots(frame).axes[0].get_yticklabels()]
    assert "G00 (20)" in names
    assert "G01 (21)" not in names
    assert names[-1] == "… and 4 more"


def test_groups_of_several_questions_are_refused():
    frame = pd.concat([compared(), compared().assign(question="csat")])
    with pytest.raises(ValueError, match="Draw one at a time"):
        score_dots(frame)


@pytest.mark.parametrize("change", [0.0, np.nan, 1e6, -1.0])
def test_charts_survive_what_numbers_can_be(change):
    for draw, frame in ((score_trend, periods()), (score_dots, compared())):
        columns = ["value", "low", "high"]
        fig = laid_out(draw(frame.assign(**{name: change * frame[name] for name in columns})))
        assert not [text for text in texts(fig) if "nan" in text.lower().split()]
        assert np.isfinite([*fig.axes[0].get_xlim(), *fig.axes[0].get_ylim()]).all()
        assert draw(frame.head(0)).axes[0].texts[0].get_text() == "nothing to show"
        laid_out(draw(frame.head(1)))


def test_scores_are_said_word_for_word():
    assert plain(saying.scores(overall())) == [
        "NPS is 8 (95 % interval 4 to 12, 1,462 answers).",
        "66 % of answers on satisfaction are in the top boxes (95 % interval 63 % to 70 %, "
        "696 answers); the mean is 3.83 (95 % interval 3.77 to 3.89).",
        "CES is 5.11 on average (95 % interval 4.99 to 5.24, 319 answers); 70 % are in the top "
        "boxes (95 % interval 65 % to 75 %).",
    ]


def test_what_is_not_there_is_said():
    assert saying.scores(overall().head(0)) == [
        "There are no answers in the period, so there is no score."
    ]
    only = saying.scores(overall().tail(1))
    assert only[1:] == [
        "CSAT was not answered in the period.",
        "CES was not answered in the period.",
    ]
    gone = overall(value=np.nan, low=np.nan, high=np.nan, n=pd.NA, hidden=True)
    assert (
        saying.scores(gone)[0]
        == "NPS is withheld: fewer than 10 answers, or fewer than 10 of one kind."
    )
    table = saying.score_table(gone)
    assert table.pop("hidden").all()
    assert (table.drop(columns=["question", "read by"]) == "hidden").all(axis=None)
    equal = overall(low=np.nan, high=np.nan, note="All answers are equal.")
    assert saying.scores(equal)[0] == "NPS is 8 (1,462 answers, all answers are equal)."


def test_scores_of_periods_are_tabulated_in_their_units():
    frame = periods().iloc[[0, 3, 6]].assign(note="", hidden=[True, False, False])
    frame.loc[0, ["value", "low", "high"]] = np.nan
    frame.loc[0, "n"] = 0
    written = to_text(saying.score_table(frame), caption="Quarters", source="Made up")
    rows = [re.split(r" {2,}", line) for line in plain(written.splitlines())[3:]]
    assert rows[:3] == [
        ["NPS", "1 October 2024", "score", "hidden", "hidden", "hidden"],
        ["CSAT", "1 October 2024", "top boxes", "70 %", "60 % to 78 %", "100"],
        ["CES", "1 October 2024", "mean", "5.10", "4.90 to 5.30", "100"],
    ]
    assert rows[3][0].startswith("Groups of fewer than 10")


def test_a_change_is_said_with_what_could_have_been_seen():
    assert plain(differing.changes(waves())) == [
        "NPS has not changed beyond chance since the period before: −1.7 (95 % interval −7.9 to "
        "+4.5). A true change of 10 points or more would have been noticed four times in five."
    ]
    risen = waves(change=15.0, change_low=8.0, change_high=22.0, differs=True)
    assert plain(differing.changes(risen)) == [
        "NPS has risen by 15 points since the period before (95 % interval +8.0 to +22), more than chance."
    ]
    assert plain([differing.trend_title(risen)]) == ["NPS has risen by 15 points"]
    assert differing.trend_title(waves()) == "No score has changed beyond chance"
    none = waves(change=np.nan, change_low=np.nan, change_high=np.nan, detectable=np.nan)
    assert "too few answers" in differing.changes(none)[0]
    assert differing.trend_title(none) == "Have the scores changed?"
    assert differing.change_table(none).iloc[0]["beyond chance"] == "–"


def test_groups_are_said_with_their_family():
    assert plain(differing.groups(compared())) == [
        "4 comparisons of a group with all others were made and corrected together: one differs "
        "beyond chance.",
        "Loyal (segment): NPS is 18 points above that of all others (95 % interval +7.5 to +28).",
        "For NPS, only differences of 19 (large groups) to 31 points (small ones) would have been "
        "noticed four times in five.",
    ]
    assert plain([differing.groups_title(compared())]) == [
        "Segment loyal: NPS 18 points above the others"
    ]
    quiet = compared().assign(differs=False)
    assert differing.groups_title(quiet) == "No group's NPS differs beyond chance"
    assert "none differs" in differing.groups(quiet)[0]
    unknown = differing.unknown_groups(compared(), "nps")
    assert unknown.startswith("Of some answers to NPS a group is not known")
    assert unknown.endswith("segment of 63.")
    assert differing.unknown_groups(compared().dropna(subset="group"), "nps") == ""
    nothing = compared().assign(change=np.nan)
    assert differing.groups(nothing) == [
        "No group has enough answers to be compared with the others."
    ]


def test_five_that_differ_are_named_the_largest_first_and_the_others_counted():
    groups = [f"g{one}" for one in range(7)]
    many = pd.concat([compared().head(1)] * 7, ignore_index=True)
    many = many.assign(group=groups, change=[1.0, -9.0, 3.0, 4.0, 5.0, 6.0, 7.0], detectable=19.0)
    said = plain(differing.groups(many))
    assert [line.split()[0] for line in said[1:6]] == ["G1", "G6", "G5", "G4", "G3"]
    assert said[6:] == [
        "And 2 more.",
        "For NPS, a true difference of 19 points or more would have been noticed four times in "
        "five.",
    ]
    two = pd.concat([many.head(1), many.assign(question="csat", measure="top_box")])
    assert plain(differing.groups(two))[1].startswith("G0 (segment): NPS is 1.0 points above")
    assert not [line for line in differing.groups(many.head(5)) if line.startswith("And")]


def test_titles_are_short_enough():
    long = compared().assign(group="A name that somebody made up for a group")
    for title in (differing.groups_title(long), differing.trend_title(waves(differs=True))):
        Heading(title, "subtitle", "source")
