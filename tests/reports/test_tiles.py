"""One metric in the words of the page."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.data.facts import Metric
from regulars.errors import RunError
from regulars.reports.tiles import Tile, all_tiles, first_screen, make_tile, quantity, spoken_day


def metric(**changes: object) -> dict:
    """Return the repurchase rate of the CDNOW sample as in a facts file."""
    rate = {
        "id": "loyalty.repurchase_rate",
        "label": "Repurchase rate",
        "value": 0.483241,
        "unit": "share",
        "definition": "Customers with two or more purchase days, of all.",
        "low": 0.4631,
        "high": 0.5034,
        "n": 2357,
        "withheld": None,
    }
    return rate | changes


# By hand: value, unit, what a reader sees.
@pytest.mark.parametrize(
    ("value", "unit", "seen"),
    [
        (0.4832, "share", ("48.3", "%")),
        (0.0042, "share", ("0.42", "%")),
        (0, "share", ("0.0", "%")),
        (0.00001, "share", ("<0.01", "%")),
        (0.99999, "share", (">99.9", "%")),
        (1, "share", ("100.0", "%")),
        (-0.12, "share", ("−12.0", "%")),
        (244091.94, "USD", ("$244,092", "")),
        (35.22, "EUR", ("€35.22", "")),
        (-35.22, "USD", ("−$35.22", "")),
        (1200, "CNY", ("CNY 1,200", "")),
        (2357, "customers", ("2,357", "customers")),
        (61.5, "days", ("62", "days")),
        (4.5, "days", ("4.5", "days")),
        (154.25, "index", ("154.2", "index")),
        (1.5, "index", ("1.50", "index")),
        (7.4, "points", ("7", "points")),
        (-0.4, "points", ("0", "points")),
        (5.1, "score", ("5.10", "")),
        (0.8, "shape", ("0.80", "")),
        (-0.1138, "difference of shares", ("−11.4", "points")),
        (0.242594, "", ("0.2426", "")),
        (0.0000123, "", ("1.2e-05", "")),
        (-9582.43, "", ("−9,582", "")),
        (-0.0, "days", ("0", "days")),
        ("pareto_nbd", "name", ("Pareto/NBD", "")),
        ("A", "name", ("A", "")),
    ],
)
def test_numbers_read_as_people_write_them(value: float, unit: str, seen: tuple) -> None:
    assert quantity(value, unit=unit) == seen


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.sampled_from(["share", "USD", "CNY", "days", ""]),
)
def test_a_minus_is_a_minus_and_zero_has_none(value: float, unit: str) -> None:
    text, _ = quantity(value, unit=unit)
    assert not text.startswith("-")
    assert ("−" in text) == (value < 0 and any(digit in text for digit in "123456789"))


def test_a_tile_has_value_interval_n_change_and_definition() -> None:
    tile = make_tile(metric(), previous={"loyalty.repurchase_rate": 0.471})
    assert tile == Tile(
        label="Repurchase rate",
        definition="Customers with two or more purchase days, of all.",
        value="48.3",
        unit="%",
        interval="95\u00a0% interval 46.3 to 50.3\u00a0%",
        n="n\u00a0=\u00a02,357",
        change="+1.2\u00a0points",
    )


@pytest.mark.parametrize(
    ("value", "unit", "before", "change"),
    [
        (0.48, "share", 0.5, "−2.0\u00a0points"),
        (0.48, "share", 0.48, "unchanged"),
        (0.48001, "share", 0.48, "unchanged"),
        (110, "customers", 100, "+10 (+10.0\u00a0%)"),
        (90, "customers", 100.0, "−10 (−10.0\u00a0%)"),
        (90, "customers", 0, "+90"),
        (1_000, "USD", 1_250.5, "−$250.50 (−20.0\u00a0%)"),
        (90, "customers", None, ""),
        (7.6, "points", 7.4, "+0.2\u00a0points"),
        (7.4, "points", 6.8, "unchanged"),
        (0.114, "difference of shares", 0.102, "+1.2\u00a0points"),
    ],
)
def test_change_since_the_last_report(value, unit, before, change) -> None:
    tile = make_tile(metric(value=value, unit=unit), previous={"loyalty.repurchase_rate": before})
    assert tile.change.startswith(change)
    assert bool(tile.change) == bool(change)


def test_without_an_earlier_report_nothing_is_said_of_change() -> None:
    assert make_tile(metric()).change == ""
    assert make_tile(metric(), previous={"base.customers": 1}).change == ""


def test_a_withheld_number_shows_why_and_no_number() -> None:
    tile = make_tile(
        metric(value=None, withheld="No model beat the plain rules."),
        previous={"loyalty.repurchase_rate": 0.5},
    )
    assert (tile.value, tile.interval, tile.n, tile.change) == ("", "", "", "")
    assert tile.withheld == "No model beat the plain rules."


def test_half_an_interval_is_none() -> None:
    assert make_tile(metric(low=None)).interval == ""
    assert make_tile(metric(n=None)).n == ""


# By hand: unit, low, high, what a reader sees.
@pytest.mark.parametrize(
    ("unit", "low", "high", "seen"),
    [
        ("points", 3.4, 11.2, "3 to 11"),
        ("score", 4.994, 5.2, "4.99 to 5.20"),
        ("shape", 0.96, 1.2, "0.96 to 1.20"),
        ("difference of shares", -0.004, 0.164, "−0.4 to 16.4 points"),
        ("share", 0.0042, 0.013, "0.4 to 1.3 %"),
        ("share", 0.0001, 0.013, "<0.1 to 1.3 %"),
        ("share", 0.98, 0.9904, "98.0 to 99.0 %"),
        ("USD", 950.25, 1100.4, "$950 to $1,100"),
        ("days", 3.5, 4, "3.5 to 4.0"),
        ("days", 4.5, 12.2, "4 to 12"),
        ("", 0.5, 1.25, "0.50 to 1.25"),
    ],
)
def test_both_ends_of_an_interval_have_as_many_decimals(unit, low, high, seen) -> None:
    tile = make_tile(metric(unit=unit, low=low, high=high))
    assert tile.interval.replace("\u00a0", " ") == f"95 % interval {seen}"


def test_the_first_screen_follows_the_notebooks_choice() -> None:
    metrics = [asdict(Metric(f"x.{name}", name, 1, "", "d")) for name in "abc"]
    facts = {"notebook": "05_loyalty", "tiles": ["x.c", "x.a"], "metrics": metrics}
    assert [tile.label for tile in first_screen(facts)] == ["c", "a"]
    assert [tile.label for tile in all_tiles(facts)] == ["a", "b", "c"]


def test_a_tile_without_its_metric_is_an_error() -> None:
    facts = {"notebook": "05_loyalty", "tiles": ["loyalty.gone"], "metrics": [metric()]}
    with pytest.raises(RunError, match=r"every tile of 05_loyalty, found none for loyalty\.gone"):
        first_screen(facts)


@pytest.mark.parametrize(
    ("iso", "said"),
    [("1998-06-30", "30 June 1998"), ("2024-02-29", "29 February 2024"), ("2024-W1", "2024-W1")],
)
def test_days_are_said_in_english_on_every_machine(iso: str, said: str) -> None:
    assert spoken_day(iso) == said


@pytest.mark.parametrize(
    ("before", "seen"),
    [("mbg_nbd", "unchanged"), ("bg_nbd", "was BG/NBD"), (None, ""), (0.5, "")],
)
def test_a_name_says_what_it_was(before: object, seen: str) -> None:
    model = metric(id="churn.model", value="mbg_nbd", unit="name", low=None, high=None)
    tile = make_tile(model, previous={"churn.model": before})
    assert (tile.value, tile.unit, tile.interval, tile.change) == ("MBG/NBD", "", "", seen)


def test_a_number_that_was_a_name_has_no_change() -> None:
    assert make_tile(metric(), previous={"loyalty.repurchase_rate": "much"}).change == ""
