"""Dates: read as declared, or missing; never another day."""

import datetime as dt

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.intake.dates import month_of, time_of


def times(texts: list[str | None], formats: list[str], zone: str = "") -> list[str]:
    """Read texts, and write what came as ISO text, nothing for a missing one."""
    rows = ibis.memtable({"n": range(len(texts)), "text": texts}, schema={"n": int, "text": str})
    read = rows.mutate(when=time_of(rows.text, formats, zone=zone)).order_by("n").execute().when
    return [
        "" if pd.isna(one) else one.isoformat(sep=" ").removesuffix(" 00:00:00") for one in read
    ]


ISO = {
    "2024-01-05": "2024-01-05",
    "2024-1-5": "2024-01-05",
    "2024-02-29": "2024-02-29",
    "2024-01-05 13:14": "2024-01-05 13:14:00",
    "2024-01-05T13:14:15.250": "2024-01-05 13:14:15.250000",
    "2023-02-29": "",
    "2024-02-30": "",
    "2024-13-01": "",
    "2024-01-05 25:00": "",
    "2024-01-05T23:30:00Z": "",  # a zone would move the day without a word
    "2024-01-05 23:30+09:00": "",
    "2024-01-05 (BC)": "",
    "24-01-05": "",
    "05/01/2024": "",
    "20240105": "",
    "infinity": "",
    "epoch": "",
    "x": "",
    None: "",
}


def test_iso_times() -> None:
    assert dict(zip(ISO, times(list(ISO), ["ISO"]), strict=True)) == ISO


@pytest.mark.parametrize(
    ("date_format", "texts"),
    [
        ("%d/%m/%Y", {"5/1/2024": "2024-01-05", "05/01/2024": "2024-01-05", "13/13/2024": ""}),
        ("%m/%d/%Y", {"5/1/2024": "2024-05-01", "13/1/2024": "", "1/13/2024": "2024-01-13"}),
        ("%d.%m.%y", {"05.01.24": "2024-01-05", "05.01.2024": "", "5.1.24 ": ""}),
        ("%d.%m.%Y", {"05.01.2024": "2024-01-05", "05.01.24": "0024-01-05", "05-01-2024": ""}),
        # Seven digits: the engine alone would read January 5th.
        ("%Y%m%d", {"20240105": "2024-01-05", "2024015": "", "2024-01-05": "", "202401050": ""}),
        ("%d-%b-%Y", {"5-Jan-2024": "2024-01-05", "05-JAN-2024": "2024-01-05", "5-Mai-2024": ""}),
        ("%m/%d/%Y %I:%M %p", {"1/5/2024 1:07 pm": "2024-01-05 13:07:00", "1/5/2024 13:07 PM": ""}),
        ("%Y年%m月%d日", {"2024年1月5日": "2024-01-05", "2024年13月5日": ""}),
        ("%Y-%m-%d %H:%M:%S", {"2024-01-05 00:07:09": "2024-01-05 00:07:09", "2024-01-05": ""}),
    ],
)
def test_declared_forms(date_format: str, texts: dict[str, str]) -> None:
    assert dict(zip(texts, times(list(texts), [date_format]), strict=True)) == texts


@pytest.mark.parametrize(
    ("date_format", "texts"),
    [
        (
            "excel",
            {"45296": "2024-01-05", "45296.5": "2024-01-05 12:00:00", "61": "1900-03-01", "60": ""},
        ),
        ("excel1904", {"43834": "2024-01-05", "-5": "", "1e4": "", "2024-01-05": ""}),
    ],
)
def test_days_of_a_spreadsheet(date_format: str, texts: dict[str, str]) -> None:
    assert dict(zip(texts, times(list(texts), [date_format]), strict=True)) == texts


def test_several_forms_are_tried_in_turn() -> None:
    found = times(["2024-01-05", "06.01.2024", "45298", "7"], ["ISO", "%d.%m.%Y", "excel"])
    assert found == ["2024-01-05", "2024-01-06", "2024-01-07", ""]


@pytest.mark.parametrize(
    ("zone", "text", "local"),
    [
        ("Asia/Shanghai", "2024-01-05T20:30:00Z", "2024-01-06 04:30:00"),
        ("Asia/Shanghai", "2024-01-05 20:30+09:00", "2024-01-05 19:30:00"),
        ("Asia/Shanghai", "2024-01-05T20:30Z", "2024-01-06 04:30:00"),
        ("Asia/Shanghai", "2024-01-05 20:30:00.5 +09", "2024-01-05 19:30:00.500000"),
        ("America/New_York", "2024-01-05T03:00:00+0100", "2024-01-04 21:00:00"),
        (
            "Europe/Berlin",
            "2024-03-31T00:59:59Z",
            "2024-03-31 01:59:59",
        ),  # before the clocks change
        ("Europe/Berlin", "2024-03-31T01:00:00Z", "2024-03-31 03:00:00"),  # and after it
        ("Europe/Berlin", "2024-01-05 13:14", "2024-01-05 13:14:00"),  # local where none is said
        ("Europe/Berlin", "2024-01-05Z", ""),
        ("Europe/Berlin", "2024-01-05T13:14:00 Europe/Paris", ""),
    ],
)
def test_an_offset_becomes_local_time_where_the_zone_is_said(
    zone: str, text: str, local: str
) -> None:
    assert times([text], ["ISO"], zone) == [local]


@pytest.mark.parametrize(
    ("text", "formats", "month"),
    [
        ("2025-03", ["ISO"], "2025-03-01"),
        ("2025-3", ["%d.%m.%Y"], "2025-03-01"),
        ("2025-03-17", ["ISO"], "2025-03-01"),
        ("03/2025", ["%m/%Y"], "2025-03-01"),
        ("2025-13", ["ISO"], ""),
        ("03/2025", ["ISO"], ""),
    ],
)
def test_months_are_their_first_day(text: str, formats: list[str], month: str) -> None:
    rows = ibis.memtable({"text": [text]})
    read = rows.select(month=month_of(rows.text, formats)).execute().month[0]
    assert ("" if pd.isna(read) else str(read)[:10]) == month


@settings(max_examples=15, deadline=None)
@given(
    days=st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), min_size=1, max_size=30),
    date_format=st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y", "%Y年%m月%d日"]),
)
def test_what_is_written_in_a_form_is_read_in_it(days: list[dt.date], date_format: str) -> None:
    assert times([day.strftime(date_format) for day in days], [date_format]) == list(map(str, days))
