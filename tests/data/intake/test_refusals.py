"""Refusals: a delivery that adds up and is of no use is refused in a sentence, with its ledger."""

import re
from pathlib import Path

import pytest
from delivered import take

from regulars.data.intake.refusals import RefusedDeliveryError, refuse_if_useless
from regulars.parameters import Intake


def ledger(rows_in: int, *, merged: int = 0, table: str = "purchases", **reasons: int) -> dict:
    rejected = sum(reasons.values())
    entry = {
        "rows_in": rows_in,
        "rows_accepted": rows_in - rejected - merged,
        "rows_merged": merged,
        "rows_rejected": rejected,
        "reasons": [{"outcome": "rejected", "reason": r, "rows": n} for r, n in reasons.items()]
        + ([{"outcome": "merged", "reason": "equal_line", "rows": merged}] if merged else []),
        "files": [{"newest_day": "2024-05-05"}, {"newest_day": "2024-04-05"}],
    }
    return {"as_of": "2024-03-31", "tables": {table: entry}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (ledger(0), "purchases: the files have a header and no rows. Expected at least one row."),
        (
            ledger(3, ordered_at_after_as_of=3),
            "as_of is 2024-03-31, but all 3 rows of purchases lie after it; the newest is of "
            "2024-05-05. Set as_of to the last day your files are complete for.",
        ),
        (
            ledger(4, merged=1, ordered_at_after_as_of=3),
            "as_of is 2024-03-31, but all 3 rows of purchases lie after it; the newest is of",
        ),
        (
            ledger(1200, ordered_at_unreadable=1100, amount_unreadable=100),
            "purchases: expected usable rows, but all 1,200 were rejected (ordered_at_unreadable "
            "1,100, amount_unreadable 100). Compare sources.purchases (columns, date_format, ",
        ),
        (
            ledger(100, amount_unreadable=51),
            "purchases: 51 of 100 rows were rejected (amount_unreadable 51), more than the share "
            "0.5 that intake.most_rejected allows. Compare sources.purchases (columns, "
            "date_format, decimal, delimiter) with the file. If amounts have a decimal comma, "
            'say decimal: ",".',
        ),
        (ledger(100, table="surveys", score_missing=60), "surveys: 60 of 100 rows were rejected"),
        (
            ledger(100, currency_without_rate=1),
            "purchases: 1 rows are in a currency that is neither the workbook's nor one of "
            "intake.rates, so that amounts cannot be added up. Give its rate there.",
        ),
    ],
)
def test_refused(given: dict, message: str) -> None:
    with pytest.raises(RefusedDeliveryError, match=re.escape(message)) as refused:
        refuse_if_useless(given, Intake())
    assert refused.value.ledger is given
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (ledger(100, amount_unreadable=50), {}),
        (ledger(100, amount_unreadable=51), {"most_rejected": 0.51}),
        (ledger(100, ordered_at_after_as_of=90), {}),  # left for a later report
        (ledger(100, merged=90), {}),
        (ledger(0, table="surveys"), {}),
    ],
)
def test_let_pass(given: dict, rules: dict) -> None:
    refuse_if_useless(given, Intake(**rules))


def test_a_refused_delivery_leaves_no_ledger_but_hands_it_over(root: Path) -> None:
    with pytest.raises(RefusedDeliveryError, match="more than the share 0.5") as refused:
        take(root, "who,when,paid\n1,2024-01-01,1\n1,2024-01-02,x\n1,2024-01-03,y\n")
    assert refused.value.ledger["tables"]["purchases"]["rows_rejected"] == 2
    assert not (root / "data/work/shop/ledger.json").exists()


def test_no_cell_s_value_stands_in_a_message(root: Path) -> None:
    with pytest.raises(RefusedDeliveryError) as refused:
        take(root, "who,when,paid\nPlanted Name,2024-01-01,Planted Amount\n")
    assert "Planted" not in str(refused.value)


def test_several_currencies_are_added_up_with_a_rate_or_not_at_all(root: Path) -> None:
    columns = {"customer_id": "who", "ordered_at": "when", "amount": "paid", "currency": "ccy"}
    lines = "who,when,paid,ccy\n1,2024-01-01,10,EUR\n1,2024-01-02,10,USD\n1,2024-01-03,10,\n"
    for rules in ({}, {"rates": {"JPY": "0.0061"}}):
        with pytest.raises(RefusedDeliveryError, match="1 rows are in a currency"):
            take(root, lines, columns=columns, rules=rules)
    taken = take(root, lines, columns=columns, rules={"rates": {"USD": "0.9251"}})
    assert str(taken.money[1]) == "29.2510"
    assert taken.money[0] == taken.money[1]
