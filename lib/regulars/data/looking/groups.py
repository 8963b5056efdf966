"""Groups: files of one table and one form become one source, with a pattern where one fits."""

import json
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from regulars import paths
from regulars.data.looking.entries import Entry
from regulars.data.looking.finding import Finding

__all__ = ["agree", "files_of_entry", "grouped", "is_looked_at"]

DEFAULTS = {"encoding": "utf-8", "decimal": "."}


def agree(entries: list[Entry]) -> None:
    """Let files of one table decide for each other what their own content leaves open.

    Only what cannot change how a file reads is taken over: a file of plain ASCII reads the same in
    each encoding, and one without a mark in any number with each decimal mark.
    """
    for entry in entries:
        beside = [e for e in entries if e is not entry and e.columns == entry.columns]
        for part in sorted(entry.undecided):
            _take_over(entry, part, [e for e in beside if part not in e.undecided])


def grouped(entries: Iterable[Entry]) -> list[Entry]:
    """Join the entries that declare the same, in the order of their first files."""
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: one.paths[0].as_posix()):
        said = json.dumps([entry.table, entry.columns, entry.form, _formats(entry)], sort_keys=True)
        first = found.setdefault(said, entry)
        if first is not entry:
            _join(first, entry)
    return [part for entry in found.values() for part in _by_pattern(entry)]


def files_of_entry(entry: Entry) -> str:
    """Return the path below the root, or the pattern, that names an entry's files."""
    if len(entry.paths) == 1:
        return _literal(entry.paths[0].relative_to(paths.root()).as_posix())
    return _pattern(entry.paths)


def is_looked_at(path: Path) -> bool:
    """Say whether a file is a delivery: hidden files and the truth of a simulation are not."""
    parts = path.relative_to(paths.root()).parts
    hidden = any(part.startswith((".", "~$")) for part in parts)
    return path.is_file() and "truth" not in parts and not hidden


def _take_over(entry: Entry, part: str, beside: list[Entry]) -> None:
    if part.startswith("date_formats."):
        ours = part.partition(".")[2]
        offered = [e.dates[ours] for e in beside if ours in e.dates and e.dates[ours].formats]
        if offered and len({tuple(one.formats) for one in offered}) == 1:
            entry.dates[ours].formats = list(offered[0].formats)
        return
    values = {e.form[part] for e in beside if part in e.form}
    if len(values) != 1:
        return
    value = values.pop()
    if (part == "encoding" and value == "utf-16") or _clashes(entry, part, value):
        return
    entry.form[part] = value
    if value != DEFAULTS.get(part):
        because = "files of the same columns are written so, and this one reads the same either way"
        entry.findings = [f for f in entry.findings if f.what != part]
        entry.findings.append(Finding(part, str(value), because))


def _clashes(entry: Entry, part: str, value: object) -> bool:
    """Say whether the two marks of numbers would be one."""
    other = {"decimal": "thousands", "thousands": "decimal"}.get(part)
    return bool(other) and entry.form.get(other) == value


def _formats(entry: Entry) -> dict[str, list[str]]:
    return {ours: dates.formats for ours, dates in entry.dates.items()}


def _join(first: Entry, entry: Entry) -> None:
    first.paths += entry.paths
    first.contents += entry.contents
    first.findings += entry.findings
    first.unused = sorted({*first.unused, *entry.unused}, key=str)
    first.identifiers |= entry.identifiers
    for ours, dates in entry.dates.items():
        first.dates[ours].days.update(dates.days)
        first.dates[ours].offsets.update(dates.offsets)
        first.dates[ours].sure &= dates.sure


def _by_pattern(entry: Entry) -> list[Entry]:
    """Return the entry as it is where a pattern names just its files, else one for each file."""
    if len(entry.paths) == 1 or _pattern(entry.paths):
        return [entry]
    parts = []
    for path, content in zip(entry.paths, entry.contents, strict=True):
        own = [finding for finding in entry.findings if finding.file == content.label]
        one = Entry(entry.table, [path], entry.columns, entry.form, [content], own, entry.dates)
        one.unused, one.identifiers = entry.unused, entry.identifiers
        parts.append(one)
    return parts


def _pattern(files: list[Path]) -> str:
    """Return a pattern that names these files and no others, or nothing."""
    folders, names = {path.parent for path in files}, [path.name for path in files]
    if len(folders) > 1:
        return ""
    start = _common(names)
    end = _common([name[len(start) :][::-1] for name in names])[::-1]
    folder = folders.pop().relative_to(paths.root()).as_posix()
    pattern = f"{_literal(f'{folder}/{start}')}*{_literal(end)}"
    return pattern if set(paths.root().glob(pattern)) == set(files) else ""


def _common(names: list[str]) -> str:
    """Return what all names begin with."""
    pairs = zip(min(names), max(names), strict=False)
    return "".join(sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _literal(text: str) -> str:
    """Return text that stands for itself in a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)
