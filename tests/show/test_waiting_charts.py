"""Charts of waiting: a curve and a band each, the numbers at risk, and the one that is highest."""

import pandas as pd
import pytest

from regulars.show.style import palette, styled
from regulars.show.waiting_charts import waiting_curves


@pytest.fixture
def curves() -> pd.DataFrame:
    """Three groups, one watched for less long."""
    rows = [
        ("app", 0, 0.0, 0.0, 0.0, 500),
        ("app", 30, 0.3, 0.26, 0.34, 400),
        ("app", 90, 0.5, 0.45, 0.55, 200),
        ("web", 0, 0.0, 0.0, 0.0, 900),
        ("web", 30, 0.2, 0.18, 0.22, 700),
        ("web", 90, 0.4, 0.36, 0.44, 450),
        ("web", 180, 0.6, 0.56, 0.64, 90),
        ("fax", 0, 0.0, 0.0, 0.0, 40),
        ("fax", 30, 0.1, 0.02, 0.2, 36),
        ("fax", 90, 0.2, 0.1, 0.36, 8),
    ]
    return pd.DataFrame(rows, columns=["group", "day", "share", "low", "high", "at_risk"])


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_each_group_has_its_curve_its_band_and_its_name(curves):
    ax = waiting_curves(curves.sample(frac=1, random_state=1)).axes[0]
    assert [line.get_ydata().tolist() for line in ax.lines] == [
        [0, 0.2, 0.4],
        [0, 0.3, 0.5],
        [0, 0.1, 0.2],
    ]
    tops = [band.get_paths()[0].vertices[:, 1].max() for band in ax.collections]
    assert tops == [0.44, 0.55, 0.36]
    assert words(ax)[:3] == ["··· Fax", "– – Web", "– · App"]  # by height
    assert ax.get_ylim()[0] == 0


def test_all_end_where_the_first_does(curves):
    ax = waiting_curves(curves).axes[0]
    assert ax.get_xlim() == (0, 90)
    assert max(line.get_xdata().max() for line in ax.lines) == 90


def test_the_soonest_is_highlighted_and_the_others_differ_by_their_dashes(curves):
    ax = waiting_curves(curves, soonest="app").axes[0]
    with styled():
        highlight = palette().highlight
    assert [line.get_color() == highlight for line in ax.lines] == [False, True, False]
    others = [line.get_linestyle() for line in ax.lines if line.get_color() != highlight]
    assert len(set(others)) == 2
    assert words(ax)[2] == "App"
    alike = waiting_curves(curves).axes[0].lines
    assert highlight not in [line.get_color() for line in alike]
    assert len({line.get_linestyle() for line in alike}) == 3


def test_numbers_at_risk_stand_under_the_ticks_and_few_are_not_told(curves):
    written = words(waiting_curves(curves).axes[0])[3:]
    ticks = 4  # 0, 30, 60, 90
    assert written[: ticks + 1] == ["Web", "900", "700", "450", "450"]
    assert written[-ticks - 1 :] == ["Fax", "40", "36", "<10", "<10"]


def test_of_many_groups_the_largest_four_are_drawn(curves):
    more = [curves.assign(group=f"g{place}", at_risk=curves.at_risk + place) for place in range(5)]
    one = pd.concat([frame.drop_duplicates("day") for frame in more])
    ax = waiting_curves(one).axes[0]
    assert words(ax)[4::8] == ["G4", "G3", "G2", "G1"]


def test_long_and_odd_names_are_cut_and_never_formulas(curves):
    odd = curves.assign(group=curves.group.map({"app": "$x_1$", "web": "W" * 300, "fax": "深圳市"}))
    fig = waiting_curves(odd)
    assert max(map(len, words(fig.axes[0]))) < 35
    assert not any(text.get_parse_math() for text in fig.axes[0].texts if "x_1" in text.get_text())


def test_no_rows_say_so(curves):
    assert words(waiting_curves(curves.head(0)).axes[0]) == ["nothing to show"]
