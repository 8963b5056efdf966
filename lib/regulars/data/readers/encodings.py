"""Encodings: any text a source may declare, turned into UTF-8, strictly or not at all."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from regulars.data.readers.model import Job, Origin
from regulars.data.readers.opening import is_packed, opened
from regulars.errors import DataError
from regulars.parameters import Source
from regulars.parameters.source import ENCODINGS

__all__ = ["as_utf8", "codec_of", "opened_text", "undecodable"]

CHUNK = 1 << 20
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NO_CHANCE = 16
"""So many bytes beyond ASCII are no longer UTF-8 by chance."""


def as_utf8(job: Job) -> Path:
    """Return the file as plain UTF-8: itself, or a copy in the job's folder.

    A plain file declared as UTF-8 is not looked at here; whoever scans it finds what is not.

    Raises
    ------
    DataError
        If the text is not what the source declares, naming the line, and what it may be.
    """
    path = job.origin.path
    codec = codec_of(job.origin, job.source)
    if job.source.encoding == "utf-8" and not is_packed(path):
        return path
    copy = job.folder / "text"
    with opened(path) as file, copy.open("wb") as out:
        if job.source.encoding == "utf-8":
            out.writelines(_chunks(file))
        else:
            _transcode(file, out, job=job, codec=codec)
    return copy


@contextmanager
def opened_text(origin: Origin, source: Source) -> Iterator[TextIO]:
    """Open a file for its text, with its own line ends; what does not decode is refused."""
    codec = codec_of(origin, source)
    try:
        with (
            opened(origin.path) as file,
            io.TextIOWrapper(file, encoding=codec, newline="") as text,
        ):
            yield text
    except UnicodeDecodeError:
        raise undecodable(origin, source) from None


def codec_of(origin: Origin, source: Source) -> str:
    """Return Python's name for a source's encoding, having compared it with the file's mark."""
    with opened(origin.path) as file:
        head = file.read(4)
    marked = next((name for mark, name in MARKS.items() if head.startswith(mark)), "")
    if marked and marked != source.encoding:
        raise DataError(
            f"{origin.label}: declared as {source.encoding}, but it begins with the mark of "
            f"{marked}. Say encoding: {marked} in its source."
        )
    if source.encoding == "utf-16" and head and not marked:
        raise DataError(
            f"{origin.label}: declared as utf-16, but it does not begin with a byte order mark, "
            "so which of the two kinds it is cannot be told. Save it as UTF-8."
        )
    return "utf-8-sig" if source.encoding == "utf-8" else source.encoding


def undecodable(origin: Origin, source: Source) -> DataError:
    """Return the error for a file that is not written as declared, with what it may be."""
    line = _first_error(origin.path, source.encoding)
    others = [name for name in ENCODINGS if name not in (source.encoding, "utf-16")]
    reads = [name for name in others if _first_error(origin.path, name) is None]
    hint = (
        f"It reads as {' and as '.join(reads)}: look which one makes sense, and say it as "
        "encoding in its source."
        if reads
        else "It reads as none of the encodings we know; it may be damaged."
    )
    return DataError(
        f"{origin.label}: expected {source.encoding} text, found another encoding in line {line}. "
        f"{hint} In Excel: Save as, CSV UTF-8."
    )


def _transcode(file: BinaryIO, out: BinaryIO, *, job: Job, codec: str) -> None:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    doubt = _LooksLikeUtf8()
    try:
        for chunk in _chunks(file):
            doubt.see(chunk)
            out.write(decoder.decode(chunk).encode())
        out.write(decoder.decode(b"", final=True).encode())
    except UnicodeDecodeError:
        raise undecodable(job.origin, job.source) from None
    if doubt.confirmed():
        raise DataError(
            f"{job.label}: declared as {codec}, but all of it reads as utf-8, which {codec} text "
            "hardly ever does. Read as declared it would be nonsense. Say encoding: utf-8."
        )


class _LooksLikeUtf8:
    """Watches bytes pass: read as GB18030, UTF-8 often gives plausible nonsense."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.valid, self.beyond = True, 0

    def see(self, chunk: bytes) -> None:
        if not self.valid or chunk.isascii():
            return
        try:
            self.beyond += len(chunk) - len(self.decoder.decode(chunk))
        except UnicodeDecodeError:
            self.valid = False

    def confirmed(self) -> bool:
        return self.valid and self.beyond >= NO_CHANCE


def _first_error(path: Path, encoding: str) -> int | None:
    """Return the line of the first bytes that are not of an encoding, or None."""
    decoder, line = codecs.getincrementaldecoder(encoding)("strict"), 1
    with opened(path) as file:
        try:
            for chunk in _chunks(file):
                line += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].decode(encoding, "ignore").count("\n")
    return None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
