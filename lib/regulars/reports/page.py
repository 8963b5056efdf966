"""Pages: an executed notebook and its facts become one HTML file that needs nothing beside it.

The same input gives the same bytes: no clock, no random id, no cell id, no path reaches a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from regulars.reports.body import make_body
from regulars.reports.sanitise import plain
from regulars.reports.tiles import all_tiles, by_definition, first_screen, spoken_day

__all__ = ["IndexEntry", "RunFacts", "render", "render_failure", "render_index"]

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class RunFacts:
    """What a page says of the run that made it.

    Parameters
    ----------
    workbook, title : str
        The workbook's short name and the name people use.
    as_of : str
        The last day known, ISO.
    run_id : str
        The run's id.
    inputs : sequence of mapping
        One per table read: ``name``, ``rows``, ``sha256``, ``newest_day`` (ISO or None).
    parameters, versions : mapping of str to str
        Parameters of the run; versions of Python and the packages. No path, user or host.
    ledger : mapping, or sequence of (label, text)
        What came in and what became of it. The keys of a mapping become labels.
    pages : sequence of (file name, title)
        The workbook's pages in reading order, for navigation.
    index_href : str
        Where ``reports/index.html`` lies, seen from the page.
    """

    workbook: str
    title: str
    as_of: str
    run_id: str
    inputs: Sequence[Mapping] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    ledger: Mapping[str, object] | Sequence[tuple[str, str]] = ()
    pages: Sequence[tuple[str, str]] = ()
    index_href: str = "../../index.html"


@dataclass(frozen=True)
class IndexEntry:
    """One run of one workbook on the index page.

    `pages` holds (address, title, finding) of each page, the address seen from the index page.
    `failed` is None for a good run, else a sentence and the address of the failure page.
    """

    workbook: str
    title: str
    as_of: str
    pages: Sequence[tuple[str, str, str]] = ()
    failed: tuple[str, str] | None = None


def render(
    notebook: NotebookNode,
    *,
    facts: Mapping,
    run: RunFacts,
    previous: Mapping[str, float | str | None] | None = None,
) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook. It is not changed.
    facts : mapping
        What the notebook found: its facts file, read.
    run : RunFacts
        The run that made it.
    previous : mapping of str to float or str, optional
        Values of the report before this one by metric id, for the change on each tile.

    Raises
    ------
    RunError
        If a figure has no alt text, or a tile no metric.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> run = RunFacts(workbook="shop", title="Shop", as_of="1998-06-30", run_id="a1")
    >>> page = render(new_notebook(cells=[new_markdown_cell("# Who buys again?")]),
    ...               facts={"notebook": "05_loyalty", "findings": ["Half do."]}, run=run)
    >>> page.count("<h1>Who buys again?</h1>"), "Half do." in page
    (1, True)
    """
    body = make_body(notebook, pages=[file for file, _ in run.pages])
    return _fill(
        "page.html.j2",
        run=run,
        file=f"{facts['notebook']}.html",
        title=body.title or facts.get("question") or run.title,
        finding=next(iter(facts.get("findings", ())), ""),
        doubts=list(dict.fromkeys(facts.get("doubts", ()))),
        tiles=first_screen(facts, previous=previous),
        metrics=by_definition(all_tiles(facts, previous=previous)),
        body=Markup(body.html),  # noqa: S704 - make_body returns what the sanitiser let through
        headings=body.headings,
    )


def render_failure(
    *, notebook: str, title: str, cell: int | None, error: str, reason: str, run: RunFacts
) -> str:
    """Return the page that stands where a notebook failed. It shows no traceback and no data.

    Parameters
    ----------
    notebook, title : str
        The notebook's file name without its ending, and its title.
    cell : int or None
        The number of the cell that failed, None if it was not a cell that failed.
    error : str
        The class of the error.
    reason : str
        One sentence: what happened and what to do.
    run : RunFacts
        The run that failed.

    Examples
    --------
    >>> run = RunFacts(workbook="shop", title="Shop", as_of="1998-06-30", run_id="a1")
    >>> page = render_failure(notebook="06_churn", title="Who leaves?", cell=7,
    ...                       error="MemoryError", reason="Give the run more memory.", run=run)
    >>> "stopped at cell 7" in page
    True
    """
    return _fill(
        "failure.html.j2",
        run=run,
        file=f"{notebook}.html",
        notebook=notebook,
        title=title,
        cell=cell,
        error=error,
        reason=reason,
    )


def render_index(entries: Sequence[IndexEntry], *, title: str) -> str:
    """Return the page above all reports: per workbook the newest run, older ones folded.

    Parameters
    ----------
    entries : sequence of IndexEntry
        Any order; they are sorted by the workbook's title, newest `as_of` first.
    title : str
        The heading of the page.

    Examples
    --------
    >>> page = render_index([IndexEntry("shop", "Shop", "1998-06-30")], title="Reports")
    >>> "30 June 1998" in page
    True
    """
    newest_first = sorted(entries, key=lambda entry: entry.as_of, reverse=True)
    by_workbook = sorted(newest_first, key=lambda entry: (entry.title, entry.workbook))
    groups = [
        _fold(list(runs)) for _, runs in groupby(by_workbook, key=lambda entry: entry.workbook)
    ]
    return _fill("index.html.j2", title=title, groups=groups)


def _fold(runs: list[IndexEntry]) -> dict:
    """Split a workbook's runs: shown are those down to the first that has pages."""
    first = next((place for place, run in enumerate(runs) if run.pages), 0)
    return {"title": runs[0].title, "shown": runs[: first + 1], "older": runs[first + 1 :]}


def _fill(template: str, /, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_control,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "spoken_day": spoken_day,
        "page_name": _page_name,
        "label": _label,
        "address": _address,
        "text": _text,
    }
    return environment


def _without_control(value: object) -> object:
    return plain(value) if type(value) is str else value


def _page_name(file: str) -> str:
    """Return the short name of a page: ``03_customer_base.html`` is "Customer base"."""
    return _label(file.removesuffix(".html").lstrip("0123456789").strip("_"))


def _label(key: str) -> str:
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _address(path: str) -> str:
    """Return an address inside the reports folder; no scheme and no host survives."""
    return quote(plain(path), safe="/#").lstrip("/")


def _text(value: object) -> str:
    """Write whole numbers with thousands separators and what is missing as a dash."""
    if value is None or value == "":
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
