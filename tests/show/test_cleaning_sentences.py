"""Sentences on cleaning: word for word on hand-worked numbers, and still sentences without any."""

import math
import re

import ibis
import pandas as pd
import pytest

from regulars.show.heading import Heading
from regulars.show.sentences import cleaning
from regulars.show.text import NBSP


def plain(said: str) -> str:
    return said.replace(NBSP, " ")


def assert_human(*said: str) -> None:
    for one in map(plain, said):
        assert len(one.split()) >= 3
        assert not re.search(r"\b(nan|none|nat|null)\b|–|  |_", one.lower().replace("none is", ""))


def assert_title(*titles: str) -> None:
    for title in titles:
        assert_human(title)
        Heading(title, "subtitle", "source")


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([10.0, 14.5, 2000.0], "Half of the lines are $14.50 or less"),
        ([10.0, 10.0, 10.0], "Half of the lines are $10 or less"),
        ([-5.0], "Half of the lines are −$5 or less"),
        ([None, None], "No lines with an amount yet"),
        ([], "No lines with an amount yet"),
    ],
)
def test_the_usual_amount(amounts, said):
    lines = ibis.memtable({"amount": amounts}, schema={"amount": "float64"})
    assert cleaning.usual_amount(lines, "USD") == said
    assert_title(cleaning.usual_amount(lines, "CNY"))


@pytest.mark.parametrize(
    ("lines", "days", "said"),
    [
        (6919, 6591, "6,919 lines of all make 6,591 purchase days, 1.05 lines a day."),
        (1, 1, "1 line of all makes 1 purchase day."),
        (3, 1, "3 lines of all make 1 purchase day, 3.00 lines a day."),
        (2, 0, "2 lines of all make no purchase day."),
        (0, 0, "0 lines of all make no purchase day."),
    ],
)
def test_lines_make_days(lines, days, said):
    assert cleaning.lines_to_days(lines, days, "all") == said
    assert_human(said)


def account(*, came: int = 100, aside: int = 7, money: str = "35.5000") -> dict:
    return {
        "cleaning": {
            "rows_accepted": came,
            "rows_clean": came - aside,
            "rows_set_aside": aside,
            "money_accepted": "2000.0000",
            "money_set_aside": money,
        }
    }


def known(told: int, nobody: int, *, money: tuple = (900.0, 100.0)) -> pd.DataFrame:
    sales, total = pd.Series([told, nobody]), sum(money) or math.nan
    return pd.DataFrame(
        {
            "customer": ["known", "unknown"],
            "sales": sales,
            "sales_share": sales / sales.sum(),
            "money": money,
            "money_share": [one / total for one in money],
        }
    )


def steps(**rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(
        [(rule, *given) for rule, given in rows.items()],
        columns=["rule", "what_happens", "rows", "money"],
    )


def test_what_cleaning_left() -> None:
    said = [plain(one) for one in cleaning.cleaning(account(), 80, known(45, 5), "EUR")]
    assert said == [
        "93 clean lines make 80 purchase days.",
        "7 of 100 accepted lines were set aside, with €35.50 of €2,000; with the clean ones they "
        "add up.",
        "90 % of sale lines, 90 % of money, have a customer; 5 lines without one, €100, stay in "
        "the totals only.",
    ]


def test_nothing_set_aside_and_nobody_unknown() -> None:
    assert cleaning.set_aside(account(aside=0), "EUR") == "No line of 100 was set aside."
    said = cleaning.known_customers(known(3, 0, money=(9.0, 0.0)), "EUR")
    assert said == "Each of 3 sale lines has a customer."
    without_money = cleaning.known_customers(known(1, 1, money=(0.0, 0.0)), "EUR")
    assert_human(without_money)
    assert "of money" not in without_money


@pytest.mark.parametrize(
    ("matched", "alone", "said"),
    [
        (3, 1, "3 of 4 cancellations found the sale taken back, €30 in all; 1 stay as returns."),
        (0, 0, "There is no cancellation among the lines."),
    ],
)
def test_cancellations(matched: int, alone: int, said: str) -> None:
    frame = steps(
        cancelled_sale=("Set aside.", matched, 10.0 * matched),
        cancellation=("Set aside.", matched, -10.0 * matched),
        cancellation_without_sale=("Kept.", alone, -1.0 * alone),
    )
    assert cleaning.cancellations(frame, "EUR") == said


def test_cancellations_that_are_not_matched() -> None:
    frame = steps(cancelled_sale=("Not looked for.", 0, 0.0), cancellation=("Kept.", 4, -3.0))
    said = cleaning.cancellations(frame, "EUR")
    assert said == "Cancellations are not matched here: 4 lines stay returns."


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        (("Kept: it lowers spend.", 2, -5.0), "5 returns gave back €20; 2 of them, with no earlier "
         "sale of the customer and product, are kept all the same."),
        (("Set aside: no sale.", 2, -5.0), "7 returns gave back €25; 2 of them, with no earlier "
         "sale of the customer and product, are set aside."),
    ],
)  # fmt: skip
def test_returns(alone: tuple, said: str) -> None:
    frame = steps(**{"return": ("Kept.", 5, -20.0)}, return_without_sale=alone)
    assert cleaning.returns(frame, "EUR") == said


def test_no_returns() -> None:
    frame = steps(**{"return": ("Kept.", 0, 0.0)}, return_without_sale=("Kept.", 0, 0.0))
    assert cleaning.returns(frame, "EUR") == "There is no return among the lines."


def test_outliers() -> None:
    frame = steps(outlier=("Flagged.", 2, 1001.0))
    assert cleaning.outliers(frame, "USD") == (
        "2 sales are far from the usual amount and flagged, $1,001 in all; none is dropped."
    )
    frame = steps(
        outlier=("Half of the sales have the same amount: no spread to judge by.", 0, 0.0)
    )
    assert cleaning.outliers(frame, "USD").startswith("No sale is flagged. Half of")


def quality(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["table", "rows", "newest", "age_days", "score"])
    return frame.assign(newest=pd.to_datetime(frame["newest"]))


def test_the_weakest_table_and_the_oldest() -> None:
    frame = quality(
        ("purchases", 100, "2024-12-31", 0.0, 0.99),
        ("surveys", 10, "2024-11-30", 31.0, 0.5),
        ("targets", 4, None, math.nan, 1.0),
        ("campaigns", 0, None, math.nan, math.nan),
    )
    assert plain(cleaning.quality(frame)) == (
        "In surveys, at most 50 % of rows can be relied on, the least of 3 tables; "
        "the newest row of surveys is of 30 November 2024, 31 days before we look."
    )
    assert plain(cleaning.quality(frame.head(1))).endswith(
        "is of 31 December 2024, the day we look."
    )
    assert cleaning.quality(frame.tail(1)) == "No table has a row to judge."
    assert_human(cleaning.quality(frame.iloc[[2]]))


def test_the_columns_that_need_work() -> None:
    frame = pd.DataFrame(
        [
            ("surveys", "comment", 10, 0.1),
            ("surveys", "score", 10, 0.5),
            ("purchases", "amount", 9, 1),
        ],
        columns=["table", "field", "rows", "score"],
    )
    assert plain(cleaning.weakest_columns(frame)) == (
        "Most work is needed in surveys.comment (10 % of 10 rows) and surveys.score (50 % of 10 rows)."
    )
    assert cleaning.weakest_columns(frame.tail(1)).startswith("Every column that came")
