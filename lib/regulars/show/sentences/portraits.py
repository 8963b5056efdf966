"""Sentences of portraits: what a group is, brings, does, needs and thinks (04_segments).

Each is built from what may be shown; what is missing is left out, and what nobody knows is not
called zero.
"""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from regulars.show.findings import count, days, interval, money, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.measured import is_spread_out, measure_name, measure_writer
from regulars.show.sentences.pieces import brackets, of_customers, short_name
from regulars.show.sentences.surveys import question_name, score_text
from regulars.show.text import is_missing, one_line

__all__ = [
    "behaviour",
    "difference",
    "distinction",
    "loyalty",
    "needs",
    "opinion",
    "opinions",
    "size",
    "value",
]

MOST_CATEGORIES = 3

_RATES = {"repurchased": "bought again in the period", "complained": "complained in the period"}
_CHOICES = {
    "channel": "most often by {value}",
    "daypart": "mostly in the {value}",
}
_QUESTIONS = ("nps", "csat", "ces")
_READ_AS = {"nps": "{value}", "top_box": "{value} in the top boxes", "mean": "{value}{of}"}


class HasScore(Protocol):
    """A score of a group, such as a row of ``measures.segments.portraits.Portraits.scores``."""

    measure: str
    value: float
    low: float
    high: float
    n: int
    note: str


def distinction(differences: pd.DataFrame, segment: str) -> str:
    """Say by what a group stands out, for a chart (at most ten words)."""
    rows = differences[differences["segment"] == segment]
    name = short_name(reader_name(segment), 3)
    if rows.empty:
        return f"Nothing sets {name} apart by more than chance"
    top = rows.iloc[0]
    what = short_name(measure_name(top["measure"], top["level"]), 4)
    return f"{name} stand out by: {what}"


def size(row: Mapping) -> str:
    """Say how many the group has, of all, and what they bring."""
    total = round(int(row["customers"]) / row["customers_share"]) if row["customers"] else 0
    said = (
        f"{of_customers(int(row['customers']))} of {count(total)} ({share(row['customers_share'])})"
    )
    # A few returns in a group that buys nothing are not worth a share.
    if is_missing(row["spend_share"]) or round(abs(row["spend_share"]), 3) == 0:
        return f"{said}."
    return f"{said} bring {share(row['spend_share'])} of spend."


def value(row: Mapping, *, currency: str) -> str:
    """Say what the group brings."""
    parts = [f"spend {money(row['spend'], currency)}"]
    if not is_missing(row["margin"]):
        of_all = (
            "" if is_missing(row["margin_share"]) else f" ({share(row['margin_share'])} of all)"
        )
        parts.append(f"margin {money(row['margin'], currency)}{of_all}")
    else:
        parts.append("margin not known")
    return _sentence(parts)


def behaviour(row: Mapping, *, currency: str) -> str:
    """Say how the group buys."""
    parts = [f"{number(row['orders_mean'], 1)} orders a customer"]
    if not is_missing(row["value_per_order"]):
        parts.append(f"{money(row['value_per_order'], currency)} an order")
    parts.append(f"last purchase {days(row['days_since_last_median'])} ago (median)")
    for name, words in (("discount_share", "discounts"), ("return_share", "returns")):
        if not is_missing(row[name]):
            parts.append(f"{words} {share(row[name])} of what was bought")
    return _sentence(parts)


def needs(choices: pd.DataFrame, affinity: pd.DataFrame | None = None) -> str:
    """Say what the group buys more than others, and how it mostly buys."""
    parts = _categories(affinity)
    for row in choices.itertuples():
        if row.need in _CHOICES and not is_missing(row.value):
            words = _CHOICES[row.need].format(value=one_line(row.value, width=40))
            parts.append(
                f"{words} ({share(row.share)} of {count(row.n)}; all: {share(row.all_share)})"
            )
    return _sentence(parts)


def loyalty(rates: pd.DataFrame) -> str:
    """Say how many bought again, and how many complained."""
    known = rates[rates["share"].notna()]
    return _sentence(
        [
            f"{share(row.share)} of {count(row.n)} {_RATES[row.rate]} "
            f"(95 % interval {interval(row)})"
            for row in known.itertuples()
        ]
    )


def opinions(scores: pd.DataFrame) -> str:
    """Say what the group thinks, each question by the first measure that is shown."""
    asked = scores[~scores["question"].astype(str).str.startswith("driver:")]
    shown = asked[asked["value"].notna()].drop_duplicates("question").set_index("question")
    others = [question for question in shown.index if question not in _QUESTIONS]
    known = shown.loc[[*(one for one in _QUESTIONS if one in shown.index), *others]]
    return _sentence(
        [
            f"{one_line(question_name(row.Index), width=40)} {opinion(row)}"
            for row in known.itertuples()
        ]
    )


def opinion(row: HasScore) -> str:
    """Write a score of a group, with its interval and the answers behind it.

    Examples
    --------
    >>> from types import SimpleNamespace as Score
    >>> opinion(Score(measure="nps", value=21.4, low=12.0, high=30.0, n=206, note=""))
    '21 (95 % interval 12 to 30, 206 answers)'
    """
    scale = getattr(row, "scale_max", None)
    of = "" if is_missing(scale) else f" of {count(scale)} on average"
    said = _READ_AS[row.measure].format(value=score_text(row.value, row.measure), of=of)
    note = f", {row.note[0].lower()}{row.note[1:].rstrip('.')}" if row.note else ""
    answers = f"{plural(int(row.n), 'answer')}{note}"
    return said + brackets(row, as_=lambda x: score_text(x, row.measure), n=answers)


def difference(row: Mapping, *, currency: str) -> str:
    """Say by how much the group differs from all others in one thing."""
    write = measure_writer(row["measure"], row["level"], currency=currency)
    # A mean of logarithms, taken back: the mean itself stands elsewhere and is another number.
    typically = "typically " if is_spread_out(row["measure"], row["level"]) else ""
    more = "more" if row["d"] > 0 else "less"
    ends = sorted(abs(row[end]) for end in ("low", "high"))
    return (
        f"{measure_name(row['measure'], row['level'])}: {typically}{write(row['mean'])}, others "
        f"{write(row['rest_mean'])}; {number(abs(row['d']), 1)} standard deviations {more} "
        f"(95 % interval {number(ends[0], 1)} to {number(ends[1], 1)})."
    )


def _categories(affinity: pd.DataFrame | None) -> list[str]:
    """Write the categories bought beyond chance more often than expected, the clearest first."""
    if affinity is None or affinity.empty:
        return []
    more = affinity[affinity["differs"].astype(bool) & (affinity["index"] > 1)]
    more = more.sort_values(["low", "category"], ascending=[False, True]).head(MOST_CATEGORIES)
    return [
        f"{one_line(row.category, width=60)} {number(row.index_, 1)} times as often as all "
        f"({number(row.low, 1)} to {number(row.high, 1)})"
        for row in more.rename(columns={"index": "index_"}).itertuples(index=False)
    ]


def _sentence(parts: list[str]) -> str:
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""
