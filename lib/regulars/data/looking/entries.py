"""Entries: what must be declared about one file of a table, so that intake reads it right."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regulars.data.contract import Field
from regulars.data.looking.contents import Column, Content
from regulars.data.looking.dates import Dates, dates_in
from regulars.data.looking.finding import Finding, counted
from regulars.data.looking.fit import Fit
from regulars.data.looking.fits import BY_CONTENT, DATES, NUMBERS
from regulars.data.looking.names import identifier_of
from regulars.data.looking.numerals import marks_in, read_marks
from regulars.data.looking.orders import Around
from regulars.data.looking.words import is_nothing, meaning_of

__all__ = ["Entry", "entry_of"]

MOST_MISSING = 5
DOUBTED = 0.65
QUESTIONS = ("nps", "csat", "ces")


@dataclass
class Entry:
    """One source: its table, the files it names, what it declares, and why.

    `form` holds what `Source` takes. `undecided` names the parts of it on which the content says
    nothing, so that the table's other files may decide them.
    """

    table: str
    paths: list[Path]
    columns: dict[str, str]
    form: dict[str, object]
    contents: list[Content]
    findings: list[Finding] = field(default_factory=list)
    dates: dict[str, Dates] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)

    def column(self, ours: str, at: int = 0) -> Column | None:
        """Return the file's column that is one of ours, if it is there."""
        return self.contents[at].columns.get(self.columns.get(ours, ""))


def entry_of(content: Content, fit: Fit, *, around: Around) -> Entry:
    """Decide the form of one file whose table and columns are known.

    Parameters
    ----------
    content : Content
        The file.
    fit : Fit
        Its table, and which of its columns is which field.
    around : Around
        What other files say about the order of dates.
    """
    fields = fit.table.fields
    kept = {ours: theirs for ours, theirs in fit.columns.items() if not _is_dropped(fields[ours])}
    entry = Entry(fit.table.name, [content.path], kept, dict(content.form), [content])
    entry.findings = [*content.findings, *fit.findings, *_doubted_names(fit, content)]
    _decide_numbers(entry, fields)
    _decide_dates(entry, fields, around)
    _decide_missing(entry, fields)
    _decide_words(entry, fields)
    _name_the_rest(entry, fit)
    if any(f.what == "encoding" and "ASCII" in f.because and f.sure for f in entry.findings[:1]):
        entry.undecided.add("encoding")
    return entry


def _is_dropped(field: Field) -> bool:
    return field.person == "drop"


def _doubted_names(fit: Fit, content: Content) -> Iterator[Finding]:
    """Say which columns were taken though their name or their cells do not quite tell."""
    said = {finding.what for finding in fit.findings}
    for ours, theirs in fit.columns.items():
        what = f"columns.{ours}"
        if BY_CONTENT < fit.scores[ours] < DOUBTED and what not in said:
            empty = not content.columns[theirs].filled
            because = "its name, or what stands in it, fits only in part"
            because = "it is empty, so only its name tells" if empty else because
            yield Finding(what, theirs, because, sure=False)


def _cells(entry: Entry, ours: str) -> Mapping[str, int]:
    counts = entry.column(ours).counts
    return {text: n for text, n in counts.items() if not is_nothing(text)}


def _of_type(entry: Entry, fields: Mapping[str, Field], types: tuple[str, ...]) -> list[str]:
    return [ours for ours in entry.columns if fields[ours].type in types]


def _decide_numbers(entry: Entry, fields: Mapping[str, Field]) -> None:
    names = _of_type(entry, fields, NUMBERS)
    marks = marks_in(_cells(entry, ours) for ours in names)
    found = read_marks(marks)
    entry.form |= {finding.what: finding.decided for finding in found}
    told = marks.decimal or marks.thousands or marks.either
    entry.findings += [f for f in found if told or f.what == "currency_sign"]
    entry.undecided |= set() if told else {"decimal"}
    entry.undecided |= {"thousands", "currency_sign"} - entry.form.keys()
    for ours in names:
        others = marks_in([_cells(entry, ours)]).others
        entry.findings += _unread(ours, others, entry.column(ours).filled, "no number")


def _decide_dates(entry: Entry, fields: Mapping[str, Field], around: Around) -> None:
    """Decide each date column; those that are proved help with the others."""
    for _ in range(2):
        proved = {f[:8] for d in entry.dates.values() if d.sure for f in d.formats}
        known = Around(around.within, tuple(sorted(proved)), around.files)
        for ours in _of_type(entry, fields, DATES):
            if ours not in entry.dates or entry.dates[ours].rival:
                rows = entry.contents[0].rows_of(entry.columns[ours])
                month = fields[ours].type == "month"
                cells = _cells(entry, ours)
                entry.dates[ours] = dates_in(cells, month=month, rows=rows, around=known)
    for ours, dates in entry.dates.items():
        entry.findings += _said_of(ours, dates)
        entry.findings += _unread(ours, dates.unread, entry.column(ours).filled, "no date")
        entry.undecided |= set() if dates.formats else {f"date_formats.{ours}"}


def _said_of(ours: str, dates: Dates) -> Iterator[Finding]:
    if dates.formats:
        decided, because = " or ".join(dates.formats), "; ".join(dates.because)
        yield Finding(f"date_formats.{ours}", decided, because, dates.sure)
    if dates.offsets:
        because = f"{counted(dates.offsets.total(), 'time')} of {ours} carry an offset"
        yield Finding("timezone", "needed", because, sure=False)


def _unread(ours: str, others: Counter, filled: int, what: str) -> Iterator[Finding]:
    if others:
        because = f"{others.total():,} of {counted(filled, 'filled cell')} are {what}"
        yield Finding(f"cells.{ours}", "rejected", because)


def _decide_missing(entry: Entry, fields: Mapping[str, Field]) -> None:
    """Propose tokens for "no value" that stand in columns of numbers or dates."""
    tokens: Counter = Counter()
    for ours in _of_type(entry, fields, (*NUMBERS, *DATES)):
        column = entry.column(ours)
        tokens.update({text: n for text, n in column.counts.items() if is_nothing(text)})
    if not 0 < len(tokens) <= MOST_MISSING:
        return
    entry.form["missing"] = sorted(tokens)
    texts = _of_type(entry, fields, ("text", "id", "choice"))
    held = [ours for ours in texts if tokens.keys() & entry.column(ours).counts.keys()]
    because = f"{counted(tokens.total(), 'cell')} of numbers or dates hold it"
    if held:
        because += f", and {', '.join(held)} too, where it may be a value"
    entry.findings.append(Finding("missing", ", ".join(sorted(tokens)), because, not held))


def _decide_words(entry: Entry, fields: Mapping[str, Field]) -> None:
    """Translate the words of choices that are not ours already."""
    for ours in entry.columns:
        among = fields[ours].among or (QUESTIONS if ours == "question" else ())
        cells = _cells(entry, ours) if among else {}
        # A choice is compared in small letters, a question as it stands.
        ready = [text for text in cells if (text.lower() if fields[ours].among else text) in among]
        words = {t: m for t in cells if t not in ready and (m := meaning_of(t, among))}
        if words:
            entry.form.setdefault("translate", {})[ours] = dict(sorted(words.items()))
            because = f"{counted(len(words), 'word')} of it are not among {', '.join(among)}"
            entry.findings.append(Finding(f"translate.{ours}", "translated", because, sure=False))


def _name_the_rest(entry: Entry, fit: Fit) -> None:
    """Part the columns that are not mapped into direct identifiers and the rest."""
    mapped = set(entry.columns.values())
    dropped = {theirs: ours for ours, theirs in fit.columns.items() if _is_dropped(_of(fit, ours))}
    for theirs in entry.contents[0].columns:
        if theirs in mapped:
            continue
        told = dropped.get(theirs) or fit.identifiers.get(theirs)
        kind = told or identifier_of(theirs)
        # Outside the customers, what is only called a name may be a product's.
        if kind and (kind != "name" or told or _names_person(theirs)):
            entry.identifiers[theirs] = kind
        else:
            entry.unused.append(theirs)


def _of(fit: Fit, ours: str) -> Field:
    return fit.table.fields[ours]


def _names_person(name: str) -> bool:
    return name.strip().lower() not in ("name", "名字", "contact") and bool(identifier_of(name))
