"""Contest: models and plain rules predict days held back, and only a model that wins may speak."""
