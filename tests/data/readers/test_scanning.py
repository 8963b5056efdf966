"""Scanning: what one pass over the bytes tells is what a slow look tells, wherever chunks end."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.data.readers import scanning
from regulars.data.readers.scanning import scan

PIECES = [b"a", b",", b'"', b"\n", b"\r\n", b"\r", b" ", b"\t", b"\0", b"\xc2\x9b", "é".encode()]


@settings(
    deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pieces=st.lists(st.sampled_from([*PIECES, b"\xe9"]), max_size=12),
    end=st.sampled_from([b"\n", b"\r\n"]),
    chunk=st.integers(1, 5),
)
def test_a_scan_tells_what_stands_there(
    tmp_path: Path, pieces: list[bytes], end: bytes, chunk: int
) -> None:
    text = end.join(pieces)
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        found = scan(path)
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)
    assert found.lines == len(lines)
    assert found.ended == (not text or text[-1:] in b"\r\n")
    assert found.quoted == (b'"' in text)
    assert found.utf8 == decodes(text)
    assert not found.regular or is_regular(text, lines)
    # Only chunks' ends may make it more careful than needed, and a quote before a blank.
    assert found.regular or not is_regular(text, lines) or b'"' in text


def decodes(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_regular(text: bytes, lines: list[bytes]) -> bool:
    ends = {re.search(rb"[\r\n]*\Z", line)[0] for line in lines} - {b""}
    return (
        ends in (set(), {b"\n"}, {b"\r\n"})
        and not any(not line.strip(b"\r\n") for line in lines)
        and not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]", text)
        and not re.search(rb'[ \t]"|"[ \t]', text)
    )
