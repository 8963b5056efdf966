"""Sentences on cohorts: every grain, groups that differ and groups that do not, money."""

import math

import pandas as pd
import pytest

from regulars.show.heading import Heading
from regulars.show.sentences import cohort_retention as said

CELLS = pd.DataFrame(
    {
        "cohort": pd.to_datetime(["1997-09-29"] * 2 + ["1997-10-06"]),
        "age": [0, 1, 0],
        "rate": [1, 0.25, 1],
        "complete": True,
        "early": [True, True, False],
    }
)
MEAN_RATES = pd.DataFrame(
    {
        "age": [0, 1, 2, 3],
        "cohorts": [4, 3, 2, 1],
        "customers": [900, 800, 600, 300],
        "rate": [1, 0.26, 0.17, 0.15],
        "low": [1, 0.25, 0.16, 0.12],
        "high": [1, 0.28, 0.19, 0.18],
    }
)
PAIRS = pd.DataFrame(
    {
        "age": 3,
        "one": ["web", "web", "app"],
        "other": ["app", "at_risk", "at_risk"],
        "change": [-0.02, -0.1, -0.08],
        "low": [-0.07, -0.15, -0.13],
        "high": [0.03, -0.05, -0.03],
        "detectable": [0.07, 0.064, math.nan],
        "differs": [False, True, True],
    }
)
MONEY = pd.DataFrame(
    {
        "group": ["web", "web", "app", "app"],
        "age": [0, 16, 0, 16],
        "customers": [900, 900, 300, 300],
        "spend_to_age": [100.0, 622.52, 90.0, 610.0],
        "low": [90.0, 570.0, 80.0, 546.0],
        "high": [110.0, 700.0, 99.0, 683.0],
    }
)


def plain(text):
    return text.replace("\u00a0", " ")


def test_titles_of_weeks_and_quarters():
    assert plain(said.retention_title(MEAN_RATES, "week")) == (
        "Retention falls: 26 % in week 1, 17 % in week 2"
    )
    assert "in quarter 2" in said.retention_title(MEAN_RATES, "quarter")
    assert said.retention_title(MEAN_RATES.head(1), "week") == "No cohort has a full week behind it"
    assert plain(said.mean_retention_title(MEAN_RATES, "week")) == (
        "From 26 % in week 1 to 17 % in week 2"
    )


@pytest.mark.parametrize(
    ("rate", "low", "high", "title"),
    [
        (0.35, 0.32, 0.38, "Retention rises: 26 % in month 1, 35 % in month 2"),
        (0.24, 0.22, 0.26, "Retention: 26 % in month 1, 24 % in month 2"),
        (0.262, 0.24, 0.28, "Retention stays at 26 % from month 1 to month 2"),
    ],
)
def test_retention_moves_only_where_the_intervals_lie_apart(rate, low, high, title):
    mean = MEAN_RATES.copy()
    mean.loc[mean.age == 2, ["rate", "low", "high"]] = [rate, low, high]
    assert plain(said.retention_title(mean)) == title
    Heading(title, "A measure, n = 1", "CDNOW")


def test_the_last_age_is_one_that_half_of_the_cohorts_have_reached():
    one = MEAN_RATES.assign(cohorts=[5, 5, 2, 1])
    assert plain(said.retention_title(one)) == "26 % buy in month 1"
    assert plain(said.mean_retention_title(one)) == "26 % buy in month 1"
    third = MEAN_RATES.assign(cohorts=[5, 5, 4, 3])
    assert plain(said.mean_retention_title(third)).endswith("15 % in month 3")


def test_what_is_drawn():
    assert said.what_is_drawn(CELLS, cohorts=2, every="week")[0].startswith("Cohorts with a dagger")
    both = said.what_is_drawn(CELLS, cohorts=158, every="week")
    assert both[0] == "Of 158 weekly cohorts the newest 2 are shown."
    assert said.what_is_drawn(CELLS.assign(early=False), cohorts=2) == []
    assert said.what_is_drawn(CELLS.head(2), cohorts=1)[0].startswith("All cohorts")


def test_groups_that_differ():
    assert said.groups_title(PAIRS, "channel") == "At risk customers return more often than Web"
    assert said.ahead(PAIRS) == "at_risk"
    assert said.ahead(PAIRS.assign(change=-PAIRS.change)) == "web"
    (found,) = map(plain, said.groups_in_words(PAIRS, "channel"))
    assert found == (
        "Of 3 pairs of channels, 2 differ beyond chance in month 3 after the first purchase. Most "
        "of all At risk and Web, by 10.0 points (95 % interval 5.0 to 15.0); who comes by which "
        "may differ in other ways too. The smallest difference that the pairs would have shown "
        "four times in five: 6.4 to 7.0 points."
    )


def test_groups_that_do_not_differ():
    same = PAIRS.assign(differs=False)
    assert said.ahead(same) is None
    assert said.groups_title(same, "category") == "No clear gap between categories in month 3"
    assert plain(said.groups_in_words(same.head(1), "region", "week")[0]) == (
        "Of 1 pair of regions, none differs beyond chance in week 3 after the first purchase. The "
        "smallest difference that the pair would have shown four times in five: 7.0 points."
    )


def test_nothing_to_compare():
    assert said.groups_title(PAIRS.head(0), "channel") == "Too few customers to compare channels"
    assert "withheld" in said.groups_in_words(PAIRS.head(0), "channel")[0]
    assert "cohorts: by" in said.groups_in_words(PAIRS.head(0), None)[0]


def test_money():
    assert said.money_title(MONEY, "EUR") == "By month 16: €610 to €623 a customer"
    all_one = MONEY.head(2).assign(group="all")
    assert said.money_title(all_one, "EUR") == "By month 16 a customer has spent €623"
    assert plain(said.money_in_words(all_one, "EUR", cohorts=17)[0]) == (
        "From the first month to the end of month 16, a customer of the 17 cohorts that old spends "
        "€623 (95 % interval €570 to €700, 900 customers)."
    )
    assert plain(said.money_in_words(MONEY, "EUR", cohorts=1, every="week")[0]) == (
        "From the first week to the end of week 16, a customer of the one cohort that old spends: "
        "Web €623 (€570 to €700, 900 customers), App €610 (€546 to €683, 300 customers); "
        "95 % intervals."
    )
    cents = MONEY.head(2).assign(spend_to_age=4.25)
    assert said.money_title(cents, "EUR") == "By month 16 a customer has spent €4.25"


def test_money_that_is_hidden_is_not_spoken_of():
    last = MONEY.age == 16
    away = MONEY.assign(spend_to_age=MONEY.spend_to_age.mask(last))
    for none in (away, MONEY.head(0)):
        assert said.money_title(none, "EUR") == "Too few customers to say"
        assert "withheld" in said.money_in_words(none, "EUR", cohorts=0)[0]
    one = MONEY.assign(spend_to_age=MONEY.spend_to_age.mask(last & (MONEY.group == "app")))
    assert said.money_title(one, "EUR") == "By month 16 a customer has spent €623"


@pytest.mark.parametrize("currency", ["EUR", "CNY"])
def test_titles_are_short(currency):
    long = PAIRS.assign(one="Health and personal care", other="Home and kitchen appliances")
    titles = [
        said.groups_title(long, "campaign_id"),
        said.groups_title(PAIRS.assign(differs=False), "campaign_id", "quarter"),
        said.money_title(MONEY, currency, "quarter"),
        said.money_title(MONEY.head(2), currency, "quarter"),
        said.retention_title(MEAN_RATES, "quarter"),
        said.mean_retention_title(MEAN_RATES, "quarter"),
    ]
    for title in titles:
        Heading(title, "A measure, n = 1", "CDNOW")  # refuses more than ten words
