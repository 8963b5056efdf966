"""Sources: what stands in a file arrives as text, with its line; what cannot be read says so."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest

from regulars.data.files import check_source, fingerprint, header_of, origins_of
from regulars.data.readers import delimited
from regulars.data.sources import LINE, Read, read
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
HEAD = "who,when,paid\n"
# A whole small file in every encoding: 顧客 and 客戶 are in all three Chinese and Japanese sets.
LINES = ["who,when,paid", "顧客,2024-01-05,1", "客戶,2024-01-06,2"]


@dataclass
class Reading:
    """What a tiny writer was given, and what the reader said of it."""

    read: Read
    rows: list[tuple]
    lines: list[int]
    malformed: dict[int, str] = field(default_factory=dict)
    raw: dict[int, str] = field(default_factory=dict)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("folder")


def source(**options: object) -> Source:
    return Source(**{"files": "shop.csv", "columns": COLUMNS, **options})


def reading(folder: Path, asked: Source) -> Reading:
    engine = ibis.duckdb.connect()
    (origin,) = origins_of(asked, table="purchases")
    out = folder / "written.parquet"

    def write(rows: ir.Table) -> int:
        engine.to_parquet(rows, str(out))
        return int(engine.read_parquet(str(out)).count().execute())

    told = read(engine, origin, asked, folder=folder, write=write)
    frame = pd.read_parquet(out)
    lines = (frame.pop(LINE) if LINE in frame else frame.index + told.first_line).tolist()
    rows = [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]
    bad = pd.read_parquet(told.malformed) if told.malformed else pd.DataFrame({"source_line": []})
    bad = bad.set_index("source_line")
    named = (bad.reason.to_dict(), bad.raw.to_dict()) if told.malformed else ({}, {})
    assert told.rows == len(rows)
    return Reading(told, rows, lines, *named)


def text_of(root: Path, folder: Path, text: str | bytes, **options: object) -> Reading:
    content = text.encode() if isinstance(text, str) else text
    (root / "shop.csv").write_bytes(content)
    return reading(folder, source(**options))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("shop.csv", b"", "shop.csv: the file is empty; expected a line with the column names"),
        (
            "shop.csv",
            b"who,when,payed\n1,2,3\n",
            "column 'paid', which shop.csv does not have. Did you mean payed",
        ),
        ("shop.csv", b"who,who,when,paid\n", "the column 'who' stands there twice"),
        ("shop.csv", "who,when,paid,straße\n".encode("cp1252"), "another encoding in line 1"),
        (
            "shop.csv",
            b"who;when;paid\n1;2;3\n",
            "They look parted by ';': say so with sources.purchases.delimiter",
        ),
        ("shop.csv", b'"who,when,paid\n1,2,3\n', "line with the column names is not closed"),
        ("shop.csv", "who,when,paid\n".encode("utf-16-le"), "UTF-16 without its mark"),
        ("shop.doc", b"who,when,paid\n", "files ending in .doc cannot be read"),
        ("shop.parquet", b"who,when,paid\n", "expected a Parquet file, found something else"),
        ("shop.xlsx", b"who,when,paid\n", "expected an Excel file"),
        ("shop.jsonl", b"who,when,paid\n", "expected one JSON object a line, found none"),
        ("shop.parquet.gz", gzip.compress(b"x"), "parquet files cannot be read packed"),
    ],
)
def test_refused_before_anything_runs(root: Path, name: str, content: bytes, message: str) -> None:
    (root / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        check_source(source(files=name), table="purchases")


def test_a_missing_file_names_the_nearest(root: Path) -> None:
    (root / "shops.csv").touch()
    with pytest.raises(
        DataError, match=r"expected a file at shop.csv, found none\. Did you mean shops.csv"
    ):
        origins_of(source(), table="purchases")


def test_attributes_must_be_there_too(root: Path) -> None:
    (root / "shop.csv").write_text(HEAD)
    with pytest.raises(DataError, match=r"sources.purchases.attributes: shirt .* 'size'"):
        check_source(source(attributes={"shirt": "size"}), table="purchases")


def test_files_come_in_the_order_of_their_names(root: Path) -> None:
    for month in ("03", "01", "02"):
        (root / f"2024-{month}.csv").write_text(HEAD)
    found = origins_of(source(files="2024-*.csv"), table="purchases")
    assert [origin.label for origin in found] == ["2024-01.csv", "2024-02.csv", "2024-03.csv"]


@pytest.mark.parametrize(
    ("text", "rows", "malformed"),
    [
        ("who,when,paid\n1,2,3\n4,5,6\n", [2, 3], {}),
        ("who,when,paid\r\n1,2,3\r\n4,5,6\r\n", [2, 3], {}),
        ("who,when,paid\r1,2,3\r4,5,6\r", [2, 3], {}),
        ("who,when,paid\r\n1,2,3\n4,5,6\r7,8,9\n", [2, 3, 4], {}),  # mixed
        ("\ufeffwho,when,paid\n1,2,3\n", [2], {}),  # byte order mark
        ("\ufeffwho,when,paid\n\n1,2,3\n", [3], {}),
        ("\nwho,when,paid\n1,2,3\n", [3], {}),
        ("who,when,paid\n\n1,2,3\n\n\n4,5,6\n", [3, 6], {}),
        ('who,when,paid\n1,"a\nb\nc",3\n4,5,6\n', [2, 5], {}),
        ('who,when,paid\n1,"a\n\nc",3\n4,5,6\n', [2, 5], {}),
        (
            "who,when,paid\n1,2\n4,5,6\n7,8,9,10\n1,2,3\n",
            [3, 5],
            {2: "line_malformed", 4: "line_malformed"},
        ),
        ('who,when,paid\n1,"a\nb",3\n\n4,5\n7,8,9\n', [2, 6], {5: "line_malformed"}),
        ("who,when,paid\n1,2,3,\n4,5,6,,\n", [2, 3], {}),  # empty fields behind are let be
        ('who,when,paid\n1,"2,3\n4,5,6\n7,8,9\n', [3, 4], {2: "quote_not_closed"}),
        ('who,when,paid\n1,2,3\n4,5,6\n7,"8,9\n', [2, 3], {4: "quote_not_closed"}),
        ('who,when,paid\n1,2,3\n4,"5" ,6\n', [2], {3: "quote_not_closed"}),
        ('who,when,paid\n1, "2,2",3\n4,5,6\n', [3], {2: "line_malformed"}),
        ('who,when,paid\n1,"2"x,3\n4,"5",6\n', [3], {2: "quote_not_closed"}),
        ('who,when,paid\n1,"2,3\n4,"5",6\n', [3], {2: "quote_not_closed"}),
    ],
)
def test_each_row_knows_its_line(
    root: Path, folder: Path, text: str, rows: list[int], malformed: dict[int, str]
) -> None:
    found = text_of(root, folder, text)
    assert (found.lines, found.malformed) == (rows, malformed)
    assert found.read.lines == len(text.replace("\r\n", "\n").replace("\r", "\n").splitlines())


def test_a_text_over_two_lines_is_one_row(root: Path, folder: Path) -> None:
    found = text_of(root, folder, HEAD + '11,"2024-01-03",7\n12,"two\nlines",8\n13,x,9\n')
    assert found.rows == [("11", "2024-01-03", "7"), ("12", "two\nlines", "8"), ("13", "x", "9")]


@pytest.mark.parametrize("at", [1, 30, 48, 49])
def test_an_unclosed_quote_costs_its_line_alone(root: Path, folder: Path, at: int) -> None:
    lines = [f"{n},2024-01-05,1" for n in range(50)]
    lines[at] = f'{at},"2024-01-05,1'
    found = text_of(root, folder, "\n".join([HEAD.strip(), *lines, ""]))
    assert found.malformed == {at + 2: "quote_not_closed"}
    assert found.raw == {at + 2: lines[at]}
    assert [row[0] for row in found.rows] == [str(n) for n in range(50) if n != at]


def test_a_regular_file_is_read_by_the_engine_and_an_odd_one_twice(
    root: Path, folder: Path
) -> None:
    regular = text_of(root, folder, HEAD + "1,2,3\n")
    careful = text_of(root, folder, HEAD + '1,"2\n2",3\n')
    assert (regular.read.first_line, careful.read.first_line) == (2, 0)


def test_lines_that_do_not_add_up_are_refused(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan is made to see a line more than there is, as if the file had been cut meanwhile."""
    whole = delimited.scan

    def one_more(path: Path) -> delimited.Scan:
        found = whole(path)
        found.lines += 1
        return found

    monkeypatch.setattr(delimited, "scan", one_more)
    with pytest.raises(DataError, match="2 lines were read, but it has 3"):
        text_of(root, folder, HEAD + "1,2,3\n")


def test_rows_that_were_not_written_are_noticed(root: Path, folder: Path) -> None:
    (root / "shop.csv").write_text(HEAD + "1,2,3\n\n4,5,6\n")
    (origin,) = origins_of(source(), table="purchases")
    with pytest.raises(DataError, match="2 rows were read, but 1 written"):
        read(ibis.duckdb.connect(), origin, source(), folder=folder, write=lambda rows: 1)


def test_mapped_columns_that_differ_only_in_capitals_are_refused(root: Path) -> None:
    (root / "shop.csv").write_text("who,when,When\n1,2,3\n")
    asked = source(columns={"customer_id": "who", "ordered_at": "when", "amount": "When"})
    with pytest.raises(DataError, match="two of them differ only in capitals"):
        check_source(asked, table="purchases")


# D1 to D11: one test each, of what a reader can decide.


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
        ("big5", "big5"),
        ("shift_jis", "shift_jis"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_d1_a_declared_encoding_gives_the_same_rows(
    root: Path, folder: Path, encoding: str, codec: str, end: str
) -> None:
    lines = [line.replace("戶", "") for line in LINES] if codec == "shift_jis" else LINES
    text = "".join(line + end for line in lines).encode(codec)
    found = text_of(root, folder, text, encoding=encoding)
    assert found.rows == [tuple(line.split(",")) for line in lines[1:]]


def test_d1_undeclared_names_what_reads_it(root: Path, folder: Path) -> None:
    text = "who,when,paid\n1,2,3\n北京朝阳区,2,3\n".encode("gb18030")
    with pytest.raises(DataError, match=r"found another encoding in line 3\. It reads as gb18030"):
        text_of(root, folder, text)


def test_d1_utf8_declared_as_gb18030_is_not_read_as_nonsense(root: Path, folder: Path) -> None:
    text = HEAD + "".join(f"{n},顧客,1\n" for n in range(20))
    with pytest.raises(DataError, match="all of it reads as utf-8"):
        text_of(root, folder, text, encoding="gb18030")


def test_d1_a_mark_of_utf16_is_named(root: Path, folder: Path) -> None:
    with pytest.raises(DataError, match="begins with the mark of utf-16"):
        text_of(root, folder, HEAD.encode("utf-16"))
    with pytest.raises(DataError, match="does not begin with a byte order mark"):
        text_of(root, folder, HEAD.encode("utf-16-le"), encoding="utf-16")


def test_d2_marks_are_taken_as_declared(root: Path, folder: Path) -> None:
    text = "who;when;paid\n1;2024-01-05;1.012,50\n"
    found = text_of(root, folder, text, delimiter=";", decimal=",", thousands=".")
    assert found.rows == [("1", "2024-01-05", "1.012,50")]
    tabs = text_of(root, folder, text.replace(";", "\t"), delimiter="\t")
    assert tabs.rows == found.rows
    shifted = text_of(root, folder, "who,when,paid\n1,2,12,50\n")
    assert (shifted.rows, shifted.malformed) == ([], {2: "line_malformed"})


def test_d4_an_id_stays_as_it_stands(root: Path, folder: Path) -> None:
    ids = ["00042", "6217000010001234567", "1.23E+15", "42.0", "４２"]
    found = text_of(root, folder, HEAD + "".join(f"{one},2,3\n" for one in ids))
    assert [row[0] for row in found.rows] == ids


def test_d5_only_an_empty_cell_is_missing(root: Path, folder: Path) -> None:
    found = text_of(root, folder, HEAD + 'NA,NULL,\n"",nan,0\n')
    assert found.rows == [("NA", "NULL", None), (None, "nan", "0")]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_d6_a_cut_last_line_is_no_row(
    root: Path, folder: Path, packed: bool, quote: str, end: str
) -> None:
    whole = end.join(["who,when,paid", "1,2,2.250", f"{quote}2{quote},2,2.25"]).encode()
    name = "shop.csv.gz" if packed else "shop.csv"
    (root / name).write_bytes(gzip.compress(whole) if packed else whole)
    found = reading(folder, source(files=name))
    assert (found.rows, found.malformed) == ([("1", "2", "2.250")], {3: "last_line_cut"})
    assert found.raw == {3: f"{quote}2{quote},2,2.25"}
    assert found.lines == [2]
    kept = reading(folder, source(files=name, last_line="keep"))
    assert (kept.rows[1], kept.malformed) == (("2", "2", "2.25"), {})


@pytest.mark.parametrize(
    ("text", "rows", "malformed"),
    [
        ('1,"a\nb",3\n4,5,6', [2], {4: "last_line_cut"}),
        ("1,2\n4,5,6\n7,8,9", [3], {2: "line_malformed", 4: "last_line_cut"}),
        ('1,2,3\n4,"a\nb",6', [2], {3: "last_line_cut"}),
        ("1,2,3\n" + "x" * 5_000_000, [2], {3: "last_line_cut"}),
    ],
)
def test_d6_a_cut_last_line_beside_other_faults(
    root: Path, folder: Path, text: str, rows: list[int], malformed: dict[int, str]
) -> None:
    found = text_of(root, folder, HEAD + text)
    assert (found.lines, found.malformed) == (rows, malformed)


def test_d6_a_last_line_cut_inside_a_quote(root: Path, folder: Path) -> None:
    found = text_of(root, folder, HEAD + '1,2,3\n4,"5')
    assert (found.rows, found.malformed) == ([("1", "2", "3")], {3: "last_line_cut"})


def test_d7_columns_in_another_order_and_more_of_them(root: Path, folder: Path) -> None:
    text = "note,paid,,Who,when,who,note\na,1,b,c,2,00042,d\n1,2,3,4,5,6,7,8\n"
    found = text_of(root, folder, text)
    (origin,) = origins_of(source(), table="purchases")
    names = ["note", "paid", "column_3", "Who_2", "when", "who", "note_2"]
    assert header_of(origin, source()) == names
    check_source(source(), table="purchases")
    assert found.rows == [("a", "1", "b", "c", "2", "00042", "d")]
    assert found.malformed == {3: "line_malformed"}


def test_d7_lines_above_the_header(root: Path, folder: Path) -> None:
    found = text_of(root, folder, f'Sales "2024\n(all)\n{HEAD}1,2,3\n', skip_lines=2)
    assert (found.rows, found.lines) == ([("1", "2", "3")], [4])


def test_d8_a_fingerprint_tells_content_and_not_name(root: Path) -> None:
    (root / "a.csv").write_text(HEAD + "1,2,3\n")
    (root / "b.csv").write_text(HEAD + "1,2,3\n")
    (root / "c.csv").write_text(HEAD + "1,2,4\n")
    asked = source(files="*.csv")
    a, b, c = (fingerprint(origin, asked) for origin in origins_of(asked, table="purchases"))
    assert a == b != c


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_d10_a_header_alone_is_no_row_and_no_fault(root: Path, folder: Path, end: str) -> None:
    found = text_of(root, folder, HEAD.strip() + end)
    assert (found.rows, found.malformed) == ([], {})


def test_d10_an_empty_file_is_refused(root: Path, folder: Path) -> None:
    with pytest.raises(DataError, match="the file is empty"):
        text_of(root, folder, "")


def test_d11_cells_no_text_has_are_rejected_with_the_reason(root: Path, folder: Path) -> None:
    text = HEAD + "".join(
        [
            f"1,{'x' * 65_536},3\n",
            f"2,{'x' * 65_537},3\n",
            f'3,"{"x" * 140_000}",3\n',
            "4,a\0b,3\n",
            "5,\x1b[31mred,3\n",
            "6,\u009b31m,3\n",
            "7,a\tb,3\n",
            f'8,"a\n{"é" * 65_536}",3\n',
            "9,b,3\n",
        ]
    )
    found = text_of(root, folder, text)
    assert [row[0] for row in found.rows] == ["1", "7", "9"]
    assert found.malformed == {
        3: "cell_too_long",
        4: "cell_too_long",
        5: "control_characters",
        6: "control_characters",
        7: "control_characters",
        9: "cell_too_long",
    }


@pytest.mark.parametrize("quote", ["", '"'])
def test_d11_a_long_cell_is_seen_where_nothing_else_is_odd(
    root: Path, folder: Path, quote: str
) -> None:
    text = f"{HEAD}1,2,3\n4,{quote}{'x' * 65_537}{quote},6\n7,8,9\n"
    found = text_of(root, folder, text)
    assert (found.lines, found.malformed) == ([2, 4], {3: "cell_too_long"})


def test_d11_a_line_without_end_does_not_fill_the_memory(root: Path, folder: Path) -> None:
    text = HEAD + f"1,2,3\n{'x' * 9_000_000}\n4,5,6\n"
    found = text_of(root, folder, text)
    assert (found.lines, found.malformed) == ([2, 4], {3: "cell_too_long"})
    assert len(found.raw[3]) == 1 << 22
