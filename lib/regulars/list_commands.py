"""The commands about lists of customers: `lists` makes them, `prune` ends them."""

import datetime as dt
from pathlib import Path

import click

from regulars import paths
from regulars.reports.lists import BusyError, make_list
from regulars.reports.prune import prune as remove_old

__all__ = ["lists", "prune"]

DAY = click.DateTime(["%Y-%m-%d"])
SEGMENT = (
    "The customers of a segment, or of a group such as vip or importance:vip; warning (or "
    "warning:overdue) and win_back of 11_warnings."
)
HOLD_OUT = (
    "Leave this share of the list alone, by lot: a column arm says treated or control. Bring both "
    "back as campaign_contacts, and 11_warnings tells what the action did."
)
REVEAL = "Write real customer ids, read from the raw files with the key."


@click.command()
@click.argument("parameters", type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DAY", help="The day of the run, in place of the file's.")
@click.option("--segment", metavar="NAME", default="", help=SEGMENT)
@click.option("--tag", metavar="NAME", default="", help="The customers with a tag.")
@click.option("--all", "everybody", is_flag=True, help="All customers.")
@click.option("--reveal", is_flag=True, help=REVEAL)
@click.option(
    "--hold-out",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    metavar="SHARE",
    help=HOLD_OUT,
)
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "both"]), default="both")
def lists(
    parameters: Path,
    *,
    as_of: str | None,
    segment: str,
    tag: str,
    everybody: bool,
    reveal: bool,
    hold_out: float,
    form: str,
) -> None:
    """Write a list of customers, as the last run found them, as CSV and XLSX.

    It goes to reports/WORKBOOK/DAY/downloads, says what it is for and until when it may be kept.
    """
    made = make_list(
        parameters,
        changes={"as_of": as_of} if as_of else {},
        segment=segment,
        tag=tag,
        everybody=everybody,
        ids="real" if reveal else "pseudonyms",
        form=form,
        hold_out=hold_out,
    )
    for place in made.files:
        noun = "customer" if made.customers == 1 else "customers"
        click.echo(f"{_below_root(place)}: {made.customers:,} {noun}")
    for note in made.notes:
        click.echo(note)


@click.command()
@click.argument("workbook", required=False)
@click.option("--as-of", type=DAY, metavar="DAY", help="The day to count from; else the newest.")
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep N days of pages.")
def prune(workbook: str | None, *, as_of: dt.datetime | None, keep: int | None) -> None:
    """Remove lists past their day, rejected rows, old runs and, with --keep, old pages.

    Of WORKBOOK, or of all. Clean tables, results and the newest pages stay.
    """
    work = paths.work("")
    known = sorted(path.name for path in work.glob("[!.]*") if path.is_dir())
    day, count, busy = as_of.date() if as_of else None, 0, []
    for name in [workbook] if workbook else known:
        try:
            for place, why in remove_old(name, as_of=day, keep=keep):
                click.echo(f"removed {_below_root(place)}: {why}")
                count += 1
        except BusyError:
            busy.append(name)
    if busy:
        which = f"{busy[0]} is" if len(busy) == 1 else f"{', '.join(busy)} are"
        raise BusyError(f"{which} being run, so nothing was removed there. Try again later.")
    if not count:
        click.echo("Nothing is past its time.")


def _below_root(path: Path) -> str:
    return path.relative_to(paths.root()).as_posix()
