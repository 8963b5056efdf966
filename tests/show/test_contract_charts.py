"""Charts of contracts: lives by plan, renewals, what is to come, and hazard RATIOS."""

import numpy as np
import pandas as pd
import pytest
from forecast_frames import AHEAD, CONTRACTS, RATIOS, RENEWALS
from matplotlib.colors import to_hex

from regulars.show.contract_charts import (
    contract_curves,
    hazard_ratios,
    renewal_points,
    renewals_ahead,
)
from regulars.show.style import palette, styled


def words(ax):
    return [text.get_text() for text in ax.texts]


def highlight():
    with styled():
        return palette().highlight


def test_each_plan_has_its_steps_its_band_and_its_numbers_at_risk():
    ax = contract_curves(CONTRACTS.sample(frac=1, random_state=1)).axes[0]
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.7, 0.5, 0.4], [1, 0.8, 0.7]]
    assert {line.get_drawstyle() for line in ax.lines} == {"steps-post"}
    assert len(ax.collections) == 2
    assert words(ax) == [
        "Basic", "200", "190", "90", "<10", "Plus", "60", "60", "40", "–", "– – Basic", "– · Plus",
    ]  # fmt: skip
    assert ax.get_ylim()[0] == 0
    assert ax.get_xlim() == (0, 3)
    assert "quarters" in contract_curves(CONTRACTS, every="quarter").axes[0].get_xlabel()


def test_a_plan_that_is_alone_is_highlighted_and_of_many_four_are_drawn():
    one = contract_curves(CONTRACTS[CONTRACTS.plan == "plus"]).axes[0]
    assert one.lines[0].get_color() == highlight()
    many = pd.concat(
        [
            CONTRACTS.assign(plan=f"p{place}", at_risk=CONTRACTS.at_risk + place)
            for place in range(6)
        ]
    )
    many = many.drop_duplicates(["plan", "period"])
    assert len(contract_curves(many).axes[0].lines) == 4


def test_renewals_are_points_with_intervals_and_the_model_is_a_line():
    ax = renewal_points(RENEWALS.iloc[::-1]).axes[0]
    model, actual = ax.lines
    assert model.get_ydata().tolist() == [0.82, 0.88, 0.94]
    assert model.get_color() == highlight()
    assert actual.get_ydata().tolist() == [0.8, 0.88, 0.95]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2–3", "4–12"]
    assert words(ax) == ["300", "420", "500", "came to it", "model", "actual"]
    assert ax.get_ylim() == (0.7, 1.0)


def test_without_a_model_only_what_was_seen_is_drawn():
    names = ["predicted", "predicted_low", "predicted_high"]
    ax = renewal_points(RENEWALS.assign(**dict.fromkeys(names, np.nan))).axes[0]
    assert len(ax.lines) == 1
    assert "model" not in words(ax)


def test_of_many_renewals_eight_at_most_are_named():
    many = pd.concat([RENEWALS.head(1)] * 30, ignore_index=True)
    many = many.assign(period_from=range(1, 31), period_to=range(1, 31))
    names = [label.get_text() for label in renewal_points(many).axes[0].get_xticklabels()]
    assert names == ["1", "5", "9", "13", "17", "21", "25", "29"]


def test_what_is_to_come_is_a_line_with_its_band():
    ax = renewals_ahead(AHEAD).axes[0]
    assert ax.lines[0].get_ydata().tolist() == [1, 0.8, 0.7]
    assert ax.collections[0].get_paths()[0].vertices[:, 1].min() == 0.6
    assert words(ax) == ["All plans"]
    two = pd.concat([AHEAD.assign(plan="plus"), AHEAD.assign(plan="basic", survived=[1, 0.5, 0.4])])
    assert words(renewals_ahead(two).axes[0]) == ["– · Basic", "– – Plus"]


def test_ratios_beyond_chance_stand_out_on_a_scale_of_times():
    ax = hazard_ratios(RATIOS).axes[0]
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == ["Bought before: yes (no)", "Plan: plus (basic)", "Region: south (north)"]
    looks = [to_hex(colour) == highlight() for colour in ax.collections[1].get_facecolors()]
    assert looks == [False, True, False]
    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert low * high == pytest.approx(1)
    assert low < 0.4


def test_of_many_ratios_the_surest_are_drawn_and_wide_ones_stay_in_the_picture():
    many = pd.concat([RATIOS.assign(driver=f"d{place}") for place in range(9)])
    assert len(hazard_ratios(many).axes[0].get_yticks()) == 14
    wide = hazard_ratios(RATIOS.assign(low=1e-9, high=1e9)).axes[0]
    assert wide.get_xlim() == pytest.approx((0.05, 20))


def test_names_from_the_data_are_never_formulas():
    odd = hazard_ratios(RATIOS.assign(level="$x_1$" * 20)).axes[0]
    assert not any(
        "$x_1$" in label.get_text() and label.get_parse_math() for label in odd.get_yticklabels()
    )
    fig = contract_curves(
        CONTRACTS.assign(plan=CONTRACTS.plan.map({"plus": "$x_1$", "basic": "W" * 300}))
    )
    assert max(map(len, words(fig.axes[0]))) < 40


@pytest.mark.parametrize("draw", [contract_curves, renewal_points, renewals_ahead, hazard_ratios])
def test_no_rows_say_so(draw):
    assert words(draw(pd.DataFrame()).axes[0]) == ["nothing to show"]
