"""JSON lines: numbers as written, nested values as JSON, lines that are no objects rejected."""

import gzip
from pathlib import Path

import pytest
from reading import rows_of

from regulars.data.files import check_source, header_of, origins_of
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}


def source(**options: object) -> Source:
    return Source(**{"files": "shop.jsonl", "columns": COLUMNS, **options})


HAND = """{"who": 6217000010001234567, "when": "2024-01-05", "paid": 1.10, "new": true}

{"paid": 1E+2, "who": "00042", "note": null, "tags": ["a", {"n": 1.50, "é": false}]}
{"who": 1, "when": "2024-01-06"
["who", 1]
{"who": "a\\u0000b", "when": "x", "paid": 1}
{"who": "two\\nlines", "when": "x", "paid": NaN}
"""


@pytest.mark.parametrize("name", ["shop.jsonl", "shop.ndjson", "shop.jsonl.gz"])
@pytest.mark.parametrize("cut", [False, True])
def test_a_hand_made_file(
    root: Path, tmp_path_factory: pytest.TempPathFactory, name: str, cut: bool
) -> None:
    text = (HAND.rstrip("\n") + '\n{"who": "z", "whe' if cut else HAND).encode()
    (root / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    found, malformed = rows_of(tmp_path_factory.mktemp("folder"), source(files=name), blank=1)
    nothing = dict.fromkeys(["who", "when", "paid", "new", "note", "tags"])
    assert found == {
        1: {**nothing, "who": "6217000010001234567", "when": "2024-01-05", "paid": "1.10", "new": "true"},
        3: {**nothing, "who": "00042", "paid": "1E+2", "tags": '["a", {"n": 1.50, "é": false}]'},
        7: {**nothing, "who": "two\nlines", "when": "x", "paid": "NaN"},
    }  # fmt: skip
    expected = {4: "line_malformed", 5: "line_malformed", 6: "control_characters"}
    reasons = {line: reason for line, (reason, _) in malformed.items()}
    assert reasons == ({**expected, 8: "last_line_cut"} if cut else expected)


def test_a_whole_object_needs_no_line_end(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (root / "shop.jsonl").write_text('{"who": 1, "when": 2, "paid": 3}')
    found, malformed = rows_of(tmp_path_factory.mktemp("folder"), source())
    assert (len(found), malformed) == (1, {})


def test_columns_are_the_first_thousand_objects_and_the_mapped_ones(root: Path) -> None:
    early = [f'{{"who": {n}, "when": 1}}' for n in range(1000)]
    late = ['{"late": 1}', '{"paid": 2, "later": 3}']
    (root / "shop.jsonl").write_text("\n".join([*early, *late, ""]))
    (origin,) = origins_of(source(), table="purchases")
    assert header_of(origin, source()) == ["who", "when", "paid"]
    misspelt = source(columns={**COLUMNS, "quantity": "payd"})
    with pytest.raises(DataError, match="'payd', which shop.jsonl does not have. Did you mean"):
        check_source(misspelt, table="purchases")


def test_a_number_may_have_any_number_of_digits(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    digits = "1" * 5000  # more than Python turns into a number
    (root / "shop.jsonl").write_text(f'{{"who": {digits}, "when": 2, "paid": -0.10}}\n')
    found, _ = rows_of(tmp_path_factory.mktemp("folder"), source())
    assert found == {1: {"who": digits, "when": "2", "paid": "-0.10"}}


def test_another_encoding_is_refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    good = '{"who": 1, "when": 2, "paid": 3}\n' * 2000
    (root / "shop.jsonl").write_bytes(f'{good}{{"who": "北京朝阳区"}}\n'.encode("gb18030"))
    with pytest.raises(DataError, match="found another encoding in line 2001"):
        rows_of(tmp_path_factory.mktemp("folder"), source())
    found, _ = rows_of(tmp_path_factory.mktemp("folder"), source(encoding="gb18030"))
    assert found[2001]["who"] == "北京朝阳区"
