"""Messy: the same company as the files people really have, and all that was planted in them."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.company import Company
from regulars.data.simulate.defects import Plan
from regulars.data.simulate.drafts import Draft, Row
from regulars.data.simulate.forms import Form
from regulars.data.simulate.messy_purchases import plant_purchases
from regulars.data.simulate.messy_tables import other_drafts, plant_other
from regulars.data.simulate.truth import write_json

__all__ = ["LEAST_CUSTOMERS", "MOST_CUSTOMERS", "quarters", "write_messy"]

LEAST_CUSTOMERS = 200
"""Below it a quarter could have too few lines to plant something in."""

MOST_CUSTOMERS = 50_000
"""Messy files are put together row by row in Python, all at once in memory (1.3 GB for these)."""

GERMAN = {"delimiter": ";", "decimal": ",", "thousands": ".", "date_format": "%d.%m.%Y"}
AMERICAN = {"thousands": ",", "date_format": "%m/%d/%Y", "time_format": "%I:%M:%S %p"}
CHINESE = {"encoding": "gb18030", "delimiter": ";", "language": "chinese"}
FORMS = (
    Form("csv", encoding="utf-8-sig"),
    Form("csv", **CHINESE, date_format="%Y/%m/%d"),
    Form("csv", **GERMAN, language="german", line_end="\r\n"),
    Form("csv", **AMERICAN, language="english"),
    Form("xlsx", language="english", sheet="Export {quarter}"),
    Form("tsv", delimiter="\t", packing="gzip"),
    Form("parquet"),
    Form("csv", delimiter="|", language="english", packing="zip"),
    Form("jsonl"),
    Form("csv", **CHINESE, date_format="%Y年%m月%d日"),
    Form("csv", **GERMAN, language="english"),
    Form("txt", delimiter="\t", encoding="utf-16", date_format="%d/%m/%Y", language="english"),
)  # fmt: skip


def write_messy(clean: Path, folder: Path, company: Company) -> None:
    """Write the clean tables in a folder to another folder as messy files, and what was planted.

    Parameters
    ----------
    clean : Path
        Where the clean files are; its ``truth`` is moved along.
    folder : Path
        Where the messy files go.
    company : Company
        Whose files they are.
    """
    folder.mkdir(parents=True)
    (clean / "truth").replace(folder / "truth")
    tables = {name: _rows(clean / f"{name}.csv", name) for name in COLUMNS}
    plan = Plan(company.stream("defects"))
    drafts = quarters(tables.pop("purchases"))
    drafts.append(plant_purchases(plan, drafts))
    for parts in other_drafts(tables).values():
        plant_other(plan, parts)
        drafts += parts
    for draft in drafts:
        draft.write(folder)
    files = {draft.name: draft.facts() for draft in drafts}
    files |= _same_file(plan, folder, drafts[0])
    write_json(folder / "truth" / "defects.json", {"defects": plan.defects, "files": files})


def _same_file(plan: Plan, folder: Path, draft: Draft) -> dict[str, dict[str, object]]:
    """Deliver a whole file again under another name."""
    again = replace(draft, stem=f"{draft.stem}_again")
    shutil.copyfile(folder / draft.name, folder / again.name)
    plan.note(
        "a whole file again", again, rows=len(draft.rows), money=draft.money(), reason="same_file"
    )
    return {again.name: again.facts()}


def _rows(path: Path, table: str) -> list[Row]:
    text = {name: pa.string() for name in COLUMNS[table]}
    options = pacsv.ConvertOptions(column_types=text, strings_can_be_null=False)
    return pacsv.read_csv(path, convert_options=options).to_pylist()


def quarters(rows: Sequence[Row]) -> list[Draft]:
    """Share the purchases among quarters by date, each in a form of its own."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["ordered_at"]):
        found.setdefault(_quarter(row["ordered_at"]), []).append(row)
    return [
        Draft("purchases", f"purchases_{quarter}", _form(k, quarter), lines)
        for k, (quarter, lines) in enumerate(found.items())
    ]


def _quarter(moment: str) -> str:
    return f"{moment[:4]}Q{(int(moment[5:7]) + 2) // 3}"


def _form(k: int, quarter: str) -> Form:
    form = FORMS[k % len(FORMS)]
    return replace(form, sheet=form.sheet.format(quarter=quarter))
