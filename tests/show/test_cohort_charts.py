"""Charts of cohorts by week, month and quarter, and curves of groups and money."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from regulars.show.cohort_charts import cohort_heatmap, retention_mean
from regulars.show.cohort_curves import cohort_money, retention_by_group
from regulars.show.cohort_grid import cohort_name
from regulars.show.heading import Heading, headed
from regulars.show.style import palette, styled
from regulars.show.waiting_charts import waiting_curves

HEADING = Heading("What do we see here?", "A measure, all customers, n = 2,357", "CDNOW")


def cells(starts, *, early=1):
    rows = [
        (start, age, 100, 1 / (1 + age), True, place < early)
        for place, start in enumerate(starts)
        for age in range(len(starts) - place)
    ]
    return pd.DataFrame(rows, columns=["cohort", "age", "customers", "rate", "complete", "early"])


@pytest.mark.parametrize(
    ("every", "freq", "first"),
    [("week", "7D", "W01 1997† (100)"), ("quarter", "QS", "Q1 1997† (100)")],
)
def test_weeks_and_quarters_are_named(every, freq, first):
    starts = pd.date_range("1996-12-30" if every == "week" else "1997-01-01", periods=3, freq=freq)
    part = cells(starts).assign(complete=lambda rows: rows.age < 2)
    ax = cohort_heatmap(part, every=every).axes[0]
    assert ax.get_yticklabels()[0].get_text() == first
    assert "†" not in ax.get_yticklabels()[1].get_text()
    lines = ax.get_xlabel().split("\n")
    assert lines[0] == f"{every.capitalize()}s after the {every} of the first purchase"
    assert f"*: {every} not over" in ax.get_xlabel()
    assert "†: perhaps older customers" in ax.get_xlabel()


def test_without_early_cohorts_there_is_no_dagger():
    starts = pd.date_range("1997-01-01", periods=3, freq="MS")
    for frame in (cells(starts, early=0), cells(starts).drop(columns="early")):
        ax = cohort_heatmap(frame).axes[0]
        assert "†" not in ax.get_xlabel() + ax.get_yticklabels()[0].get_text()


def test_long_rows_have_few_ticks():
    starts = pd.date_range("1997-01-06", periods=24, freq="7D")
    long = pd.concat([cells(starts), cells(starts[:1]).assign(age=lambda rows: rows.age + 76)])
    ax = cohort_heatmap(long.drop_duplicates(["cohort", "age"]), every="week").axes[0]
    assert len(ax.get_xticks()) <= 20


def test_the_year_of_a_week_is_that_of_its_thursday():
    assert cohort_name("1997-12-29", "week") == "W01 1998"


def test_the_mean_says_of_what_it_is():
    mean = pd.DataFrame({"age": [1, 2], "customers": 90, "rate": 0.5, "low": 0.4, "high": 0.6})
    ax = retention_mean(mean, every="week").axes[0]
    assert ax.get_ylabel() == "Bought in the week [%]"
    assert ax.get_xlabel() == "Weeks after the week of the first purchase"


def groups(names="abcde"):
    rows = [
        (name, age, 100 - 10 * at, 1 / (1 + age + at), 0.0, 1.0, 40.0 + 9 * age)
        for at, name in enumerate(names)
        for age in range(3)
    ]
    columns = ["group", "age", "customers", "rate", "low", "high", "spend_to_age"]
    return pd.DataFrame(rows, columns=columns).assign(hidden=False)


def words(fig):
    with styled(), headed(fig, HEADING):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x1 < paper.x1 + 0.01
        assert drawn.x0 > -0.01
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


CHARTS = [retention_by_group, cohort_money]


@pytest.mark.parametrize("draw", CHARTS)
def test_the_four_largest_groups_are_drawn_and_named_with_their_customers(draw):
    fig = draw(groups(), highlight="a")
    ax = fig.axes[0]
    assert len(ax.lines) == 4
    assert len(ax.collections) == 4
    named = [text for text in words(fig) if "(" in text]
    assert sorted(named) == ["a (100)", "··· c (80)", "– · b (90)", "— d (70)"]
    assert ax.get_ylim()[0] == 0


def looks(fig):
    """Colour and dashes of each line, by the group its label names."""
    named = [text.get_text() for text in fig.axes[0].texts]
    lines = [(line.get_color(), line.get_linestyle()) for line in fig.axes[0].lines]
    assert len(set(lines)) == len(lines)
    by_size = sorted(named, key=lambda words: -int(words.rstrip(")").rpartition("(")[2]))
    return dict(zip([words.split(" (")[0] for words in by_size], lines, strict=True))


@pytest.mark.parametrize("draw", CHARTS)
def test_the_group_of_the_title_is_blue_and_others_keep_their_dashes(draw):
    blue, none = looks(draw(groups("abcd"), highlight="c")), looks(draw(groups("abcd")))
    with styled():
        highlight = palette().highlight
    assert [name for name, (colour, _) in blue.items() if colour == highlight] == ["c"]
    assert highlight not in [colour for colour, _ in none.values()]
    assert {name: look for name, look in blue.items() if name != "c"}.items() <= none.items()
    assert blue["c"] == (highlight, "-")


@pytest.mark.parametrize("draw", CHARTS)
def test_one_group_alone_is_blue(draw):
    with styled():
        assert draw(groups("a")).axes[0].lines[0].get_color() == palette().highlight


def test_a_group_looks_the_same_on_all_charts_of_a_page():
    frame = groups("abcd")
    waits = frame.rename(columns={"age": "day", "rate": "share", "customers": "at_risk"})
    charts = [*(draw(frame, highlight="b") for draw in CHARTS), waiting_curves(waits, soonest="b")]
    first, second, third = (
        [(line.get_color(), line.get_linestyle()) for line in fig.axes[0].lines] for fig in charts
    )
    assert first == second == third


def test_age_zero_is_drawn_of_money_and_not_of_retention():
    assert retention_by_group(groups()).axes[0].lines[0].get_xdata().tolist() == [1, 2]
    money = cohort_money(groups(), every="quarter", currency="EUR").axes[0]
    assert money.lines[0].get_ydata().tolist() == [40, 49, 58]
    assert money.get_ylabel() == "Spend per customer so far [EUR]"
    assert money.get_xlabel().startswith("Quarters after")


@pytest.mark.parametrize("draw", CHARTS)
def test_hidden_cells_are_gaps_and_said_to_be(draw):
    frame = groups("ab")
    gone = (frame.group == "a") & (frame.age == 1)
    numbers = ["rate", "low", "high", "spend_to_age"]
    frame[numbers] = frame[numbers].mask(gone)
    fig = draw(frame.assign(hidden=gone))
    assert np.isnan(fig.axes[0].lines[0].get_ydata().astype(float)).sum() == 1
    assert "gap in a line: hidden" in words(fig)
    assert "gap in a line: hidden" not in words(draw(groups("ab")))


@pytest.mark.parametrize("draw", CHARTS)
def test_rows_can_be_few_missing_shuffled_and_badly_named(draw):
    assert words(draw(groups().head(0)))[0] == "nothing to show"
    assert words(draw(groups())) == words(draw(groups().sample(frac=1, random_state=2)))
    words(draw(groups().head(1)))
    words(draw(groups().assign(rate=np.nan, low=np.nan, high=np.nan, spend_to_age=np.nan)))
    said = words(draw(groups(["$x_1$", "W" * 300, "深圳市南山区重要客户", "<b>&"])))
    assert any("x_1" in text for text in said)


@pytest.mark.parametrize("draw", CHARTS)
def test_the_frame_is_not_changed(draw):
    frame = groups()
    before = frame.copy(deep=True)
    draw(frame)
    pd.testing.assert_frame_equal(frame, before)
