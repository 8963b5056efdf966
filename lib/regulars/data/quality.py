"""Information quality: how much of what came can be relied on, by table and by column.

The measures are shares of a whole delivery, such as those of ISO/IEC 25024 for the characteristics
of ISO/IEC 25012; what makes information good for its users is drawn from R. Y. Wang and
D. M. Strong (1996), Beyond Accuracy: What Data Quality Means to Data Consumers, Journal of
Management Information Systems 12 (4). Every row was counted, none was drawn, so a share has its n
and no interval: there is nothing beyond the delivery that it estimates.
"""

import datetime as dt
import math

import ibis.expr.types as ir
import pandas as pd

from regulars.data.contract import TABLES
from regulars.data.store import Store

__all__ = ["information_quality", "of_columns", "of_tables"]

COLUMNS = ["table", "field", "rows", "complete", "valid", "consistent", "unique"]
LAST = ["newest", "age_days", "score"]
NAMES = {name: f"{name}_share" for name in ("complete", "valid", "consistent", "unique")}


def information_quality(store: Store, ledger: dict, as_of: str | dt.date) -> pd.DataFrame:
    """Return the quality of every table and of every column that came.

    Parameters
    ----------
    store : Store
        Holds the accepted tables.
    ledger : dict
        As intake left it: of each table ``rows_in``, ``rows_accepted``, ``rows_merged`` and
        ``fields`` (of each mapped column ``rows``, ``filled``, ``valid``).
    as_of : str or date
        The day on which the newest row has its age.

    Returns
    -------
    pandas.DataFrame
        A row for each table (``field`` is empty) and for each of its columns that is mapped:

        - ``complete``: of the rows, the share whose cell is filled;
        - ``valid``: of the filled cells, the share that parses and keeps its own rules;
        - ``consistent``: of the accepted references, the share that is found in the other table
          (``customer_id`` in customers, or where there is no such table in purchases;
          ``campaign_id`` in campaigns); missing for what refers to nothing;
        - ``unique``, of a table: of the rows that were not rejected, the share that is no repeat
          of another;
        - ``newest`` (datetime64), ``age_days`` (float, days), of a table: its newest row up to
          as_of. How long a row took to arrive is not known: no column says when it came;
        - ``score``: of a column, complete × valid × consistent. Each is a share of what the one
          before left over, so it is the share of rows in which the column can be relied on. Of a
          table, the lowest score of the columns it cannot do without, times unique: it is of no
          more use than the weakest of them. Age is not scored; how old is too old depends on use.

        ``rows`` (int) is the n of ``complete``. A share of nothing is missing.
    """
    return pd.DataFrame(
        [
            row
            for name in TABLES
            if name in ledger["tables"]
            for row in _of_table(store, ledger["tables"], (name, _date(as_of)))
        ],
        columns=COLUMNS + LAST,
    ).astype({"newest": "datetime64[s]", "age_days": "float64"})


def of_tables(quality: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each table, in the order of the contract.

    The columns are ``table``, ``rows``, ``unique_share``, ``newest``, ``age_days``, ``score``.
    """
    tables = quality[quality["field"] == ""].rename(columns=NAMES)
    shown = ["table", "rows", "unique_share", "newest", "age_days", "score"]
    return tables[shown].reset_index(drop=True)


def of_columns(quality: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each column, the one that needs work most first.

    The columns are ``table``, ``field``, ``rows``, ``complete_share``, ``valid_share``,
    ``consistent_share``, ``score``. Columns of one score stand in the order of the contract.
    """
    columns = quality[quality["field"] != ""].rename(columns=NAMES)
    columns = columns.sort_values("score", kind="stable", na_position="first")
    shown = ["table", "field", "rows", "complete_share", "valid_share", "consistent_share", "score"]
    return columns[shown].reset_index(drop=True)


def _of_table(store: Store, tables: dict, what: tuple[str, dt.date]) -> list[dict]:
    name, as_of = what
    entry, accepted = tables[name], store.read(f"accepted/{name}")
    columns = [
        _of_column((name, field), counts, _resolved(store, tables, (name, field)))
        for field, counts in entry["fields"].items()
    ]
    unique = _share(entry["rows_accepted"], entry["rows_accepted"] + entry["rows_merged"])
    newest = _newest(accepted, TABLES[name].time, as_of)
    whole = {
        "table": name,
        "field": "",
        "rows": entry["rows_in"],
        "unique": unique,
        "newest": newest,
        "age_days": None if newest is None else (as_of - newest).days,
        "score": _product(_weakest(name, columns), unique),
    }
    return [whole, *columns]


def _of_column(what: tuple[str, str], counts: dict, consistent: float) -> dict:
    complete = _share(counts["filled"], counts["rows"])
    valid = _share(counts["valid"], counts["filled"])
    return {
        "table": what[0],
        "field": what[1],
        "rows": counts["rows"],
        "complete": complete,
        "valid": valid,
        "consistent": consistent,
        "score": _product(complete, valid, consistent),
    }


def _weakest(table: str, columns: list[dict]) -> float:
    required = [one for one in columns if TABLES[table].fields[one["field"]].required]
    return min((one["score"] for one in required or columns), default=math.nan)


def _resolved(store: Store, tables: dict, what: tuple[str, str]) -> float:
    """Return the share of references that are found where they point; missing if nowhere."""
    name, field = what
    target = _target(field, tables)
    if not target or target == name:
        return math.nan
    given = store.read(f"accepted/{name}").select(field)
    given = given.filter(given[field].notnull())  # noqa: PD004 (Ibis has no notna)
    known = store.read(f"accepted/{target}").select(field)
    return _share(given.semi_join(known, field).count().execute(), given.count().execute())


def _target(field: str, tables: dict) -> str:
    where = {"customer_id": ("customers", "purchases"), "campaign_id": ("campaigns",)}
    return next((table for table in where.get(field, ()) if table in tables), "")


def _newest(accepted: ir.Table, time: str, as_of: dt.date) -> dt.date | None:
    """Return the newest day up to as_of; a plan for later does not make a table fresh."""
    if not time:
        return None
    days = accepted.select(day=accepted[time].cast("date"))
    found = days.filter(days.day <= as_of).aggregate(newest=days.day.max())
    return found.to_pyarrow()["newest"][0].as_py()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _product(*shares: float) -> float:
    """Multiply the shares that there are; missing if there is none."""
    known = [share for share in shares if not math.isnan(share)]
    return math.prod(known) if known else math.nan


def _date(as_of: str | dt.date) -> dt.date:
    return dt.date.fromisoformat(str(as_of))
