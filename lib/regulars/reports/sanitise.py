"""Sanitising: what may stand on a page. Everything a notebook shows passes through here.

An allow-list decides, never a list of what is forbidden: headings, tables, lists and pictures that
carry their own bytes survive; scripts, event handlers, forms, frames, styles and every address
outside the page do not.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

import nh3

__all__ = ["CLASSES", "anchor", "clean", "plain"]

# fmt: off
CLASSES = frozenset({
    "dataframe", "doubt", "finding", "lead", "note", "num", "numbers", "part", "portrait",
    "table", "unobserved",
})
"""The class names a notebook's own HTML may carry; the page's style knows each of them."""

_TAGS = frozenset({
    "h1", "h2", "h3", "h4", "h5", "h6", "section", "div", "span", "p", "br", "hr", "pre",
    "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
    "figure", "figcaption", "img", "a", "abbr", "b", "code", "del", "em", "i", "kbd", "mark",
    "s", "small", "strong", "sub", "sup", "var",
})
# Of every other tag the words remain; of these not even the words.
_DROPPED_WITH_CONTENT = frozenset({
    "applet", "audio", "canvas", "embed", "frame", "frameset", "head", "iframe", "math",
    "noembed", "noframes", "noscript", "object", "plaintext", "script", "select", "style",
    "svg", "template", "textarea", "title", "video", "xmp",
})
# fmt: on
_ATTRIBUTES = {
    "*": {"class", "dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "div": {"aria-label"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
}
_VALUES = {"div": {"role": {"region"}, "tabindex": {"0"}}}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_PAGE_LINK = re.compile(r"(?:\./)?([\w-]+)\.(?:ipynb|html)(?:#(.*))?")
_DOWNLOAD = re.compile(r"downloads/[\w-]+\.(?:csv|xlsx)")
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # a terminal's colours and cursor moves
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a terminal's window titles and links
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
    r"|[\u202a-\u202e\u2066-\u2069]"  # marks that turn the direction of reading
    r"|[\ud800-\udfff]"  # halves of a character, which no file can hold
)


def clean(
    html: str, *, pages: Collection[str] = (), anchored: Collection[str] = frozenset()
) -> str:
    """Return the part of a piece of HTML that may stand on a page, with every tag closed.

    Parameters
    ----------
    html : str
        What a markdown cell or an output holds.
    pages : collection of str
        File names of the pages beside this one. Only these may be linked to; a link to a
        notebook becomes a link to its page. Any other address loses its link and keeps its words.
    anchored : collection of str
        The tags that may keep an ``id``. None by default, so that nothing shown by a notebook
        can pass for a heading of the page.

    Examples
    --------
    >>> clean("<h2 onclick='alert(1)'>Limits</h2><script>alert(2)</script><p>We saw <b>little")
    '<h2>Limits</h2><p>We saw <b>little</b></p>'
    >>> clean('<a href="05_loyalty.ipynb">loyalty</a>', pages=["05_loyalty.html"])
    '<a href="05_loyalty.html">loyalty</a>'
    """

    def keep(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return _link(value, pages=pages)
        if attribute == "src":
            return value if _PICTURE.fullmatch(value) else None
        if attribute == "class":
            return " ".join(name for name in value.split() if name in CLASSES) or None
        return value

    with_ids = {tag: _ATTRIBUTES.get(tag, set()) | {"id"} for tag in anchored}
    return nh3.clean(
        plain(html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=_ATTRIBUTES | with_ids,
        tag_attribute_values=_VALUES,
        attribute_filter=keep,
        url_schemes={"data"},
        link_rel=None,
    )


def plain(text: str) -> str:
    r"""Return a text without terminal codes and control characters; it has still to be escaped.

    Examples
    --------
    >>> plain("\x1b[31mred\x1b[0m\x00 <b>")
    'red <b>'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def anchor(text: str) -> str:
    """Return the name by which a heading is linked to, in any script.

    Examples
    --------
    >>> anchor("What did we find?"), anchor("复购率 是多少?")
    ('What-did-we-find', '复购率-是多少')
    """
    return re.sub(r"[^\w]+", "-", text).strip("-") or "section"


def _link(address: str, *, pages: Collection[str]) -> str | None:
    if address.startswith("#"):
        return "#" + anchor(unquote(address[1:]))
    if _DOWNLOAD.fullmatch(address):
        return address
    found = _PAGE_LINK.fullmatch(address)
    if found is None or f"{found[1]}.html" not in pages:
        return None
    return f"{found[1]}.html" + (f"#{anchor(unquote(found[2]))}" if found[2] else "")
