"""Writing: a parameter file made of what was found, with a comment on every guess.

The writer is handed what `regulars.data.looking` found. Read back, the file says exactly what was
decided; what was not sure says so in its own line.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from regulars.data.contract import TABLES
from regulars.data.looking.entries import Entry
from regulars.data.looking.finding import Finding, one_line
from regulars.data.looking.groups import files_of_entry
from regulars.data.looking.look import Looked
from regulars.errors import ParameterError

__all__ = ["SEGMENTS", "refuse_to_overwrite", "write_parameters"]

WORD = r"[A-Za-z0-9_\u4e00-\u9fffäöüÄÖÜß]"
PLAIN = re.compile(rf"{WORD}(?:[ A-Za-z0-9_./%*\u4e00-\u9fffäöüÄÖÜß-]*{WORD})?")
SIMPLE = {
    "encoding": "utf-8",
    "delimiter": ",",
    "decimal": ".",
    "thousands": "",
    "currency_sign": "",
    "skip_lines": 0,
    "last_line": "reject",
    "sheet": "",
}
"""What a source declares in one line, with what holds where it is not said."""

SEGMENTS = """\
# Scores run from 1 (lowest fifth) to 5; together the rows cover each cell of the R x F grid once.
segments:
  - {name: champions, r: "5", f: 4-5, action: "Thank them, ask for a referral."}
  - {name: loyal, r: 3-4, f: 4-5, action: Offer more of what they like.}
  - {name: potential_loyalists, r: 4-5, f: 2-3, action: Reward a third visit.}
  - {name: new, r: "5", f: "1", action: "Welcome them, help with the first order."}
  - {name: promising, r: "4", f: "1", action: Show what goes with their first order.}
  - {name: need_attention, r: "3", f: "3", action: Make a limited offer now.}
  - {name: about_to_sleep, r: "3", f: 1-2, action: Show what is new since then.}
  - {name: cant_lose_them, r: 1-2, f: "5", action: "Call them, ask why they left."}
  - {name: at_risk, r: 1-2, f: 3-4, action: "Write in person, ask what went wrong."}
  - {name: hibernating, r: 1-2, f: 1-2, action: Mail only with a strong reason.}
"""
"""The ten segments a new workbook begins with."""


def write_parameters(looked: Looked) -> str:
    """Return the parameter file of a workbook as YAML text.

    Parameters
    ----------
    looked : Looked
        As `regulars.data.looking.look.look_at` returns it.
    """
    lines = [*_head(looked), "", "sources:"]
    for table, entries in looked.sources.items():
        lines += [f"  {table}:", *_of_table(entries)]
    return "\n".join([*lines, "", *_rules(looked), "", SEGMENTS])


def refuse_to_overwrite(path: Path, *, force: bool = False) -> None:
    """Refuse to write where a parameter file stands already.

    Raises
    ------
    ParameterError
        If the file is there and `force` was not asked for.
    """
    if path.exists() and not force:
        raise ParameterError(
            f"{path.name} is there already, and may have been edited. Give the workbook another "
            "name, or write over it with --force."
        )


def _head(looked: Looked) -> Iterator[str]:
    shop = looked.shop
    found = {finding.what: finding for finding in shop.findings}
    title = looked.name.replace("_", " ").replace("-", " ").title()
    yield f"# The {looked.name} workbook, as regulars init found its files. Every value is read as"
    yield "# text and then checked. Look at each line that says guessed before the first run."
    yield ""
    yield f"workbook: {_text(looked.name)}  # its tables lie in data/work/{looked.name}"
    yield f"title: {_text(title)}  # how pages call the shop"
    yield _line("as_of", shop.as_of.isoformat(), found["as_of"])
    yield _line("currency", shop.currency, found["currency"])


def _rules(looked: Looked) -> Iterator[str]:
    shop = looked.shop
    found = {finding.what: finding for finding in shop.findings}
    if shop.intake:
        yield "intake:"
        for name, value in shop.intake.items():
            yield f"  {_line(name, value, found[f'intake.{name}'])}"
        yield ""
    yield "repurchase_days: 90  # the h of 'bought again within h days' (days)"
    yield _line("period_days", str(shop.period_days), found["period_days"])
    yield _line("holdout_days", str(shop.holdout_days), found["holdout_days"])


def _of_table(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        lines = _of_entry(entry)
        if len(entries) == 1:
            yield from (f"    {line}" for line in lines)
        else:  # a list, where files differ in form
            yield from (f"    {'- ' if n == 0 else '  '}{line}" for n, line in enumerate(lines))


def _of_entry(entry: Entry) -> Iterator[str]:
    found = {finding.what: finding for finding in reversed(entry.findings)}
    # One doubt is enough, where several files share the entry.
    found |= {finding.what: finding for finding in reversed(entry.findings) if not finding.sure}
    yield _line("files", files_of_entry(entry), _doubt(found.get("table")))
    for name, usual in SIMPLE.items():
        value, doubt = entry.form.get(name, usual), _doubt(found.get(name))
        if value != usual or doubt:
            yield _line(name, str(value), doubt)
    yield from _formats(entry, found)
    if entry.form.get("missing"):
        tokens = ", ".join(_text(token) for token in entry.form["missing"])
        yield f"missing: [{tokens}]{_behind(_doubt(found.get('missing')))}"
    yield "columns:  # our name: the file's name"
    for ours, theirs in entry.columns.items():
        yield f"  {_line(ours, theirs, _doubt(found.get(f'columns.{ours}')))}"
    yield from _translations(entry, found)
    yield from _not_mapped(entry)


def _formats(entry: Entry, found: dict[str, Finding]) -> Iterator[str]:
    """Give the format of the table's own time, and of each column that differs from it."""
    formats = {ours: dates.formats for ours, dates in entry.dates.items() if dates.formats}
    if not formats:
        return
    first = TABLES[entry.table].time
    first = first if first in formats else next(iter(formats))
    usual = formats.pop(first)
    doubt = _doubt(found.get(f"date_formats.{first}"))
    if usual != ["ISO"] or doubt:
        yield f"date_format: {_several(usual)}{_behind(doubt)}"
    others = {ours: one for ours, one in formats.items() if one != usual}
    for ours in formats:  # a doubt is said even where the format is the usual one
        if ours not in others and _doubt(found.get(f"date_formats.{ours}")):
            others[ours] = formats[ours]
    if others:
        yield "date_formats:"
    for ours, one in others.items():
        yield f"  {ours}: {_several(one)}{_behind(_doubt(found.get(f'date_formats.{ours}')))}"


def _translations(entry: Entry, found: dict[str, Finding]) -> Iterator[str]:
    translate = entry.form.get("translate", {})
    if translate:
        yield "translate:  # our column: the file's word: ours"
    for ours, words in translate.items():
        yield f"  {ours}:{_behind(_doubt(found.get(f'translate.{ours}')))}"
        yield from (f"    {_text(theirs)}: {_text(word)}" for theirs, word in words.items())


def _not_mapped(entry: Entry) -> Iterator[str]:
    if entry.identifiers:
        names = ", ".join(f"{name} ({kind})" for name, kind in sorted(entry.identifiers.items()))
        yield f"# direct identifiers, not mapped; they never leave intake: {one_line(names)}"
    if entry.unused:
        yield f"# not used: {one_line(', '.join(entry.unused))}"


def _doubt(finding: Finding | None) -> Finding | None:
    return finding if finding and not finding.sure else None


def _line(name: str, value: str, finding: Finding | None) -> str:
    return f"{name}: {_text(value)}{_behind(finding)}"


def _behind(finding: Finding | None) -> str:
    return f"  # {finding.comment()}" if finding else ""


def _several(formats: list[str]) -> str:
    if len(formats) == 1:
        return _text(formats[0])
    return f"[{', '.join(_text(one) for one in formats)}]"


def _text(value: str) -> str:
    """Write text so that YAML reads back exactly it.

    Examples
    --------
    >>> _text("customer_id"), _text("a: b # c"), _text(" x")
    ('customer_id', '"a: b # c"', '" x"')
    """
    if PLAIN.fullmatch(value):
        return value
    signs = (_escaped(sign) for sign in value)
    return f'"{"".join(signs)}"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign == "\t":
        return "\\t"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"
