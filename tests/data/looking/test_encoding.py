"""Encoding: a right reading is found, a doubtful one says so, and two alike are refused."""

import codecs
import io

import pytest

from regulars.data.looking.encoding import encoding_of, plausible
from regulars.errors import DataError

SIMPLE = (
    "客户编号,下单日期,金额,商品\n1001,2024-01-05,12.50,白色茶杯\n1002,2024-01-06,9.00,蓝色雨伞\n"
)
OLD = "客戶編號,訂單日期,金額,商品\n1001,2024-01-05,12.50,白色茶杯\n1002,2024-01-06,9.00,藍色雨傘\n"
GERMAN = "Kunde;Datum;Betrag;Ort\n1;05.01.2024;12,50;Köln\n2;06.01.2024;9,00;Düsseldorf\n"
JAPANESE = (
    "顧客番号,注文日,金額,商品\n1,2024-01-05,1200,ノートパソコン\n2,2024-01-05,1200,きれいな花\n"
)
ENGLISH = "customer,date,amount,city\n1,2024-01-05,12.50,{}\n"


def of(data: bytes):
    return encoding_of(io.BytesIO(data), name="shop.csv")


@pytest.mark.parametrize(
    ("text", "encoding", "sure"),
    [
        (SIMPLE, "utf-8", True),
        (SIMPLE, "gb18030", True),
        (OLD, "big5", True),
        (GERMAN, "utf-8", True),
        (GERMAN, "cp1252", False),  # two signs are little
        (GERMAN + "3;07.01.2024;9,00;Müller Süd Öl äußerst\n" * 5, "cp1252", True),
        (JAPANESE, "shift_jis", False),
        (ENGLISH.format("杭州"), "gb18030", False),
        (ENGLISH.format("臺北"), "big5", False),
        (ENGLISH.format("x"), "ascii", True),
    ],
)
def test_the_right_reading_is_found(text: str, encoding: str, sure: bool) -> None:
    found = of(text.encode(encoding))
    assert (found.decided, found.sure) == (encoding.replace("ascii", "utf-8"), sure)


@pytest.mark.parametrize(
    ("mark", "encoding", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
    ],
)
def test_a_byte_order_mark_says_it(mark: bytes, encoding: str, codec: str) -> None:
    found = of(mark + SIMPLE.encode(codec))
    assert (found.decided, found.sure) == (encoding, True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ENGLISH.format("白").encode("gb18030"), "Read as gb18030 its columns are: customer"),
        ("Клиент,Дата\n1,2\n".encode("cp1251"), "its bytes do not say what else"),
        (ENGLISH.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"a,b\n\x81\xff\x81,\xff\n", "Save it as UTF-8|do not say"),
    ],
)
def test_what_cannot_be_told_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        of(data)


def test_utf_8_that_ends_inside_a_sign_is_no_other_encoding() -> None:
    found = of(SIMPLE.encode().rstrip(b"\n")[:-1])
    assert found.decided == "utf-8"


def test_two_bytes_that_are_also_utf_8_are_no_proof_of_it() -> None:
    """The GBK bytes of 一 are a rare Cyrillic letter in UTF-8."""
    found = of(ENGLISH.format("一").encode("gb18030"))
    assert (found.decided, found.sure) == ("gb18030", False)


def test_one_sign_of_utf_8_is_likely_but_not_sure() -> None:
    """Its bytes are 戮 in GBK; within a western word they would be sure."""
    found = of(ENGLISH.format("¾").encode())
    assert (found.decided, found.sure) == ("utf-8", False)
    assert of(ENGLISH.format("Zürich").encode()).sure


def test_nonsense_is_told_from_language() -> None:
    assert plausible(SIMPLE, "gb18030") > 0.9
    assert plausible(SIMPLE.encode("gb18030").decode("cp1252"), "cp1252") < 0.3
    assert plausible("plain", "cp1252") == 0
