"""Accounts: counted by hand, from a table as it was staged and as it was written."""

from decimal import Decimal

import ibis
import pandas as pd
import pytest

from regulars.data.contract import TABLES
from regulars.data.intake.accounts import Written, account_of, file_accounts, twin_account

DAY = pd.Timestamp("2024-01-05")
# Seven rows that were rows: a.csv five (one flagged, one merged, two rejected), b.csv two.
STAGED = [
    ("a.csv", "1", DAY, "10.00", "", ""),
    ("a.csv", None, DAY, "2.50", "", "customer_id_missing "),
    ("a.csv", "1", DAY, "10.00", "", ""),
    ("a.csv", "2", None, "4.00", "ordered_at_unreadable ", ""),
    ("a.csv", "2", None, None, "ordered_at_missing amount_unreadable ", "customer_id_missing "),
    ("b.csv", "3", DAY + pd.Timedelta(days=1), "-5.00", "", ""),
    ("b.csv", "3", DAY + pd.Timedelta(days=90), "7.00", "ordered_at_after_as_of ", ""),
]
SENT = [
    {"file": "a.csv", "rows_in": 6, "money_in": "26.5000", "newest_day": "2024-01-05"},
    {"file": "b.csv", "rows_in": 2, "money_in": "2.0000", "newest_day": "2024-04-04"},
]
PURCHASES = TABLES["purchases"]


def frame(rows: list[tuple], names: list[str]) -> ibis.expr.types.Table:
    schema = {name: "timestamp(6)" if name == "ordered_at" else "string" for name in names}
    made = ibis.memtable(pd.DataFrame(rows, columns=names), schema=schema)
    money = [name for name in ("amount", "money") if name in names]
    return made.mutate(**{name: made[name].cast("decimal(18, 4)") for name in money})


@pytest.fixture(scope="module")
def written() -> Written:
    """What a careful intake would have written of these rows."""
    names = ["source_file", "customer_id", "ordered_at", "amount", "reasons", "flags"]
    staged = frame(STAGED, names)
    accepted = frame([STAGED[0][:4], STAGED[1][:4], STAGED[5][:4]], names[:4])
    gone = ["source_file", "reasons", "money"]
    merged = frame([("a.csv", "equal_line", "10.00")], gone)
    rejected = [
        ("a.csv", "ordered_at_unreadable", "4.00"),
        ("a.csv", "ordered_at_missing amount_unreadable", None),
        ("a.csv", "line_malformed", None),
        ("b.csv", "ordered_at_after_as_of", "7.00"),
    ]
    return Written(staged, accepted, merged, frame(rejected, gone))


def test_each_file_by_hand(written: Written) -> None:
    a, b = file_accounts(SENT, PURCHASES, written)
    assert a == {
        "file": "a.csv",
        "newest_day": "2024-01-05",
        "rows_in": 6,
        "rows_accepted": 2,
        "rows_merged": 1,
        "rows_rejected": 3,
        "money_in": "26.5000",
        "money_accepted": "12.5000",
        "money_merged": "10.0000",
        "money_rejected": "4.0000",
    }
    assert (b["rows_in"], b["money_in"], b["newest_day"]) == (2, "2.0000", "2024-04-04")


def test_the_table_by_hand(written: Written) -> None:
    files = file_accounts(SENT, PURCHASES, written)
    given = ["customer_id", "ordered_at", "amount"]
    account = account_of(PURCHASES, written, files=files, given=given)
    rows = [account[f"rows_{way}"] for way in ("in", "accepted", "merged", "rejected")]
    money = [Decimal(account[f"money_{way}"]) for way in ("in", "accepted", "merged", "rejected")]
    assert rows == [8, 3, 1, 4]
    assert money == [Decimal("28.5"), Decimal("7.5"), 10, 11]
    assert [(r["outcome"], r["reason"], r["rows"], r["money"]) for r in account["reasons"]] == [
        ("rejected", "line_malformed", 1, "0.0000"),
        ("rejected", "ordered_at_missing", 1, "0.0000"),
        ("rejected", "ordered_at_unreadable", 1, "4.0000"),
        ("rejected", "ordered_at_after_as_of", 1, "7.0000"),
        ("merged", "equal_line", 1, "10.0000"),
    ]
    assert account["reasons"][2]["sentence"] == "ordered_at does not parse as a date."
    # The flag of a rejected row is not counted.
    (flag,) = account["flags"]
    assert (flag["reason"], flag["rows"], flag["money"]) == ("customer_id_missing", 1, "2.5000")
    assert (account["oldest_day"], account["newest_day"]) == ("2024-01-05", "2024-01-06")
    assert account["fields"] == {
        "customer_id": {"rows": 7, "filled": 6, "valid": 6},
        "ordered_at": {"rows": 7, "filled": 6, "valid": 4},
        "amount": {"rows": 7, "filled": 7, "valid": 6},
    }


def test_a_twin_is_merged_whole(written: Written) -> None:
    a, _ = file_accounts(SENT, PURCHASES, written)
    twin = twin_account({"file": "c.csv", "form": {}}, a)
    assert (twin["rows_in"], twin["rows_merged"], twin["rows_rejected"]) == (6, 6, 0)
    assert (twin["money_in"], twin["money_merged"], twin["same_as"]) == ("26.5000",) * 2 + (
        "a.csv",
    )
    account = account_of(PURCHASES, written, files=[a, twin], given=[])
    same = [r for r in account["reasons"] if r["reason"] == "same_file"]
    assert [(r["outcome"], r["rows"], r["money"]) for r in same] == [("merged", 6, "26.5000")]


def test_a_table_without_money_or_time_is_counted_in_rows() -> None:
    targets = TABLES["targets"]
    staged = frame([("t.csv", "", "")], ["source_file", "reasons", "flags"])
    gone = frame([], ["source_file", "reasons", "money"])
    kept = frame([("t.csv",)], ["source_file"])
    files = file_accounts(
        [{"file": "t.csv", "rows_in": 1, "money_in": "0.0000", "newest_day": ""}],
        targets,
        Written(staged, kept, gone, gone),
    )
    account = account_of(targets, Written(staged, kept, gone, gone), files=files, given=[])
    assert (account["rows_in"], account["money"], account["money_in"]) == (1, "", "0.0000")
    assert (account["oldest_day"], account["newest_day"]) == ("", "")
