"""Showing: charts, tables and sentences made from frames. Nothing here computes a measure."""
