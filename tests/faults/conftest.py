"""A small workbook whose notebooks do nothing but what a test makes them do."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from regulars.reports import batch
from regulars.workbook import Notebook

# Three are enough to have one that waits, one that is waited for, and one in between.
NOTEBOOKS = (
    Notebook("01_ingest", "intake", ()),
    Notebook("05_loyalty", "loyalty", ("01_ingest",)),
    Notebook("00_overview", "overview", ("01_ingest", "05_loyalty")),
)

PARAMETERS = """workbook: shop
title: A small shop
as_of: 2024-03-31
currency: EUR
notebook_seconds: 60
sources:
  purchases:
    files: data/raw/shop/purchases.csv
    columns: {customer_id: who, ordered_at: when, amount: paid}
segments:
  - {name: everyone, r: 1-5, f: 1-5, action: Say hello.}
"""
LINES = "who,when,paid\n1,2024-01-05,10\n1,2024-02-05,20\nPlanted Name,2024-03-05,30\n"


def _write_notebook(root: Path, name: str, *cells: str) -> None:
    """Write a notebook that runs some cells and then leaves its facts."""
    code = [
        ('workbook: str = "shop"  # name\nas_of: str = "2024-03-31"  # last day', ["parameters"]),
        *((cell, []) for cell in cells),
        (
            "from regulars.data.facts import Facts\nfrom regulars.data.store import Store\n"
            f'facts = Facts("{name}", as_of=as_of, findings=["It ran."])\n'
            "Store(workbook).write_facts(facts)",
            [],
        ),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(f"# What does {name} say?"),
            *(nbformat.v4.new_code_cell(text, metadata={"tags": tags}) for text, tags in code),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


@pytest.fixture
def shop(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small workbook of three notebooks; `root / "shop.yaml"` are its parameters."""
    monkeypatch.setattr(batch, "NOTEBOOKS", NOTEBOOKS)
    (root / "notebooks").mkdir()
    (root / "data" / "raw" / "shop").mkdir(parents=True)
    (root / "data" / "raw" / "shop" / "purchases.csv").write_text(LINES)
    (root / "shop.yaml").write_text(PARAMETERS)
    for notebook in NOTEBOOKS:
        _write_notebook(root, notebook.name)
    return root


@pytest.fixture
def rewrite(shop: Path) -> Callable[..., None]:
    """Write a notebook of the small workbook anew: its name, then the cells it runs."""
    return lambda name, *cells: _write_notebook(shop, name, *cells)


@pytest.fixture
def snapshot() -> Callable[[Path], dict[str, bytes]]:
    """Read all files below a folder, to see whether anything changed."""
    return lambda folder: {
        str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
