"""Group looks: one colour and one dash a group, the same in all charts of a page."""

from collections.abc import Sequence
from typing import NamedTuple

from regulars.show.style import palette

__all__ = ["Look", "group_looks"]


class Look(NamedTuple):
    """How a group's line is drawn, and the sign before its name at the line's end."""

    colour: str
    dashes: str
    width: float
    sign: str

    def named(self, words: str) -> str:
        """Put the sign of the dashes before a name.

        Examples
        --------
        >>> Look("black", ":", 1.3, "···").named("Web"), Look("blue", "-", 2, "").named("App")
        ('··· Web', 'App')
        """
        return f"{self.sign} {words}".strip()


def group_looks(groups: Sequence[str], highlight: str | None = None) -> dict[str, Look]:
    """Return the look of at most four groups.

    The highlighted one is blue and drawn through; the others go by their place, so that a group
    keeps its look whichever is highlighted. A group that is alone is blue.

    Parameters
    ----------
    groups : sequence of str
        The largest first.
    highlight : str, optional
        The group that the page's titles name.

    Examples
    --------
    >>> from regulars.show.style import styled
    >>> with styled():
    ...     looks = group_looks(["web", "app", "store"], "app")
    >>> [look.dashes for look in looks.values()]
    ['--', '-', ':']
    """
    ink, grey = palette().ink, palette().grey
    others = (
        Look(ink, "--", 1.3, "– –"),
        Look(grey, "-.", 1.3, "– ·"),
        Look(ink, ":", 1.6, "···"),
        Look(grey, "-", 1.3, "—"),
    )
    blue = Look(palette().highlight, "-", 2, "")
    alone = len(groups) == 1
    return {
        group: blue if alone or group == highlight else look
        for group, look in zip(groups, others, strict=False)
    }
