"""Cleaning: every accepted purchase line gets one meaning, and one place: clean, or set aside.

Nothing is dropped and nothing is changed in a file: a line that is set aside keeps its rule, stays
in the totals, and can be read again. `clean_tables` states the order of the rules.
"""

from regulars.data.cleaning.account import FAMILIES, account_of, known_customers, steps_of
from regulars.data.cleaning.clean import Cleaned, clean_tables

__all__ = ["FAMILIES", "Cleaned", "account_of", "clean_tables", "known_customers", "steps_of"]
