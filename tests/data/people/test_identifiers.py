"""Identifiers: each form alone, then two corpora, then the engine."""

import itertools
import random

import ibis
import pytest

from regulars.data.people.checksums import is_card, is_chinese_identity, is_iban
from regulars.data.people.identifiers import (
    KINDS,
    count_identifiers,
    found_in,
    identifier_kinds,
    mask_text,
    masked,
    name_kind,
    shape,
)

# All made up, or published as examples.
PLANTED = {
    "e-mail": ["max.muster@example.org", "li_wei+shop@mail.example.com.cn", "zoë@exämple.de"],
    "phone": [
        "0171 2345678", "+49 (0)30 1234567", "030/123 45 67", "13800138000", "138-0013-8000",
        "+86 139 1234 5678", "06 12 34 56 78", "07911 123456", "0912-345-678", "(02) 2345-6789",
        "010-12345678", "(415) 555-2671", "0049 171 2345678",
    ],
    "identity number": ["11010519491231002X", "110105 19491231 002x", "A123456789"],
    "card number": ["4111 1111 1111 1111", "5500000000000004", "3782 822463 10005", "6222020000000000000"],
    "bank account": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"],
}  # fmt: skip
AROUND = [
    "Please reach me under {} today.",
    "{}",
    "my contact: {}, thanks!",
    "Bitte melden Sie sich unter {}.",
    "Meine Daten sind {} und nichts kam an",
    "请联系{}，谢谢",
    "我的资料是{}。",
    "請聯絡{}，謝謝",
    "東西壞了！！{}請回覆",
]
HARMLESS = [
    "Where is order {}?", "order no. {} never came", "Invoice #{} is wrong", "Tracking number: {}",
    "Bestellung {} fehlt", "Die Rechnung Nr. {} stimmt nicht", "Auftragsnummer {} ist falsch",
    "订单{}还没到", "订单号：{}，请查", "快递单号{}", "訂單編號 {} 有問題", "發票號碼：{}",
]  # fmt: skip
NUMBERS = ["100042", "4500012345", "15012345678", "0171 2345678", "00042123456", "20240105-77", "123456789012"]  # fmt: skip
PLAIN = [
    "Came on 05.01.2024 at 10:30, not on 2024-01-03.", "Paid 1,299.00 EUR in 2023 and 1.150,50 in 2024.",
    "24/7 since 2019 - 2024, 100 % happy", "The 2024/01/05 parcel weighed 12 345 678 g", "Size 42, 43 or 44; 3 of 10",
    "Seit 01.02.2024 12 warte ich", "ISBN 0306406152 was torn", "Preis: 12 345,00 statt 9 999,00",
    "2024年1月5日下单，共1299.00元，等了15天", "2024-01-05 10:30:00 下单", "共 3 件，每件 199.90 元", "買了 2 個，花了 3,980 元",
    "Batch 20240105 smells", "rated it 10/10, would buy 1000 times", "iPhone 15 128 GB for 949 EUR", "EAN 4006381333931",
    "see @shop on the net", "email me soon", "tel aviv in 2024", "call me on 2024-01-05", "A +3 on 20.01.2024 10 times",
    "lot 4111-22", "version 1.2.3.4.5.6.7.8", "1 2 3 4 5 6 7 8", "Wien 1010, 20240105", "手机20240105买的", "電話客服 24 小時",
    "it was 20 degrees, 1013 hPa, 55 % and 3 m/s", "x" * 200, "", "100042", "4111111111111112", "110105194912310021",
]  # fmt: skip


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def planted() -> list[tuple[str, str, str]]:
    pairs = [(kind, value) for kind, values in PLANTED.items() for value in values]
    texts = [(k, v, around.format(v)) for (k, v), around in itertools.product(pairs, AROUND)]
    wide = [
        (k, full_width(v), f"我的资料：{full_width(v)}，谢谢") for k, v in pairs if k != "e-mail"
    ]
    return texts + wide


def harmless() -> list[str]:
    orders = [text.format(number) for text in HARMLESS for number in NUMBERS]
    dates = [
        around.format(day)
        for around in AROUND
        for day in ("05.01.2024", "2024-01-05", "1.299,00 EUR", "2019-2024", "1,000,000", "3 x 250 ml", "42", "5000", "2024 01 05", "#100042")
    ]  # fmt: skip
    return PLAIN + orders + dates


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in PLANTED.items() for v in vs])
def test_each_form_is_found_whole(kind: str, value: str) -> None:
    assert mask_text(value) == f"[{kind}]"


def test_planted_identifiers_are_masked_and_nothing_of_them_is_left() -> None:
    texts = planted()
    assert len(texts) >= 200
    left = [(text, mask_text(text)) for kind, value, text in texts if f"[{kind}]" not in mask_text(text)
            or any(sign.isdigit() for sign in mask_text(text)) or "@" in mask_text(text)]  # fmt: skip
    assert left == []


def test_words_around_an_identifier_stay() -> None:
    for kind, value, text in planted():
        assert mask_text(text) == text.replace(value, f"[{kind}]")


def test_harmless_sentences_survive_unchanged() -> None:
    texts = harmless()
    assert len(texts) >= 200
    assert [(text, mask_text(text)) for text in texts if mask_text(text) != text] == []


def test_several_in_one_text_are_all_found() -> None:
    text = "me@example.org or 0171 2345678; card 4111-1111-1111-1111, 订单100042，身份证11010519491231002X"
    assert mask_text(text) == (
        "[e-mail] or [phone]; card [card number], 订单100042，身份证[identity number]"
    )
    assert set(found_in(text)) == {"e-mail", "phone", "card number", "identity number"}
    assert identifier_kinds([text, text, "nothing"]) == {
        kind: 2 for kind in KINDS if kind != "bank account"
    }


def test_signs_without_width_hide_nothing() -> None:
    assert mask_text("138\u200b0013\u200b8000") == "[phone]"


def test_words_after_an_account_stay() -> None:
    assert mask_text("DE89 3704 0044 0532 0130 00 BITTE 5 EUR") == "[bank account] BITTE 5 EUR"


def one_wrong(number: str, place: int) -> str:
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


@pytest.mark.parametrize(
    ("check", "number"),
    [(is_card, "6222020000000000000"), (is_chinese_identity, "110105194912310120"), (is_iban, "DE89370400440532013000")],
)  # fmt: skip
def test_checksums_see_any_single_wrong_digit(check: object, number: str) -> None:
    number = next(n for n in (number[:-1] + d for d in "0123456789") if check(n))
    assert not any(check(one_wrong(number, place)) for place in range(4, len(number)))


@pytest.mark.parametrize(
    "unit", ["a", "1 ", "1", "tel ", "order no ", "a@", "a.", "0171 ", "DE89 ", "+1 ("]
)
def test_a_long_cell_is_read_to_its_end(unit: str) -> None:
    """A search that tries every part of 64 KB against every other would never come to the end."""
    text = (unit * 65_536)[:65_536]
    assert mask_text(f"{text}; me@example.org").endswith("; [e-mail]")


def test_the_engine_masks_what_python_masks_in_the_order_of_the_rows() -> None:
    texts = [text for _, _, text in planted()] + harmless() + [None]
    random.Random(1).shuffle(texts)
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"n": range(len(texts)), "comment": texts}))
    found = rows.mutate(comment=masked(rows.comment)).to_pyarrow()["comment"].to_pylist()
    assert found == [text and mask_text(text) for text in texts]
    assert count_identifiers(rows.comment) == identifier_kinds(t for t in texts if t)


def test_an_empty_column_is_fine() -> None:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"comment": [None, ""]}, schema={"comment": "string"}))  # fmt: skip
    assert rows.mutate(comment=masked(rows.comment)).to_pyarrow()["comment"].to_pylist() == [None, ""]  # fmt: skip
    assert count_identifiers(rows.comment) == {}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("E-Mail", "email"), ("customer_email", "email"), ("BillingPhone", "phone"), ("Phone2", "phone"), ("姓名", "name"),
        ("收货人手机号", "phone"), ("Straße", "address"), ("Kreditkarte", ""), ("身份证号码", "id_number"), ("IBAN", "id_number"),
        ("product name", ""), ("campaign_name", ""), ("amount", ""), ("", ""), ("customer_id", ""), ("Full Name", "name"),
    ],
)  # fmt: skip
def test_a_header_tells_what_it_announces(header: str, kind: str) -> None:
    assert name_kind(header) == kind


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("abc", "xxx"), ("31.02.2024", "31.02.2024"), ("1.23E+15", "1.23E+15"), ("Müller 0171 2345678", "xxxxxx #### #######"),
        ("2024-01-05T10:30:00Z", "2024-01-05T10:30:00Z"), ("138-0013-8000", "###-####-####"), ("31.12.2024 23:59", "31.12.2024 23:59"),
        ("张三 13800138000", "字字 ###########"), ("CUST-42", "xxxx-42"), ("me@example.org", "xx@xxxxxxx.xxx"), ("1.234,56 €", "1.234,56 €"),
        ("", ""), ("<b>12345</b>", "<x>#####</x>"),
    ],
)  # fmt: skip
def test_a_shape_keeps_the_form_and_names_nobody(cell: str, seen: str) -> None:
    assert shape(cell) == seen
