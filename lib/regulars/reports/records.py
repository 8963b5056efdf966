"""Records: what a run writes for machines, and what its pages tell of it.

``metrics.json`` and ``ledger.json`` hold no clock and no path; ``manifest.json`` also holds how
long each notebook took.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat

from regulars import paths
from regulars.data.facts import read_facts
from regulars.data.store import PREVIOUS, write_json
from regulars.parameters import Parameters
from regulars.reports.evidence import Job, Outcome
from regulars.reports.page import RunFacts

__all__ = [
    "About",
    "all_metrics",
    "ledger_of",
    "manifest_of",
    "metrics_of",
    "previous_report",
    "previous_values",
    "put_previous",
    "run_facts",
    "title_of",
]

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


def metrics_of(about: About, jobs: dict[str, Job]) -> dict:
    """Return ``metrics.json``: every number of every page, with its definition."""
    metrics = []
    for name in sorted(jobs):
        for metric in read_facts(jobs[name].kept_facts)["metrics"]:
            known = {**metric, "notebook": name}
            kept = {key: known[key] for key in METRIC_KEYS}
            metrics.append(kept | ({"withheld": metric["withheld"]} if metric["withheld"] else {}))
    return {
        "workbook": about.parameters.workbook,
        "as_of": str(about.parameters.as_of),
        "run_id": about.run_id,
        "metrics": metrics,
    }


def all_metrics(jobs: dict[str, Job]) -> list[dict]:
    """Return the metrics of all notebooks, in the order of the notebooks."""
    return [m for name in sorted(jobs) for m in read_facts(jobs[name].kept_facts)["metrics"]]


def manifest_of(
    about: About, jobs: dict[str, Job], outcomes: dict[str, Outcome], *, good: bool
) -> dict:
    """Return ``manifest.json``: parameters, inputs, versions, and how each notebook ended."""
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
                "title": title_of(jobs[name].source),
                "state": outcomes[name].state,
                "finding": _finding(jobs[name], outcomes[name]),
            }
            for name in sorted(jobs)
        ],
    }


def run_facts(about: About, jobs: dict[str, Job], titles: dict[str, str]) -> RunFacts:
    """Return what each page says of the run that made it."""
    parameters = about.parameters
    return RunFacts(
        workbook=parameters.workbook,
        title=parameters.title,
        as_of=str(parameters.as_of),
        run_id=about.run_id,
        inputs=_inputs(about),
        parameters=_shown_parameters(parameters),
        versions=about.versions,
        ledger=_shown_ledger(ledger_of(about), parameters.currency),
        pages=[(f"{name}.html", titles[name]) for name in sorted(jobs)],
    )


def ledger_of(about: About) -> dict:
    """Return ``ledger.json`` as cleaning left it; without tables if no notebook got so far."""
    path = paths.work(about.parameters.workbook) / "ledger.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"tables": {}}


def previous_report(about: About) -> dict | None:
    """Read ``metrics.json`` of the newest report of this workbook before this one."""
    folders = about.place.parent.glob("[!.]*/metrics.json")
    earlier = sorted(f for f in folders if f.parent.name < about.place.name)
    return json.loads(earlier[-1].read_text(encoding="utf-8")) if earlier else None


def previous_values(about: About) -> dict[str, float | str | None] | None:
    """Return the values of the report before this one, by metric id."""
    report = previous_report(about)
    return report and {metric["id"]: metric["value"] for metric in report["metrics"]}


def put_previous(about: About) -> None:
    """Put the report before this one into the store: notebooks read nothing but the store."""
    path = paths.work(about.parameters.workbook) / PREVIOUS
    report = previous_report(about)
    if report is None:
        path.unlink(missing_ok=True)
    else:
        write_json(path, {"for": str(about.parameters.as_of), "report": report})


def title_of(source: Path) -> str:
    """Return a notebook's title, which is a question."""
    first = nbformat.read(source, as_version=4).cells[0].source
    return first.splitlines()[0].lstrip("# ").strip()


def _finding(job: Job, outcome: Outcome) -> str:
    if outcome.state != "done":
        return outcome.reason
    return next(iter(read_facts(job.kept_facts)["findings"]), "")


def _shown_parameters(parameters: Parameters) -> dict[str, str]:
    """Write the parameters as text, without paths."""
    values = parameters.model_dump(mode="json", exclude={"sources", "segments"}, exclude_none=True)
    return {
        **{name: said for name, value in values.items() if (said := _said(value))},
        "sources": ", ".join(parameters.sources),
        "segments": ", ".join(dict.fromkeys(segment.name for segment in parameters.segments)),
    }


def _said(value: object) -> str:
    """Write a parameter as text: parts with their names, and nothing for what is empty."""
    if isinstance(value, dict):
        parts = {name: _said(part) for name, part in value.items()}
        return ", ".join(f"{name} {part}" for name, part in parts.items() if part)
    if isinstance(value, list):
        return "; ".join(filter(None, map(_said, value)))
    return str(value)


def _inputs(about: About) -> list[dict]:
    return [
        {
            "name": f"{table}: {Path(file['file']).name}",
            "rows": file["rows_in"],
            "sha256": file["sha256"],
            "newest_day": file["newest_day"] or None,
        }
        for table, entry in ledger_of(about)["tables"].items()
        for file in entry["files"]
    ]


def _shown_ledger(ledger: dict, currency: str) -> list[tuple[str, str]]:
    return [
        (
            f"{table}, {outcome}",
            f"{entry[f'rows_{outcome}']:,} rows{_with_money(entry, outcome, currency)}",
        )
        for table, entry in ledger["tables"].items()
        for outcome in ("in", "accepted", "merged", "rejected")
    ]


def _with_money(entry: dict, outcome: str, currency: str) -> str:
    return f", {currency} {float(entry[f'money_{outcome}']):,.2f}" if entry["money"] else ""
