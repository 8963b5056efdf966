"""Duplicates: whether equal lines of purchases are one purchase that came twice, or two."""

import numpy as np

from regulars.data.looking.contents import Content
from regulars.data.looking.entries import Entry
from regulars.data.looking.finding import Finding, counted

__all__ = ["duplicates"]

COMMON = 0.001


def duplicates(bought: list[Entry]) -> Finding | None:
    """Decide what equal lines of purchases are; nothing is to be decided where there are none.

    They are kept only where nothing tells two purchases from one that came twice, and even then a
    line that stands in another file too came twice.

    Parameters
    ----------
    bought : list of Entry
        The files of purchases, each alone.
    """
    contents = [entry.contents[0] for entry in bought]
    rows, equal = sum(one.rows for one in contents), sum(one.equal for one in contents)
    if not equal:
        return None
    because = f"{equal:,} of {counted(rows, 'row')} are equal to an earlier one of the same file"
    if all("order_id" in entry.columns for entry in bought):
        return Finding("intake.duplicates", "merge", f"{because}, in the same order")
    if equal < COMMON * rows:
        return Finding("intake.duplicates", "merge", f"only {because}", sure=False)
    because += ", and no order id tells whether they are one purchase"
    if again := _in_several(contents):
        because += f"; {counted(again, 'row')} of one file came again in another"
        return Finding("intake.duplicates", "redelivered", because, sure=False)
    because += "; no row of one file came again in another" if len(contents) > 1 else ""
    return Finding("intake.duplicates", "keep", because, sure=False)


def _in_several(contents: list[Content]) -> int:
    """Count the distinct rows of files that stand in an earlier file of the same columns too."""
    alike: dict[tuple[str, ...], list[np.ndarray]] = {}
    for one in contents:
        alike.setdefault(tuple(one.columns), []).append(one.hashes)
    together = [np.concatenate(some) for some in alike.values()]
    return sum(len(hashes) - len(np.unique(hashes)) for hashes in together)
