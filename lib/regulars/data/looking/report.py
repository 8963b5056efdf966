"""Report: what was decided about the files, as a table a person reads."""

import pandas as pd

from regulars.data.looking.look import Looked

__all__ = ["evidence", "summary"]


def evidence(looked: Looked) -> pd.DataFrame:
    """Return every decision with its evidence, one a row.

    Returns
    -------
    DataFrame
        Columns ``file``, ``table``, ``what``, ``decided``, ``because`` (text) and ``sure`` (bool);
        the file is empty for what holds for the whole workbook.
    """
    columns = ["file", "table", "what", "decided", "because", "sure"]
    rows = [[getattr(finding, name) for name in columns] for finding in looked.findings]
    return pd.DataFrame(rows, columns=columns).astype({"sure": bool})


def summary(looked: Looked) -> pd.DataFrame:
    """Return one row a file: its table, how it is written, and how much of that is a guess.

    Returns
    -------
    DataFrame
        Columns ``file``, ``table``, ``rows`` (int) and ``guessed`` (int, decisions not sure).
    """
    doubts = evidence(looked).query("not sure").groupby("file").size()
    rows = [
        {
            "file": content.label,
            "table": table,
            "rows": content.rows,
            "guessed": int(doubts.get(content.label, 0)),
        }
        for table, entries in looked.sources.items()
        for entry in entries
        for content in entry.contents
    ]
    return pd.DataFrame(rows, columns=["file", "table", "rows", "guessed"])
