"""Behavioural loyalty: who buys again, how soon, how regularly, and how much of it with us."""
