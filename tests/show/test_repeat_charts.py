"""Charts of repeat buying: points, intervals, part windows, and what is hidden."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show.repeat_charts import repeat_rates, window_rates


@pytest.fixture
def windows() -> pd.DataFrame:
    """Six quarters, of which the last is not over."""
    first = pd.date_range("1997-01-01", periods=6, freq="QS")
    rate = np.array([0.21, 0.4, 0.36, 0.39, 0.35, 0.35])
    return pd.DataFrame(
        {
            "first_day": first,
            "last_day": first + pd.offsets.QuarterEnd(0),
            "rate": rate,
            "low": rate - 0.04,
            "high": rate + 0.04,
            "complete": [True] * 5 + [False],
        }
    )


@pytest.fixture
def rates() -> pd.DataFrame:
    """Rates after the first four purchases."""
    return pd.DataFrame(
        {
            "purchase": [1, 2, 3, 4],
            "customers": [2357, 1139, 736, 527],
            "rate": [0.29, 0.43, 0.52, 0.61],
            "low": [0.27, 0.4, 0.49, 0.57],
            "high": [0.31, 0.46, 0.56, 0.65],
        }
    )


def points(ax):
    return ax.collections[1].get_offsets().tolist()


def intervals(ax):
    return [(float(one[0, 1]), float(one[1, 1])) for one in ax.collections[0].get_segments()]


def names(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def test_windows_stand_in_their_order_with_their_intervals(windows):
    ax = window_rates(windows.sample(frac=1, random_state=2)).axes[0]
    assert points(ax) == [[place, rate] for place, rate in enumerate(windows.rate)]
    assert np.array(intervals(ax)) == pytest.approx(windows[["low", "high"]].to_numpy())
    assert names(ax) == ["Q1\n1997", "Q2\n ", "Q3\n ", "Q4\n ", "Q1\n1998", "Q2*\n "]
    assert ax.get_ylim()[0] == 0


def test_a_part_window_is_hollow_and_said_to_be(windows):
    ax = window_rates(windows).axes[0]
    faces = [to_hex(face) for face in ax.collections[1].get_facecolors()]
    assert faces[-1] == "#ffffff"
    assert "#ffffff" not in faces[:-1]
    assert "hollow" in ax.get_xlabel()
    assert "hollow" not in window_rates(windows.head(5)).axes[0].get_xlabel()


def test_years_have_their_number(windows):
    years = windows.iloc[[0, 4]].assign(last_day=pd.to_datetime(["1997-12-31", "1998-12-31"]))
    assert names(window_rates(years).axes[0]) == ["1997", "1998"]


def test_many_windows_name_the_last():
    first = pd.date_range("2000-01-01", periods=30, freq="QS")
    many = pd.DataFrame({"first_day": first, "last_day": first + pd.offsets.QuarterEnd(0)})
    many = many.assign(rate=0.4, low=0.3, high=0.5, complete=True)
    ax = window_rates(many).axes[0]
    assert len(names(ax)) == 10
    assert ax.get_xticks()[-1] == 29


def test_a_silent_window_has_no_point(windows):
    silent = windows.assign(rate=windows.rate.where(windows.index != 2))
    offsets = np.ma.asarray(window_rates(silent).axes[0].collections[1].get_offsets())
    assert np.isnan(offsets.filled(np.nan)[:, 1]).tolist() == [place == 2 for place in range(6)]


def test_repeats_carry_their_customers(rates):
    ax = repeat_rates(rates).axes[0]
    assert points(ax) == [[place, rate] for place, rate in enumerate(rates.rate)]
    assert [text.get_text() for text in ax.texts] == ["2,357", "1,139", "736", "527", "customers"]
    assert names(ax) == ["1", "2", "3", "4"]


def test_a_hidden_rate_is_dotted_and_has_no_number(rates):
    gone = rates.astype({"customers": "Int64"})
    gone.loc[2, ["customers", "rate", "low", "high"]] = pd.NA
    ax = repeat_rates(gone.assign(hidden=gone.rate.isna())).axes[0]
    written = [text.get_text() for text in ax.texts]
    assert written[-5:] == ["2,357", "1,139", "hidden", "527", "customers"]
    assert "dotted: hidden" in written
    assert [patch.get_x() for patch in ax.patches] == pytest.approx([1.6])


@pytest.mark.parametrize("draw", [repeat_rates, window_rates])
def test_no_rows_say_so(draw, rates, windows):
    frame = rates if draw is repeat_rates else windows
    assert draw(frame.head(0)).axes[0].texts[0].get_text() == "nothing to show"
