"""Targets: what was reached month by month, whether it is what was wanted, and which is news."""
