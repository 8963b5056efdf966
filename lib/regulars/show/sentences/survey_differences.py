"""Sentences on whether scores changed, and who says something else (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, number, plural
from regulars.show.hidden import hidden_rows
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets, short_name
from regulars.show.sentences.surveys import MEASURES, NO_ANSWERS, question_name, score_text
from regulars.show.sentences.wording import noticed, titled_group
from regulars.show.text import MISSING, NBSP, is_missing
from regulars.small_groups import HIDDEN

__all__ = [
    "change_table",
    "changes",
    "found",
    "groups",
    "groups_title",
    "trend_title",
    "unknown_groups",
]

MOST_NAMED = 5
MOST_WORDS = 10  # in a title


def trend_title(waves: pd.DataFrame) -> str:
    """Say whether a score changed between the last two periods, for a chart (at most ten words)."""
    known = waves[waves["change"].notna()]
    if known.empty:
        return "Have the scores changed?"
    moved = known[known["differs"]]
    if moved.empty:
        return "No score has changed beyond chance"
    row = moved.iloc[0]
    way = "risen" if row["change"] > 0 else "fallen"
    return f"{question_name(row['question'])} has {way} by {_size(row['change'], row['measure'])}"


def changes(waves: pd.DataFrame) -> list[str]:
    """Say of each score whether it changed since the period before, and what could have been seen.

    Parameters
    ----------
    waves : pandas.DataFrame
        From `measures.surveys.comparisons.compare_waves`.
    """
    if waves.empty:
        return [f"{NO_ANSWERS}, so nothing can have changed."]
    return [_changed(row) for row in waves.to_dict("records")]


def change_table(waves: pd.DataFrame) -> pd.DataFrame:
    """Tabulate scores of two periods as text."""
    away = hidden_rows(waves)
    rows = [
        {
            "question": f"{question_name(row.question)}, {MEASURES[row.measure]}",
            "earlier": _cell(row.before, row.measure, hides),
            "latest": _cell(row.value, row.measure, hides),
            "difference": _cell(row.change, row.measure, hides, signed=True),
            "95 % interval": HIDDEN if hides and is_missing(row.change) else _change_ends(row),
            "smallest seen": _size(row.detectable, row.measure),
            "beyond chance": "–" if is_missing(row.change) else "yes" if row.differs else "no",
        }
        for row, hides in zip(waves.itertuples(), away, strict=True)
    ]
    names = ["question", "earlier", "latest", "difference", "95 % interval", "smallest seen"]
    return pd.DataFrame(rows, columns=[*names, "beyond chance"])


def groups_title(compared: pd.DataFrame) -> str:
    """Name the group that stands out most, for a chart (at most ten words)."""
    known = compared[compared["change"].notna()]
    if known.empty:
        return "Which groups say something else?"
    out = known[known["differs"]]
    name = question_name(known["question"].iloc[0])
    if out.empty:
        return f"No group's {name} differs beyond chance"
    row = out.loc[out["change"].astype(float).abs().idxmax()]
    size, way = _size(row["change"], row["measure"]), "above" if row["change"] > 0 else "below"
    said = f"{name} {size} {way} the others"
    group = titled_group(reader_name(row["by"]), row["group"], MOST_WORDS - len(said.split()))
    return f"{group}: {said}"


def groups(compared: pd.DataFrame) -> list[str]:
    """Say which groups differ from all others, and what could have been seen.

    Parameters
    ----------
    compared : pandas.DataFrame
        From `measures.surveys.comparisons.compare_groups`, all questions.
    """
    known = compared[compared["change"].notna()]
    if known.empty:
        return ["No group has enough answers to be compared with the others."]
    out = known[known["differs"]]
    found = [
        f"{plural(len(known), 'comparison')} of a group with all others were made and corrected "
        f"together: {_how_many(len(out))} beyond chance."
        if len(known) > 1
        else f"One comparison of a group with all others was made: {_how_many(len(out))} beyond "
        "chance."
    ]
    found += [_stands_out(row) for row in _largest_first(out).head(MOST_NAMED).to_dict("records")]
    found += [f"And {count(len(out) - MOST_NAMED)} more."] if len(out) > MOST_NAMED else []
    return found + [_could_see(part) for _, part in known.groupby("question", sort=False)]


def found(waves: pd.DataFrame, of_nps: pd.DataFrame) -> list[str]:
    """Say in short whether a score changed and which group stands out, or why that is not known.

    Parameters
    ----------
    waves, of_nps : pandas.DataFrame
        As for `changes`, and for `groups` of one question.
    """
    titles = [trend_title(waves), groups_title(of_nps)]
    reasons = [changes(waves)[0], groups(of_nps)[0]]
    return [
        reason if title.endswith("?") else f"{title}."
        for title, reason in zip(titles, reasons, strict=True)
    ]


def unknown_groups(compared: pd.DataFrame, question: str) -> str:
    """Say of how many answers a group is not known; nothing if that is not to be told."""
    rows = compared[(compared["question"] == question) & compared["group"].isna()]
    rows = rows[rows["n"].fillna(0) > 0]
    if rows.empty:
        return ""
    parts = [
        f"{reader_name(by).lower()} of {count(n)}" for by, n in zip(rows.by, rows.n, strict=True)
    ]
    return (
        f"Of some answers to {question_name(question)} a group is not known, and they are in no "
        f"comparison by it: {', '.join(parts)}."
    )


def _changed(row: dict) -> str:
    name = question_name(row["question"])
    if is_missing(row["change"]):
        known = not (is_missing(row["before"]) or is_missing(row["value"]))
        equal = known and row["measure"] == "mean"
        few = "one of the two periods has too few answers"
        why = "all answers of a period are equal" if equal else few
        return f"Whether {name} has changed is not said: {why}."
    size, seen = _size(row["change"], row["measure"]), _size(row["detectable"], row["measure"])
    ends = Estimate(row["change"], row["change_low"], row["change_high"], int(row["n"]))
    inside = brackets(ends, as_=lambda x: _signed(x, row["measure"]))
    way = "risen" if row["change"] > 0 else "fallen"
    if row["differs"]:
        return f"{name} has {way} by {size} since the period before{inside}, more than chance."
    return (
        f"{name} has not changed beyond chance since the period before: "
        f"{_signed(row['change'], row['measure'])}{inside}. {_smallest(seen)}"
    )


def _smallest(seen: str) -> str:
    if seen == MISSING:
        return "No change at all could have been told from chance."
    said = noticed(seen, "change")
    return f"{said[0].upper()}{said[1:]}."


def _largest_first(out: pd.DataFrame) -> pd.DataFrame:
    """Order differences by size; their units differ by question, so within each question."""
    question, _ = pd.factorize(out["question"])
    sizes = out.assign(_question=question, _size=-out["change"].astype(float).abs())
    return sizes.sort_values(["_question", "_size"], kind="stable")


def _stands_out(row: dict) -> str:
    size, way = _size(row["change"], row["measure"]), "above" if row["change"] > 0 else "below"
    ends = Estimate(row["change"], row["change_low"], row["change_high"], int(row["n"]))
    return (
        f"{short_name(reader_name(row['group']), 5)} ({reader_name(row['by']).lower()}): "
        f"{question_name(row['question'])} is {size} {way} that of all others"
        f"{brackets(ends, as_=lambda x: _signed(x, row['measure']))}."
    )


def _could_see(part: pd.DataFrame) -> str:
    row, name = part.iloc[0], question_name(part["question"].iloc[0])
    sizes = part["detectable"].dropna()
    if sizes.empty:
        return f"For {name}, no difference at all could have been told from chance."
    least, most = (_size(end, row["measure"]) for end in (sizes.min(), sizes.max()))
    if least == most:
        return f"For {name}, {noticed(least)}."
    return (
        f"For {name}, only differences of {least.split(NBSP)[0]} (large groups) to {most} (small "
        "ones) would have been noticed four times in five."
    )


def _how_many(n: int) -> str:
    return "none differs" if not n else "one differs" if n == 1 else f"{n} differ"


def _size(change: float, measure: str) -> str:
    """Write how large a difference is, without its sign."""
    if is_missing(change):
        return MISSING
    if measure == "mean":
        return number(abs(change), 2)
    points = abs(change) * (100 if measure == "top_box" else 1)
    written = number(points, 0 if points >= 10 else 1)
    unit = "percentage points" if measure == "top_box" else "points"
    return f"{written}{NBSP}{unit}"


def _signed(change: float, measure: str) -> str:
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return sign + _size(change, measure).split(NBSP)[0]


def _change_ends(row: tuple) -> str:
    if is_missing(row.change_low):
        return MISSING
    return f"{_signed(row.change_low, row.measure)} to {_signed(row.change_high, row.measure)}"


def _cell(value: float, measure: str, hides: bool, *, signed: bool = False) -> str:
    if is_missing(value):
        return HIDDEN if hides else MISSING
    return _signed(value, measure) if signed else score_text(value, measure)
