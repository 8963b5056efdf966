"""Deeds: what customers do after what they said; a file a noun."""
