"""Sentences: what each notebook says, built from what was measured; a module a notebook."""
