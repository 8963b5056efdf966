"""Segments: groups of customers, each by a stated rule, and what tells them apart."""
