"""Tags: by hand, against plain Python, and each customer once whatever the base looks like."""

from datetime import date, timedelta
from decimal import Decimal

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import DataError, ParameterError, StatisticalDoubt, collect_doubts
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.tags import customer_tags, tag_summary

AS_OF = date(1997, 4, 30)
MONEY = pa.decimal128(18, 4)
# customer, day, order, kind, category, amount, cost, quantity
LINES = [
    ("ann", "1997-01-05", "o1", "sale", "wine", 20, 12, 2),
    ("ann", "1997-01-05", "o1", "sale", "bread", 4, 1, 1),
    ("ann", "1997-02-10", "o2", "sale", "wine", 30, 18, 3),
    ("ann", "1997-02-20", "o2", "return", "wine", -10, -6, -1),
    ("ann", "1997-04-20", "o3", "sale", "dry goods", 8, 5, 4),
    ("bob", "1997-03-01", "o4", "sale", "bread", 3, 1, 1),
    ("bob", "1997-03-31", "o5", "sale", "bread", 3, None, 1),
    ("bob", "1997-04-01", "o6", "sale", "bread", 3, 1, 1),
    ("cyd", "1997-01-31", "o7", "sale", "wine", 50, 20, 5),
    ("dan", "1997-04-30", None, "sale", None, 9, 4, 1),
    ("dan", "1997-05-01", "o8", "sale", "wine", 99, 9, 9),  # after the last day known
    ("eve", "1997-02-01", None, "return", "wine", -5, -2, -1),  # who never bought
]
KINDS = [
    ("customer_id", pa.string()), ("day", pa.date32()), ("order_id", pa.string()),
    ("kind", pa.string()), ("category", pa.string()), ("amount", MONEY), ("cost", MONEY),
    ("quantity", MONEY),
]  # fmt: skip


def lines_of(rows):
    columns = list(zip(*rows, strict=True)) if rows else [[]] * len(KINDS)
    columns[1] = [date.fromisoformat(str(day)) for day in columns[1]]
    arrays = {
        name: pa.array([Decimal(v) if kind == MONEY and v is not None else v for v in values], kind)
        for (name, kind), values in zip(KINDS, columns, strict=True)
    }
    empty = {"discount": pa.nulls(len(rows), MONEY), "region": pa.nulls(len(rows), pa.string())}
    return ibis.memtable(pa.table(arrays | empty))


PEOPLE = table_of(
    pd.DataFrame(
        {
            "customer_id": ["ann", "bob", "cyd", "zoe"],
            "region": ["north", "south", None, "north"],
            "kind": ["person", "company", "person", "person"],
            "birth_date": pd.to_datetime(["1957-04-30", "1957-05-01", None, "1990-01-01"]).date,
            "education": pd.Series([None] * 4, dtype="str"),
        }
    )
)
CLASSES = table_of(
    pd.DataFrame(
        {"customer_id": ["ann", "bob", "cyd", "dan"], "importance": ["vip", "ordinary", "ordinary", "dormant"],
         "preferred": ["wine", "bread", "wine", None], "score": [0.9, 0.4, 0.3, 0.1]}
    )
)  # fmt: skip


def ask(rule, rows=LINES, **keywords):
    """Return who has a tag, and since when."""
    with collect_doubts():
        tags = customer_tags(lines_of(rows), {"t": rule}, as_of=AS_OF, **keywords)
        found = fetch(tags.filter(tags.tag == "t"))
    assert set(found["value"]) <= {"yes", "no"}
    assert (found[found["value"] == "no"].valid_from == pd.Timestamp(AS_OF)).all()
    has = found[found["value"] == "yes"]
    return dict(zip(has.customer_id, has.valid_from.dt.strftime("%m-%d"), strict=True))


@pytest.mark.parametrize(
    ("rule", "has"),
    [
        # Counts: the day of the k-th.
        ("orders >= 1", {"ann": "01-05", "bob": "03-01", "cyd": "01-31", "dan": "04-30"}),
        ("orders >= 3", {"ann": "04-20", "bob": "04-01"}),
        ("orders = 2 since 31 days", {"bob": "04-01"}),
        ("orders >= 1 since 30 days", {"ann": "04-20", "bob": "04-01", "dan": "04-30"}),
        ("orders >= 2 and orders < 4", {"ann": "02-10", "bob": "03-31"}),
        ("orders = 0 since 60 days", {"cyd": "04-30"}),
        ("lines >= 3", {"ann": "02-10", "bob": "04-01"}),
        ("purchase_days > 2.5", {"ann": "04-20", "bob": "04-01"}),
        ("orders in [1, 2]", {"cyd": "01-31", "dan": "04-30"}),
        # Chosen lines; nothing counted asks for one of them.
        ("category = wine", {"ann": "01-05", "cyd": "01-31"}),
        ("category in [wine, dry goods] and orders >= 2", {"ann": "02-10"}),
        ("category != wine", {"ann": "01-05", "bob": "03-01"}),  # dan's is missing
        ("category is missing", {"dan": "04-30"}),
        ("category is not missing and lines < 2", {"cyd": "01-31"} | {"dan": "04-30"}),
        ("kind = return and lines >= 1", {"ann": "02-20"}),
        ("kind = return and orders >= 1", {"ann": "02-20"}),
        ("day >= 1997-04-01 and day <= 1997-04-20", {"ann": "04-20", "bob": "04-01"}),
        ("line.quantity >= 5", {"cyd": "01-31"}),
        # Money and quantity are net of returns, since the last chosen line.
        ("spend >= 40 and category = wine", {"ann": "02-20", "cyd": "01-31"}),
        ("spend > 40 and category = wine", {"cyd": "01-31"}),
        ("quantity = 4 and category = wine", {"ann": "02-20"}),
        ("margin >= 21", {"ann": "04-20", "cyd": "01-31"}),
        ("margin < 21", {"dan": "04-30"}),  # of bob it is not known
        ("margin is missing", {"bob": "04-01"}),
        ("spend = 0 since 30 days", {"cyd": "04-30"}),
        # Days since.
        ("days_since_last >= 20", {"bob": "04-21", "cyd": "02-20"}),
        ("days_since_last <= 10", {"ann": "04-20", "dan": "04-30"}),
        ("days_since_first >= 89 and category = wine", {"ann": "04-04", "cyd": "04-30"}),
        ("days_since_last is missing and category = wine", {"bob": "04-30", "dan": "04-30"}),
        # Alternatives: the earliest that holds.
        (
            "(orders >= 3) or (category = wine since 90 days)",
            {"ann": "02-10", "bob": "04-01", "cyd": "01-31"},
        ),
        # Customers and groupings.
        ("customer.region = north", {"ann": "04-30"}),
        ("region = north and orders >= 2", {"ann": "02-10"}),  # no line has a region
        ("customer.kind = company and kind = sale and orders >= 2", {"bob": "03-31"}),
        ("age_years >= 40", {"ann": "04-30"}),
        ("birth_date > 1957-04-30 and spend > 0", {"bob": "04-01"}),
        ("customer.region is missing", {"cyd": "04-30", "dan": "04-30"}),
        ("importance = vip and orders >= 1", {"ann": "04-30"}),
        ("class.preferred not in [bread]", {"ann": "04-30", "cyd": "04-30"}),
        ("score >= 0.4", {"ann": "04-30", "bob": "04-30"}),
    ],
)
def test_by_hand(rule, has):
    assert ask(rule, customers=PEOPLE, classes=CLASSES) == has


def test_a_margin_rate_stands_in_for_a_missing_cost():
    assert ask("margin >= 5.5 and orders = 3 and category = bread", margin_rate=0.5) == {
        "bob": "04-01"
    }


def test_groupings_come_in_as_tags_and_numbers_do_not():
    tags = fetch(customer_tags(lines_of(LINES), {}, as_of=AS_OF, classes=CLASSES))
    assert tags.groupby("tag").size().to_dict() == {"importance": 4, "preferred": 4}
    assert (tags.rule == tags.tag).all()
    named = tags[tags.tag == "preferred"].set_index("customer_id")["value"]
    assert named.drop("dan").to_dict() == {"ann": "wine", "bob": "bread", "cyd": "wine"}
    assert named.isna()["dan"]


def test_the_summary_counts_rules_and_not_groupings():
    rules = {"often": "orders >= 3", "never": "orders >= 99"}
    found = tag_summary(customer_tags(lines_of(LINES), rules, as_of=AS_OF, classes=CLASSES))
    assert found.to_numpy().tolist() == [
        ["never", 0, 0.0, 4, "orders >= 99"],
        ["often", 2, 0.5, 4, "orders >= 3"],
    ]


def test_without_rules_there_are_no_rows():
    tags = customer_tags(lines_of(LINES), {}, as_of=AS_OF)
    assert fetch(tags).empty
    assert tag_summary(tags).empty


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "categry = wine",
            "there is no column 'categry'. Did you mean category.*of purchases: day, order_id",
        ),
        ("age > 3", "there is no column 'age'. Did you mean customer.age_years"),
        ("customer.regio = x", "Did you mean customer.region"),
        ("line.importance = vip", "there is no column 'line.importance'"),
        ("source_line > 3", "there is no column 'source_line'"),
        ("line.region = north", "the column region of purchases has no value in any row"),
        ("education = master", "the column education of customers has no value"),
        ("discount > 3", "asks for discount, but no line of purchases has a discount"),
        ("category >= 3", "category has no order, so >= says nothing"),
        ("score = high", "score is compared with a number, found high"),
        ("day = monday", "day is compared with a day such as 2025-12-31, found monday"),
        ("day >= 1997", "day is compared with a day such as 2025-12-31, found 1997"),
    ],
)
def test_what_the_data_do_not_have_is_refused_by_the_name_of_the_tag(rule, message):
    with pytest.raises(ParameterError, match=f"^tag t.*{message}"):
        ask(rule, customers=PEOPLE, classes=CLASSES)


def test_margins_without_any_cost_are_refused():
    rows = [(*row[:6], None, row[7]) for row in LINES]
    with pytest.raises(
        ParameterError, match="no line of purchases has a cost.*or set costs.margin_rate"
    ):
        ask("margin > 3", rows)
    assert ask("margin > 20", rows, margin_rate=0.5) == {"ann": "04-20", "cyd": "01-31"}


def test_without_a_table_of_customers_the_refusal_says_so():
    with pytest.raises(ParameterError, match="of customers: none, the table is not there"):
        ask("gender = f")


def test_a_tag_with_the_name_of_a_grouping_is_refused():
    with pytest.raises(ParameterError, match="tag importance: a grouping has this name"):
        customer_tags(lines_of(LINES), {"importance": "orders > 1"}, as_of=AS_OF, classes=CLASSES)


def test_a_customer_who_stands_twice_is_refused():
    twice = PEOPLE.union(PEOPLE)
    with pytest.raises(DataError, match="each customer once in customers, found some twice"):
        ask("customer.region = north", customers=twice)


def test_a_value_that_is_nowhere_is_a_doubt():
    with pytest.warns(StatisticalDoubt, match="^Tag t: the value 'wines' of category is nowhere"):
        tags = customer_tags(lines_of(LINES), {"t": "category in [wines, bread]"}, as_of=AS_OF)
    assert fetch(tags)["value"].tolist() == ["yes", "yes", "no", "no"]


def test_costs_that_are_missing_here_and_there_are_a_doubt():
    with pytest.warns(StatisticalDoubt, match="^Tag t: 1 of 12 lines have no cost"):
        customer_tags(lines_of(LINES), {"t": "margin > 1"}, as_of=AS_OF)


# --- against plain Python -----------------------------------------------------------------------

WHO = st.sampled_from(["ann", "bob", "cyd", "dan"])
ROW = st.tuples(
    WHO, st.integers(0, 60), st.sampled_from(["o1", "o2", "o3", None]),
    st.sampled_from(["sale", "sale", "return"]), st.sampled_from(["wine", "bread", None]),
    st.integers(1, 9),
)  # fmt: skip


def rows_of(drawn):
    return [
        (who, str(AS_OF - timedelta(days=ago)), order, kind, category,
         amount if kind == "sale" else -amount, None, None)
        for who, ago, order, kind, category, amount in drawn
    ]  # fmt: skip


def plainly(rows, *, category, orders, days):
    """Answer ``category = … and orders >= … and spend >= 0 since … days`` row by row."""
    began = str(AS_OF - timedelta(days=days - 1))
    found = {}
    for who in {row[0] for row in rows if row[3] == "sale"}:
        mine = sorted(
            (row for row in rows if row[0] == who and row[4] == category and row[1] >= began),
            key=lambda row: row[1],
        )
        reached = {}
        for row in (row for row in mine if row[3] == "sale"):
            reached.setdefault(row[2] or f"day {row[1]}", row[1])
        if len(reached) >= orders and sum(row[5] for row in mine) >= 0:
            last = mine[-1][1] if mine else str(AS_OF)
            found[who] = max(last, sorted(reached.values())[orders - 1])[5:]
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=25), st.integers(1, 3), st.integers(1, 60))
def test_it_is_what_plain_python_says(drawn, orders, days):
    rows = rows_of(
        [*drawn, ("zed", 3, "o9", "sale", "wine", 5), ("zed", 3, "o9", "sale", "bread", 1)]
    )
    for category in ("wine", "bread"):
        rule = f"category = {category} and orders >= {orders} and spend >= 0 since {days} days"
        assert ask(rule, rows) == plainly(rows, category=category, orders=orders, days=days)


@pytest.mark.parametrize("customers", [1, 5, 80], ids=["one", "five", "80 % bought once"])
@pytest.mark.parametrize("equal", [True, False])
def test_every_customer_has_each_tag_once(customers, equal):
    rows = [
        (f"c{n:02}", "1997-03-01" if equal else str(date(1997, 1, 1) + timedelta(days=n)), f"o{n}{k}",
         "sale", "wine", 5, 2, 1)
        for n in range(customers) for k in range(1 if equal or n % 5 else 3)
    ]  # fmt: skip
    rules = {"a": "orders >= 2", "b": "(spend > 3 since 9 days) or (lines < 2)", "c": "margin >= 3"}
    tags = fetch(customer_tags(lines_of(rows), rules, as_of=AS_OF))
    assert len(tags) == 3 * customers
    assert not tags.duplicated(["customer_id", "tag"]).any()
    assert list(tags.tag + tags.customer_id) == sorted(tags.tag + tags.customer_id)


def test_nothing_later_than_the_day_and_no_order_of_rows_matters():
    rules = {"a": "orders >= 2 since 90 days", "b": "category = wine", "c": "spend > 20"}
    early = [row for row in LINES if row[1] <= str(AS_OF)]
    tables = [lines_of(rows) for rows in (LINES, early, LINES[::-1])]
    found = [fetch(customer_tags(table, rules, as_of=AS_OF)) for table in tables]
    pd.testing.assert_frame_equal(found[0], found[1])
    pd.testing.assert_frame_equal(found[0], found[2])


def test_an_order_of_two_days_counts_from_its_first():
    days = [("o1", "1997-03-01"), ("o2", "1997-03-05"), ("o2", "1997-03-20")]
    rows = [("ann", day, order, "sale", "wine", 5, 2, 1) for order, day in days]
    assert ask("orders >= 2", rows) == {"ann": "03-05"}
    assert ask("lines >= 3", rows) == {"ann": "03-20"}
