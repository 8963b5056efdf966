"""Messy tables: the eight other tables, each in its own form, and what goes wrong there."""

from collections.abc import Mapping, Sequence

from regulars.data.simulate.company import LAST_DAY
from regulars.data.simulate.defects import Plan, misshapen
from regulars.data.simulate.drafts import Draft, Row
from regulars.data.simulate.forms import Form

__all__ = ["other_drafts", "plant_other"]

FORMS = {
    "customers": (
        Form("xlsx", language="traditional", sheet="客戶"),
        Form("csv", delimiter=";", date_format="%d.%m.%Y", language="english"),
    ),
    "surveys": (Form("jsonl"), Form("csv", encoding="utf-8-sig", language="english")),
    "interactions": (
        Form("csv", encoding="cp1252", delimiter=";", decimal=",", thousands=".",
             date_format="%d/%m/%Y", language="german", line_end="\r\n"),
    ),
    "campaigns": (Form("xlsx", language="english", sheet="Campaigns"),),
    "campaign_contacts": (Form("tsv", delimiter="\t"),),
    "opportunities": (
        Form("txt", encoding="utf-16", delimiter="\t", date_format="%m/%d/%Y", language="english"),
    ),
    "targets": (Form("csv", encoding="gb18030", delimiter=";", language="chinese"),),
    "subscriptions": (Form("parquet"),),
}  # fmt: skip
"""The forms of each table's files; several files share its rows."""

CHANGED_CUSTOMERS, EQUAL_LINES, EARLIER_INVITATIONS = 8, 2, 6
OLD_REGION = "Overseas"
ASKED = ("nps", "csat", "ces")
AFTER = str(LAST_DAY + 12)
SPOILED: dict[str, tuple[tuple[str, str, tuple[str, ...], str], ...]] = {
    "customers": (
        ("a test customer", "customer_id", ("TEST", "demo customer"), "test_customer"),
        ("an id spoiled by Excel", "customer_id", ("1.23E+15",), "customer_id_spoiled"),
        ("no customer id", "customer_id", ("",), "customer_id_missing"),
        ("a kind there is not", "kind", ("robot",), "kind_unknown"),
        ("a day there is not", "birth_date", ("1987-02-30",), "birth_date_unreadable"),
    ),
    "surveys": (
        ("no answer", "score", ("",), "score_missing"),
        ("a word for an answer", "score", ("good",), "score_unreadable"),
        ("outside the scale", "score", ("11", "-1", "99"), "score_out_of_scale"),
        ("not whole", "score", ("4.5",), "score_out_of_scale"),
        ("a question there is not", "question", ("smiley",), "question_unknown"),
        ("no question", "question", ("",), "question_missing"),
        ("no day", "responded_at", ("",), "responded_at_missing"),
        ("after the last day", "invited_at", (f"{AFTER} 09:00:00",), "invited_at_after_as_of"),
        ("answered after it", "responded_at", (f"{AFTER} 09:00:00",), "answered_meanwhile"),
        ("an id spoiled by Excel", "customer_id", ("42.0",), "customer_id_spoiled"),
        ("a test customer", "customer_id", ("test_2",), "test_customer"),
    ),
    "interactions": (
        ("a kind there is not", "kind", ("chatter", "spam"), "kind_unknown"),
        ("no customer id", "customer_id", ("",), "customer_id_missing"),
        ("a day there is not", "opened_at", ("2024-02-31 10:00:00",), "opened_at_unreadable"),
        ("a word for a cost", "cost", ("free",), "cost_unreadable"),
    ),
    "campaigns": (("no campaign id", "campaign_id", ("",), "campaign_id_missing"),),
    "campaign_contacts": (
        ("an arm there is not", "arm", ("placebo",), "arm_unknown"),
        ("no campaign id", "campaign_id", ("",), "campaign_id_missing"),
        ("an id spoiled by Excel", "customer_id", ("4.2E+10",), "customer_id_spoiled"),
    ),
    "opportunities": (
        ("no number", "opportunity_id", ("",), "opportunity_id_missing"),
        ("after the last day", "created_at", (AFTER,), "created_at_after_as_of"),
        ("a word for an amount", "amount", ("tbd",), "amount_unreadable"),
    ),
    "targets": (
        ("a word for a target", "target", ("viel",), "target_unreadable"),
        ("a month there is not", "period", ("2024-13",), "period_unreadable"),
    ),
    "subscriptions": (("no start", "started_at", ("",), "started_at_missing"),),
}
"""Defect, column, values and reason, by table."""


def other_drafts(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Draft]]:
    """Share each table's rows among its files.

    Examples
    --------
    >>> [draft.name for draft in other_drafts({"targets": [{"period": "2024-01"}]})["targets"]]
    ['targets.csv']
    """
    return {name: _parts(name, rows, FORMS[name]) for name, rows in tables.items()}


def _parts(name: str, rows: Sequence[Row], forms: Sequence[Form]) -> list[Draft]:
    size = -(-len(rows) // len(forms))
    stems = [name] if len(forms) == 1 else [f"{name}_{k + 1}" for k in range(len(forms))]
    return [
        Draft(name, stem, form, list(rows[k * size : (k + 1) * size]))
        for k, (stem, form) in enumerate(zip(stems, forms, strict=True))
    ]


def plant_other(plan: Plan, drafts: Sequence[Draft]) -> None:
    """Plant what goes wrong with a table, in its last file and a little in the others."""
    last, table = drafts[-1], drafts[-1].table
    if len(last.clean) < len(SPOILED[table]):
        return
    for defect, column, values, reason in SPOILED[table]:
        # A row whose cell is empty anyway, such as a survey that was not answered, is not spoiled.
        filled = [row for row in last.clean if row[column]]
        plan.spoil(defect, last, column=column, values=values, reason=reason, among=filled)
    for draft in drafts:
        plan.again(draft, plan.pick(draft.clean, EQUAL_LINES))
    if last.form.is_text:
        lines = [misshapen(last, plan.pick(last.clean, 1)[0], missing=2)]
        plan.lines("fields too few", last, lines, reason="line_malformed")
    if table == "customers":
        _outdated(plan, *drafts)
    if table == "surveys":
        _not_yet_answered(plan, *drafts)


def _outdated(plan: Plan, earlier: Draft, later: Draft) -> None:
    """Put customers of the later file into the earlier one as they were before they moved."""
    moved = [row for row in later.clean if row["region"] != OLD_REGION]
    old = [row | {"region": OLD_REGION} for row in plan.pick(moved, CHANGED_CUSTOMERS)]
    plan.insert(earlier, old)
    plan.rows("a customer as before", earlier, old, reason="replaced_by_later")


def _not_yet_answered(plan: Plan, earlier: Draft, later: Draft) -> None:
    """Put invitations into the earlier file as they were before the later one has the answer."""
    answered = [row for row in later.clean if row["score"] and row["question"] in ASKED]
    nothing = {"responded_at": "", "score": "", "comment": ""}
    old = [row | nothing for row in plan.pick(answered, EARLIER_INVITATIONS)]
    plan.insert(earlier, old)
    plan.rows("an invitation before its answer", earlier, old, reason="answered_meanwhile")
