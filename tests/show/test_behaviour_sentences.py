"""Sentences on behaviour: what they say, what they keep back, and that titles are short."""

from datetime import date

import pandas as pd
import pytest

from regulars.measures.behaviour.rate_change import RateChange
from regulars.measures.behaviour.segment_rates import CAME_SINCE
from regulars.measures.behaviour.wallet import METRIC
from regulars.measures.intervals import Estimate
from regulars.show.heading import Heading
from regulars.show.sentences import behaviour

BEFORE = (date(1997, 4, 1), date(1997, 6, 30))
NOW = (date(1998, 4, 1), date(1998, 6, 30))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def change(low: float, high: float, **others) -> RateChange:
    given = {"before": Estimate(0.4, 0.35, 0.45, 500), "now": Estimate(0.3, 0.25, 0.36, 300)}
    return RateChange(**(given | others), change=-0.1, low=low, high=high, detectable=0.09)


def test_a_change_beyond_chance_is_claimed_and_no_other():
    fell = plain(behaviour.change_of_rate(change(-0.17, -0.03), BEFORE, NOW))
    assert fell == (
        "The repurchase rate fell: 30 % in Q2 1998, 40 % in Q2 1997: −10.0 points (95 % interval "
        "−17.0 to −3.0; so many customers show 9.0 points or more)."
    )
    same = behaviour.change_of_rate(change(-0.17, 0.01), BEFORE, NOW)
    assert same.startswith("The repurchase rate did not change beyond chance")


def test_a_change_that_tells_of_few_is_not_given():
    small = change(-0.17, -0.03, now=Estimate(0.02, 0.01, 0.04, 300))
    assert "too few customers" in behaviour.change_of_rate(small, BEFORE, NOW)
    assert "no two whole quarters" in behaviour.change_of_rate(None, None, None)


@pytest.fixture
def segments() -> pd.DataFrame:
    rows = [
        (CAME_SINCE, 900, 0.2, 0.17, 0.23),
        ("loyal", 300, 0.9, 0.86, 0.93),
        ("at_risk", 60, 0.5, 0.38, 0.62),
        ("new", 80, None, None, None),
        ("lost", None, None, None, None),
    ]
    segments = pd.DataFrame(rows, columns=["segment", "customers", "share", "low", "high"])
    # The rate of the whole period, in unequal time, would name others.
    return segments.assign(rate=[0.9, 0.3, 0.4, 0.99, None])


def test_the_extremes_of_the_segments_before(segments):
    assert plain(behaviour.segment_extremes(segments, days=90)) == (
        "Within 90 days of their first purchase in the period, 90 % of Loyal bought again (95 % "
        "interval 86 % to 93 %, 300 customers), and 50 % of At risk (95 % interval 38 % to 62 %, "
        "60 customers)."
    )
    assert "Too few" in behaviour.segment_extremes(segments.head(2), days=90)


@pytest.fixture
def tests() -> pd.DataFrame:
    rows = [("channel", 4, 4758, 18.0, 0.0004, 0.05, 0.0008, True)]
    rows += [("campaign_id", 2, 900, 0.4, 0.5, None, 0.5, False)]
    columns = ["attribute", "groups", "customers", "statistic", "p", "detectable", "p_holm"]
    return pd.DataFrame(rows, columns=[*columns, "differs"])


@pytest.fixture
def groups() -> pd.DataFrame:
    return pd.DataFrame({"group": ["web", "app", "fax"], "share": [0.5, 0.55, None]})


def test_what_differs_by_the_first_purchase_is_said_with_what_could_be_seen(tests):
    by_channel, by_campaign = map(plain, behaviour.waiting(tests, days=90))
    assert by_channel == (
        "4 groups by channel of the first purchase, 4,758 customers: they come back at different "
        "speed (log-rank, p below 0.001 after Holm for 2 tests; of the share back within 90 days, "
        "the two largest would show a difference of 5.0 points or more)."
    )
    assert by_campaign.endswith("beyond chance (log-rank, p 0.500 after Holm for 2 tests).")
    (nothing,) = behaviour.waiting(tests.head(0), days=90)
    assert "two groups of at least 10 customers" in nothing


def test_a_test_that_was_not_possible_is_said_and_not_counted(tests):
    asked = ("channel", "category", "campaign_id")
    *_, left = map(plain, behaviour.waiting(tests, days=90, asked=asked))
    assert left == (
        "No test was possible by category of the first purchase: it takes two groups of at least "
        "10 customers."
    )
    alone, left = map(plain, behaviour.waiting(tests.head(1), days=90, asked=asked))
    assert "p below 0.001; of the share" in alone
    assert "by category or campaign of" in left


@pytest.mark.parametrize(
    ("attribute", "soonest", "title"),
    [
        ("channel", "app", "Who came by App comes back soonest"),
        ("channel", None, "Channels differ in how soon customers return"),
        ("channel", "fax", "Channels differ in how soon customers return"),  # it is not shown
        ("campaign_id", "app", "No difference by campaign of first purchase beyond chance"),
        ("category", "app", "Too few customers to compare"),
    ],
)
def test_only_who_is_ahead_of_all_others_is_named(tests, groups, attribute, soonest, title):
    assert behaviour.waiting_title(attribute, tests, groups, soonest=soonest) == title


@pytest.fixture
def repeated() -> pd.DataFrame:
    rows = [(1, 2357, 0.29, 0.27, 0.31), (2, None, None, None, None), (3, 736, 0.52, 0.49, 0.56)]
    return pd.DataFrame(rows, columns=["purchase", "customers", "rate", "low", "high"])


def test_repeats_go_from_the_first_to_the_last_shown(repeated):
    assert plain(behaviour.repeat_title(repeated)) == "29 % after purchase 1, 52 % after purchase 3"
    found = plain(behaviour.repeats(repeated, days=90))
    assert "29 % bought again (95 % interval 27 % to 31 %, 2,357 customers)" in found
    assert "of purchase 3, 52 % (95 % interval 49 % to 56 %, 736 customers)" in found
    assert ";" not in behaviour.repeats(repeated.head(1), days=90)
    assert behaviour.repeats(repeated.iloc[1:2], days=90).startswith("Too few")


def regular(evenness: tuple, of_all: tuple = (1.0, 0.9, 1.1)) -> dict[str, Estimate]:
    values = {"shape": (1.2, 1.1, 1.3), "shape_of_all": of_all, "by_chance": (1.1, 1.0, 1.2)}
    return {name: Estimate(*ends, 400) for name, ends in (values | {"evenness": evenness}).items()}


@pytest.mark.parametrize(
    ("evenness", "verdict"),
    [
        ((1.1, 0.95, 1.2), "about as evenly as by chance"),
        ((1.3, 1.1, 1.5), "more evenly than by chance"),
        ((0.8, 0.7, 0.9), "in bunches"),
        ((1.3, None, None), "about as evenly as by chance"),
    ],
)
def test_chance_is_what_whole_days_at_random_would_show(evenness, verdict):
    first, *_ = behaviour.regularity(regular(evenness))
    assert verdict in first
    assert "these customers would show 1.10" in first


def test_a_change_of_pace_is_said_where_the_intervals_keep_apart():
    assert len(behaviour.regularity(regular((1, 0.9, 1.1), of_all=(1.0, 0.9, 1.2)))) == 1
    _, pace = behaviour.regularity(regular((1, 0.9, 1.1), of_all=(0.8, 0.7, 0.9)))
    assert "change their pace" in pace
    assert len(behaviour.regularity(regular((1, 0.9, 1.1)), [0.7, 0.9, 1.1])) == 2
    assert "withheld" in behaviour.regularity(None)[0]


def test_the_wallet_is_told_hidden_or_said_to_be_missing():
    rows = [("all", 100, 5.0, 40.0, 0.125, 0.1, 0.15), ("loyal", *[None] * 6)]
    columns = ["segment", "customers", "spend_a_month", "wallet", "share", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns)
    everybody, loyal = map(plain, behaviour.wallet(frame, "EUR"))
    assert everybody == (
        "12 % of the wallet of the period's customers is ours (95 % interval 10 % to 15 %, 100 "
        "customers): €5 of €40 a month."
    )
    assert "Loyal is hidden" in loyal
    assert f"metric {METRIC}" in behaviour.wallet(frame.head(0), "EUR")[0]


def test_window_titles():
    windows = pd.DataFrame(
        {
            "first_day": pd.to_datetime(["1998-01-01", "1998-04-01"]),
            "rate": [0.35, 0.2],
            "complete": [True, False],
        }
    )
    found = plain(behaviour.window_title(windows))
    assert found == "35 % of Q1 1998's customers bought again"
    assert behaviour.window_title(windows.tail(1)) == "No quarter is wholly known yet"
    assert "How many" in behaviour.window_title(windows.assign(rate=None))


def test_titles_are_short_enough_for_a_chart(tests, groups, repeated):
    long = groups.assign(group="a campaign with a name of so many words")
    titles = [
        behaviour.waiting_title("channel", tests, long, soonest=long.group[0]),
        behaviour.waiting_title("channel", tests, long, soonest=None),
        behaviour.waiting_title("campaign_id", tests, groups, soonest=None),
        behaviour.repeat_title(repeated),
        behaviour.repeat_title(repeated.head(1)),
    ]
    assert all(Heading(title, "n", "here").finding for title in titles)
