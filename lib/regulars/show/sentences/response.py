"""Sentences on who answers, and on what all customers would have said (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Sequence

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, number, share
from regulars.show.hidden import hidden_rows
from regulars.show.names import reader_name
from regulars.show.sentences.measured import is_spread_out, measure_name, measure_writer
from regulars.show.sentences.pieces import brackets, of_customers, short_name
from regulars.show.sentences.surveys import MEASURES, question_name, score_text
from regulars.show.sentences.wording import inside, noticed, titled_group
from regulars.show.text import MISSING, is_missing
from regulars.small_groups import HIDDEN, LEAST

__all__ = [
    "answering",
    "answering_title",
    "compared_name",
    "no_response_rate",
    "not_weighted",
    "response",
    "weighted_table",
    "weighting",
]

MOST_NAMED = 3
SEGMENT = "segment_before"
WEIGHTED = ("weighted", "weighted_low", "weighted_high")


def response(rate: Estimate | None, *, days: int, named: bool) -> str:
    """Say how many invitations were answered in time, or why that is not known."""
    if rate is None:
        return no_response_rate(days=days, named=named)
    return (
        f"Of {count(rate.n)} invitations that had {count(days)} days' time, {share(rate.value)} "
        f"were answered in it{brackets(rate)}."
    )


def no_response_rate(*, days: int, named: bool) -> str:
    """Say why there is no response rate.

    Parameters
    ----------
    days : int
        So long an invitation has to be old.
    named : bool
        Whether the file says who was invited and did not answer.

    Examples
    --------
    >>> no_response_rate(days=14, named=False).partition(":")[0]
    'How many answer is not known'
    """
    if not named:
        return (
            "How many answer is not known: the file has no invitation that was not answered. It "
            "would need a row with question and invited_at, and without a score, for each."
        )
    return (
        f"No invitation of a customer we know is {count(days)} days old yet in the period, or "
        f"fewer than {LEAST} customers answered, or did not: the response rate is withheld."
    )


def answering_title(found: pd.DataFrame) -> str:
    """Say what those who answer have more or less of, for a chart (at most ten words)."""
    rows = _clearest(found)
    if rows.empty:
        return "Who answered and who did not look alike"
    top = rows.iloc[0]
    more = "more" if top["d"] > 0 else "less"
    if not top["level"]:
        return f"Who answered has {more}: {inside(short_name(measure_name(top['measure']), 6))}"
    by = "Segment" if top["measure"] == SEGMENT else measure_name(top["measure"])
    return f"{titled_group(by, str(top['level']), 7)}: answer {more} often"


def answering(found: pd.DataFrame, *, invited: bool, currency: str) -> list[str]:
    """Say in what those who answered differ from those who did not, and what could be seen.

    Parameters
    ----------
    found : DataFrame
        From `measures.surveys.responders.who_answered`.
    invited : bool
        Whether those who did not answer were invited; else they are the other customers.
    currency : str
        The currency of the amounts.
    """
    others = "who were invited and did not" if invited else "of the base who did not"
    if found.empty:
        return [f"Too few are known to compare those who answered with those {others}."]
    rows = _clearest(found)
    least = number(found["smallest"].max(), 2)
    seen = (
        f"In a single comparison, {noticed(f'{least} standard deviations')}; smaller ones can be "
        "there unseen."
    )
    if rows.empty:
        return [f"Nothing tells those who answered from those {others} by more than chance.", seen]
    said = [_difference(row, currency) for row in rows.head(MOST_NAMED).to_dict("records")]
    return [
        f"In {count(len(rows))} of {count(len(found))} comparisons those who answered differ from "
        f"those {others} by more than chance. The clearest:",
        *said,
        seen,
    ]


def compared_name(measure: str, level: object = "") -> str:
    """Return the name of what is compared; a segment's as readers know it.

    Examples
    --------
    >>> compared_name("segment_before", "at_risk"), compared_name("region", "north")
    ('Segment before: At risk', 'Region: north')
    """
    known = measure == SEGMENT and not is_missing(level) and level != ""
    return measure_name(measure, reader_name(str(level)) if known else level)


def not_weighted(by: Sequence[str]) -> str:
    """Say that the answers of the period are not weighted, and why."""
    if not by:
        return "The parameters name nothing to weight by (weight_by), so no answers are weighted."
    return "There are no answers of customers in the period, so none are weighted."


def weighted_table(found: pd.DataFrame) -> pd.DataFrame:
    """Tabulate scores as answered and weighted, as text.

    Parameters
    ----------
    found : DataFrame
        From `measures.surveys.weighted.weighted_scores`.
    """
    away = hidden_rows(found)
    rows = [
        {
            "question": question_name(row["question"]),
            "read by": MEASURES[row["measure"]],
            "answers": HIDDEN if gone else count(row["n"]),
            "as answered": HIDDEN if gone else _score(row, "value", "low", "high"),
            "weighted": HIDDEN if gone else _score(row, *WEIGHTED),
            "effective answers": HIDDEN if gone else count(row["effective_n"]),
        }
        for row, gone in zip(found.to_dict("records"), away, strict=True)
    ]
    names = ["question", "read by", "answers", "as answered", "weighted", "effective answers"]
    return pd.DataFrame(rows, columns=names)


def weighting(found: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Say what weighting changes, and what it costs in precision."""
    if found.empty:
        return [not_weighted(by)]
    known = found[~hidden_rows(found) & found["weighted"].notna()]
    if known.empty:
        return ["No answers could be weighted: there are too few, or no weights fit."]
    rows = known.drop_duplicates("question")
    said = [_moved(row) for row in rows.to_dict("records")]
    worst = rows["design_effect"].max()
    cost = (
        f"Weighted by {_and([reader_name(name).lower() for name in by])}, unequal weights cost "
        f"precision: the design effect is up to {number(worst, 2)}, so that of 100 answers "
        f"{count(100 / worst)} count."
    )
    return [*said, cost]


def _clearest(found: pd.DataFrame) -> pd.DataFrame:
    """Return the differences beyond chance, those furthest from none first."""
    rows = found[found["distinct"].astype(bool)]
    nearer = rows[["low", "high"]].abs().min(axis=1)
    return rows.loc[nearer.sort_values(ascending=False, kind="stable").index]


def _difference(row: dict, currency: str) -> str:
    write = measure_writer(row["measure"], row["level"], currency=currency)
    typically = "typically " if is_spread_out(row["measure"], row["level"]) else ""
    return (
        f"{compared_name(row['measure'], row['level'])}: {typically}{write(row['mean'])} of those "
        f"who answered, {write(row['rest_mean'])} of the others "
        f"({number(row['d'], 2)} standard deviations, 95 % interval "
        f"{number(row['low'], 2)} to {number(row['high'], 2)})."
    )


def _score(row: dict, value: str, low: str, high: str) -> str:
    if is_missing(row[value]):
        return MISSING
    ends = [score_text(row[end], row["measure"]) for end in (low, high)]
    known = "" if MISSING in ends else f" ({ends[0]} to {ends[1]})"
    return f"{score_text(row[value], row['measure'])}{known}"


def _moved(row: dict) -> str:
    """Say by how much weighting moves a score, and whether that is more than chance."""
    name, kind = question_name(row["question"]), row["measure"]
    values = [score_text(row[one], kind) for one in ("value", "weighted")]
    if row["moved_low"] <= 0 <= row["moved_high"]:
        return (
            f"{name} is {values[0]} as answered and {values[1]} weighted: no further apart than "
            f"chance would bring about ({of_customers(row['n'])})."
        )
    more = "higher" if row["moved"] > 0 else "lower"
    near, far = sorted(abs(row[end]) for end in ("moved_low", "moved_high"))
    return (
        f"{name} is {values[0]} as answered and {values[1]} weighted: {more} by "
        f"{_points(abs(row['moved']), kind)} (95 % interval {_points(near, kind)} to "
        f"{_points(far, kind)}, {of_customers(row['n'])})."
    )


def _points(apart: float, kind: str) -> str:
    """Write a difference in its unit."""
    if kind == "mean":
        return f"{number(apart, 2)} points of the scale"
    if kind == "top_box":
        return f"{number(100 * apart, 1)} percentage points"
    return f"{number(apart, 1)} points"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
