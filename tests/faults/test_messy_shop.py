"""The messy shop: the same company, as clean files and as the files people really have.

Every defect that was planted is found, in the rows and the money the simulator wrote down; nothing
else is rejected or merged; and what is accepted equals the clean company, row for row.
"""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from regulars import paths
from regulars.cli import main
from regulars.data.contract import TABLES
from regulars.data.intake.take_in import take_in
from regulars.data.people.pseudonyms import KEY_VARIABLE
from regulars.data.samples import put_sample
from regulars.data.store import Store
from regulars.parameters import read_parameters

KEY = "a key for tests only"
CUSTOMERS = 400


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Take in the company twice, with no parameter but those init wrote."""
    root = tmp_path_factory.mktemp("messy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        patch.setenv(KEY_VARIABLE, KEY)
        put_sample("shop", customers=CUSTOMERS)
        put_sample("shop", customers=CUSTOMERS, messy=True)
        ledgers = {name: _taken(root, name) for name in ("shop", "messy")}
        tables = {name: {t: _rows(name, t) for t in TABLES} for name in ledgers}
    truth = root / "data" / "raw" / "messy" / "truth" / "defects.json"
    return {"ledgers": ledgers, "tables": tables, "defects": json.loads(truth.read_text())}


def _taken(root: Path, name: str) -> dict:
    files = [str(p) for p in sorted((root / "data" / "raw" / name).iterdir()) if p.is_file()]
    made = CliRunner().invoke(main, ["init", name, *files, "--as-of", "2025-12-31"])
    assert made.exit_code == 0, made.output
    told = read_parameters(root / "parameters" / f"{name}.yaml")
    return take_in(
        Store(name), told.sources, as_of=told.as_of, currency=told.currency, rules=told.intake
    )


def _rows(name: str, table: str) -> pd.DataFrame:
    rows = Store(name).read(f"accepted/{table}").drop("source_file", "source_line").execute()
    return rows.astype(str).sort_values(list(rows.columns), ignore_index=True)


def test_each_planted_defect_is_found_in_rows_and_money(both: dict) -> None:
    planted, money = Counter(), Counter()
    for one in both["defects"]["defects"]:
        key = (one["table"], one["outcome"], one["reason"])
        planted[key] += one["rows"]
        money[key] += Decimal(one["money"])
    found = {
        (table, reason["outcome"], reason["reason"]): (reason["rows"], Decimal(reason["money"]))
        for table, entry in both["ledgers"]["messy"]["tables"].items()
        for reason in entry["reasons"]
    }
    assert len(planted) > 40
    assert found == {key: (planted[key], money[key]) for key in planted}


def test_nothing_of_the_clean_company_is_rejected_or_merged(both: dict) -> None:
    for name, entry in both["ledgers"]["shop"]["tables"].items():
        assert (entry["rows_rejected"], entry["rows_merged"]) == (0, 0), name
        assert entry["rows_accepted"] == entry["rows_in"] > 0, name


@pytest.mark.parametrize("table", TABLES)
def test_what_is_accepted_is_the_clean_company_row_for_row(both: dict, table: str) -> None:
    clean, messy = both["tables"]["shop"][table], both["tables"]["messy"][table]
    pd.testing.assert_frame_equal(messy[list(clean.columns)], clean)
