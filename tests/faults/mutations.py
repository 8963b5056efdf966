"""Mutations: a small true delivery, spoiled in many ways, and what intake makes of each.

``python tests/faults/mutations.py`` prints the table. Each file is read twice: in the form that was
declared of the true file (or, where the case says so, of the mutated one), and in the form that
`regulars init` finds. What may come of it:

- *right*: every row the file still holds, and no other;
- *counted*: some rows rejected or merged, the ledger adds up, each accepted row is a true one;
- *refused*: an error for users, in a sentence;
- *guessed*: untrue rows came in as init found it, and the file init wrote says "guessed … check" at
  the encoding or the last line, which is the cause;
- *WRONG*: anything else.

What nobody could see is not among them: whole lines that are missing, digits lost inside a number,
two columns swapped of which each could be the other (two amounts, two ids, an id and a text), ids
without their leading zeros, dates declared in an order that is not theirs, and text that was decoded wrongly before it was written.
"""

import gzip
import io
import itertools
import json
import multiprocessing
import os
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import xlsxwriter

from regulars import paths
from regulars.data.intake.take_in import take_in
from regulars.data.ledger import balance
from regulars.data.looking.look import look_at
from regulars.data.store import Store
from regulars.errors import DataError, LedgerError, ParameterError
from regulars.parameters import Source, read_parameters
from regulars.parameters.writing import write_parameters

AS_OF = "2024-12-31"
WAYS = ("right", "counted", "refused", "guessed", "WRONG")
HEADER = ("Customer ID", "Order Date", "Order No", "Category", "Qty", "Unit Price", "Total")
FIELDS = ("customer_id", "ordered_at", "order_id", "category", "quantity", "unit_price", "amount")
NUMBERS = ("quantity", "unit_price", "amount")
COLUMNS = dict(zip(FIELDS, HEADER, strict=True))
CATEGORIES = ("Bücher, neu", "茶叶和杯子", "Küche", 'Spiele "Go"', "Öfen; groß", "文具")
Row = tuple[str, ...]


def _true_rows() -> list[Row]:
    rows = []
    for n in range(60):
        price = Decimal(n * 1739 % 9973 + 1_05) / 100 + (1000 if n % 9 == 4 else 0)
        count = -1 if n % 20 == 7 else n % 3 + 1
        day = f"2024-{n % 12 + 1:02d}-{n * 7 % 28 + 1:02d}"
        whose, category = f"{n * 5 % 23 + 40:05d}", CATEGORIES[n % len(CATEGORIES)]
        rows.append(
            (whose, day, f"A{n:04d}", category, str(count), f"{price:.2f}", f"{price * count:.2f}")
        )
    return rows


TRUE = _true_rows()


@dataclass(frozen=True)
class Mutation:
    """One spoiled file: its bytes, what is declared of it, and the rows it still holds."""

    group: str
    name: str
    data: bytes
    suffix: str = ".csv"
    declared: dict = field(default_factory=dict)
    holds: tuple[Row, ...] = tuple(TRUE)
    looked_at: bool = True  # whether init is asked too


def cell(text: str, delimiter: str = ",") -> str:
    """Write a cell as CSV, with quotes where it needs them."""
    if delimiter in text or '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def line(row: Row, delimiter: str = ",") -> str:
    """Write a row as CSV, without its line end."""
    return delimiter.join(cell(text, delimiter) for text in row)


def text_of(rows: list[Row], *, header: Row = HEADER, delimiter: str = ",", end: str = "\n") -> str:
    """Write a file."""
    return "".join(line(row, delimiter) + end for row in [header, *rows])


def changed(name: str, change: object, rows: list[Row] = TRUE) -> list[Row]:
    """Change one column of some rows."""
    at = FIELDS.index(name)
    return [(*row[:at], change(row[at]), *row[at + 1 :]) for row in rows]


def _lines() -> list[str]:
    return text_of(TRUE).splitlines()


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def bytes_cut() -> Iterator[Mutation]:
    """Files that end too early, at places spread over the file and around line ends."""
    data = text_of(TRUE).encode()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    places = [len(data) * n // 7 for n in range(7)]
    places += [ends[30] + step for step in (-3, -1, 1, 6, 17)]
    places += [data.index("茶".encode()) + step for step in (1, 2)]
    places += [data.index(b'"', ends[40]) + 3, 20]
    for place in sorted(places):
        whole = sum(end <= place for end in ends) - 1
        holds = tuple(TRUE[: max(whole, 0)])
        yield Mutation("bytes cut", f"after {place} bytes", data[:place], holds=holds)
    whole, kept = data[: ends[-1] - 1], {"last_line": "keep"}
    yield Mutation("bytes cut", "last line end", whole, holds=tuple(TRUE[:-1]))
    yield Mutation("bytes cut", "last line end, declared", whole, declared=kept)


def lines_spoiled() -> Iterator[Mutation]:
    """Lines cut, joined, doubled, or standing between others."""
    lines = _lines()
    for n, place in itertools.product((1, 30, 60), (0.3, 0.8)):
        cut = [*lines[:n], lines[n][: int(len(lines[n]) * place)], *lines[n + 1 :]]
        if cut[n].count(",") == lines[n].count(","):
            cut[n] = cut[n].rsplit(",", 1)[0]  # a number cut in its digits nobody can see
        rest = tuple(TRUE[: n - 1] + TRUE[n:])
        yield Mutation("lines", f"line {n} cut at {place}", _joined(cut), holds=rest)
    for n in (1, 59):
        joined = [*lines[:n], lines[n] + lines[n + 1], *lines[n + 2 :]]
        rest = tuple(TRUE[: n - 1] + TRUE[n + 1 :])
        yield Mutation("lines", f"lines {n} and {n + 1} joined", _joined(joined), holds=rest)
    for n in (1, 60):
        doubled = [*lines[:n], lines[n], *lines[n:]]
        yield Mutation("lines", f"line {n} twice", _joined(doubled))
    yield Mutation("lines", "all lines twice", _joined([*lines, *lines[1:]]))
    yield Mutation(
        "lines", "header again in the middle", _joined([*lines[:30], lines[0], *lines[30:]])
    )
    yield Mutation(
        "lines", "two files put together", _joined([*lines[:31], *lines[:1], *lines[31:]])
    )
    for name, extra in {
        "a blank line": "",
        "a line of blanks": "   ",
        "a line of delimiters": ",,,,,,",
        "a total below": ",,,,,Sum,99999.99",
        "a sentence": "Exported by the till",
    }.items():
        yield Mutation("lines", f"{name} in the middle", _joined([*lines[:30], extra, *lines[30:]]))
        yield Mutation("lines", f"{name} at the top", _joined([extra, *lines]))
    yield Mutation(
        "lines", "a title, declared", _joined(["Till 7", *lines]), declared={"skip_lines": 1}
    )
    yield Mutation("lines", "no line but the header", _joined(lines[:1]), holds=())
    yield Mutation("lines", "nothing at all", b"", holds=())


def columns_spoiled() -> Iterator[Mutation]:
    """Columns moved, renamed, added, dropped, swapped under their names."""
    for turn in (1, 5):
        moved = [(*row[turn:], *row[:turn]) for row in [HEADER, *TRUE]]
        yield Mutation("columns", f"moved by {turn}", text_of(moved[1:], header=moved[0]).encode())
    for at, name in enumerate(HEADER):
        for new in (name.upper(), "x") if at % 3 == 0 else ("x",):
            header = (*HEADER[:at], new, *HEADER[at + 1 :])
            yield Mutation("columns", f"{name} → {new}", text_of(TRUE, header=header).encode())
        without = [(*row[:at], *row[at + 1 :]) for row in [HEADER, *TRUE]]
        if at % 2 == 0:
            dropped = text_of(without[1:], header=without[0]).encode()
            yield Mutation("columns", f"{name} dropped", dropped)
    for at in (0, 7):
        more = [
            (*row[:at], new, *row[at:])
            for row, new in zip([HEADER, *TRUE], _remarks(), strict=True)
        ]
        yield Mutation("columns", f"one added at {at}", text_of(more[1:], header=more[0]).encode())
    for one, two in ((0, 1), (1, 2), (1, 3), (1, 4), (1, 6), (3, 6), (3, 4)):
        header = list(HEADER)
        header[one], header[two] = header[two], header[one]
        name = f"names of {HEADER[one]} and {HEADER[two]} swapped"
        data = text_of(TRUE, header=tuple(header)).encode()
        # Whoever declares nothing is told no lie: a category may well be called 1.05.
        yield Mutation("columns", name, data, looked_at=3 not in (one, two))
    for one, two in ((0, 1), (1, 6), (3, 6)):
        name = f"cells of {HEADER[one]} and {HEADER[two]} swapped in 9 lines"
        rows = [_swapped(row, one, two) if n < 9 else row for n, row in enumerate(TRUE)]
        yield Mutation("columns", name, text_of(rows).encode(), holds=tuple(TRUE[9:]))
    yield Mutation("columns", "header missing", _joined(_lines()[1:]))
    lines = _lines()
    yield Mutation("columns", "a delimiter behind each line", _joined([f"{one}," for one in lines]))
    yield Mutation(
        "columns", "one behind each row", _joined([lines[0], *(f"{one}," for one in lines[1:])])
    )
    yield Mutation("columns", "one behind the header", _joined([f"{lines[0]},", *lines[1:]]))
    for n, what in itertools.product((1, 30), ("x", ",x", "0")):
        more = [*lines[:n], f"{lines[n]},{what}", *lines[n + 1 :]]
        name = f"line {n} has {what!r} too much"
        yield Mutation("columns", name, _joined(more), holds=tuple(TRUE[: n - 1] + TRUE[n:]))
    front = [lines[0], *(f"{n},{one}" for n, one in enumerate(lines[1:]))]
    yield Mutation("columns", "a nameless index in front", _joined(front), holds=())
    twice = (*HEADER[:5], "Total", "Total")
    yield Mutation("columns", "a name twice", text_of(TRUE, header=twice).encode(), holds=())


def _remarks() -> Iterator[str]:
    return iter(["Remark", *(f"r{n}, ok" for n in range(len(TRUE)))])


def _swapped(row: Row, one: int, two: int) -> Row:
    cells = list(row)
    cells[one], cells[two] = cells[two], cells[one]
    return tuple(cells)


def encodings() -> Iterator[Mutation]:
    """Other encodings, declared or not."""
    latin = changed(
        "category", lambda text: text if text.isascii() or "ü" in text or "Ö" in text else "Möbel"
    )
    chinese = changed("category", lambda text: text if "茶" in text or "文" in text else "書")
    chinese = changed(
        "category", lambda text: {"茶叶和杯子": "茶葉和杯子"}.get(text, text), chinese
    )
    cases = [
        ("utf-8-sig", "utf-8", TRUE),
        ("utf-16", "utf-16", TRUE),
        ("utf-16-le", "utf-16", TRUE),
        ("utf-16-be", "utf-16", TRUE),
        ("gb18030", "gb18030", TRUE),
        ("big5", "big5", chinese),
        ("cp1252", "cp1252", latin),
    ]
    for codec, name, rows in cases:
        data, holds = text_of(rows).encode(codec), tuple(rows)
        yield Mutation("encodings", f"{codec}, not declared", data, holds=holds)
        declared = {"encoding": name}
        yield Mutation("encodings", f"{codec}, declared", data, declared=declared, holds=holds)
    for name in ("utf-16", "gb18030"):
        data = text_of(TRUE).encode()
        yield Mutation("encodings", f"utf-8, declared {name}", data, declared={"encoding": name})
    stray = text_of(TRUE).encode().replace("ü".encode(), b"\xfc", 1)
    yield Mutation("encodings", "one byte of cp1252", stray)
    yield Mutation("encodings", "bytes of an image", bytes(range(256)) * 8, holds=())


def delimiters() -> Iterator[Mutation]:
    """Other delimiters, declared or not."""
    for mark, name in ((";", "semicolon"), ("\t", "tab"), ("|", "bar")):
        data = text_of(TRUE, delimiter=mark).encode()
        yield Mutation("delimiters", f"{name}, not declared", data)
        yield Mutation("delimiters", f"{name}, declared", data, declared={"delimiter": mark})
        lines = _lines()
        mixed = [*lines[:40], *(line(row, mark) for row in TRUE[39:])]
        name = f"{name} from line 40 on"
        yield Mutation("delimiters", name, _joined(mixed), holds=tuple(TRUE[:39]))


def _money(text: str, marks: str) -> str:
    return f"{Decimal(text):,.2f}".replace(",", "t").replace(".", marks[0]).replace("t", marks[1:])


def numbers() -> Iterator[Mutation]:
    """Amounts in other marks, with signs, or that are none."""
    for marks in (",", ",.", ", ", ".,", ".'"):
        rows = changed("amount", lambda text, marks=marks: _money(text, marks))
        rows = changed("unit_price", lambda text, marks=marks: _money(text, marks), rows)
        form = {"decimal": marks[0], "thousands": marks[1:]}
        for mark in ";" if marks[0] == "," else ",":
            data = text_of(rows, delimiter=mark).encode()
            name = f"marks {marks!r} between {mark!r}"
            yield Mutation("numbers", f"{name}, not declared", data, declared={"delimiter": mark})
            declared = {"delimiter": mark, **form}
            yield Mutation("numbers", f"{name}, declared", data, declared=declared)
    for name, change in {
        "a currency sign": lambda text: f"€ {text}",
        "a currency's letters": lambda text: f"{text} EUR",
        "exponents": lambda text: f"{Decimal(text):.6E}",
        "full-width digits": lambda text: text.translate(
            str.maketrans("0123456789.", "０１２３４５６７８９．")
        ),
        "a minus behind": lambda text: f"{text[1:]}-" if text[0] == "-" else text,
        "brackets": lambda text: f"({text[1:]})" if text[0] == "-" else text,
    }.items():
        yield Mutation("numbers", name, text_of(changed("amount", change)).encode())
    for what in ("", "1,2,3", "1.2.3", "99999999999999999999", "=1+1"):
        rows = changed("amount", lambda _, what=what: what, TRUE[:9]) + TRUE[9:]
        name = f"{what!r} in 9 lines"
        yield Mutation("numbers", name, text_of(rows).encode(), holds=tuple(TRUE[9:]))


def dates() -> Iterator[Mutation]:
    """Dates in other orders, declared, not declared, and declared wrongly."""
    forms = ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d.%m.%y", "%Y%m%d", "%d-%b-%Y"]
    for form in forms:
        data = text_of(changed("ordered_at", lambda text, form=form: _day(text, form))).encode()
        yield Mutation("dates", f"{form}, not declared", data)
        yield Mutation("dates", f"{form}, declared", data, declared={"date_format": form})
    serial = changed(
        "ordered_at", lambda text: str((pd.Timestamp(text) - pd.Timestamp("1899-12-30")).days)
    )
    yield Mutation("dates", "day numbers, not declared", text_of(serial).encode())
    declared = {"date_format": "excel"}
    yield Mutation("dates", "day numbers, declared", text_of(serial).encode(), declared=declared)
    half = TRUE[:30] + changed("ordered_at", lambda text: _day(text, "%d/%m/%Y"), TRUE[30:])
    yield Mutation("dates", "half of them dd/mm", text_of(half).encode())
    yield _zoned()
    for what in ("", "2024-02-30", "2025-01-01", "1024-01-05"):
        rows = changed("ordered_at", lambda _, what=what: what, TRUE[:9]) + TRUE[9:]
        name = f"{what!r} in 9 lines"
        yield Mutation("dates", name, text_of(rows).encode(), holds=tuple(TRUE[9:]))


def _zoned() -> Mutation:
    moment = "2024-01-05T10:00:00Z"
    rows = changed("ordered_at", lambda _: moment, TRUE[:9])
    local = changed("ordered_at", lambda _: "2024-01-05 10:00:00", TRUE[:9])
    data = text_of(rows + TRUE[9:]).encode()
    return Mutation("dates", "a zone in 9 lines", data, holds=tuple(local + TRUE[9:]))


def _day(text: str, form: str) -> str:
    return pd.Timestamp(text).strftime(form)


def ids() -> Iterator[Mutation]:
    """Ids that a spreadsheet or a float spoiled, in all lines or in some."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for name, change in {
        "floats": lambda text: f"{float(text)}",
        "exponents": lambda text: f"{float(text):.2E}",
        "decimal commas": lambda text: f"{int(text)},0",
        "errors of a spreadsheet": lambda _: "#N/A",
        "nan": lambda _: "nan",
        "tests": lambda _: "TEST",
    }.items():
        yield Mutation(
            "ids", f"{name} in all", text_of(changed("customer_id", change)).encode(), holds=()
        )
        rows = changed("customer_id", change, TRUE[:9]) + TRUE[9:]
        yield Mutation("ids", f"{name} in 9", text_of(rows).encode(), holds=tuple(TRUE[9:]))
    for name, change in {
        "full width": lambda text: text.translate(wide),
        "blanks around": lambda text: f" {text} ",
        "a sign of no width": lambda text: f"{text}\u200b",
    }.items():
        yield Mutation("ids", f"{name} in all", text_of(changed("customer_id", change)).encode())
        rows = changed("customer_id", change, TRUE[:9]) + TRUE[9:]
        yield Mutation("ids", f"{name} in 9", text_of(rows).encode())


def quotes() -> Iterator[Mutation]:
    """Quotes opened, not closed, not doubled."""
    lines = _lines()
    plain = [n for n in range(1, 60) if '"' not in lines[n]]
    for n, (name, change) in itertools.product(
        (plain[0], plain[len(plain) // 2]),
        {
            "opened in front": lambda text: f'"{text}',
            "opened before the category": lambda text: _before_category(text),
            "standing alone in a cell": lambda text: text.replace(",A", ',"A', 1),
            "at the end": lambda text: f'{text}"',
        }.items(),
    ):
        spoiled = [*lines[:n], change(lines[n]), *lines[n + 1 :]]
        rest = tuple(TRUE[: n - 1] + TRUE[n:])
        yield Mutation("quotes", f"{name}, line {n}", _joined(spoiled), holds=rest)
    bare = [lines[0], lines[1].replace('"', ""), *lines[2:]]
    yield Mutation("quotes", "taken from a text with a comma", _joined(bare), holds=tuple(TRUE[1:]))
    every = [
        ",".join('"' + text.replace('"', '""') + '"' for text in row) for row in [HEADER, *TRUE]
    ]
    yield Mutation("quotes", "around every cell", _joined(every))
    single = [one.replace('"', "'") if "Bücher" in one else one for one in lines]
    holds = tuple(row for row in TRUE if "Bücher" not in row[3])
    yield Mutation("quotes", "single ones", _joined(single), holds=holds)
    broken = changed("category", lambda text: f"{text}\nsecond line", TRUE[:5]) + TRUE[5:]
    yield Mutation("quotes", "texts over two lines", text_of(broken).encode(), holds=tuple(broken))


def _before_category(text: str) -> str:
    cells = text.split(",")
    return ",".join([*cells[:3], f'"{cells[3]}', *cells[4:]])


def control_characters() -> Iterator[Mutation]:
    """NUL bytes, escapes, and cells of 64 KB and more."""
    lines = _lines()
    for name, sign in {
        "NUL": "\0",
        "ANSI": "\x1b[31m",
        "backspace": "\b",
        "delete": "\x7f",
        "C1": "\x85",
    }.items():
        spoiled = [*lines[:5], sign + lines[5], *lines[6:]]
        yield Mutation(
            "control characters",
            f"{name} in a line",
            _joined(spoiled),
            holds=tuple(TRUE[:4] + TRUE[5:]),
        )
    yield Mutation(
        "control characters", "NUL in the header", _joined(["\0" + lines[0], *lines[1:]]), holds=()
    )
    yield Mutation("control characters", "Ctrl-Z at the end", text_of(TRUE).encode() + b"\x1a")
    yield Mutation("control characters", "NULs at the end", text_of(TRUE).encode() + b"\0" * 512)
    long = changed("category", lambda _: "é" * 70_000, TRUE[:1]) + TRUE[1:]
    yield Mutation(
        "control characters",
        "a cell of 70,000 letters",
        text_of(long).encode(),
        holds=tuple(TRUE[1:]),
    )
    limit = changed("category", lambda _: "e" * 60_000, TRUE[:1]) + TRUE[1:]
    yield Mutation(
        "control characters",
        "a cell of 60,000 letters",
        text_of(limit).encode(),
        holds=tuple(limit),
    )


def line_ends() -> Iterator[Mutation]:
    """CRLF, CR, and files that mix them."""
    for name, end in {"CRLF": "\r\n", "CR": "\r", "LFCR": "\n\r", "two": "\n\n"}.items():
        yield Mutation("line ends", name, text_of(TRUE, end=end).encode())
    lines = _lines()
    mixed = "".join(one + ("\r\n" if n % 3 else "\n") for n, one in enumerate(lines))
    yield Mutation("line ends", "mixed", mixed.encode())
    yield Mutation(
        "line ends",
        "CR in some",
        "".join(one + "\n\r"[n % 2] for n, one in enumerate(lines)).encode(),
    )
    yield Mutation("line ends", "CRLF, last cut", text_of(TRUE, end="\r\n").encode()[:-1])


def packed() -> Iterator[Mutation]:
    """Packed files, whole and damaged, and other formats with the same rows."""
    data = text_of(TRUE).encode()
    whole, holds = gzip.compress(data, mtime=0), ()
    yield Mutation("packed and others", "gz", whole, suffix=".csv.gz")
    yield Mutation("packed and others", "gz, cut", whole[:-20], suffix=".csv.gz", holds=holds)
    yield Mutation("packed and others", "gz that is none", data, suffix=".csv.gz", holds=holds)
    yield Mutation("packed and others", "csv that is a gz", whole, holds=holds)
    yield Mutation("packed and others", "zip", _zip({"a.csv": data}), suffix=".zip")
    two = _zip({"a.csv": data, "b.csv": data})
    yield Mutation("packed and others", "zip with two", two, suffix=".zip", holds=holds)
    yield Mutation(
        "packed and others", "zip, cut", _zip({"a.csv": data})[:-30], suffix=".zip", holds=holds
    )
    yield Mutation("packed and others", "xlsx", _sheet(text=False), suffix=".xlsx")
    yield Mutation("packed and others", "xlsx of texts", _sheet(text=True), suffix=".xlsx")
    yield Mutation("packed and others", "xlsx that is a csv", data, suffix=".xlsx", holds=holds)
    yield Mutation(
        "packed and others", "xlsx, cut", _sheet(text=True)[:-99], suffix=".xlsx", holds=holds
    )
    objects = [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in TRUE]
    yield Mutation("packed and others", "JSON lines", _joined(objects), suffix=".jsonl")
    cut = [*objects[:9], objects[9][:40], *objects[10:]]
    yield Mutation(
        "packed and others",
        "JSON lines, one cut",
        _joined(cut),
        suffix=".jsonl",
        holds=tuple(TRUE[:9] + TRUE[10:]),
    )
    table = pd.DataFrame(TRUE, columns=list(HEADER)).astype({"Qty": int})
    parquet = io.BytesIO()
    table.to_parquet(parquet)
    yield Mutation("packed and others", "Parquet", parquet.getvalue(), suffix=".parquet")
    yield Mutation(
        "packed and others", "Parquet, cut", parquet.getvalue()[:-9], suffix=".parquet", holds=holds
    )


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def _sheet(*, text: bool) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADER)
        for n, row in enumerate(TRUE, 1):
            for at, value in enumerate(row):
                if text or at in (0, 2, 3):
                    sheet.write_string(n, at, value)
                elif at == 1:
                    sheet.write_datetime(n, at, pd.Timestamp(value).to_pydatetime(), day)
                else:
                    sheet.write_number(n, at, float(value))
    return made.getvalue()


GROUPS = (
    bytes_cut, lines_spoiled, columns_spoiled, encodings, delimiters, numbers, dates, ids, quotes,
    control_characters, line_ends, packed,
)  # fmt: skip


@cache
def mutations() -> tuple[Mutation, ...]:
    """Return all mutations; no name of a group comes twice."""
    return tuple(mutation for group in GROUPS for mutation in group())


@dataclass(frozen=True)
class Outcome:
    """What came of a mutation, read as declared and as init found it."""

    group: str
    name: str
    declared: str
    found: str
    said: tuple[str, str]


def outcomes(places: list[int]) -> list[Outcome]:
    """Take some mutations in, by their places, with one engine, in a project of their own."""
    with tempfile.TemporaryDirectory() as root:
        os.environ[paths.ROOT_VARIABLE] = root
        store = Store("shop")
        return [_outcome(store, Path(root), n, mutations()[n]) for n in places]


def all_outcomes(groups: Collection[str] = ()) -> list[Outcome]:
    """Take all mutations in, or those of some groups, in two processes."""
    places = [n for n, one in enumerate(mutations()) if not groups or one.group in groups]
    # The project's root is of a whole process; a child made anew has its own engine too.
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        halves = list(pool.map(outcomes, [places[::2], places[1::2]]))
    return [halves[n % 2][n // 2] for n in range(len(places))]


def _outcome(store: Store, root: Path, number: int, mutation: Mutation) -> Outcome:
    path = root / "data" / "raw" / f"m{number}" / f"orders{mutation.suffix}"
    path.parent.mkdir(parents=True)
    path.write_bytes(mutation.data)
    name = path.relative_to(root).as_posix()
    source = Source(**{"files": name, "columns": COLUMNS, **mutation.declared})
    declared = _verdict(store, source, mutation, {})
    found = _found(store, path, source, mutation, declared) if mutation.looked_at else ("", "")
    return Outcome(mutation.group, mutation.name, declared[0], found[0], (declared[1], found[1]))


def _found(
    store: Store, path: Path, source: Source, mutation: Mutation, declared: tuple[str, str]
) -> tuple[str, str]:
    """Read the file as init says; where that is as declared, the outcome is the same."""
    try:
        looked = look_at("shop", [path], as_of=pd.Timestamp(AS_OF).date())
        written = path.with_suffix(".yaml")
        written.write_text(write_parameters(looked), encoding="utf-8")
        guess = read_parameters(written)
    except (DataError, ParameterError) as error:
        return "refused", str(error)
    (found,) = guess.sources["purchases"]
    rules = guess.intake.model_dump(exclude_defaults=True)
    if found == source and not rules:
        return declared
    verdict, said = _verdict(store, found, mutation, rules)
    doubts = {one.what for one in looked.findings if not one.sure}
    is_told = verdict == "WRONG" and doubts & {"encoding", "last_line"}
    return ("guessed" if is_told else verdict), said


def _verdict(store: Store, source: Source, mutation: Mutation, rules: dict) -> tuple[str, str]:
    rules = {**rules, "pseudonymise": False}
    try:
        ledger = take_in(store, {"purchases": source}, as_of=AS_OF, currency="EUR", rules=rules)
        account = balance(ledger)["tables"]["purchases"]
    except (DataError, ParameterError) as error:
        return ("refused", str(error)) if len(str(error)) > 20 else ("WRONG", "no sentence")
    except LedgerError as error:
        return "WRONG", str(error)
    return _compared(store.read("accepted/purchases").execute(), source, account, mutation)


def _compared(
    accepted: pd.DataFrame, source: Source, account: dict, mutation: Mutation
) -> tuple[str, str]:
    """Hold the accepted rows against the true ones, in the columns the source maps."""
    names = [name for name in FIELDS if name in {*source.columns, "amount"}]
    holds = Counter(
        tuple(_plain(name, row[FIELDS.index(name)]) for name in names) for row in mutation.holds
    )
    rows = Counter(
        tuple(_plain(name, row[name]) for name in names) for row in accepted.to_dict("records")
    )
    said = f"{account['rows_accepted']} of {len(mutation.holds)} rows, " + ", ".join(
        f"{one['reason']} {one['rows']}" for one in account["reasons"]
    )
    if wrong := rows - holds:
        return (
            "WRONG",
            f"{sum(wrong.values())} rows are not true, such as {next(iter(wrong))}; {said}",
        )
    gone = account["rows_rejected"] + account["rows_merged"]
    if rows == holds:
        return ("counted" if gone else "right"), said
    missing = sum((holds - rows).values())
    return ("counted" if gone >= missing else "WRONG"), said


def _plain(name: str, value: object) -> object:
    """Return a value of a field so that it equals the text of the true row."""
    if value is None or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return str(value).removesuffix(" 00:00:00")
    return Decimal(value).normalize() if name in NUMBERS else value


def table(found: list[Outcome]) -> str:
    """Write what came of the mutations as a table of text."""
    head = f"{'':22}{'':>6}  {'read as declared':^45}  {'read as init found':^45}"
    names = f"{'what was spoiled':22}{'files':>6}  " + "  ".join(
        ["".join(f"{w:>9}" for w in WAYS)] * 2
    )
    groups = dict.fromkeys(one.group for one in found)
    lines = [_table_line(group, [one for one in found if one.group == group]) for group in groups]
    wrong = [
        f"WRONG  {one.group}: {one.name}: {' | '.join(one.said)}"
        for one in found
        if "WRONG" in (one.declared, one.found)
    ]
    return "\n".join([head, names, *lines, _table_line("all", found), *wrong])


def _table_line(name: str, found: list[Outcome]) -> str:
    declared, looked = Counter(o.declared for o in found), Counter(o.found for o in found)
    parts = ["".join(f"{counts[way]:>9}" for way in WAYS) for counts in (declared, looked)]
    return f"{name:22}{len(found):>6}  " + "  ".join(parts)


if __name__ == "__main__":
    print(table(all_outcomes(sys.argv[1:])))
