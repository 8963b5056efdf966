"""Messy purchases: what goes wrong with the files of purchases, file by file."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from regulars.data.simulate.company import LAST_DAY
from regulars.data.simulate.defects import Plan, half_line, misshapen
from regulars.data.simulate.drafts import Draft, Row
from regulars.data.simulate.forms import Form

__all__ = ["plant_purchases"]

WEEK = dt.timedelta(days=7)
WRONG_AMOUNTS, EQUAL_LINES, QUOTED_LINES = 12, 3, 4
TOO_MUCH = Decimal("10.00")
LONG_CELL = "x" * 70_000
AFTER = str(LAST_DAY + 9)
IN_ANY = (
    ("an id spoiled by Excel", "customer_id", ("1.23E+15", "42.0"), "customer_id_spoiled"),
    ("no order date", "ordered_at", ("",), "ordered_at_missing"),
    ("after the last day", "ordered_at", (f"{AFTER} 11:20:00",), "ordered_at_after_as_of"),
    ("a kind there is not", "kind", ("gift",), "kind_unknown"),
    ("a test customer", "customer_id", ("TEST", "test_1", "demo customer"), "test_customer"),
)
"""Defect, column, values and reason: what every form of file can hold."""

IN_TEXT = (
    ("a day there is not", "ordered_at", ("2024-02-31 10:00:00",), "ordered_at_unreadable"),
    ("no amount", "amount", ("",), "amount_missing"),
    ("a word for an amount", "amount", ("abc",), "amount_unreadable"),
    ("a word for a quantity", "quantity", ("two",), "quantity_unreadable"),
    ("a NUL in a cell", "category", ("ga\0rden",), "control_characters"),
    ("a cell over 64 KB", "category", (LONG_CELL,), "cell_too_long"),
)
"""What only lines of text can hold."""


def plant_purchases(plan: Plan, drafts: Sequence[Draft]) -> Draft:
    """Plant defects in the quarters' files; return one more file, with corrections."""
    texts = [draft for draft in drafts[1:] if draft.form.is_text]
    corrected = _correct(plan, texts[min(2, len(texts) - 1)])
    for k, draft in enumerate(drafts):
        plan.again(draft, plan.pick(_before_last_week(draft), EQUAL_LINES))
        # The first file comes again as a whole, and so has little in it.
        _spoil(plan, draft, IN_ANY if k else IN_ANY[:1])
        if k and draft.form.is_text:
            _spoil(plan, draft, IN_TEXT)
            _misshape(plan, draft)
    for k, draft in enumerate(texts):
        plain = [row for row in draft.clean if '"' not in draft.line(row)]
        if k % 2 == 0:
            plan.quote(draft, plan.pick(plain, QUOTED_LINES), column="category")
        else:
            plan.cut(draft, half_line(draft, plan.pick(plain, 1)[0]))
    _overlap(plan, drafts)
    return corrected


def _spoil(plan: Plan, draft: Draft, ways: Sequence[tuple[str, str, tuple[str, ...], str]]) -> None:
    for defect, column, values, reason in ways:
        plan.spoil(defect, draft, column=column, values=values, reason=reason)


def _misshape(plan: Plan, draft: Draft) -> None:
    many, few = plan.pick(draft.clean, 2)
    lines = [misshapen(draft, many), misshapen(draft, few, missing=3)]
    plan.lines("a field too many, fields too few", draft, lines, reason="line_malformed")


def _correct(plan: Plan, draft: Draft) -> Draft:
    """Put wrong amounts into a file, and the right lines into a later one."""
    sales = [
        row for row in _before_last_week(draft) if row["kind"] == "sale" and row["customer_id"]
    ]
    right = plan.pick(sales, WRONG_AMOUNTS)
    wrong = [row | {"amount": str(Decimal(row["amount"]) + TOO_MUCH)} for row in right]
    for before, after in zip(right, wrong, strict=True):
        draft.rows[draft.rows.index(before)] = after
    draft.clean = [row for row in draft.clean if row not in right]
    plan.rows("a wrong amount, corrected later", draft, wrong, reason="replaced_by_later")
    return Draft("purchases", f"{draft.stem}_corrected", Form("csv"), right)


def _overlap(plan: Plan, drafts: Sequence[Draft]) -> None:
    """Deliver the last week of every third file again, at the head of the next one."""
    for earlier, later in zip(drafts[:-1:3], drafts[1::3], strict=False):
        week = earlier.clean[len(_before_last_week(earlier)) :]
        later.rows[:0] = [dict(row) for row in week]
        plan.rows("the last week again", later, week, reason="delivered_again")


def _before_last_week(draft: Draft) -> list[Row]:
    last = dt.datetime.fromisoformat(draft.clean[-1]["ordered_at"])
    limit = str(last - WEEK)
    return [row for row in draft.clean if row["ordered_at"] < limit]
