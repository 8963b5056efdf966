"""Forecasts: what a model that may speak says of the days to come, with intervals."""
