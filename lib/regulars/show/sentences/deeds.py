"""Sentences on word and deed: what customers did after what they had said (05_loyalty).

Each is built from what was measured and claims no more than its numbers. What goes together is
never called a cause: who is content may have been another customer from the start.
"""

from typing import Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, interval, money, number, plural, share
from regulars.show.sentences.pieces import brackets
from regulars.show.text import NBSP, is_missing
from regulars.small_groups import HIDDEN, WITHHELD

__all__ = [
    "ORDER",
    "band_name",
    "comeback",
    "comeback_title",
    "difference",
    "estimate_of_band",
    "needed",
    "points",
    "question_name",
    "spending",
    "spending_rows",
    "withheld",
]

ORDER = ("promoter", "passive", "detractor", "top", "rest")
"""The bands, who spoke best first."""

_BANDS = {
    "promoter": "Promoters",
    "passive": "Passives",
    "detractor": "Detractors",
    "top": "Satisfied",
    "rest": "All others",
}
_QUESTIONS = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


class Deeds(Protocol):
    """What came after answers, as from ``measures.deeds.word_and_deed``."""

    days: int
    shares: pd.DataFrame
    curves: pd.DataFrame
    compared: pd.DataFrame
    adjusted: pd.DataFrame
    spending: pd.DataFrame
    spending_compared: pd.DataFrame


def band_name(band: str) -> str:
    """Return what readers call a band.

    Examples
    --------
    >>> band_name("top")
    'Satisfied'
    """
    return _BANDS.get(band, band)


def question_name(question: str) -> str:
    """Return what readers call a question.

    Examples
    --------
    >>> question_name("csat")
    'CSAT'
    """
    return _QUESTIONS.get(question, question)


def points(difference: float) -> str:
    """Write a difference of two shares, in points of a hundred.

    Examples
    --------
    >>> points(-.0309).replace(NBSP, " ")
    '−3.1 points'
    """
    return f"{_bare(difference)}{NBSP}points"


def needed(deeds: Deeds | None) -> list[str]:
    """Say why there is nothing to show after answers; nothing at all if there is something."""
    if deeds is not None and (~deeds.shares[HIDDEN].astype(bool)).any():
        return []
    if deeds is None or deeds.shares.empty:
        return [
            "What customers do after an answer needs answers to nps or csat that carry a "
            "customer_id, given after a first purchase and long enough ago to see what followed."
        ]
    return ["Too few customers answered to show what they did after it."]


def estimate_of_band(deeds: Deeds | None, band: str) -> Estimate | None:
    """Return the share of a band that bought again; None where it is hidden or nobody is in it."""
    if deeds is None:
        return None
    rows = deeds.shares[(deeds.shares["band"] == band) & ~deeds.shares[HIDDEN].astype(bool)]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Estimate(float(row.share), float(row.low), float(row.high), int(row.customers))


def difference(deeds: Deeds | None) -> Estimate | None:
    """Return by how much more promoters bought again than detractors; None where not known."""
    if deeds is None:
        return None
    rows = deeds.compared[deeds.compared["other"] == "detractor"]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Estimate(float(row.difference), float(row.low), float(row.high), row.n + row.other_n)


def withheld(deeds: Deeds | None, *bands: str) -> str:
    """Say why a share of these bands, or the difference of promoters and detractors, is withheld.

    Examples
    --------
    >>> withheld(None, "promoter")
    'No answer of such customers that is old enough.'
    """
    bands = bands or ("promoter", "detractor")
    known = set() if deeds is None else set(deeds.shares["band"])
    return (
        WITHHELD if known.issuperset(bands) else "No answer of such customers that is old enough."
    )


def comeback_title(deeds: Deeds) -> str:
    """Say what the curves show, for a chart (at most ten words)."""
    if deeds.compared.empty:
        return "Do customers come back after their answer?"
    first = deeds.compared.iloc[0]
    one, two = _who(first.band).capitalize(), _who(first.other)
    if not first.claimed:
        return f"{one} and {two}: no difference beyond chance"
    return f"{one} come back {'more' if first.difference > 0 else 'less'} than {two}"


def comeback(deeds: Deeds) -> list[str]:
    """Say how many of each band came back, which bands differ, and what is left within segments."""
    said = [
        _shares_in_words(rows, deeds.days)
        for _, rows in deeds.shares[~deeds.shares[HIDDEN].astype(bool)].groupby("question")
    ]
    compared = [_compared_in_words(row, deeds.days) for row in deeds.compared.itertuples()]
    return [*reversed(said), *compared, *_adjusted_in_words(deeds)]


def spending_rows(spending: pd.DataFrame) -> pd.DataFrame:
    """Lay spending out as a table: a row a band, seven columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"band": ["top"], "customers": [414], "before": [251.5],
    ...                       "after": [150.3], "change": [-101.2], "change_low": [-125.0],
    ...                       "change_high": [-80.1]})
    >>> spending_rows(frame).columns.tolist()
    ['said', 'customers', 'spend_before', 'spend_after', 'change', 'low', 'high']
    """
    place = spending["band"].map({band: place for place, band in enumerate(ORDER)})
    rows = spending.assign(_place=place).sort_values("_place", ignore_index=True)
    names = {"before": "spend_before", "after": "spend_after"}
    names |= {"change_low": "low", "change_high": "high"}
    rows = rows.rename(columns=names).assign(said=[band_name(band) for band in rows["band"]])
    return rows[["said", "customers", "spend_before", "spend_after", "change", "low", "high"]]


def spending(deeds: Deeds, currency: str) -> list[str]:
    """Say whether spending changed more for one band than for another."""
    if deeds.spending_compared.empty:
        return ["Too few customers were known long enough before their answer to compare spending."]
    return [_spent_in_words(row, currency) for row in deeds.spending_compared.itertuples()]


def _shares_in_words(rows: pd.DataFrame, days: int) -> str:
    rows = rows.sort_values("band", key=lambda bands: bands.map(ORDER.index))
    parts = [
        f"{share(row.share)} of {_who(row.band)}{brackets(row, n=f'n = {count(row.customers)}')}"
        for row in rows.itertuples()
    ]
    return f"Within {plural(days, 'day')} after the answer, {_and(parts)} bought again."


def _compared_in_words(row: object, days: int) -> str:
    one, two = _who(row.band).capitalize(), _who(row.other)
    within = (
        f"within {plural(days, 'day')} {points(row.difference)} (95 % interval "
        f"{interval(row, as_=_bare)}){_seen(row)}"
    )
    test = f"log-rank over all the time watched, p {_p(row.p_holm)} after Holm"
    if not row.claimed:
        return f"{one} and {two} did not come back differently beyond chance ({test}): {within}."
    more = "more" if row.difference > 0 else "less"
    return f"{one} came back {more} than {two}, beyond chance ({test}): {within}."


def _seen(row: object) -> str:
    """Say what difference so many customers could have shown."""
    if is_missing(row.detectable):
        return "; so few customers could not have shown any difference"
    return f"; so many customers show a difference of {points(row.detectable)} four times in five"


def _adjusted_in_words(deeds: Deeds) -> list[str]:
    """Say what is left of the first comparison among customers who bought alike before."""
    if deeds.adjusted.empty:
        return []
    row = deeds.adjusted.iloc[0]
    if is_missing(row.difference):
        return []
    pair = f"{_who(row.band)} and {_who(row.other)}"
    left = "is beyond chance too" if row.claimed else "may be chance"
    return [
        f"Among customers who were in the same RFM segment before they answered, the difference "
        f"between {pair} is {points(row.difference)} (95 % interval {interval(row, as_=_bare)}) "
        f"and {left}."
    ]


def _spent_in_words(row: object, currency: str) -> str:
    ends = Estimate(row.difference, row.low, row.high, row.n)
    side = "above" if row.difference > 0 else "below"
    size = money(abs(row.difference), currency)
    beyond = "beyond chance" if row.claimed else "which may be chance"
    return (
        f"The change in what {_who(row.band)} spent lies {size} a customer {side} that of "
        f"{_who(row.other)}{brackets(ends, as_=f'money:{currency}')}, {beyond}."
    )


def _who(band: str) -> str:
    return {"top": "satisfied customers", "rest": "all others"}.get(band, band_name(band).lower())


def _bare(difference: float) -> str:
    return number(100 * difference, 1)


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {number(p, 3)}"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
