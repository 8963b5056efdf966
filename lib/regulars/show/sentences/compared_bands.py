"""Sentences on bands of answers held against each other: who came back more, and by how much."""

import numpy as np
import pandas as pd

from regulars.show.findings import count, interval, number, plural, share
from regulars.show.sentences.pieces import brackets
from regulars.show.sentences.surveys import question_name
from regulars.show.sentences.wording import noticed
from regulars.show.text import NBSP, is_missing

__all__ = [
    "adjusted_in_words",
    "band_name",
    "compared_in_words",
    "points",
    "shares_in_words",
    "who",
]

LEVEL = 0.05

_BANDS = {
    "promoter": "Promoters",
    "passive": "Passives",
    "detractor": "Detractors",
    "top": "Satisfied",
    "rest": "All others",
}
_PAIR = ["question", "band", "other"]


def band_name(band: str) -> str:
    """Return what readers call a band.

    Examples
    --------
    >>> band_name("top")
    'Satisfied'
    """
    return _BANDS.get(band, band)


def who(band: str) -> str:
    """Return what a sentence calls the customers of a band.

    Examples
    --------
    >>> who("top"), who("passive")
    ('satisfied customers', 'passives')
    """
    return {"top": "satisfied customers", "rest": "all others"}.get(band, band_name(band).lower())


def points(difference: float) -> str:
    """Write a difference of two shares, in points of a hundred.

    Examples
    --------
    >>> points(-.0309).replace(NBSP, " ")
    '−3.1 points'
    """
    return f"{_bare(difference)}{NBSP}points"


def shares_in_words(shares: pd.DataFrame, days: int) -> str:
    """Say which share of each band of a question bought again.

    Parameters
    ----------
    shares : pandas.DataFrame
        From `measures.deeds.shown.shown_shares`, of one question and in the order to be told.
    days : int
        The h of "within h days".
    """
    parts = [
        f"{share(row.share)} of {who(row.band)}{brackets(row, n=f'n = {count(row.customers)}')}"
        for row in shares.itertuples()
    ]
    return f"Within {plural(days, 'day')} after the answer, {_and(parts)} bought again."


def compared_in_words(row: object, days: int, *, power: bool = True) -> str:
    """Say whether one band came back more than another, by how much, and by what rule.

    Parameters
    ----------
    row : named tuple
        Of `measures.deeds.claims.confirmed`.
    days : int
        The h of "within h days".
    power : bool
        Whether to say what difference so many customers would have shown.
    """
    one, two = who(row.band).capitalize(), who(row.other)
    within = (
        f"within {plural(days, 'day')} {points(row.difference)} (95 % interval of "
        f"this difference alone {interval(row, as_=_bare)}).{_seen(row) if power else ''}"
    )
    test = f"log-rank over all the time watched, p {_p(row.p_holm)} after Holm"
    more = "more" if row.difference > 0 else "less"
    if row.claimed:
        return f"{one} came back {more} than {two}, beyond chance ({test}): {within}"
    if row.withdrawn:
        return (
            f"On the whole {one.lower()} came back {more} than {two} ({test}): {within} "
            f"{question_name(row.question)} is asked after orders, so frequent buyers are asked "
            "more often; within segments the difference is not found, and none is claimed."
        )
    if row.p_holm <= LEVEL:
        return (
            f"{one} and {two} came back at another pace ({test}), but not to the same side early "
            f"and late, so no difference is claimed: {within}"
        )
    return f"{one} and {two} did not come back differently beyond chance ({test}): {within}"


def adjusted_in_words(compared: pd.DataFrame, adjusted: pd.DataFrame) -> list[str]:
    """Say what is left of the first comparison among customers who bought alike before.

    The same is said of comparisons whose claims are withdrawn because of it.

    Parameters
    ----------
    compared, adjusted : pandas.DataFrame
        From `measures.deeds.claims.confirmed` and `adjusted`.
    """
    told = compared["withdrawn"].astype(bool).to_numpy()
    pairs = compared[told | (np.arange(len(told)) == 0)]
    left = pairs[_PAIR].merge(adjusted, on=_PAIR).dropna(subset="difference")
    return [
        f"Among customers who were in the same RFM segment before they answered, the difference "
        f"between {who(row.band)} and {who(row.other)} is {points(row.difference)} (95 % interval "
        f"{interval(row, as_=_bare)}) and "
        f"{'is beyond chance too' if row.claimed else 'may be chance'}."
        for row in left.itertuples()
    ]


def _seen(row: object) -> str:
    """Say what difference so many customers could have shown."""
    if is_missing(row.detectable):
        return " With so few customers no difference would have been noticed."
    said = noticed(points(row.detectable))
    return f" {said[0].upper()}{said[1:]}."


def _bare(difference: float) -> str:
    return number(100 * difference, 1)


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {number(p, 3)}"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
