"""Publish: one dated folder of pages and files for machines, put in place at once.

A run in which everything is done goes to ``reports/<workbook>/<as_of>``. A run with a failure goes
beside it, to ``<as_of>.failed``, so that it neither replaces the last good pages nor looks
finished; the next good run takes it away.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat

from regulars import paths
from regulars.data.facts import read_facts
from regulars.data.store import write_json, write_text
from regulars.errors import RunError
from regulars.parameters import Parameters
from regulars.reports import page
from regulars.reports.evidence import Job, Outcome
from regulars.workbook import OVERVIEW

__all__ = ["About", "publish", "write_index"]

METRIC_KEYS = ("id", "label", "value", "low", "high", "n", "unit", "definition", "notebook")


@dataclass(frozen=True)
class About:
    """What is the same for all pages of a run."""

    parameters: Parameters
    run_id: str
    versions: dict[str, str]

    @property
    def place(self) -> Path:
        """Where the pages of a good run go."""
        return paths.reports() / self.parameters.workbook / str(self.parameters.as_of)


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
        _recover(about.place)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        _write_pages(new, about, jobs, outcomes)
        _write_files(new, about, jobs, outcomes, good=good)
        _put_in_place(new, place)
        if good:
            shutil.rmtree(_failed_beside(place), ignore_errors=True)
        write_index()
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise RunError(
            f"The pages could not be written ({error.strerror}). Expected a writable folder "
            "reports/ with room in it. The last good pages are untouched."
        ) from None
    return place


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
        first = next(one for one in failed["pages"] if one["state"] != "done")
        sentence = f"The last run failed: {first['finding']}"
        note = (sentence, f"{workbook}/{as_of}.failed/{first['file']}")
    return page.IndexEntry(workbook, (good or failed)["title"], as_of, pages, note)


def _write_pages(
    new: Path, about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome]
) -> None:
    titles = {name: _title(job.source) for name, job in jobs.items()}
    run = _run_facts(about, jobs, titles)
    previous = _previous_values(about)
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
    write_json(new / "manifest.json", _manifest(about, jobs, outcomes, good=good))
    if good:
        write_json(new / "metrics.json", _metrics(about, jobs))
        write_json(new / "ledger.json", _ledger(about))


def _page_facts(job: Job, jobs: dict[str, Job]) -> dict:
    """Read a notebook's facts; the overview has no metrics of its own and shows everyone's."""
    facts = read_facts(job.facts)
    whole = job.notebook.name == OVERVIEW.name
    return {**facts, "metrics": _all_metrics(jobs)} if whole else facts


def _all_metrics(jobs: dict[str, Job]) -> list[dict]:
    return [m for name in sorted(jobs) for m in read_facts(jobs[name].facts)["metrics"]]


def _metrics(about: About, jobs: dict[str, Job]) -> dict:
    metrics = []
    for name in sorted(jobs):
        for metric in read_facts(jobs[name].facts)["metrics"]:
            known = {**metric, "notebook": name}
            kept = {key: known[key] for key in METRIC_KEYS}
            metrics.append(kept | ({"withheld": metric["withheld"]} if metric["withheld"] else {}))
    return {
        "workbook": about.parameters.workbook,
        "as_of": str(about.parameters.as_of),
        "run_id": about.run_id,
        "metrics": metrics,
    }


def _manifest(
    about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome], *, good: bool
) -> dict:
    return {
        "workbook": about.parameters.workbook,
        "title": about.parameters.title,
        "as_of": str(about.parameters.as_of),
        "run_id": about.run_id,
        "state": "done" if good else "failed",
        "parameters": about.parameters.model_dump(mode="json"),
        "inputs": _inputs(about),
        "versions": about.versions,
        "notebooks": {
            name: {"state": o.state, "seconds": o.seconds, "peak_mb": o.peak_mb, "reason": o.reason}
            for name, o in sorted(outcomes.items())
        },
        "pages": [
            {
                "file": f"{name}.html",
                "title": _title(jobs[name].source),
                "state": outcomes[name].state,
                "finding": _finding(jobs[name], outcomes[name]),
            }
            for name in sorted(jobs)
        ],
    }


def _finding(job: Job, outcome: Outcome) -> str:
    if outcome.state != "done":
        return outcome.reason
    return next(iter(read_facts(job.facts)["findings"]), "")


def _run_facts(about: About, jobs: dict[str, Job], titles: dict[str, str]) -> page.RunFacts:
    parameters = about.parameters
    return page.RunFacts(
        workbook=parameters.workbook,
        title=parameters.title,
        as_of=str(parameters.as_of),
        run_id=about.run_id,
        inputs=_inputs(about),
        parameters=_shown_parameters(parameters),
        versions=about.versions,
        ledger=_shown_ledger(_ledger(about), parameters.currency),
        pages=[(f"{name}.html", titles[name]) for name in sorted(jobs)],
    )


def _shown_parameters(parameters: Parameters) -> dict[str, str]:
    """Write the parameters as text, without paths."""
    values = parameters.model_dump(mode="json", exclude={"sources", "segments"})
    return {
        **{name: str(value) for name, value in values.items()},
        "sources": ", ".join(parameters.sources),
        "segments": ", ".join(dict.fromkeys(segment.name for segment in parameters.segments)),
    }


def _ledger(about: About) -> dict:
    path = paths.work(about.parameters.workbook) / "ledger.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"tables": {}}


def _inputs(about: About) -> list[dict]:
    return [
        {
            "name": f"{table}: {Path(file['file']).name}",
            "rows": file["rows_in"],
            "sha256": file["sha256"],
            "newest_day": file["newest_day"] or None,
        }
        for table, entry in _ledger(about)["tables"].items()
        for file in entry["files"]
    ]


def _shown_ledger(ledger: dict, currency: str) -> list[tuple[str, str]]:
    return [
        (
            f"{table}, {outcome}",
            f"{entry[f'rows_{outcome}']:,} rows, "
            f"{currency} {float(entry[f'money_{outcome}']):,.2f}",
        )
        for table, entry in ledger["tables"].items()
        for outcome in ("in", "accepted", "merged", "rejected")
    ]


def _previous_values(about: About) -> dict[str, float | None] | None:
    """Read the metrics of the newest report of this workbook before this one."""
    folders = about.place.parent.glob("[!.]*/metrics.json")
    earlier = sorted(f for f in folders if f.parent.name < about.place.name)
    if not earlier:
        return None
    metrics = json.loads(earlier[-1].read_text(encoding="utf-8"))["metrics"]
    return {metric["id"]: metric["value"] for metric in metrics}


def _title(source: Path) -> str:
    first = nbformat.read(source, as_version=4).cells[0].source
    return first.splitlines()[0].lstrip("# ").strip()


def _failed_beside(place: Path) -> Path:
    return place.with_name(f"{place.name}.failed")


def _put_in_place(new: Path, place: Path) -> None:
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        os.replace(place, old)
    os.replace(new, place)
    shutil.rmtree(old, ignore_errors=True)


def _recover(place: Path) -> None:
    """Put back the last good folder if a run was killed in the instant between two renames."""
    old = place.with_name(f".{place.name}.old")
    if old.exists() and not place.exists():
        os.replace(old, place)
