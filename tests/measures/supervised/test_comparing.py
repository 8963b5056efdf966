"""Comparing: kept only if it beats the purchase model on a period it has not seen."""

import datetime as dt

import pytest

from regulars.errors import ModelError
from regulars.measures.engine import fetch
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchases import customer_summary
from regulars.measures.supervised import comparing
from regulars.measures.supervised.comparing import BESIDE, supervised_beside, supervised_chances
from regulars.measures.supervised.samples import sample

FIRST, AS_OF = dt.date(2022, 1, 1), dt.date(2024, 6, 19)
ASKED = {"as_of": AS_OF, "horizon_days": 180, "model": "mbg_nbd"}


@pytest.fixture(scope="module")
def leaving(simulated):
    return simulated(leaving=0.95)


@pytest.fixture(scope="module")
def kept(leaving):
    return supervised_beside(leaving, **ASKED)


@pytest.fixture(scope="module")
def staying(simulated):
    return supervised_beside(simulated(leaving=0.0), **ASKED)


def test_it_is_kept_where_complaints_tell_who_leaves(kept):
    assert kept.withheld is None
    assert kept.kept
    assert kept.gain.low > 0
    assert kept.beyond.low > 0
    names = kept.judged.set_index("name").log_loss
    assert names[BESIDE] < names["supervised_purchases"]
    assert names["mbg_nbd"] - names[BESIDE] == pytest.approx(kept.gain.value)
    assert kept.importance.set_index("feature").low["complaints"] > 0


def test_it_is_not_kept_where_purchases_tell_all_there_is(staying):
    assert staying.withheld is None
    assert not staying.kept
    assert staying.importance.set_index("feature").low["complaints"] < 0.001


def test_the_periods_are_of_one_season_and_do_not_overlap(kept):
    assert kept.tested_at == AS_OF - dt.timedelta(days=180)
    assert kept.trained_at == kept.tested_at - dt.timedelta(days=365)


def test_a_short_history_is_cut_in_three(leaving):
    early = FIRST + dt.timedelta(days=400)
    found = supervised_beside(leaving, as_of=early, horizon_days=180, model="mbg_nbd")
    assert found.withheld is None
    assert found.horizon_days == 133
    assert found.trained_at + dt.timedelta(days=133) == found.tested_at
    assert found.tested_at + dt.timedelta(days=133) == early


def test_every_customer_gets_a_probability_in_the_engine(leaving, kept):
    told = fetch(supervised_chances(kept, leaving, as_of=AS_OF))
    customers = fetch(customer_summary(leaving["purchases"], as_of=AS_OF))
    assert sorted(told.customer_id) == sorted(customers.customer_id)
    assert told.p_buy.between(0, 1, inclusive="neither").all()
    assert told.p_buy.nunique() > 100


def test_one_that_was_not_kept_tells_nothing(leaving, staying):
    with pytest.raises(ModelError, match="did not predict better"):
        supervised_chances(staying, leaving, as_of=AS_OF)


def test_what_came_after_as_of_changes_nothing(leaving):
    early = AS_OF - dt.timedelta(days=200)
    whole = supervised_beside(leaving, as_of=early, horizon_days=180, model="mbg_nbd")
    lines = leaving["purchases"]
    cut = {**leaving, "purchases": lines.filter(lines.day <= early)}
    again = supervised_beside(cut, as_of=early, horizon_days=180, model="mbg_nbd")
    assert (again.gain, again.auc) == (whole.gain, whole.auc)
    assert again.importance.equals(whole.importance)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"model": None}, "No purchase model speaks"),
        ({"as_of": FIRST + dt.timedelta(days=80)}, "at least 90 days are needed"),
        ({"as_of": FIRST + dt.timedelta(days=95)}, "customers who bought and as many who did not"),
        ({"as_of": FIRST - dt.timedelta(days=95)}, "there are 0"),
    ],
    ids=["no model", "too short", "too few", "nobody"],
)
def test_it_is_withheld_with_the_reason(leaving, asked, reason):
    found = supervised_beside(leaving, **{**ASKED, **asked})
    assert reason in found.withheld
    assert found.gain is None
    assert not found.kept


def test_a_model_that_cannot_be_fitted_is_the_reason(leaving, monkeypatch):
    def refuse(*_, **__):
        raise ModelError("Too few customers came again.")

    monkeypatch.setattr(comparing, "fit", refuse)
    assert supervised_beside(leaving, **ASKED).withheld == "Too few customers came again."


def test_a_purchase_model_that_was_fitted_before_is_taken(leaving, kept, monkeypatch):
    tested = leaving["purchases"]
    cells = count_cells(customer_summary(tested, as_of=kept.tested_at))
    fits = {"mbg_nbd": fit(cells, model="mbg_nbd")}
    monkeypatch.setattr(comparing, "fit", None)
    assert supervised_beside(leaving, **ASKED, fits=fits).gain == kept.gain


def test_a_leak_is_the_reason(leaving, monkeypatch):
    monkeypatch.setattr(comparing, "leaks", lambda *_, **__: ["contract"])
    assert "contract would look ahead" in supervised_beside(leaving, **ASKED).withheld


def test_a_sample_takes_the_same_customers_each_time(leaving):
    few = sample(leaving, cut="2023-12-31", horizon_days=90, most=200)
    whole = sample(leaving, cut="2023-12-31", horizon_days=90)
    assert len(few) == 200 < len(whole)
    assert few.equals(whole.head(200))
    assert "customer_id" not in few
    assert few.random_group.is_monotonic_increasing
