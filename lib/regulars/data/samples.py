"""Samples: data to begin with, put where a workbook expects it."""

import csv
import io
from importlib.metadata import distribution
from pathlib import Path

from regulars import paths
from regulars.data.journey import put_journey
from regulars.data.simulate.shop import write_shop
from regulars.data.store import write_text
from regulars.errors import ParameterError

__all__ = ["SAMPLES", "put_sample"]

HEADER = ("customer_id", "date", "cds", "dollars")


def put_sample(name: str, **options: object) -> Path:
    """Put a sample into ``data/raw/<name>`` (the messy shop into ``messy``); return where it is.

    Parameters
    ----------
    name : str
        ``cdnow``: 6,919 lines of 2,357 customers, a tenth of an online CD shop's customers who
        first bought in early 1997, until 1998-06-30 (Fader and Hardie, with lifetimes 0.11.3);
        only its form changes, to commas and a header. ``shop``: a simulated company with all nine
        tables and known truth. ``journey``: a year of a grocery chain (84.51°), with the extra
        ``journey``.
    **options
        For ``shop``: `customers`, `seed` and `messy`; see `regulars.data.simulate.shop`.

    Raises
    ------
    ParameterError
        If there is no such sample, or it has no such option.
    """
    if name not in SAMPLES:
        raise ParameterError(f"There is no sample {name!r}. There is: {', '.join(SAMPLES)}.")
    if options and name != "shop":
        raise ParameterError(f"The sample {name} is as it is; {', '.join(options)} are for shop.")
    folder = "messy" if options.get("messy") else name
    return SAMPLES[name](paths.root() / "data" / "raw" / folder, **options)


def _put_cdnow(folder: Path) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_cdnow())
    write_text(folder / "purchases.csv", text.getvalue())
    return folder / "purchases.csv"


def _cdnow() -> list[list[str]]:
    """Read the sample file: id in the whole cohort, id in the sample, day, CDs, dollars."""
    # The file is located, and lifetimes not imported: its datasets module no longer imports.
    source = Path(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_sample.txt"))
    lines = [line.split() for line in source.read_text(encoding="ascii").splitlines()]
    return [[customer, day, cds, dollars] for customer, _, day, cds, dollars in lines]


SAMPLES = {"cdnow": _put_cdnow, "shop": write_shop, "journey": put_journey}
