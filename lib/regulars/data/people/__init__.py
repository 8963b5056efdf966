"""People: whose a row is, and that nobody learns it: ids, pseudonyms, identifiers in text."""
