"""Supervised: a model of many features beside the purchase models, kept only if it is better."""
