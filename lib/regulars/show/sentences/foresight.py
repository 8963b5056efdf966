"""Sentences on whether answers foretell purchases, beyond what purchases tell (05_loyalty)."""

from collections.abc import Callable

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import number, plural
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.show.sentences.surveys import question_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = ["foresight", "foresight_title"]


def foresight_title(judged: pd.DataFrame) -> str:
    """Say whether answers foretell purchases, for a chart (at most ten words)."""
    for verdict, more in _TOLD.items():
        names = [question_name(one) for one in judged.loc[judged["verdict"] == verdict, "question"]]
        if names:
            return f"{_and(names)} {'tells' if len(names) == 1 else 'tell'} {more}"
    return "Too few answers to say what they foretell"


def foresight(judged: pd.DataFrame, days: int) -> list[str]:
    """Say of each question whether its answers foretell purchases beyond RFM."""
    if judged.empty:
        return [
            f"Whether answers foretell purchases cannot be said: fewer than {LEAST} customers "
            f"we know answered in the year before the last {plural(days, 'day')}."
        ]
    return [_FORETOLD[row.verdict](row) for row in judged.itertuples()]


def _adds(row: object) -> str:
    return f"{_foretold(row)}: the answer adds to what purchases tell. It saves {_gained(row)}."


def _adds_nothing(row: object) -> str:
    return (
        f"{_foretold(row)}: the answer adds nothing worth speaking of to what purchases tell. It "
        f"saves {_gained(row)}."
    )


def _too_few(row: object) -> str:
    if is_missing(row.gain):
        return f"{_foretold(row)}: too few to fit and check a model."
    return (
        f"{_foretold(row)}: too few to say whether the answer adds to what purchases tell. It "
        f"saves {_gained(row)}."
    )


def _foretold(row: object) -> str:
    return f"{question_name(row.question)}, of {of_customers(int(row.customers))} who answered"


def _gained(row: object) -> str:
    ends = Estimate(row.gain, row.low, row.high, int(row.customers))
    return (
        f"{number(row.gain, 4)} of log-loss a customer{brackets(ends, as_='number:4')}, where "
        f"purchases alone save {number(row.loss_none - row.loss_rfm, 3)}"
    )


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


_TOLD = {"adds": "more than purchases alone", "adds_nothing": "no more than purchases"}
_FORETOLD: dict[str, Callable[[object], str]] = {
    "adds": _adds,
    "adds_nothing": _adds_nothing,
    "too_few": _too_few,
}
