"""Charts of win-back: who returns by themselves, what pays, what an action did."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show.style import palette, styled
from regulars.show.win_back_charts import arm_dots, break_even_dots, return_dots

RATES = pd.DataFrame(
    {
        "silence": ["91 to 180 days", "over 360 days", "all"],
        "customers": pd.array([None, 1433, 1675], "Int64"),
        "rate": [np.nan, 0.03, 0.05],
        "low": [np.nan, 0.02, 0.04],
        "high": [np.nan, 0.04, 0.06],
        "predicted": [np.nan, 0.036, 0.046],
        "hidden": [True, False, False],
    }
)
GROUPS = pd.DataFrame(
    {
        "silence": ["91 to 180 days", "over 360 days"],
        "value": ["low", "high"],
        "p_return": [0.2, 0.03],
        "break_even": [0.01, 0.02],
        "uplift": [-0.02, -0.005],
    }
)
ARMS = pd.DataFrame(
    {
        "group": ["everybody"] * 2 + ["had_left"] * 2,
        "arm": ["treated", "control"] * 2,
        "customers": pd.array([1189, 513, None, None], "Int64"),
        "rate": [0.28, 0.27, np.nan, np.nan],
        "low": [0.25, 0.24, np.nan, np.nan],
        "high": [0.31, 0.31, np.nan, np.nan],
        "hidden": [False, False, True, True],
    }
)


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend(ax) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_returns_have_their_interval_their_n_and_what_the_model_said():
    ax = return_dots(RATES).axes[0]
    came, predicted = ax.lines
    assert came.get_ydata()[1:].tolist() == [0.03, 0.05]
    assert predicted.get_ydata()[1:].tolist() == [0.036, 0.046]
    ends = [path.vertices[:, 1].tolist() for path in ax.collections[0].get_paths()]
    assert ends[-2:] == [[0.02, 0.04], [0.04, 0.06]]
    assert words(ax) == ["hidden", "1,433", "1,675", "customers"]
    assert legend(ax) == ["came back", "by the model"]
    assert ax.get_ylim()[0] == 0


def test_without_a_model_nothing_is_predicted():
    ax = return_dots(RATES.assign(predicted=np.nan)).axes[0]
    assert legend(ax) == ["came back"]


def test_what_pays_stands_beside_who_comes_anyway():
    ax = break_even_dots(GROUPS).axes[0]
    assert [line.get_xdata().tolist() for line in ax.lines[:3]] == [
        [0.03, 0.2],
        [0.02, 0.01],
        [-0.005, -0.02],
    ]
    assert legend(ax) == ["come anyway", "uplift that pays", "uplift measured"]
    assert ax.get_xlim()[0] < -0.02


def test_an_uplift_that_is_not_known_is_not_drawn():
    ax = break_even_dots(GROUPS.assign(uplift=np.nan)).axes[0]
    assert legend(ax) == ["come anyway", "uplift that pays"]
    assert ax.get_xlim()[0] == 0


def test_the_treated_stand_out_and_what_is_hidden_is_said():
    ax = arm_dots(ARMS).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["control, had left before", "treated, had left before",
                     "control, all it drew", "treated, all it drew"]  # fmt: skip
    assert words(ax) == [" hidden", " hidden"]
    with styled():
        assert to_hex(ax.lines[-1].get_color()) == palette().highlight
    assert ax.lines[-1].get_xdata().tolist() == [0.28]


@pytest.mark.parametrize("draw", [return_dots, break_even_dots, arm_dots])
def test_nothing_is_drawn_of_nothing(draw):
    assert words(draw(pd.DataFrame()).axes[0]) == ["nothing to show"]
