"""Small bridges between the engine, where the rows are, and the frame a person reads.

They go by way of Arrow: it keeps types exactly, and Ibis's own way through pandas reads an option
that pandas 3 calls deprecated.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.util import gen_name

from regulars.errors import ParameterError

__all__ = ["as_date", "beside", "fetch", "kept", "rows_at_ranks", "table_of"]


def as_date(when: str | date) -> date:
    """Return a calendar day, whether it was given as a date or as ISO text.

    Parameters
    ----------
    when : str or datetime.date
        For example ``"1998-06-30"``.

    Returns
    -------
    datetime.date

    Raises
    ------
    ParameterError
        If the text is not a day written year-month-day.

    Examples
    --------
    >>> as_date("1998-06-30")
    datetime.date(1998, 6, 30)
    """
    if isinstance(when, datetime):
        return when.date()
    if isinstance(when, date):
        return when
    try:
        return date.fromisoformat(when)
    except (TypeError, ValueError) as error:
        raise ParameterError(
            f"Expected a day written like 1998-06-30, found {when!r}. Write year-month-day."
        ) from error


def beside(customers: ir.Table, table: ir.Table) -> ir.Table:
    """Put the columns of a table beside the customers, all of whom stay.

    Parameters
    ----------
    customers, table : ibis.expr.types.Table
        customer_id, one row per customer in `table`; no other column in both.

    Examples
    --------
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"]}))
    >>> orders = table_of(pd.DataFrame({"customer_id": ["ann"], "orders": [3]}))
    >>> fetch(beside(customers, orders).order_by("customer_id")).orders.tolist()
    [3.0, nan]
    """
    return customers.left_join(table, "customer_id").drop("customer_id_right")


def fetch(expression: ir.Table) -> pd.DataFrame:
    """Run an expression and return its rows as a pandas frame; meant for aggregates only.

    Days come back as datetime64, decimals as ``decimal.Decimal``.

    Examples
    --------
    >>> fetch(table_of(pd.DataFrame({"spend": [1.5, 2.5]})).agg(spend=ibis._.spend.sum()))
       spend
    0    4.0
    """
    return expression.to_pyarrow().to_pandas(date_as_object=False)


@contextmanager
def kept(table: ir.Table) -> Iterator[ir.Table]:
    """Compute a table once within a ``with`` block, however often it is asked in there.

    The rows stay in the engine. Without it, each question to an expression computes it anew.

    Examples
    --------
    >>> with kept(table_of(pd.DataFrame({"spend": [1.5, 2.5]}))) as once:
    ...     total = fetch(once.agg(spend=once.spend.sum())).spend[0]
    >>> float(total)
    4.0
    """
    engine, name = ibis.get_backend(table), gen_name("kept")
    if engine.name != "duckdb":
        with table.cache() as rows:
            yield rows
        return
    try:
        yield engine.create_table(name, table, temp=True)
    finally:
        # Ibis 12 drops tables by a statement that DuckDB 1.5 does not read.
        engine.raw_sql(f'DROP TABLE IF EXISTS "{name}"')


def table_of(frame: pd.DataFrame) -> ir.Table:
    """Hand a small pandas frame to the engine, for instance to join scores to customers.

    Examples
    --------
    >>> table_of(pd.DataFrame({"repeat_days": [0, 1]})).columns
    ('repeat_days',)
    """
    return ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))


def rows_at_ranks(table: ir.Table, ranks: Iterable[int], *, order_by: list) -> pd.DataFrame:
    """Return the rows standing at the given ranks (1 is first) once the table is ordered.

    It is how a quantile is read without bringing the column out of the engine. `order_by` has to
    settle every tie that matters to the caller. Window columns made before are kept.

    Returns
    -------
    pandas.DataFrame
        The columns of `table`, and ``rank`` as index, ascending. Ranks past the end are absent.

    Examples
    --------
    >>> letters = table_of(pd.DataFrame({"letter": list("dbca")}))
    >>> rows_at_ranks(letters, [1, 4], order_by=["letter"]).letter.to_dict()
    {1: 'a', 4: 'd'}
    """
    ranked = table.mutate(rank=ibis.row_number().over(order_by=order_by) + 1)
    chosen = ranked.filter(ranked["rank"].isin(sorted(set(ranks))))
    return fetch(chosen.order_by("rank")).set_index("rank")
