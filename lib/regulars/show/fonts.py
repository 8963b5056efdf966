"""Fonts: which families draw the text of a chart, and what to do with a letter none of them has.

DejaVu Sans comes with matplotlib and has Latin, Greek and Cyrillic. For Chinese, Japanese and
Korean names a family that is installed on the machine is added, if there is one.
"""

from functools import cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from regulars.show.text import one_line

__all__ = ["PLACEHOLDER", "drawable", "families"]

PLACEHOLDER = "□"

_BASE = "DejaVu Sans"
_EAST_ASIAN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Arial Unicode MS",
)


@cache
def families() -> list[str]:
    """Return the families to draw with, in order; those not installed are left out.

    Examples
    --------
    >>> families()[0]
    'DejaVu Sans'
    """
    installed = {font.name for font in fontManager.ttflist}
    return [_BASE, *(name for name in _EAST_ASIAN if name in installed)]


def drawable(value: object, *, width: int = 300) -> str:
    r"""Return a value as one line in which every letter can be drawn.

    A letter that no family has becomes an empty box, rather than a warning and a hole.
    The whole name still stands in the alternative text and in the numbers behind the chart.

    Examples
    --------
    >>> drawable("Zoë\n$5")
    'Zoë $5'
    >>> drawable("\U000e0041")
    '□'
    """
    text = one_line(value, width=width)
    return "".join(letter if ord(letter) in _letters() else PLACEHOLDER for letter in text)


@cache
def _letters() -> frozenset[int]:
    """Return the code points that at least one of the families can draw, in bold as well."""
    return frozenset().union(*(_common_letters(family) for family in families()))


def _common_letters(family: str) -> set[int]:
    """Return what normal and bold have in common: bold DejaVu has fewer letters."""
    faces = [
        set(get_font(findfont(FontProperties(family=[family], weight=weight))).get_charmap())
        for weight in ("normal", "bold")
    ]
    return faces[0] & faces[1]
