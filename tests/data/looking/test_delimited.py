"""Delimited text: the right sign parts it, a spoiled quote costs its line, a cut end is seen."""

import pytest

from regulars.data.looking import parts
from regulars.data.looking.contents import contents_of
from regulars.data.looking.delimited import last_line_of, layout_of, records_of

HEADER = "customer;date;amount\n"


def layout(text: str):
    return layout_of(text.splitlines(keepends=True), name="shop.csv")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_sign_that_gives_all_lines_the_same_fields(mark: str) -> None:
    text = "customer;date;amount\n" + "1;2024-01-05;12\n" * 5
    assert layout(text.replace(";", mark)).delimiter == mark


def test_decimal_commas_do_not_make_it_a_comma() -> None:
    found = layout(HEADER + "1;2024-01-05;12,50\n" * 20)
    assert (found.delimiter, found.skip_lines, len(found.header)) == (";", 0, 3)


def test_one_column_is_parted_by_nothing() -> None:
    assert layout("customer\n1\n2\n") is None


def test_titles_above_the_header_are_skipped() -> None:
    found = layout("Sales;;\n\n" + HEADER + "1;2024-01-05;12\n" * 3)
    assert (found.skip_lines, found.header[0]) == (2, "customer")


def records(text: str) -> tuple[list[list[str]], int]:
    batches = list(records_of(iter(text.splitlines(keepends=True)), layout(text)))
    return [record for kept, _ in batches for record in kept], sum(bad for _, bad in batches)


def test_an_open_quote_costs_its_own_line_only() -> None:
    good = "1;2024-01-05;12\n"
    kept, bad = records(HEADER + good * 50 + '2;"2024-01-05;13\n' + good * 50)
    assert (len(kept), bad) == (100, 1)


def test_a_line_end_within_quotes_is_kept() -> None:
    kept, bad = records(HEADER + '1;"2024\n01";12\n' + "1;2024-01-05;12\n" * 9)
    assert (len(kept), bad, kept[0][1]) == (10, 0, "2024\n01")


@pytest.mark.parametrize(
    ("last", "decided"),
    [
        ("9;2024-01-05;12,50", "keep"),
        ("9;2024-01-05;12,5", "reject"),
        ("9;2024-01-0", "reject"),
        ("9;2024-01-05", "reject"),
        ("9;2024-01-05;12,50\n", None),
    ],
)
def test_the_last_line(last: str, decided: str | None) -> None:
    text = HEADER + "1;2024-01-05;12,50\n2;2024-01-06;7,25\n"
    found = last_line_of(last, records(text)[0], layout(text))
    assert (found and found.decided) == decided


def test_a_whole_number_at_the_end_may_have_lost_digits() -> None:
    text = HEADER + "1;2024-01-05;125\n2;2024-01-06;7\n"
    found = last_line_of("9;2024-01-05;12", records(text)[0], layout(text))
    assert (found.decided, found.sure) == ("reject", False)


def test_of_a_large_file_three_blocks_are_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(parts, "LARGE", 2_000)
    monkeypatch.setattr(parts, "BLOCK", 500)
    monkeypatch.setenv("REGULARS_ROOT", str(tmp_path))
    path = tmp_path / "shop.csv"
    path.write_text(HEADER + "".join(f"{n:04d};2024-01-05;12\n" for n in range(400)))
    (content,) = contents_of(path, name="shop.csv")
    ids = content.columns["customer"].counts
    assert 60 < content.rows < 80
    assert {"0000", "0399"} <= set(ids)
    assert any("0150" < one < "0250" for one in ids)
    assert not content.findings[0].sure
    assert "large" in content.findings[0].because
