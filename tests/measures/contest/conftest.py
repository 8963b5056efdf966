"""CDNOW judged once, and a base of which the true model is known."""

import pandas as pd
import pytest

from regulars.measures.contest.speaking import Forecast, forecast
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.simulated import simulate


@pytest.fixture(scope="session")
def cdnow_ahead(cdnow) -> Forecast:
    """The contest of all three models on CDNOW, 39 weeks against 39 weeks."""
    return forecast(cdnow, as_of="1998-06-30", holdout_days=273)


@pytest.fixture(scope="session")
def true_cells() -> pd.DataFrame:
    """Customers of an MBG/NBD, in days: what was known of them, and what came in a year more."""
    ages = 30 + (7 * pd.RangeIndex(3000).to_numpy()) % 500
    drawn = simulate("mbg_nbd", (0.8, 60, 0.6, 1.5), ages=ages, horizon=365, seed=3)
    drawn = drawn.assign(recency_age=drawn.recency_age.round(6))
    return drawn.groupby([*CELL, "later"]).size().rename("customers").reset_index()
