"""Numbers: text becomes a decimal, in the marks its source declares, or is missing.

What does not read as a number in just those marks is not guessed at. Forms that mean one thing
everywhere are read as well: a minus behind the number or brackets around it (bookkeeping), a
declared currency sign, full-width digits.
"""

import re

import ibis
import ibis.expr.types as ir

from regulars.parameters.source import Source

__all__ = ["MONEY", "WIDE_MONEY", "number_of"]

MONEY = "decimal(18, 4)"
WIDE_MONEY = "decimal(38, 4)"
WIDE, NARROW = "０１２３４５６７８９．，－＋（）−", "0123456789.,-+()-"
SPACES = r"[ \x{00A0}\x{2009}\x{202F}]"
APOSTROPHES = r"['\x{2019}]"
BRACKETED = r"^\((.*)\)$"
BEHIND = r"^(.*[0-9.,])-$"


def number_of(text: ir.StringValue, source: Source) -> ir.DecimalValue:
    """Return text as decimal(18, 4); what is no number in the source's marks becomes missing.

    Parameters
    ----------
    text : string expression
        Trimmed; missing stays missing.
    source : Source
        Its `decimal`, `thousands` and `currency_sign` say how numbers are written.
    """
    plain = _pattern(source)
    usual = text.re_search(plain)
    other = _bookkeeping(text, source)
    other = ibis.ifelse(other.re_search(plain), other, None)
    return _bare(ibis.ifelse(usual, text, other), source).try_cast(MONEY)


def _pattern(source: Source) -> str:
    point = re.escape(source.decimal)
    whole = "[0-9]+"
    if source.thousands:
        mark = _mark(source.thousands)
        whole = f"([0-9]{{1,3}}({mark}[0-9]{{3}})+|[0-9]+)"
    return rf"^[+-]?({whole}({point}[0-9]*)?|{point}[0-9]+)$"


def _mark(thousands: str) -> str:
    return {" ": SPACES, "'": APOSTROPHES}.get(thousands, re.escape(thousands))


def _bookkeeping(text: ir.StringValue, source: Source) -> ir.StringValue:
    text = text.translate(WIDE, NARROW)
    if source.currency_sign:
        sign = re.escape(source.currency_sign)
        # Only before or behind the number: 1€50 is not 150.
        text = text.re_replace(rf"^([+(-]?){SPACES}*{sign}{SPACES}*", r"\1")
        text = text.re_replace(rf"{SPACES}*{sign}{SPACES}*([)-]?)$", r"\1")
        text = text.re_replace(rf"^([+-]){SPACES}+", r"\1")
    return text.re_replace(BRACKETED, r"-\1").re_replace(BEHIND, r"-\1")


def _bare(text: ir.StringValue, source: Source) -> ir.StringValue:
    if source.thousands:
        text = text.re_replace(_mark(source.thousands), "")
    return text if source.decimal == "." else text.replace(",", ".")
