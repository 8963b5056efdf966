"""Sentences on what customers say: NPS, CSAT and CES (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, number, plural, share
from regulars.show.hidden import hidden_rows
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets
from regulars.show.text import MISSING, is_missing
from regulars.small_groups import HIDDEN, LEAST

__all__ = [
    "MEASURES",
    "NO_ANSWERS",
    "question_name",
    "score_table",
    "score_text",
    "scores",
    "set_aside",
]

MEASURES = {"nps": "score", "top_box": "top boxes", "mean": "mean"}
NO_ANSWERS = "There are no answers in the period"
QUESTIONS = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
_DRIVER = "driver:"


def question_name(question: str) -> str:
    """Return what readers call a question.

    Examples
    --------
    >>> question_name("nps"), question_name("driver:price")
    ('NPS', 'Price')
    """
    return QUESTIONS.get(question) or reader_name(question.removeprefix(_DRIVER))


def score_text(value: float | None, measure: str) -> str:
    """Write a score in its unit.

    Examples
    --------
    >>> score_text(7.8, "nps"), score_text(-0.4, "nps"), score_text(5.113, "mean")
    ('8', '0', '5.11')
    """
    if is_missing(value):
        return MISSING
    if measure == "top_box":
        return share(value)
    return number(value, 0 if measure == "nps" else 2)


def score_table(found: pd.DataFrame) -> pd.DataFrame:
    """Tabulate scores: question, measure, result, 95 % interval and answers, as text.

    Scores of several periods have a row each and the first day of the period. The column
    ``hidden`` marks the rows that are.

    Parameters
    ----------
    found : pandas.DataFrame
        From `measures.surveys.shown.overall_scores` or `measures.surveys.periods`.
    """
    away = hidden_rows(found)
    rows = [
        {
            "question": question_name(row.question),
            "read by": MEASURES[row.measure],
            "result": HIDDEN if hides else score_text(row.value, row.measure),
            "95 % interval": HIDDEN if hides else _ends(row) or row.note,
            "answers": HIDDEN if hides else count(row.n),
        }
        for row, hides in zip(found.itertuples(), away, strict=True)
    ]
    names = ["question", "read by", "result", "95 % interval", "answers"]
    table = pd.DataFrame(rows, columns=names).assign(**{HIDDEN: away})
    if "period" in found:
        table.insert(1, "period", found["period"].to_numpy())
    return table


def set_aside(ledger: Mapping) -> str:
    """Say how many rows of surveys were not taken in, and why most of them; nothing if all were.

    Parameters
    ----------
    ledger : mapping
        As `store.read_ledger()` gives it.

    Examples
    --------
    >>> why = {"outcome": "rejected", "sentence": "The score lies outside its scale.", "rows": 40}
    >>> ledger = {"tables": {"surveys": {"rows_in": 90, "rows_rejected": 40, "reasons": [why]}}}
    >>> set_aside(ledger)
    '40 of 90 rows of surveys were not taken in (01_ingest). The score lies outside its scale.'
    """
    told = ledger["tables"].get("surveys", {"rows_rejected": 0})
    if not told["rows_rejected"]:
        return ""
    reasons = [reason for reason in told["reasons"] if reason["outcome"] == "rejected"]
    most = max(reasons, key=lambda reason: reason["rows"])
    often = "" if len(reasons) == 1 else "Most often: "
    many = count(told["rows_rejected"]) if told["rows_rejected"] >= LEAST else f"Fewer than {LEAST}"
    rows = f"{many} of {plural(told['rows_in'], 'row')} of surveys were not taken in (01_ingest)."
    return f"{rows} {often}{most['sentence']}"


def scores(found: pd.DataFrame) -> list[str]:
    """Give NPS, CSAT and CES, each with its interval and n, or say why not."""
    if found.empty:
        return [f"{NO_ANSWERS}, so there is no score."]
    return [
        sentence
        for question, write in (("nps", _nps), ("csat", _csat), ("ces", _ces))
        for sentence in [_one(found[found["question"] == question], question, write)]
        if sentence
    ]


def _one(rows: pd.DataFrame, question: str, write: Callable) -> str:
    if rows.empty:
        return f"{question_name(question)} was not answered in the period."
    main = rows.iloc[0]
    if is_missing(main["value"]):
        return (
            f"{question_name(question)} is withheld: fewer than {LEAST} answers, or fewer than "
            f"{LEAST} of one kind."
        )
    beside = rows[rows["measure"] != main["measure"]]
    return write(main, None if beside.empty else beside.iloc[0])


def _nps(main: pd.Series, _: None) -> str:
    return f"NPS is {score_text(main['value'], 'nps')}{_about(main)}."


def _csat(main: pd.Series, beside: pd.Series) -> str:
    return (
        f"{share(main['value'])} of answers on satisfaction are in the top boxes{_about(main)}; "
        f"the mean is {number(beside['value'], 2)}{_about(beside, n=False)}."
    )


def _ces(main: pd.Series, beside: pd.Series) -> str:
    boxes = "" if is_missing(beside["value"]) else _boxes(beside)
    return f"CES is {number(main['value'], 2)} on average{_about(main)}{boxes}."


def _boxes(beside: pd.Series) -> str:
    return f"; {share(beside['value'])} are in the top boxes{_about(beside, n=False)}"


def _about(row: pd.Series, *, n: bool = True) -> str:
    ends = [None if is_missing(end) else float(end) for end in (row["low"], row["high"])]
    estimate = Estimate(float(row["value"]), *ends, int(row["n"]))
    words = plural(int(row["n"]), "answer") if n else ""
    if row["note"]:
        words = ", ".join([*filter(None, [words]), _lowered(row["note"])])
    return brackets(estimate, as_=lambda x: score_text(x, row["measure"]), n=words.lstrip(", "))


def _lowered(note: str) -> str:
    return note[0].lower() + note[1:].rstrip(".")


def _ends(row: tuple) -> str:
    if is_missing(row.low):
        return ""
    return f"{score_text(row.low, row.measure)} to {score_text(row.high, row.measure)}"
