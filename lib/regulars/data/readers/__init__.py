"""Readers: each kind of file or database that intake understands, read as text with its lines."""
