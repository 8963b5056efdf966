"""Value: what customers are worth over a stated time, discounted, as margin."""
