"""Identifiers: names, addresses, phones and mails of nobody, made up by a seeded stream.

Mail goes to domains kept for examples. The phone numbers have the shape of German, French and
Chinese mobile numbers; the German ones begin their subscriber number with 0, and the French ones
lie in the range kept for films.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.data.simulate.columns import choose, joined

__all__ = ["identifiers", "mails", "phones"]

FIRST = (
    "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Klara",
    "Leon", "Marie", "Nils", "Olivia", "Paul", "Renate", "Samuel", "Theo", "Ulrike", "Chloé",
    "Étienne", "Léa", "Mathieu", "Søren", "Jürgen", "Zoë", "Giulia", "Matteo", "Sofía", "Álvaro",
)  # fmt: skip
LAST = (
    "Albrecht", "Brandt", "Christen", "Dörfler", "Engels", "Frings", "Götz", "Hartmann", "Imhof",
    "Jansen", "Krüger", "Lindner", "Möller", "Neumann", "Ohlsen", "Petersen", "Quast", "Richter",
    "Schäfer", "Thomsen", "Ullrich", "Voss", "Weiß", "Zander", "Dubois", "Lefèvre", "Moreau",
    "Rossi", "Bianchi", "García", "Núñez", "Silva", "O'Neill", "Nowak",
)  # fmt: skip
SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
GIVEN = (
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超",
    "秀英",
    "建国",
    "晓燕",
    "子轩",
    "雨桐",
    "浩然",
    "欣怡",
)
COMPANY_WORDS = (
    "Nordlicht", "Seeblick", "Talweg", "Bergmann", "Hafen", "Quelle", "Linden", "Kontor",
)  # fmt: skip
COMPANY_FORMS = ["GmbH", "& Söhne KG", "SARL", "AG", "e. K."]
STREETS = (
    "Lindenweg", "Hauptstraße", "Am Markt", "Rue des Écoles", "Mühlgasse", "Bahnhofstraße",
)  # fmt: skip
TOWNS = ("Musterstadt", "Neudorf", "Altenfels", "Bergheimbach", "Seeheide", "Ville-Exemple")
ROADS = ("光明路", "人民路", "解放路", "和平街", "建设大道", "中山路")
CITIES = ("新城", "东湖", "南山", "西河", "北苑")
DOMAINS = ("example.com", "example.org", "example.net")


def identifiers(
    numbers: np.ndarray, companies: np.ndarray, rng: np.random.Generator
) -> dict[str, pa.Array]:
    """Return name, email, phone and address for customers.

    Parameters
    ----------
    numbers : array of int
        The customers' numbers; they stand in the mail addresses, which are unique by them.
    companies : array of bool
        Which of them are companies.
    rng : Generator
        Where chance comes from.

    Examples
    --------
    >>> made = identifiers(np.array([42]), np.array([False]), np.random.default_rng(7))
    >>> made["email"][0].as_py().split("@")[1].startswith("example.")
    True
    """
    n = len(numbers)
    chinese = (rng.random(n) < 0.2) & ~companies
    latin = joined(_pick(FIRST, n, rng), " ", _pick(LAST, n, rng))
    han = joined(_pick(SURNAMES, n, rng), _pick(GIVEN, n, rng))
    firm = joined(_pick(COMPANY_WORDS, n, rng), " ", _pick(COMPANY_FORMS, n, rng))
    name = pc.if_else(pa.array(companies), firm, pc.if_else(pa.array(chinese), han, latin))
    return {
        "name": name,
        "email": mails(numbers, rng),
        "phone": phones(chinese, rng),
        "address": pc.if_else(pa.array(chinese), _han_address(n, rng), _latin_address(n, rng)),
    }


def mails(numbers: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Return a mail address for each number, at a domain kept for examples."""
    n = len(numbers)
    words = ["mail", "post", "hello", "kontakt", "me", "box"]
    return joined(_pick(words, n, rng), ".", _text(numbers), "@", _pick(DOMAINS, n, rng))


def phones(chinese: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Return a phone number for each customer, Chinese where `chinese` says so."""
    n = len(chinese)
    german = joined("+49 151 0", _digits(7, n, rng))
    french = joined("+33 6 39 98 ", _digits(2, n, rng), " ", _digits(2, n, rng))
    mainland = joined(_pick(["135", "138", "159", "186"], n, rng), _digits(8, n, rng))
    latin = pc.if_else(pa.array(rng.random(n) < 0.8), german, french)
    return pc.if_else(pa.array(chinese), mainland, latin)


def _latin_address(n: int, rng: np.random.Generator) -> pa.Array:
    street = joined(_pick(STREETS, n, rng), " ", _text(rng.integers(1, 120, n)))
    return joined(street, ", ", _digits(5, n, rng), " ", _pick(TOWNS, n, rng))


def _han_address(n: int, rng: np.random.Generator) -> pa.Array:
    return joined(_pick(CITIES, n, rng), _pick(ROADS, n, rng), _text(rng.integers(1, 400, n)), "号")


def _pick(words: Sequence[str], n: int, rng: np.random.Generator) -> pa.Array:
    return choose(words, rng.integers(0, len(words), n))


def _digits(count: int, n: int, rng: np.random.Generator) -> pa.Array:
    return pc.utf8_lpad(_text(rng.integers(0, 10**count, n)), count, "0")


def _text(numbers: np.ndarray) -> pa.Array:
    return pa.array(np.asarray(numbers)).cast(pa.string())
