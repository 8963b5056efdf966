"""Clean tables: each line in one place, by the first rule that applies, and an account of it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regulars.data.cleaning import (
    FAMILIES,
    Cleaned,
    account_of,
    clean_tables,
    known_customers,
    steps_of,
)
from regulars.data.store import Store
from regulars.errors import DataError, LedgerError, ParameterError
from regulars.parameters import Cleaning, read_rules

AS_OF = "2024-12-31"
COLUMNS = (
    "source_line",
    "customer_id",
    "ordered_at",
    "order_id",
    "product_id",
    "quantity",
    "amount",
    "kind",
)
LINES = [
    (1, "ann", "2024-01-05", "1", "lamp", 1, 20, None),
    (2, "ann", "2024-01-06", "C1", "lamp", -1, -20, None),
    (3, "ann", "2024-01-07", "2", "book", 2, 10, None),
    (4, "ann", "2024-01-09", "3", "book", -1, -5, "return"),
    (5, "ann", "2024-01-09", "3", "Postage", 1, 4, None),
    (6, "bob", "2024-01-09", "C4", "book", -1, -5, None),
    (7, "bob", "2024-01-10", "5", "card", 1, 0, None),
    (8, None, "2024-01-10", "6", "book", 1, 12, None),
    (9, None, "2024-01-10", "6", "POST", 1, 3, None),
    (10, "bob", "2024-01-12", "7", "book", 1, 11, "sale"),
    (11, "bob", "2024-01-13", "8", "book", 1, 9, None),
    (12, "cy", "2024-01-14", "9", "book", 1, 12, None),
    (13, "cy", "2024-01-15", "10", "piano", 1, 90000, None),
    (14, "cy", "2024-01-15", "11", None, -1, -2, None),
    (15, "dee", "2024-01-15", "12", "gift", -1, 0, None),
]  # fmt: skip


def rows(lines: list[tuple]) -> list[dict]:
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


@pytest.fixture
def store(shop: Callable[..., Store]) -> Store:
    return shop({"purchases": rows(LINES)})


def clean(store: Store, as_of: str = AS_OF, **switches: object) -> Cleaned:
    return clean_tables(store, Cleaning(**switches), as_of)


def aside(cleaned: Cleaned) -> dict[int, str]:
    table = cleaned.set_aside.to_pyarrow().to_pylist()
    return {
        one["source_line"]: one["rule"] for one in sorted(table, key=lambda o: o["source_line"])
    }


def kept(cleaned: Cleaned) -> dict[int, dict]:
    return {one["source_line"]: one for one in cleaned.purchases.to_pyarrow().to_pylist()}


def counted(cleaned: Cleaned) -> dict[str, tuple]:
    return {
        one["rule"]: (one["rows"], Decimal(one["money"]))
        for one in cleaned.ledger["cleaning"]["rules"]
    }


def test_each_line_goes_where_the_first_rule_sends_it(store: Store) -> None:
    cleaned = clean(store)
    assert aside(cleaned) == {
        1: "cancelled_sale",
        2: "cancellation",
        5: "non_product",
        8: "customer_missing",
        9: "non_product",  # nobody's postage is no product first
    }
    assert sorted(kept(cleaned)) == [3, 4, 6, 7, 10, 11, 12, 13, 14, 15]


def test_what_each_rule_touched(store: Store) -> None:
    assert counted(clean(store)) == {
        "after_as_of": (0, 0),
        "cancelled_sale": (1, 20),
        "cancellation": (1, -20),
        "non_product": (2, 7),
        "customer_missing": (1, 12),
        "return_without_sale": (2, -5),  # bob's cancellation, dee's gift; cy brought back something
        "zero_amount": (1, 0),
        "cancellation_without_sale": (1, -5),
        "return": (4, -12),
        "outlier": (1, 90000),
    }


def test_the_account_adds_up_to_what_was_accepted(store: Store) -> None:
    ledger = clean(store).ledger
    account = ledger["cleaning"]
    assert (account["rows_accepted"], account["rows_clean"], account["rows_set_aside"]) == (
        15,
        10,
        5,
    )
    money = [Decimal(account[f"money_{part}"]) for part in ("accepted", "clean", "set_aside")]
    assert money == [Decimal(90049), Decimal(90030), Decimal(19)]
    assert store.read_ledger() == ledger
    assert ledger["tables"]["purchases"]["rows_accepted"] == 15


def test_kinds_returns_and_outliers(store: Store) -> None:
    lines = kept(clean(store))
    assert [n for n, one in lines.items() if one["kind"] == "return"] == [4, 6, 14, 15]
    assert {n: one["returns_a_sale"] for n, one in lines.items() if one["kind"] == "return"} == {
        4: True,
        6: False,
        14: True,  # names no product, so any sale of the customer will do
        15: False,
    }
    assert all(one["returns_a_sale"] is None for one in lines.values() if one["kind"] == "sale")
    assert [n for n, one in lines.items() if one["is_outlier"]] == [13]
    assert all(one["customer_id"] for one in lines.values())


@pytest.mark.parametrize(
    ("switches", "more", "fewer"),
    [
        ({"cancellations": "keep"}, {}, {1, 2}),
        ({"cancellation_prefix": ""}, {}, {1, 2}),
        ({"non_product_lines": "keep"}, {9: "customer_missing"}, {5}),
        ({"non_products": ""}, {9: "customer_missing"}, {5}),
        ({"returns_without_sale": "set_aside"}, {6: "return_without_sale", 15: "return_without_sale"}, set()),
        ({"zero_amounts": "set_aside"}, {7: "zero_amount"}, set()),
        ({"non_products": "pia.*"}, {13: "non_product", 9: "customer_missing"}, {5}),
        ({"non_products": "pia"}, {9: "customer_missing"}, {5}),  # for the whole of it
    ],
)  # fmt: skip
def test_each_switch_moves_its_lines(store: Store, switches: dict, more: dict, fewer: set) -> None:
    before = aside(clean(store))
    after = aside(clean(store, **switches))
    assert after == {n: rule for n, rule in sorted((before | more).items()) if n not in fewer}


def test_a_switch_that_is_off_says_so_and_counts_nothing(store: Store) -> None:
    steps = clean(store, cancellations="keep", outliers=0, non_products="").steps.set_index("rule")
    silent = ["cancelled_sale", "cancellation_without_sale", "outlier", "non_product"]
    assert set(steps.what_happens[silent]) == {"Not looked for."}
    assert not steps.rows[silent].any()
    assert steps.rows["cancellation"] == 2


def test_kept_lines_that_are_no_products_are_counted(store: Store) -> None:
    cleaned = clean(store, non_product_lines="keep")
    assert counted(cleaned)["non_product"] == (1, 4)
    assert kept(cleaned)[5]["product_id"] == "Postage"


def test_a_later_cancellation_is_not_known_yet(store: Store) -> None:
    cleaned = clean(store, as_of="2024-01-05")
    assert 1 in kept(cleaned)
    assert counted(cleaned)["after_as_of"][0] == len(LINES) - 1


def test_a_prefix_that_sales_have_too_is_not_used(shop: Callable[..., Store]) -> None:
    lines = [(n, "ann", "2024-01-05", f"C{n}", "lamp", 1, 10, None) for n in range(4)]
    lines.append((9, "ann", "2024-01-06", "C9", "lamp", -1, -10, None))
    cleaned = clean(shop({"purchases": rows(lines)}))
    assert not aside(cleaned)
    said = cleaned.steps.set_index("rule").what_happens["cancellation"]
    assert said.endswith("By kind alone: C marks none.")


@pytest.mark.parametrize("amounts", [(5, 5, 5, 500), (5, 5, 5, 5)])
def test_half_of_the_amounts_alike_flags_none_and_says_so(shop: Callable, amounts: tuple) -> None:
    lines = [(n, "ann", "2024-01-05", str(n), "x", 1, a, None) for n, a in enumerate(amounts)]
    cleaned = clean(shop({"purchases": rows(lines)}))
    assert not any(one["is_outlier"] for one in kept(cleaned).values())
    said = cleaned.steps.set_index("rule").what_happens["outlier"]
    assert said == "Half of the sales have the same amount: no spread to judge by."


def test_the_robust_z_score_by_hand(shop: Callable[..., Store]) -> None:
    """Amounts 1, 10, 100, 1000: logs 0, 1, 2, 3 (base 10), median 1.5, MAD 1, z 1.01 at the ends."""
    amounts = (1, 10, 100, 1000, 0)
    lines = [(n, "ann", "2024-01-05", str(n), "x", 1, a, None) for n, a in enumerate(amounts)]
    store = shop({"purchases": rows(lines)})
    for limit, flagged in ((1.0, [0, 3]), (1.02, []), (0.3, [0, 1, 2, 3])):
        found = kept(clean(store, outliers=limit))
        assert [n for n, one in found.items() if one["is_outlier"]] == flagged


def test_how_much_of_the_sales_has_a_customer(store: Store) -> None:
    cleaned = clean(store)
    found = known_customers(cleaned.purchases, cleaned.set_aside).set_index("customer")
    assert found.sales.to_dict() == {"known": 6, "unknown": 1}
    assert found.money.to_dict() == {"known": 90042.0, "unknown": 12.0}
    assert found.money_share.sum() == pytest.approx(1)


def test_every_rule_belongs_to_one_family(store: Store) -> None:
    steps = clean(store).steps
    parts = [steps_of(steps, family).rule.tolist() for family in FAMILIES]
    assert sorted(rule for part in parts for rule in part) == sorted(steps.rule)


def test_cleaning_twice_changes_nothing(store: Store) -> None:
    once = clean(store)
    before = once.purchases.to_pyarrow().to_pylist()
    clean(store, cancellations="keep", zero_amounts="set_aside")
    again = clean(store)
    assert (again.ledger, again.purchases.to_pyarrow().to_pylist()) == (once.ledger, before)


def test_a_lost_row_fails_the_run(store: Store) -> None:
    lines = store.read("accepted/purchases")
    store.write("accepted/purchases", lines.filter(lines.source_line != 3).to_pyarrow().to_pandas())
    with pytest.raises(LedgerError, match="15 lines and .* were accepted, 14 and"):
        clean(store)


def test_nothing_but_returns_is_refused(shop: Callable[..., Store]) -> None:
    store = shop({"purchases": rows([LINES[3], LINES[7]])})
    with pytest.raises(DataError, match="at least one sale of a known customer, but none of the 2"):
        clean(store)


def test_a_pattern_the_engine_cannot_read_is_refused() -> None:
    with pytest.raises(ParameterError, match="cleaning.non_products.*a regular expression"):
        read_rules({"non_products": "(?=post)"}, Cleaning)


def test_other_tables_are_written_as_they_are_and_old_ones_go(shop: Callable[..., Store]) -> None:
    answer = {"customer_id": "zoe", "responded_at": "2024-02-01", "question": "nps", "score": 9}
    store = shop({"purchases": rows(LINES), "surveys": [answer]})
    clean(store)
    assert store.read("clean/surveys").to_pyarrow() == store.read("accepted/surveys").to_pyarrow()
    ledger = store.read_ledger()
    del ledger["tables"]["surveys"]
    store.write_ledger(ledger)
    clean(store)
    assert not store.path("clean/surveys").exists()


@st.composite
def shops(draw: st.DrawFn) -> list[dict]:
    made = [("ann", "2024-01-01", "0", "lamp", 1, 7, "sale")]
    for _ in range(draw(st.integers(0, 40))):
        amount = draw(st.sampled_from([-7, -3, 0, 3, 7, 7.25]))
        made.append(
            (
                draw(st.sampled_from(["ann", "bob", None])),
                f"2024-01-0{draw(st.integers(1, 5))}",
                draw(st.sampled_from(["1", "C1", "C2", None])),
                draw(st.sampled_from(["lamp", "post", None])),
                draw(st.sampled_from([1, -1, None])),
                amount,
                draw(st.sampled_from([None, "return", "cancellation"] if amount <= 0 else [None])),
            )
        )
    return rows([(n, *line) for n, line in enumerate(made)])


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(
    lines=shops(),
    cancellations=st.sampled_from(["match", "keep"]),
    others=st.sampled_from(["set_aside", "keep"]),
)
def test_every_line_has_one_place(
    shop: Callable, lines: list[dict], cancellations: str, others: str
) -> None:
    store = shop({"purchases": lines})
    cleaned = clean(
        store, cancellations=cancellations, returns_without_sale=others, zero_amounts=others
    )
    places = sorted([*kept(cleaned), *aside(cleaned)])
    assert places == list(range(len(lines)))
    assert all(one["customer_id"] for one in kept(cleaned).values())


def test_a_shop_without_returns_counts_none(shop: Callable[..., Store]) -> None:
    cleaned = clean(shop({"purchases": rows(LINES[9:11])}))
    assert counted(cleaned)["return_without_sale"] == (0, 0)
    assert account_of(cleaned.ledger)["rows"].tolist() == [2, 2, 0]


OTHERS = {
    "customers": [
        {"customer_id": "ann", "signed_up_at": "2023-05-01"},
        {"customer_id": "bob", "signed_up_at": None},
        {"customer_id": "eve", "signed_up_at": "2024-01-11"},
    ],
    "interactions": [
        {"customer_id": "ann", "opened_at": "2024-01-05", "kind": "care",
         "closed_at": "2024-01-10 23:59", "resolved": True, "csat": 4},
        {"customer_id": "bob", "opened_at": "2024-01-10", "kind": "care",
         "closed_at": "2024-01-11", "resolved": True, "csat": 5},
        {"customer_id": "bob", "opened_at": "2024-01-12", "kind": "care", "closed_at": None},
    ],
    "targets": [{"period": "2024-06-01", "metric": "revenue", "target": 9}],
}  # fmt: skip


def test_an_earlier_day_than_that_of_intake_holds_for_every_table(
    shop: Callable[..., Store],
) -> None:
    store = shop({"purchases": rows(LINES), **OTHERS})
    cleaned = clean(store, as_of="2024-01-10")
    assert store.read("clean/customers").customer_id.execute().tolist() == ["ann", "bob"]
    contacts = store.read("clean/interactions").to_pyarrow().to_pylist()
    assert [(one["resolved"], one["csat"]) for one in contacts] == [(True, 4), (None, None)]
    assert [one["closed_at"] is None for one in contacts] == [False, True]
    assert store.read("clean/targets").count().execute() == 1, "a plan is known before its day"
    assert cleaned.ledger["cleaning"]["left_for_later"] == {"customers": 1, "interactions": 1}
    again = clean(store)
    assert "left_for_later" not in again.ledger["cleaning"]
    for name in OTHERS:
        assert (
            store.read(f"clean/{name}").execute().equals(store.read(f"accepted/{name}").execute())
        )
