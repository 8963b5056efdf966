"""Sentences on the season: the strongest and the weakest month, or that there is none."""

import datetime as dt

import pandas as pd

from regulars.measures.purchase_models.clock import Season
from regulars.show.sentences.season import season


def test_the_strongest_and_the_weakest_month_are_named():
    index = pd.Series([1.0, 0.8, *[1.0] * 9, 1.374], index=range(1, 13))
    (told,) = season(Season(index, dt.date(2024, 12, 31)))
    assert "a day in December brought 1.37 times" in told
    assert "a day in February 0.80 times" in told


def test_without_a_season_it_is_said_what_it_takes():
    (told,) = season(None)
    assert "no season was to be seen" in told
    assert "two years" in told
