"""Wording: what sentences of several notebooks say in one and the same way."""

from regulars.show.names import reader_name
from regulars.show.sentences.pieces import short_name

__all__ = ["inside", "noticed", "titled_group"]


def inside(name: str) -> str:
    """Write a name in the middle of a sentence: small, unless it is somebody's own spelling.

    Examples
    --------
    >>> inside("At risk"), inside("VIP"), inside("Spend on the first day")
    ('at risk', 'VIP', 'spend on the first day')
    """
    return name[0].lower() + name[1:] if name[1:].islower() else name


def noticed(size: str, what: str = "difference") -> str:
    """Say what could have been seen, as a part of a sentence: what has 80 % power.

    Examples
    --------
    >>> noticed("11 points", "change")
    'a true change of 11 points or more would have been noticed four times in five'
    """
    return f"a true {what} of {size} or more would have been noticed four times in five"


def titled_group(by: str, group: str, words: int) -> str:
    """Name a group in a title, after what it is a group of; a value keeps its own spelling.

    Examples
    --------
    >>> titled_group("Segment", "at_risk", 4), titled_group("Region", "North", 4)
    ('Segment at risk', 'Region North')
    >>> titled_group("Household", "shared with at least two others", 4)
    'Household shared with at…'
    """
    value = reader_name(group)
    return short_name(f"{by} {inside(value) if group[:1].islower() else value}", words)
