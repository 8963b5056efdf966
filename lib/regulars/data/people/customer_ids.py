"""Customer ids: one way to write them, which were spoiled on the way, and which are one person."""

import csv
from pathlib import Path
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from regulars import paths
from regulars.data.intake.texts import without_spaces
from regulars.errors import DataError

__all__ = ["apply_merges", "merged_ids", "normal_form", "spoiled"]

HALF = "".join(map(chr, range(0x21, 0x7F)))
FULL = "".join(chr(ord(sign) + 0xFEE0) for sign in HALF)
BLANKS = "\u00a0\u2007\u202f\u3000"  # blanks that a trim leaves alone
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # signs of no width; nobody typed them
BETWEEN = r"[\s_\-./\x{2010}-\x{2015}\x{2212}]+"

SPOILED = (
    r"^("
    r"[+-]?[0-9]+[.,][0-9]*[eE][+-]?[0-9]+"  # 1.23E+15, 1,23E+15
    r"|[+-]?[0-9]+[eE][+][0-9]+"  # 1E+15, but not 12E5, which can be an id
    r"|[+-]?[0-9]+[.,]0{1,2}"  # 42.0, 42,00
    r"|#(N/A|NV|REF!|BEZUG!|VALUE!|WERT!|DIV/0!|NAME[?]|NULL!|NUM!|ZAHL!|#+)"
    r"|-?nan|NaN|NaT|<NA>"
    r")$"
)
COLUMNS = ["customer_id", "same_as"]


@ibis.udf.scalar.builtin
def nfc_normalize(text: str) -> str:
    """DuckDB's Unicode normal form C."""


@ibis.udf.scalar.builtin
def strlen(text: str) -> int:
    """DuckDB's length of a text in bytes."""


def normal_form(
    ids: ir.StringValue, how: Literal["exact", "normalise"] = "exact"
) -> ir.StringValue:
    """Return ids in the one form in which they are compared; an empty one is missing.

    Parameters
    ----------
    ids : text column
        As the file wrote them.
    how : {"exact", "normalise"}
        ``exact`` takes away blanks around, signs of no width, and the difference between
        full-width and plain digits, letters and signs. ``normalise`` also writes capitals, and
        any run of blanks, ``_ - . /`` as one ``-``.

    Examples
    --------
    >>> normal_form(ibis.literal(" ００４２ ")).execute()
    '0042'
    >>> normal_form(ibis.literal("Cust 42"), "normalise").execute()
    'CUST-42'
    """
    # Most ids are ASCII, and asking that costs less than the translation.
    usual = (strlen(ids) == ids.length()) & ~ids.contains("\t")
    plain = without_spaces(ibis.ifelse(usual, ids, _half_width(ids).strip()))
    if how == "normalise":
        plain = plain.upper().re_replace(BETWEEN, "-")
    return plain.nullif("")


def spoiled(ids: ir.StringValue) -> ir.BooleanValue:
    """Return whether an id is what a spreadsheet or a float left of one.

    Digits that were rounded to zeros (…000 after 15 digits) cannot be told from an id that is so.

    Examples
    --------
    >>> [bool(spoiled(ibis.literal(text)).execute()) for text in ("1.23E+15", "42.0", "00042")]
    [True, True, False]
    """
    return ids.re_search(SPOILED)


def merged_ids(
    file: str, *, how: Literal["exact", "normalise"] = "exact", parameter: str = "same_customers"
) -> pd.DataFrame:
    """Read the declared table of ids that are one person.

    Parameters
    ----------
    file : str
        A CSV file below the project's root, in UTF-8, with the columns ``customer_id`` and
        ``same_as``.
    how : {"exact", "normalise"}
        The normal form its ids get, the same as those of the rows.
    parameter : str
        What the messages call the file's parameter.

    Returns
    -------
    DataFrame
        ``customer_id`` and ``same_as``, text in normal form. Chains are followed to their end: of
        a → b and b → c come a → c and b → c.

    Raises
    ------
    DataError
        If the file is not there or not of that form, an id is empty or spoiled, is said to be two
        others, or a chain comes back to its start.
    """
    pairs = _in_normal_form(_read_pairs(file, parameter), how)
    _check_pairs(pairs, file)
    pairs = pairs[pairs.customer_id != pairs.same_as].drop_duplicates(COLUMNS)
    twice = pairs.duplicated("customer_id")
    if twice.any():
        raise DataError(
            f"{file}, line {pairs.line[twice].iloc[0]}: the id is said to be another customer "
            "than in a line before. Expected one same_as for each customer_id; take one line out."
        )
    ends = _ends(dict(zip(pairs.customer_id, pairs.same_as, strict=True)), file)
    return pd.DataFrame({COLUMNS[0]: list(ends), COLUMNS[1]: list(ends.values())}, dtype="str")


def apply_merges(ids: ir.StringValue, merges: pd.DataFrame) -> ir.StringValue:
    """Return ids with those that are one person made one; all others stay.

    Parameters
    ----------
    ids : text column
        In the normal form that `merges` was read with.
    merges : DataFrame
        See `merged_ids`.
    """
    if merges.empty:
        return ids
    ends = dict(zip(merges.customer_id, merges.same_as, strict=True))

    # A join would not keep the order of the rows, by which a row knows its line.
    @ibis.udf.scalar.pyarrow
    def one_person(texts: str) -> str:
        return pa.array([ends.get(text, text) for text in texts.to_pylist()], pa.string())

    return one_person(ids)


def _read_pairs(file: str, parameter: str) -> pd.DataFrame:
    path = paths.root() / file
    if Path(file).is_absolute() or ".." in Path(file).parts or not path.is_file():
        raise DataError(
            f"{parameter} is {file!r}: expected a CSV file at that path below the project's root, "
            "found none. Put it there, or correct the path."
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text, restkey="more", restval="", strict=True)
            header = lines.fieldnames or []
            pairs = [{**line, "line": lines.line_num} for line in lines]
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{file}: expected CSV text in UTF-8, found something else.") from None
    if not set(COLUMNS) <= set(header):
        raise DataError(
            f"{file}: expected the columns {' and '.join(COLUMNS)}, parted by a comma, found "
            f"{', '.join(header[:10]) or 'none'}. Rename them."
        )
    if longer := [pair["line"] for pair in pairs if "more" in pair]:
        raise DataError(f"{file}, line {longer[0]}: expected {len(header)} fields, found more.")
    return pd.DataFrame(pairs, columns=[*COLUMNS, "line"])


def _in_normal_form(pairs: pd.DataFrame, how: Literal["exact", "normalise"]) -> pd.DataFrame:
    if pairs.empty:
        return pairs
    rows = ibis.memtable(pairs)
    wrong = [spoiled(normal_form(rows[name])).fill_null(True) for name in COLUMNS]
    ids = {name: normal_form(rows[name], how) for name in COLUMNS}
    made = rows.select("line", **ids, wrong=wrong[0] | wrong[1]).order_by("line")
    return ibis.duckdb.connect().to_pyarrow(made).to_pandas()


def _check_pairs(pairs: pd.DataFrame, file: str) -> None:
    wrong = pairs.line[pairs.get("wrong", pairs.line < 0).astype(bool)]
    if len(wrong):
        raise DataError(
            f"{file}, line {wrong.iloc[0]}: an id is empty, or was spoiled by a spreadsheet "
            "(1.23E+15, 42.0). Write the ids as text."
        )


def _ends(follows: dict[str, str], file: str) -> dict[str, str]:
    """Follow each chain to its end, each id once."""
    ends: dict[str, str] = {}
    for start in follows:
        chain, end = {}, start
        while end in follows and end not in ends:
            if end in chain:
                raise DataError(
                    f"{file}: some ids go in a circle (a is b, b is a), so that none of them "
                    "stands for the customer. Take out the line that leads back."
                )
            chain[end] = None
            end = follows[end]
        ends.update(dict.fromkeys(chain, ends.get(end, end)))
    return ends


def _half_width(text: ir.StringValue) -> ir.StringValue:
    # Where the second text is shorter, translate takes the sign away.
    return nfc_normalize(text.translate(FULL + BLANKS + UNSEEN, HALF + " " * len(BLANKS)))
