"""Charts of early warning: lists, orders and reasons."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show.style import palette, styled
from regulars.show.warning_charts import gains_curves, list_dots, reason_dots


@pytest.fixture
def lists():
    return pd.DataFrame(
        {
            "list": ["warned", "new_warning", "silent_rule", "everybody"],
            "customers": pd.array([226, pd.NA, 602, 1599], "Int64"),
            "share": [0.76, np.nan, 0.67, 0.4],
            "low": [0.7, np.nan, 0.63, 0.38],
            "high": [0.81, np.nan, 0.7, 0.42],
            "hidden": [False, True, False, False],
        }
    )


@pytest.fixture
def reasons():
    return pd.DataFrame(
        {
            "reason": ["open_complaint", "low_score"],
            "share": [0.12, np.nan],
            "low": [0.08, np.nan],
            "high": [0.17, np.nan],
            "others_share": [0.06, np.nan],
            "others_low": [0.05, np.nan],
            "others_high": [0.08, np.nan],
            "hidden": [False, True],
        }
    )


def words(ax):
    return [text.get_text() for text in ax.texts]


def colours():
    with styled():
        return palette().highlight, palette().grey


def test_lists_are_dots_with_intervals_and_their_size(lists):
    ax = list_dots(lists).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == "Warned of (226)"
    assert names[1].replace("\n", " ") == "Of these, new on the list (hidden)"
    assert [float(line.get_xdata()[0]) for line in ax.lines] == [0.76, 0.67, 0.4]
    assert [bar.get_segments()[0][:, 0].tolist() for bar in ax.collections] == [
        [0.7, 0.81],
        [0.63, 0.7],
        [0.38, 0.42],
    ]
    assert words(ax) == ["hidden"]
    assert ax.get_xlim()[0] == 0


def test_the_warnings_are_highlighted_and_the_rules_are_not(lists):
    ax = list_dots(lists).axes[0]
    highlight, grey = colours()
    assert [to_hex(line.get_color()) for line in ax.lines] == [highlight, grey, grey]


def test_an_empty_list_has_no_dot_and_no_interval(lists):
    lists.loc[0, ["share", "low", "high"]] = np.nan
    ax = list_dots(lists).axes[0]
    assert len(ax.collections) == 2


def test_reasons_stand_beside_those_of_the_others(reasons):
    ax = reason_dots(reasons).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Open complaint", "Low score"]
    drawn = [float(line.get_xdata()[0]) for line in ax.lines]
    assert [x for x in drawn if np.isfinite(x)] == [0.12, 0.06]
    assert words(ax) == ["hidden", "warned of", "the others"]
    highlight, grey = colours()
    assert [to_hex(text.get_color()) for text in ax.texts[1:]] == [highlight, grey]


def test_each_order_has_a_curve_and_a_name_in_its_colour():
    share = [0.0, 0.5, 1.0]
    gains = pd.DataFrame(
        {
            "order": ["p_value"] * 3 + ["days_since_last"] * 3,
            "customers_share": share * 2,
            "silent_share": [0, 0.7, 1, 0, 0.8, 1],
        }
    )
    ax = gains_curves(gains).axes[0]
    any_order, silence, tests = ax.lines
    assert list(any_order.get_ydata()) == [0, 1]
    assert silence.get_ydata().tolist() == [0, 0.8, 1]
    assert tests.get_ydata().tolist() == [0, 0.7, 1]
    by_silence, by_tests = ax.texts
    assert by_silence.get_text().endswith("by silence")
    assert by_silence.get_color() == silence.get_color()
    assert (by_tests.get_text(), to_hex(by_tests.get_color())) == ("by the tests", colours()[0])


@pytest.mark.parametrize("draw", [list_dots, reason_dots, gains_curves])
def test_nothing_to_show_is_said(draw):
    assert words(draw(pd.DataFrame()).axes[0]) == ["nothing to show"]
