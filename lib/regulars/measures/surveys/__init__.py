"""What customers say: answers to surveys, counted, compared and weighted."""
