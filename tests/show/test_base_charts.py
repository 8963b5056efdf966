"""Charts of the customer base: what is drawn is what stands in the frame."""

import pandas as pd
import pytest

from regulars.show import charts


def heights(ax):
    return [float(bar.get_height()) for bar in ax.patches]


def words(ax):
    return [text.get_text().replace("\u00a0", " ") for text in ax.texts]


def tick_labels(axis):
    return [label.get_text().split() for label in axis.get_ticklabels()]


def test_monthly_bars_draw_each_month_once(cases):
    case = cases["monthly_bars"]
    ax = case.draw(case.frame).axes[0]
    assert heights(ax) == [600, 500, 480, -40]
    assert tick_labels(ax.xaxis) == [["Nov", "1997"], ["Dec"], ["Jan", "1998"], ["Feb"]]
    assert ax.get_ylabel() == "Spend [USD]"
    assert ax.get_ylim()[0] < -40


def test_the_month_that_is_not_over_is_hatched_and_named(cases):
    case = cases["monthly_bars"]
    ax = case.draw(case.frame).axes[0]
    assert [bar.get_hatch() for bar in ax.patches] == [None, None, None, "////"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Month not over"]


def test_a_frame_without_complete_needs_no_legend(cases):
    frame = cases["monthly_bars"].frame.drop(columns="complete")
    ax = charts.monthly_bars(frame, column="new", ylabel="New customers").axes[0]
    assert ax.get_legend() is None
    assert ax.get_ylim()[0] == 0


def test_five_years_of_months_have_at_most_nine_names():
    months = pd.date_range("2020-02-01", periods=60, freq="MS")
    frame = pd.DataFrame({"month": months, "orders": range(60)})
    ax = charts.monthly_bars(frame, column="orders", ylabel="Orders").axes[0]
    labels = tick_labels(ax.xaxis)
    assert len(labels) <= 9
    assert labels[0] == ["Jan", "2021"]


def test_new_customers_stand_on_the_returning_ones(cases):
    case = cases["new_and_returning"]
    ax = case.draw(case.frame).axes[0]
    assert heights(ax) == [0, 5, 15, 12, 30, 20, 10, 0]
    assert [float(bar.get_y()) for bar in ax.patches[4:]] == [0, 5, 15, 12]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["Returning", "New", "Month not over"]
    assert [bar.get_hatch() for bar in ax.patches] == [None, None, None, "////"] * 2


def test_lorenz_marks_the_top_tenth_beside_equality(cases):
    case = cases["lorenz"]
    ax = case.draw(case.frame).axes[0]
    equal, curve, point = ax.lines
    assert list(equal.get_ydata()) == [0, 1]
    assert curve.get_ydata().tolist() == [0, 0.2, 0.6, 1]
    assert point.get_xydata().tolist() == [[0.9, 0.6]]
    assert "the top 10 % bring\n40 % of spend" in words(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        "Customers, lowest spend first [%]",
        "Share of spend [%]",
    )


def test_deciles_are_labelled_and_the_first_stands_out(cases):
    case = cases["decile_bars"]
    ax = case.draw(case.frame).axes[0]
    assert heights(ax)[:3] == [0.4, 0.2, 0.1]
    assert len({bar.get_facecolor() for bar in ax.patches[1:]}) == 1
    assert ax.patches[0].get_facecolor() != ax.patches[1].get_facecolor()
    assert words(ax)[:4] == ["40 %", "20 %", "10 %", "8.0 %"]
    assert words(ax)[-11:] == [
        *["62k", "90", "70", "60", "50", "40", "30", "20", "10", "0"],
        "from USD",
    ]


def test_deciles_without_a_currency_show_no_money(cases):
    ax = charts.decile_bars(cases["decile_bars"].frame).axes[0]
    assert not [text for text in words(ax) if "from" in text]


def test_amounts_have_their_bins_and_their_currency(cases):
    case = cases["amounts_histogram"]
    ax = case.draw(case.frame).axes[0]
    assert heights(ax) == [3, 9, 1]
    assert [float(bar.get_x()) for bar in ax.patches] == [0, 10, 20]
    assert ax.get_xlabel() == "Amount of a line [USD]"


@pytest.mark.parametrize("currency", ["$\\frac{", "<b>", "CNY\x1b[31m"])
def test_a_currency_from_parameters_is_only_text(cases, currency):
    ax = charts.amounts_histogram(cases["amounts_histogram"].frame, currency=currency).axes[0]
    assert "\x1b" not in ax.get_xlabel()
    assert not ax.xaxis.label.get_parse_math()
