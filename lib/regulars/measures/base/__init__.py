"""The customer base: who buys, how unevenly, what changed, and how cohorts grow old."""
