"""Finding: one thing that was decided about a file, and the evidence for it."""

from dataclasses import dataclass, replace

__all__ = ["Finding", "counted", "one_line"]


@dataclass(frozen=True)
class Finding:
    """One decision.

    Parameters
    ----------
    what : str
        What was decided about, such as ``encoding`` or ``date_format.ordered_at``.
    decided : str
        The decision, in words a table can show.
    because : str
        The evidence, as the end of a sentence.
    sure : bool
        Whether the content proves it.
    table, file : str
        The table of the workbook, and the file with its sheet; empty for the whole workbook.
    """

    what: str
    decided: str
    because: str
    sure: bool = True
    table: str = ""
    file: str = ""

    def comment(self) -> str:
        """Return what stands behind the line in the parameter file.

        Examples
        --------
        >>> Finding("currency", "USD", "no amount has a sign", sure=False).comment()
        'guessed: USD, because no amount has a sign; check'
        """
        said = f"{self.decided}, because {self.because}"
        return one_line(said if self.sure else f"guessed: {said}; check")

    def at(self, *, table: str = "", file: str = "") -> "Finding":
        """Return the finding with the table and the file it is about."""
        return replace(self, table=table or self.table, file=file or self.file)

    def doubted(self, because: str) -> "Finding":
        """Return the finding as one that is not sure, with what speaks against it."""
        return replace(self, because=f"{self.because}; {because}", sure=False)


def counted(number: int, one: str, several: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "date"), counted(1200, "date")
    ('1 date', '1,200 dates')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def one_line(text: str) -> str:
    """Return text that fits in one line of a file: what cannot be printed becomes a blank."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
