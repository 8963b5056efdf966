"""Refresh: run the notebooks on their defaults and store their outputs in them, normalised.

Stored are text and tables, counts from 1, and nothing that differs between two runs: no pictures,
no times, no versions. So a second refresh changes no byte, and nbval compares strictly.
"""

import tempfile
from collections.abc import Iterator

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from regulars import paths
from regulars.data.dictionary import dictionary
from regulars.data.store import write_text
from regulars.reports.kernels import private_kernel
from regulars.workbook import NOTEBOOKS

__all__ = ["normalised", "refresh_notebooks"]

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
CELL_METADATA = ("tags",)


def refresh_notebooks() -> Iterator[str]:
    """Run each notebook in order and write it back, and the data dictionary; yield each name."""
    for notebook in NOTEBOOKS:
        path = paths.notebooks() / f"{notebook.name}.ipynb"
        made = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory(prefix="regulars-") as sockets:
            NotebookClient(
                made,
                kernel_name="python3",
                kernel_manager_class=private_kernel(sockets),
                resources={"metadata": {"path": str(path.parent)}},
            ).execute()
        write_text(path, nbformat.writes(normalised(made)) + "\n")
        yield notebook.name
    write_text(paths.root() / "data" / "raw" / "README.md", dictionary())
    yield "data/raw/README.md"


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without pictures, times and versions, its cells numbered from 1."""
    made = nbformat.from_dict(notebook)
    made.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    count = 0
    for cell in made.cells:
        cell.metadata = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_without_pictures(output, count) for output in cell.outputs]
    return made


def _without_pictures(output: NotebookNode, count: int) -> NotebookNode:
    if "data" in output:
        output.data = {kind: v for kind, v in output.data.items() if not kind.startswith("image/")}
        output.metadata = {}
    if output.output_type == "execute_result":
        output.execution_count = count
    return output
