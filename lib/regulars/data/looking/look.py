"""Look: what a shop's files are, how they are written, and how sure that is."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from regulars import paths
from regulars.data.contract import TABLES
from regulars.data.looking.contents import Content, contents_of
from regulars.data.looking.entries import Entry, entry_of
from regulars.data.looking.finding import Finding
from regulars.data.looking.fit import Fit
from regulars.data.looking.fits import best_fit
from regulars.data.looking.groups import agree, grouped, is_looked_at
from regulars.data.looking.orders import Around
from regulars.data.looking.shop import EVENTS, Shop, shop_of
from regulars.errors import DataError, ParameterError
from regulars.parameters.source import ENCODINGS

__all__ = ["Looked", "look_at"]


@dataclass(frozen=True)
class Looked:
    """What was found: a workbook's name, its sources by table, and what holds for all of it.

    `findings` are all decisions with their evidence, also those about files that are not used.
    """

    name: str
    shop: Shop
    sources: dict[str, list[Entry]]
    findings: list[Finding] = field(default_factory=list)


def look_at(
    name: str, files: Iterable[Path], *, as_of: dt.date | None = None, encoding: str = ""
) -> Looked:
    """Look at files, and decide what each is.

    Parameters
    ----------
    name : str
        The workbook's name.
    files : iterable of Path
        The files, below the project's root. Hidden ones and those in a folder ``truth`` are
        passed over.
    as_of : date, optional
        The last day the reports know about; else the newest plausible day of the tables.
    encoding : str
        How the text files are written, where somebody knows.

    Raises
    ------
    DataError
        If a file's form cannot be told, or no file holds purchases: a sentence for each.
    """
    if encoding and encoding not in ENCODINGS:
        raise ParameterError(f"--encoding: expected one of {', '.join(ENCODINGS)}.")
    wanted = sorted({path for one in files if is_looked_at(path := _below_root(one))})
    if not wanted:
        raise DataError("Expected files to look at, found none. Name them, or a pattern.")
    fits, not_used = _fitted(_read_all(wanted, encoding))
    _need_purchases(fits, not_used)
    entries = _entries(fits)
    shop = shop_of(entries, as_of=as_of)
    by_table = {table: [e for e in entries if e.table == table] for table in TABLES}
    for of_table in by_table.values():
        agree(of_table)
    said = [f for entry in entries for f in entry.findings]
    sources = {table: grouped(some) for table, some in by_table.items() if some}
    return Looked(name, shop, sources, [*said, *not_used, *shop.findings])


def _below_root(path: Path) -> Path:
    path = path.absolute()
    if not path.is_relative_to(paths.root()):
        raise DataError(
            f"{path.name} lies outside the project. Put it below data/raw, in a folder of its own."
        )
    return path


def _read_all(wanted: list[Path], encoding: str) -> list[Content]:
    """Read every file, so that all refusals are said at once."""
    contents, refused = [], []
    for path in wanted:
        try:
            name = path.relative_to(paths.root()).as_posix()
            contents += contents_of(path, name=name, encoding=encoding)
        except DataError as error:
            refused.append(str(error))
    if refused:
        raise DataError("\n".join(refused))
    return contents


def _fitted(
    contents: list[Content],
) -> tuple[list[tuple[Content, Fit, Finding]], list[Finding]]:
    fits, not_used = [], []
    for content in contents:
        file = content.label
        if content.problem:
            not_used.append(Finding("table", "not used", content.problem, file=file))
            continue
        fit, found = best_fit(content)
        if found:
            fits.append((content, fit, found))
        else:
            missing = " or ".join(fit.missing) or "another of its fields"
            because = f"it is nearest to {fit.table.name}, but no column is {missing}"
            not_used.append(Finding("table", "not used", because, file=file))
    return fits, not_used


def _need_purchases(fits: list[tuple[Content, Fit, Finding]], not_used: list[Finding]) -> None:
    if not any(fit.table.name == "purchases" for _, fit, _ in fits):
        said = [f"{one.file}: {one.because}" for one in not_used]
        said += [f"{found.decided}: {c.label}" for c, _, found in fits]
        raise DataError(
            "Expected a file of purchases (columns for customer_id, ordered_at and amount), found "
            "none.\n" + "\n".join(said)
        )


def _entries(fits: list[tuple[Content, Fit, Finding]]) -> list[Entry]:
    """Decide every file, and those with doubtful dates again when the others are known."""
    first = [entry_of(content, fit, around=Around()) for content, fit, _ in fits]
    found = []
    for entry, (content, fit, table) in zip(first, fits, strict=True):
        if any(dates.rival for dates in entry.dates.values()):
            entry = entry_of(content, fit, around=_around(entry, first))
        file = content.label
        entry.findings = [f.at(table=entry.table, file=file) for f in (table, *entry.findings)]
        found.append(entry)
    return found


def _around(entry: Entry, entries: list[Entry]) -> Around:
    """Return what the files whose dates are proved say about the others."""
    others = [e.dates.get(EVENTS.get(e.table, "")) for e in entries if e is not entry]
    sure = [dates for dates in others if dates and dates.sure and dates.days]
    ends = [day for dates in sure for day in (min(dates.days), max(dates.days))]
    same = [e for e in entries if e.table == entry.table and e is not entry]
    formats = {f[:8] for e in same for d in e.dates.values() if d.sure for f in d.formats}
    return Around((min(ends), max(ends)) if ends else None, (), tuple(sorted(formats)))
