"""The data dictionary: what a person reads of the contract, made from the contract.

``data/raw/README.md`` is this text. Field by field and rule by rule it says what the contract says,
so it cannot say anything else.
"""

from collections.abc import Iterable

from regulars.data.contract import MALFORMED, MALFORMED_SENTENCE, TABLES, Field, Table

__all__ = ["dictionary"]

OPENING = """\
# Data dictionary

Put your files here, each data set in a folder of its own, for example
`data/raw/shop/purchases.csv`. Nothing in this folder but this page is kept in the repository. The
parameter file says where the files are and what their columns are called:

```yaml
sources:
  purchases:
    files: data/raw/shop/*.csv   # below the project's root; a pattern takes in several files
    delimiter: ";"               # the character between fields; a comma where it is not said
    date_format: "%d.%m.%Y"      # how dates are written; ISO (2024-12-31) where it is not said
    columns:                     # our name: the file's name
      customer_id: Customer
      ordered_at: Date
      amount: Paid
```

Files are CSV (`.csv`, `.tsv`, `.txt`: UTF-8, a header line, fields quoted with `"`) or Parquet.
Amounts have a decimal point and no thousands separators. Columns that are not mapped do not reach
the tables; only a rejected row is kept whole, in the workbook's private store.

The sample `data/raw/cdnow/purchases.csv` is put here by `regulars sample cdnow`: 6,919 lines of
2,357 customers of an online CD shop, 1997-01-01 to 1998-06-30, by Peter Fader and Bruce Hardie. It
ships inside lifetimes 0.11.3 (MIT licence); only its form is changed, to commas and a header.

This page is made from the contract, `lib/regulars/data/contract.py`; `make refresh` writes it anew.
"""

TYPES = {
    "id": "text, so 007 stays 007",
    "text": "text",
    "time": "date, or date and time without a zone",
    "money": "number with a decimal point",
    "number": "number with a decimal point",
}


def dictionary() -> str:
    """Return the data dictionary: each table of the contract with its fields and its rules.

    Returns
    -------
    str
        Markdown, ending in a line end.

    Examples
    --------
    >>> print(dictionary().splitlines()[0])
    # Data dictionary
    """
    return "\n".join([OPENING, *(_table(table) for table in TABLES.values())])


def _table(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"One row is {table.one_row}.",
        "",
        *_markdown(
            ("column", "type", "unit", "required", "meaning"),
            (_field(field, table) for field in table.fields.values()),
        ),
        "",
        "A row that breaks a rule is rejected. The first it breaks is its reason in the ledger.",
        "",
        *_markdown(("reason", "what it means"), _reasons(table)),
        "",
    ]
    return "\n".join(lines)


def _field(field: Field, table: Table) -> tuple[str, ...]:
    return (
        f"`{field.name}`",
        TYPES[field.type],
        field.unit,
        _required(field, table),
        field.meaning,
    )


def _required(field: Field, table: Table) -> str:
    if not field.required:
        return ""
    instead = " × ".join(f"`{name}`" for name in table.either.get(field.name, ()))
    return f"yes, or {instead}" if instead else "yes"


def _reasons(table: Table) -> Iterable[tuple[str, str]]:
    rules = [(rule.reason, rule.sentence) for rule in table.rules]
    return [(f"`{reason}`", said) for reason, said in [(MALFORMED, MALFORMED_SENTENCE), *rules]]


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_line(head), _line(("---",) * len(head)), *map(_line, rows)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
