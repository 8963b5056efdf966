"""Charts of the purchase models: the contest, calibration, tracking, P(alive)."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from forecast_frames import CONTEST, PURCHASES_REACHED, SILENT_REACHED
from matplotlib.colors import to_hex

from regulars.show import churn_charts as charts
from regulars.show import contest_charts
from regulars.show.style import palette, styled


def words(ax):
    return [text.get_text() for text in ax.texts]


def highlight():
    with styled():
        return palette().highlight


def test_calibration_draws_both_models_and_the_actual_with_its_interval(cases):
    ax = charts.calibration(cases["calibration"].frame, speaks="mbg_nbd").axes[0]
    bg, mbg, actual = ax.lines
    assert bg.get_ydata().tolist() == [0.2, 0.6, 2.0]
    assert mbg.get_ydata().tolist() == [0.25, 0.7, 1.8]
    assert mbg.get_color() == highlight()
    assert actual.get_ydata().tolist() == [0.24, 0.7, 2.2]
    intervals = [segment[:, 1].tolist() for segment in ax.collections[0].get_segments()]
    assert intervals == [[0.2, 0.28], [0.6, 0.8], [2.0, 2.4]]
    assert words(ax) == ["1,411", "439", "507", "customers", "MBG/NBD", "BG/NBD", "actual"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2+"]


def test_tracking_marks_where_fitting_ended(cases):
    ax = contest_charts.tracking(cases["tracking"].frame, speaks="mbg_nbd").axes[0]
    actual, bg, mbg, cut = ax.lines
    assert actual.get_ydata().tolist() == [5, 9, 14, 20]
    assert bg.get_ydata().tolist() == [6, 10, 13, 16]
    assert mbg.get_ydata().tolist() == [6, 10, 13, 15]
    assert cut.get_xdata() == [2, 2]
    assert words(ax) == ["fitted up to here", "MBG/NBD", "BG/NBD", "actual"]


def test_names_at_the_ends_of_lines_do_not_touch(cases):
    frame = cases["tracking"].frame.assign(mbg_nbd=20.0, bg_nbd=20.0)
    fig = contest_charts.tracking(frame)
    with styled():
        fig.draw_without_rendering()
    boxes = sorted(
        (text.get_window_extent() for text in fig.axes[0].texts[1:]), key=lambda box: box.y0
    )
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


def test_p_alive_has_a_panel_a_model_on_one_scale(cases):
    frame = cases["p_alive_histogram"].frame
    chosen, other = charts.p_alive_histogram(frame, speaks="mbg_nbd").axes
    assert chosen.get_title("left") == "MBG/NBD, 2,357 customers"
    assert other.get_title("left") == "BG/NBD, 2,357 customers"
    assert [float(bar.get_height()) for bar in chosen.patches] == [1500, 857]
    assert [float(bar.get_height()) for bar in other.patches] == [100, 2257]
    assert chosen.get_ylim() == other.get_ylim()
    assert to_hex(chosen.patches[0].get_facecolor()) == highlight()


def test_whoever_speaks_is_highlighted_and_comes_first(cases):
    for speaks in ("bg_nbd", "mbg_nbd", None):
        bg, mbg, _ = charts.calibration(cases["calibration"].frame, speaks=speaks).axes[0].lines
        assert (bg.get_color() == highlight()) == (speaks == "bg_nbd")
        assert (mbg.get_linestyle() == "-") == (speaks == "mbg_nbd")
    frame = cases["p_alive_histogram"].frame
    first = charts.p_alive_histogram(frame, speaks="bg_nbd").axes[0]
    assert first.get_title("left").startswith("BG/NBD")


def test_every_model_is_tracked(cases):
    frame = cases["tracking"].frame.assign(pareto_nbd=[6.0, 9.0, 13.0, 17.0])
    ax = contest_charts.tracking(frame, speaks="pareto_nbd").axes[0]
    assert ax.lines[3].get_ydata().tolist() == [6, 9, 13, 17]
    assert "Pareto/NBD" in words(ax)


def test_log_scores_are_drawn_against_the_best_plain_forecast():
    ax = contest_charts.log_score_dots(CONTEST, speaks="mbg_nbd").axes[0]
    intervals, dots = ax.collections
    assert [segment[:, 0].tolist() for segment in intervals.get_segments()] == [
        [0.05, 0.11],
        [0, 0],
        [-0.13, -0.06],
    ]
    assert dots.get_offsets()[:, 0].tolist() == [0.08, 0, -0.09]
    assert to_hex(dots.get_facecolors()[0]) == highlight() != to_hex(dots.get_facecolors()[1])
    assert ax.lines[0].get_xdata() == [0, 0]


def test_without_any_log_score_there_is_an_empty_axis():
    ax = contest_charts.log_score_dots(CONTEST.assign(gain=np.nan)).axes[0]
    assert not ax.get_yticklabels()


def test_gains_are_drawn_for_the_first_half():
    ax = contest_charts.gains_curves(PURCHASES_REACHED, speaks="mbg_nbd").axes[0]
    chance, mbg, past = ax.lines
    assert list(chance.get_ydata()) == [0, 0.5]
    assert mbg.get_xdata()[-1] == past.get_xdata()[-1] == 0.5
    assert mbg.get_ydata()[-1] == pytest.approx(0.5**0.3)
    assert mbg.get_color() == highlight()
    assert words(ax) == ["by chance", "Past rate goes on", "MBG/NBD"]
    assert "purchase days" in ax.get_ylabel()


def test_orders_of_a_list_have_their_own_words():
    ax = contest_charts.gains_curves(SILENT_REACHED, speaks="p_value").axes[0]
    _, silence, tests = ax.lines
    assert silence.get_ydata().tolist() == [0, 0.4, 0.8]
    assert tests.get_ydata().tolist() == [0, 0.5, 0.7]
    assert (tests.get_color(), words(ax)) == (
        highlight(),
        ["by chance", "by the tests", "by silence"],
    )
    assert "fell silent" in ax.get_ylabel()


def test_nobody_to_rank_is_an_empty_chart():
    empty = pd.DataFrame(columns=["name", "customers_share", "purchases_share"])
    assert not contest_charts.gains_curves(empty).axes[0].lines


def test_single_weeks_are_drawn_as_they_came(cases):
    ax = contest_charts.tracking_weeks(cases["tracking"].frame, speaks="mbg_nbd").axes[0]
    actual, bg, mbg, cut = ax.lines
    assert actual.get_ydata().tolist() == [5, 9, 14, 20]
    assert bg.get_ydata().tolist() == [6, 10, 13, 16]
    assert mbg.get_color() == highlight()
    assert cut.get_xdata() == [2, 2]
