"""Forms: the ways files are written, and how a clean cell looks in each of them.

A clean cell is text as it stands in the clean file. What is no clean date or no clean amount, a
planted one, is written as it is.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DATES", "Form", "Kind", "cell", "kind_of", "line"]

Kind = str
MONEY = {"amount", "unit_price", "cost", "discount", "fee"}
NUMBER = {"quantity", "score", "scale_max", "csat"}
CLEAN_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?")
CLEAN_MONEY = re.compile(r"(-?)(\d+)\.(\d\d)")

DATES = {
    "%Y-%m-%d": "{y}-{m}-{d}",
    "%Y/%m/%d": "{y}/{m}/{d}",
    "%Y年%m月%d日": "{y}年{M}月{D}日",
    "%d.%m.%Y": "{d}.{m}.{y}",
    "%d/%m/%Y": "{d}/{m}/{y}",
    "%m/%d/%Y": "{m}/{d}/{y}",
}
"""How days are written, by the format that reads them."""


@dataclass(frozen=True)
class Form:
    """How a file is written."""

    ending: str  # csv, tsv, txt, xlsx, parquet, jsonl; with .gz, or in a zip
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    date_format: str = "%Y-%m-%d"
    time_format: str = "%H:%M:%S"
    language: str = "contract"
    line_end: str = "\n"
    packing: str = ""  # gzip or zip
    sheet: str = ""

    @property
    def is_text(self) -> bool:
        """Whether the file consists of lines of fields."""
        return self.ending in ("csv", "tsv", "txt")

    def facts(self, *, days: bool) -> dict[str, str]:
        """Return what there is to know to read the file; what does not apply is left out.

        Where `days` is true, its times are days without a time of day.
        """
        moment = self.date_format if days else f"{self.date_format} {self.time_format}"
        if self.ending in ("xlsx", "parquet"):
            return {"format": self.ending} | ({"sheet": self.sheet} if self.sheet else {})
        facts = {"format": self.ending, "encoding": self.encoding, "date_format": moment}
        if self.is_text:
            facts |= {
                "delimiter": self.delimiter,
                "decimal": self.decimal,
                "thousands": self.thousands,
            }
        return facts | ({"packing": self.packing} if self.packing else {})


def kind_of(column: str) -> Kind:
    """Return what a column holds: time, money, number or text.

    Examples
    --------
    >>> kind_of("ordered_at"), kind_of("fee"), kind_of("order_id")
    ('time', 'money', 'text')
    """
    if column.endswith(("_at", "_on", "_date")):
        return "time"
    if column in MONEY:
        return "money"
    return "number" if column in NUMBER else "text"


def cell(form: Form, column: str, text: str) -> str:
    """Write a clean cell in a form.

    Examples
    --------
    >>> german = Form("csv", delimiter=";", decimal=",", thousands=".", date_format="%d.%m.%Y")
    >>> cell(german, "amount", "-1234.50"), cell(german, "ordered_at", "2024-03-05 14:02:11")
    ('-1.234,50', '05.03.2024 14:02:11')
    """
    kind = kind_of(column)
    if kind == "time":
        return _time(form, text)
    return _money(form, text) if kind == "money" else text


def _time(form: Form, text: str) -> str:
    found = CLEAN_TIME.fullmatch(text)
    if not found:
        return text
    y, m, d, hour, minute, second = found.groups()
    day = DATES[form.date_format].format(y=y, m=m, d=d, M=int(m), D=int(d))
    if hour is None:
        return day
    if "%p" in form.time_format:
        half = "AM" if int(hour) < 12 else "PM"
        return f"{day} {(int(hour) + 11) % 12 + 1:02d}:{minute}:{second} {half}"
    return f"{day} {hour}:{minute}:{second}"


def _money(form: Form, text: str) -> str:
    found = CLEAN_MONEY.fullmatch(text)
    if not found:
        return text
    sign, whole, cents = found.groups()
    if form.thousands:
        whole = f"{int(whole):,}".replace(",", form.thousands)
    return f"{sign}{whole}{form.decimal}{cents}"


def line(form: Form, cells: Sequence[str]) -> str:
    """Write cells as one line of a text file, without its line end.

    Examples
    --------
    >>> line(Form("csv"), ["a", "b,c"])
    'a,"b,c"'
    """
    text = io.StringIO()
    csv.writer(text, delimiter=form.delimiter, lineterminator="").writerow(cells)
    return text.getvalue()
