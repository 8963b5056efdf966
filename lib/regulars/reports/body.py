"""The body of a page: an executed notebook's prose and outputs, as safe HTML with an outline."""

import base64
import re
import struct
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import mistune
from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from regulars.errors import RunError
from regulars.reports.sanitise import anchor, clean, plain

__all__ = ["HIDDEN_TAGS", "Body", "Picture", "make_body"]

HIDDEN_TAGS = frozenset({"parameters", "injected-parameters", "setup", "teaching"})
"""Cells with one of these tags leave no trace on a page."""

TEMPLATES = Path(__file__).with_name("templates")
_PICTURES = ("image/svg+xml", "image/png")
_SHOWN = [*_PICTURES, "text/html", "text/markdown", "text/plain"]
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CSS_PIXELS = {"pt": 96 / 72, "px": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}


@dataclass(frozen=True)
class Body:
    """A notebook as HTML.

    `title` is the notebook's own first heading as plain text, None where it has none. `html` is
    everything after it, sanitised, with headings that begin at level 2 and skip no level.
    `headings` holds anchor and text of each heading of level 2, in order.
    """

    title: str | None
    html: str
    headings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A figure: its bytes as a data address, size in CSS pixels, and the words that go with it."""

    source: str
    alt: str
    caption: tuple[str, ...]
    width: int | None = None
    height: int | None = None


def make_body(notebook: NotebookNode, *, pages: Collection[str] = ()) -> Body:
    r"""Turn an executed notebook into the body of a page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook. It is not changed.
    pages : collection of str
        File names of the pages it may link to.

    Raises
    ------
    RunError
        If a figure has no alt text.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> body = make_body(new_notebook(cells=[new_markdown_cell("# Who stays?\n\n## Limits")]))
    >>> body.title, body.headings
    ('Who stays?', (('Limits', 'Limits'),))
    """
    title, cells = _take_title(notebook.cells)
    without_title = NotebookNode({**notebook, "cells": cells})
    html, _ = _exporter(frozenset(pages)).from_notebook_node(without_title)
    soup = BeautifulSoup(html, "html.parser")
    headings = _outline(soup)
    _frame_tables(soup)
    _drop_dead_ends(soup)
    # Last of all once more: no other parser's reading of the HTML may have the final word.
    return Body(title, clean(str(soup), pages=pages, anchored=_HEADINGS), headings)


def _take_title(cells: list[NotebookNode]) -> tuple[str | None, list[NotebookNode]]:
    """Split the heading off the notebook's first markdown cell; what follows it stays."""
    for position, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        first, _, rest = cell.source.lstrip().partition("\n")
        if not first.startswith("# "):
            break
        title = " ".join(BeautifulSoup(_prose(first), "html.parser").get_text().split())
        lead = NotebookNode({**cell, "source": rest, "metadata": {**cell.metadata, "lead": True}})
        remaining = [lead] if rest.strip() else []
        return title or None, [*cells[:position], *remaining, *cells[position + 1 :]]
    return None, list(cells)


@lru_cache(maxsize=8)
def _exporter(pages: frozenset[str]) -> HTMLExporter:
    config = Config()
    config.NbConvertBase.display_data_priority = _SHOWN
    config.TagRemovePreprocessor.remove_cell_tags = set(HIDDEN_TAGS)
    exporter = HTMLExporter(
        config=config,
        template_name="regulars",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
    )
    exporter.register_filter("clean", lambda html: clean(html, pages=pages))
    exporter.register_filter("prose", lambda text: clean(_prose(text), pages=pages))
    exporter.register_filter("plain", plain)
    exporter.register_filter("picture", _picture)
    return exporter


# Not nbconvert's own markdown: it reads "$5 and $10" as a formula, and a formula needs a script.
_markdown = mistune.create_markdown(escape=False, plugins=["def_list", "strikethrough", "table"])


def _prose(text: str) -> str:
    """Turn markdown into HTML; columns aligned right by a style are marked by a class instead."""
    html = str(_markdown(plain(text)))
    return html.replace('style="text-align:right"', 'class="num"')


def _picture(output: NotebookNode, mime: str) -> Picture:
    about = output.get("metadata", {}).get(mime, {})
    alt = plain(str(about.get("alt", ""))).strip()
    caption = [line.strip() for line in plain(output.data.get("text/plain", "")).splitlines()]
    if not alt:
        raise RunError(
            f"Expected alt text on every figure, found none on the figure '{' '.join(caption)}'. "
            f'Give it as metadata["{mime}"]["alt"] of the output.'
        )
    content = plain(output.data[mime])
    svg = mime == "image/svg+xml"
    encoded = base64.b64encode(content.encode()).decode() if svg else "".join(content.split())
    width, height = _svg_size(content) if svg else _png_size(base64.b64decode(encoded))
    return Picture(
        f"data:{mime};base64,{encoded}",
        alt,
        tuple(filter(None, caption)),
        about.get("width", width),
        about.get("height", height),
    )


def _svg_size(svg: str) -> tuple[int | None, int | None]:
    """Read the size from the root's width and height."""
    root = re.search(r"<svg\b[^>]*>", svg)
    sides = [_length(root[0], side) for side in ("width", "height")] if root else [None, None]
    width, height = sides if None not in sides else (None, None)
    return width, height


def _length(tag: str, side: str) -> int | None:
    found = re.search(rf'\b{side}="([\d.]+)(pt|px|in|cm|mm)?"', tag)
    return round(float(found[1]) * _CSS_PIXELS[found[2] or "px"]) if found else None


def _png_size(png: bytes) -> tuple[int | None, int | None]:
    """Read the size from the head of the file."""
    if len(png) < 24 or not png.startswith(b"\x89PNG"):
        return None, None
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _outline(soup: BeautifulSoup) -> tuple[tuple[str, str], ...]:
    """Give the headings their levels and anchors, and return those of level 2."""
    seen: dict[str, int] = {}
    found = []
    level = 1
    for heading in soup.find_all(_HEADINGS):
        text = " ".join(heading.get_text().split())
        if not text:
            heading.decompose()
            continue
        level = min(max(int(heading.name[1]), 2), level + 1)
        heading.name = f"h{level}"
        heading["id"] = _unused(anchor(text), seen)
        if level == 2:
            found.append((heading["id"], text))
    return tuple(found)


def _unused(name: str, seen: dict[str, int]) -> str:
    """Return the name itself, or with the first number that no other heading has."""
    candidate = name
    while candidate in seen:
        seen[name] += 1
        candidate = f"{name}-{seen[name]}"
    seen[candidate] = 1
    return candidate


def _frame_tables(soup: BeautifulSoup) -> None:
    """Put every bare table into a frame of its own, so that only the frame scrolls sideways."""
    for number, table in enumerate(soup.find_all("table"), start=1):
        if table.find_parent(_is_frame) or table.find_parent("table"):
            continue
        label = table.caption.get_text(" ", strip=True) if table.caption else f"Table {number}"
        attributes = {"class": "table", "role": "region", "aria-label": label, "tabindex": "0"}
        table.wrap(soup.new_tag("div", attrs=attributes))


def _is_frame(tag: Tag) -> bool:
    return tag.name == "div" and "table" in tag.get("class", [])


def _drop_dead_ends(soup: BeautifulSoup) -> None:
    """Leave the words of a link that leads nowhere and of a picture that lies elsewhere."""
    for link in soup.find_all("a", href=False):
        link.unwrap()
    for image in soup.find_all("img", src=False):
        image.replace_with(image.get("alt", ""))
