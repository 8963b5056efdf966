"""Charts of what to expect: chances against what came, windows, and P(alive) over a life."""

import pytest
from forecast_frames import LIFE, TENTHS, TENTHS_OF_MODELS, WINDOWS
from matplotlib.colors import to_hex

from regulars.show.forecast_charts import chances_by_tenth, next_windows, p_alive_curve
from regulars.show.style import palette, styled


def words(ax):
    return [text.get_text() for text in ax.texts]


def plain(ax, axis):
    return [label.get_text().replace("\u00a0", " ") for label in getattr(ax, axis)()]


def test_who_bought_stands_over_the_chance_with_its_interval():
    ax = chances_by_tenth(TENTHS.sample(frac=1, random_state=2)).axes[0]
    line, points = ax.lines
    assert points.get_xdata()[[0, 2]].tolist() == [0.10, 0.74]
    assert points.get_ydata()[[0, 2]].tolist() == [0.18, 0.81]
    intervals = [part[:, 1].tolist() for part in ax.collections[0].get_segments() if len(part)]
    assert intervals == [[0.14, 0.24], [0.76, 0.86]]
    assert list(line.get_xdata()) == list(line.get_ydata())
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0


def test_a_hidden_tenth_is_said_to_be():
    assert words(chances_by_tenth(TENTHS).axes[0]) == ["dashed: as foretold\nsome groups: hidden"]
    shown = TENTHS[~TENTHS["hidden"]]
    assert words(chances_by_tenth(shown).axes[0]) == ["dashed: as foretold"]


def test_each_model_has_a_panel_on_one_scale():
    purchase, supervised = chances_by_tenth(TENTHS_OF_MODELS, speaks="supervised").axes
    assert purchase.get_title("left") == "MBG/NBD"
    assert supervised.get_title("left") == "Supervised"
    assert purchase.lines[1].get_xydata()[1:].tolist() == [[0.4, 0.5], [0.8, 0.7]]
    ends = [part[:, 1].tolist() for part in purchase.collections[0].get_segments()]
    assert ends == [[0.4, 0.6], [0.6, 0.8]]
    assert ["hidden" in words(ax)[0] for ax in (purchase, supervised)] == [True, False]
    assert purchase.get_xlim() == supervised.get_xlim()
    assert purchase.get_ylim() == supervised.get_ylim()
    with styled():
        highlight = palette().highlight
    looks = [to_hex(ax.lines[1].get_color()) == highlight for ax in (purchase, supervised)]
    assert looks == [False, True]


def test_all_hidden_still_draws():
    hidden = TENTHS_OF_MODELS.assign(bought=None, predicted_chance=None, low=None, high=None)
    assert len(chances_by_tenth(hidden.assign(hidden=True)).axes) == 2


def test_windows_stand_in_order_with_the_chance_to_come():
    ax = next_windows(WINDOWS).axes[0]
    assert plain(ax, "get_yticklabels") == [
        "1 repeat day, last 1,500 days ago",
        "5 repeat days, last 123 days ago",
    ]
    lines = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert lines == [[21, 300], [10, 221]]
    assert ax.lines[0].get_xdata().tolist() == [125, 67]
    assert [text.replace("\u00a0", " ") for text in words(ax)] == ["0.4 %", "68 %", "come at all"]
    assert ax.get_xlim()[0] == 0


def test_p_alive_is_drawn_with_its_band_and_the_purchases():
    ax = p_alive_curve(LIFE.sample(frac=1, random_state=1)).axes[0]
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


def test_a_life_without_purchases_has_no_mark():
    ax = p_alive_curve(LIFE.assign(purchase=False)).axes[0]
    assert words(ax) == []


@pytest.mark.parametrize(
    ("draw", "frame"),
    [(chances_by_tenth, TENTHS), (next_windows, WINDOWS), (p_alive_curve, LIFE)],
)
def test_no_rows_say_so(draw, frame):
    ax = draw(frame.head(0)).axes[0]
    assert words(ax) == ["nothing to show"]
