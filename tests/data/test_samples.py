"""Samples: the published totals, and every field as it was."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from regulars.data.samples import put_sample
from regulars.errors import ParameterError


def test_cdnow_has_the_published_totals(root: Path) -> None:
    """Fader and Hardie's sample: 6,919 lines, 2,357 customers, 16,479 CDs, $244,091.94."""
    lines = pd.read_csv(put_sample("cdnow"), dtype=str)
    assert len(lines) == 6919
    assert lines.customer_id.nunique() == 2357
    assert lines.cds.astype(int).sum() == 16_479
    assert sum(map(Decimal, lines.dollars)) == Decimal("244091.94")
    assert (lines.date.min(), lines.date.max()) == ("19970101", "19980630")
    assert (lines.dollars.astype(float) == 0).sum() == 8
    assert lines.duplicated(["customer_id", "date"]).sum() == 223
    assert lines.customer_id[0] == "00004"


def test_twice_gives_the_same_bytes(root: Path) -> None:
    first = put_sample("cdnow").read_bytes()
    assert put_sample("cdnow").read_bytes() == first


def test_an_unknown_sample_is_refused(root: Path) -> None:
    with pytest.raises(ParameterError, match="There is no sample 'cdnoww'. There is: cdnow"):
        put_sample("cdnoww")
