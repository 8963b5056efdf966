"""Contracts: how long subscriptions last, and what they are worth."""
