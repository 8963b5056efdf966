"""Sentences on word and deed: what customers did after what they had said (05_loyalty).

Each is built from what was measured and claims no more than its numbers. What goes together is
never called a cause: who is content may have been another customer from the start.
"""

from typing import Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import money, plural, share
from regulars.show.sentences.compared_bands import (
    adjusted_in_words,
    band_name,
    compared_in_words,
    shares_in_words,
    who,
)
from regulars.show.sentences.pieces import brackets
from regulars.small_groups import HIDDEN, WITHHELD

__all__ = [
    "ORDER",
    "comeback",
    "comeback_title",
    "difference",
    "dots_title",
    "estimate_of_band",
    "headline",
    "needed",
    "spending",
    "spending_rows",
    "withheld",
]

ORDER = ("promoter", "passive", "detractor", "top", "rest")
"""The bands, who spoke best first."""


class Deeds(Protocol):
    """What came after answers, as from ``measures.deeds.word_and_deed``."""

    days: int
    shares: pd.DataFrame
    curves: pd.DataFrame
    compared: pd.DataFrame
    adjusted: pd.DataFrame
    spending: pd.DataFrame
    spending_compared: pd.DataFrame


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
    compared = deeds.compared[deeds.compared["question"] == _drawn(deeds)]
    if compared.empty:
        return "Do customers come back after their answer?"
    first = compared.iloc[0]
    one, two = who(first.band).capitalize(), who(first.other)
    if not first.claimed:
        where = "within segments" if first.withdrawn else "beyond chance"
        return f"{one} and {two}: no difference {where}"
    return f"{one} come back {'more' if first.difference > 0 else 'less'} than {two}"


def dots_title(deeds: Deeds) -> str:
    """Give the shares of who spoke best and worst, for a chart; the question where one is hidden.

    Of NPS where it is shown, else of CSAT (at most ten words).
    """
    question = f"Who bought again within {plural(deeds.days, 'day')}?"
    bands = ("promoter", "detractor") if _drawn(deeds) == "nps" else ("top", "rest")
    ends = [estimate_of_band(deeds, band) for band in bands]
    if None in ends:
        return question
    one, two = (f"{share(end.value)} of {who(band)}" for end, band in zip(ends, bands, strict=True))
    return f"{one}, {two} bought again"


def comeback(deeds: Deeds) -> list[str]:
    """Say how many of each band came back, which bands differ, and what is left within segments."""
    shown = deeds.shares[~deeds.shares[HIDDEN].astype(bool)]
    shown = shown.sort_values("band", key=lambda bands: bands.map(ORDER.index))
    said = [shares_in_words(rows, deeds.days) for _, rows in shown.groupby("question")]
    compared = [compared_in_words(row, deeds.days) for row in deeds.compared.itertuples()]
    return [*reversed(said), *compared, *adjusted_in_words(deeds.compared, deeds.adjusted)]


def headline(deeds: Deeds) -> list[str]:
    """Say the most important of it in short; nothing where no band is shown.

    It is the first comparison that is claimed, else the shares of NPS (or CSAT) that came back.
    """
    said = comeback(deeds)
    first = [row for row in deeds.compared.itertuples() if row.claimed][:1]
    return [compared_in_words(row, deeds.days, power=False) for row in first] or said[:1]


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


def _drawn(deeds: Deeds) -> str:
    """Return the question whose curves are drawn: NPS where it is shown."""
    return max(deeds.shares.loc[~deeds.shares[HIDDEN].astype(bool), "question"], default="")


def _spent_in_words(row: object, currency: str) -> str:
    ends = Estimate(row.difference, row.low, row.high, row.n)
    side = "above" if row.difference > 0 else "below"
    size = money(abs(row.difference), currency)
    beyond = "beyond chance" if row.claimed else "which may be chance"
    return (
        f"The change in what {who(row.band)} spent lies {size} a customer {side} that of "
        f"{who(row.other)}{brackets(ends, as_=f'money:{currency}')}, {beyond}."
    )
