"""Charts of the purchase models: the contest, calibration, tracking, P(alive)."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show import churn_charts as charts
from regulars.show import contest_charts
from regulars.show.style import palette, styled


def words(ax):
    return [text.get_text() for text in ax.texts]


def highlight():
    with styled():
        return palette().highlight


def test_the_contest_has_the_best_first_and_the_rule_to_beat(cases):
    case = cases["contest_bars"]
    ax = case.draw(case.frame).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["MBG/NBD", "BG/NBD", "Nobody buys again", "Past rate goes on"]
    assert [float(bar.get_width()) for bar in ax.patches] == [0.7648, 0.7855, 0.7985, 1.0237]
    assert words(ax) == ["0.765", "0.785", "0.798", "1.024", "best plain rule"]
    assert ax.lines[-1].get_xdata() == [0.7985, 0.7985]
    assert ax.get_xlim()[0] == 0


def test_models_are_highlighted_and_rules_are_not(cases):
    case = cases["contest_bars"]
    ax = case.draw(case.frame).axes[0]
    bars = [to_hex(bar.get_facecolor()) == highlight() for bar in ax.patches]
    assert bars == [True, True, False, False]


def test_a_contest_without_rules_has_no_line(cases):
    frame = cases["contest_bars"].frame
    ax = charts.contest_bars(frame[frame["kind"] == "model"]).axes[0]
    assert "best plain rule" not in words(ax)


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
    ax = charts.tracking(cases["tracking"].frame, speaks="mbg_nbd").axes[0]
    actual, bg, mbg, cut = ax.lines
    assert actual.get_ydata().tolist() == [5, 9, 14, 20]
    assert bg.get_ydata().tolist() == [6, 10, 13, 16]
    assert mbg.get_ydata().tolist() == [6, 10, 13, 15]
    assert cut.get_xdata() == [2, 2]
    assert words(ax) == ["fitted up to here", "MBG/NBD", "BG/NBD", "actual"]


def test_names_at_the_ends_of_lines_do_not_touch(cases):
    frame = cases["tracking"].frame.assign(mbg_nbd=20.0, bg_nbd=20.0)
    fig = charts.tracking(frame)
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
    ax = charts.tracking(frame, speaks="pareto_nbd").axes[0]
    assert ax.lines[3].get_ydata().tolist() == [6, 9, 13, 17]
    assert "Pareto/NBD" in words(ax)


GAINS = pd.DataFrame(
    {
        "name": ["always_zero", "all_alike", "mbg_nbd", "nobody_leaves"],
        "gain": [np.nan, -0.09, 0.08, 0.0],
        "gain_low": [np.nan, -0.13, 0.05, 0.0],
        "gain_high": [np.nan, -0.06, 0.11, 0.0],
    }
)


def test_log_scores_are_drawn_against_the_best_plain_forecast():
    ax = contest_charts.log_score_dots(GAINS, speaks="mbg_nbd").axes[0]
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
    ax = contest_charts.log_score_dots(GAINS.assign(gain=np.nan)).axes[0]
    assert not ax.get_yticklabels()


def test_ranking_is_drawn_for_the_first_half():
    steps = np.arange(21) / 20
    frames = [
        pd.DataFrame({"name": name, "customers_share": steps, "purchases_share": steps**power})
        for name, power in (("mbg_nbd", 0.3), ("past_rate", 0.5))
    ]
    ax = contest_charts.ranking_curves(pd.concat(frames), speaks="mbg_nbd").axes[0]
    chance, mbg, past = ax.lines
    assert list(chance.get_ydata()) == [0, 0.5]
    assert mbg.get_xdata()[-1] == past.get_xdata()[-1] == 0.5
    assert mbg.get_ydata()[-1] == pytest.approx(0.5**0.3)
    assert (mbg.get_color(), words(ax)) == (
        highlight(),
        ["by chance", "Past rate goes on", "MBG/NBD"],
    )


def test_nobody_to_rank_is_an_empty_chart():
    empty = pd.DataFrame(columns=["name", "customers_share", "purchases_share"])
    assert not contest_charts.ranking_curves(empty).axes[0].lines


def test_single_weeks_are_drawn_as_they_came(cases):
    ax = contest_charts.tracking_weeks(cases["tracking"].frame, speaks="mbg_nbd").axes[0]
    actual, bg, mbg, cut = ax.lines
    assert actual.get_ydata().tolist() == [5, 9, 14, 20]
    assert bg.get_ydata().tolist() == [6, 10, 13, 16]
    assert mbg.get_color() == highlight()
    assert cut.get_xdata() == [2, 2]
