"""Checking: whether the files are good, before anything is run on them."""

from regulars.data.checking.checked import Checked, check
from regulars.data.checking.lines import summary

__all__ = ["Checked", "check", "summary"]
