"""Numbers: read in the declared marks, or missing; never another number."""

from decimal import Decimal

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.intake.numbers import number_of
from regulars.parameters import Source


def numbers(texts: list[str | None], **marks: str) -> list[Decimal | None]:
    source = Source(files="x.csv", columns={}, **marks)
    rows = ibis.memtable({"n": range(len(texts)), "text": texts}, schema={"n": int, "text": str})
    read = rows.mutate(number=number_of(rows.text, source)).order_by("n").execute().number
    return [None if pd.isna(one) else Decimal(one) for one in read]


def check(texts: dict[str | None, str | None], **marks: str) -> None:
    wanted = {text: number and Decimal(number) for text, number in texts.items()}
    assert dict(zip(texts, numbers(list(texts), **marks), strict=True)) == wanted


def test_plain_numbers() -> None:
    check(
        {
            "12": "12",
            "-12.50": "-12.50",
            "+.5": "0.5",
            "5.": "5",
            "007": "7",
            "12.3456": "12.3456",
            "99999999999999.9999": "99999999999999.9999",
            "999999999999999": None,  # beyond decimal(18, 4)
            "1,000": None,
            "1,5": None,
            "1.000.5": None,
            "1e3": None,
            "0x1F": None,
            "1 000": None,
            "1_000": None,
            "nan": None,
            "inf": None,
            "--5": None,
            ".": None,
            "-": None,
            "12 EUR": None,
            "€5": None,
            None: None,
        }
    )


def test_decimal_comma() -> None:
    check({"12,50": "12.5", "12": "12", "12.50": None, "1.250,00": None}, decimal=",")


@pytest.mark.parametrize(
    ("marks", "texts"),
    [
        (
            {"thousands": ","},
            {"1,250.50": "1250.5", "1250.50": "1250.5", "12,50": None, ",5": None},
        ),
        ({"thousands": ","}, {"1,2345": None, "1234,567": None, "1,234,567": "1234567"}),
        (
            {"decimal": ",", "thousands": "."},
            {"1.250,50": "1250.5", "1.25": None, "1.250": "1250", "12.50": None},
        ),
        (
            {"decimal": ",", "thousands": " "},
            {"1 250,5": "1250.5", "1\u00a0250,5": "1250.5", "1\u202f250": "1250", "12 50": None},
        ),
        ({"thousands": "'"}, {"1'250.50": "1250.5", "1’250.50": "1250.5", "1'25": None}),
    ],
)
def test_thousands(marks: dict[str, str], texts: dict[str, str | None]) -> None:
    check(texts, **marks)


def test_what_bookkeepers_write() -> None:
    check(
        {
            "5.00-": "-5",
            "(5.00)": "-5",
            "１２．５０": "12.5",
            "−5": "-5",
            "－５": "-5",
            "(-5)": None,
            "-5-": None,
            "(5": None,
            "5)": None,
        }
    )


def test_a_currency_sign_stands_before_or_behind_the_number() -> None:
    check(
        {
            "€5.50": "5.5",
            "€ 5.50": "5.5",
            "5.50 €": "5.5",
            "5.50€": "5.5",
            "-€5": "-5",
            "€-5": "-5",
            "- 5 €": "-5",
            "(€5)": "-5",
            "5 €-": "-5",
            "5.50": "5.5",
            "1€50": None,  # one euro fifty; not 150
            "$5": None,
            "€": None,
        },
        currency_sign="€",
    )
    check({"$1,250.50": "1250.5", "US$5": None}, currency_sign="$", thousands=",")
    check({"CHF 5": "5", "5 CHF": "5"}, currency_sign="CHF")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_written_in_marks_is_read_in_them(amounts: list[Decimal]) -> None:
    german = [f"{x:,.2f}".translate(str.maketrans(",.", ".,")) for x in amounts]
    assert numbers(german, decimal=",", thousands=".") == amounts


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text("0123456789.,-+()'€ e", max_size=9), min_size=1, max_size=40))
def test_a_number_read_has_the_digits_of_its_text(texts: list[str]) -> None:
    """Whatever the marks, digits are never lost, added or put in another order."""
    stripped = [text.strip() or None for text in texts]
    for marks in ({}, {"decimal": ","}, {"thousands": ","}, {"currency_sign": "€"}):
        for text, number in zip(stripped, numbers(stripped, **marks), strict=True):
            if number is not None and len(text.split(marks.get("decimal", "."))[-1]) <= 4:
                digits = "".join(sign for sign in text if sign.isdigit())
                found = "".join(map(str, abs(number).as_tuple().digits))
                assert found.strip("0") == digits.strip("0")
