"""On the way: small tables that several steps read, written once and gone when cleaning ends.

Ibis 12 cannot drop a temporary table of the engine with the sqlglot of today, so they are files.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ibis.expr.types as ir

from regulars.data.store import Store

__all__ = ["Keep", "on_the_way"]

Keep = Callable[[str, ir.Table], ir.Table]
"""Takes a name and an expression, and returns the rows it gives, to be read more than once."""


@contextmanager
def on_the_way(store: Store) -> Iterator[Keep]:
    """Give a function that keeps tables in the store until the block ends."""
    names = []

    def keep(name: str, table: ir.Table) -> ir.Table:
        names.append(f"clean/.{name}")
        return store.write(names[-1], table)

    try:
        yield keep
    finally:
        for name in names:
            store.drop(name)
