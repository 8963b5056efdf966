"""Why they left, as far as the tables say: by hand."""

import pandas as pd

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.win_back.why import WHY, last_seen

AS_OF = "2024-12-31"
NAMES = ["ann", "bob", "cem"]
LEFT = table_of(pd.DataFrame({"customer_id": NAMES, "has_left": [True, True, False]}))


def contact(who: str, day: str, kind: str, *, closed: str | None, resolved: bool | None) -> dict:
    return {"customer_id": who, "opened_at": pd.Timestamp(day), "kind": kind,
            "closed_at": pd.Timestamp(closed) if closed else pd.NaT, "resolved": resolved}  # fmt: skip


def seen(**tables) -> pd.DataFrame:
    lines = [(one, "2024-01-01", 10) for one in NAMES for _ in range(3)]
    purchases = tables.pop("purchases", purchases_of(lines))
    found = last_seen(LEFT, purchases, as_of=AS_OF, **tables)
    return fetch(found.order_by("customer_id")).set_index("customer_id")


def test_the_last_contact_and_the_last_complaint():
    talks = pd.DataFrame(
        [
            contact("ann", "2023-01-01", "inquiry", closed="2023-01-02", resolved=True),
            contact("ann", "2023-02-01", "complaint", closed=None, resolved=None),
            contact("bob", "2023-01-01", "complaint", closed="2023-01-05", resolved=True),
            contact("bob", "2023-03-01", "care", closed="2023-03-01", resolved=True),
            contact("bob", "2025-01-01", "complaint", closed=None, resolved=False),
        ]
    )
    found = seen(interactions=table_of(talks))
    assert found.complaint_last.tolist()[:2] == [True, False]
    assert found.complaint_unresolved.tolist()[:2] == [True, False]
    assert found.loc["cem", ["complaint_last", "complaint_unresolved"]].isna().all()


def test_a_complaint_closed_unresolved_or_closed_later_is_open():
    talks = [
        contact("ann", "2024-01-01", "complaint", closed="2024-01-05", resolved=False),
        contact("bob", "2024-12-01", "complaint", closed="2025-02-01", resolved=True),
        contact("cem", "2024-12-01", "complaint", closed="2024-12-31", resolved=True),
    ]
    found = seen(interactions=table_of(pd.DataFrame(talks)))
    assert found.complaint_unresolved.tolist() == [True, True, False]


def test_the_last_score():
    said = pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "bob", "cem"],
            "question": ["nps", "nps", "csat", "ces"],
            "score": [9.0, 6.0, 2.0, 1.0],
            "scale_max": [10, 10, 5, 7],
            "channel": "mail",
            "responded_at": pd.to_datetime(
                ["2023-01-01", "2023-05-01", "2023-01-01", "2023-01-01"]
            ),
        }
    )
    found = seen(surveys=table_of(said))
    assert found.low_last_score.tolist()[:2] == [True, True]
    assert pd.isna(found.low_last_score["cem"])


def test_mostly_bought_with_a_discount():
    lines = purchases_of([(one, "2024-01-01", 10) for one in ("ann",) * 3 + ("bob",) * 2])
    reduced = (lines.source_line <= 2) | (lines.source_line == 4)
    found = seen(purchases=lines.mutate(discount=reduced.ifelse(2, 0).cast("decimal(18, 4)")))
    assert found.mostly_discounted.tolist()[:2] == [True, False]  # 2 of 3, 1 of 2
    assert pd.isna(found.mostly_discounted["cem"])


def test_a_table_that_is_not_there_tells_nothing():
    assert list(seen()) == ["has_left", "mostly_discounted"]
    assert seen().mostly_discounted.isna().all()
    assert WHY[-1] == "mostly_discounted"
