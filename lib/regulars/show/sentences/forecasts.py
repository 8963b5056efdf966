"""Sentences on what to expect of customers: who buys next, and when (06_churn).

Each says whether its interval is of what is expected, or of what will come.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, days, interval, number, plural, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.small_groups import few

__all__ = [
    "back_tested",
    "calibration_title",
    "example",
    "history_title",
    "score",
    "totals_table",
    "typical_table",
    "who_buys",
    "windows",
    "windows_doubt",
    "windows_title",
]

BUYERS, PURCHASE_DAYS = "buyers", "purchase_days"
ENDS = {"prediction": ("low", "high"), "expectation": ("expected_low", "expected_high")}
WIDENED = "The prediction interval is widened by what the model missed by on the days held back."
PREDICTION = "95 % prediction interval"
CLEARLY = 0.05  # so far off a share has to be, beyond its interval, to be called off


class Scored(Protocol):
    """A score of chances beside the plainest chance, as ``measures.forecasts.chances.Brier``."""

    value: float
    plain: float
    better: Estimate


def who_buys(told: pd.DataFrame) -> list[str]:
    """Say how many of the customers will buy, and on how many days, within the longest horizon.

    Parameters
    ----------
    told : pandas.DataFrame
        From `totals.totals`.
    """
    ahead = int(told["days"].max())
    buyers, purchases = (_total(told, what, ahead) for what in (BUYERS, PURCHASE_DAYS))
    if not (is_given(buyers) and buyers.value > 0):
        return ["Nobody is expected to buy again."]
    return [
        f"Of {of_customers(buyers.n)}, we expect {count(buyers.value)} to buy within "
        f"{days(ahead)}{brackets(buyers, as_='count', what=PREDICTION)}.",
        f"We expect {plural(round(purchases.value), 'purchase day')} of them"
        f"{brackets(purchases, as_='count', what=PREDICTION)}; customers who will come for the "
        "first time are not counted.",
        *([WIDENED] if told["widened"].any() else []),
    ]


def totals_table(told: pd.DataFrame) -> pd.DataFrame:
    """Tabulate what is expected of all by horizon, with both kinds of interval.

    Parameters
    ----------
    told : pandas.DataFrame
        From `totals.totals`.
    """
    rows = []
    for ahead in dict.fromkeys(told["days"]):
        row = {"Within": days(ahead)}
        for what, name in ((BUYERS, "Customers who buy"), (PURCHASE_DAYS, "Purchase days")):
            coming = _total(told, what, ahead)
            expected = _total(told, what, ahead, around="expectation")
            row[name] = count(coming.value)
            row[f"{name}: will come, 95 %"] = interval(coming, as_="count")
            row[f"{name}: expectation, 95 %"] = interval(expected, as_="count")
        rows.append(row)
    return pd.DataFrame(rows)


def back_tested(told: pd.DataFrame, came: int, *, ahead: int) -> list[str]:
    """Say how the same forecast did on the days held back.

    Parameters
    ----------
    told : pandas.DataFrame
        From `totals.totals`, of the customers known when the calibration ended.
    came : int
        How many of them bought in the holdout.
    ahead : int
        Its days.
    """
    buyers = _total(told, BUYERS, ahead)
    if not (is_given(buyers) and buyers.value > 0 and buyers.low is not None):
        return []
    if few(Estimate(came / buyers.n, None, None, buyers.n)):
        return ["Too few bought in the days held back to hold the forecast to them."]
    off = came / buyers.value - 1
    held = buyers.low <= came <= buyers.high
    ends = brackets(buyers, as_="count", what=PREDICTION)
    told = (
        f"Asked the same about the {days(ahead)} held back, it foretold {count(buyers.value)} "
        f"buyers{ends}, and {count(came)} came, {share(abs(off))} {'more' if off > 0 else 'fewer'}"
    )
    if held:
        return [f"{told}."]
    return [
        f"{told}: the interval did not hold. It is of the parameters and of chance, and not of how "
        "wrong the model may be."
    ]


def typical_table(told: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """Tabulate what typical customers will do, intervals in brackets.

    Parameters
    ----------
    told : pandas.DataFrame
        From `soon.typical_expectations`.
    horizons : sequence of int
        Its horizons (days), at most four.
    """
    longest = max(horizons)
    chances = {
        f"Buys within {days(ahead)}": _with_ends(told, f"buys_{ahead}", share) for ahead in horizons
    }
    expected = _with_ends(told, f"expected_{longest}", number)
    return pd.DataFrame(
        {
            "Repeat days": told["repeat_days"],
            "Days since last": told["age"] - told["recency_age"],
            **chances,
            f"Purchase days within {days(longest)}": expected,
        }
    )


def windows_title(told: pd.DataFrame) -> str:
    """Say when half of those who come have come, for a chart (at most ten words)."""
    first, last = told["next_median"].min(), told["next_median"].max()
    if first == last:
        return f"If they come, half come within {days(first)}"
    return f"If they come, half come within {count(first)} to {days(last)}"


def windows(places: pd.DataFrame) -> str:
    """Say how many next purchases fell in the days foretold, on the days held back.

    Parameters
    ----------
    places : pandas.DataFrame
        From `held.windows_held`.
    """
    if places.empty:
        return "Nobody bought in the days held back, so the days foretold cannot be checked."
    within = _within(places)
    if within is None:
        return "Too few bought in the days held back to check the days foretold."
    rest = places.set_index("place")
    told = (
        f"Of {plural(within.n, 'customer')} who bought in the days held back, {share(within.value)}"
        f"{brackets(within)} did so in the days foretold; by the model it is "
        f"{share(rest.loc['within', 'expected_share'])}."
    )
    if rest["share"].isna().any():
        return told
    earlier, later = rest.loc["earlier", "share"], rest.loc["later", "share"]
    return f"{told} {share(earlier)} came earlier, {share(later)} later."


def windows_doubt(places: pd.DataFrame) -> list[str]:
    """Doubt the days foretold where clearly more or fewer came in them than the model says."""
    within = None if places.empty else _within(places)
    if within is None:
        return []
    expected = float(places.set_index("place").loc["within", "expected_share"])
    off = within.value - expected
    if within.low <= expected <= within.high or abs(off) < CLEARLY:
        return []
    return [
        f"The days foretold for the next purchase are too {'wide' if off > 0 else 'narrow'}: they "
        f"held {share(within.value)} of the purchases that came, and should hold {share(expected)}."
    ]


def calibration_title(tenths: pd.DataFrame) -> str:
    """Say in how many groups as many bought as foretold, for a chart (at most ten words)."""
    shown = tenths[tenths["bought"].notna()]
    if shown.empty:
        return "Do those who are likelier to buy, buy?"
    held = shown["predicted_chance"].between(shown["low"], shown["high"])
    return f"The chances held in {held.sum()} of {plural(len(shown), 'group')}"


def score(scored: Scored | None) -> list[str]:
    """Give the Brier score, and whether the chances tell more than one chance for all."""
    if scored is None:
        return []
    better = scored.better
    verdict = "tell more than" if better.low > 0 else "cannot be told from"
    if better.high < 0:
        verdict = "tell less than"
    return [
        f"The Brier score is {number(scored.value, 3)}, and {number(scored.plain, 3)} if everybody "
        f"is given the share who bought: the chances {verdict} one chance for all. The difference "
        f"is {number(better.value, 3)}{brackets(better, as_='number:3')}."
    ]


def history_title(history: pd.DataFrame) -> str:
    """Say how far a purchase lifts P(alive) where it does most, for a chart (at most ten words)."""
    lifts = history["p_alive"].diff().where(history["purchase"])
    if not lifts.max() > 0:
        return "How does P(alive) move?"
    at = int(lifts.to_numpy(dtype=float, na_value=-1).argmax())
    before, after = history["p_alive"].iloc[[at - 1, at]]
    return f"A purchase lifts P(alive) from {share(before)} to {share(after)}"


def example(history: pd.DataFrame, gap: int) -> str:
    """Say what the made-up customer did, and how little silence says by itself."""
    alive, bought = history["p_alive"].to_numpy(), history["purchase"].to_numpy(bool)
    last = int(np.flatnonzero(bought)[-1])
    half = np.flatnonzero((alive < 0.5) & (np.arange(len(alive)) > last))
    told = (
        f"The made-up customer buys every {days(gap)}, as the customer in the middle does, pauses "
        "for four times as long, buys twice more and falls silent."
    )
    if not len(half):
        return f"{told} P(alive) is {share(alive[-1])} after {days(len(alive) - 1 - last)} silent."
    return f"{told} P(alive) falls below one half after {days(int(half[0]) - last)} of silence."


def _total(told: pd.DataFrame, what: str, days: int, *, around: str = "prediction") -> Estimate:
    row = told[(told["what"] == what) & (told["days"] == days)].iloc[0]
    ends = [None if pd.isna(row[name]) else float(row[name]) for name in ENDS[around]]
    return Estimate(float(row["value"]), *ends, int(row["customers"]))


def _within(places: pd.DataFrame) -> Estimate | None:
    """Return the share who came in the days foretold; None where it is hidden."""
    row = places.set_index("place").loc["within"]
    if pd.isna(row["share"]):
        return None
    n = round(float(row["customers"]) / float(row["share"])) if row["share"] else 0
    estimate = Estimate(float(row["share"]), float(row["low"]), float(row["high"]), n)
    return None if few(estimate) or not n else estimate


def _with_ends(told: pd.DataFrame, name: str, write: Callable[[float], str]) -> list[str]:
    ends = zip(told[name], told[f"{name}_low"], told[f"{name}_high"], strict=True)
    return [f"{write(value)} ({write(low)} to {write(high)})" for value, low, high in ends]
