"""Tables: a frame as a small table for people, on a page, in JupyterLab and as plain text.

Everything is escaped, headers and captions too. Alignment is written twice: as a class for the
page, which drops style attributes, and as a style for JupyterLab, which has no classes of ours.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from regulars.show.formats import format_values, guess_format, is_number
from regulars.show.hidden import hidden_rows, is_marked, note_on
from regulars.show.names import known_format, reader_header
from regulars.show.output import publish
from regulars.show.text import as_source, is_missing, one_line
from regulars.show.text import columns as columns_of
from regulars.small_groups import HIDDEN

__all__ = ["show", "to_html", "to_text"]

MOST_COLUMNS = 7
MOST_ROWS = 12


@dataclass(frozen=True)
class _Column:
    header: str
    cells: list[str]
    numeric: bool


def show(
    frame: pd.DataFrame, *, caption: str, source: str, formats: dict[str, str] | None = None
) -> None:
    """Display a frame as a table of at most 7 columns and 12 rows.

    Parameters
    ----------
    frame : DataFrame
        The rows in their order. An index that is more than 0, 1, 2, … becomes the first columns.
        The first column names the row. A column ``hidden`` (bool), as `suppression.suppressed`
        adds it, is not shown: in its rows, missing cells read "hidden", and a note says why.
    caption, source : str
        What the table shows, and where the numbers come from.
    formats : dict, optional
        Column name to format: ``count``, ``share``, ``money:USD``, ``days``, ``number:2``,
        ``date``, ``month``, ``name``, ``text``. The columns the measures make have theirs; for
        any other it is guessed from the type.

    Raises
    ------
    ValueError
        If there are more than 7 columns, or a format is unknown or for a column that is not there.

    Examples
    --------
    >>> show(pd.DataFrame({"kind": ["sale"], "rows": [6919]}), caption="Lines", source="CDNOW.")
    Lines
    Kind   Rows
    ----  -----
    Sale  6,919
    Source: CDNOW.
    """
    publish(
        {
            "text/plain": to_text(frame, caption=caption, source=source, formats=formats),
            "text/html": to_html(frame, caption=caption, source=source, formats=formats),
        }
    )


def to_html(
    frame: pd.DataFrame,
    *,
    caption: str,
    source: str,
    formats: dict[str, str] | None = None,
    rows: int = MOST_ROWS,
) -> str:
    """Return the table as HTML; see `show`. After `rows` rows a note says how many there are more.

    Examples
    --------
    >>> html = to_html(pd.DataFrame({"name": ["<b>"]}), caption="Names", source="Made up")
    >>> "<b>" in html, "&lt;b&gt;" in html
    (False, True)
    """
    columns = _columns(frame, formats, rows)
    title = escape(one_line(caption))
    head = "".join(_cell("th", column.header, column.numeric, "col") for column in columns)
    body = "".join(_row(columns, position) for position in range(min(len(frame), rows)))
    return (
        f'<div class="table" role="region" aria-label="{title}" tabindex="0" '
        'style="overflow-x:auto">'
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
        f'<p class="note">{escape(_note(frame, source, rows))}</p></div>'
    )


def to_text(
    frame: pd.DataFrame,
    *,
    caption: str,
    source: str,
    formats: dict[str, str] | None = None,
    rows: int = MOST_ROWS,
) -> str:
    """Return the table as plain text with aligned columns; see `show`.

    Examples
    --------
    >>> print(to_text(pd.DataFrame({"n": [5, 12]}), caption="Two", source="Made up", rows=1))
    Two
    n
    -
    5
    … and 1 more row. Source: Made up.
    """
    columns = _columns(frame, formats, rows)
    blocks = [[column.header, *column.cells] for column in columns]
    widths = [max(map(columns_of, block)) for block in blocks]
    lines = [
        "  ".join(
            _pad(block[position], width, column.numeric)
            for block, width, column in zip(blocks, widths, columns, strict=True)
        ).rstrip(" ")
        for position in range(len(blocks[0]) if blocks else 0)
    ]
    rule = ["  ".join("-" * width for width in widths)] if blocks else []
    return "\n".join([one_line(caption), *lines[:1], *rule, *lines[1:], _note(frame, source, rows)])


def _columns(frame: pd.DataFrame, formats: dict[str, str] | None, rows: int) -> list[_Column]:
    """Return headers and written cells; the format looks at the rows shown, and at those only."""
    formats = formats or {}
    away = hidden_rows(frame)[:rows]
    frame = frame.drop(columns=HIDDEN) if is_marked(frame) else frame
    frame = frame if _is_plain(frame.index) else frame.reset_index()
    _check(frame, formats)
    shown = frame.iloc[:rows]
    columns = []
    for position, name in enumerate(frame.columns):
        values = shown.iloc[:, position]
        spec = formats.get(name) or known_format(frame, name) or guess_format(values)
        cells = _cells(values, spec, away)
        columns.append(_Column(reader_header(name), cells, is_number(spec)))
    return columns


def _cells(values: pd.Series, spec: str, away: np.ndarray) -> list[str]:
    """Write a column; what is missing in a hidden row says that it is hidden."""
    gone = [hides and is_missing(value) for value, hides in zip(values, away, strict=True)]
    written = format_values(values, spec)
    return [HIDDEN if hides else cell for cell, hides in zip(written, gone, strict=True)]


def _is_plain(index: pd.Index) -> bool:
    return isinstance(index, pd.RangeIndex) and index.name is None


def _check(frame: pd.DataFrame, formats: dict[str, str]) -> None:
    if frame.shape[1] > MOST_COLUMNS:
        raise ValueError(
            f"A table has at most {MOST_COLUMNS} columns, so that it can be read; found "
            f"{frame.shape[1]}. Choose the columns that answer the question."
        )
    unknown = [str(name) for name in formats if name not in set(frame.columns)]
    if unknown:
        raise ValueError(
            f"Formats are given for {', '.join(unknown)}, but the table has "
            f"{', '.join(map(str, frame.columns))}. Give formats by the table's column names."
        )


def _row(columns: list[_Column], position: int) -> str:
    first, *others = columns
    cells = [_cell("th", first.cells[position], first.numeric, "row")]
    cells += [_cell("td", column.cells[position], column.numeric) for column in others]
    return f"<tr>{''.join(cells)}</tr>"


def _cell(tag: str, text: str, numeric: bool, scope: str = "") -> str:
    side = ' class="num" style="text-align:right"' if numeric else ' style="text-align:left"'
    scope = f' scope="{scope}"' if scope else ""
    return f"<{tag}{scope}{side}>{escape(text)}</{tag}>"


def _note(frame: pd.DataFrame, source: str, rows: int) -> str:
    more = len(frame) - rows
    rest = f"… and {more:,} more row{'s' if more > 1 else ''}. " if more > 0 else ""
    none = "No rows. " if len(frame) == 0 else ""
    hidden = "".join(f"{note} " for note in note_on(frame.head(rows)))
    return none + rest + hidden + as_source(source)


def _pad(text: str, width: int, numeric: bool) -> str:
    space = " " * (width - columns_of(text))
    return space + text if numeric else text + space
