"""The shop: what must be said once for the whole workbook, told from all its files together."""

import datetime as dt
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from regulars.data.contract import TABLES
from regulars.data.looking.duplicates import duplicates
from regulars.data.looking.entries import Entry
from regulars.data.looking.finding import Finding, counted
from regulars.data.people.customer_ids import SPOILED
from regulars.errors import DataError
from regulars.parameters.rules import Intake

__all__ = ["EVENTS", "Shop", "shop_of"]

STRAYS = 0.005
THIN = 0.1
WEEKS = 28
EVENTS = {
    name: table.time
    for name, table in TABLES.items()
    if table.time and table.fields[table.time].later == "reject"
}
"""Tables whose rows happen by ``as_of``, with the column that says when."""

SIGNS = {
    "€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "NT$": "TWD", "HK$": "HKD", "元": "CNY",
    "RMB": "CNY", "₹": "INR", "₩": "KRW", "₽": "RUB", "R$": "BRL", "Fr.": "CHF", "Fr": "CHF",
}  # fmt: skip
PERIODS = (365, 182, 91, 30, 7)
IN_NAME = re.compile(r"(?<![A-Za-z])(EUR|USD|GBP|CNY|RMB|CHF|TWD|HKD|JPY)(?![A-Za-z])")
SIMPLIFIED, TRADITIONAL = set("户单额编号订间类产价"), set("戶單額編號訂間類產價")
BETWEEN = re.compile(r"[\s_\-./]+")


@dataclass
class Shop:
    """What the parameter file says outside ``sources``, with a finding for each."""

    as_of: dt.date
    currency: str
    holdout_days: int
    period_days: int
    intake: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def shop_of(entries: list[Entry], *, as_of: dt.date | None) -> Shop:
    """Decide what holds for the whole workbook.

    Parameters
    ----------
    entries : list of Entry
        All files that are used, each alone.
    as_of : date, optional
        The last day the reports know about, where somebody says it.

    Raises
    ------
    DataError
        If no purchase has a date.
    """
    newest = _as_of(entries, as_of)
    day = dt.date.fromisoformat(newest.decided)
    holdout, period = _lengths(entries, day)
    currency = _currency(entries)
    shop = Shop(day, currency.decided, int(holdout.decided), int(period.decided))
    shop.findings = [newest, currency, holdout, period]
    for found in (duplicates(_bought(entries)), _customer_ids(entries), _timezone(entries)):
        if found:
            shop.intake[found.what.partition(".")[2]] = found.decided
            shop.findings.append(found)
    shop.findings += _noticed(entries)
    return shop


def _days(entries: list[Entry], tables: tuple[str, ...]) -> Counter:
    days: Counter = Counter()
    for entry in entries:
        if entry.table in tables and EVENTS[entry.table] in entry.dates:
            days.update(entry.dates[EVENTS[entry.table]].days)
    return days


def _as_of(entries: list[Entry], given: dt.date | None) -> Finding:
    if given:
        return Finding("as_of", given.isoformat(), "it was given with --as-of")
    days = _days(entries, tuple(EVENTS))
    if not _days(entries, ("purchases",)):
        raise DataError(
            "No purchase has a date that reads as one, so there is no as_of. Expected dates such "
            "as 2024-12-31 in the column of ordered_at."
        )
    newest, beyond = _plausible_end(days)
    because = "it is the newest day in the tables"
    if beyond:
        because += f" but for {counted(beyond, 'row')} in a thin tail beyond it"
    bought = _plausible_end(_days(entries, ("purchases",)))[0]
    if bought != newest:
        because += f", though purchases end on {bought}"
    return Finding("as_of", newest.isoformat(), because, sure=False)


def _plausible_end(days: Counter) -> tuple[dt.date, int]:
    """Return the newest day but for a thin tail of strays, and how many rows those are.

    Strays are a few rows, ten times thinner than the four weeks before them. The day at which two
    steady rates (Poisson) explain the rows best parts them from the others.
    """
    last, tails, beyond = max(days), {}, 0
    for earlier, later in reversed(list(pairwise(sorted(days)))):
        beyond += days[later]
        if beyond > max(1, STRAYS * days.total()):
            break
        before = sum(days[earlier - dt.timedelta(n)] for n in range(WEEKS)) / WEEKS
        if beyond / (last - earlier).days <= THIN * before:
            tails[earlier] = beyond
    if not tails:
        return last, 0
    start = min(tails) - dt.timedelta(WEEKS)
    rows = sum(n for day, n in days.items() if day > start)
    end = max(tails, key=lambda day: _fit_of(rows - tails[day], (day - start).days)
              + _fit_of(tails[day], (last - day).days))  # fmt: skip
    # A quiet last day is still one of the shop's: it has more than the tail behind it.
    while (day := end + dt.timedelta(1)) in tails:
        if days[day] <= 2 * tails[day] / (last - day).days:
            break
        end = day
    return end, tails[end]


def _fit_of(rows: int, days: int) -> float:
    """Return the log-likelihood of rows that come at one rate, but for what is the same for all."""
    return rows * math.log(rows / days)


def _lengths(entries: list[Entry], as_of: dt.date) -> tuple[Finding, Finding]:
    """Return how much to hold back, and how long a period is, from how long purchases go back."""
    days = [day for day in _days(entries, ("purchases",)) if day <= as_of]
    span = (max(days) - min(days)).days if days else 0
    third = str(min(max(span // 3, 7), 3650))
    half = next((length for length in PERIODS if 2 * length <= span + 1), PERIODS[-1])
    of = f"the {counted(span, 'day')} of purchases"
    return (
        Finding("holdout_days", third, f"it is a third of {of}", sure=False),
        Finding(
            "period_days",
            str(half),
            f"it is the longest usual period of which {of} hold two",
            sure=False,
        ),
    )


def _currency(entries: list[Entry]) -> Finding:
    found = list(_currencies(entries))
    if found:
        return found[0]
    headers = "".join(name for entry in entries for name in entry.contents[0].columns)
    decimals = {str(entry.form.get("decimal", ".")) for entry in entries}
    simple, old = (len(signs & set(headers)) for signs in (SIMPLIFIED, TRADITIONAL))
    if simple or old:
        code, seen = ("CNY", "simplified") if simple > old else ("TWD", "traditional")
        because = f"the columns have {seen} Chinese names, and no amount has a sign"
    elif "," in decimals:
        code, because = "EUR", "amounts have a decimal comma, and none has a sign"
    else:
        code, because = "USD", "nothing in the files says another"
    return Finding("currency", code, because, sure=False)


def _currencies(entries: list[Entry]) -> Iterator[Finding]:
    """Yield what columns, signs and names say about the currency, the surest first."""
    codes: Counter = Counter()
    for entry in entries:
        if column := entry.column("currency"):
            codes.update({c.upper(): n for c, n in column.counts.items() if len(c) == 3})
    codes = Counter({code: n for code, n in codes.items() if re.fullmatch("[A-Z]{3}", code)})
    if codes:
        (code, times), *rest = codes.most_common()
        because = f"the column currency says so in {counted(times, 'row')}"
        if rest:
            others = ", ".join(code for code, _ in rest[:5])
            because += f"; intake.rates must say what {others} are worth"
        yield Finding("currency", code, because, not rest)
    for entry in entries:
        sign = str(entry.form.get("currency_sign", ""))
        if sign and (code := SIGNS.get(sign, sign if re.fullmatch("[A-Z]{3}", sign) else "")):
            yield Finding("currency", code, f"amounts have the sign {sign}", sign not in "$元")
        for ours in ("amount", "unit_price", "fee", "cost"):
            if named := IN_NAME.search(entry.columns.get(ours, "")):
                code = named[1].replace("RMB", "CNY")
                yield Finding("currency", code, f"the column of {ours} is named so")


def _bought(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.table == "purchases"]


def _ids(entries: list[Entry]) -> Counter:
    ids: Counter = Counter()
    for entry in entries:
        if column := entry.column("customer_id"):
            ids.update(column.counts)
    return ids


def _customer_ids(entries: list[Entry]) -> Finding | None:
    """See whether one customer's id is written in several ways."""
    exact = {unicodedata.normalize("NFKC", one).strip() for one in _ids(entries)}
    alike = {BETWEEN.sub("-", one.upper()) for one in exact}
    if len(alike) == len(exact):
        return None
    because = (
        f"{counted(len(exact), 'id')} are {len(alike):,} when case and the signs between their "
        "parts do not count (cust_42, CUST-42)"
    )
    return Finding("intake.customer_ids", "normalise", because, sure=False)


def _timezone(entries: list[Entry]) -> Finding | None:
    offsets: Counter = Counter()
    for entry in entries:
        for dates in entry.dates.values():
            offsets.update(dates.offsets)
    if not offsets:
        return None
    hours = {re.sub(r"^Z$", "+00:00", one)[:3] for one in offsets}
    zone = {frozenset({"+08"}): "Asia/Shanghai", frozenset({"+01", "+02"}): "Europe/Berlin"}
    said = ", ".join(f"{one}" for one, _ in offsets.most_common(3))
    because = f"{counted(offsets.total(), 'time')} carry an offset ({said}); put the shop's zone"
    return Finding("intake.timezone", zone.get(frozenset(hours), "UTC"), because, sure=False)


def _noticed(entries: list[Entry]) -> Iterator[Finding]:
    """Say what intake will do with some customer ids; nothing is to be declared for it."""
    ids = _ids(entries)
    test = re.compile(Intake().test_customers, re.IGNORECASE)
    tests = sum(n for one, n in ids.items() if test.fullmatch(one))
    spoiled = sum(n for one, n in ids.items() if re.fullmatch(SPOILED.strip("^$"), one))
    if tests:
        because = f"{counted(tests, 'row')} are of test customers"
        yield Finding("test customers", "rejected", because)
    if spoiled:
        because = f"{counted(spoiled, 'row')} have a customer id that a spreadsheet spoiled"
        yield Finding("spoiled ids", "rejected", because)
