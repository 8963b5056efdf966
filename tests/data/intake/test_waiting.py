"""Waiting: invitations that were not answered, or not yet, from the file to the clean table."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from delivered import AS_OF, COLUMNS, Taken, take_sources, write

from regulars.data.cleaning.known import known_on
from regulars.data.contract import TABLES
from regulars.data.ledger import balance
from regulars.data.quality import information_quality
from regulars.parameters import Source

NAMES = ("customer_id", "question", "score", "responded_at", "invited_at")
INVITED = "2024-01-03 09:00"
FIRST = [
    ("1", "nps", "9", "2024-01-05 10:00", INVITED),
    ("2", "nps", "", "", INVITED),  # asked twice, answered never
    ("2", "nps", "", "", "2024-02-03 09:00"),
    ("3", "nps", "", "", INVITED),  # the next file has the answer
    ("4", "csat", "", "", INVITED),  # delivered again
    ("5", "nps", "", "", ""),  # neither asked nor answered
    ("6", "nps", "8", "", INVITED),
    ("7", "nps", "", "2024-01-05 10:00", INVITED),
    ("8", "nps", "9", "2024-04-02 10:00", "2024-03-30 09:00"),  # answered after as_of
    ("9", "nps", "", "", "2024-04-02 09:00"),  # asked after it
    ("", "nps", "", "", INVITED),  # nobody can tell whether these two are one
    ("", "nps", "", "", INVITED),
    ("10", "smiley", "", "", INVITED),
    ("11", "nps", "", "", "2024-01-03"),  # bare days
    ("12", "nps", "", "", "2024-01-03"),
    ("12", "nps", "", "", "2024-01-03"),
    ("13", "nps", "", "what?", INVITED),
]
SECOND = [
    ("3", "nps", "7", "2024-01-09 11:00", INVITED),
    ("3", "driver:price", "4", "2024-01-09 11:00", INVITED),
    ("4", "csat", "", "", INVITED),
    ("11", "nps", "6", "2024-01-05", "2024-01-03"),
    ("8", "nps", "", "", "2024-03-30 09:00"),  # it is not answered yet, as far as we know
]


def take(root: Path, *files: list[tuple[str, ...]]) -> Taken:
    for n, rows in enumerate(files, start=1):
        lines = [",".join(row) for row in [NAMES, *rows]]
        write(root, "\n".join(lines) + "\n", f"asked_{n}.csv")
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    asked = Source(files="asked_*.csv", columns={name: name for name in NAMES})
    sources = {"purchases": Source(files="shop.csv", columns=COLUMNS), "surveys": asked}
    return take_sources(sources, table="surveys", rules={"most_rejected": 1.0})


@pytest.fixture
def taken(root: Path) -> Taken:
    return take(root, FIRST, SECOND)


def test_every_row_by_hand(taken: Taken) -> None:
    assert taken.rows == (22, 11, 5, 6)
    assert taken.reasons == {
        "responded_at_missing": 2,
        "responded_at_unreadable": 1,
        "score_missing": 1,
        "invited_at_after_as_of": 1,
        "question_unknown": 1,
        "equal_line": 1,
        "delivered_again": 2,
        "answered_meanwhile": 2,
    }
    assert taken.flags == {"responded_at_not_yet_known": 1}
    balance(taken.ledger)


def test_what_is_accepted_is_answered_once_or_waits(taken: Taken) -> None:
    rows = taken.frame()
    waits = rows[rows.responded_at.isna()]
    assert waits.score.isna().all()
    assert waits.customer_id.fillna("nobody").tolist() == [
        "2", "2", "4", "8", "nobody", "nobody", "12",
    ]  # fmt: skip
    answered = rows[rows.responded_at.notna()]
    assert answered.customer_id.tolist() == ["1", "3", "3", "11"]
    assert answered.score.astype(int).tolist() == [9, 7, 4, 6]


def test_in_the_other_order_the_answer_still_counts(root: Path) -> None:
    rows = take(root, SECOND, FIRST).frame()
    assert len(rows) == 11
    answered = rows[rows.responded_at.notna()]
    assert sorted(answered.customer_id) == ["1", "11", "3", "3"]


def test_what_is_waited_for_is_not_missing(taken: Taken) -> None:
    """Of 22 rows 13 are silent and one is answered after as_of; the other 8 should say both."""
    fields = taken.account["fields"]
    silent = [one for one in [*FIRST, *SECOND] if one[4] and not (one[2] or one[3])]
    assert len(silent) == 13
    assert fields["score"]["rows"] == 22 - 13 - 1
    assert fields["score"]["filled"] == 5
    assert fields["responded_at"] == {"rows": 8, "filled": 6, "valid": 5}


def test_a_survey_without_one_answer_is_no_worse_for_it(root: Path) -> None:
    taken = take(root, FIRST[1:4])
    assert taken.rows == (3, 3, 0, 0)
    assert (taken.account["oldest_day"], taken.account["newest_day"]) == ("", "")
    quality = information_quality(taken.store, taken.ledger, AS_OF).set_index(["table", "field"])
    assert quality.loc[("surveys", ""), "score"] == 1
    assert pd.isna(quality.loc[("surveys", ""), "newest"])


def test_without_a_column_of_invitations_an_answer_is_still_required(root: Path) -> None:
    write(root, "who,when,said\n1,2024-01-02,9\n2,,\n", "asked.csv")
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    columns = {"customer_id": "who", "responded_at": "when", "score": "said"}
    asked = Source(files="asked.csv", columns=columns, values={"question": "nps"})
    sources = {"purchases": Source(files="shop.csv", columns=COLUMNS), "surveys": asked}
    taken = take_sources(sources, table="surveys")
    assert taken.reasons == {"responded_at_missing": 1}


def test_a_sheet_that_nobody_filled_in_is_an_invitation_to_each_question(root: Path) -> None:
    sheets = "who,asked,when,nps,csat\n1,2024-01-01,2024-01-02,9,4\n2,2024-01-01,,,\n"
    write(root, sheets + "3,2024-01-01,2024-01-05,,5\n", "asked.csv")
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    given = {"customer_id": "who", "responded_at": "when", "invited_at": "asked"}
    asked = [
        Source(files="asked.csv", columns={**given, "score": one}, values={"question": one})
        for one in ("nps", "csat")
    ]
    sources = {"purchases": Source(files="shop.csv", columns=COLUMNS), "surveys": asked}
    taken = take_sources(sources, table="surveys")
    assert taken.rows == (6, 5, 0, 1)
    assert taken.reasons == {"score_missing": 1}
    rows = taken.frame()
    assert rows[rows.score.isna()].question.tolist() == ["nps", "csat"]


@pytest.mark.parametrize("day", ["2024-01-04", "2024-01-05", "2024-01-08", "2024-02-10", AS_OF])
def test_an_earlier_day_knows_the_invitation_and_not_the_answer(taken: Taken, day: str) -> None:
    accepted = taken.store.read("accepted/surveys")
    known = known_on(accepted, "surveys", dt.date.fromisoformat(day)).execute()
    whole = accepted.execute()
    assert len(known) == (whole.invited_at.dt.strftime("%Y-%m-%d") <= day).sum()
    said = whole.responded_at.dt.strftime("%Y-%m-%d").fillna("never") <= day
    assert known.score.notna().sum() == known.responded_at.notna().sum() == said.sum()


def test_an_answer_that_nobody_was_asked_for_is_not_known_before_its_day(root: Path) -> None:
    taken = take(root, [("1", "nps", "9", "2024-01-05", ""), ("2", "nps", "9", "2024-02-05", "")])
    known = known_on(taken.store.read("accepted/surveys"), "surveys", dt.date(2024, 1, 31))
    assert known.customer_id.execute().tolist() == ["1"]


def test_no_other_table_waits() -> None:
    assert [name for name, table in TABLES.items() if table.may_wait()] == ["surveys"]
