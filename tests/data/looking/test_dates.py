"""Dates: a part over 12 proves the order; what nothing proves is not sure; the engine agrees."""

import datetime as dt

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.data.intake import dates as engine_dates
from regulars.data.looking.dates import dates_in
from regulars.data.looking.orders import Around


@pytest.mark.parametrize(
    ("texts", "formats", "sure"),
    [
        (["2024-03-05", "2024-03-06T10:00:00.25", "2024-3-7 9:05"], ["ISO"], True),
        (["2024/03/05", "2024/3/15"], ["%Y/%m/%d"], True),
        (["2024/03/05 9:05", "2024/3/15 19:05"], ["%Y/%m/%d %H:%M"], True),
        (["2024年3月5日"], ["%Y年%m月%d日"], True),
        (["13.04.2024", "03.05.2024"], ["%d.%m.%Y"], True),
        (["04/13/2024", "05/03/2024"], ["%m/%d/%Y"], True),
        (["04/13/2024 9:05 PM"], ["%m/%d/%Y %I:%M %p"], True),
        (["31.12.99", "01.02.98"], ["%d.%m.%y"], True),
        (["20240305", "20241231"], ["%Y%m%d"], True),
        (["05-Mar-2024", "16-May-2024"], ["%d-%b-%Y"], True),
        (["5 March 2024"], ["%d %B %Y"], True),
        (["Mar 5, 2024"], ["%b %d, %Y"], True),
        (["45000", "45001.5"], ["excel"], False),
        (["03/04/2024", "05/06/2024"], ["%d/%m/%Y"], False),
        (["13/04/2024", "04/13/2024", "14/04/2024"], ["%d/%m/%Y"], False),
        (["05/05/2024"], ["%d/%m/%Y"], False),
    ],
)
def test_the_format_is_found_and_the_engine_reads_it(
    texts: list[str], formats: list[str], sure: bool
) -> None:
    found = dates_in(dict.fromkeys(texts, 1))
    assert (found.formats, found.sure) == (formats, sure)
    column = ibis.memtable({"text": [text for text in texts if text not in found.unread]}).text
    read = engine_dates.time_of(column, found.formats).execute()
    assert sorted(read.dt.date) == sorted(found.days.elements())


@pytest.mark.parametrize(
    ("texts", "formats"),
    [(["2025-03", "2025-4"], ["ISO"]), (["202503"], ["%Y%m"]), (["03/2025"], ["%m/%Y"]),
     (["2025年3月"], ["%Y年%m月"]), (["2025-03-01"], ["ISO"])],
)  # fmt: skip
def test_months(texts: list[str], formats: list[str]) -> None:
    assert dates_in(dict.fromkeys(texts, 1), month=True).formats == formats


@pytest.mark.parametrize(
    "text", ["31.02.2024", "2024-13-32", "12.03.2024 10:00:00.12", "12.03.2024 25:00", "NA", "1709"]
)
def test_what_intake_could_not_read_is_no_date(text: str) -> None:
    found = dates_in({text: 2})
    assert (found.formats, found.unread.total(), found.days.total()) == ([], 2, 0)


def test_offsets_are_counted() -> None:
    assert dates_in({"2024-03-05T10:00:00+08:00": 2}).offsets == {"+08:00": 2}


AMBIGUOUS = {"03/04/2024": 1, "03/05/2024": 1}


def test_other_evidence_chooses_but_never_proves() -> None:
    april = (dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    for around in (Around(within=april), Around(columns=("%m/%d/%Y",))):
        found = dates_in(AMBIGUOUS, around=around)
        assert (found.formats, found.sure, found.rival) == (["%m/%d/%Y"], False, "%d/%m/%Y")
    rows = ["01/02/2024", "01/05/2024", "01/12/2024", "02/01/2024", "03/01/2024", "03/04/2024"]
    found = dates_in(dict.fromkeys(rows, 1), rows=rows)
    assert "in order" in found.because[0]
    assert found.formats == ["%m/%d/%Y"]


DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2030, 12, 31))
FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y%m%d", "%d.%m.%y",
           "%m/%d/%y", "%d-%b-%Y", "%Y年%m月%d日"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=30), form=st.sampled_from(FORMATS))
def test_a_sure_format_is_the_one_that_was_written(days: list[dt.date], form: str) -> None:
    found = dates_in({day.strftime(form): 1 for day in days})
    assert found.formats == [form.replace("%Y-%m-%d", "ISO")] or not found.sure
    if found.sure:
        assert set(found.days) == set(days)
