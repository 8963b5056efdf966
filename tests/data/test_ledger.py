"""The ledger: it adds up, or the run fails."""

import pytest

from regulars.data.ledger import (
    balance,
    by_table,
    flagged_rows,
    identifiers,
    is_later,
    merged_rows,
    rejected_rows,
    steps,
)
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


def with_reasons() -> dict:
    """Return purchases and surveys: 20 rows, of which 2 are later, 3 unusable, 4 merged."""
    counts = {"rows_in": 20, "rows_accepted": 11, "rows_merged": 4, "rows_rejected": 5}
    money = {"money_in": "100.5", "money_accepted": "80", "money_merged": "15.5"}
    given = [
        ("rejected", "amount_unreadable", 3, "0"),
        ("rejected", "ordered_at_after_as_of", 2, "5"),
        ("merged", "equal_line", 4, "15.5"),
    ]
    names = ("outcome", "reason", "rows", "money")
    reasons = [{**dict(zip(names, one, strict=True)), "sentence": "So it is."} for one in given]
    flags = [{"reason": "customer_id_missing", "sentence": "Empty.", "rows": 1, "money": "2"}]
    people = {"dropped": {"name": 7}, "masked": {"comment": {"phone": 2, "e-mail": 1}}}
    entry = {**counts, **money, "money_rejected": "5", "reasons": reasons, "flags": flags}
    purchases = {**entry, "money": "amount", "identifiers": people}
    surveys = {**entry, "money": "", "identifiers": {"dropped": {}, "masked": {}}}
    return {"tables": {"purchases": purchases, "surveys": surveys}}


def test_frames_for_a_reader() -> None:
    ledger = with_reasons()
    assert by_table(ledger, "rows").to_numpy().tolist() == [
        ["purchases", 20, 11, 4, 5],
        ["surveys", 20, 11, 4, 5],
    ]
    assert by_table(ledger, "money").to_numpy().tolist() == [["purchases", 100.5, 80, 15.5, 5]]


def test_why_rows_went_where_they_went() -> None:
    ledger = with_reasons()
    rejected = rejected_rows(ledger)
    assert rejected.reason.tolist() == ["amount_unreadable", "ordered_at_after_as_of"] * 2
    assert rejected.later.tolist() == [False, True] * 2
    assert rejected.money.tolist()[:2] == [0, 5]
    assert rejected.money.isna().tolist() == [False, False, True, True]
    assert merged_rows(ledger).rows.tolist() == [4, 4]
    assert flagged_rows(ledger).reason.tolist() == ["customer_id_missing"] * 2


def test_frames_without_rows_keep_their_columns_and_types() -> None:
    empty = {"tables": {"purchases": {**with_reasons()["tables"]["surveys"], "reasons": []}}}
    rejected = rejected_rows(empty)
    assert rejected.empty
    assert rejected[~rejected.later].columns.tolist() == rejected.columns.tolist()
    assert identifiers(empty).columns.tolist() == ["table", "column", "kind", "became", "cells"]


def test_what_became_of_identifiers() -> None:
    assert identifiers(with_reasons()).to_numpy().tolist() == [
        ["purchases", "name", "name", "dropped", 7],
        ["purchases", "comment", "phone", "masked", 2],
        ["purchases", "comment", "e-mail", "masked", 1],
    ]


def test_steps_tell_later_rows_from_unusable_ones_and_add_up() -> None:
    ledger = with_reasons()
    rows = steps(ledger, "purchases", "rows")
    assert rows.to_numpy().tolist() == [
        ["in", 20], ["later", 2], ["unusable", 3], ["merged", 4], ["accepted", 11],
    ]  # fmt: skip
    money = steps(ledger, "purchases", "money")["value"]
    assert money.tolist() == [100.5, 5, 0, 15.5, 80]
    assert money[0] - money[1:4].sum() == money[4]
    ledger["tables"]["purchases"]["reasons"].pop(1)
    assert steps(ledger, "purchases", "rows").step.tolist() == [
        "in", "unusable", "merged", "accepted",
    ]  # fmt: skip


def test_later_is_only_what_lies_after_as_of() -> None:
    assert [is_later(one) for one in ("created_at_after_as_of", "x_not_yet_known")] == [True, False]
