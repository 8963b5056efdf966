"""Masking: what tells who somebody is does not leave intake, but is counted."""

from pathlib import Path

import planted
from delivered import COLUMNS, take_sources, write

from regulars.parameters import Source

SECRETS = [
    "planted@example.org",
    "0171 2345678",
    "13800138000",
    "Planted Name",
    "Planted Street 7",
    "4111 1111 1111 1111",
]
COMMENTS = [
    ("2024-01-05 10:00,nps,9,1,write to planted@example.org please"),
    ("2024-01-05 10:00,nps,9,1,write to planted@example.org please"),  # equal: merged
    ("2024-01-05 10:00,csat,4,1,call 0171 2345678"),
    ("2024-01-05 10:00,csat,4,2,我的手机是13800138000"),
    ("2024-01-06 10:00,csat,4,2,card 4111 1111 1111 1111"),
    ("2024-01-05 10:00,csat,5,3,fine"),
    ("2024-02-30 10:00,nps,9,3,rejected: planted@example.org"),
]
RESENT = "when,what,score,who,comment\n2024-01-05 10:00,csat,5,1,mailto planted@example.org\n"
PEOPLE = (
    "who,Name,E-Mail,Tel.,Address,city\n"
    "1,Planted Name,planted@example.org,0171 2345678,Planted Street 7,Graz\n"
    "2,Planted Name,,,,Graz\n"
    "2,Planted Name,,,,Wien\n"
)


def put(root: Path) -> dict:
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    write(root, "when,what,score,who,comment\n" + "\n".join(COMMENTS) + "\n", "answers1.csv")
    write(root, RESENT, "answers2.csv")
    write(root, PEOPLE, "people.csv")
    asked = {"responded_at": "when", "question": "what", "score": "score", "customer_id": "who"}
    return {
        "purchases": Source(files="shop.csv", columns=COLUMNS),
        "surveys": Source(files="answers*.csv", columns={**asked, "comment": "comment"}),
        "customers": Source(
            files="people.csv", columns={"customer_id": "who", "name": "Name", "region": "city"}
        ),
    }


def test_texts_are_masked_and_counted(root: Path) -> None:
    taken = take_sources(put(root), table="surveys")
    assert taken.reasons == {"responded_at_unreadable": 1, "equal_line": 1, "replaced_by_later": 1}
    assert taken.frame().comment.tolist() == [
        "write to [e-mail] please",
        "我的手机是[phone]",
        "card [card number]",
        "fine",
        "mailto [e-mail]",
    ]
    masked = {"comment": {"e-mail": 2, "phone": 1, "card number": 1}}
    assert taken.account["identifiers"] == {"dropped": {}, "masked": masked}


def test_merged_rows_are_masked_too(root: Path) -> None:
    merged = take_sources(put(root), table="surveys").frame("merged")
    assert merged.comment.tolist() == ["write to [e-mail] please", "call [phone]"]


def test_names_and_addresses_are_counted_and_dropped(root: Path) -> None:
    taken = take_sources(put(root), table="customers")
    dropped = {"address": 1, "email": 1, "name": 3, "phone": 1}
    assert taken.account["identifiers"] == {"dropped": dropped, "masked": {}}
    assert not {"name", "email", "phone", "address"} & set(taken.frame().columns)


def test_no_file_but_the_rejected_ones_holds_who_somebody_is(root: Path) -> None:
    store = take_sources(put(root), table="surveys").store
    found = planted.scan(store.folder, SECRETS)
    assert {path.parent.name for path, _ in found} == {"rejected"}
    assert {secret for _, secret in found} == {"planted@example.org"}


def test_ids_are_let_be(root: Path) -> None:
    write(root, "who,when,paid,no,group\n1,2024-01-01,1,01712345678,01712345678\n")
    columns = {**COLUMNS, "order_id": "no", "category": "group"}
    found = take_sources({"purchases": Source(files="shop.csv", columns=columns)})
    assert found.frame().order_id.tolist() == ["01712345678"]
    assert found.frame().category.tolist() == ["[phone]"]
