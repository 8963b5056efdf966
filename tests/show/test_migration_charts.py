"""Charts and sentences of migration: who went where, in order, and nothing said of few."""

import numpy as np
import pandas as pd
import pytest

from regulars.show import charts
from regulars.show.findings import NBSP
from regulars.show.sentences import migration as sentences
from regulars.show.style import palette, styled


def plain(text):
    return text.replace(NBSP, " ")


def summary(**columns):
    given = {
        "segment": ["vip", "silent"],
        "before": [100, 60],
        "now": [140, 90],
        "stayed": [70, 40],
        "net": [40, 30],
        "net_exceeds_chance": [True, True],
        "change": [0.1, 0.2],
        "low": [0.05, 0.15],
        "high": [0.15, 0.25],
        "exceeds_chance": [True, True],
    }
    return pd.DataFrame(given | columns)


def test_the_heatmap_stands_in_the_order_asked_for_and_outsiders_last(cases):
    case = cases["migration_heatmap"]
    ax = charts.migration_heatmap(case.frame, order=["champions", "at_risk"]).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Champions (100)", "At risk (60)", "Not yet (30)"]
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written[0.5, 0.5] == "60"
    assert written[1.5, 1.5] == "67"
    assert (2.5, 1.5) not in written  # nobody: an empty cell


def test_the_smallest_share_is_not_called_zero(cases):
    frame = cases["migration_heatmap"].frame
    texts = charts.migration_heatmap(frame.assign(share=0.001)).axes[0].texts
    assert {text.get_text() for text in texts} == {"<1"}


def test_a_heatmap_refuses_two_rows_for_one_cell(cases):
    frame = cases["migration_heatmap"].frame
    with pytest.raises(ValueError, match="duplicate"):
        charts.migration_heatmap(pd.concat([frame, frame]))


def test_only_what_exceeds_chance_is_dark(cases):
    case = cases["net_change_bars"]
    with styled():
        dark = palette().highlight
    ax = case.draw(case.frame).axes[0]
    colours = [tuple(bar.get_facecolor()) for bar in ax.patches]
    assert len(set(colours)) == 2
    assert colours[0] == colours[2] != colours[1]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Champions\n100 to 140", "New\n50 to 52", "At risk\n60 to 20"]
    assert dark


def test_differences_stand_by_size_under_their_group(cases):
    case = cases["difference_dots"]
    names = [label.get_text() for label in case.draw(case.frame).axes[0].get_yticklabels()]
    assert names == [
        *["At risk", "Days since the first purchase"],
        *["Champions", "Spend", "Region: north"],
    ]


def test_too_many_groups_are_refused(cases):
    frame = pd.concat([cases["difference_dots"].frame.assign(segment=name) for name in "abcde"])
    with pytest.raises(ValueError, match="at most 4 groups in one chart, found 5"):
        charts.difference_dots(frame)


def test_hostile_names_of_differences_are_no_formulas(cases, payload):
    frame = cases["difference_dots"].frame.assign(segment=payload, level=payload, measure=payload)
    fig = charts.difference_dots(frame)
    fig.draw_without_rendering()
    labels = fig.axes[0].get_yticklabels()
    assert not any(label.get_parse_math() for label in labels if label.get_text())


def test_the_way_most_travelled_is_named(cases):
    shares = cases["migration_heatmap"].frame
    assert plain(sentences.movement(shares)) == "30 % of Champions are now At risk"
    gone = shares.assign(customers=np.nan, share=np.nan)
    assert sentences.movement(gone).endswith("?")
    assert sentences.movement(shares.head(0)).endswith("?")


def test_growth_names_the_largest_beyond_chance_and_never_silence():
    assert sentences.growth(summary()) == "VIP grew most: by 40 customers"
    shrank = summary(net=[-40, 30])
    assert sentences.growth(shrank) == "VIP shrank most: by 40 customers"
    none = summary(net_exceeds_chance=[False, True])
    assert sentences.growth(none) == "No segment of buyers changed by more than chance"
    unknown = summary(net_exceeds_chance=[None, True])
    assert sentences.growth(unknown) == "Which segments grew?"
    assert "is not said for 1 of 1" in sentences.net_changes(unknown)[0]


def test_titles_are_short():
    long = summary(segment=["a name that somebody made up of many words", "silent"])
    assert len(sentences.growth(long).split()) <= 10


def test_growth_is_said_apart_from_ageing():
    said = [plain(line) for line in sentences.changes(summary())]
    assert "rose by 20.0 percentage points (95 % interval 15.0 to 25.0)" in said[0]
    assert "in a steady shop too" in said[0]
    assert said[1:] == ["By more than chance grew: VIP from 100 to 140 customers."]
    assert [plain(line) for line in sentences.net_changes(summary())] == said[1:]


def test_no_change_is_not_called_one():
    nothing = summary(net_exceeds_chance=[False, False], change=[np.nan, np.nan])
    said = sentences.changes(nothing)
    assert len(said) == 1
    assert said[0].endswith("no segment of those who still buy grew or shrank by more than chance.")


@pytest.mark.parametrize(
    ("stayed", "words"),
    [
        (70, "Of 100 customers in VIP, 30 (30 %) left it."),
        (100, "Of 100 customers in VIP, 0 (0 %) left it."),
        (97, "is not shown, as it would tell of few"),
        (None, "is not shown, as it would tell of few"),
    ],
)
def test_who_fell_is_counted_unless_few(stayed, words):
    assert words in plain(sentences.fallen(summary(stayed=[stayed, 40]), "vip"))


def test_who_fell_stands_beside_the_period_before():
    before = summary(stayed=[60, 40])
    said = plain(sentences.fallen(summary(), "vip", a_period_before=before))
    assert said.endswith("30 (30 %) left it. In the period before, 40 % left it.")
    few = summary(stayed=[97, 40])
    for usual in (None, few):
        said = sentences.fallen(summary(), "vip", a_period_before=usual)
        assert said.endswith("there is no earlier period to compare.")
    assert "period before" not in sentences.fallen(few, "vip", a_period_before=before)


def test_nobody_falls_from_an_empty_segment():
    assert sentences.fallen(summary(), "ghosts").startswith("Nobody was in Ghosts before")
