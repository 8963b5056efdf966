"""The `regulars` command. It only calls the library; each error is a sentence and an exit code."""

import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from regulars import __version__, paths
from regulars.data.samples import SAMPLES, put_sample
from regulars.errors import RegularsError
from regulars.reports import batch
from regulars.reports.refresh import refresh_notebooks
from regulars.workbook import NOTEBOOKS

__all__ = ["main"]


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
def sample(name: str) -> None:
    """Put a real data set into data/raw/NAME."""
    place = put_sample(name)
    click.echo(f"The sample is in {_below_root(place)}")


@main.command()
@click.argument("parameters", type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DAY", help="The last day to know about, in place of the file's.")
def run(parameters: Path, as_of: str | None) -> None:
    """Run the notebooks with a parameter file and publish the pages.

    Exit code 0: every page was made; 1: a notebook failed; 2: bad parameters, or data that cannot
    be read; 75: the same run is already going on.
    """
    changes = {"as_of": as_of} if as_of else {}
    with _Progress(Console()) as progress:
        result = batch.run(parameters, changes=changes, progress=progress)
    for line in _closing_lines(result):
        click.echo(line, err=result.exit_code != 0)
    sys.exit(result.exit_code)


@main.command()
def refresh() -> None:
    """Run the notebooks on their defaults and store their text outputs in them."""
    for name in refresh_notebooks():
        click.echo(f"{name}: refreshed")


def _closing_lines(result: batch.Result) -> list[str]:
    if result.exit_code == batch.ALREADY_RUNNING:
        return ["regulars: this workbook is already being run. Wait for that run to end."]
    wrong = {n: o for n, o in sorted(result.outcomes.items()) if o.state != "done"}
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
