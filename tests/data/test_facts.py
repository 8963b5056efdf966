"""Facts and the catalogue: each number has one place, one meaning, and a value or a reason."""

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from regulars import paths
from regulars.data.catalogue import CATALOGUE, Definition
from regulars.data.facts import Facts, Metric, read_facts
from regulars.errors import DataError
from regulars.workbook import NOTEBOOKS

RATE = SimpleNamespace(value=0.483241, low=0.463112, high=0.503427, n=2357)


def loyalty(**changed: str) -> Facts:
    return Facts(**{"notebook": "05_loyalty", "as_of": "1998-06-30"} | changed)


def test_an_estimate_brings_its_interval_and_n() -> None:
    facts = loyalty()
    facts.record("repurchase_rate", RATE)
    (made,) = facts.metrics
    assert made == Metric(
        id="loyalty.repurchase_rate",
        label="Repurchase rate",
        value=0.483241,
        unit="share",
        definition=CATALOGUE["loyalty.repurchase_rate"].definition,
        low=0.463112,
        high=0.503427,
        n=2357,
    )


def test_an_estimate_without_an_interval_stays_without() -> None:
    facts = loyalty()
    facts.record("repurchase_rate", SimpleNamespace(value=1.0, low=None, high=None, n=1))
    assert (facts.metrics[0].low, facts.metrics[0].high, facts.metrics[0].n) == (None, None, 1)


def test_a_plain_number_takes_its_n_from_the_caller() -> None:
    facts = Facts("04_segments", as_of="1998-06-30")
    facts.record("customers.<segment>", 414, n=2357, segment="at_risk", shown_segment="At risk")
    made = facts.metrics[0]
    assert (made.id, made.label) == ("segments.customers.at_risk", "Customers: At risk")
    assert (made.value, made.n, made.low, made.high) == (414, 2357, None, None)


def test_two_groups_each_stand_in_id_and_label() -> None:
    facts = loyalty()
    facts.record("retention.<cohort>.<age>", RATE, cohort="1997-01", age=3, shown_age="month 3")
    facts.record("retention.<cohort>.<age>", RATE, cohort="1997-01", age=4)
    assert [made.id for made in facts.metrics] == [
        "loyalty.retention.1997-01.3",
        "loyalty.retention.1997-01.4",
    ]
    assert facts.metrics[0].label == "Retention of 1997-01, month 3"


def test_what_is_withheld_has_a_reason_and_no_value() -> None:
    facts = loyalty()
    facts.record("repurchase_within.<days>", None, days=90, withheld="The history is too short.")
    made = facts.metrics[0]
    assert (made.value, made.withheld) == (None, "The history is too short.")
    assert made.label == "Bought again in 90 days"


@pytest.mark.parametrize(
    ("value", "withheld"),
    [
        (None, None),
        (0.5, "A reason too."),
        (math.nan, None),
        (SimpleNamespace(value=math.nan), None),
    ],
)
def test_a_number_has_either_a_value_or_a_reason(value: object, withheld: str | None) -> None:
    message = r"loyalty\.repurchase_rate: give either a value or the reason why it is withheld\."
    with pytest.raises(ValueError, match=message):
        loyalty().record("repurchase_rate", value, withheld=withheld)


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(
        ValueError, match=r"repurchase_rate: value is -?inf; withhold it and say why"
    ):
        loyalty().record("repurchase_rate", value)
    ends = SimpleNamespace(value=0.5, low=value, high=0.6, n=3)
    with pytest.raises(ValueError, match="repurchase_rate: low is"):
        loyalty().record("repurchase_rate", ends)


def test_a_refused_number_leaves_nothing_behind() -> None:
    facts = loyalty()
    with pytest.raises(ValueError, match="either"):
        facts.record("repurchase_rate", None)
    assert facts.metrics == []


def test_the_same_number_twice_is_refused() -> None:
    facts = loyalty()
    facts.record("repurchase_rate", RATE)
    with pytest.raises(ValueError, match=r"loyalty\.repurchase_rate was given twice"):
        facts.record("repurchase_rate", 0.5)
    assert len(facts.metrics) == 1


def test_an_unknown_number_is_refused_with_the_nearest() -> None:
    message = (
        r"loyalty\.repurchase_rat is not in the catalogue\. Did you mean loyalty\.repurchase_rate\?"
    )
    with pytest.raises(ValueError, match=message):
        loyalty().record("repurchase_rat", 0.5)


def test_a_notebook_records_only_under_its_own_noun() -> None:
    with pytest.raises(ValueError, match=r"loyalty\.customers is not in the catalogue"):
        loyalty().record("customers", 2357)


def test_money_is_in_the_workbooks_currency() -> None:
    facts = Facts("03_customer_base", as_of="1998-06-30", currency="EUR")
    facts.record("spend", 244091.94, n=2357)
    facts.record("customers", 2357)
    assert [made.unit for made in facts.metrics] == ["EUR", "customers"]


def test_numbers_become_plain_types_that_json_can_hold() -> None:
    facts = Facts("03_customer_base", as_of="1998-06-30", currency="EUR")
    facts.record("customers", np.int64(2357))
    facts.record("spend", "244091.9400", n=np.int64(2357))
    facts.record("gini", np.float64(0.123456789))
    assert [type(made.value) for made in facts.metrics] == [int, float, float]
    assert [made.value for made in facts.metrics] == [2357, 244091.94, 0.123457]
    assert json.loads(json.dumps(facts.to_dict()))["metrics"][1]["n"] == 2357


def test_the_first_screen_names_whole_ids() -> None:
    facts = loyalty()
    facts.on_first_screen("repurchase_rate", "repurchase_within.90")
    assert facts.tiles == ["loyalty.repurchase_rate", "loyalty.repurchase_within.90"]


def test_facts_say_which_run_made_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.RUN_ID_VARIABLE, raising=False)
    assert loyalty().to_dict()["run_id"] == "interactive"
    monkeypatch.setenv(paths.RUN_ID_VARIABLE, "abc123")
    assert loyalty().to_dict()["run_id"] == "abc123"


def test_facts_that_are_not_there_name_the_notebook(tmp_path: Path) -> None:
    message = (
        r"Expected the facts of 05_loyalty, found none\. Run notebooks/05_loyalty\.ipynb first\."
    )
    with pytest.raises(DataError, match=message):
        read_facts(tmp_path / "05_loyalty.json")


# --- the catalogue ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_entry_of_the_catalogue_can_be_read(name: str) -> None:
    about = CATALOGUE[name]
    noun, *rest = name.split(".")
    assert noun in {notebook.noun for notebook in NOTEBOOKS}
    assert rest
    assert re.fullmatch(r"[a-z_]+(\.([a-z0-9_]|<[a-z]+>)+)+", name)
    assert about.label
    assert about.unit
    assert about.definition.endswith(".")
    assert about.definition[0].isupper()


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_label_asks_only_for_groups_the_id_has(name: str) -> None:
    asked = set(re.findall(r"{(\w+)}", CATALOGUE[name].label))
    assert asked <= set(re.findall(r"<(\w+)>", name))


def test_two_numbers_of_the_catalogue_never_share_a_label() -> None:
    labels = [about.label for about in CATALOGUE.values()]
    assert sorted(labels) == sorted(set(labels))


def test_what_a_metric_needs_must_be_told() -> None:
    with pytest.raises(ValueError, match="segments.customers.<segment> needs segment"):
        Facts("04_segments", as_of="2024-01-31").record("customers.<segment>", 3)
    with pytest.raises(ValueError, match="base.spend needs the currency"):
        Facts("03_customer_base", as_of="2024-01-31").record("spend", 3)


def churn(monkeypatch: pytest.MonkeyPatch) -> Facts:
    about = Definition("Model that speaks", "name", "The model with the best log score.")
    monkeypatch.setitem(CATALOGUE, "churn.model", about)
    return Facts("06_churn", as_of="1998-06-30")


def test_a_name_is_kept_as_machines_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = churn(monkeypatch)
    facts.record("model", "mbg_nbd", n=2357)
    made = facts.metrics[0]
    assert (made.value, made.unit, made.n) == ("mbg_nbd", "name", 2357)
    assert (made.low, made.high, made.withheld) == (None, None, None)
    assert json.loads(json.dumps(facts.to_dict()))["metrics"][0]["value"] == "mbg_nbd"


def test_a_name_can_be_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = churn(monkeypatch)
    facts.record("model", None, withheld="No model beat the plain rules.")
    assert facts.metrics[0].value is None


def test_a_text_and_a_number_do_not_stand_in_for_each_other(monkeypatch) -> None:
    with pytest.raises(ValueError, match="churn.model: expected a text"):
        churn(monkeypatch).record("model", 3)
    with pytest.raises(ValueError, match="could not convert"):
        loyalty().record("repurchase_rate", "much")
