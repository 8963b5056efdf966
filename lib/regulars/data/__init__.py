"""Data in: the contract, the files, intake, cleaning, and the store the notebooks share."""
