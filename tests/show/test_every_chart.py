"""What holds for every chart: it survives what data can be, and says the same for the same rows."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from regulars.show import charts
from regulars.show.heading import Heading, headed
from regulars.show.style import palette, styled

NAMES = sorted(set(charts.__all__) - {"show"})
HEADING = Heading("What do we see here?", "A measure, all customers, n = 2,357", "CDNOW")
KEYS = ["r", "f", "age", "decile", "week", "day", "days", "customers_share"]
KEYS += ["kept_from", "kept_to", "p_alive_from", "p_alive_to", "amount_from", "amount_to"]
KEYS += ["purchase", "tenth", "period", "period_from", "period_to"]
HOSTILE = ["$x_1$", "$\\frac{", "_hidden", "a\x00b\x1b[31m", "深圳 🙂", "<b>&amp;</b>"]
# The keys of a frame are never missing; every other number can be.


def laid_out(fig):
    """Lay the figure out as it is shown, and make sure that no part of it is cut off."""
    with styled(), headed(fig, HEADING):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x0 > -0.01
        assert drawn.y0 > -0.01
        assert drawn.x1 < paper.x1 + 0.01
        assert drawn.y1 < paper.y1 + 0.01
    return fig


def texts(fig):
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


def with_numbers(frame, change):
    columns = [name for name in frame.select_dtypes("number") if name not in KEYS]
    return frame.assign(**{name: change(frame[name].astype(float)) for name in columns})


def with_hidden(frame):
    """Hide the first row, as `suppression.suppressed` does."""
    first = np.arange(len(frame)) == 0
    hidden = with_numbers(frame, lambda values: values.mask(first))
    return hidden.assign(hidden=first)


def with_names(frame, name):
    columns = [column for column in NAMES_IN if column in frame]
    return frame.assign(**{column: [f"{name} {v}" for v in frame[column]] for column in columns})


NAMED = ["affinity_heatmap", "calibration", "p_alive_histogram"]
NAMED += ["migration_heatmap", "net_change_bars", "rfm_heatmap", "segment_bars"]
NAMED += ["answering_dots", "apart_dots", "cohort_money", "importance_performance"]
NAMED += ["retention_by_group", "score_dots", "topic_bars", "waiting_curves"]
NAMED += ["contract_curves", "gains_curves", "hazard_ratios", "log_score_dots"]
NAMED += ["renewals_ahead", "value_dots"]
NAMES_IN = ("segment", "name", "from", "to", "group", "topic", "driver", "level", "plan")
# Their groups stand in the order they come in, as they are text: "7+", "over 360 days", "warned".
IN_ORDER = {"arm_dots", "break_even_dots", "calibration", "list_dots", "reason_dots"}
IN_ORDER |= {"renewals_ahead", "return_dots", "value_moves"}
CHANGES = {
    "as it is": lambda frame: frame,
    "one row": lambda frame: frame.head(1),
    "all zero": lambda frame: with_numbers(frame, lambda values: 0 * values),
    "all missing": lambda frame: with_numbers(frame, lambda values: np.nan * values),
    "one row hidden": with_hidden,
    "negative": lambda frame: with_numbers(frame, lambda values: -values),
    "a million times": lambda frame: with_numbers(frame, lambda values: 1e6 * values),
    "long names": lambda frame: with_names(frame, "A name that somebody made up, " * 9),
    "one long word": lambda frame: with_names(frame, "W" * 400),
    "Chinese names": lambda frame: with_names(frame, "深圳市南山区重要客户"),
}


def test_every_chart_has_a_small_frame(cases):
    assert sorted(cases) == NAMES


SURVIVED = [
    (name, change)
    for name in NAMES
    for change in CHANGES
    if name in NAMED or "name" not in change
    if name in NAMED or "word" not in change
]


@pytest.mark.parametrize(("name", "change"), SURVIVED)
def test_a_chart_survives(cases, name, change):
    case = cases[name]
    fig = laid_out(case.draw(CHANGES[change](case.frame)))
    assert not [text for text in texts(fig) if "nan" in text.lower().split() or "inf" in text]
    for ax in fig.axes:
        assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("arm_dots", "hidden"),
        ("calibration", "hidden"),
        ("chances_by_tenth", "hidden"),
        ("cohort_heatmap", "hidden"),
        ("cohort_money", "gap in a line: hidden"),
        ("comeback_dots", "hidden"),
        ("decile_bars", "dotted: hidden"),
        ("list_dots", "hidden"),
        ("new_and_returning", "dotted: hidden"),
        ("migration_heatmap", "dotted: hidden"),
        ("net_change_bars", "hidden"),
        ("p_alive_histogram", "dotted: hidden"),
        ("reason_dots", "hidden"),
        ("repeat_rates", "hidden"),
        ("retention_by_group", "gap in a line: hidden"),
        ("retention_mean", "hidden"),
        ("return_dots", "hidden"),
        ("rfm_heatmap", "hidden"),
        ("score_dots", "hidden"),
        ("score_trend", "dotted: hidden"),
        ("segment_bars", "hidden"),
        ("topic_bars", "hidden"),
        ("value_dots", "hidden"),
        ("window_rates", "dotted: hidden"),
    ],
)
def test_a_hidden_number_says_that_it_is_hidden(cases, name, words):
    case = cases[name]
    starts_after = name in ("retention_by_group", "retention_mean")
    frame = case.frame[case.frame["age"] > 0] if starts_after else case.frame
    fig = laid_out(case.draw(with_hidden(frame)))
    assert [text for text in texts(fig) if words in text]
    shown = laid_out(case.draw(frame))
    assert not [text for text in texts(shown) if "hidden" in text]


@pytest.mark.parametrize("name", NAMES)
def test_no_rows_say_so(cases, name):
    case = cases[name]
    fig = laid_out(case.draw(case.frame.head(0)))
    assert [text.get_text() for text in fig.axes[0].texts] == ["nothing to show"]


@pytest.mark.parametrize("name", NAMES)
def test_the_frame_is_not_changed(cases, name):
    case = cases[name]
    before = case.frame.copy(deep=True)
    case.draw(case.frame)
    assert before.equals(case.frame)


@pytest.mark.parametrize("name", sorted(set(NAMES) - IN_ORDER))
def test_the_order_of_rows_changes_nothing(cases, name):
    case = cases[name]
    shuffled = case.frame.sample(frac=1, random_state=4)
    assert texts(laid_out(case.draw(case.frame))) == texts(laid_out(case.draw(shuffled)))


@pytest.mark.parametrize("name", sorted({*NAMED} - {"calibration"}))
def test_names_from_data_are_never_formulas(cases, name):
    case = cases[name]
    frame = pd.concat([with_names(case.frame, payload) for payload in HOSTILE], ignore_index=True)
    if name == "rfm_heatmap":
        frame = frame.assign(r=frame.index)
    fig = laid_out(case.draw(frame))
    assert any("x_1" in text for text in texts(fig))
    assert not [text for text in fig.findobj(Text) if text.get_text() and text.get_parse_math()]


@pytest.mark.parametrize("name", NAMES)
def test_drawing_leaves_the_settings_alone(cases, name):
    before = dict(mpl.rcParams)
    laid_out(cases[name].draw(cases[name].frame))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_for_a_phone(cases, name):
    fig = cases[name].draw(cases[name].frame)
    sizes = [text.get_fontsize() for text in fig.findobj(Text) if text.get_text().strip()]
    assert min(sizes) >= 9


@pytest.mark.parametrize("name", ["monthly_bars", "lorenz", "repurchase_curve", "retention_mean"])
def test_the_highlight_is_used(cases, name):
    ax = cases[name].draw(cases[name].frame).axes[0]
    with styled():
        highlight = palette().highlight
    drawn = [line.get_color() for line in ax.lines] + [bar.get_facecolor() for bar in ax.patches]
    assert highlight in [to_hex(colour) for colour in drawn]
