"""Checksums: whether a number can be a card, a bank account or an identity number at all.

Each takes the number without blanks and signs. A number made at random passes Luhn once in ten
times, mod 97 once in 97, and the Chinese check digit once in eleven.
"""

import re

__all__ = ["is_card", "is_chinese_identity", "is_iban", "is_taiwanese_identity"]

# Who gives out cards beginning so, and how long these numbers are (ISO/IEC 7812).
CARDS = re.compile(
    r"4\d{12}(\d{3}){0,2}"  # Visa
    r"|5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}|3(0[0-5]|[689]\d)\d{11}|35(2[89]|[3-8]\d)\d{12}"  # Amex, Diners, JCB
    r"|6(011|4[4-9]\d|5\d\d)\d{12}|(62|81)\d{14,17}"  # Discover, UnionPay
    r"|(5[0678]|6[37])\d{14,17}|9558\d{15}"  # Maestro, ICBC
)
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
CHINESE = re.compile(r"[1-9]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
CHINESE_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TAIWANESE_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # stand for 10 to 35


def is_card(number: str) -> bool:
    """Return whether digits are a card number: a known issuer, its length, and Luhn's check.

    Examples
    --------
    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    if not CARDS.fullmatch(number):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(doubled)) % 10 == 0


def is_iban(account: str) -> bool:
    """Return whether capitals and digits are an IBAN of its country's length (ISO 13616).

    Examples
    --------
    >>> is_iban("DE89370400440532013000"), is_iban("DE89370400440532013001")
    (True, False)
    """
    if IBAN_LENGTHS.get(account[:2]) != len(account):
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def is_chinese_identity(number: str) -> bool:
    """Return whether 17 digits and a digit or X are an identity number (GB 11643-1999).

    Examples
    --------
    >>> is_chinese_identity("11010519491231002X"), is_chinese_identity("110105194912310021")
    (True, False)
    """
    if not CHINESE.fullmatch(number):
        return False
    weighted = sum(
        weight * int(digit) for weight, digit in zip(CHINESE_WEIGHTS, number, strict=False)
    )
    return number[17] == "10X98765432"[weighted % 11]


def is_taiwanese_identity(number: str) -> bool:
    """Return whether a capital and nine digits are an identity number of Taiwan.

    Examples
    --------
    >>> is_taiwanese_identity("A123456789"), is_taiwanese_identity("A123456788")
    (True, False)
    """
    letter = TAIWANESE_LETTERS.find(number[0]) + 10
    digits = [letter // 10, letter % 10, *map(int, number[1:])]
    return sum(map(int.__mul__, digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0
