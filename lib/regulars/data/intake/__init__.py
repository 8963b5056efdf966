"""Intake: files in, accepted, merged and rejected rows and a ledger out."""
