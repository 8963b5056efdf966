"""Model names: what readers call the purchase models that the library names for machines."""

__all__ = ["MODEL_NAMES"]

MODEL_NAMES = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}
"""By the name that stands in parameters, tables and ``metrics.json``."""
