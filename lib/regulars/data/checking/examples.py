"""Examples: a few rejected rows, with the cell that is to blame and no other."""

import re
from collections.abc import Mapping, Sequence

import ibis
import pandas as pd

from regulars.data.checking.rejects import parsed
from regulars.data.contract import TABLES, Table
from regulars.data.contract.reasons import UNREADABLE, sentences
from regulars.data.files import origins_of
from regulars.data.ledger import is_later
from regulars.data.people.identifiers import shape
from regulars.data.store import Store
from regulars.parameters import Source, read_sources

__all__ = ["examples_of"]

COLUMNS = ["table", "file", "line", "because", "cell"]
MOST_SIGNS = 40  # of a cell's text


def examples_of(store: Store, sources: Mapping, most: int = 10) -> pd.DataFrame:
    """Return a few unusable rows, as many different reasons as there is room for.

    Rows that lie after ``as_of`` are left out, since nothing is wrong with them. What a cell said
    is shown with letters as x and long numbers as #; see `shape` of
    `regulars.data.people.identifiers`. In an id of a person every digit is #. A line that could not
    be parted into cells shows nothing.

    Parameters
    ----------
    store : Store
        Holds ``rejected/<table>``.
    sources : mapping
        As intake was told.
    most : int
        How many rows at most.

    Returns
    -------
    DataFrame
        ``table``, ``file`` (its name), ``line`` (int), ``because`` (a sentence) and ``cell``
        (text; empty where no single cell is to blame).
    """
    declared = read_sources(sources)
    found = pd.concat([_first_of_each(store, name, most) for name in declared])
    chosen = found.sort_values(["turn", "place"], kind="stable").head(most)
    order = {name: place for place, name in enumerate(declared)}
    chosen = chosen.sort_values(
        ["table", "source_file", "source_line"], key=lambda c: c.replace(order), kind="stable"
    )
    rows = [_example(one, declared[one["table"]]) for one in chosen.to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS)


def _first_of_each(store: Store, name: str, most: int) -> pd.DataFrame:
    """Return the first rows of each reason of a table, those with a cell to show before others.

    `turn` counts the rows of a reason, `place` those of the table.
    """
    rows = store.read(f"rejected/{name}")
    rows = rows.mutate(reason=rows.reasons.split(" ")[0])
    place = [rows.source_file, rows.source_line]
    turn = ibis.row_number().over(group_by="reason", order_by=place)
    firsts = rows.mutate(turn=turn).filter(lambda t: t.turn < most)
    reasons = [reason for reason in sentences(TABLES[name]) if is_later(reason)]
    firsts = firsts.filter(firsts.reason.notin(reasons)) if reasons else firsts
    silent = firsts.reason.isin(list(UNREADABLE)) | firsts.reason.endswith("_missing")
    firsts = firsts.order_by("turn", silent, "source_file", "source_line").limit(most)
    shown = firsts.drop("reasons", "money").execute()
    return shown.assign(table=name, place=range(len(shown)))


def _example(one: Mapping, given: Sequence[Source]) -> dict:
    table, reason = TABLES[one["table"]], one["reason"]
    source = _source_of(one["source_file"], given, table.name)
    return {
        "table": table.name,
        "file": one["source_file"].split("/")[-1],
        "line": one["source_line"],
        "because": sentences(table)[reason],
        "cell": "" if reason in UNREADABLE else _cell(one, table, source),
    }


def _source_of(label: str, given: Sequence[Source], table: str) -> Source:
    return next(
        source
        for source in reversed(given)
        if label in {origin.label for origin in origins_of(source, table=table)}
    )


def _cell(one: Mapping, table: Table, source: Source) -> str:
    name = _blamed(one["reason"], table)
    theirs = source.columns.get(name, "")
    said = parsed(one["raw"], one["reason"]).get(theirs) or ""
    hidden = shape(said)  # before it is cut, or half a telephone number would not be known as one
    if name and table.fields[name].person:
        hidden = re.sub(r"\d", "#", hidden)
    return hidden[:MOST_SIGNS]


def _blamed(reason: str, table: Table) -> str:
    """Return the field whose cell a reason names, or nothing where it looks at several."""
    begins = [name for name in table.kept_fields() if reason.startswith(f"{name}_")]
    return max(begins, key=len, default="")
