"""Earlier contests: which days they are held on, and what comes out of them."""

import pandas as pd
import pytest

from regulars.measures.contest.origins import across_origins, rolling_origins
from regulars.measures.contest.speaking import forecast


@pytest.fixture(scope="module")
def origins(cdnow):
    return rolling_origins(cdnow, as_of="1998-06-30", holdout_days=120, models=["mbg_nbd"])


def test_periods_do_not_overlap_and_have_a_history(origins):
    # 1997-01-01 is the first day; a fourth would have 65 days before it.
    assert origins.calibration_end.dt.strftime("%Y-%m-%d").tolist() == [
        "1998-03-02",
        "1997-11-02",
        "1997-07-05",
    ]
    assert origins.customers.tolist() == [2357] * 3


def test_an_earlier_contest_is_the_one_that_would_have_been_held_then(cdnow, origins):
    then = forecast(cdnow, as_of="1997-11-02", holdout_days=120, models=["mbg_nbd"]).contested
    row = then.set_index("name").loc["mbg_nbd"]
    for column in ("log_score", "gain", "mae", "bias", "slope"):
        assert origins[column][2] == pytest.approx(row[column])


def test_no_more_than_asked_for(cdnow):
    found = rolling_origins(cdnow, as_of="1998-06-30", holdout_days=120, models=["mbg_nbd"], most=1)
    assert len(found) == 1


def test_the_summary_by_hand():
    origins = pd.DataFrame(
        {
            "calibration_end": [1, 1, 2, 2, 3],
            "name": ["a", "b", "a", "b", "b"],
            "log_score": [-1.0, -2.0, -3.0, -2.0, -1.0],
            "gain": [0.3, 0.1, 0.1, 0.2, 0.3],
        }
    )
    found = across_origins(origins).set_index("name")
    assert found.periods.to_dict() == {"a": 2, "b": 3}
    assert found.won.to_dict() == {"a": 1, "b": 2}
    assert found.gain_mean["b"] == pytest.approx(0.2)
    assert found.gain_spread["b"] == pytest.approx(0.1)


def test_no_history_no_contest(cdnow):
    found = rolling_origins(cdnow, as_of="1998-06-30", holdout_days=400, models=["mbg_nbd"])
    assert found.empty
    assert across_origins(found).empty
