"""The data dictionary: what a person reads of the contract, made from the contract.

``data/raw/README.md`` is this text. Field by field and rule by rule it says what the contract says,
so it cannot say anything else.
"""

from collections.abc import Iterable

from regulars.data.contract import TABLES, Field, Table
from regulars.data.contract.reasons import ANY_CELL, ANY_ROW, MERGED, TOTAL, UNREADABLE

__all__ = ["dictionary"]

OPENING = """\
# Data dictionary

Put your files here, each data set in a folder of its own, for example `data/raw/shop/`. Nothing in
this folder but this page is kept in the repository. Then let them be looked at:

```sh
regulars init shop data/raw/shop/*.csv
regulars check parameters/shop.yaml
```

`init` says what it found, with the evidence, and writes the parameter file, in which every guess has
a comment. `check` reads everything and says what becomes of every row. Nothing is guessed when the
notebooks run: the file declares.

```yaml
sources:
  purchases:                     # one source, or a list of them where files differ in form
    files: data/raw/shop/*.csv   # below the project's root; a pattern takes in several files
    encoding: gb18030            # UTF-8 where it is not said
    delimiter: ";"               # a comma where it is not said
    decimal: ","                 # a point where it is not said
    thousands: "."               # none where it is not said
    date_format: "%d.%m.%Y"      # ISO (2024-12-31) where it is not said; excel for day numbers
    missing: [n/a]               # texts that mean "no value"; an empty cell always does
    columns:                     # our name: the file's name
      customer_id: Customer
      ordered_at: Date
      amount: Paid
```

Also: `values` (what every row has and the file does not say), `translate` (the file's words for a
value: `kind: {退货: return}`), `attributes` (further columns of customers), `date_formats` (by
column), `currency_sign`, `skip_lines` (a title above the header), `sheet`, `last_line: keep` (for a
file whose last line has no line end and is whole all the same), and `database` with `query` in place
of `files`.

A survey with one row an answer sheet and a column for each question is named by a source for each
question; a sheet without an answer to it is rejected there as `score_missing`, and where that is more
than half of them, `intake` needs a higher `most_rejected`. With a column for `invited_at`, a sheet
that has neither a date of the answer nor an answer is an invitation that was not answered; it is
accepted, and response rates rest on it:

```yaml
sources:
  surveys:
    - files: data/raw/shop/answers.csv
      values: {question: nps}
      columns: {responded_at: date, customer_id: customer, score: recommend}
    - files: data/raw/shop/answers.csv
      values: {question: csat}
      columns: {responded_at: date, customer_id: customer, score: satisfied}
```

Read are CSV (`.csv`, `.tsv`, `.txt`; also packed as `.gz` or `.zip`), Excel (`.xlsx`), Parquet, JSON
lines (`.jsonl`, `.ndjson`), and a query to SQLite, DuckDB or any database Ibis connects to (its
driver must be installed, for PostgreSQL `ibis-framework[postgres]`; user and password come from the
database's own environment variables, never from the parameter file).

Columns that are not mapped do not reach the tables; only a rejected row is kept whole, in the
workbook's private folder `data/work/<workbook>/rejected`. Names, mail addresses, telephone numbers
and the like are never taken in, and are masked where a text such as a survey's comment holds them;
customer ids become pseudonyms.

Samples: `regulars sample cdnow` (6,919 lines of 2,357 customers of an online CD shop, 1997-01-01 to
1998-06-30, by Peter Fader and Bruce Hardie; inside lifetimes 0.11.3, MIT licence), `regulars sample
shop` (a simulated company with all nine tables; its truth is in the folder truth, which is never read;
`--messy` writes the same company as the files people really have), `regulars sample journey` (a year
of a grocery chain, after `make journey`).

This page is made from the contract, `lib/regulars/data/contract/`; `make refresh` writes it anew.
"""

EVERY_ROW = """\
## What can become of a row

Every row is accepted, merged or rejected, and the ledger adds up. The first rule a row breaks is its
reason in the ledger. In any table a line can be rejected before it is a row, for one of its cells, or
because of what stands elsewhere; and it can be merged, so that its money is counted once.
"""

ACTIONS = {
    "reject": "rejected",
    "flag": "accepted, counted",
    "fail": "refused, with all others",
}
TYPES = {
    "id": "text, so 007 stays 007",
    "text": "text",
    "choice": "one of the words",
    "time": "date, or date and time",
    "date": "date",
    "month": "month, such as 2025-03",
    "money": "number",
    "number": "number",
    "flag": "true or false",
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
    return "\n".join([OPENING, *(_table(table) for table in TABLES.values()), _every_row()])


def _table(table: Table) -> str:
    head = ("column", "type", "unit", "required", "meaning", "files call it, for example")
    rules = [(f"`{rule.reason}`", ACTIONS[rule.action], rule.sentence) for rule in table.rules]
    lines = [
        f"## {table.name}",
        "",
        f"One row is {table.one_row}. What tells one from another: {', '.join(table.key)}.",
        "",
        *_markdown(head, (_field(field, table) for field in table.fields.values())),
        "",
    ]
    if rules:
        lines += [*_markdown(("rule", "a row that breaks it is", "what it says"), rules), ""]
    return "\n".join(lines)


def _field(field: Field, table: Table) -> tuple[str, ...]:
    return (
        f"`{field.name}`",
        TYPES[field.type],
        field.unit,
        _required(field, table),
        field.meaning,
        ", ".join(_examples(field)),
    )


def _examples(field: Field) -> list[str]:
    """Return a few of a field's aliases, in Latin letters and in Chinese."""
    names = [name for name in field.aliases.split("|") if name]
    latin = [name for name in names if name.isascii()]
    other = [name for name in names if not name.isascii()]
    return [*latin[:3], *other[-2:]]


def _required(field: Field, table: Table) -> str:
    if not field.required:
        return ""
    instead = " × ".join(f"`{name}`" for name in (table.either or {}).get(field.name, ()))
    if field.name in table.may_wait():
        others = [f"`{name}`" for name in table.may_wait() if name != field.name]
        return f"yes, or empty with {', '.join(others)} where `{table.waits.since}` is filled"
    return f"yes, or {instead}" if instead else "yes"


def _every_row() -> str:
    groups = {"rejected": {**UNREADABLE, **TOTAL, **ANY_CELL, **ANY_ROW}, "merged": MERGED}
    rows = [
        (f"`{reason}`", way, said)
        for way, reasons in groups.items()
        for reason, said in reasons.items()
    ]
    return "\n".join([EVERY_ROW, *_markdown(("reason", "the row is", "why"), rows), ""])


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_line(head), _line(("---",) * len(head)), *map(_line, rows)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
