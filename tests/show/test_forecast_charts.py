"""Charts of what to expect: chances against what came, windows, and P(alive) over a life."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show.forecast_charts import chances_by_tenth, next_windows, p_alive_curve
from regulars.show.style import palette, styled


@pytest.fixture
def tenths() -> pd.DataFrame:
    """Three tenths, one of them hidden."""
    return pd.DataFrame(
        {
            "tenth": [1, 5, 10],
            "customers": [240, None, 236],
            "predicted_chance": [0.10, np.nan, 0.74],
            "bought": [0.18, np.nan, 0.81],
            "low": [0.14, np.nan, 0.76],
            "high": [0.24, np.nan, 0.86],
            "hidden": [False, True, False],
        }
    )


@pytest.fixture
def windows() -> pd.DataFrame:
    """Two typical histories."""
    return pd.DataFrame(
        {
            "repeat_days": [5, 1],
            "recency_age": [372, 111],
            "age": [495, 1611],
            "next_from": [10, 21],
            "next_median": [67, 125],
            "next_until": [221, 300],
            "chance": [0.68, 0.004],
        }
    )


@pytest.fixture
def history() -> pd.DataFrame:
    """Four days with a purchase on the first and the last but one."""
    return pd.DataFrame(
        {
            "day": [0, 1, 2, 3],
            "p_alive": [0.6, 0.5, 0.8, 0.7],
            "low": [0.5, 0.4, 0.7, 0.6],
            "high": [0.7, 0.6, 0.9, 0.8],
            "purchase": [True, False, True, False],
        }
    )


def words(ax):
    return [text.get_text() for text in ax.texts]


def plain(ax, axis):
    return [label.get_text().replace("\u00a0", " ") for label in getattr(ax, axis)()]


def test_who_bought_stands_over_the_chance_with_its_interval(tenths):
    ax = chances_by_tenth(tenths.sample(frac=1, random_state=2)).axes[0]
    line, points = ax.lines
    assert points.get_xdata()[[0, 2]].tolist() == [0.10, 0.74]
    assert points.get_ydata()[[0, 2]].tolist() == [0.18, 0.81]
    intervals = [part[:, 1].tolist() for part in ax.collections[0].get_segments() if len(part)]
    assert intervals == [[0.14, 0.24], [0.76, 0.86]]
    assert list(line.get_xdata()) == list(line.get_ydata())
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0


def test_a_hidden_tenth_is_said_to_be(tenths):
    assert words(chances_by_tenth(tenths).axes[0]) == ["as foretold", "some groups: hidden"]
    shown = tenths[~tenths["hidden"]]
    assert words(chances_by_tenth(shown).axes[0]) == ["as foretold"]


def test_windows_stand_in_order_with_the_chance_to_come(windows):
    ax = next_windows(windows).axes[0]
    assert plain(ax, "get_yticklabels") == [
        "1 repeat day, last 1,500 days ago",
        "5 repeat days, last 123 days ago",
    ]
    lines = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert lines == [[21, 300], [10, 221]]
    assert ax.lines[0].get_xdata().tolist() == [125, 67]
    assert [text.replace("\u00a0", " ") for text in words(ax)] == ["0.4 %", "68 %", "come at all"]
    assert ax.get_xlim()[0] == 0


def test_p_alive_is_drawn_with_its_band_and_the_purchases(history):
    ax = p_alive_curve(history.sample(frac=1, random_state=1)).axes[0]
    curve, points, last = ax.lines
    assert curve.get_ydata().tolist() == [0.6, 0.5, 0.8, 0.7]
    assert points.get_xydata().tolist() == [[0, 0.6], [2, 0.8]]
    assert last.get_xdata() == [2, 2]
    assert words(ax) == ["the last purchase"]
    band = ax.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (0.4, 0.9)
    with styled():
        assert to_hex(curve.get_color()) == palette().highlight
    assert ax.get_ylim() == pytest.approx((0, 1))


def test_a_life_without_purchases_has_no_mark(history):
    ax = p_alive_curve(history.assign(purchase=False)).axes[0]
    assert words(ax) == []


@pytest.mark.parametrize(
    ("draw", "frame"),
    [(chances_by_tenth, "tenths"), (next_windows, "windows"), (p_alive_curve, "history")],
)
def test_no_rows_say_so(request, draw, frame):
    ax = draw(request.getfixturevalue(frame).head(0)).axes[0]
    assert words(ax) == ["nothing to show"]
