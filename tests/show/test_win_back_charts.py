"""Charts of win-back: who returns by themselves, what pays, what an action did."""

import numpy as np
import pandas as pd
import pytest
from forecast_frames import ARMS, RETURNS, WORTH
from matplotlib.colors import to_hex

from regulars.show.style import palette, styled
from regulars.show.win_back_charts import arm_dots, break_even_dots, return_dots


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def legend(ax) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_returns_have_their_interval_their_n_and_what_the_model_said():
    ax = return_dots(RETURNS).axes[0]
    came, predicted = ax.lines
    assert came.get_ydata()[1:].tolist() == [0.03, 0.05]
    assert predicted.get_ydata()[1:].tolist() == [0.036, 0.046]
    ends = [path.vertices[:, 1].tolist() for path in ax.collections[0].get_paths()]
    assert ends[-2:] == [[0.02, 0.04], [0.04, 0.06]]
    assert words(ax) == ["hidden", "1,433", "1,675", "customers"]
    assert legend(ax) == ["came back", "by the model"]
    assert ax.get_ylim()[0] == 0


def test_without_a_model_nothing_is_predicted():
    ax = return_dots(RETURNS.assign(predicted=np.nan)).axes[0]
    assert legend(ax) == ["came back"]


def test_what_pays_stands_beside_who_comes_anyway():
    ax = break_even_dots(WORTH).axes[0]
    assert [line.get_xdata().tolist() for line in ax.lines[:3]] == [
        [0.2, 0.03],
        [0.01, 0.02],
        [-0.02, -0.005],
    ]
    assert legend(ax) == ["come anyway", "uplift that pays", "uplift measured"]
    assert ax.get_xlim()[0] < -0.02


def test_an_uplift_that_is_not_known_is_not_drawn():
    ax = break_even_dots(WORTH.assign(uplift=np.nan)).axes[0]
    assert legend(ax) == ["come anyway", "uplift that pays"]
    assert ax.get_xlim()[0] == 0


def test_the_treated_stand_out_and_what_is_hidden_is_said():
    ax = arm_dots(ARMS).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [
        "Treated, all it drew",
        "Control, all it drew",
        "Treated, had left before",
        "Control, had left before",
    ]
    assert words(ax) == ["hidden", "hidden"]
    dots = ax.collections[1]
    assert dots.get_offsets().tolist() == [[0.28, 0], [0.27, 1]]
    with styled():
        looks = [palette().highlight, palette().grey]
    assert [to_hex(colour) for colour in dots.get_facecolors()] == looks


@pytest.mark.parametrize("draw", [return_dots, break_even_dots, arm_dots])
def test_nothing_is_drawn_of_nothing(draw):
    assert words(draw(pd.DataFrame()).axes[0]) == ["nothing to show"]
