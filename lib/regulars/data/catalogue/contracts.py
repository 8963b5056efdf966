"""How long contracts last, and what they are worth (12_contracts)."""

from regulars.data.catalogue.model import Definition

__all__ = ["CONTRACTS"]

CONTRACTS: dict[str, Definition] = {}
