"""Parameters: what is refused, in which words, and that text stays text."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from regulars.errors import ParameterError
from regulars.parameters import (
    Cleaning,
    Intake,
    Parameters,
    Source,
    read_parameters,
    read_rules,
    read_sources,
)
from regulars.parameters.segments import (
    STRATEGIES,
    Costs,
    CutPoints,
    Importance,
    Lists,
    Tiers,
)

CDNOW = Path(__file__).parents[1] / "parameters" / "cdnow.yaml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = CDNOW.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "shop.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_cdnow_reads() -> None:
    parameters = read_parameters(CDNOW)
    assert str(parameters.as_of) == "1998-06-30"
    (purchases,) = parameters.sources["purchases"]
    assert purchases.columns["amount"] == "dollars"
    assert (parameters.intake.duplicates, parameters.intake.pseudonymise) == ("keep", False)
    assert parameters.holdout_days == 273


@pytest.mark.parametrize("text", ["NO", "012", "1e3", "2024_01", "null", "1998-06-30", "0x10"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    path = changed(tmp_path, "title: CDNOW, an online CD shop", f"title: {text}")
    assert read_parameters(path).title == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "holdout_days:",
            "holdout_day:",
            "unknown parameter 'holdout_day'. Did you mean holdout_days?",
        ),
        ("as_of: 1998-06-30", "", "the parameter as_of is missing. Add a line 'as_of: …'"),
        (
            "as_of: 1998-06-30",
            "as_of: 1998-06-31",
            "as_of is '1998-06-31': input should be a valid date",
        ),
        ("holdout_days: 273", "holdout_days: many", "holdout_days is 'many': .*valid integer"),
        (
            "holdout_days: 273",
            "holdout_days: 0",
            "holdout_days is '0': .*greater than or equal to 7",
        ),
        (
            "duplicates: keep",
            "duplicates: yes",
            "intake.duplicates is 'yes': input should be 'merge', 'redelivered' or 'keep'",
        ),
        (
            "duplicates: keep",
            "duplicate: keep",
            "unknown parameter 'intake.duplicate'. Did you mean duplicates\\? Allowed are: duplic",
        ),
        (
            "intake:",
            "cleaning: {outlier: 3}\nintake:",
            "unknown parameter 'cleaning.outlier'. Did you mean outliers",
        ),
        ("intake:", "intaek:", "unknown parameter 'intaek'. Did you mean intake"),
        (
            "amount: dollars",
            "amout: dollars",
            "purchases has no column 'amout'. Did you mean amount?",
        ),
        ("      amount: dollars\n", "", "purchases needs the column amount; add it under sources"),
        ("  purchases:", "  purchase:", "the table purchases is required"),
        (
            "    date_format:",
            "    dateformat:",
            "unknown parameter '.*dateformat'. Did you mean date_format?",
        ),
        ("currency: USD", "currency: USD\ncurrency: EUR", "'currency' stands there twice in line"),
        ("currency: USD", "currency: [USD", "cdnow|shop.yaml: .* in line"),
        (
            "currency: USD",
            'currency: USD\n"a = 1\\nimport os": 1',
            "unknown parameter 'a = 1.nimport os'",
        ),
        ("workbook: cdnow", "workbook: ../x", "workbook is '../x': string should match pattern"),
        ("files: data/raw", "files: /data/raw", "expected a path below the project's root"),
        ("files: data/raw", "files: ../raw", "expected a path below the project's root"),
        ('r: "5"', 'r: "6"', "r is '6'"),
    ],
)
def test_refused_in_a_sentence(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_parameters(changed(tmp_path, old, new))


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "cdnow.yaml").touch()
    with pytest.raises(ParameterError, match=r"found none\. Did you mean cdnow\.yaml\?"):
        read_parameters(tmp_path / "cdno.yaml")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    with pytest.raises(ParameterError, match="expected one 'name: value' a line"):
        read_parameters(tmp_path / "empty.yaml")


def test_the_schema_has_no_parameter_that_papermill_would_read_otherwise() -> None:
    """Plain papermill reads the file by YAML's own rules; what it gives must mean the same."""
    loose = yaml.safe_load(CDNOW.read_text(encoding="utf-8"))
    assert Parameters.model_validate(loose) == read_parameters(CDNOW)


COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
SHOP = {"files": "shop.csv", "columns": COLUMNS}


def test_a_table_has_one_source_or_a_list_of_them() -> None:
    one = read_sources({"purchases": SHOP})["purchases"]
    two = read_sources({"purchases": [SHOP, {**SHOP, "decimal": ","}]})["purchases"]
    assert one == [Source(**SHOP)]
    assert [source.decimal for source in two] == [".", ","]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"encodin": "utf-8"}, r"'sources\.purchases\.2\.encodin'\. Did you mean encoding\?"),
        ({"encoding": "latin1"}, "purchases.2.encoding is 'latin1': input should be 'utf-8', "),
        ({"decimal": ",", "thousands": ","}, "decimal and thousands are both ','; they must diff"),
        ({"files": ""}, "files is .*: string should have at least 1 character"),
        ({"database": "duckdb:a.db"}, "expected files, or database with query, and one of the"),
        ({"date_formats": {"ordered": "ISO"}}, "no column 'ordered'. Did you mean ordered_at"),
        ({"translate": {"kin": {}}}, r"no column 'kin'. Did you mean kind\? Its columns are"),
        ({"values": {"chanel": "shop"}}, "no column 'chanel'. Did you mean channel"),
        ({"attributes": {"vip": "VIP"}}, "only customers can have attributes, but purchases"),
        ({"date_format": ["%d/%m/%Y", "%m/%d/%Y"]}, "read one text as two days; give the files"),
        ({"date_format": "dd/mm/yyyy"}, "expected ISO, excel, excel1904, or strptime's letters"),
        ({"date_format": ["ISO", "%d/%m"]}, "with a year and a month, such as %d.%m.%Y; found"),
        ({"date_format": "%Q"}, "found '%Q'"),
        ({"date_formats": {"ordered_at": ["%d.%m.%y", "%y.%m.%d"]}}, "read one text as two days"),
    ],
)
def test_each_source_of_a_list_is_checked(change: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_sources({"purchases": [SHOP, {**SHOP, **change}]})


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"purchases": []}, "should have at least 1 item"),
        ({"purchases": "shop.csv"}, "should be a valid dictionary"),
        ({}, "the table purchases is required"),
        ({"purchases": SHOP, "customer": SHOP}, "no table 'customer'. Did you mean customers"),
    ],
)
def test_sources_that_are_none(sources: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_sources(sources)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"region": "Land"}, "'region' cannot be the name of an attribute"),
        ({"reasons": "Why"}, "'reasons' cannot be the name of an attribute"),
        ({"held_name": "Why"}, "'held_name' cannot be the name of an attribute"),
        ({"VIP": "VIP"}, "'VIP' cannot be the name of an attribute"),
        ({"contact": "E-Mail"}, "column 'E-Mail', which tells who somebody is"),
    ],
)
def test_an_attribute_is_a_further_column_that_names_nobody(attributes: dict, message: str) -> None:
    customers = {"files": "c.csv", "columns": {"customer_id": "who"}}
    with pytest.raises(ParameterError, match=message):
        read_sources({"purchases": SHOP, "customers": {**customers, "attributes": attributes}})


def test_attributes_of_customers_are_kept() -> None:
    customers = {"files": "c.csv", "columns": {"customer_id": "who"}, "attributes": {"vip": "VIP"}}
    (source,) = read_sources({"purchases": SHOP, "customers": customers})["customers"]
    assert source.attributes == {"vip": "VIP"}


@pytest.mark.parametrize(
    ("kind", "rules", "message"),
    [
        (Intake, {"duplicate": "merge"}, "unknown parameter 'intake.duplicate'. Did you mean dup"),
        (Intake, {"most_rejected": "1.5"}, "intake.most_rejected is '1.5': .*less than or equal"),
        (Intake, {"rates": {"USD": "-1"}}, "intake.rates.USD is '-1': .*greater than 0"),
        (Intake, {"rates": {"USD": "0.12345678901"}}, "no more than 10 decimal places"),
        (Intake, {"rates": {"usd": "1"}}, "is 'usd': string should match pattern"),
        (Intake, {"timezone": "Europe/Berln"}, "no time zone .*Did you mean Europe/Berlin"),
        (Intake, {"test_customers": "(test"}, "intake.test_customers: expected a regular expr"),
        (Intake, {"test_customers": "(?=a)"}, "without look-around"),
        (Cleaning, {"non_products": "["}, "cleaning.non_products: expected a regular expression"),
        (Cleaning, {"outlier": "3"}, "unknown parameter 'cleaning.outlier'. Did you mean outliers"),
    ],
)
def test_switches_are_checked(kind: type, rules: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_rules(rules, kind)


def test_switches_that_are_not_said_have_their_default() -> None:
    assert read_rules(None, Intake) == read_rules({}, Intake) == Intake()
    given = Intake(conflicts="reject")
    assert read_rules(given, Intake) is given
    assert read_rules({"rates": {"USD": "0.92"}}, Intake).rates == {"USD": Decimal("0.92")}


def test_changes_take_the_place_of_the_file_s_values() -> None:
    assert str(read_parameters(CDNOW, changes={"as_of": "1998-05-31"}).as_of) == "1998-05-31"
    with pytest.raises(ParameterError, match="as_of is 'May'"):
        read_parameters(CDNOW, changes={"as_of": "May"})


@pytest.mark.parametrize(
    ("kind", "told", "message"),
    [
        (CutPoints, {"orders": [1, 2, 3]}, "cut_points.orders is .*at least 4 items"),
        (CutPoints, {"orders": [1, 2, 2, 3]}, "cut points of orders have to rise"),
        (CutPoints, {"order": [1, 2, 3, 4]}, "unknown parameter 'cut_points.order'. Did you mean"),
        (Tiers, {"a_until": 0.9, "b_until": 0.8}, "expected 0 < a_until < b_until < 1"),
        (Tiers, {"pyramid": [0.5, 0.4, 0.2]}, "shares of the pyramid below 1 together"),
        (Importance, {"weights": {"volume": -1}}, "importance.weights.volume is '-1'"),
        (
            Importance,
            {"weights": dict.fromkeys(["volume", "loyalty", "contribution", "fit"], 0)},
            "at least one weight has to be above 0",
        ),
        (Importance, {"vip_share": 1}, "importance.vip_share is '1'"),
        (Costs, {"margin_rate": 40}, "costs.margin_rate is '40'"),
        (Costs, {"contacts": 5}, "unknown parameter 'costs.contacts'. Did you mean contact"),
        (Lists, {"keep_days": 0}, "lists.keep_days is '0'"),
    ],
)
def test_what_is_told_about_groups_is_checked(kind: type, told: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_rules(told, kind)


def test_groups_have_defaults_that_keep_their_own_rules() -> None:
    parameters = read_parameters(CDNOW)
    for kind in (CutPoints, Tiers, Importance, Costs, Lists):
        assert read_rules(None, kind) == kind()
    assert parameters.strategies == []
    assert {card.group for card in STRATEGIES} == {
        "vip", "potential", "ordinary", "dormant",
    }  # fmt: skip
