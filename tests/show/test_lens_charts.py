"""Charts of the five lenses: what is drawn is what stands in the frame."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show import charts
from regulars.show.style import palette, styled


def heights(ax):
    return [float(bar.get_height()) for bar in ax.patches]


def words(ax):
    return [text.get_text().replace("\u00a0", " ") for text in ax.texts]


def names(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_the_histogram_names_open_ends(cases):
    ax = cases["spend_histogram"].draw(cases["spend_histogram"].frame).axes[0]
    assert heights(ax) == [12, 80, 40, 25]
    assert names(ax.xaxis) == ["below\n0", "0", "20", "40 and\nmore"]
    assert ax.get_xlabel() == "Spend of a customer in the period, from [USD]"


def test_a_hidden_bin_is_dotted_and_has_no_bar(cases):
    frame = cases["spend_histogram"].frame.assign(hidden=[True, False, True, False])
    frame["customers"] = frame.customers.astype("Int64").mask(frame.hidden)
    ax = charts.spend_histogram(frame, currency="USD").axes[0]
    assert heights(ax)[:4] == [0, 80, 0, 25]
    assert [bar.get_hatch() for bar in ax.patches[4:]] == ["....", "...."]
    assert words(ax) == ["dotted: hidden"]


def test_many_bins_have_at_most_nine_names():
    starts = [20.0 * place for place in range(16)]
    frame = pd.DataFrame({"spend_from": starts, "spend_to": [*starts[1:], None], "customers": 20})
    ax = charts.spend_histogram(frame, currency="USD").axes[0]
    assert len(names(ax.xaxis)) <= 9
    assert names(ax.xaxis)[-1] == "300 and\nmore"


def test_drivers_have_a_panel_a_factor_and_the_first_tenth_stands_out(cases):
    fig = cases["driver_bars"].draw(cases["driver_bars"].frame)
    assert [ax.get_title("left") for ax in fig.axes] == [
        "Orders per customer",
        "Value per order [USD]",
        "Margin share of spend [%]",
    ]
    with styled():
        highlight = palette().highlight
    for ax in fig.axes:
        colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        assert [one == highlight for one in colours] == [True] + [False] * 9
    assert words(fig.axes[2])[:3] == ["40", "41", "42"]


def test_unknown_margins_have_no_panel(cases):
    frame = cases["driver_bars"].frame.assign(margin_share=None)
    assert len(charts.driver_bars(frame, currency="USD").axes) == 2


def test_effects_are_drawn_with_their_intervals(cases):
    ax = cases["change_bars"].draw(cases["change_bars"].frame).axes[0]
    assert [float(bar.get_width()) for bar in ax.patches] == [-800, 250, -20, -5, -575]
    assert ax.collections[0].get_segments()[0][:, 0].tolist() == [-1100, -400]
    assert words(ax) == ["−$800", "$250", "−$20", "−$5", "−$575"]
    assert names(ax.yaxis)[-1] == "All together"


def test_returns_that_are_nothing_have_no_bar(cases):
    frame = cases["change_bars"].frame.copy()
    frame.loc[3, "change"] = 0.0
    ax = charts.change_bars(frame, currency="USD").axes[0]
    assert len(ax.patches) == 4


def test_a_cohort_is_drawn_from_its_second_month_and_hollow_where_not_over(cases):
    fig = cases["cohort_panels"].draw(cases["cohort_panels"].frame)
    first = fig.axes[0]
    assert first.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert first.lines[2].get_xdata().tolist() == [3]
    assert first.lines[2].get_markerfacecolor() == "white"
    assert words(first) == ["hollow: month not over"]
    assert fig.axes[3].lines[0].get_ydata().tolist() == [7.2, 7.8, 3.8]
    assert fig.axes[3].get_xlabel() == "Months after the month of the first purchase"


def test_cells_show_spend_per_customer_and_stars_for_part_months(cases):
    ax = cases["cohort_spend_heatmap"].draw(cases["cohort_spend_heatmap"].frame).axes[0]
    assert words(ax)[:5] == ["36", "8", "2*", "32", "5*"]
    assert names(ax.yaxis) == ["Jan 1997 (100)", "Feb 1997 (60)"]
    assert ax.get_xlabel() == (
        "Months after the first\nhatched: not observed yet · *: month not over"
    )


def test_what_is_not_observed_is_hatched_and_what_is_hidden_dotted(cases):
    frame = cases["cohort_spend_heatmap"].frame.assign(hidden=[False, True, False, False, False])
    frame["spend"] = frame.spend.mask(frame.hidden)
    frame["customers"] = frame.customers.astype("Int64").mask(frame.cohort.dt.month == 2)
    ax = charts.cohort_spend_heatmap(frame, unit="month", currency="USD").axes[0]
    assert ax.patches[0].get_hatch() == "////"
    assert [bar.get_xy() for bar in ax.patches if bar.get_hatch() == "...."] == [(1, 0)]
    assert names(ax.yaxis) == ["Jan 1997 (100)", "Feb 1997 (hidden)"]
    assert "dotted: hidden" in ax.get_xlabel()


def test_many_cells_have_colours_and_no_numbers():
    cohorts = pd.date_range("1995-01-01", periods=30, freq="MS")
    rows = [(one, age, 90, 900.0 + age, True) for one in cohorts for age in range(30)]
    frame = pd.DataFrame(rows, columns=["cohort", "age", "customers", "spend", "complete"])
    fig = charts.cohort_spend_heatmap(frame, unit="quarter", currency="USD")
    assert not [word for word in words(fig.axes[0]) if word.isdigit()]
    assert fig.axes[1].get_ylabel() == "Spend per customer in the quarter [USD]"
    assert names(fig.axes[0].yaxis)[:2] == ["Q1 1995 (90)", "Q1 1995 (90)"]


def test_layers_stand_on_each_other_and_losses_hang_below(cases):
    ax = cases["spend_layers"].draw(cases["spend_layers"].frame).axes[0]
    bars = [[(bar.get_y(), bar.get_height()) for bar in one] for one in ax.containers]
    assert bars == [
        [(0, 500), (0, 300)],
        [(500, 200), (300, 350)],
        [(700, 0), (0, -30)],
    ]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["1996", "1997", "Never bought", "Month not over"]
    assert ax.get_ylim()[0] < -30


@pytest.mark.parametrize("complete", [True, False])
def test_only_a_part_month_is_hatched(cases, complete):
    frame = cases["spend_layers"].frame.assign(complete=complete)
    ax = charts.spend_layers(frame, currency="USD").axes[0]
    assert {bar.get_hatch() for bar in ax.patches} == ({None} if complete else {"////"})
