"""Charts of loyalty: the curve and its numbers at risk, gaps, cohorts."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from regulars.show import charts


def words(ax):
    return [text.get_text().replace("\u00a0", " ") for text in ax.texts]


def test_the_curve_is_drawn_with_its_band_and_mark(cases):
    case = cases["repurchase_curve"]
    ax = case.draw(case.frame).axes[0]
    curve = ax.lines[0]
    assert curve.get_ydata().tolist() == [0, 0.2, 0.31, 0.55]
    assert curve.get_drawstyle() == "steps-post"
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == 0.6
    assert "31 % within 90 days" in words(ax)
    assert "half by day 180" in words(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        "Days since the first purchase",
        "Bought again [%]",
    )


def test_numbers_at_risk_stand_under_the_ticks(cases):
    case = cases["repurchase_curve"]
    ax = case.draw(case.frame).axes[0]
    assert ax.get_xticks().tolist() == [0, 30, 60, 90, 120, 150, 180]
    # At risk on a day between two rows is what the next row says.
    assert words(ax)[-8:] == ["2,357", "1,800", "1,600", "1,600", "40", "40", "40", "at risk"]


def test_a_mark_after_the_last_day_is_not_made_up(cases):
    ax = charts.repurchase_curve(cases["repurchase_curve"].frame, mark_days=365).axes[0]
    assert not [text for text in words(ax) if "within" in text]


def test_a_curve_under_half_has_no_median(cases):
    ax = charts.repurchase_curve(cases["repurchase_curve"].frame.head(3)).axes[0]
    assert not [text for text in words(ax) if "half" in text]


def test_gaps_are_counted_by_week(cases):
    case = cases["gap_histogram"]
    ax = case.draw(case.frame).axes[0]
    assert [float(bar.get_height()) for bar in ax.patches] == [9, 3, 2]
    assert words(ax) == ["median 6 days"]
    assert ax.lines[0].get_xdata() == [6, 6]
    assert ax.get_ylim()[0] == 0


def hatched(ax):
    return [
        patch.get_xy() for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_hatch()
    ]


def test_what_was_not_observed_is_hatched_and_never_zero(cases):
    case = cases["cohort_heatmap"]
    ax = case.draw(case.frame).axes[0]
    assert hatched(ax) == [(2, 1)]
    written = {text.get_position(): text.get_text() for text in ax.texts[:5]}
    assert written == {
        (0.5, 0.5): "100",
        (1.5, 0.5): "16",
        (2.5, 0.5): "0*",
        (0.5, 1.5): "100",
        (1.5, 1.5): "8*",
    }
    assert "hatched: not observed yet" in ax.get_xlabel()
    assert "*: month not over" in ax.get_xlabel()


def test_part_months_are_in_italics(cases):
    case = cases["cohort_heatmap"]
    texts = case.draw(case.frame).axes[0].texts[:5]
    assert [text.get_fontstyle() == "italic" for text in texts] == [
        text.get_text().endswith("*") for text in texts
    ]


def test_the_base_does_not_use_up_the_colours(cases):
    case = cases["cohort_heatmap"]
    mesh = case.draw(case.frame).axes[0].collections[0]
    assert mesh.get_clim() == (0, 0.159)
    assert np.ma.getmaskarray(mesh.get_array())[:, 0].all()


def test_rows_carry_the_size_of_the_cohort(cases):
    case = cases["cohort_heatmap"]
    ax = case.draw(case.frame).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Jan 1997 (781)", "Feb 1997 (857)"]


@pytest.mark.parametrize(("months", "numbers", "left_out"), [(18, 153, 0), (40, 0, 4)])
def test_many_cohorts_stay_readable(months, numbers, left_out):
    starts = pd.date_range("2020-01-01", periods=months, freq="MS")
    cells = pd.DataFrame(
        [
            (start, age, 100, 1 / (1 + age), True)
            for at, start in enumerate(starts)
            for age in range(months - at)
        ],
        columns=["cohort", "age", "customers", "rate", "complete"],
    )
    fig = charts.cohort_heatmap(cells)
    ax = fig.axes[0]
    assert len([text for text in ax.texts if text.get_text().isdigit()]) == numbers
    assert len(fig.axes) == (1 if numbers else 2)
    assert ("older cohorts not drawn" in ax.get_xlabel()) == (left_out > 0)
    assert len(ax.get_yticklabels()) == months - left_out


def test_the_mean_leaves_out_the_base_and_shows_its_n(cases):
    case = cases["retention_mean"]
    ax = case.draw(case.frame).axes[0]
    assert ax.lines[0].get_ydata().tolist() == [0.12, 0.1]
    assert words(ax) == ["1,638", "781", "customers"]
    assert ax.collections[0].get_paths()[0].vertices[:, 1].max() == 0.14
    assert ax.get_ylim()[0] == 0
