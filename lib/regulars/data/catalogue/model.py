"""What an entry of the catalogue holds."""

from dataclasses import dataclass

__all__ = ["Definition"]


@dataclass(frozen=True)
class Definition:
    """What a number is called, what it is counted in, and how it is made.

    `unit` is ``share`` (0 to 1), ``money`` (in the workbook's currency), or a noun.
    """

    label: str
    unit: str
    definition: str
