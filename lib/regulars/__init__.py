"""Regulars: a Jupyter workbook for customer loyalty, and the small library behind it."""

__version__ = "0.1.0"
