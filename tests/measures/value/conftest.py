"""What the tests of value share: a forecast that may speak, and a base whose truth is known."""

from types import SimpleNamespace

import ibis
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.money import MONEY
from regulars.measures.purchase_models.fitting import fit


@pytest.fixture(scope="session")
def few_fit():
    """A model of a hundred customers in six cells."""
    return fit(few_cells())


@pytest.fixture(scope="session")
def cdnow_forecast(cdnow_fits):
    """Both models of the calibration of CDNOW, as a forecast that lets MBG/NBD speak."""
    return SimpleNamespace(final=cdnow_fits["mbg_nbd"], fits=cdnow_fits, withheld=None)


@pytest.fixture(scope="session")
def cdnow_lines(cdnow):
    """CDNOW as cleaned purchases have it: nothing says what the goods cost."""
    return cdnow.mutate(cost=ibis.null(MONEY))
