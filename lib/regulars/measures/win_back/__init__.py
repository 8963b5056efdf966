"""Win-back: who left, who is worth winning back, and what a past action did."""
