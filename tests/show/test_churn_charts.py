"""Charts of the purchase models: the contest, calibration, tracking, P(alive)."""

from itertools import pairwise

from matplotlib.colors import to_hex

from regulars.show import charts
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
    case = cases["calibration"]
    ax = case.draw(case.frame).axes[0]
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
    case = cases["tracking"]
    ax = case.draw(case.frame).axes[0]
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
    case = cases["p_alive_histogram"]
    chosen, other = case.draw(case.frame).axes
    assert chosen.get_title("left") == "MBG/NBD, 2,357 customers"
    assert other.get_title("left") == "BG/NBD, 2,357 customers"
    assert [float(bar.get_height()) for bar in chosen.patches] == [1500, 857]
    assert [float(bar.get_height()) for bar in other.patches] == [100, 2257]
    assert chosen.get_ylim() == other.get_ylim()
    assert to_hex(chosen.patches[0].get_facecolor()) == highlight()
