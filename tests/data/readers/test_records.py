"""Records: rows and malformed lines are all lines; a stray quote changes nothing but its line."""

import csv
import io
import string
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from regulars.data.files import origins_of
from regulars.data.readers import delimited, records
from regulars.data.readers.records import Records, physical_lines
from regulars.data.readers.staging import Staged
from regulars.data.sources import LINE, read
from regulars.parameters import Source

FIELDS = 4
QUICK = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
words = st.text(string.ascii_letters + "0123456789 é数", max_size=6)
rows = st.lists(st.lists(words, min_size=FIELDS, max_size=FIELDS), min_size=1, max_size=12)
# A text may hold what must be quoted, line ends among it.
texts = st.text(string.ascii_letters + ' ,"\n', max_size=8)
rich_rows = st.lists(st.lists(texts, min_size=FIELDS, max_size=FIELDS), min_size=1, max_size=12)
Found = tuple[dict[int, list[str]], dict[int, str]]


def taken(folder: Path, text: str, *, fields: int = FIELDS, batch: int = 20_000) -> Found:
    """Return rows and reasons, by line, of a text without a header."""
    with Staged(folder, [f"c{n}" for n in range(fields)]) as staged:
        reader = Records(staged, fields=fields, delimiter=",", keep_last=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "BATCH", batch)
            reader.read(physical_lines(io.StringIO(text, newline="")), first_line=1)
    kept = pq.read_table(staged.path).to_pylist()
    bad = pq.read_table(staged.malformed_path).to_pylist()
    assert len(kept) == staged.rows
    assert len(bad) == staged.malformed
    return (
        {row.pop(LINE): [cell or "" for cell in row.values()] for row in kept},
        {line["source_line"]: line["reason"] for line in bad},
    )


def written(content: list[list[str]], *, quoting: int) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator="\n").writerows(content)
    return out.getvalue()


@QUICK
@given(
    content=rows,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    at=st.integers(0, 10_000),
    batch=st.sampled_from([1, 2, 3, 20_000]),
)
def test_one_planted_quote_costs_one_line_at_most(
    tmp_path: Path, content: list[list[str]], quoting: int, at: int, batch: int
) -> None:
    whole = written(content, quoting=quoting)
    at %= len(whole)
    text = whole[:at] + '"' + whole[at:]
    spoilt = whole[:at].count("\n") + 1
    found, malformed = taken(tmp_path, text, batch=batch)
    assert sorted([*found, *malformed]) == list(range(1, len(content) + 1))
    assert set(malformed) <= {spoilt}
    for line, row in enumerate(content, 1):
        assert line == spoilt or found[line] == row


@QUICK
@given(content=rows, first=st.integers(0, 10_000), second=st.integers(0, 10_000))
def test_two_planted_quotes_lose_no_line_and_make_no_other_row(
    tmp_path: Path, content: list[list[str]], first: int, second: int
) -> None:
    whole = written(content, quoting=csv.QUOTE_MINIMAL)
    first, second = sorted((first % len(whole), second % len(whole)))
    text = f'{whole[:first]}"{whole[first:second]}"{whole[second:]}'
    spoilt = {whole[:at].count("\n") + 1 for at in (first, second)}
    found, malformed = taken(tmp_path, text)
    assert sorted([*found, *malformed]) == list(range(1, len(content) + 1))
    assert set(malformed) <= spoilt
    for line, row in enumerate(content, 1):
        assert line in spoilt or found[line] == row


@QUICK
@given(content=rich_rows, batch=st.sampled_from([1, 2, 20_000]))
@example(content=[["11", "2024-01-03", "7", "two\nlines"]], batch=1)
@example(content=[["11", "a\n\nb\n", "7", '"\n"']], batch=20_000)
def test_texts_over_several_lines_are_read_as_they_were_written(
    tmp_path: Path, content: list[list[str]], batch: int
) -> None:
    text = written(content, quoting=csv.QUOTE_ALL)
    # Where every line of a row happens to look like a row, nobody can tell; see the module.
    for row in content:
        lines = [line for line in written([row], quoting=csv.QUOTE_ALL).split("\n") if line]
        assume(len(lines) == 1 or any(len(line.split(",")) < FIELDS for line in lines))
    found, malformed = taken(tmp_path, text, batch=batch)
    assert (list(found.values()), malformed) == (content, {})


@QUICK
@given(text=st.text('a1,"\n\r ', max_size=60))
def test_every_line_of_any_text_is_accounted_for(tmp_path: Path, text: str) -> None:
    found, malformed = taken(tmp_path, text, fields=2)
    lines = list(physical_lines(io.StringIO(text, newline="")))
    filled = {n for n, line in enumerate(lines, 1) if line.rstrip("\r\n")}
    begun = {*found, *malformed}
    assert not set(found) & set(malformed)
    assert begun <= filled
    # A line that begins nothing belongs to the row before it, whose text holds a line end.
    for line in filled - begun:
        before = max(one for one in begun if one < line)
        inside = found.get(before, [])
        assert any("\n" in cell or "\r" in cell for cell in inside) or malformed[before] in (
            "last_line_cut",
        )


@pytest.mark.parametrize(
    ("text", "found", "malformed"),
    [
        # Closed with too many fields: both ends are in doubt.
        ('1,"a\nb",3,4\n5,6,7\n', [3], {1: "quote_not_closed", 2: "quote_not_closed"}),
        # The end of such a text looks like a row, but for its quote.
        ('1,2,3,"a\nb",3,4\n5,6,7\n', [3], {1: "quote_not_closed", 2: "quote_not_closed"}),
        # Every line looks like a row, with a stray quote in two of them.
        ('1,2,"a\n4,5,6\n7,8,b"\n', [2], {1: "quote_not_closed", 3: "quote_not_closed"}),
        # An inch is no quote, and does not make the line above longer.
        ('1,2,"a\n4,5" nail,6\n', [2], {1: "quote_not_closed"}),
        ('1,2,"a\n4,"b\nc",6\n7,8,9\n', [2, 4], {1: "quote_not_closed"}),
    ],
)
def test_what_an_open_quote_costs(
    tmp_path: Path, text: str, found: list[int], malformed: dict[int, str]
) -> None:
    rows, reasons = taken(tmp_path, text, fields=3)
    assert (list(rows), reasons) == (found, malformed)


def test_many_open_quotes_do_not_take_long_each(tmp_path: Path) -> None:
    """Reading on from an open quote ends after 128 KB, so the lines looked at are bounded."""
    looked = 0

    class Counted(Records):
        def _from(self, *args: object):
            nonlocal looked
            for line in super()._from(*args):
                looked += 1
                yield line

    lines = ['"a,b\n', *(["1,2\n"] * 60_000)]
    with Staged(tmp_path, ["a", "b"]) as staged:
        Counted(staged, fields=2, delimiter=",", keep_last=True).read(iter(lines), first_line=2)
    assert (staged.rows, staged.malformed) == (60_000, 1)
    assert looked < 40_000


@QUICK
@given(text=st.text('a1,"\n ', max_size=40), end=st.sampled_from(["\n", "\r\n"]))
def test_the_engine_and_the_careful_reader_agree(
    root: Path, tmp_path_factory: pytest.TempPathFactory, text: str, end: str
) -> None:
    """Whatever the engine reads by itself, the careful reader reads the same, on the same lines."""
    (root / "shop.csv").write_bytes(f"who,when\n{text}\n1,2\n".replace("\n", end).encode())
    source = Source(files="shop.csv", columns={"customer_id": "who", "ordered_at": "when"})
    quick = by_line(tmp_path_factory.mktemp("quick"), source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_read_quickly", lambda *args: None)
        assert by_line(tmp_path_factory.mktemp("careful"), source) == quick


ENGINE = []


def by_line(folder: Path, source: Source) -> dict[int, tuple]:
    (origin,) = origins_of(source, table="purchases")
    if not ENGINE:
        ENGINE.append(ibis.duckdb.connect())
    out = folder / "out.parquet"

    def write(rows: ir.Table) -> int:
        ENGINE[0].to_parquet(rows, str(out))
        return pq.read_metadata(out).num_rows

    told = read(ENGINE[0], origin, source, folder=folder, write=write)
    rows = pq.read_table(out).to_pylist()
    return {
        row.pop(LINE, place + told.first_line): tuple(row.values())
        for place, row in enumerate(rows)
    }
