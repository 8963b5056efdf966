"""Sentences on what to expect: what they say, and what they keep to themselves."""

import pandas as pd
import pytest

from regulars.measures.forecasts.chances import Brier
from regulars.measures.intervals import Estimate
from regulars.show.heading import Heading
from regulars.show.sentences import forecasts


def plain(text):
    return text.replace("\u00a0", " ")


def assert_title(title):
    Heading(title, "What", "Whence")
    assert "nan" not in title.lower().split()


@pytest.fixture
def told() -> pd.DataFrame:
    """Return totals of two horizons."""
    rows = [
        ("buyers", 30, 141.45, 137.2, 145.8, 121.0, 163.0),
        ("purchase_days", 30, 179.3, 174.0, 184.8, 152.0, 209.0),
        ("buyers", 365, 575.5, 548.9, 603.0, 533.0, 619.0),
        ("purchase_days", 365, 1941.7, 1852.8, 2034.8, 1776.0, 2115.0),
    ]
    columns = ["what", "days", "value", "expected_low", "expected_high", "low", "high"]
    return pd.DataFrame(rows, columns=columns).assign(widened=False, customers=2357)


@pytest.fixture
def typical() -> pd.DataFrame:
    """Return what is told of one history."""
    one = {"repeat_days": 2, "recency_age": 276, "age": 500, "next_median": 107}
    ends = {
        "buys_30": (0.075, 0.072, 0.08),
        "buys_365": (0.43, 0.41, 0.456),
        "expected_365": (0.89, 0.83, 0.96),
    }
    for name, numbers in ends.items():
        one |= dict(zip((name, f"{name}_low", f"{name}_high"), numbers, strict=True))
    return pd.DataFrame([one])


def places(shares, *, n=1000, expected=(0.1, 0.8, 0.1), hidden=()):
    frame = pd.DataFrame({"place": ["earlier", "within", "later"], "expected_share": expected})
    frame["customers"] = [round(share * n) for share in shares]
    frame = frame.assign(share=shares, low=[s - 0.02 for s in shares])
    frame = frame.assign(high=[s + 0.02 for s in shares], hidden=False)
    away = frame["place"].isin(hidden)
    frame["hidden"] = away
    frame[["customers", "share", "low", "high"]] = frame[
        ["customers", "share", "low", "high"]
    ].mask(away)
    return frame


def test_who_buys_names_the_kind_of_interval_and_whom_it_leaves_out(told):
    buyers, purchases = map(plain, forecasts.who_buys(told))
    assert buyers == (
        "Of 2,357 customers, we expect 576 to buy within 365 days (95 % prediction interval 533 to "
        "619)."
    )
    assert purchases.startswith("We expect 1,942 purchase days of them (95 % prediction interval")
    assert purchases.endswith("for the first time are not counted.")


def test_intervals_that_are_widened_are_said_to_be(told):
    assert len(forecasts.who_buys(told)) == 2
    said = forecasts.who_buys(told.assign(widened=told.what == "buyers"))
    assert said[2].endswith("is widened by what the model missed by on the days held back.")


def test_of_nobody_nothing_is_expected(told):
    nothing = told.assign(value=0.0, low=float("nan"), high=float("nan"), customers=0)
    assert forecasts.who_buys(nothing) == ["Nobody is expected to buy again."]
    assert forecasts.back_tested(nothing, 0, ahead=365) == []


def test_the_table_has_both_intervals_in_at_most_seven_columns(told):
    table = forecasts.totals_table(told)
    assert [plain(cell) for cell in table.iloc[1]] == [
        *("365 days", "576", "533 to 619", "549 to 603"),
        *("1,942", "1,776 to 2,115", "1,853 to 2,035"),
    ]


@pytest.mark.parametrize(("came", "ends"), [(600, "4.3 % more."), (540, "6.2 % fewer.")])
def test_a_forecast_that_held_says_no_more(told, came, ends):
    (said,) = forecasts.back_tested(told, came, ahead=365)
    assert plain(said).endswith(ends)


def test_a_forecast_that_did_not_hold_says_what_its_interval_leaves_out(told):
    (said,) = forecasts.back_tested(told, 684, ahead=365)
    assert "and 684 came, 19 % more: the interval did not hold." in plain(said)
    assert "not of how wrong the model may be" in said


def test_few_who_came_are_not_counted_on_the_page(told):
    (said,) = forecasts.back_tested(told, 7, ahead=365)
    assert "7" not in said
    assert "Too few" in said


def test_typical_customers_have_their_intervals_in_brackets(typical):
    table = forecasts.typical_table(typical, [30, 365])
    assert [plain(str(cell)) for cell in table.iloc[0]] == [
        *("2", "224", "7.5 % (7.2 % to 8.0 %)", "43 % (41 % to 46 %)", "0.89 (0.83 to 0.96)"),
    ]
    assert table.shape[1] == 5


def test_the_title_of_the_windows_fits(typical):
    assert plain(forecasts.windows_title(typical)) == "If they come, half come within 107 days"
    two = pd.concat([typical, typical.assign(next_median=67)])
    assert plain(forecasts.windows_title(two)) == "If they come, half come within 67 to 107 days"
    assert_title(forecasts.windows_title(two))


def test_windows_say_what_came_in_them_and_outside():
    said = plain(forecasts.windows(places([0.08, 0.8, 0.12])))
    assert said == (
        "Of 1,000 customers who bought in the days held back, 80 % (95 % interval 78 % to 82 %) did "
        "so in the days foretold; by the model it is 80 %. 8.0 % came earlier, 12 % later."
    )


def test_hidden_places_are_not_said():
    said = forecasts.windows(places([0.005, 0.98, 0.015], hidden=["earlier", "later"]))
    assert "earlier" not in said
    gone = places([0.5, 0.006, 0.494], hidden=["within", "earlier"])
    assert "Too few" in forecasts.windows(gone)
    assert forecasts.windows_doubt(gone) == []
    nobody = places([0.1, 0.8, 0.1]).head(0)
    assert "Nobody bought" in forecasts.windows(nobody)
    assert forecasts.windows_doubt(nobody) == []


def test_windows_clearly_off_are_doubted_and_others_are_not():
    assert forecasts.windows_doubt(places([0.1, 0.8, 0.1])) == []
    assert forecasts.windows_doubt(places([0.11, 0.77, 0.12])) == []  # off, but not by much
    (narrow,) = forecasts.windows_doubt(places([0.2, 0.6, 0.2]))
    assert "too narrow" in narrow
    (wide,) = forecasts.windows_doubt(places([0.05, 0.9, 0.05]))
    assert "too wide" in wide


def test_the_title_of_the_calibration_counts_the_groups_that_held():
    tenths = pd.DataFrame(
        {"predicted_chance": [0.1, 0.5, None], "bought": [0.18, 0.52, None]}
    ).assign(low=[0.14, 0.45, None], high=[0.24, 0.6, None])
    assert forecasts.calibration_title(tenths) == "The chances held in 1 of 2 groups"
    nothing = forecasts.calibration_title(tenths.tail(1))
    assert nothing == "Do those who are likelier to buy, buy?"
    assert_title(nothing)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((0.01, 0.05), "tell more than"),
        ((-0.01, 0.05), "cannot be told from"),
        ((-0.05, -0.01), "tell less than"),
    ],
)
def test_the_score_claims_no_more_than_its_interval(ends, words):
    (said,) = forecasts.score(Brier(0.161, 0.206, Estimate(0.03, *ends, 2357)))
    assert f"the chances {words} one chance for all" in said
    assert forecasts.score(None) == []


def test_the_history_names_its_largest_lift():
    history = pd.DataFrame(
        {
            "p_alive": [0.6, 0.5, 0.8, 0.3, 0.9, 0.4, 0.3],
            "purchase": [True, False, True, False, True, False, False],
        }
    )
    assert plain(forecasts.history_title(history)) == "A purchase lifts P(alive) from 30 % to 90 %"
    assert_title(forecasts.history_title(history))
    assert forecasts.history_title(history.head(2)) == "How does P(alive) move?"
    assert plain(forecasts.example(history, 3)).endswith("below one half after 1 day of silence.")
    loyal = history.assign(p_alive=0.9)
    assert plain(forecasts.example(loyal, 3)).endswith("P(alive) is 90 % after 2 days silent.")
