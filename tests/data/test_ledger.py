"""The ledger: it adds up, or the run fails."""

from decimal import Decimal

import pandas as pd
import pytest

from regulars.data.ledger import balance, by_outcome, merge, rejected_rows
from regulars.errors import LedgerError


def entry(name: str, came: int, kept: int, refused: int) -> dict:
    rows = {"rows_in": came, "rows_accepted": kept, "rows_merged": 0, "rows_rejected": refused}
    return {
        "file": name,
        **rows,
        **{k.replace("rows", "money"): f"{v}.10" for k, v in rows.items()},
    }


@pytest.fixture
def ledger() -> dict:
    files = [entry("a.csv", 10, 8, 2), entry("b.csv", 5, 5, 0)]
    for file in files:
        money = {
            "money_in": "30.00",
            "money_accepted": "29.99",
            "money_merged": "0",
            "money_rejected": ".01",
        }
        file.update(money)
    whole = entry("all", 15, 13, 2)
    whole.update(
        {
            "money_in": "60.00",
            "money_accepted": "59.98",
            "money_merged": "0",
            "money_rejected": ".02",
        }
    )
    reasons = [{"reason": "amount_unreadable", "sentence": "No.", "rows": 2, "money": "0.02"}]
    return {"tables": {"purchases": {**whole, "reasons": reasons, "files": files}}}


def test_it_adds_up(ledger: dict) -> None:
    assert balance(ledger) is ledger


@pytest.mark.parametrize(
    ("place", "key", "value", "message"),
    [
        (
            "table",
            "rows_accepted",
            12,
            "The ledger of purchases does not add up: 15 rows came in, 14",
        ),
        ("table", "money_in", "60.01", "60.01 money came in, 60.00 went out"),
        ("file", "rows_rejected", 3, "The ledger of purchases, a.csv does not add up"),
    ],
)
def test_it_does_not_add_up(
    ledger: dict, place: str, key: str, value: object, message: str
) -> None:
    table = ledger["tables"]["purchases"]
    (table if place == "table" else table["files"][0])[key] = value
    with pytest.raises(LedgerError, match=message):
        balance(ledger)


def test_merged_rows_leave_the_accepted_ones(ledger: dict) -> None:
    merged = pd.DataFrame({"source_file": ["b.csv"], "rows": [2], "money": [Decimal("4.50")]})
    table = merge(ledger, "purchases", merged)["tables"]["purchases"]
    assert (table["rows_accepted"], table["rows_merged"]) == (11, 2)
    assert table["files"][0]["rows_merged"] == 0
    assert table["files"][1]["money_accepted"] == "25.49"
    assert ledger["tables"]["purchases"]["rows_accepted"] == 13, "the ledger given is not changed"


def test_frames_for_a_reader(ledger: dict) -> None:
    assert by_outcome(ledger).rows.tolist() == [15, 13, 0, 2]
    assert rejected_rows(ledger).loc[0, ["reason", "rows", "money"]].tolist() == [
        "amount_unreadable",
        2,
        0.02,
    ]
    empty = {"tables": {"purchases": {**ledger["tables"]["purchases"], "reasons": []}}}
    assert rejected_rows(empty).empty
