"""Drivers: what goes with recommending us, and how surely one goes with it more than another."""
