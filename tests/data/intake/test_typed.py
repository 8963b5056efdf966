"""Typed: a cell's text, and what each type of field makes of it."""

from decimal import Decimal

import ibis
import pytest
from delivered import judge

from regulars.data.intake.texts import trimmed

TIME = {"customer_id": "1", "ordered_at": "2024-01-05", "amount": "1"}


def values(table: str, field: str, texts: list[str | None], **options: object) -> list:
    rows = [{field: text} for text in texts]
    read = judge(table, rows, **options)[field]
    return [None if one != one or one is None else one for one in read]


def test_blanks_around_a_cell_are_no_part_of_it() -> None:
    texts = [" shop ", "shop one", "   ", "", None]
    assert values("purchases", "channel", texts) == ["shop", "shop one", None, None, None]


@pytest.mark.parametrize(("plain", "found"), [(True, "\tshop\n"), (False, "shop")])
def test_a_careful_reader_s_cells_may_have_other_blanks_around(plain: bool, found: str) -> None:
    cell = ibis.memtable({"text": ["\tshop\n"]}).text
    assert trimmed(cell, plain=plain).execute()[0] == found


def test_only_declared_words_are_missing() -> None:
    texts = ["NA", "NULL", "n/a", "na", "None", "-"]
    assert values("purchases", "region", texts) == texts
    assert values("purchases", "region", texts, missing=["NA", "-"]) == [
        None,
        "NULL",
        "n/a",
        "na",
        "None",
        None,
    ]


def test_declared_words_are_translated_and_others_stay() -> None:
    translate = {"kind": {"退货": "return", "Verkauf": "sale"}}
    texts = ["退货", "Verkauf", "verkauf", "SALE", None]
    found = values("purchases", "kind", texts, translate=translate)
    assert found == ["return", "sale", "verkauf", "sale", None]


def test_missing_comes_before_translating() -> None:
    options = {"missing": ["-"], "translate": {"kind": {"-": "sale"}}}
    assert values("purchases", "kind", ["-", "sale"], **options) == [None, "sale"]


def test_a_value_stands_in_every_row() -> None:
    found = judge("purchases", [TIME, TIME], values={"channel": "web", "currency": "EUR"})
    assert found.channel.tolist() == ["web", "web"]
    assert found.reasons.tolist() == ["", ""]


def test_a_value_is_typed_as_a_cell_is() -> None:
    found = judge("purchases", [TIME], values={"quantity": "2", "kind": "Sale"})
    assert (found.quantity[0], found.kind[0]) == (Decimal(2), "sale")
    wrong = judge("purchases", [TIME], values={"quantity": "two"})
    assert wrong.reasons[0] == "quantity_unreadable "


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        *[(text, True) for text in ("true", "Yes", "Y", "1", "t", "是", "JA", "wahr")],
        *[(text, False) for text in ("false", "No", "0", "f", "否", "Nein")],
        ("maybe", None),
        ("2", None),
    ],
)
def test_flags(text: str, flag: bool | None) -> None:
    assert values("opportunities", "won", [text]) == [flag]


def test_each_column_may_have_its_own_date_format() -> None:
    row = {"opened_at": "05/01/2024", "closed_at": "2024-01-06", "first_reply_at": "20240105"}
    formats = {"closed_at": "ISO", "first_reply_at": ["%Y%m%d", "ISO"]}
    found = judge("interactions", [row], date_format="%d/%m/%Y", date_formats=formats)
    days = [str(found[name][0].date()) for name in row]
    assert days == ["2024-01-05", "2024-01-06", "2024-01-05"]


def test_ids_are_text_in_one_form() -> None:
    texts = ["00042", "４２", " 42 ", "9007199254740993123", "cust_42"]
    assert values("purchases", "order_id", texts) == [
        "00042",
        "42",
        "42",
        "9007199254740993123",
        "cust_42",
    ]


def test_only_customer_ids_are_normalised() -> None:
    row = {"customer_id": "cust_42", "order_id": "ord_42"}
    found = judge("purchases", [row], rules={"customer_ids": "normalise"})
    assert (found.customer_id[0], found.order_id[0]) == ("CUST-42", "ord_42")


def test_a_field_the_source_does_not_give_is_there_and_missing() -> None:
    found = judge("purchases", [TIME])
    assert found[["order_id", "discount", "kind"]].isna().all(axis=None)
    assert found.reasons[0] == ""
