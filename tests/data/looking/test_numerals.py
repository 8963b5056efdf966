"""Numerals: marks that are proved, marks that are not, and the engine reads what was decided."""

from decimal import Decimal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.intake.numbers import number_of
from regulars.data.looking.numerals import is_number, marks_in, read_marks
from regulars.parameters import Source


def decided(texts: list[str]) -> tuple[dict[str, str], bool]:
    found = read_marks(marks_in([dict.fromkeys(texts, 1)]))
    return {one.what: one.decided for one in found}, all(one.sure for one in found)


@pytest.mark.parametrize(
    ("texts", "marks", "sure"),
    [
        (["1.234,56", "7"], {"decimal": ",", "thousands": "."}, True),
        (["1,234.56", "7.5"], {"decimal": ".", "thousands": ","}, True),
        (["1,5", "200"], {"decimal": ","}, True),
        (["0,125"], {"decimal": ","}, True),
        (["1 234,50", "1'234"], {"decimal": ",", "thousands": " "}, False),
        (["1 234,50"], {"decimal": ",", "thousands": " "}, True),
        (["1'234.50"], {"decimal": ".", "thousands": "'"}, True),
        (["1.234.567"], {"decimal": ",", "thousands": "."}, True),
        (["12", "13"], {"decimal": "."}, True),
        (["1,234", "2,345", "999"], {"decimal": ".", "thousands": ","}, False),
        (["1,234", "2345"], {"decimal": ","}, False),
        (["1.234", "12,5"], {"decimal": ",", "thousands": "."}, False),
        (["1.5", "2,5", "3.5"], {"decimal": "."}, False),
        (["€12.50", "-€3.00"], {"decimal": ".", "currency_sign": "€"}, True),
        (["12,50 EUR", "(3,00)", "4,00-"], {"decimal": ",", "currency_sign": "EUR"}, True),
        (["¥12.50", "$3.00"], {"decimal": ".", "currency_sign": "¥"}, False),
    ],
)
def test_marks(texts: list[str], marks: dict[str, str], sure: bool) -> None:
    assert decided(texts) == (marks, sure)


@pytest.mark.parametrize(
    "text", ["1,12,50", "12%", "A7", "1.23E+15", "", "1.2.3", "12-13", "SKU12"]
)
def test_no_numbers(text: str) -> None:
    assert not is_number(text)
    assert marks_in([{text: 3}]).others == {text: 3}


def written(value: Decimal, decimal: str, thousands: str) -> str:
    plain = f"{value:,.2f}"
    return plain.replace(",", "t").replace(".", decimal).replace("t", thousands)


VALUES = st.lists(
    st.decimals(min_value=-99_999, max_value=9_999_999, places=2), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(values=VALUES, marks=st.sampled_from([",.", ".,", ", ", ".'", ",", "."]))
def test_what_was_decided_reads_the_numbers_that_were_written(
    values: list[Decimal], marks: str
) -> None:
    texts = [written(value, marks[0], marks[1:]) for value in values]
    found, sure = decided(texts)
    assert sure
    assert found["decimal"] == marks[0]
    column = ibis.memtable({"text": texts}).text
    read = number_of(column, Source(files="a.csv", columns={}, **found)).execute()
    assert [Decimal(one) for one in read] == values
