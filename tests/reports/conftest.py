"""What the tests of the pages share: hostile payloads, and an eye for what must not be there."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

# fmt: off
FORBIDDEN = frozenset({
    "applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input",
    "keygen", "link", "marquee", "math", "meta", "noscript", "object", "plaintext", "script",
    "select", "source", "style", "svg", "template", "textarea", "video",
})
ADDRESSES = frozenset({
    "action", "background", "cite", "data", "formaction", "href", "longdesc", "ping", "poster",
    "src", "srcset", "xlink:href",
})
# fmt: on
INSIDE = re.compile(r"#[^:]*$|[\w%.~-][\w%.~/#-]*$|data:image/[\w+]+;base64,")


class _Eye(HTMLParser):
    """Collects what could run, load, submit or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.seen.append(f"<{tag}>")
        for name, value in attrs:
            bad = name.startswith("on") or name in ("style", "srcdoc", "http-equiv")
            leads_out = name in ADDRESSES and not INSIDE.match(value or "")
            if bad or leads_out:
                self.seen.append(f"<{tag} {name}={value!r}>")


def _dangers(html: str) -> list[str]:
    eye = _Eye()
    eye.feed(html)
    eye.close()
    return eye.seen


@pytest.fixture(scope="session")
def dangers() -> Callable[[str], list[str]]:
    """A function that lists what in a piece of HTML could run, load, submit or lead away."""
    return _dangers


@pytest.fixture(scope="session")
def payloads() -> list[str]:
    return json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))
