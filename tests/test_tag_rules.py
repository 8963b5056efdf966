"""Rules of tags: what can be read, what is refused by the tag's name, and what nobody can meet."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import ParameterError
from regulars.parameters import read_parameters, validate
from regulars.parameters.tag_bounds import Condition, contradiction
from regulars.parameters.tag_rules import parse_rule
from regulars.parameters.texts import read_yaml

SHOP = Path(__file__).parents[1] / "parameters" / "shop.yaml"
CDNOW = SHOP.with_name("cdnow.yaml")


def read(text):
    """Return a rule as (conditions, days) of each alternative; a condition as it is shown."""
    return [
        ([(c.column, c.op, *c.values) for c in one.conditions], one.days)
        for one in parse_rule("t", text).alternatives
    ]


def test_the_rule_of_the_text_book():
    rule = parse_rule("new_mother", "category in [diapers, baby food]  and orders>=2 since 90 days")
    assert rule.text == "category in [diapers, baby food] and orders>=2 since 90 days"
    assert read(rule.text) == [
        ([("category", "in", "diapers", "baby food"), ("orders", ">=", "2")], 90)
    ]


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("category = wine", [("category", "in", "wine")]),
        ("category != 'dry white'", [("category", "not in", "dry white")]),
        ('category not in ["a, b", c]', [("category", "not in", "a, b", "c")]),
        ("category in [a, b,]", [("category", "in", "a", "b")]),
        ("category in [a, a]", [("category", "in", "a")]),
        ("customer.region IS MISSING", [("customer.region", "is missing")]),
        ("gender is not missing", [("gender", "is there")]),
        ("category = 尿布 AND orders > 1", [("category", "in", "尿布"), ("orders", ">", "1")]),
        (
            "spend >= -2.5 and day < 2025-01-31",
            [("spend", ">=", "-2.5"), ("day", "<", "2025-01-31")],
        ),
        ("category = 'and'", [("category", "in", "and")]),
        ("category = men's", [("category", "in", "men's")]),
        ("class.segment = x", [("class.segment", "in", "x")]),
    ],
)
def test_what_can_be_read(text, conditions):
    assert read(text) == [(conditions, None)]


def test_alternatives_stand_in_brackets_and_have_their_own_days():
    assert read(
        "(category = a and orders >= 2 since 9 days) or (spend > 5) or (lines > 1 since 1 day)"
    ) == [
        ([("category", "in", "a"), ("orders", ">=", "2")], 9),
        ([("spend", ">", "5")], None),
        ([("lines", ">", "1")], 1),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected the name of a column, .* found the end of the rule"),
        ("orders", "expected = != .* after orders, found the end"),
        ("orders >=", "expected a value after orders >=, found the end"),
        ("orders => 2", "expected a value after orders =, found >"),
        ("Orders >= 2", "expected the name of a column, .* found Orders"),
        ("basket.orders >= 2", "expected the name of a column, .* found basket.orders"),
        ("category = baby food", "expected and, since or the end .* in quotes.*, found food"),
        ("category = 'baby food", "found a ' alone. Put quotes round"),
        ("category = a!", "found a ! alone"),
        ("category in []", "the list of category is empty"),
        ("category in [a b", "expected a comma or the closing bracket .* found the end"),
        ("category in [,]", "expected a value in the list of category, found ,"),
        ("category in a", r"expected a list such as \[a, b\] after category in, found a"),
        ("category not a", "expected = != .* found not"),
        ("category is a", "expected = != .* found is"),
        ("orders >= 2 since days", "expected a whole number of days from 1 to 36500.* found days"),
        ("orders >= 2 since 0 days", "expected a whole number of days"),
        ("orders >= 2 since 99999 days", "expected a whole number of days"),
        ("orders >= 2 since 90", "expected the word days"),
        ("orders >= 2 since 90 days and spend > 3", "found and"),
        ("category = a or category = b", "in brackets, .* found or"),
        ("(category = a) or category = b", "expected a rule in brackets after or"),
        ("(category = a) and (orders >= 2)", "expected and, since or the end .* found and"),
        ("(category = a", "expected and, since or the closing bracket"),
        ("orders >= many", "orders is compared with a number of at most 4 decimals, found many"),
        ("spend > 1e5", "found 1e5"),
        ("spend > 0.12345", "found 0.12345"),
        ("category < wine", "category < compares numbers and days .* the text wine"),
        ("day < 2025-02-30", "the text 2025-02-30"),
        ("a = b and " * 300 + "a = b", "at most 2000 fit"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_of_the_tag(text, message):
    with pytest.raises(ParameterError, match=f"^tag fan: .*{message}"):
        parse_rule("fan", text)


@pytest.mark.parametrize(
    "text",
    [
        "orders >= 5 and orders < 3",
        "orders > 2 and orders < 3",
        "orders >= 2.5 and orders < 3",
        "orders = 1.5",
        "orders < 0",
        "orders in [1, 2] and orders > 2",
        "orders = 2 and orders != 2.0",
        "spend > 3 and spend <= 3",
        "days_since_last >= 90 since 90 days",
        "category = a and category = b",
        "category in [a, b] and category not in [b, a]",
        "category is missing and category = a",
        "gender is missing and gender is not missing",
        "day >= 2025-02-01 and day < 2025-01-01",
        "unit_price > 3 and unit_price < 2025-01-01",
        "unit_price = 2 and unit_price > 3",
        "(orders >= 2) or (orders > 2 and orders < 3)",
    ],
)
def test_what_nobody_can_meet_is_refused(text):
    with pytest.raises(ParameterError, match="^tag fan: nobody can meet this rule: "):
        parse_rule("fan", text)


@pytest.mark.parametrize(
    "text",
    [
        "orders >= 3 and orders <= 3",
        "orders > 2 and orders < 4",
        "spend > 2 and spend < 3",
        "orders <= 0",
        "days_since_last >= 89 since 90 days",
        "category = a and category in [a, b]",
        "product_id = 007 and product_id != 7",
        "line.quantity = 1 and line.quantity = 1.0",
        "line.region = a and customer.region = b",
        "category != a and category != b",
    ],
)
def test_what_somebody_might_meet_is_not(text):
    assert parse_rule("fan", text).text == text


BOUNDS = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "in", "not in"]), st.integers(-1, 5))


@given(st.lists(BOUNDS, min_size=1, max_size=4))
def test_counts_are_refused_exactly_where_no_whole_number_fits(bounds):
    meets = {
        "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__,
        "in": int.__eq__, "not in": int.__ne__,
    }  # fmt: skip
    possible = any(all(meets[op](n, bound) for op, bound in bounds) for n in range(20))
    found = contradiction([Condition("", "orders", op, (str(b),)) for op, b in bounds], None)
    assert possible == (found == "") or {op for op, _ in bounds} & {"not in"}
    assert found == "" or not possible  # never refused without need


def test_a_bad_rule_stops_the_parameters_and_names_the_file_and_the_tag(tmp_path):
    place, values = tmp_path / "mine.yaml", read_yaml(SHOP)
    place.write_text(yaml.safe_dump(values | {"tags": {"fan": "orders >= 5 and orders < 3"}}))
    with pytest.raises(ParameterError, match=r"^mine.yaml: tags: tag fan: nobody can meet"):
        read_parameters(place)
    place.write_text(yaml.safe_dump(values | {"tags": {"fan": "orders >= 5"}}))
    assert read_parameters(place).tags == {"fan": "orders >= 5"}


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (
            {"often": "ordrs >= 2"},
            "tags: tag often: there is no column 'ordrs'. Did you mean orders",
        ),
        ({"red": "flavour = red"}, "tag red: there is no column 'flavour'"),
        ({"north": "customer.region_ = North"}, "tag north: there is no column 'customer.region_'"),
        ({"importance": "orders >= 2"}, "tag importance: a grouping has this name"),
    ],
)
def test_names_that_no_table_has_are_refused_before_a_run(tags: dict, message: str) -> None:
    cdnow = yaml.safe_load(CDNOW.read_text(encoding="utf-8"))
    with pytest.raises(ParameterError, match=message):
        validate({**cdnow, "tags": tags}, where="shop.yaml")


def test_attributes_of_customers_groups_and_ages_can_be_asked_for() -> None:
    cdnow = yaml.safe_load(CDNOW.read_text(encoding="utf-8"))
    customers = {"files": "c.csv", "columns": {"customer_id": "id"}, "attributes": {"club": "Club"}}
    sources = {**cdnow["sources"], "customers": customers}
    tags = {
        "a": "club = gold",
        "b": "abc = A and score > 0.5",
        "c": "age_years < 30",
        "d": "day >= 2024-01-01",
    }
    assert set(validate({**cdnow, "sources": sources, "tags": tags}, where="x").tags) == set(tags)
