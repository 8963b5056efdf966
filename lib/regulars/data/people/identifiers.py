"""Identifiers: what tells directly who somebody is, in text and in the names of columns.

Which forms are recognised, and what proves them, stands in `regulars.data.people.identifier_forms`.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.data.contract import TABLES
from regulars.data.people.identifier_forms import KINDS, rewritten

__all__ = [
    "KINDS",
    "count_identifiers",
    "found_in",
    "identifier_kinds",
    "mask_text",
    "masked",
    "name_kind",
    "shape",
]

# Cheap, and true for every text that holds an identifier: an @, or six digits near each other.
MAYBE = r"[@＠]|[\[(（][aA][tT][\])）]|([0-9０-９][^0-9０-９]{0,3}){5}[0-9０-９]"

# Words that say whose, and numbers that say which: billing_phone, Customer E-Mail, phone2.
WHOSE = re.compile(
    r"^(customer|client|cust|user|member|buyer|billing|shipping|delivery|home|work|private|contact|"
    r"bill to|ship to|kunden|rechnungs|liefer|客户|客戶|会员|會員|用户|買家|买家"
    r"|收货人|收貨人|收件人|联系人|聯絡人)"
    r"(?=.)[ ]?"
)
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
LETTER = re.compile(r"[^\W\d_]")
# Letters that belong to a number or a time: 1.23E+15, 2024-01-05T10:30:00Z.
IN_NUMBERS = re.compile(r"(?<=\d)([Ee](?=[+-]?\d)|T(?=\d\d:)|Z(?!\w))")
LONG = re.compile(r"(?:\d+ )*\d{5,}(?: \d+)*")


def identifier_kinds(values: Iterable[str]) -> dict[str, int]:
    """Return how many of some texts hold each kind of identifier.

    Examples
    --------
    >>> identifier_kinds(["call 0171 2345678", "order 100042", "me@example.org"])
    {'e-mail': 1, 'phone': 1}
    """
    counted = Counter(kind for value in values for kind in found_in(value))
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def mask_text(text: str) -> str:
    """Return a text with each identifier replaced by its kind; without one, the text as it is.

    Examples
    --------
    >>> mask_text("Bitte 0171 2345678 anrufen, order 100042")
    'Bitte [phone] anrufen, order 100042'
    >>> mask_text("我的手机是１３８０００１３８０００。")
    '我的手机是[phone]。'
    """
    return _masked(text)[0]


def found_in(text: str) -> tuple[str, ...]:
    """Return the kinds of identifier a text holds, each once."""
    return _masked(text)[1]


def masked(column: ir.StringValue) -> ir.StringValue:
    """Return a text column with identifiers replaced by their kind, such as ``[phone]``.

    Texts that cannot hold one are left to the engine; the others are read in Python, a part at a
    time and in their order.
    """

    @ibis.udf.scalar.pyarrow
    def masked_text(texts: str) -> str:
        return pa.array([text and mask_text(text) for text in texts.to_pylist()], pa.string())

    return ibis.ifelse(column.re_search(MAYBE), masked_text(column), column)


def count_identifiers(column: ir.StringValue) -> dict[str, int]:
    """Return how many cells of a text column hold each kind of identifier."""

    @ibis.udf.scalar.pyarrow
    def kinds_of(texts: str) -> str:
        return pa.array(["|".join(found_in(text)) for text in texts.to_pylist()], pa.string())

    # Each text once: most columns have few, and reading one takes a thousand times longer.
    texts = column.name("text").as_table().group_by("text").aggregate(n=lambda t: t.count())
    texts = texts.filter(texts.text.re_search(MAYBE)).mutate(found=lambda t: kinds_of(t.text))
    counted = texts.group_by("found").aggregate(n=texts.n.sum()).to_pyarrow()
    kinds: Counter[str] = Counter()
    for row in counted.to_pylist():
        kinds.update(dict.fromkeys(row["found"].split("|"), row["n"]))
    return {kind: kinds[kind] for kind in KINDS if kinds[kind]}


def name_kind(header: str) -> str:
    """Return which direct identifier a column's name announces, or nothing.

    Examples
    --------
    >>> name_kind("Customer E-Mail"), name_kind("手机号码"), name_kind("Nachname, Vorname")
    ('email', 'phone', 'name')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.sub(r"[\s_.:,;&+/-]+", " ", spaced).strip().lower().rstrip("0123456789 ")
    known = _known()
    whole = known.get(_bare(words)) or known.get(_bare(WHOSE.sub("", words)))
    return whole or ("name" if {known.get(word) for word in words.split()} == {"name"} else "")


def shape(text: str) -> str:
    """Return a cell with letters as x, Chinese ones as 字, and long or telling numbers as #.

    Dates and short numbers stay, since they are what a row is rejected for.

    Examples
    --------
    >>> shape("Müller 0171 2345678"), shape("31.02.2024"), shape("1.23E+15")
    ('xxxxxx #### #######', '31.02.2024', '1.23E+15')
    """
    text = LONG.sub(
        lambda match: _hashed(match.group()), rewritten(text, lambda _, found: _hashed(found))[0]
    )
    kept = {match.start() for match in IN_NUMBERS.finditer(text)}
    return "".join(s if place in kept else _hidden(s) for place, s in enumerate(text))


@functools.lru_cache(maxsize=4096)
def _masked(text: str) -> tuple[str, tuple[str, ...]]:
    return rewritten(text, lambda kind, _: f"[{kind}]")


def _hashed(text: str) -> str:
    return re.sub(r"\d", "#", text)


def _hidden(sign: str) -> str:
    if HAN.match(sign):
        return "字"
    return "x" if LETTER.match(sign) else sign


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", words)


@functools.cache
def _known() -> dict[str, str]:
    fields = [field for table in TABLES.values() for field in table.fields.values()]
    people = [field for field in fields if field.person == "drop"]
    return {
        _bare(alias.lower()): f.name for f in people for alias in [f.name, *f.aliases.split("|")]
    }
