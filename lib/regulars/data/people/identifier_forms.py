"""Forms: how identifiers look in text, each with what proves it.

Numbers with a check digit (cards, bank accounts, identity numbers) must pass it. A telephone
number has none: it is taken for one by its form (``+49 …``, Chinese and European mobiles, the usual
groups), or by a word before it (Tel., 电话). Digits that follow a word such as order, Rechnung or
订单 are left alone, and so are dates, prices and years. Names in running text are not recognised.
"""

import functools
import re
from collections.abc import Callable

from regulars.data.people.checksums import (
    is_card,
    is_chinese_identity,
    is_iban,
    is_taiwanese_identity,
)

__all__ = ["KINDS", "rewritten"]

KINDS = ("e-mail", "bank account", "identity number", "card number", "phone")
"""What is recognised, in the order in which it is looked for."""

Part = Callable[[re.Match], tuple[int, int]]

# Full-width digits, letters, and the signs that identifiers are written with; commas stay.
PLAIN = {code + 0xFEE0: code for code in range(0x21, 0x7F) if chr(code) not in ",;:!?"}
PLAIN |= dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t"), " ")
PLAIN |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
PLAIN |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # of no width

RUN = re.compile(r"\d(?:[ ()./-]{0,3}\d)*")
FEWEST_DIGITS = 9  # in one run of them; a date has eight
FEWEST_SAID = 6  # where a word says that it is a telephone number

# Lengths are bounded everywhere, so that a cell of 64 KB takes no longer than its length asks.
E_MAIL = re.compile(
    r"[A-Za-z0-9À-ɏ._%+'-]{1,64}(?:@| ?[\[(]at[\])] ?)"
    r"(?:[A-Za-z0-9À-ɏ-]{1,63}(?:\.| ?[\[(]dot[\])] ?)){1,8}(?:xn--[a-z0-9-]{1,60}|[A-Za-z]{2,24})",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}")
CHINESE = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dA-Za-z])")
TAIWANESE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][1289]\d{8}(?!\d)")
SOCIAL = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")
CARD = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:\d{13,19}|\d{4}(?:([ -])\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?"
    r"|\d{6}([ -])\d{13}|\d{4}([ -])\d{6}\3\d{4,5})(?!\d|,\d)"
)
PHONES = [
    re.compile(pattern)
    for pattern in (
        # Chinese mobiles; grouped as people do.
        r"(?<![\d+])(?<!\d[.,])(?:(?:\+|00)?86[ -]?)?1[3-9]\d"
        r"(?:[ -]?\d{4}[ -]?\d{4}|[ -]\d{3}[ -]\d{5})(?!\d)",
        # International: a plus, or 00 and at least ten digits.
        r"(?<![A-Za-z0-9+])\+ ?[1-9](?:[ ./-]{0,2}(?:\(0?\d{0,4}\))?[ ./-]{0,2}\d){7,14}(?!\d)",
        r"(?<!\d)(?<!\d[.,])00[1-9](?:[ /-]?(?:\(0\))?[ /-]?\d){9,13}(?!\d)",
        # Mobiles of Germany, France, Britain, Switzerland, Austria; of Taiwan.
        r"(?<![\d+])(?<!\d[.,])0(?:1[5-7]\d{8,9}|[67]\d{8,9}|9\d{8})(?!\d)",
        # An area in brackets or parted off, then the number: 030 1234567, 0171/234 56 78.
        r"(?<![\d+])(?<!\d[.,:])\(0\d{1,5}\)[ /-]{0,3}\d(?:[ -]?\d){5,9}(?!\d)",
        r"(?<![\d+])(?<!\d[.,:/-])0[1-9]\d{1,4}(?: ?[/–-] ?| )\d{2,}(?:[ -]?\d){3,8}(?!\d|[/.]\d)",
        r"(?<![\d+])(?<!\d[.,:/-])0\d(?:-\d{8}|-\d{4}-\d{4}| \d{4} \d{4})(?!\d)",
        r"(?<![\d+])(?<!\d[.,:/-])0[1-9]([ .-])\d\d(?:\1\d\d){3}(?!\d|[.-]\d)",
        # North America.
        r"(?<![\d+])(?<!\d[.,])(?:1[ .-])?"
        r"(?:\([2-9]\d\d\) ?[2-9]\d\d[ .-]|[2-9]\d\d([.-])[2-9]\d\d\1)\d{4}(?!\d)",
    )
]
SAID_IN_LATIN = (
    "telefon|telephone|tel|phone|mobile|mobil|cell|handy|fax|whatsapp|wechat|call me|ring me|ruf|"
    "rufen|erreichbar|number is|nummer ist|qq"
)
SAID_IN_CHINESE = "电话|電話|手机|手機|微信|致电|致電|来电|打给我|打給我|号码是|號碼是"
SAID_WORDS = (*SAID_IN_LATIN.split("|"), *SAID_IN_CHINESE.split("|"))
SAID = re.compile(
    rf"(?:(?<![A-Za-z])(?:{SAID_IN_LATIN})|{SAID_IN_CHINESE})"
    r"(?P<gap>[^\d\n+(]{0,16})(?P<number>[+(]?\d(?:[ ()/-]{0,2}\d){5,14})(?!\d)",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"(?:(?<![a-z])(?:nr|order|invoice|receipt|ticket|parcel|tracking|shipment|article|item|product|"
    r"sku|ean|upc|isbn|ref|reference|customer|case|serial|batch|lot|basket|transaction|voucher|"
    r"coupon|bestell\w*|rechnung\w*|auftrag\w*|artikel\w*|kunden\w*|sendung\w*|beleg\w*|paket\w*|"
    r"gutschein\w*|vorgang\w*)"
    r"|订单|訂單|单号|單號|运单|運單|快递|快遞|物流|发票|發票|货号|貨號|编号|編號|工单|工單|流水|条码|條碼)"
    r"[ .:：#=-]*(?:(?:number|num|nummer|no|nr|id|code|is|was|ist|war"
    r"|号码|號碼|编号|編號|号|號|为|為|是)[ .:：#=-]*)*[a-z]{0,4}[-_#]?$",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?:19|20)\d\d([/ -]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?: \d{1,2})?"
    r"|\d{1,2}([/ -])\d{1,2}\2(?:19|20)\d\d(?: \d{1,2})?|(?:19|20)\d\d ?[/-] ?(?:19|20)\d\d"
)
DATE_INSIDE = re.compile(
    r"(?<!\d)(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d{1,2}\2\d{1,2})(?!\d)"
)


def rewritten(text: str, write: Callable[[str, str], str]) -> tuple[str, tuple[str, ...]]:
    """Write each identifier of a text anew, and say which kinds were found.

    Parameters
    ----------
    text : str
        Any text; full-width digits and signs count as plain ones.
    write : callable
        Gets the kind and the identifier, returns what stands in its place.

    Examples
    --------
    >>> rewritten("me@example.org!", lambda kind, found: kind.upper())
    ('E-MAIL!', ('e-mail',))
    """
    plain, kinds = text.translate(PLAIN), []
    for kind, pattern, part in _worth_a_look(plain):
        before = plain
        plain = pattern.sub(functools.partial(_anew, part, functools.partial(write, kind)), plain)
        kinds += [kind] if plain != before and kind not in kinds else []
    return (plain, tuple(kinds)) if kinds else (text, ())


def _worth_a_look(text: str) -> list[tuple[str, re.Pattern, Part]]:
    """Leave out the forms that a text cannot hold; most comments have nothing but short numbers."""
    digits = max((sum(map(str.isdigit, run)) for run in RUN.findall(text)), default=0)
    small = text.lower()
    looks = MAILS if any(sign in small for sign in ("@", "at]", "at)")) else []
    looks = [*looks, *(NUMBERS if digits >= FEWEST_DIGITS else [])]
    said = digits >= FEWEST_SAID and any(word in small for word in SAID_WORDS)
    return [*looks, ("phone", SAID, _said_phone)] if said else looks


def _anew(part: Part, write: Callable[[str], str], match: re.Match) -> str:
    found, (start, end) = match.group(), part(match)
    return found[:start] + write(found[start:end]) + found[end:] if end > start else found


def _whole(match: re.Match) -> tuple[int, int]:
    return 0, len(match.group())


def _checked(check: Callable[[str], bool]) -> Part:
    def part(match: re.Match) -> tuple[int, int]:
        number = re.sub(r"[ -]", "", match.group()).upper()
        return _whole(match) if check(number) else (0, 0)

    return part


def _account(match: re.Match) -> tuple[int, int]:
    """Find where the account ends: a word may follow it that looks like more of it."""
    places = [place for place, sign in enumerate(match.group()) if sign.isalnum()]
    signs = "".join(match.group()[place] for place in places).upper()
    ends = (length for length in range(15, len(signs) + 1) if is_iban(signs[:length]))
    length = next(ends, 0)
    return (0, places[length - 1] + 1) if length else (0, 0)


def _phone(match: re.Match) -> tuple[int, int]:
    before = match.string[max(0, match.start() - 40) : match.start()]
    if REFERENCE.search(before) or _is_date(match.group()):
        return 0, 0
    return _whole(match)


def _is_date(number: str) -> bool:
    return bool(DATE.fullmatch(number) or DATE_INSIDE.search(number))


def _said_phone(match: re.Match) -> tuple[int, int]:
    if REFERENCE.search(match["gap"]) or _is_date(match["number"]):
        return 0, 0
    return match.start("number") - match.start(), len(match.group())


# The last of each three gives the place of what was found; an empty one where it is nothing.
MAILS = [("e-mail", E_MAIL, _whole)]
NUMBERS = [
    ("bank account", ACCOUNT, _account),
    ("identity number", CHINESE, _checked(is_chinese_identity)),
    ("identity number", TAIWANESE, _checked(is_taiwanese_identity)),
    ("identity number", SOCIAL, _phone),
    ("card number", CARD, _checked(is_card)),
    *(("phone", pattern, _phone) for pattern in PHONES),
]
