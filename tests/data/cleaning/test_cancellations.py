"""Cancellations: by hand, and against a second implementation in plain Python."""

from collections.abc import Callable

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regulars.data.cleaning.cancellations import match_cancellations
from regulars.data.cleaning.lines import prefix_speaks, purchase_lines
from regulars.data.cleaning.on_the_way import on_the_way
from regulars.data.store import Store

Row = dict[str, object]


def row(when: str, amount: float, order: str | None = None, **more: object) -> Row:
    return {"customer_id": "ann", "product_id": "lamp", "ordered_at": when, "amount": amount,
            "order_id": order, **more}  # fmt: skip


@pytest.fixture
def match(shop: Callable[..., Store]) -> Callable[[list[Row]], dict[int, str]]:
    """Match rows, and return what became of each, by its place from 0; others found nothing."""

    def matched(rows: list[Row], *, prefix: str = "C") -> dict[int, str]:
        store = shop({"purchases": rows})
        lines = purchase_lines(store.read("accepted/purchases"), prefix)
        with on_the_way(store) as keep:
            found = match_cancellations(lines, keep).to_pyarrow().to_pylist()
        assert not list(store.folder.glob("clean/.*"))
        assert len({one["source_line"] for one in found}) == len(found)
        return {one["source_line"] - 2: one["taken_back"] for one in sorted(found, key=str)}

    return matched


SALE, TAKEN = "cancelled_sale", "cancellation"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # As the invoices of a well-known British gift shop: C, then the number of the sale.
        ([row("2024-01-05", 10, "536379"), row("2024-01-06", -10, "C536379")], {0: SALE, 1: TAKEN}),
        # The order decides, though another sale is nearer.
        (
            [row("2024-01-01", 5, "1"), row("2024-01-02", 5, "2"), row("2024-01-03", -5, "C1")],
            {0: SALE, 2: TAKEN},
        ),
        # Its own number, so the nearest sale before it.
        (
            [row("2024-01-01", 5, "1"), row("2024-01-02", 5, "2"), row("2024-01-03", -5, "C9")],
            {1: SALE, 2: TAKEN},
        ),
        # The order says which of several equal lines is meant: one for each.
        (
            [row("2024-01-01", 5, "1"), row("2024-01-01", 5, "1"), row("2024-01-02", -5, "C1")],
            {1: SALE, 2: TAKEN},
        ),
        # A sale is taken back once.
        (
            [row("2024-01-01", 5, "1"), row("2024-01-02", -5, "C8"), row("2024-01-03", -5, "C9")],
            {0: SALE, 1: TAKEN},
        ),
        # A sale that comes later is not meant.
        ([row("2024-01-01", -5, "C9"), row("2024-01-02", 5, "1")], {}),
        # On the same day it is: a day does not say which came first.
        ([row("2024-01-01", -5, "C9"), row("2024-01-01", 5, "1")], {0: TAKEN, 1: SALE}),
        # Kind says it as well as the prefix does.
        ([row("2024-01-01", 5), row("2024-01-02", -5, kind="cancellation")], {0: SALE, 1: TAKEN}),
        # A return is no cancellation.
        ([row("2024-01-01", 5, "1"), row("2024-01-02", -5, "2", kind="return")], {}),
        # Two of three pieces: a partial cancellation is a return.
        (
            [row("2024-01-01", 9, "1", quantity=3), row("2024-01-02", -6, "C1", quantity=-2)],
            {},
        ),
        # Same money, other number of pieces: only the order could say that it is meant.
        (
            [row("2024-01-01", 6, "1", quantity=3), row("2024-01-02", -6, "C9", quantity=-2)],
            {},
        ),
        # Another customer, another product.
        ([row("2024-01-01", 5, "1", customer_id="bob"), row("2024-01-02", -5, "C1")], {}),
        ([row("2024-01-01", 5, "1", product_id="book"), row("2024-01-02", -5, "C1")], {}),
        # Nobody's cancellation: only the order can say which sale it takes back.
        (
            [row("2024-01-01", 5, "1", customer_id=None),
             row("2024-01-02", -5, "C1", customer_id=None),
             row("2024-01-03", 5, "3", customer_id=None),
             row("2024-01-04", -5, "C9", customer_id=None)],
            {0: SALE, 1: TAKEN},
        ),
        # Without products, the customer and the money have to do.
        (
            [row("2024-01-01", 5, "1", product_id=None), row("2024-01-02", -5, "C9", product_id=None)],
            {0: SALE, 1: TAKEN},
        ),
    ],
)  # fmt: skip
def test_by_hand(match: Callable, rows: list[Row], expected: dict[int, str]) -> None:
    assert match(rows) == expected


def test_the_prefix_says_nothing_where_sales_have_it_too(shop: Callable[..., Store]) -> None:
    rows = [row("2024-01-01", 5, f"C{n}") for n in range(3)] + [row("2024-01-02", -5, "C9")]
    accepted = shop({"purchases": rows}).read("accepted/purchases")
    assert not prefix_speaks(accepted, "C")
    assert prefix_speaks(accepted, "X")  # no id has it, so it does no harm
    assert not prefix_speaks(accepted, "")
    assert not purchase_lines(accepted, "").is_cancellation.any().execute()


def test_the_prefix_speaks_though_one_sale_has_it(shop: Callable[..., Store]) -> None:
    rows = [row("2024-01-01", 5, "1"), row("2024-01-02", 5, "C2"), row("2024-01-02", -5, "C1")]
    assert prefix_speaks(shop({"purchases": rows}).read("accepted/purchases"), "C")


# --- a second implementation -------------------------------------------------------------------


def plain_match(rows: list[Row]) -> set[int]:
    """Return the places of matched lines, by loops over rows."""
    cancels = {n for n, one in enumerate(rows) if one["amount"] < 0}
    taken: set[int] = set()
    newest_first = sorted(range(len(rows)), key=lambda n: (day_of(rows[n]), n))[::-1]
    for cancel in (n for n in newest_first if n in cancels):
        same = [
            n for n in newest_first
            if n not in cancels | taken and alike(rows[n], rows[cancel])
            and rows[n]["order_id"] == rows[cancel]["order_id"][1:]
        ]  # fmt: skip
        taken |= {same[0], cancel} if same else set()
    for cancel in sorted(cancels - taken, key=lambda n: (day_of(rows[n]), n)):
        before = [
            n for n in range(len(rows))
            if n not in cancels | taken and alike(rows[n], rows[cancel])
            and rows[n]["quantity"] == -rows[cancel]["quantity"]
            and day_of(rows[n]) <= day_of(rows[cancel])
        ]  # fmt: skip
        nearest = max(before, key=lambda n: (day_of(rows[n]), n), default=None)
        taken |= set() if nearest is None else {nearest, cancel}
    return taken


def day_of(one: Row) -> int:
    return int(str(one["ordered_at"])[-2:])


def alike(sale: Row, cancel: Row) -> bool:
    keys = ("customer_id", "product_id")
    return all(sale[k] == cancel[k] for k in keys) and sale["amount"] == -cancel["amount"]


@st.composite
def history(draw: st.DrawFn) -> list[Row]:
    """Few customers, products, amounts and days, so that many lines look alike."""
    made = []
    for _ in range(draw(st.integers(1, 14))):
        sign = draw(st.sampled_from([1, 1, -1]))
        order = str(draw(st.integers(1, 4)))
        made.append(
            row(
                f"2024-01-0{draw(st.integers(1, 6))}",
                sign * draw(st.sampled_from([5, 6])),
                order if sign > 0 else f"C{order}",
                customer_id=draw(st.sampled_from(["ann", "bob"])),
                product_id=draw(st.sampled_from(["lamp", "lamp", "book"])),
                quantity=sign * draw(st.sampled_from([1, 1, 2])),
            )
        )
    return made


def in_one_shop(histories: list[list[Row]]) -> tuple[list[Row], set[int]]:
    """Put histories of different customers into one file; return also what a loop finds."""
    rows, expected = [], set()
    for number, one in enumerate(histories):
        expected |= {len(rows) + place for place in plain_match(one)}
        rows += [{**line, "customer_id": f"{line['customer_id']} {number}"} for line in one]
    return rows, expected


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # an example is a whole shop, and shrinking it is slow
    suppress_health_check=list(HealthCheck),
)
@given(histories=st.lists(history(), min_size=30, max_size=60))
def test_a_plain_loop_finds_the_same(match: Callable, histories: list[list[Row]]) -> None:
    rows, expected = in_one_shop(histories)
    found = match(rows)
    assert set(found) == expected
    sides = list(found.values())
    assert sides.count(SALE) == sides.count(TAKEN)


def test_the_order_of_the_file_changes_no_total(match: Callable, shop: Callable) -> None:
    rows = [row(f"2024-01-0{1 + n % 5}", (-5 if n % 3 == 2 else 5), f"C{n}" if n % 3 == 2 else str(n))
            for n in range(12)]  # fmt: skip
    assert len(match(rows)) == len(match(rows[::-1])) == 8
    assert pq.read_metadata(shop({"purchases": rows}).path("accepted/purchases")).num_rows == 12
