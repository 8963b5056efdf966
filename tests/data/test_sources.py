"""Sources: what stands in the file arrives as text, with its line; what cannot be read says so."""

from pathlib import Path

import pytest

from regulars.data import sources
from regulars.data.files import check_source, files_of
from regulars.data.sources import read_file
from regulars.data.store import Store
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}


def source(**options: object) -> Source:
    return Source(**{"files": "shop.csv", "columns": COLUMNS, **options})


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
        ("shop.csv", "who,when,paid,straße\n".encode("cp1252"), "expected UTF-8 text"),
        (
            "shop.csv",
            b"who;when;paid\n1;2;3\n",
            "They look parted by ';': say so with sources.purchases.delimiter",
        ),
        ("shop.doc", b"who,when,paid\n", "files ending in .doc cannot be read"),
        ("shop.parquet", b"who,when,paid\n", "expected a Parquet file, found something else"),
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
        files_of(source(), table="purchases")


def lines_of(root: Path, text: str) -> tuple[list[int], list[int]]:
    path = root / "shop.csv"
    path.write_bytes(text.encode())
    store = Store("shop")
    read = read_file(store.engine, path, source(), staging=store.path("staged"))
    return read.rows.source_line.execute().tolist(), read.malformed.source_line.tolist()


@pytest.mark.parametrize(
    ("text", "rows", "malformed"),
    [
        ("who,when,paid\n1,2,3\n4,5,6\n", [2, 3], []),
        ("who,when,paid\n1,2,3\n4,5,6", [2, 3], []),  # no line end at the end
        ("who,when,paid\r\n1,2,3\r\n4,5,6\r\n", [2, 3], []),
        ("\ufeffwho,when,paid\n1,2,3\n", [2], []),  # byte order mark
        ("who,when,paid\n\n1,2,3\n\n\n4,5,6\n", [3, 6], []),
        ('who,when,paid\n1,"a\nb\nc",3\n4,5,6\n', [2, 5], []),
        ("who,when,paid\n1,2\n4,5,6\n7,8,9,10\n1,2,3\n", [3, 5], [2, 4]),
        ('who,when,paid\n1,"a\nb",3\n\n4,5\n7,8,9\n', [2, 6], [5]),
    ],
)
def test_each_row_knows_its_line(
    root: Path, text: str, rows: list[int], malformed: list[int]
) -> None:
    assert lines_of(root, text) == (rows, malformed)


def test_two_readings_that_differ_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reader is made to miss a record, as if the two disagreed about a quote."""
    whole = sources._records
    monkeypatch.setattr(sources, "_records", lambda *args: whole(*args).iloc[1:])
    with pytest.raises(DataError, match="two readings of the file differ, 2 rows and 1"):
        lines_of(root, "who,when,paid\n1,2\n4,5,6\n")


@pytest.mark.parametrize("at", [1, 30, 48, 49])
def test_an_unclosed_quote_is_refused_with_its_line(root: Path, at: int) -> None:
    lines = [f"{n},2024-01-05,1" for n in range(50)]
    lines[at] = f'{at},"2024-01-05,1'
    with pytest.raises(DataError, match=f"a quote in line {at + 2} is not closed"):
        lines_of(root, "\n".join(["who,when,paid", *lines, ""]))


def test_mixed_line_ends_are_refused_in_a_sentence(root: Path) -> None:
    lines = "".join(f"{n},2024-01-01,1{chr(13) if n < 40 else ''}{chr(10)}" for n in range(80))
    try:
        rows, malformed = lines_of(root, f"who,when,paid\r\n{lines}")
    except DataError as refused:
        assert "line ends are mixed" in str(refused)  # noqa: PT017
    else:
        assert len(rows) + len(malformed) == 80
