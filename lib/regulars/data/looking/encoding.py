"""Encoding: how a file's text is written, told from its bytes.

A byte order mark says it, and text that is strictly UTF-8 is UTF-8. The old encodings cannot be
told from each other by rules alone, since most of them read the others' bytes without an error.
Then what is read decides: a right reading has the signs that people use, in the places where they
use them, and often a column that we know by name.
"""

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import BinaryIO

from regulars.data.contract import TABLES
from regulars.data.looking.finding import Finding, counted
from regulars.data.looking.names import is_known
from regulars.errors import DataError

__all__ = ["MARKS", "Evidence", "encoding_of", "plausible"]

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
OLD = ("gb18030", "big5", "shift_jis", "cp1252")
CHUNK = 4 << 20
SAMPLE = 1 << 20

Evidence = tuple[list[str], bytes]
"""The encodings that read all bytes strictly, and the first line with some that are not ASCII."""

FREQUENT = frozenset(
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么"
    "這來國個們說爲為時會對後麼與無學過樣當還種開從現點門問題員廣東價產業務貨號單動電話請無買賣運費體驗"
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗張劉陳楊黃趙吳孫馬羅謝許曾蔡鄭葉蘇呂鍾"
    "北京上海广州深圳天津杭州成都武汉南台湾省市区县路街門市店网微信支付宝臺灣縣區網服装食品家电图书玩具化妆"
) | frozenset("".join(f.aliases for t in TABLES.values() for f in t.fields.values()))
KANA = re.compile("[\u3041-\u30ff]")
WESTERN = frozenset("äöüÄÖÜßéèêëàâáãåæçíìîïñóòôõøœúùûýÉÈÀÁÅÆÇÍÑÓØÚ€£§°–—’‘“”…·«»²³½¿¡®©™´")


def encoding_of(file: BinaryIO, *, name: str) -> Finding:
    """Decide in which encoding a file is written.

    Parameters
    ----------
    file : binary file
        From its first byte.
    name : str
        For the message.

    Raises
    ------
    DataError
        If two readings are about equally likely, or none gives words.

    Examples
    --------
    >>> import io
    >>> encoding_of(io.BytesIO("客户编号,日期".encode("gb18030")), name="a.csv").decided
    'gb18030'
    """
    start = file.read(4)
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return Finding("encoding", encoding, "the file begins with its byte order mark")
    if b"\0" in start:
        raise DataError(
            f"{name}: looks like UTF-16 without a byte order mark. Save it as UTF-8 "
            "(in Excel: CSV UTF-8)."
        )
    readings, sample = _strict(start, file)
    if sample == b"":
        return Finding("encoding", "utf-8", "the whole file is plain ASCII")
    return _decide(readings, sample, name)


def plausible(text: str, encoding: str) -> float:
    """Return how much text looks written by people in an encoding: 0 nonsense, 1 language.

    Only signs beyond ASCII speak.

    Examples
    --------
    >>> round(plausible("客户编号", "gb18030"), 1), plausible("¿Í»§±àºÅ", "cp1252") < 0.2
    (1.0, True)
    """
    if encoding == "cp1252":
        weights = [weight for run in re.finditer(r"[^\x00-\x7f]+", text) for weight in _run(run)]
    else:
        weights = [_weight(sign, encoding) for sign in text if sign > "\x7f"]
    return sum(weights) / len(weights) if weights else 0.0


def _strict(start: bytes, file: BinaryIO) -> Evidence:
    """Return the encodings that read every byte, and lines with signs beyond ASCII."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", *OLD)}
    sample: list[bytes] = []
    taken, chunk, first = 0, start + file.read(CHUNK), True
    while chunk:
        if not chunk.isascii() and taken < SAMPLE:
            sample += _telling(chunk, first=first and not sample)
            taken = sum(map(len, sample))
        _feed(decoders, chunk)
        chunk, first = file.read(CHUNK), False
    # UTF-8 that ends inside a sign is UTF-8 that was cut, and no other encoding.
    cut = "utf-8" in decoders and decoders["utf-8"].getstate()[0]
    _feed(decoders, b"", final=True)
    return ["utf-8"] if cut else list(decoders), b"\n".join(sample)[:SAMPLE]


def _telling(chunk: bytes, *, first: bool) -> list[bytes]:
    """Return the header, and the lines that are not ASCII; a chunk may begin and end within one."""
    lines = re.split(rb"\r\n|\n|\r", chunk)
    whole = (
        lines if len(lines) < 3 else lines[0 if first else 1 : -1] + (lines[-1:] if first else [])
    )
    return [line for at, line in enumerate(whole) if not line.isascii() or (first and at == 0)]


def _feed(
    decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool = False
) -> None:
    for name, decoder in list(decoders.items()):
        if chunk.isascii() and not final and not decoder.getstate()[0]:
            continue
        try:
            decoder.decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[name]


def _decide(readings: list[str], sample: bytes, name: str) -> Finding:
    scores = {one: _score(sample, one) for one in readings}
    signs = counted(sum(byte > 127 for byte in sample), "byte")
    old = {one: score for one, score in scores.items() if one != "utf-8"}
    if "utf-8" in scores and (scores["utf-8"] >= 0.5 or max(old.values(), default=0) < 0.5):
        because = f"{signs} beyond ASCII read strictly as UTF-8"
        rivals = [one for one, score in old.items() if score >= 0.75]
        if rivals and _says_little(sample):
            because += f", but are so few that it could be {' or '.join(rivals)}"
            return Finding("encoding", "utf-8", because, sure=False)
        return Finding("encoding", "utf-8", because)
    ranked = sorted(scores, key=lambda one: -scores[one])
    best, second = ranked[0] if ranked else "", scores[ranked[1]] if len(ranked) > 1 else 0.0
    if not ranked or scores[best] < 0.45 or scores[best] - second < 0.12:
        raise DataError(_unclear(name, ranked, sample))
    sure = scores[best] >= 0.75 and scores[best] - second >= 0.3 and _enough(sample, best)
    others = ", ".join(f"{one} {scores[one]:.0%}" for one in ranked[1:]) or "no other reads it"
    because = (
        f"it is not UTF-8, and read as {best} {scores[best]:.0%} of {signs} beyond ASCII are "
        f"signs in common use ({others})"
    )
    return Finding("encoding", best, because, sure)


def _says_little(sample: bytes) -> bool:
    """Say whether all are one or two signs, of two bytes each, none of them in a western word."""
    text = sample.decode("utf-8", errors="replace")
    signs = {sign for sign in text if sign > "\x7f"}
    in_words = re.search(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]", text)
    return len(signs) <= 2 and max(signs) < "\u0800" and not in_words


def _score(sample: bytes, encoding: str) -> float:
    """Return how plausible a reading is; names of columns that we know count as much again."""
    text = sample.decode(encoding, errors="replace")
    said = plausible(text, encoding)
    names = [name for name in _names(text) if not name.isascii()]
    if not names or encoding == "utf-8":
        return said
    return 0.6 * said + 0.4 * sum(map(is_known, names)) / len(names)


def _enough(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding, errors="replace")
    known = [name for name in _names(text) if not name.isascii() and is_known(name)]
    return bool(known) or sum(sign > "\x7f" for sign in text) >= 20


def _names(text: str) -> Iterable[str]:
    return [name.strip(' "') for name in re.split(r"[,;\t|]", text.split("\n")[0])]


def _unclear(name: str, ranked: list[str], sample: bytes) -> str:
    if not ranked:
        return f"{name}: is no text in any encoding we read. Save it as UTF-8."
    shown = " Read as ".join(
        f"{one} its columns are: {', '.join(list(_names(sample.decode(one, 'replace')))[:12])}."
        for one in ranked[:2]
    )
    return (
        f"{name}: is not UTF-8, and its bytes do not say what else. Read as {shown} Say which "
        "with --encoding, or save the file as UTF-8 (in Excel: CSV UTF-8)."
    )


@lru_cache(maxsize=50_000)
def _weight(sign: str, encoding: str) -> float:
    """Weigh one sign: those of everyday use most, then the first level of each standard."""
    if encoding == "utf-8":  # of two bytes, other than western ones, it may be chance
        plain = sign < "\u0250" or sign >= "\u0800"
        return 1.0 if plain else max(_level(sign, one) for one in OLD[:3])
    if encoding == "shift_jis" and KANA.match(sign):
        return 1.0
    level = _level(sign, encoding)
    return 1.0 if sign in FREQUENT and level else 0.8 * level


@lru_cache(maxsize=50_000)
def _level(sign: str, encoding: str) -> float:
    """Return 1 for signs and characters of a standard's first level, 0.3 for its second."""
    levels = {
        "gb18030": ("gb2312", 0xA1, 0xD7, 0xF7),
        "big5": ("big5", 0xA1, 0xC6, 0xF9),
        "shift_jis": ("shift_jis", 0x81, 0x97, 0xEA),
    }
    standard, low, high, last = levels[encoding]
    try:
        code = sign.encode(standard)
    except UnicodeEncodeError:
        return 0.0
    if len(code) != 2 or not low <= code[0] <= last:
        return 0.0
    return 1.0 if code[0] <= high else 0.3


def _run(run: re.Match[str]) -> list[float]:
    """Weigh signs that stand together: in western text they mostly stand alone, in words."""
    signs = run.group()
    if len(signs) > 2:
        return [0.05] * len(signs)
    alone = 1.0 if len(signs) == 1 else 0.6
    return [alone if sign in WESTERN else 0.3 for sign in signs]
