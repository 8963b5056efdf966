"""Parameters: what is refused, in which words, and that text stays text."""

from pathlib import Path

import pytest
import yaml

from regulars.errors import ParameterError
from regulars.parameters import Parameters, read_parameters

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
    assert parameters.sources["purchases"].columns["amount"] == "dollars"
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
            "duplicates is 'yes': input should be 'keep' or 'merge'",
        ),
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


def test_changes_take_the_place_of_the_file_s_values() -> None:
    assert str(read_parameters(CDNOW, changes={"as_of": "1998-05-31"}).as_of) == "1998-05-31"
    with pytest.raises(ParameterError, match="as_of is 'May'"):
        read_parameters(CDNOW, changes={"as_of": "May"})
