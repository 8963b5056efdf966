"""Reports: run the notebooks in batch, judge by evidence, and publish pages."""
