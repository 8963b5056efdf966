"""Fit: one table that a file may be, and which of the file's columns are which of our fields."""

from dataclasses import dataclass, field

from regulars.data.contract import Table
from regulars.data.looking.finding import Finding

__all__ = ["Fit"]


@dataclass
class Fit:
    """One table that a file may be: our fields, the columns they are, and how well each goes."""

    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    total: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)
    """Columns whose cells, not whose names, tell that they are direct identifiers."""

    @property
    def missing(self) -> list[str]:
        """Required fields that the file does not have."""
        return self.table.missing(self.columns)

    @property
    def is_whole(self) -> bool:
        """Whether it has what the table needs; an id alone could be of any table."""
        return not self.missing and len(self.columns) > 1
