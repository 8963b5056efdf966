"""The segment grid: which cell of R × F bears which name, and what to do for it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from regulars.errors import ParameterError

__all__ = ["check_grid"]

RANGE = re.compile(r"\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?")


def check_grid(grid: Sequence[Mapping], *, bins: int = 5) -> pd.DataFrame:
    """Read a segment grid, and refuse it unless every R × F cell has exactly one segment.

    Parameters
    ----------
    grid : sequence of mapping
        Rectangles with ``name``, ``r`` and ``f`` (a score ``"3"`` or a range ``"4-5"``, both ends
        included) and ``action``. A segment of more than one rectangle is given in several rows
        with the same name and the same action.
    bins : int
        How many scores R and F have.

    Returns
    -------
    pandas.DataFrame
        One row per cell, ordered: r and f (1 to `bins`), segment, action.

    Raises
    ------
    ParameterError
        Naming every cell without a segment, every cell with several, every malformed or
        impossible range, and every name with two actions.

    Examples
    --------
    >>> check_grid([{"name": "lost", "r": "1", "f": "1-2", "action": "none"},
    ...             {"name": "loyal", "r": "2", "f": "1-2", "action": "thank"}], bins=2)
       r  f segment action
    0  1  1    lost   none
    1  1  2    lost   none
    2  2  1   loyal  thank
    3  2  2   loyal  thank
    """
    problems = _action_problems(grid)
    rows = []
    for entry in grid:
        try:
            r, f = (_scores(entry, axis, bins=bins) for axis in ("r", "f"))
            rows += [(i, j, entry["name"], entry["action"]) for i in r for j in f]
        except ParameterError as error:
            problems.append(str(error))
    problems += [] if problems else _cover_problems(rows, bins=bins)
    if problems:
        raise ParameterError("segments: " + " ".join(problems))
    cells = pd.DataFrame(sorted(rows), columns=["r", "f", "segment", "action"])
    return cells.astype({"r": "int64", "f": "int64"})


def _scores(entry: Mapping, axis: str, *, bins: int) -> range:
    """Read a range such as ``4-5`` as the scores it holds."""
    match = RANGE.fullmatch(str(entry[axis]))
    low, high = (int(end) for end in (match[1], match[2] or match[1])) if match else (1, 0)
    if not 1 <= low <= high <= bins:
        raise ParameterError(
            f"{axis} of {entry['name']} is {str(entry[axis])!r}; expected a score from 1 to {bins} "
            "or a range like '2-3', the lower one first."
        )
    return range(low, high + 1)


def _action_problems(grid: Sequence[Mapping]) -> list[str]:
    actions = {(entry["name"], entry["action"]) for entry in grid}
    twice = [name for name, count in Counter(name for name, _ in actions).items() if count > 1]
    return [
        f"{name} has two different actions; give every row of it the same one."
        for name in sorted(twice)
    ]


def _cover_problems(rows: list[tuple], *, bins: int) -> list[str]:
    found: dict[tuple[int, int], list[str]] = {}
    for r, f, name, _ in rows:
        found.setdefault((r, f), []).append(name)
    cells = [(r, f) for r in range(1, bins + 1) for f in range(1, bins + 1)]
    none = [f"R{r} F{f}" for r, f in cells if (r, f) not in found]
    several = [
        f"R{r} F{f} ({' and '.join(found[r, f])})"
        for r, f in cells
        if len(found.get((r, f), [])) > 1
    ]
    problems = [f"No segment covers {', '.join(none)}; widen one to it."] if none else []
    if several:
        problems.append(f"More than one covers {', '.join(several)}; leave each cell to one.")
    return problems
