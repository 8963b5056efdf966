"""Simulated: what the tests of the simulated company know of its tables, by hand."""

KEYS = {
    "purchases": ["order_id", "product_id", "ordered_at", "sign"],
    "customers": ["customer_id"],
    "surveys": ["customer_id", "question", "responded_at", "invited_at"],
    "interactions": ["customer_id", "opened_at", "kind"],
    "campaigns": ["campaign_id"],
    "campaign_contacts": ["campaign_id", "customer_id"],
    "opportunities": ["opportunity_id"],
    "targets": ["period", "metric"],
    "subscriptions": ["customer_id", "started_at", "plan"],
}
"""What tells one row of a table from another; sign is that of the amount."""
