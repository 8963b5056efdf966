"""What came in, and what became of it (01_ingest)."""

from regulars.data.catalogue.model import Definition

__all__ = ["INTAKE"]


def _intake(way: str, what: str) -> dict[str, Definition]:
    return {
        f"intake.rows_{way}": Definition(f"Rows {way}", "rows", f"Rows of purchases that {what}."),
        f"intake.money_{way}": Definition(
            f"Money {way}",
            "money",
            f"Sum of the amounts of the rows of purchases that {what}; an amount that cannot be "
            "read counts 0.",
        ),
        f"intake.rows_{way}.<table>": Definition(
            f"Rows {way}: {{table}}", "rows", f"Rows of this table that {what}."
        ),
    }


INTAKE = {
    **_intake("in", "came in, all files together, also those of days after as_of"),
    **_intake("accepted", "were accepted and stand for themselves, after merging"),
    **_intake("merged", "are one with another row: equal, delivered again, or replaced by a later"),
    **_intake("rejected", "were rejected, those of days after as_of among them"),
    "intake.rows_later": Definition(
        "Rows left for later",
        "rows",
        "Rows of purchases of days after as_of: among the rejected ones, though nothing is wrong "
        "with them.",
    ),
}
