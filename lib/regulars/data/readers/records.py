"""Records: the rows of a delimited text, line by line, and each line that is none with its reason.

The rules are those of the csv module in its strict form. A line whose quotes are closed in it
stands for itself: with another number of fields than the header it is malformed, and nothing else
is. A line that leaves a quote open is read on with the lines after it, and then

- what results is one row if it has the header's number of fields and at least one of its lines,
  split with quotes ignored, has not: only a text over several lines looks like that;
- otherwise, and where something stands behind the closing quote or none closes, the line that
  opened the quote is ``quote_not_closed``, and reading starts anew in the next line;
- the lines after it stand for themselves. But up to the line where the quote had closed, one with
  an odd number of quotes is no row either: it may be the end of a text. Only where something
  stands behind the closing quote and all lines look like rows, the fault is the first line's alone.

So an unclosed quote costs its own line, and swallows none. Reading on ends where a cell grows past
what the csv module takes (128 KB), so the cost of a bad line is bounded.
"""

import csv
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from regulars.data.readers.model import LONGEST_CELL
from regulars.data.readers.staging import Staged

__all__ = ["CONTROL", "Records", "judge_cells", "physical_lines"]

BATCH = 20_000
LONGEST_LINE = 1 << 22
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MALFORMED, QUOTE, CUT = "line_malformed", "quote_not_closed", "last_line_cut"
LONG, STRANGE = "cell_too_long", "control_characters"
ENDS = ("\n", "\r")


class Records:
    """Reads lines into a `Staged`: rows, and lines that are none.

    Parameters
    ----------
    staged : Staged
        Where rows and malformed lines go.
    fields : int
        How many fields a row has.
    delimiter : str
        What parts them.
    keep_last : bool
        Whether a last line without a line end counts.
    """

    def __init__(self, staged: Staged, *, fields: int, delimiter: str, keep_last: bool) -> None:
        self.staged, self.fields, self.delimiter = staged, fields, delimiter
        self.keep_last = keep_last
        self._batch: list[str] = []
        self._first = 0  # the number of the batch's first line
        self._doubtful = -1  # up to here in the batch a stray quote spoils a line

    def read(self, lines: Iterator[str], *, first_line: int) -> int:
        r"""Read all lines, the first of which has the number `first_line`; return the next number.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> lines = ["1,2\n", '"3,4\n', "5,6,7\n", '8,"a\n', 'b"\n']
        >>> with Staged(pathlib.Path(tempfile.mkdtemp()), ["who", "paid"]) as staged:
        ...     records = Records(staged, fields=2, delimiter=",", keep_last=True)
        ...     records.read(iter(lines), first_line=2)
        7
        >>> staged.rows, staged.malformed
        (2, 2)
        """
        self._first = first_line
        while batch := list(itertools.islice(lines, BATCH)):
            self._batch, self._doubtful = batch, -1
            if not self._take_whole(batch):
                self._take_one_by_one(lines)
            self._first += len(self._batch)
        return self._first

    def _take_whole(self, batch: list[str]) -> bool:
        """Take a batch in which every line is a row, quickly; say whether it was one."""
        text = "".join(batch)
        if CONTROL.search(text) or not batch[-1].endswith(ENDS):
            return False
        if max(map(len, batch)) > LONGEST_CELL:
            return False
        if '"' in text:
            rows = self._parsed(batch)
        else:
            rows = [line.rstrip("\r\n").split(self.delimiter) for line in batch]
        if len(rows) != len(batch) or set(map(len, rows)) != {self.fields}:
            return False
        if self.fields == 1 and any(not line.rstrip("\r\n") for line in batch):
            return False
        self.staged.add_all(rows, lines=range(self._first, self._first + len(batch)))
        return True

    def _parsed(self, batch: list[str]) -> list[list[str]]:
        """Return one record a line, or nothing where that is not how the batch is written."""
        try:
            return list(csv.reader(batch, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return []

    def _take_one_by_one(self, lines: Iterator[str]) -> None:
        place = 0
        while place < len(self._batch):
            line = self._batch[place]
            if not line.rstrip("\r\n"):
                place += 1
            elif '"' in line and len(line) < LONGEST_LINE:
                place = self._take_quoted(place, lines)
            else:
                self._judge(place, _bare(line).split(self.delimiter))
                place += 1

    def _take_quoted(self, place: int, lines: Iterator[str]) -> int:
        """Take the record that begins here; return the place of the next one."""
        reader = csv.reader(self._from(place, lines), delimiter=self.delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            return self._take_refused(place, reader.line_num, str(error))
        span = reader.line_num
        if span == 1:
            self._judge(place, cells)
            return place + 1
        if self._fits(cells) and not self._all_look_like_rows(place, span):
            self._judge(place, cells, span=span)
            return place + span
        self._doubtful = max(self._doubtful, place + span - 1)
        self._reject(place, QUOTE)
        return place + 1

    def _take_refused(self, place: int, span: int, error: str) -> int:
        """Reject the one line whose quote the csv module could not close."""
        long = span == 1 and "field larger" in error
        if not self._all_look_like_rows(place, span):
            self._doubtful = max(self._doubtful, place + span - 1)
        self._reject(place, LONG if long else QUOTE)
        return place + 1

    def _from(self, place: int, lines: Iterator[str]) -> Iterator[str]:
        """Give the batch's lines from a place on; it grows where a record reaches beyond it."""
        for each in itertools.count(place):
            if each == len(self._batch):
                more = next(lines, None)
                if more is None:
                    return
                self._batch.append(more)
            yield self._batch[each]

    def _judge(self, place: int, cells: list[str], *, span: int = 1) -> None:
        reason = self._reason(place, cells, span)
        if reason:
            self._reject(place, reason, span=span)
        else:
            self.staged.add(cells[: self.fields], line=self._first + place)

    def _reason(self, place: int, cells: list[str], span: int) -> str:
        if self._is_cut(place + span - 1):
            return CUT
        if found := judge_cells(cells):
            return found
        if not self._fits(cells):
            return MALFORMED
        stray = place <= self._doubtful and span == 1 and self._batch[place].count('"') % 2
        return QUOTE if stray else ""

    def _reject(self, place: int, reason: str, *, span: int = 1) -> None:
        raw = _bare("".join(self._batch[place : place + span]))
        reason = CUT if self._is_cut(place + span - 1) else reason
        self.staged.reject(raw, line=self._first + place, reason=reason)

    def _is_cut(self, place: int) -> bool:
        return not self.keep_last and not self._batch[place].endswith(ENDS)

    def _fits(self, cells: list[str]) -> bool:
        """Say whether a record has the header's number of fields; empty ones behind are let be."""
        return len(cells) >= self.fields and not any(cells[self.fields :])

    def _all_look_like_rows(self, place: int, span: int) -> bool:
        batch = self._batch[place : place + span]
        bare = [line for line in map(_bare, batch) if line]
        return all(self._fits(line.split(self.delimiter)) for line in bare)


def judge_cells(cells: Iterable[str | None]) -> str:
    r"""Return why cells cannot be a row's: too long, or with control characters; or nothing.

    Examples
    --------
    >>> judge_cells(["00042", None, "two\nlines"])
    ''
    >>> judge_cells(["\x1b[31mred"])
    'control_characters'
    """
    text = [cell for cell in cells if cell]
    if any(len(cell) > LONGEST_CELL for cell in text):
        return LONG
    return STRANGE if any(CONTROL.search(cell) for cell in text) else ""


def physical_lines(file: TextIO) -> Iterator[str]:
    """Give a text's lines with their ends; one of more than 4 million characters is cut there.

    The file must be opened with ``newline=""``.
    """
    for line in iter(functools.partial(file.readline, LONGEST_LINE), ""):
        if len(line) < LONGEST_LINE or line.endswith(ENDS):
            yield line
            continue
        end = ""
        while not end.endswith(ENDS) and (more := file.readline(LONGEST_LINE)):
            end = more[-1:]
        yield line + end if end in ENDS else line


def _bare(line: str) -> str:
    return line.rstrip("\r\n")
