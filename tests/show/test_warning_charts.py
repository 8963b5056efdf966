"""Charts of early warning: lists, orders and reasons."""

import pandas as pd
import pytest
from forecast_frames import LISTS, REASONS
from matplotlib.colors import to_hex

from regulars.show.style import palette, styled
from regulars.show.warning_charts import list_dots, reason_dots


def words(ax):
    return [text.get_text() for text in ax.texts]


def colours():
    with styled():
        return palette().highlight, palette().grey


def test_lists_are_dots_with_intervals_and_their_size():
    ax = list_dots(LISTS).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == "Warned of (226)"
    assert names[1].replace("\n", " ") == "Of these, new on the list"
    spans, dots = ax.collections
    assert dots.get_offsets().tolist() == [[0.76, 0], [0.67, 2], [0.4, 3]]
    assert [span[:, 0].tolist() for span in spans.get_segments()] == [
        [0.7, 0.81],
        [0.63, 0.7],
        [0.38, 0.42],
    ]
    assert words(ax) == ["hidden"]
    assert ax.get_xlim()[0] == 0


def test_the_warnings_are_highlighted_and_the_rules_are_not():
    ax = list_dots(LISTS).axes[0]
    highlight, grey = colours()
    looks = [to_hex(colour) for colour in ax.collections[1].get_facecolors()]
    assert looks == [highlight, grey, grey]


def test_an_empty_list_has_no_dot_and_no_interval():
    empty = LISTS.assign(**{name: LISTS[name][1:] for name in ("share", "low", "high")})
    spans, dots = list_dots(empty).axes[0].collections
    assert len(spans.get_segments()) == len(dots.get_offsets()) == 2


def test_reasons_stand_beside_those_of_the_others():
    ax = reason_dots(REASONS).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Open complaint", "Low score"]
    _, theirs, _, others = ax.collections
    assert [dots.get_offsets()[:, 0].tolist() for dots in (theirs, others)] == [[0.12], [0.06]]
    assert words(ax) == ["hidden", "warned of", "the others"]
    highlight, grey = colours()
    assert [to_hex(text.get_color()) for text in ax.texts[1:]] == [highlight, grey]


@pytest.mark.parametrize("draw", [list_dots, reason_dots])
def test_nothing_to_show_is_said(draw):
    assert words(draw(pd.DataFrame()).axes[0]) == ["nothing to show"]
