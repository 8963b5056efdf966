"""Sentences: word for word on hand-worked numbers, and still sentences where there are none."""

import datetime as dt
import math
import re

import pandas as pd
import pytest

from regulars.measures.intervals import Estimate
from regulars.show.heading import Heading
from regulars.show.sentences import base, cohort_retention, intake, loyalty, segments
from regulars.show.text import NBSP

NO_SHARE = Estimate(math.nan, None, None, 0)
LONG_NAME = "bought_once_or_twice_a_year_or_so_ago"


def plain(said: str | list[str]) -> str | list[str]:
    """Return what is said with ordinary blanks, so that a test can be read."""
    if isinstance(said, list):
        return [plain(one) for one in said]
    return said.replace(NBSP, " ")


def assert_human(*said: str) -> None:
    """A sentence is one: words, no leftovers of the machine, no bracket or number left empty."""
    for one in map(plain, said):
        assert len(one.split()) >= 3
        assert not re.search(r"\b(nan|none|nat|inf|null)\b", one.lower().replace("none of", ""))
        assert "–" not in one.replace("Kaplan–Meier", "")
        assert not re.search(r"\(\s*\)|  |_| \.|\b1 (rows|lines|days|customers|orders)\b", one)


def assert_title(*titles: str) -> None:
    """A title passes the rule every chart is held to: at most ten words."""
    for title in titles:
        assert_human(title)
        Heading(title, "subtitle", "source")
        assert not title.endswith(".")


# --- 01: what came in ------------------------------------------------------------------


def ledger(*, came: int, rejected: int = 0, merged: int = 0, newest: str = "1998-06-30") -> dict:
    kept = came - rejected - merged
    entry = {"rows_in": came, "rows_accepted": kept, "rows_merged": merged}
    entry |= {"rows_rejected": rejected, "money_in": "244091.9400"}
    return {
        "as_of": "1998-06-30",
        "tables": {"purchases": {**entry, "files": [{"newest_day": newest}]}},
    }


def test_intake_says_what_became_of_the_rows():
    assert plain(intake.intake(ledger(came=6919, rejected=19), "USD")) == [
        "6,900 of 6,919 rows were accepted, 19 rejected.",
        "The ledger adds up: 6,919 rows and $244,092 came in; 6,900 accepted, 0 merged, 19 rejected.",
        "The newest row in the files is of 30 June 1998; nothing after 30 June 1998 is used.",
    ]


@pytest.mark.parametrize(
    ("came", "rejected", "first"),
    [
        (6919, 0, "All 6,919 rows were accepted."),
        (1, 0, "The one row was accepted."),
        (2, 1, "1 of 2 rows was accepted, 1 rejected."),
        (1, 1, "The one row was rejected."),
        (0, 0, "No row came in."),
    ],
)
def test_intake_counts_in_singular_and_plural(came, rejected, first):
    said = intake.intake(ledger(came=came, rejected=rejected), "USD")
    assert plain(said[0]) == first
    assert_human(*said)


def test_intake_is_silent_on_a_newest_day_it_does_not_know():
    said = intake.intake(ledger(came=2, newest=""), "USD")
    assert len(said) == 2
    assert_human(*said)
    no_files = ledger(came=2)
    no_files["tables"]["purchases"]["files"] = []
    assert intake.intake(no_files, "USD") == said


def test_the_ledger_in_one_sentence():
    said = intake.ledger(ledger(came=1, merged=1), "EUR")
    assert (
        said == "The ledger adds up: 1 row and €244,092 came in; 0 accepted, 1 merged, 0 rejected."
    )


def months(lines: list) -> pd.DataFrame:
    return pd.DataFrame(
        {"month": pd.date_range("1997-01-01", periods=len(lines), freq="MS"), "lines": lines}
    )


def test_the_busiest_month_and_the_subtitle_beside_it():
    by_month = months([2110, 2580, 2229])
    assert intake.busiest_month(by_month, "lines") == "February 1997 has the most lines"
    assert intake.lines_subtitle(by_month) == (
        "Accepted purchase lines by month, January 1997 to March 1997, n = 6,919"
    )
    assert intake.lines_subtitle(months([5])) == (
        "Accepted purchase lines by month, January 1997, n = 5"
    )


@pytest.mark.parametrize("lines", [[], [0], [0, 0], [math.nan], [-3]])
def test_no_month_stands_out(lines):
    assert intake.busiest_month(months(lines), "lines") == "No lines in any month"
    assert_human(intake.lines_subtitle(months(lines)))
    assert_title(intake.busiest_month(months(lines), "lines"))


# --- 03: the base -----------------------------------------------------------------------------


def one_row(**changed: float) -> pd.DataFrame:
    row = {"customers": 2357, "orders": 6591, "spend": 244091.94, "orders_per_customer": 2.796}
    row |= {"spend_per_customer": 103.56, "median_spend": 43.39}
    return pd.DataFrame([row | changed])


def activity(new: list[int], *, returning: list[int], complete: list[bool]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.date_range("1998-04-01", periods=len(new), freq="MS"),
            "new": new,
            "returning": returning,
            "customers": [a + b for a, b in zip(new, returning, strict=True)],
            "complete": complete,
        }
    )


SPRING = activity([3, 0, 0], returning=[1, 2, 4], complete=[True, True, True])
TOP = Estimate(0.4134, 0.3866, 0.4402, 2357)


def test_the_base():
    assert plain(base.base(one_row(), SPRING, TOP, "USD")) == [
        "2,357 customers spent $244,092; the top tenth brought 41 % of it.",
        "On average a customer placed 2.8 orders and spent $103.56; half spent $43.39 or less.",
        "The last month that brought a new customer is April 1998.",
    ]


def test_the_base_without_spend_gives_no_shares():
    row = one_row(spend=-12.5, spend_per_customer=-0.01, median_spend=0.0)
    said = plain(base.base(row, SPRING, None, "USD"))
    assert said[0] == "2,357 customers spent −$12.50."
    assert_human(*said)


def test_the_base_of_one_customer_has_no_top_tenth_and_no_average():
    row = one_row(customers=1, orders=2, spend=30.0)
    said = base.base(row, SPRING, Estimate(1.0, None, None, 1), "USD")
    assert said == ["1 customer spent $30 in 2 orders."]
    assert base.base(one_row(customers=1, orders=1, spend=30.0), SPRING, None, "USD") == [
        "1 customer spent $30 in 1 order."
    ]


def test_a_base_of_nobody():
    empty = one_row(customers=0, orders=0, spend=None, orders_per_customer=None,
                    spend_per_customer=None, median_spend=math.nan)  # fmt: skip
    assert base.base(empty, SPRING.head(0), None, "USD") == ["Nobody has bought anything yet."]


def test_new_customers_of_a_month_that_is_not_over_count_too():
    going_on = activity([3, 2, 5], returning=[0, 0, 0], complete=[True, True, False])
    assert len(base.base(one_row(), going_on, TOP, "USD")) == 2


def test_a_month_that_is_not_over_proves_no_drought():
    just_begun = activity([3, 2, 0], returning=[0, 0, 1], complete=[True, True, False])
    assert len(base.base(one_row(), just_begun, TOP, "USD")) == 2


def test_who_returns():
    assert plain(base.returning(SPRING)) == "100 % of June 1998's customers had bought before"
    part = activity([2, 1, 9], returning=[0, 3, 0], complete=[True, True, False])
    assert plain(base.returning(part)) == "75 % of May 1998's customers had bought before"
    assert_title(base.returning(SPRING))


@pytest.mark.parametrize(
    "months",
    [SPRING.head(0), SPRING.assign(complete=False), SPRING.assign(customers=0, returning=0)],
    ids=["no month", "no month over", "all hidden"],
)
def test_nobody_returns_where_no_month_is_over(months):
    assert base.returning(months) == "No full month with customers yet"
    assert_human(*base.base(one_row(), months, TOP, "USD"))


def test_the_top_tenth_and_gini():
    assert plain(base.top_tenth(TOP)) == "The top tenth brings 41 % of spend"
    assert plain(base.top_tenth_with_interval(TOP)) == (
        "The tenth of customers who spend most bring 41 % of all spend "
        "(95 % interval 39 % to 44 %, 2,357 customers)."
    )
    uneven = Estimate(0.6249, 0.6036, 0.6462, 2357)
    assert base.gini(uneven) == "Spend is uneven: Gini coefficient 0.62"
    assert plain(base.gini_with_interval(uneven)) == (
        "The Gini coefficient of spend is 0.62 (95 % interval 0.60 to 0.65, 2,357 customers)."
    )
    assert_title(base.top_tenth(TOP), base.gini(uneven))


def test_where_all_spend_the_same_there_is_no_interval():
    assert plain(base.top_tenth_with_interval(Estimate(0.1, None, None, 10))) == (
        "The tenth of customers who spend most bring 10 % of all spend (10 customers)."
    )
    alike = Estimate(0.0, None, None, 1)
    assert base.gini(alike) == "All spend alike: Gini coefficient 0.00"
    assert base.gini_with_interval(alike) == ("The Gini coefficient of spend is 0.00 (1 customer).")


@pytest.mark.parametrize("nothing", [None, NO_SHARE])
def test_no_spend_has_no_shares(nothing):
    assert base.top_tenth_with_interval(nothing) == (
        "The spend of all together is not above zero, so nobody's share of it is given."
    )
    assert base.gini_with_interval(nothing) == (
        "The Gini coefficient of spend is withheld: spend is not above zero."
    )
    assert_title(base.top_tenth(nothing), base.gini(nothing))


# --- 04: segments -----------------------------------------------------------------------------


def summary(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["segment", "customers", "spend"])
    return frame.assign(
        customers_share=frame["customers"] / frame["customers"].sum(),
        spend_share=frame["spend"] / frame["spend"].sum(),
    )


TWO = summary(("champions", 25, 60.0), ("hibernating", 75, 40.0))


def test_the_segments_that_matter():
    assert plain(segments.segments(TWO)) == [
        "Champions is the segment that brings the most: 60 % of spend, from 25 % of customers.",
        "Hibernating is the largest segment: 75 % of customers, with 40 % of spend.",
    ]
    assert plain(segments.largest_segment(TWO)) == "Largest segment: Hibernating, 75 % of customers"
    assert plain(segments.strongest_segment(TWO)) == "The most spend, 60 %, comes from Champions"


def test_one_segment_is_named_once():
    one = summary(("everyone", 1, 30.0))
    assert plain(segments.segments(one)) == [
        "Everyone is the segment that brings the most: 100 % of spend, from 100 % of customers."
    ]


@pytest.mark.parametrize(
    "name", ["at_risk", "cant_lose_them", LONG_NAME, "a_b_c_d_e_f_g_h_i_j_k_l"]
)
def test_titles_stay_short_for_long_names(name):
    named = summary((name, 3, 30.0))
    assert_title(segments.largest_segment(named), segments.strongest_segment(named))


def test_a_cut_name_shows_that_it_is_cut():
    named = summary((LONG_NAME, 3, 30.0))
    assert plain(segments.largest_segment(named)) == (
        "Largest segment: Bought once or twice a…, 100 % of customers"
    )


@pytest.mark.parametrize(
    "none",
    [
        TWO.head(0),
        TWO.assign(customers=0, spend=0.0, customers_share=math.nan, spend_share=math.nan),
    ],
    ids=["no row", "nobody"],
)
def test_no_customers_no_segments(none):
    assert segments.segments(none) == ["No customer is in any segment yet."]
    assert_title(segments.largest_segment(none), segments.strongest_segment(none))
    assert segments.coverage(none, 0) == "There are no customers to put into segments."


def test_segments_without_spend():
    free = TWO.assign(spend=0.0, spend_share=math.nan)
    assert plain(segments.segments(free)) == [
        "No segment brings any spend. The largest is Hibernating, with 75 % of customers."
    ]
    assert segments.strongest_segment(free) == "No segment brings any spend"


def test_coverage():
    assert segments.coverage(TWO, 100) == "Every customer is in exactly one segment: 100 of 100."
    assert (
        segments.coverage(TWO, 101) == "Not every customer is in exactly one segment: 100 of 101."
    )
    assert segments.coverage(TWO, 99) == "Not every customer is in exactly one segment: 100 of 99."


def test_the_spread_table():
    table = segments.spread_table({"days_since_last": [81, 466, 534], "orders": [1, 1, 6]})
    assert table.to_dict("list") == {
        "measure": ["days since last", "orders"],
        "1 in 10 is at most": [81, 1],
        "half are at most": [466, 1],
        "9 in 10 are at most": [534, 6],
    }
    assert list(segments.spread_table({})) == list(table)


# --- 05: loyalty ------------------------------------------------------------------------------

RATE = Estimate(0.48324, 0.46311, 0.50343, 2357)


def test_the_repurchase_rate():
    assert plain(loyalty.repurchase_rate(RATE, dt.date(1997, 1, 1), "1998-06-30")) == (
        "Of 2,357 customers who bought from 1 January 1997 to 30 June 1998, "
        "48 % bought on a second day (95 % interval 46 % to 50 %)."
    )
    one = Estimate(0.0, 0.0, 0.793, 1)
    assert plain(loyalty.repurchase_rate(one, "1997-01-01", "1998-06-30")).startswith(
        "Of 1 customer who"
    )


@pytest.mark.parametrize("nothing", [None, NO_SHARE])
def test_no_rate_of_nobody(nothing):
    assert loyalty.repurchase_rate(nothing, None, "1998-06-30") == (
        "Nobody has bought up to 30 June 1998, so there is no repurchase rate."
    )
    assert loyalty.loyalty(nothing, None, 90) == [
        "Nobody has bought yet, so nobody can have come back."
    ]


def test_bought_again_within_so_many_days():
    soon = Estimate(0.3509, 0.332, 0.3706, 2357)
    assert plain(loyalty.within_title(soon, 90)) == "35 % buy again within 90 days"
    assert plain(loyalty.within(soon, 90)) == (
        "Within 90 days of their first purchase, 35 % buy again "
        "(95 % interval 33 % to 37 %, 2,357 customers); those who came late are counted fairly."
    )
    assert plain(loyalty.within_title(soon, 1)) == "35 % buy again within 1 day"
    nobody_back = loyalty.within(Estimate(0.0, None, None, 1), 1)
    assert "0 % buy again (1 customer)" in plain(nobody_back)


@pytest.mark.parametrize("nothing", [None, NO_SHARE])
def test_too_short_a_history_is_said(nothing):
    assert loyalty.within(nothing, 90) == (
        "How many buy again within 90 days is withheld: "
        "fewer than 10 customers have been watched that long."
    )
    assert loyalty.within_title(nothing, 90) == "Too few customers to say"
    said = plain(loyalty.loyalty(RATE, nothing, 90))
    assert said == [
        "48 % of 2,357 customers bought on a second day (95 % interval 46 % to 50 %).",
        "How many buy again within 90 days is withheld: "
        "fewer than 10 customers have been watched that long.",
    ]


def test_the_median_wait():
    assert loyalty.median_wait(1) == "Half have come back after 1 day."
    assert loyalty.median_wait(1234) == "Half have come back after 1,234 days."
    assert_human(loyalty.median_wait(None))


@pytest.mark.parametrize(
    ("days", "gaps", "middle"),
    [([1, 7, 30], [1, 1, 1], 7), ([1, 7], [1, 1], 1), ([30, 1], [1, 2], 1), ([5], [1], 5)],
)
def test_the_gap_in_the_middle(days, gaps, middle):
    assert loyalty.middle_gap(pd.DataFrame({"days": days, "gaps": gaps})) == middle


def test_the_gap_title():
    gaps = pd.DataFrame({"days": [1, 1054], "gaps": [1, 3]})
    assert loyalty.gap_title(gaps) == "Half of all gaps are 1,054 days or less"
    assert loyalty.gap_title(gaps.head(1)) == "Half of all gaps are 1 day or less"
    for none in (gaps.head(0), gaps.assign(gaps=0)):
        assert loyalty.middle_gap(none) is None
        assert loyalty.gap_title(none) == "Too few have bought on two days"
    assert_title(loyalty.gap_title(gaps), loyalty.gap_title(gaps.head(0)))


MEAN = pd.DataFrame(
    {
        "age": [0, 1, 2, 3],
        "cohorts": [3, 3, 3, 2],
        "customers": [2357, 2357, 2357, 1500],
        "rate": [1, 0.152, 0.0843, 0.01],
        "low": [1, 0.138, 0.0738, 0.005],
        "high": [1, 0.167, 0.0961, 0.02],
    }
)


def test_mean_retention_compares_like_with_like():
    assert (
        plain(cohort_retention.mean_retention_title(MEAN))
        == "From 15 % in month 1 to 1.0 % in month 3"
    )
    assert plain(cohort_retention.mean_retention_title(MEAN.head(2))) == "15 % buy in month 1"
    for young in (MEAN.head(0), MEAN.head(1)):
        for title in (cohort_retention.mean_retention_title, cohort_retention.retention_title):
            assert title(young) == "No cohort has a full month behind it"
    assert_title(cohort_retention.mean_retention_title(MEAN))
    assert_title(cohort_retention.retention_title(MEAN))


def test_shares_of_few_customers_are_hidden():
    few = Estimate(4 / 30, 0.05, 0.3, 30)
    said = [
        loyalty.repurchase_rate(few, "1997-01-01", "1998-06-30"),
        loyalty.within(few, 90),
        *loyalty.loyalty(few, few, 90),
    ]
    assert plain(said[0]) == (
        "How many of 30 customers who bought from 1 January 1997 to 30 June 1998 bought on a "
        "second day is hidden: fewer than 10 did, or fewer than 10 did not."
    )
    assert len(said) == 4
    assert_human(*said)
    assert not [one for one in said if "%" in one]
    assert_human(loyalty.median_wait(None, MEAN.head(0)))
    assert "hidden" in loyalty.median_wait(None, MEAN.head(0))
    assert plain(loyalty.within_title(few, 90)) == "How many buy again within 90 days is hidden"


def test_zeros_left_over_are_not_taken_for_all():
    left = MEAN.assign(rate=[1, math.nan, 0, math.nan])
    assert cohort_retention.mean_retention_title(left) == "Too few customers to say"
    assert cohort_retention.retention_title(left) == "Too few customers to say"
    assert cohort_retention.mean_in_words(left) == []
    nobody = MEAN.assign(rate=[1, 0.1, 0, 0])
    assert "0 % in month 3" in plain(cohort_retention.mean_retention_title(nobody))


def test_the_mean_says_only_what_is_shown():
    first_hidden = MEAN.assign(rate=MEAN["rate"].where(MEAN["age"] != 1))
    assert plain(cohort_retention.mean_retention_title(first_hidden)) == (
        "From 8.4 % in month 2 to 1.0 % in month 3"
    )


def test_loyalty_in_two_sentences():
    soon = Estimate(0.3509, 0.332, 0.3706, 2357)
    assert plain(loyalty.loyalty(RATE, soon, 90)) == [
        "48 % of 2,357 customers bought on a second day (95 % interval 46 % to 50 %).",
        "35 % buy again within 90 days of their first purchase (95 % interval 33 % to 37 %).",
    ]
    assert_human(*loyalty.loyalty(Estimate(0.0, None, None, 1), soon, 1))


def test_mean_retention_in_words():
    assert plain(cohort_retention.mean_in_words(MEAN)) == [
        "In month 2 after their first purchase, 8.4 % of 2,357 customers bought "
        "(95 % interval 7.4 % to 9.6 %).",
    ]
    one = MEAN.head(2).assign(customers=1, low=math.nan, high=math.nan)
    assert_human(*cohort_retention.mean_in_words(one))
    assert cohort_retention.mean_in_words(MEAN.assign(rate=math.nan)) == []


def test_no_segment_is_the_first_if_a_hidden_one_may_be() -> None:
    shown = pd.DataFrame(
        {"segment": ["loyal", "new", "lost"], "customers": [40, None, None], "hidden": [False, True, True],
         "customers_share": [0.4, None, None], "spend": [30.0, None, None], "spend_share": [0.3, None, None]}
    )  # fmt: skip
    assert segments.largest_segment(shown) == "Which segment is the largest?"
    assert segments.strongest_segment(shown) == "Which segment brings the most?"
    assert "not shown" in segments.segments(shown)[0]
    sure = shown.assign(customers_share=[0.9, None, None], spend_share=[0.8, None, None])
    assert segments.largest_segment(sure) == "Largest segment: Loyal, 90\u00a0% of customers"
    assert segments.segments(sure)[0].startswith("Loyal is the segment that brings the most")
