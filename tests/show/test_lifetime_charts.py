"""Charts of lifetime value: tenths, groups, assumptions and the new customer."""

import pytest
from forecast_frames import NEWCOMER, VALUE_GROUPS, VALUE_MOVES, VALUE_TENTHS
from matplotlib.colors import to_hex

from regulars.show import lifetime_charts as charts
from regulars.show.figure import show
from regulars.show.style import palette, styled
from regulars.show.text import NBSP

OF_GROUPS = {"by": "segment", "what": "spend (not margin)", "currency": "USD"}
OF_CURVE = {"what": "margin", "currency": "USD", "payback_days": 365}
EVERY = {
    "value_tenths": (lambda frame: charts.value_tenths(frame), VALUE_TENTHS),
    "value_dots": (lambda frame: charts.value_dots(frame, **OF_GROUPS), VALUE_GROUPS),
    "value_moves": (lambda frame: charts.value_moves(frame), VALUE_MOVES),
    "newcomer_curve": (lambda frame: charts.newcomer_curve(frame, **OF_CURVE), NEWCOMER),
}


def words(ax):
    return [text.get_text().replace(NBSP, " ") for text in ax.texts]


def names(ax):
    return [label.get_text().replace(NBSP, " ") for label in ax.get_yticklabels()]


def test_every_chart_is_looked_at_here():
    assert sorted(EVERY) == charts.__all__


@pytest.mark.parametrize("name", EVERY)
def test_no_rows_and_missing_numbers_are_drawn_all_the_same(name):
    draw, frame = EVERY[name]
    assert draw(frame.head(0)).axes[0].texts[0].get_text() == "nothing to show"
    columns = [one for one in ("value", "low", "high", "value_share", "share") if one in frame]
    gone = frame.assign(**dict.fromkeys(columns, float("nan")))
    fig = draw(gone)
    with styled():
        fig.draw_without_rendering()
    assert "nan" not in " ".join(words(fig.axes[0]))


@pytest.mark.parametrize("name", EVERY)
def test_each_is_shown_with_its_finding(name, shown):
    draw, frame = EVERY[name]
    show(draw(frame), finding="What is to come?", subtitle="A measure, n = 90", source="CDNOW")
    assert "What is to come?" in shown[0]["data"]["text/plain"]


def test_the_first_tenth_is_highlighted():
    ax = charts.value_tenths(VALUE_TENTHS).axes[0]
    assert [float(bar.get_height()) for bar in ax.patches] == [0.8, 0.2]
    with styled():
        looks = [palette().highlight, palette().pale]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == looks
    assert words(ax) == ["80 %", "20 %"]
    assert ax.get_ylim()[0] == 0


def test_groups_stand_by_value_with_interval_and_share():
    ax = charts.value_dots(VALUE_GROUPS, **OF_GROUPS).axes[0]
    assert names(ax) == ["Champions", "New", "At risk"]
    assert words(ax)[1:] == ["65 %", "30 %"]
    lines = ax.collections[0].get_segments()[:2]
    assert [line[:, 0].tolist() for line in lines] == [[800, 1000], [300, 500]]
    assert ax.get_xlim()[0] == 0
    assert ax.get_xlabel() == "Lifetime value, spend (not margin) [USD]\n(line: 95 % interval)"


def test_a_hidden_group_is_named_and_not_drawn():
    ax = charts.value_dots(VALUE_GROUPS, **OF_GROUPS).axes[0]
    assert words(ax)[0] == "hidden"


def test_each_change_stands_with_its_name_and_sign():
    ax = charts.value_moves(VALUE_MOVES).axes[0]
    assert names(ax) == [
        "No discount",
        "Discount 20 % a year",
        "Value of a purchase × 0.8",
        "By BG/NBD",
    ]
    assert words(ax) == ["+20 %", "−10 %", "−20 %", "0 %"]
    widths = [float(bar.get_width()) for bar in ax.patches]
    assert widths == pytest.approx([0.2, -0.1, -0.2, 0])


def test_the_curve_has_its_band_and_the_payback():
    ax = charts.newcomer_curve(NEWCOMER, **OF_CURVE).axes[0]
    assert ax.lines[0].get_ydata().tolist() == [30, 90, 120]
    assert ax.lines[1].get_xdata() == [365, 365]
    assert words(ax) == ["payback: 365 days"]
    assert ax.get_ylim()[0] == 0
    assert len(ax.collections) == 1
