"""Names: which field of the contract a file's column is called after."""

import re
import unicodedata
from functools import lru_cache

from regulars.data.contract import TABLES, Field
from regulars.data.people.identifiers import name_kind

__all__ = ["EXACT", "PARTLY", "fold", "identifier_of", "is_known", "likeness"]

EXACT = 0.9
PARTLY = 0.5
"""A name from this on is an alias; one between is an alias with words around it."""

IN_BRACKETS = re.compile(r"[(\[{（【].*?[)\]}）】]")
UNIT = re.compile(r"(?:in)?(?:eur|euro|usd|gbp|cny|rmb|chf|twd|hkd|jpy|元)$")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
HAN = re.compile(r"[\u3400-\u9fff]")
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+")


@lru_cache(maxsize=10_000)
def fold(name: str) -> str:
    """Return a name without what people write in different ways.

    Examples
    --------
    >>> fold("Customer_ID"), fold("customerId"), fold(" ＣＵＳＴＯＭＥＲ．ｉｄ")
    ('customerid', 'customerid', 'customerid')
    >>> fold("Währung"), fold("Amount (EUR)"), fold("金额（元）")
    ('waehrung', 'amount', '金额')
    """
    plain = unicodedata.normalize("NFKC", name).lower().translate(UMLAUTS)
    plain = IN_BRACKETS.sub("", plain) or plain
    bare = "".join(sign for sign in plain if sign.isalnum())
    return UNIT.sub("", bare) or bare


def likeness(name: str, field: Field) -> float:
    """Return how much a column's name is that of a field: 1 its own, 0.9 an alias, 0 nothing.

    Examples
    --------
    >>> field = TABLES["purchases"].fields["ordered_at"]
    >>> likeness("ordered_at", field), likeness("shop order date", field), likeness("colour", field)
    (1.0, 0.5, 0.0)
    """
    folded, aliases = fold(name), _aliases(field)
    if folded == fold(field.name):
        return 1.0
    if folded in aliases:
        return 0.99 - 0.09 * aliases.index(folded) / len(aliases)
    return PARTLY if any(_within(alias, name) for alias in _phrases(field)) else 0.0


def is_known(name: str) -> bool:
    """Say whether any field of any table is called so."""
    return fold(name) in _all_aliases()


def identifier_of(name: str) -> str:
    """Return which direct identifier a column's name announces, or nothing.

    Examples
    --------
    >>> identifier_of("E-Mail"), identifier_of("手机号"), identifier_of("Vorname Nachname")
    ('email', 'phone', 'name')
    """
    dropped = [field for field in TABLES["customers"].fields.values() if field.person == "drop"]
    found = [field.name for field in dropped if likeness(name, field) >= EXACT]
    return found[0] if found else name_kind(name)


@lru_cache(maxsize=500)
def _aliases(field: Field) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(alias) for alias in field.aliases.split("|") if alias))


@lru_cache(maxsize=500)
def _phrases(field: Field) -> tuple[str, ...]:
    """Return the aliases that still mean the field with other words around them."""
    said = (field.name.replace("_", " "), *field.aliases.split("|"))
    return tuple(one for one in said if " " in one or (HAN.search(one) and len(one) > 2))


def _within(phrase: str, name: str) -> bool:
    if HAN.search(phrase):
        return fold(phrase) in fold(name)
    words = {word.lower() for word in WORDS.findall(unicodedata.normalize("NFKC", name))}
    return words.issuperset(phrase.split())


@lru_cache(maxsize=1)
def _all_aliases() -> frozenset[str]:
    fields = [field for table in TABLES.values() for field in table.fields.values()]
    return frozenset(
        alias for field in fields for alias in (fold(field.name), *_aliases(field)) if alias
    )
