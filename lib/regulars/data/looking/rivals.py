"""Rivals: of several columns that are called like one field, the one whose cells prove it."""

import re
from collections.abc import Sequence

from regulars.data.looking.contents import Column, Content
from regulars.data.looking.finding import Finding
from regulars.data.looking.fit import Fit
from regulars.data.looking.names import EXACT, fold
from regulars.data.looking.words import is_nothing

__all__ = ["ID_WORDS", "settle"]

ID_WORDS = ("id", "no", "nr", "number", "nummer", "code", "编号", "号", "編號", "號")
ID = re.compile(r"\S*\d\S*")
WORDS = re.compile(r"[^\d_]+")
MOST, FEW = 0.9, 0.1
SAME = 0.011

Pair = tuple[float, int, str, str]


def settle(fit: Fit, content: Content, pairs: Sequence[Pair]) -> None:
    """Choose again where names alone chose, and say on what ground.

    Parameters
    ----------
    fit : Fit
        As names gave it; its columns and findings are changed.
    content : Content
        The file.
    pairs : sequence of (score, place, our field, the file's column)
        All that names and cells allow.
    """
    if fit.table.name == "purchases":
        _settle_amount(fit, content, pairs)
    if "customer_id" in fit.columns:
        _settle_customer(fit, content, pairs)


def _settle_customer(fit: Fit, content: Content, pairs: Sequence[Pair]) -> None:
    """Choose among columns called a customer the one that holds ids; the others may be names."""
    offered = _offered("customer_id", fit, pairs)
    offered = {theirs: score for theirs, score in offered.items() if score >= EXACT}
    if len(offered) < 2:
        return
    ids = {theirs: _share(content.columns[theirs], ID) for theirs in offered}
    best = max(offered, key=lambda one: (round(ids[one], 1), _is_called_id(one), offered[one]))
    fit.columns["customer_id"], fit.scores["customer_id"] = best, offered[best]
    others = {theirs: content.columns[theirs] for theirs in offered if theirs != best}
    names = [theirs for theirs, column in others.items() if _share(column, WORDS) > MOST]
    fit.identifiers |= dict.fromkeys(names, "name")
    proved = ids[best] > MOST and all(ids[one] < FEW for one in others)
    if proved or offered[best] < 1:
        fit.findings.append(_said(best, list(others), proved=proved))


def _said(best: str, others: Sequence[str], *, proved: bool) -> Finding:
    beside = ", ".join(map(repr, others))
    because = f"its cells are ids, and those of {beside} are none"
    because = because if proved else f"its name is the likeliest, beside {beside}"
    return Finding("columns.customer_id", best, because, sure=proved)


def _offered(ours: str, fit: Fit, pairs: Sequence[Pair]) -> dict[str, float]:
    """Return the columns that may be a field and are no other one, with their scores."""
    taken = {theirs for name, theirs in fit.columns.items() if name != ours}
    return {theirs: s for s, _, name, theirs in pairs if name == ours and theirs not in taken}


def _share(column: Column, form: re.Pattern) -> float:
    """Return the share of a column's filled cells that have a form; of none, 0."""
    cells = {text: n for text, n in column.counts.items() if not is_nothing(text)}
    filled = sum(cells.values())
    return sum(n for text, n in cells.items() if form.fullmatch(text)) / filled if filled else 0.0


def _is_called_id(name: str) -> bool:
    return fold(name).endswith(ID_WORDS)


def _settle_amount(fit: Fit, content: Content, pairs: Sequence[Pair]) -> None:
    """Choose among columns called an amount the one that is quantity times unit price."""
    if not {"quantity", "unit_price"} <= fit.columns.keys() or content.problem:
        return
    offered = _offered("amount", fit, pairs)
    shares = {t: _product_share(content, fit, t) for t in offered}
    if not shares:
        return
    best = max(shares, key=lambda one: (round(shares[one], 1), offered[one]))
    fit.columns["amount"], fit.scores["amount"] = best, offered[best]
    if shares[best] >= 0.5:
        because = f"it is quantity × unit price in {shares[best]:.0%} of the rows looked at"
        fit.findings.append(Finding("columns.amount", best, because))
    elif len(offered) > 1:
        others = ", ".join(repr(one) for one in offered if one != best)
        because = f"its name is the likeliest, beside {others}"
        fit.findings.append(Finding("columns.amount", best, because, sure=False))


def _product_share(content: Content, fit: Fit, amount: str) -> float:
    names = (fit.columns["quantity"], fit.columns["unit_price"], amount)
    rows = zip(*(content.rows_of(name) for name in names), strict=True)
    found = [[_plain(cell) for cell in row] for row in rows]
    good = [row for row in found if None not in row]
    same = sum(abs(abs(q * p) - abs(a)) <= SAME * max(1, abs(q)) for q, p, a in good)
    return same / len(good) if good else 0.0


def _plain(text: str) -> float | None:
    """Read a number roughly: the last mark is for the fraction, which is enough to compare."""
    digits = "".join(sign for sign in text if sign.isdigit() or sign in ".,-")
    mark = max(digits.rfind("."), digits.rfind(","))
    whole = digits[:mark].replace(".", "").replace(",", "") if mark >= 0 else digits
    try:
        return float(f"{whole}.{digits[mark + 1 :]}" if mark >= 0 else whole)
    except ValueError:
        return None
