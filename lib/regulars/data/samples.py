"""Samples: real data that ships inside installed packages, put where a workbook expects it."""

import csv
import io
from importlib.metadata import distribution
from pathlib import Path

from regulars import paths
from regulars.data.store import write_text
from regulars.errors import ParameterError

__all__ = ["SAMPLES", "put_sample"]

HEADER = ("customer_id", "date", "cds", "dollars")


def put_sample(name: str) -> Path:
    """Write a sample to ``data/raw/<name>/purchases.csv`` and return where it is.

    Only the form changes: the columns get a header and commas between them. Every field stays the
    text it was, and every line stays a line.

    Parameters
    ----------
    name : str
        ``cdnow``: 6,919 lines of 2,357 customers, a tenth of an online CD shop's customers who
        first bought in early 1997, until 1998-06-30 (Fader and Hardie, with lifetimes 0.11.3).

    Raises
    ------
    ParameterError
        If there is no such sample.
    """
    if name not in SAMPLES:
        raise ParameterError(f"There is no sample {name!r}. There is: {', '.join(SAMPLES)}.")
    place = paths.root() / "data" / "raw" / name / "purchases.csv"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(SAMPLES[name]())
    write_text(place, text.getvalue())
    return place


def _cdnow() -> list[list[str]]:
    """Read the sample file: id in the whole cohort, id in the sample, day, CDs, dollars."""
    # The file is located, and lifetimes not imported: its datasets module no longer imports.
    source = Path(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_sample.txt"))
    lines = [line.split() for line in source.read_text(encoding="ascii").splitlines()]
    return [[customer, day, cds, dollars] for customer, _, day, cds, dollars in lines]


SAMPLES = {"cdnow": _cdnow}
