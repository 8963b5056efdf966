"""Charts of KPIs: shapes by verdict and signal, limits as drawn, and nothing that breaks them."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from regulars.show import target_charts as charts
from regulars.show.heading import Heading, headed
from regulars.show.style import palette, styled

MONTHS = pd.date_range("1997-01-01", periods=4, freq="MS")
HEADING = Heading("What do we see here?", "A measure, n = 2,357", "CDNOW")
JUDGED = pd.DataFrame(
    {
        "month": MONTHS,
        "label": "NPS",
        "unit": "points",
        "owner": "service",
        "target": [30.0, 30.0, 32.0, 32.0],
        "value": [40.0, 10.0, 31.0, np.nan],
        "low": [34.0, 4.0, 25.0, np.nan],
        "high": [46.0, 16.0, 37.0, np.nan],
        "verdict": ["on_track", "behind", "not_knowable", "not_knowable"],
    }
)
LIMITS = pd.DataFrame(
    {
        "month": MONTHS,
        "label": "Revenue",
        "unit": "money",
        "value": [100.0, 110.0, 180.0, 90.0],
        "centre": 100.0,
        "lower": 60.0,
        "upper": 140.0,
        "signal": ["", "", "outside", "run"],
    }
)
DRAWN = {"target_panels": JUDGED, "control_panels": LIMITS}
CHANGES = {
    "one row": lambda frame: frame.head(1),
    "all zero": lambda frame: with_numbers(frame, lambda values: 0 * values),
    "all missing": lambda frame: with_numbers(frame, lambda values: np.nan * values),
    "negative": lambda frame: with_numbers(frame, lambda values: -values),
    "a million times": lambda frame: with_numbers(frame, lambda values: 1e6 * values),
    "shares": lambda frame: with_numbers(frame, lambda v: v / 500).assign(unit="share"),
    "no owner": lambda frame: frame.assign(owner=None),
    "hostile owner": lambda frame: frame.assign(owner="<b>$x_1$</b> 深圳\x00" * 9),
}


def with_numbers(frame, change):
    names = frame.select_dtypes("number").columns
    return frame.assign(**{name: change(frame[name]) for name in names})


def laid_out(fig):
    with styled(), headed(fig, HEADING):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x0 > -0.01
        assert drawn.y0 > -0.01
        assert drawn.x1 < paper.x1 + 0.01
        assert drawn.y1 < paper.y1 + 0.01
    return fig


def draw(name, frame):
    return laid_out(getattr(charts, name)(frame, currency="EUR"))


def points(ax, marker):
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [tuple(map(float, xy)) for line in lines for xy in line.get_xydata()]


def test_each_verdict_has_its_shape_and_colour():
    ax = draw("target_panels", JUDGED).axes[0]
    assert points(ax, "o") == [(0, 40), (2, 31)]
    assert points(ax, "v") == [(1, 10)]
    assert points(ax, "_") == [(0, 30), (1, 30), (2, 32), (3, 32)]
    filled = {line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"}
    with styled():
        assert filled == {palette().highlight, "white"}
    assert [text.get_text() for text in ax.texts] == ["?"]
    intervals = [path.vertices[:, 1].tolist() for c in ax.collections for path in c.get_paths()]
    assert intervals == [[34, 46], [4, 16], [25, 37]]


def test_the_key_says_each_verdict_in_words():
    words = [t.get_text() for t in draw("target_panels", JUDGED).axes[-1].get_legend().get_texts()]
    assert words == ["on track", "behind", "not knowable yet", "target"]


def test_what_is_outside_is_marked_and_limits_are_drawn():
    ax = draw("control_panels", LIMITS).axes[0]
    assert points(ax, "D") == [(2, 180)]
    assert (3.0, 90.0) in points(ax, "o")
    ends = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (ends.min(), ends.max()) == (60, 140)
    low, high = ax.get_ylim()
    assert low < 60
    assert high > 180


def test_twins_of_which_one_is_outside_are_marked_and_the_key_names_what_is_drawn():
    fig = draw("control_panels", LIMITS.assign(signal=["", "either", "either", ""]))
    assert points(fig.axes[0], "s") == [(1, 110), (2, 180)]
    words = [text.get_text() for text in fig.axes[-1].get_legend().get_texts()]
    assert words == ["one of the two outside", "usual"]


def test_a_month_without_limits_is_drawn_without():
    limits = LIMITS.assign(lower=[60.0, 60.0, np.nan, 60.0], upper=[140.0, 140.0, np.nan, 140.0])
    assert (2.0, 180.0) in points(draw("control_panels", limits).axes[0], "o")


def test_a_panel_for_each_kpi_with_its_unit():
    both = pd.concat([LIMITS, LIMITS.assign(label="Repurchase rate", unit="share")])
    fig = draw("control_panels", both)
    assert [ax.get_title("left") for ax in fig.axes] == ["Repurchase rate [%]", "Revenue [EUR]"]


def test_more_than_four_panels_are_refused():
    many = pd.concat([LIMITS.assign(label=f"KPI {n}") for n in range(5)])
    with pytest.raises(ValueError, match="at most 4 panels in one chart, found 5"):
        charts.control_panels(many, currency="EUR")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("change", CHANGES)
def test_a_chart_survives(name, change):
    before = DRAWN[name].copy(deep=True)
    fig = draw(name, CHANGES[change](DRAWN[name]))
    texts = [text.get_text() for text in fig.findobj(Text)]
    assert not [text for text in texts if "nan" in text.lower().split()]
    assert all(np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all() for ax in fig.axes)
    assert not [text for text in fig.findobj(Text) if text.get_text() and text.get_parse_math()]
    assert before.equals(DRAWN[name])


@pytest.mark.parametrize("name", DRAWN)
def test_no_rows_say_so_and_order_changes_nothing(name):
    nothing = draw(name, DRAWN[name].head(0))
    assert [text.get_text() for text in nothing.axes[0].texts] == ["nothing to show"]
    shuffled = draw(name, DRAWN[name].sample(frac=1, random_state=4))
    there = [points(draw(name, DRAWN[name]).axes[0], marker) for marker in "oDv"]
    assert [sorted(points(shuffled.axes[0], marker)) for marker in "oDv"] == list(
        map(sorted, there)
    )
