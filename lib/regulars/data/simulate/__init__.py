"""Simulate: a made-up shop with all nine tables, whose truth is known."""
