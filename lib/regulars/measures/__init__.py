"""Measures: frame in, frame out. Nothing here draws, and nothing here asks the clock."""
