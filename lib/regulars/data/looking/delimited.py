"""Delimited text: which sign parts its fields, where its header stands, whether its end is cut.

The sign is the one that gives the same number of fields, more than one, in nearly all records.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from regulars.data.looking.dates import reads_as_date
from regulars.data.looking.finding import Finding, counted
from regulars.data.looking.names import is_known
from regulars.data.looking.numerals import is_number
from regulars.errors import DataError

__all__ = ["DELIMITERS", "Layout", "last_line_of", "layout_of", "records_of"]

DECIMALS = re.compile(r"[.,]([0-9]+)$")
DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
HEADER_WITHIN = 40
NEARLY_ALL = 0.9
BATCH = 5_000


@dataclass(frozen=True)
class Layout:
    """How the lines of a text file are parted: delimiter, lines above the header, column names."""

    delimiter: str
    skip_lines: int
    header: tuple[str, ...]
    share: float
    known: int
    """How many of the column names are names we know."""

    findings: tuple[Finding, ...] = ()


def layout_of(lines: Sequence[str], *, name: str) -> Layout | None:
    """Return how the first lines of a file are parted, or None where no sign parts them.

    Parameters
    ----------
    lines : sequence of str
        The first lines of the file, a few thousand, with their line ends.
    name : str
        For the message.

    Raises
    ------
    DataError
        If the file has no line with the names of its columns.

    Examples
    --------
    >>> layout_of(["id;paid", "1;2,50", "2;3,20"], name="a.csv").delimiter
    ';'
    """
    found = [layout for mark in DELIMITERS if (layout := _parted(lines, mark))]
    if not found:
        return None
    ranked = sorted(found, key=lambda one: (-round(one.share, 1), -one.known, -len(one.header)))
    best = ranked[0]
    _refuse_data(best, lines, name)
    rivals = [one for one in ranked[1:] if one.share >= NEARLY_ALL and one.known >= best.known]
    return Layout(**{**vars(best), "findings": tuple(_findings(best, rivals))})


def records_of(lines: Iterator[str], layout: Layout) -> Iterator[tuple[list[list[str]], int]]:
    """Yield batches of records under the header, each with the number of lines that are none.

    A batch in which a quote runs on is read line by line, so that it costs its own line only.
    """
    for _ in islice(lines, layout.skip_lines + 1):
        pass
    while batch := list(islice(lines, BATCH)):
        records = _parse(batch, layout.delimiter)
        width = len(layout.header)
        good = [_cut(record, width) for record in records if record]
        kept = [record for record in good if len(record) == width]
        if len(kept) < len(good) and any('"' in line for line in batch):
            good = [_cut(r[0], width) for r in (_parse([b], layout.delimiter) for b in batch) if r]
            kept = [record for record in good if len(record) == width]
        yield kept, len(good) - len(kept)


def last_line_of(last: str, records: Sequence[Sequence[str]], layout: Layout) -> Finding | None:
    """Decide what a last line without a line end is; None where it has one, or is empty."""
    if not last.strip() or last.endswith(("\n", "\r")):
        return None
    fields = (_parse([last], layout.delimiter) or [[]])[0]
    if len(fields) != len(layout.header):
        has = f"it has no line end and {len(fields)} of {counted(len(layout.header), 'field')}"
        return Finding("last_line", "reject", f"{has}: it is cut")
    forms = [{_form(record[at]) for record in records} for at in range(len(fields))]
    strange = [at for at, text in enumerate(fields) if _form(text) not in forms[at]]
    if strange:
        column = layout.header[strange[-1]]
        because = f"it has no line end, and {column!r} is not formed there as in other lines"
        return Finding("last_line", "reject", because, sure=False)
    if not _ends_whole(fields[-1], [record[-1] for record in records if record]):
        because = "it has no line end, and nothing shows that its last field is whole"
        return Finding("last_line", "reject", because, sure=False)
    because = "it has no line end, but all its fields, each formed as in other lines"
    return Finding("last_line", "keep", because, sure=False)


def _ends_whole(text: str, others: Sequence[str]) -> bool:
    """Return whether a last field seems whole: a word seen before, or as many decimals as all."""
    if not text[-1:].isdigit():
        return text in others
    found = [DECIMALS.search(one) for one in (text, *others)]
    return all(found) and len({len(one.group(1)) for one in found}) == 1


def _parse(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        if len(lines) == 1:
            return [[]]
        return [record for line in lines for record in _parse([line], delimiter)]


def _cut(record: list[str], width: int) -> list[str]:
    return record[:-1] if len(record) == width + 1 and record[-1] == "" else record


def _parted(lines: Sequence[str], delimiter: str) -> Layout | None:
    """Return the layout that one delimiter gives."""
    widths = Counter(len(record) for record in _parse(lines, delimiter) if record)
    width = next((width for width, _ in widths.most_common() if width > 1), 0)
    # Title lines must not outvote a header with a few rows.
    single = _parse_each(lines[:HEADER_WITHIN], delimiter)
    at = next((n for n, record in enumerate(single) if _is_header(record, width)), None)
    if at is None:
        return None
    below = [len(_cut(record, width)) for record in _parse(lines[at:], delimiter) if record]
    share = below.count(width) / len(below)
    header = tuple(single[at])
    known = sum(is_known(name) for name in header)
    return Layout(delimiter, at, header, share, known) if share >= 0.5 else None


def _parse_each(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    return [(_parse([line], delimiter) or [[]])[0] for line in lines]


def _is_header(record: Sequence[str], width: int) -> bool:
    filled = sum(bool(cell.strip()) for cell in record)
    return width > 1 and len(record) == width and filled >= max(2, 0.6 * width)


def _refuse_data(layout: Layout, lines: Sequence[str], name: str) -> None:
    """Refuse a file whose first line with all fields looks like a row, not like names."""
    cells = [cell.strip() for cell in layout.header if cell.strip()]
    like_data = [cell for cell in cells if is_number(cell) or reads_as_date(cell)]
    if layout.known == 0 and like_data:
        raise DataError(
            f"{name}: expected a line with the column names, but line {layout.skip_lines + 1} "
            f"looks like data ({len(like_data)} of {len(cells)} cells are numbers or dates). "
            "Write the names of the columns in a first line."
        )


def _findings(best: Layout, rivals: Sequence[Layout]) -> Iterator[Finding]:
    columns = counted(len(best.header), "field")
    because = f"it gives {columns} in {best.share:.1%} of the lines looked at"
    if rivals:
        others = " and ".join(DELIMITERS[one.delimiter] for one in rivals)
        because += f", but {others} parts them evenly too"
    sure = not rivals and best.share >= NEARLY_ALL
    yield Finding("delimiter", DELIMITERS[best.delimiter], because, sure)
    if best.skip_lines:
        because = f"line {best.skip_lines + 1} is the first with {columns} filled"
        if best.known:
            because += f", and {counted(best.known, 'column name')} in it are known"
        yield Finding("skip_lines", str(best.skip_lines), because, best.known >= 2)


def _form(text: str) -> str:
    """Return how a cell is formed: 12,50 as 9,99, so that 12,5 stands out; words are alike."""
    text = text.strip()
    if not any(sign.isdigit() for sign in text):
        return "word" if text else ""
    parts = re.split(r"([.,])", text)
    if is_number(text) and len(parts) > 1:
        return "9" + parts[-2] + "9" * len(parts[-1])
    return "9" if text.isdigit() and len(text) < 7 else re.sub(r"\d", "9", text)
