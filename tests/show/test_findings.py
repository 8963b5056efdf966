"""Findings: numbers as words, and sentences on the page."""

import datetime
import math
from dataclasses import dataclass
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.show import findings
from regulars.show.text import NBSP

MISSING_VALUES = [None, float("nan"), np.nan, pd.NA, pd.NaT]


@dataclass(frozen=True)
class Interval:
    low: float | None
    high: float | None


def spaced(text):
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (0, "0 %"),
        (0.00001, "<0.1 %"),
        (0.0004, "<0.1 %"),
        (0.0005, "0.1 %"),
        (0.004, "0.4 %"),
        (0.0812, "8.1 %"),
        (0.0996, "10 %"),
        (0.4832, "48 %"),
        (0.99, "99 %"),
        (0.9961, "99.6 %"),
        (0.99961, ">99.9 %"),
        (1, "100 %"),
        (1.2, "120 %"),
        (-0.1217, "−12 %"),
        (-0.00001, ">−0.1 %"),
        (12.5, "1,250 %"),
    ],
)
def test_shares(x, words):
    assert spaced(findings.share(x)) == words


def test_the_unit_never_leaves_its_number():
    assert findings.share(0.48) == f"48{NBSP}%"
    assert findings.days(54) == f"54{NBSP}days"
    assert findings.money(1200, "CNY") == f"CNY{NBSP}1,200"


@pytest.mark.parametrize(
    ("x", "currency", "words"),
    [
        (244_091.94, "USD", "$244,092"),
        (35.22, "USD", "$35.22"),
        (0, "USD", "$0"),
        (-12.5, "EUR", "−€12.50"),
        (1200, "CNY", "CNY 1,200"),
        (99.4, "JPY", "JPY 99"),
        (999.99, "GBP", "£999.99"),
        (1000.01, "GBP", "£1,000"),
        (5, "", "5"),
    ],
)
def test_money(x, currency, words):
    assert spaced(findings.money(x, currency)) == words


@pytest.mark.parametrize(
    ("x", "words"),
    [(54.3, "54 days"), (4.5, "4.5 days"), (1, "1 day"), (0, "0 days"), (1.04, "1.0 days")],
)
def test_days(x, words):
    assert spaced(findings.days(x)) == words


def test_counts_and_numbers():
    assert findings.count(2357) == "2,357"
    assert findings.count(-0.0) == "0"
    assert findings.number(0.78554, 3) == "0.786"
    assert findings.number(-0.001) == "0.00"


def test_dates_read_the_same_in_every_language():
    assert findings.month("1998-06-30") == "June 1998"
    assert findings.month(pd.Timestamp("1997-03-01")) == "March 1997"
    assert findings.day(datetime.date(1998, 6, 30)) == "30 June 1998"


@pytest.mark.parametrize("nothing", MISSING_VALUES)
def test_what_is_missing_is_a_dash(nothing):
    written = [
        findings.share(nothing),
        findings.count(nothing),
        findings.number(nothing),
        findings.money(nothing, "USD"),
        findings.days(nothing),
        findings.month(nothing),
        findings.day(nothing),
        findings.interval(Interval(nothing, 0.5)),
    ]
    assert written == ["–"] * 8
    assert findings.share(math.inf) == "–"


@pytest.mark.parametrize(
    ("as_", "words"),
    [
        ("share", "46 % to 5,000 %"),
        ("count", "0 to 50"),
        ("number", "0.46 to 50.00"),
        ("number:1", "0.5 to 50.0"),
        ("days", "0.5 days to 50 days"),
        ("money:USD", "$0.46 to $50"),
        (str, "0.46 to 50"),
    ],
)
def test_intervals(as_, words):
    assert spaced(findings.interval(Interval(0.46, 50), as_=as_)) == words


def test_an_interval_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="Expected one of count, days, money, number, share"):
        findings.interval(Interval(0, 1), as_="percent")


def test_plurals():
    assert findings.plural(1, "customer") == "1 customer"
    assert findings.plural(2357, "customer") == "2,357 customers"
    assert findings.plural(0, "enquiry", "enquiries") == "0 enquiries"


def test_a_missing_table_takes_one_sentence():
    sentence = findings.missing("surveys", ["responded_at", "question", "score"], "the NPS by wave")
    assert sentence == (
        "This workbook has no table surveys: with its columns responded_at, question and score, "
        "this page would show the NPS by wave."
    )


def test_say_displays_all_at_once(shown):
    assert findings.say("One.", "Two <b>.") is None
    (output,) = shown
    assert output["data"] == {
        "text/plain": "One.\nTwo <b>.",
        "text/html": '<p class="finding">One.</p><p class="finding">Two &lt;b&gt;.</p>',
    }


def test_doubts_are_marked_and_no_doubt_shows_nothing(shown):
    findings.doubts(["Two cut points are equal."])
    findings.doubts([])
    findings.say()
    (output,) = shown
    assert output["data"]["text/html"] == '<p class="doubt">Two cut points are equal.</p>'


def test_hostile_sentences_are_only_text(shown, payload):
    findings.say(payload)
    findings.doubts([payload])
    for output in shown:
        tags = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attrs, tags=tags: tags.append((tag, len(attrs)))
        parser.feed(output["data"]["text/html"])
        assert tags == [("p", 1)]
        assert "\x1b" not in output["data"]["text/plain"]
        assert "\n" not in output["data"]["text/plain"]


@settings(deadline=None)
@given(st.floats(min_value=0, max_value=1))
def test_only_none_is_0_and_only_all_is_100(x):
    words = spaced(findings.share(x))
    assert (words == "0 %") == (x == 0)
    assert (words == "100 %") == (x == 1)


@settings(deadline=None)
@given(st.floats(min_value=0.0005, max_value=0.9994))
def test_a_share_is_off_by_half_its_last_digit_at_most(x):
    number = float(spaced(findings.share(x)).removesuffix(" %"))
    assert abs(number - 100 * x) <= 0.5 + 1e-9


@settings(deadline=None)
@given(
    st.floats(min_value=-1e15, max_value=1e15) | st.sampled_from([math.nan, math.inf, -math.inf]),
    st.sampled_from(["USD", "CNY", "JPY", ""]),
)
def test_no_number_is_ever_written_as_nan_or_with_a_bare_hyphen(x, currency):
    for words in (
        findings.money(x, currency),
        findings.count(x),
        findings.share(x),
        findings.days(x),
    ):
        assert "nan" not in words
        assert "inf" not in words
        assert "-" not in words
