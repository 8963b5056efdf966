"""Scanning: one pass over a text's bytes that tells whether the engine may read it by itself."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Scan", "scan"]

CHUNK = 1 << 21
ALLOWED_BELOW_BLANK = b"\t\n\r"
CONTROL = bytes(set(range(32)) - set(ALLOWED_BELOW_BLANK)) + b"\x7f"
TEXT = bytes(set(range(256)) - set(CONTROL))
SECOND_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
BLANK = (b"\n\n", b"\n\r\n")
SPACED_QUOTE = (b' "', b'" ', b'\t"', b'"\t')


@dataclass
class Scan:
    """What a text's bytes tell.

    `lines` is the number of physical lines, the last one also where it has no line end; `ended`
    whether it has one; `utf8` whether all of it decodes; `quoted` and `tabbed` whether there is a
    quote or a tab at all; `regular` whether every line ends in the same way (LF or CRLF), none is
    blank, and there are neither control characters nor quotes beside a blank, which readers take
    differently.
    """

    lines: int = 0
    ended: bool = True
    utf8: bool = True
    quoted: bool = False
    tabbed: bool = False
    regular: bool = True


def scan(path: Path) -> Scan:
    r"""Scan a plain text, whose line ends are bytes; see `Scan`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_bytes(b"who,paid\n1,2\n3,4")
    >>> scan(path)
    Scan(lines=3, ended=False, utf8=True, quoted=False, tabbed=False, regular=True)
    """
    found = Scan()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    feeds, returns, pairs = 0, 0, 0
    last = b"\n"  # as if a line had ended before: a file that begins with a blank line has one
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            joined = last + chunk
            feeds += chunk.count(b"\n")
            returned = chunk.count(b"\r")
            returns += returned
            pairs += joined.count(b"\r\n") if returned or last[-1:] == b"\r" else 0
            found.quoted = found.quoted or b'"' in chunk
            found.tabbed = found.tabbed or b"\t" in chunk
            found.regular = found.regular and not _is_odd(joined, quoted=found.quoted)
            found.utf8 = found.utf8 and _decodes(decoder, chunk)
            last = _tail(joined)
    found.utf8 = found.utf8 and _decodes(decoder, b"", final=True)
    found.ended = last[-1:] in (b"\n", b"\r")
    found.lines = feeds + (returns - pairs) + (not found.ended)
    found.regular = found.regular and returns == pairs and returns in (0, feeds)
    return found


def _tail(joined: bytes) -> bytes:
    """Return the bytes that can belong to a pattern which goes on in the next chunk."""
    return joined[-2:] if joined[-2:] == b"\n\r" else joined[-1:]


def _is_odd(joined: bytes, *, quoted: bool) -> bool:
    if any(blank in joined for blank in BLANK) or joined.translate(None, TEXT):
        return True
    if quoted and any(mark in joined for mark in SPACED_QUOTE):
        return True
    return not joined.isascii() and SECOND_CONTROL.search(joined) is not None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    if chunk.isascii() and not final and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
