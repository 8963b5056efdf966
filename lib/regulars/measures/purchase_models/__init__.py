"""Purchase models: when customers come again, fitted on cells and scored once per cell."""
