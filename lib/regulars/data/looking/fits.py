"""Fits: which table a file is, and which of its columns is which field.

A name we know counts most, and the cells must be able to be what the name says. Where no table
fits by names alone, a required field may be found by its cells; that is never sure.
"""

from regulars.data.contract import TABLES, Field, Table
from regulars.data.looking.contents import Column, Content
from regulars.data.looking.dates import date_share, dates_in
from regulars.data.looking.finding import Finding
from regulars.data.looking.fit import Fit
from regulars.data.looking.names import EXACT, fold, likeness
from regulars.data.looking.numerals import number_share
from regulars.data.looking.rivals import ID_WORDS, settle
from regulars.data.looking.words import is_flag, is_nothing, meaning_of

__all__ = ["best_fit", "fits_of"]

MARGIN = 1.0
BY_CONTENT = 0.3
DATES = ("time", "date", "month")
NUMBERS = ("money", "number", "whole")
FILE_NAMES = {
    "purchases": "purchase|order|sale|transaction|invoice|bestell|umsatz|verkauf|订单|销售|訂單",
    "customers": "customer|client|member|kunden|客户|会员|客戶|會員|顧客",
    "surveys": "survey|nps|csat|umfrage|问卷|调查|問卷|調查",
    "interactions": "interaction|ticket|contact|complaint|service|anfrage|工单|投诉|工單|客服",
    "campaigns": "campaign|kampagne|活动|活動",
    "campaign_contacts": "campaigncontact|mailing|recipient|empfaenger|触达|觸達",
    "opportunities": "opportunit|deal|pipeline|lead|chance|商机|商機",
    "targets": "target|budget|goal|ziel|目标|目標",
    "subscriptions": "subscription|contract|abo|vertrag|订阅|訂閱|合同|合約",
}  # fmt: skip


def best_fit(content: Content) -> tuple[Fit, Finding | None]:
    """Return the table a file is, or the nearest one; without a finding, none fits."""
    ranked = fits_of(content)
    good = [fit for fit in ranked if fit.is_whole]
    if not good:
        with_cells = [_by_content(fit, content) for fit in ranked[:3]]
        good = [fit for fit in with_cells if fit.is_whole]
    if not good:
        return ranked[0], None
    best = good[0]
    names = ", ".join(repr(column) for column in best.columns.values())
    because = f"it has the columns {names}"
    close = [f for f in good[1:] if best.total - f.total < MARGIN]
    if close:
        because += f", though it could be {' or '.join(f.table.name for f in close)}"
    sure = not close and all(best.scores[name] >= EXACT for name in _needed(best))
    return best, Finding("table", best.table.name, because, sure)


def fits_of(content: Content) -> list[Fit]:
    """Return how well a file fits each table; those with all they need first, then the best."""
    fits = [_fit(table, content) for table in TABLES.values()]
    return sorted(fits, key=lambda fit: (not fit.is_whole, -fit.total))


def _needed(fit: Fit) -> list[str]:
    return [name for name in fit.columns if fit.table.fields[name].required]


def _fit(table: Table, content: Content) -> Fit:
    fit = Fit(table)
    pairs = _pairs(table, content)
    for score, _, ours, theirs in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        if ours not in fit.columns and theirs not in fit.columns.values():
            fit.columns[ours], fit.scores[ours] = theirs, score
    settle(fit, content, pairs)
    order = [name for name in table.fields if name in fit.columns]
    fit.columns = {name: fit.columns[name] for name in order}
    fit.total = sum(
        score * (2 if table.fields[name].required else 1) for name, score in fit.scores.items()
    )
    fit.total += _hint(table, content) - len(fit.missing)
    return fit


def _pairs(table: Table, content: Content) -> list[tuple[float, int, str, str]]:
    found = []
    for at, (name, column) in enumerate(content.columns.items()):
        for ours in table.fields.values():
            named = likeness(name, ours)
            score = named * _suits(ours, column) if named else 0.0
            if score >= 0.25:
                found.append((score, -at, ours.name, name))
    return found


def _suits(ours: Field, column: Column) -> float:
    """Return how far the cells can be what the field needs: 1 quite, 0 not at all."""
    if not _some(column):
        return 0.6
    if ours.type in DATES:
        return _at_least(_dated(column, month=ours.type == "month"))
    if ours.type in NUMBERS:
        return _at_least(number_share(_some(column)))
    if ours.type == "flag":
        return _at_least(_share(column, is_flag))
    if ours.type == "choice":
        known = _share(column, lambda text: bool(meaning_of(text, ours.among)))
        return 1.0 if known > 0.9 else 0.7 if ours.required and known else 0.0
    if ours.type == "id":
        return 0.4 if _dated(column, month=False) > 0.9 and not _are_digits(column) else 1.0
    return 0.5 if ours.name == "question" and number_share(_some(column)) > 0.9 else 1.0


def _at_least(share: float) -> float:
    """Be mild where a name is known and a few cells do not read: those rows are rejected later."""
    return 1.0 if share >= 0.9 else 0.8 if share >= 0.5 else share


def _some(column: Column, most: int = 5_000) -> dict[str, int]:
    """Return the commonest cells, without those that say there is no value."""
    some = column.counts.most_common(most) if len(column.counts) > most else column.counts.items()
    return {text: times for text, times in some if not is_nothing(text)}


def _share(column: Column, test: object) -> float:
    some = _some(column)
    return sum(n for text, n in some.items() if test(text)) / sum(some.values())


def _dated(column: Column, *, month: bool) -> float:
    some = _some(column)
    share = date_share(some, month=month)
    if share < 0.5 and number_share(some) > 0.9:
        days = dates_in(some).days.total()
        share = max(share, days / sum(some.values()))
    return share


def _are_digits(column: Column) -> bool:
    return _share(column, str.isdigit) > 0.9


def _hint(table: Table, content: Content) -> float:
    """Return what the file's name, and for customers its ids, say for a table."""
    called = fold(content.path.name.split(".")[0]) + fold(content.sheet)
    named = float(any(fold(word) in called for word in FILE_NAMES[table.name].split("|")))
    if table.name == "campaigns" and any(w in called for w in ("contact", "kontakt")):
        named = 0.0
    return named - _repeats(table, content)


def _repeats(table: Table, content: Content) -> float:
    """Return how often the one key of a table stands in it again, where it should not."""
    if len(table.key) > 1 or not content.rows:
        return 0.0
    names = {likeness(name, table.fields[table.key[0]]): name for name in content.columns}
    column = content.columns[names[max(names)]] if names and max(names) else None
    distinct = len(column.counts) / column.filled if column and column.filled else 1.0
    return 0.0 if distinct > 0.9 else 3 * (1 - distinct)


def _by_content(fit: Fit, content: Content) -> Fit:
    """Fill required fields that no name tells by the one column whose cells could be it."""
    if not fit.columns:
        return fit
    for name in fit.missing:
        free = [c for c in content.columns.values() if c.name not in fit.columns.values()]
        could = [column for column in free if _could_be(fit.table.fields[name], column)]
        if len(could) == 1:
            fit.columns[name], fit.scores[name] = could[0].name, BY_CONTENT
            because = "no name tells it, and no other column's cells could be it"
            fit.findings.append(Finding(f"columns.{name}", could[0].name, because, sure=False))
    return fit


def _could_be(ours: Field, column: Column) -> bool:
    if not _some(column):
        return False
    if ours.type in DATES:
        return date_share(_some(column), month=ours.type == "month") > 0.9
    if ours.type in NUMBERS:
        fraction = _share(column, lambda text: "." in text or "," in text)
        return number_share(_some(column)) > 0.9 and fraction > 0.1
    is_id = ours.type == "id" and fold(column.name).endswith(ID_WORDS)
    return is_id and len(column.counts) < column.filled
