"""Merging: which rows are one, by hand; a row is told by its file and its line."""

import ibis
import pandas as pd
import pytest
from delivered import PLAIN, judge
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.contract import TABLES
from regulars.data.intake.merging import fates, with_key
from regulars.parameters import Intake

LINE = ("customer_id", "ordered_at", "amount", "order_id", "product_id", "note")
MAPPED = {name: name for name in LINE[:-1]}


def found(
    files: list[list[tuple[str, ...]]],
    *,
    table: str = "purchases",
    names: tuple = LINE,
    **rules: str,
) -> dict[tuple[int, int], str]:
    """Return the fate of each row that does not stand for itself: (file, line) from 1."""
    rows = [dict(zip(names, row, strict=True)) for file in files for row in file]
    mapped = {name: name for name in names if name != "note"}
    sound = judge(table, rows, columns=mapped)
    assert set(sound.reasons) == {""}
    places = [(n, line) for n, file in enumerate(files, 1) for line in range(1, len(file) + 1)]
    sound["file_number"], sound["source_line"] = zip(*places, strict=True)
    said = TABLES[table].kept_fields()
    schema = {name: "string" for name, f in said.items() if f.type in ("id", "text", "choice")}
    typed = ibis.memtable(
        sound.drop(columns=["raw", "flags", "reasons"]).astype(
            {name: "str" for name in schema if sound[name].notna().any()}
        )
    )
    typed = typed.mutate(
        **{name: typed[name].cast("string") for name in schema},
        **{name: typed[name].cast("timestamp") for name, f in said.items() if f.type == "time"},
    )
    result = fates(with_key(typed, TABLES[table]), TABLES[table], rules=Intake(**PLAIN, **rules))
    if result is None:
        return {}
    frame = result.execute()
    return {(row.file_number, row.source_line): row.fate for row in frame.itertuples()}


A = ("1", "2024-01-05", "10", "A1", "P1", "")
DEARER = ("1", "2024-01-05", "12", "A1", "P1", "")
OTHER = ("1", "2024-01-05", "10", "A1", "P2", "")
NOTED = ("1", "2024-01-05", "10", "A1", "P1", "gift")
BACK = ("1", "2024-01-05", "-10", "A1", "P1", "")


@pytest.mark.parametrize(
    ("files", "merge", "redelivered"),
    [
        ([[A]], {}, {}),
        ([[A, OTHER]], {}, {}),
        ([[A, A]], {(1, 2): "equal_line"}, {}),
        ([[A, OTHER, A, A]], {(1, 3): "equal_line", (1, 4): "equal_line"}, {}),
        ([[A], [A]], {(2, 1): "delivered_again"}, {(2, 1): "delivered_again"}),
        (
            [[A, A], [A]],
            {(1, 2): "equal_line", (2, 1): "delivered_again"},
            {(2, 1): "delivered_again"},
        ),
        (
            [[A, A], [A, A]],
            {(1, 2): "equal_line", (2, 1): "delivered_again", (2, 2): "equal_line"},
            {(2, 1): "delivered_again", (2, 2): "delivered_again"},
        ),
        (
            [[A], [A, A]],
            {(2, 1): "delivered_again", (2, 2): "equal_line"},
            {(2, 1): "delivered_again"},
        ),
        # Two lines of one order and product that say different things are two lines.
        ([[A, DEARER]], {}, {}),
        ([[A], [DEARER]], {(1, 1): "replaced_by_later"}, {(1, 1): "replaced_by_later"}),
        ([[A, DEARER], [A, DEARER]], dict.fromkeys([(2, 1), (2, 2)], "delivered_again"), ...),
        # Sold and given back on one day.
        ([[A, BACK]], {}, {}),
        ([[A, BACK], [A, BACK]], dict.fromkeys([(2, 1), (2, 2)], "delivered_again"), ...),
        # What is not mapped tells two lines of one file apart, but a delivery from another by
        # what is: a file may have grown a column.
        ([[A, NOTED]], {}, {}),
        ([[A], [NOTED]], {(2, 1): "delivered_again"}, {(2, 1): "delivered_again"}),
        ([[A], [A], [DEARER]], {(1, 1): "replaced_by_later", (2, 1): "replaced_by_later"}, ...),
        ([[A], [DEARER], [A]], {(2, 1): "replaced_by_later", (3, 1): "delivered_again"}, ...),
    ],
)
def test_purchases_by_hand(files: list, merge: dict, redelivered: dict) -> None:
    assert found(files) == merge
    wanted = merge if redelivered is ... else redelivered
    assert found(files, duplicates="redelivered") == wanted
    assert found(files, duplicates="keep") == {}


def test_the_earlier_of_two_can_count() -> None:
    conflict = {(2, 1): "conflicts_with_earlier"}
    assert found([[A], [DEARER]], conflicts="reject") == conflict
    assert found([[A], [A]], conflicts="reject") == {(2, 1): "delivered_again"}
    back_again = found([[A], [DEARER], [A]], conflicts="reject")
    assert back_again == {**conflict, (3, 1): "delivered_again"}


NO_ORDER = ("1", "2024-01-05", "10", "", "P1", "")


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (NO_ORDER, True),  # a customer: told by all it says
        (("", "2024-01-05 13:14", "10", "", "P1", ""), True),  # a moment
        (("", "2024-01-05", "10", "A1", "P1", ""), True),  # an order
        (("", "2024-01-05", "10", "", "P1", ""), False),  # nobody's, some time that day
    ],
)
def test_without_a_key_only_rows_that_tell_are_one(row: tuple[str, ...], same: bool) -> None:
    assert found([[row, row]]) == ({(1, 2): "equal_line"} if same else {})
    assert found([[row], [row]]) == ({(2, 1): "delivered_again"} if same else {})


def test_without_a_key_there_is_no_conflict() -> None:
    dearer = ("1", "2024-01-05", "12", "", "P1", "")
    assert found([[NO_ORDER], [dearer]]) == {}


PERSON = ("customer_id", "region", "note")


@pytest.mark.parametrize("duplicates", ["merge", "redelivered", "keep"])
def test_a_customer_is_there_once_whatever_the_switch(duplicates: str) -> None:
    files = [[("1", "AT", ""), ("1", "AT", ""), ("1", "DE", ""), ("2", "AT", "")]]
    fate = found(files, table="customers", names=PERSON, duplicates=duplicates)
    assert fate == {(1, 1): "replaced_by_later", (1, 2): fate[1, 2]}
    assert fate[1, 2] in ("replaced_by_later", "equal_line")
    first = found(files, table="customers", names=PERSON, conflicts="reject", duplicates=duplicates)
    assert first == {(1, 2): "equal_line", (1, 3): "conflicts_with_earlier"}


def test_anonymous_answers_of_one_day_are_never_merged() -> None:
    names = ("responded_at", "question", "score", "customer_id")
    nobody = ("2024-01-05", "nps", "9", "")
    somebody = ("2024-01-05", "nps", "9", "7")
    assert found([[nobody, nobody], [nobody]], table="surveys", names=names) == {}
    again = found([[somebody, somebody], [somebody]], table="surveys", names=names)
    assert again == {(1, 2): "equal_line", (2, 1): "delivered_again"}
    changed = ("2024-01-05", "nps", "3", "7")
    fate = found([[somebody], [changed]], table="surveys", names=names)
    assert fate == {}, "two answers of one day are two; a bare day tells no moment"
    early, late = ("2024-01-05 10:00", "nps", "9", "7"), ("2024-01-05 10:00", "nps", "3", "7")
    fate = found([[early], [late]], table="surveys", names=names)
    assert fate == {(1, 1): "replaced_by_later"}


def test_an_invitation_is_told_by_its_second_until_it_is_answered() -> None:
    names = ("question", "customer_id", "invited_at", "channel", "responded_at")
    mail, app = (("nps", "7", "2024-01-03 09:00", how, "") for how in ("mail", "app"))
    fate = found([[mail], [app]], table="surveys", names=names)
    assert fate == {(1, 1): "replaced_by_later"}
    later = ("nps", "7", "2024-01-03 09:01", "mail", "")
    assert found([[mail], [later]], table="surveys", names=names) == {}
    mail, app = (("nps", "7", "2024-01-03", how, "") for how in ("mail", "app"))
    assert found([[mail], [app]], table="surveys", names=names) == {}
    answer = ("nps", "7", "2024-01-03", "mail", "2024-01-05")
    fate = found([[answer], [mail, app]], table="surveys", names=names, conflicts="reject")
    assert fate == {(2, 1): "answered_meanwhile", (2, 2): "answered_meanwhile"}


ROWS = st.lists(st.sampled_from([A, DEARER, OTHER, NOTED, BACK, NO_ORDER]), max_size=6)


@settings(max_examples=12, deadline=None)
@given(rows=ROWS.filter(bool), turn=st.randoms(use_true_random=False))
def test_a_delivery_twice_in_any_order_adds_nothing(rows: list, turn: object) -> None:
    """Under each switch that merges, the second delivery of the same lines is merged whole."""
    again = list(rows)
    turn.shuffle(again)
    for how in ("merge", "redelivered"):
        once = found([rows], duplicates=how)
        twice = found([rows, again], duplicates=how)
        assert len(rows) - len(once) == 2 * len(rows) - len(twice)


def test_a_collision_of_hashes_merges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"customer_id": ["1", "2"], "region": ["AT", "AT"]}, dtype="str")
    typed = ibis.memtable(
        rows.assign(extra=0, key_hash=7, file_number=1, source_line=[1, 2]),
    )
    table = TABLES["customers"]
    assert fates(typed, table, rules=Intake()).execute().empty
