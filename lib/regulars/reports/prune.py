"""Prune: what has had its time goes: lists past their day, rejected rows, old runs and pages.

There is no clock here. What is past is counted from a day that is given, or else from the newest
day the workbook has pages of.
"""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from regulars import paths
from regulars.data.store import write_json
from regulars.errors import ParameterError
from regulars.reports.lists import RECORD, BusyError
from regulars.reports.publish import write_index
from regulars.text import nearest

__all__ = ["prune"]

# Rows as they came, notebooks that ran on them, and what was left by a run that was killed.
LEFT_BEHIND = ("run", "rejected", "mend", "staged", "list-*", "spill-*")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(\.failed)?")
LIST = re.compile(r"[A-Za-z0-9_-]+\.(csv|xlsx)")

Removed = tuple[Path, str]
"""What was removed, and why."""


def prune(workbook: str, *, as_of: dt.date | None = None, keep: int | None = None) -> list[Removed]:
    """Remove what a workbook no longer needs; its clean tables, results and facts stay.

    Parameters
    ----------
    workbook : str
        A workbook that has been run.
    as_of : datetime.date, optional
        Lists that may be kept until an earlier day go; unless given, the newest day there are
        pages of.
    keep : int, optional
        Of how many days the pages stay, the newest; unless given, of all.

    Returns
    -------
    list of (Path, str)
        What was removed, and why.

    Raises
    ------
    ParameterError
        If there is no such workbook.
    BusyError
        While it is being run.
    """
    work, pages = paths.work(workbook), paths.reports() / workbook
    known = sorted(path.name for path in work.parent.glob("[!.]*") if path.is_dir())
    if workbook not in known:
        raise ParameterError(
            f"Expected a workbook that has been run, found no {workbook!r}"
            f"{nearest(workbook, known) or '.'} There are: {', '.join(known) or 'none'}."
        )
    try:
        with FileLock(work / ".running", timeout=0):
            left = [path for name in LEFT_BEHIND for path in sorted(work.glob(name))]
            why = "rows as they came, and notebooks that ran on them"
            return [*_old_lists(pages, as_of), *_old_pages(pages, keep), *_gone(left, why)]
    except Timeout:
        raise BusyError("this workbook is being run. Wait for that run to end.") from None


def _days(pages: Path) -> list[Path]:
    """Return the folders of pages, the oldest first."""
    return sorted(path for path in pages.glob("[!.]*") if DAY.fullmatch(path.name))


def _old_lists(pages: Path, as_of: dt.date | None) -> list[Removed]:
    days = _days(pages)
    today = str(as_of) if as_of else max((day.name[:10] for day in days), default="")
    removed = []
    for record in sorted(pages.glob(f"*/downloads/{RECORD}")):
        lists = json.loads(record.read_text(encoding="utf-8"))
        past = {name for name, one in lists.items() if one["keep_until"] < today}
        for name in sorted(filter(LIST.fullmatch, past)):
            until = lists[name]["keep_until"]
            removed += _gone([record.with_name(name)], f"could be kept until {until}")
        _enter(record, {name: one for name, one in lists.items() if name not in past})
    return removed


def _enter(record: Path, lists: dict) -> None:
    if lists:
        write_json(record, lists)
        return
    record.unlink()
    with suppress(OSError):  # what else lies there stays
        record.parent.rmdir()


def _old_pages(pages: Path, keep: int | None) -> list[Removed]:
    if keep is None:
        return []
    folders = _days(pages)
    newest = sorted({folder.name[:10] for folder in folders}, reverse=True)[:keep]
    old = [folder for folder in folders if folder.name[:10] not in newest]
    removed = _gone(old, f"not among the newest {keep}")
    if removed:
        write_index()
    return removed


def _gone(places: Iterable[Path], why: str) -> list[Removed]:
    there = [place for place in places if place.exists()]
    for place in there:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    return [(place, why) for place in there]
