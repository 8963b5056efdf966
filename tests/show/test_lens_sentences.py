"""Sentences of the five lenses: what they say, and what they keep to themselves."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest

from regulars.measures.intervals import Estimate
from regulars.show.heading import Heading
from regulars.show.sentences import base, cohorts, lenses

PERIODS = SimpleNamespace(
    days=182,
    last=dt.date(1998, 6, 30),
    begins=dt.date(1997, 1, 1),
    full=3,
    known_days=546,
)


def plain(text):
    return text.replace("\u00a0", " ")


def assert_title(*titles):
    for title in titles:
        Heading(title, "What", "Whence")
        assert "nan" not in title.lower().split()


def numbers(**rows):
    table = pd.DataFrame(rows, index=["value", "low", "high", "n"]).T
    return table.astype({"value": float, "low": float, "high": float})


def effects(total=(-575, -900, -200), customers=-800, orders=250, value=-20):
    rows = [("customers", customers), ("orders", orders), ("value", value), ("only_returns", -5)]
    frame = pd.DataFrame(rows, columns=["effect", "change"]).assign(low=None, high=None)
    frame.loc[4] = ["total", *total]
    return frame


def statuses(sizes=(319, 196, 0, 293)):
    names = ["stayed", "came_back", "new", "left", "only_returns"]
    frame = pd.DataFrame({"status": names, "customers": pd.array([*sizes, None], "Int64")})
    return frame.assign(spend_before=Decimal(200), spend_now=Decimal(150))


MEANS = numbers(
    spend_per_customer=(83.7, 75.74, 91.38, 515),
    orders_per_customer=(2.24, 2.08, 2.42, 515),
    value_per_order=(37.29, 34.98, 39.91, 515),
    margin_share=(0.41, 0.4, 0.42, 515),
)
CHANGES = numbers(
    change=(-250, -400, -100, 808),
    customers=(-300, -500, -90, 808),
    orders=(70, -20, 160, 808),
    value=(-20, -90, 50, 808),
    growth=(-0.25, -0.4, -0.1, 808),
    old_share=(1, 1, 1, 515),
)


def test_one_period():
    assert plain(lenses.period_in_words(MEANS, PERIODS, "USD")) == (
        "In the 182 days up to 30 June 1998, 515 customers bought and spent $83.70 each (95 % "
        "interval $75.74 to $91.38): 2.2 orders (95 % interval 2.1 to 2.4) of $37.29 (95 % "
        "interval $34.98 to $39.91)."
    )
    nobody = MEANS.assign(value=float("nan"), n=0)
    assert lenses.period_in_words(nobody, PERIODS, "USD").endswith("nobody bought anything.")


def test_a_history_shorter_than_the_period_is_said_beside_it():
    short = SimpleNamespace(**{**vars(PERIODS), "full": 0, "known_days": 40})
    assert "(the data reach back 40 days)" in lenses.period_in_words(MEANS, short, "USD")


def test_margins_are_given_only_where_costs_are_known():
    assert plain(lenses.margin_in_words(MEANS)) == (
        "Of spend, 41 % is margin (95 % interval 40 % to 42 %, 515 customers)."
    )
    some = MEANS.assign(n=[515, 515, 515, 300])
    assert "300 customers of the 515, those whose costs are known" in lenses.margin_in_words(some)
    none = MEANS.assign(value=[1, 1, 1, None])
    assert "cannot be known: the purchases have no costs" in lenses.margin_in_words(none)


def test_titles_of_one_period():
    row = pd.DataFrame({"customers": [515], "median_spend": [50.96], "spend_per_customer": [83.7]})
    assert plain(lenses.spread(row, "USD")) == "Half spent $50.96 or less; mean: $83.70"
    tenths = pd.DataFrame({"customers": [10, 30], "orders": [60, 60], "spend": [1200.0, 600.0]})
    tenths = tenths.assign(orders_per_customer=[6.0, 2.0], value_per_order=[20.0, 10.0])
    assert lenses.drivers(tenths) == "Top tenth: 2.0 times the orders, 1.3 times the value"
    assert_title(lenses.spread(row, "CNY"), lenses.drivers(tenths))
    assert_title(lenses.spread(row.assign(customers=0), "CNY"))


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (effects(), "Spend fell by $575, mostly through fewer customers"),
        (effects(total=(-575, -900, 20)), "Spend fell by $575, no more than chance would"),
        (effects((575, 200, 900), 280, 250, 50), "Spend rose by $575, for several reasons"),
        (
            effects((575, 200, 900), -80, 650, 10),
            "Spend rose by $575, mostly through more orders each",
        ),
        (effects((0, 0, 0), -5, 5, 5), "Spend did not change"),
    ],
)
def test_what_changed_spend(given, title):
    assert plain(lenses.change(given, "USD")) == title
    assert_title(lenses.change(given, "CNY"))


def test_an_effect_without_an_interval_is_still_named():
    assert "mostly through" in lenses.change(effects((-575, None, None)), "USD")


def test_the_change_in_words():
    assert plain(lenses.change_in_words(CHANGES, statuses(), PERIODS, "USD")) == (
        "Spend fell 25 %, from $1,000 to $750: a change of −$250 (95 % interval −$400 to −$100, "
        "808 customers)."
    )
    same = CHANGES.assign(value=0.0)
    assert lenses.change_in_words(same, statuses(), PERIODS, "USD").startswith("Spend is what")


def test_only_effects_that_exceed_chance_are_named():
    assert plain(lenses.effects_in_words(CHANGES, "USD")) == (
        "What exceeds chance: fewer customers (−$300, 95 % interval −$500 to −$90). The other "
        "effects could as well be none."
    )
    vague = CHANGES.assign(low=-9.0, high=9.0)
    assert lenses.effects_in_words(vague, "USD").startswith("No effect of the three")


def test_hidden_statuses_stay_hidden():
    assert plain(lenses.statuses_in_words(statuses())) == (
        "Of 612 customers of the period before, 319 stayed and 293 left; 196 came back from "
        "earlier, and 0 are new."
    )
    gone = statuses((None, None, None, None))
    assert "is hidden" in lenses.statuses_in_words(gone)
    assert lenses.sizes(gone) == dict.fromkeys(["stayed", "came_back", "new", "left"])
    assert lenses.sizes(statuses())["came_back"] == 196


def test_growth_needs_more_than_chance():
    assert plain(lenses.growth(CHANGES, PERIODS)) == "Spend fell 25 % against the 182 days before"
    vague = CHANGES.assign(low=-0.5, high=0.5)
    assert plain(lenses.growth(vague, PERIODS)) == "Spend fell 25 %, which chance alone could do"
    whole = CHANGES.assign(low=float("nan"), high=float("nan"))
    assert "against the 182 days before" in lenses.growth(whole, PERIODS)
    assert lenses.growth(None, PERIODS) == "Whether spend grows cannot be known yet"
    assert_title(*(lenses.growth(one, PERIODS) for one in (CHANGES, vague, None)))


def test_a_short_history_says_what_it_withholds():
    assert lenses.history_needed(PERIODS) == []
    short = SimpleNamespace(**{**vars(PERIODS), "full": 1, "known_days": 300})
    (said,) = lenses.history_needed(short)
    assert plain(said).startswith("The data begin on 1 January 1997, 300 days ago: there is no")
    shorter = SimpleNamespace(**{**vars(PERIODS), "full": 0, "known_days": 30})
    assert "do not fill a period of 182 days" in lenses.history_needed(shorter)[0]
    assert lenses.history_needed(SimpleNamespace(**{**vars(PERIODS), "begins": None})) == []


def test_a_number_that_no_draw_moves_has_no_interval():
    assert lenses.estimate(CHANGES, "old_share") == Estimate(1.0, None, None, 515)
    assert lenses.estimate(CHANGES, "growth") == Estimate(-0.25, -0.4, -0.1, 808)
    assert lenses.estimate(None, "growth") is None


COHORT = pd.DataFrame(
    {
        "cohort": pd.to_datetime(["1997-02-01"] * 4),
        "age": [0, 1, 2, 3],
        "customers": pd.array([857] * 4, "Int64"),
        "active": pd.array([857, 134, 60, 40], "Int64"),
        "active_share": [1, 0.156, 0.07, 0.05],
        "low": [1, 0.13, 0.055, 0.03],
        "high": [1, 0.18, 0.089, 0.07],
        "complete": [True, True, True, False],
    }
)
BY_AGE = pd.DataFrame(
    {
        "cohort": pd.to_datetime(["1997-01-01", "1997-02-01"]),
        "age": [2, 2],
        "customers": [781, 857],
        "spend_to_age": [99.25, 105.81],
        "low": [88.03, 93.82],
        "high": [111.0, 117.98],
        "compared": [True, True],
    }
)


def test_how_a_cohort_evolves():
    assert (
        plain(cohorts.evolution(COHORT, "month"))
        == "7.0 % of Feb 1997's customers bought in month 2"
    )
    assert plain(cohorts.evolution_in_words(COHORT, BY_AGE, "month", "USD")) == (
        "Of the 857 customers who first bought in Feb 1997, 7.0 % (95 % interval 5.5 % to 8.9 %) "
        "bought in month 2 after the first. From the first month to the end of month 2 each spent "
        "$105.81 (95 % interval $93.82 to $117.98)."
    )
    assert_title(cohorts.evolution(COHORT, "quarter"), cohorts.evolution(COHORT.head(1), "month"))


def test_a_hidden_month_of_a_cohort_is_passed_over():
    gone = COHORT.assign(active=COHORT.active.mask(COHORT.age == 2))
    assert plain(cohorts.evolution(gone, "month")).endswith("bought in month 1")
    nobody = cohorts.evolution_in_words(COHORT.head(0), BY_AGE, "month", "USD")
    assert nobody.startswith("No cohort can be followed yet")


def test_cohorts_at_equal_age():
    assert cohorts.at_equal_age(BY_AGE, "month") == "No clear gap between Jan 1997 and Feb 1997"
    said = plain(cohorts.at_equal_age_in_words(BY_AGE, "month", "USD"))
    assert said.endswith("The intervals overlap, so the gap may be chance.")
    apart = BY_AGE.assign(low=[98.0, 104.0], high=[100.0, 107.0])
    title = cohorts.at_equal_age(apart, "month")
    assert title == "By month 2, Feb 1997 brought more than Jan 1997"
    assert "do not overlap" in cohorts.at_equal_age_in_words(apart, "month", "USD")
    assert_title(title, cohorts.at_equal_age(apart, "quarter"))
    hidden = BY_AGE.assign(spend_to_age=[None, 5.0])
    assert cohorts.at_equal_age(hidden, "month").endswith("?")
    assert "Fewer than two" in cohorts.at_equal_age_in_words(hidden, "month", "USD")


def test_cohorts_in_which_old_customers_look_new_are_not_compared():
    apart = BY_AGE.assign(low=[98.0, 104.0], high=[100.0, 107.0], compared=[False, True])
    assert cohorts.at_equal_age(apart, "month").endswith("?")
    said = cohorts.at_equal_age_in_words(apart.assign(compared=False), "month", "USD")
    assert said.startswith("Fewer than two")
    assert "The records begin with these" in said
    assert "The records begin" not in cohorts.at_equal_age_in_words(apart, "month", "USD")


def test_old_customers():
    part = Estimate(0.66, 0.63, 0.69, 2863)
    assert plain(lenses.old_share(part)) == "Customers from before bring 66 % of spend"
    assert plain(cohorts.old_share_in_words(part)) == (
        "Customers whose first purchase lies before the period bring 66 % of its spend (95 % "
        "interval 63 % to 69 %, 2,863 customers); new ones bring 34 %."
    )
    assert lenses.old_share(None).endswith("?")
    assert "is withheld" in cohorts.old_share_in_words(None)
    assert_title(lenses.old_share(part), lenses.old_share(None))


def test_a_hidden_month_gives_no_share_of_who_returned():
    activity = pd.DataFrame(
        {
            "month": pd.to_datetime(["1997-01-01", "1997-02-01", "1997-03-01"]),
            "customers": [100, 100, 100],
            "new": pd.array([20, None, None], "Int64"),
            "returning": pd.array([80, None, None], "Int64"),
            "complete": True,
        }
    )
    assert plain(base.returning(activity)) == "80 % of January 1997's customers had bought before"
    silent = activity.assign(new=pd.array([20, 0, None], "Int64"))
    assert "No new customers" not in base.returning(silent)
