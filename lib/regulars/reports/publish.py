"""Publish: one dated folder of pages and files for machines, put in place at once.

A run in which everything is done goes to ``reports/<workbook>/<as_of>``. A run with a failure goes
beside it, to ``<as_of>.failed``, so that it neither replaces the last good pages nor looks
finished; the next good run takes it away.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import nbformat

from regulars import paths
from regulars.data.facts import read_facts
from regulars.data.store import write_json, write_text
from regulars.errors import RunError
from regulars.reports import page, records
from regulars.reports.evidence import Job, Outcome
from regulars.reports.records import About
from regulars.workbook import OVERVIEW

__all__ = ["publish", "recover", "write_index"]


def publish(about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome]) -> Path:
    """Make the pages of a run and put them in place; return the folder.

    Raises
    ------
    RunError
        If the folder cannot be written. The last good pages are then as they were.
    """
    good = all(outcome.state == "done" for outcome in outcomes.values())
    place = about.place if good else _failed_beside(about.place)
    new = place.with_name(f".{place.name}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        _write_pages(new, about, jobs, outcomes)
        _write_files(new, about, jobs, outcomes, good=good)
        _put_in_place(new, place)
        if good:
            shutil.rmtree(_failed_beside(place), ignore_errors=True)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        with suppress(OSError):
            recover(about.place)
        raise RunError(
            f"The pages could not be written ({error.strerror}). Expected a writable folder "
            "reports/ with room in it. The last good pages are untouched."
        ) from None
    _index_beside(place)
    return place


def _index_beside(place: Path) -> None:
    try:
        write_index()
    except OSError as error:
        raise RunError(
            f"The pages are in {place.name}, but reports/index.html could not be written "
            f"({error.strerror}). Expected a writable folder with room in it."
        ) from None


def write_index() -> None:
    """Write ``reports/index.html`` from the manifests of all published folders."""
    found = {}
    for path in sorted(paths.reports().glob("*/[!.]*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found[(manifest["workbook"], manifest["as_of"], manifest["state"])] = manifest
    entries = [
        _index_entry(found, workbook, as_of)
        for workbook, as_of in sorted({(name, as_of) for name, as_of, _ in found})
    ]
    write_text(
        paths.reports() / "index.html", page.render_index(entries, title="Customer loyalty reports")
    )


def _index_entry(found: dict, workbook: str, as_of: str) -> page.IndexEntry:
    good = found.get((workbook, as_of, "done"))
    failed = found.get((workbook, as_of, "failed"))
    pages = [
        (f"{workbook}/{as_of}/{one['file']}", one["title"], one["finding"])
        for one in (good["pages"] if good else ())
    ]
    note = None
    if failed:
        first = next(one for one in failed["pages"] if one["state"] == "failed")
        sentence = f"The last run failed: {first['finding']}"
        note = (sentence, f"{workbook}/{as_of}.failed/{first['file']}")
    return page.IndexEntry(workbook, (good or failed)["title"], as_of, pages, note)


def _write_pages(
    new: Path, about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome]
) -> None:
    titles = {name: records.title_of(job.source) for name, job in jobs.items()}
    run = records.run_facts(about, jobs, titles)
    previous = records.previous_values(about)
    for name, outcome in outcomes.items():
        if outcome.state == "done":
            made = page.render(
                nbformat.read(jobs[name].output, as_version=4),
                facts=_page_facts(jobs[name], jobs),
                run=run,
                previous=previous,
            )
        else:
            made = page.render_failure(
                notebook=name,
                title=titles[name],
                cell=outcome.cell,
                error=outcome.error,
                reason=outcome.reason,
                run=run,
            )
        write_text(new / f"{name}.html", made)


def _write_files(
    new: Path, about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome], *, good: bool
) -> None:
    write_json(new / "manifest.json", records.manifest_of(about, jobs, outcomes, good=good))
    if good:
        write_json(new / "metrics.json", records.metrics_of(about, jobs))
        write_json(new / "ledger.json", records.ledger_of(about))


def _page_facts(job: Job, jobs: dict[str, Job]) -> dict:
    """Read a notebook's facts; the overview has no metrics of its own and shows everyone's."""
    facts = read_facts(job.kept_facts)
    whole = job.notebook.name == OVERVIEW.name
    return {**facts, "metrics": records.all_metrics(jobs)} if whole else facts


def _failed_beside(place: Path) -> Path:
    return place.with_name(f"{place.name}.failed")


def _put_in_place(new: Path, place: Path) -> None:
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        os.replace(place, old)
    os.replace(new, place)
    shutil.rmtree(old, ignore_errors=True)


def recover(place: Path) -> None:
    """Put back the last good folder if a run was killed in the instant between two renames."""
    old = place.with_name(f".{place.name}.old")
    if old.exists() and not place.exists():
        os.replace(old, place)
