"""All three purchase models on CDNOW, and lifetimes beside them as the reference."""

import warnings

import pandas as pd
import pytest

from regulars.measures.purchase_models.fitting import Fit, fit
from regulars.measures.purchase_models.formulas import MODELS

with warnings.catch_warnings():
    # On import lifetimes sets a pandas option that pandas 3 calls deprecated, and silences every
    # FutureWarning for the whole process.
    warnings.simplefilter("ignore", DeprecationWarning)
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

PUBLISHED = {
    "bg_nbd": (0.2426, 4.4136, 0.7929, 2.4259),
    "mbg_nbd": (0.525, 6.183, 0.891, 1.614),
    "pareto_nbd": (0.553, 10.58, 0.606, 11.66),
}


@pytest.fixture(scope="session")
def published() -> dict[str, tuple[float, ...]]:
    """The published parameters of each model on CDNOW, in weeks."""
    return PUBLISHED


@pytest.fixture(scope="session")
def cdnow_fits(cdnow_cells: pd.DataFrame) -> dict[str, Fit]:
    """All purchase models, fitted on the calibration period."""
    return {model: fit(cdnow_cells, model=model) for model in MODELS}


@pytest.fixture(scope="session")
def reference() -> dict[str, type]:
    """The fitters of lifetimes, to agree with."""
    fitters = (BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter)
    return dict(zip(MODELS, fitters, strict=True))
