"""The `regulars` command. It only calls the library; each error is a sentence and an exit code."""

import datetime as dt
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd
from rich.console import Console
from rich.live import Live
from rich.table import Table

from regulars import __version__, paths
from regulars.data.checking.checked import check as check_files
from regulars.data.looking.look import look_at
from regulars.data.looking.report import evidence
from regulars.data.people.pseudonyms import has_key, key_place
from regulars.data.people.reveal import reveal as ids_behind
from regulars.data.samples import SAMPLES, put_sample
from regulars.data.store import write_text
from regulars.errors import ParameterError, RegularsError
from regulars.list_commands import lists, prune
from regulars.parameters.schema import WORKBOOK
from regulars.parameters.writing import refuse_to_overwrite, write_parameters
from regulars.reports import batch
from regulars.reports.refresh import refresh_notebooks
from regulars.workbook import NOTEBOOKS

__all__ = ["main"]


LAST_DAY = "The last day to know about, in place of the file's."
REJECTED = "Where to put the rejected rows, to be mended (CSV; FILE_<table>.csv where needed)."


class _Sentences(click.Group):
    """Turns the package's own errors into a message and an exit code, without a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except RegularsError as error:
            click.echo(f"regulars: {error}", err=True)
            context.exit(error.exit_code)


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Turn a shop's own data into customer-loyalty reports."""


@main.command()
@click.argument("name", type=click.Choice(list(SAMPLES)))
@click.option("--messy", is_flag=True, help="The shop as the files people really have.")
@click.option("--customers", type=int, metavar="N", help="How many customers the shop has.")
@click.option("--seed", type=int, metavar="N", help="Another seed makes another shop.")
def sample(name: str, messy: bool, customers: int | None, seed: int | None) -> None:
    """Put a data set into data/raw/NAME: real ones, or a simulated shop with known truth."""
    given = {"customers": customers, "seed": seed}
    options = {option: value for option, value in given.items() if value is not None}
    place = put_sample(name, **options, **({"messy": True} if messy else {}))
    click.echo(f"The sample is in {_below_root(place)}")


@main.command()
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help=LAST_DAY)
@click.option("--encoding", help="How the files are encoded, where they do not tell.")
@click.option("--force", is_flag=True, help="Write over parameters/NAME.yaml.")
def init(
    name: str, files: tuple[Path, ...], as_of: dt.datetime | None, encoding: str | None, force: bool
) -> None:
    """Look at FILES and write parameters/NAME.yaml, with a comment on each guess."""
    if not re.fullmatch(WORKBOOK, name):
        raise ParameterError(
            f"A workbook cannot be called {name!r}: expected small letters, digits, - and _."
        )
    place = paths.root() / "parameters" / f"{name}.yaml"
    refuse_to_overwrite(place, force=force)
    day = as_of.date() if as_of else None
    named = [path.absolute() for path in files if not path.is_dir()]  # a folder such as truth/
    looked = look_at(name, named, as_of=day, encoding=encoding or "")
    for line in _evidence(evidence(looked)):
        click.echo(line)
    write_text(place, write_parameters(looked))
    click.echo(
        f"Written: {_below_root(place)}. Look for 'guessed' in it, then: "
        f"regulars check {_below_root(place)}"
    )


@main.command()
@click.argument("parameters", type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DAY", help=LAST_DAY)
@click.option("--rejected", type=click.Path(path_type=Path), metavar="FILE", help=REJECTED)
def check(parameters: Path, as_of: str | None, rejected: Path | None) -> None:
    """Read all files and say what becomes of every row; nothing is published.

    Exit code 0, or 2 if the files cannot be used; the reason is then the last line.
    """
    with _saying_new_key():
        found = check_files(parameters, changes=_changes(as_of), rejected=rejected)
    for line in found.lines:
        click.echo(line)
    for place in found.files:
        click.echo(f"Rejected rows: {place}")
    if found.refusal:
        click.echo(f"regulars: {found.refusal}", err=True)
    sys.exit(found.exit_code)


@main.command()
@click.argument("pseudonym")
@click.argument("parameters", nargs=-1, type=click.Path(path_type=Path))
def reveal(pseudonym: str, parameters: tuple[Path, ...]) -> None:
    """Give the customer id behind PSEUDONYM, to whoever has the raw files and the key."""
    files = list(parameters) or sorted((paths.root() / "parameters").glob("*.yaml"))
    for one in ids_behind(pseudonym, files):
        click.echo(one)


@main.command()
@click.argument("parameters", type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DAY", help=LAST_DAY)
def run(parameters: Path, as_of: str | None) -> None:
    """Run the notebooks with a parameter file and publish the pages.

    Exit code 0: every page was made; 1: a notebook failed; 2: bad parameters, or data that cannot
    be read; 75: the same run is already going on.
    """
    with _saying_new_key(), _Progress(Console()) as progress:
        result = batch.run(parameters, changes=_changes(as_of), progress=progress)
    for line in _closing_lines(result):
        click.echo(line, err=result.exit_code != 0)
    sys.exit(result.exit_code)


@main.command()
def refresh() -> None:
    """Run the notebooks on their defaults and store their text outputs in them."""
    for name in refresh_notebooks():
        click.echo(f"{name}: refreshed")


main.add_command(lists)
main.add_command(prune)


def _changes(as_of: str | None) -> dict[str, str]:
    return {"as_of": as_of} if as_of else {}


@contextmanager
def _saying_new_key() -> Iterator[None]:
    """Say so if a key for pseudonyms was made inside the block."""
    there = has_key()
    yield
    if not there and has_key():
        click.echo(f"A key for pseudonyms was made: {key_place()}. Keep a copy of it.")


def _evidence(found: pd.DataFrame) -> Iterator[str]:
    """Say what was decided, file by file, and why; a guess is marked."""
    for file, decisions in found.groupby("file", sort=False):
        yield file or "all files together"
        for one in decisions.itertuples():
            mark = "" if one.sure else " (guessed)"
            yield f"  {one.what}: {one.decided}{mark}; {one.because}"


def _closing_lines(result: batch.Result) -> list[str]:
    if result.exit_code == batch.ALREADY_RUNNING:
        return ["regulars: this workbook is already being run. Wait for that run to end."]
    wrong = {n: o for n, o in sorted(result.outcomes.items()) if o.state == "failed"}
    lines = [f"regulars: {name}{_cell(o)}: {o.reason}" for name, o in wrong.items()]
    if result.place is None:
        # Bad data: the first reason says it all, and no page was touched.
        return [f"regulars: {next(o.reason for o in wrong.values() if o.exit_code == 2)}"]
    if wrong:
        return [
            *lines,
            f"The last good pages are untouched. What failed: {_below_root(result.place)}",
        ]
    return [f"Open {_below_root(result.place / '00_overview.html')} (all: reports/index.html)"]


def _cell(outcome: batch.Outcome) -> str:
    return f", cell {outcome.cell}" if outcome.cell else ""


def _below_root(path: Path) -> str:
    return path.relative_to(paths.root()).as_posix()


class _Progress:
    """Shows how far a run is: a table that fills on a terminal, a plain line each elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.states: dict[str, tuple[str, float]] = {}
        self.began = time.monotonic()
        self.live = Live(
            get_renderable=self._table, console=console, refresh_per_second=4, transient=False
        )

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.live.is_started:
            self.live.stop()

    def __call__(self, name: str, state: str, seconds: float) -> None:
        self.states[name] = (state, seconds if state != "running" else time.monotonic())
        if not self.console.is_terminal:
            shown = "" if state == "running" else f" ({seconds:.1f} s)"
            click.echo(f"{name}: {state}{shown}")
        elif not self.live.is_started:
            self.live.start()

    def _table(self) -> Table:
        table = Table("notebook", "state", "seconds", box=None, pad_edge=False)
        for notebook in NOTEBOOKS:
            state, at = self.states.get(notebook.name, ("waiting", 0.0))
            seconds = time.monotonic() - at if state == "running" else at
            table.add_row(notebook.name, state, f"{seconds:.1f}" if at else "")
        return table
