"""Which customers belong together (04_segments)."""

from regulars.data.catalogue.model import Definition

__all__ = ["SEGMENTS"]


SEGMENTS = {
    "segments.customers.<segment>": Definition(
        "Customers: {segment}",
        "customers",
        "Customers whose R and F scores lie in the segment's cells of the grid.",
    ),
}
