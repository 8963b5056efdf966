"""Sentences on the supervised model beside the purchase model (06_churn).

Each is built from what was measured and claims no more than its numbers.
"""

from datetime import date
from typing import Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, day, days, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.show.text import is_missing

__all__ = [
    "beyond_purchases",
    "compared",
    "comparison_table",
    "feature_name",
    "importance",
    "importance_title",
    "model_words",
    "setting",
    "weight_table",
    "withheld",
]

NAMES = {
    "days_since_last": "Days since the last purchase",
    "repeat_days": "Repeat purchase days",
    "age": "Days since the first purchase",
    "overdue": "Mean gaps since the last purchase",
    "year_days": "Purchase days in the last year",
    "spend_a_day": "Spend a purchase day",
    "categories": "Categories bought",
    "returned_lines": "Returns in the last year",
    "complaints": "Complaints in the last year",
    "last_score": "Last answer to NPS or CSAT",
    "answered": "Ever answered NPS or CSAT",
    "contract": "Has a contract",
    "contacts": "Contacts by campaigns in the last year",
}
MODELS = {
    "supervised": "Supervised, everything known",
    "supervised_purchases": "Supervised, purchases alone",
}


class Compared(Protocol):
    """What came of the comparison, as ``measures.supervised.comparing.Comparison``."""

    withheld: str | None
    horizon_days: int
    trained_at: date | None
    tested_at: date | None
    rival: str | None
    judged: pd.DataFrame | None
    gain: Estimate | None
    beyond: Estimate | None
    auc: Estimate | None
    importance: pd.DataFrame | None

    @property
    def kept(self) -> bool:
        """Whether it beats the purchase model."""


def feature_name(name: str) -> str:
    """Return the name of a feature as readers know it.

    Examples
    --------
    >>> feature_name("days_since_last")
    'Days since the last purchase'
    """
    return NAMES.get(name, reader_name(name))


def model_words(name: str) -> str:
    """Return the name of one of the compared models as readers know it.

    Examples
    --------
    >>> model_words("supervised"), model_words("mbg_nbd")
    ('Supervised, everything known', 'MBG/NBD')
    """
    return MODELS.get(name, reader_name(name))


def withheld(found: Compared) -> str | None:
    """Say why there is no comparison; None if there is one."""
    if found.withheld is None:
        return None
    return f"No supervised model stands beside the purchase model. {found.withheld}"


def setting(found: Compared) -> str:
    """Say when the features were taken, and whom the models are judged on; or why there is none."""
    if found.withheld is not None or found.gain is None:
        return str(withheld(found))
    return (
        f"The supervised model learns from what was known on {day(found.trained_at)} and who "
        f"bought in the {days(found.horizon_days)} after it, and is judged, like "
        f"{reader_name(str(found.rival))}, on the {days(found.horizon_days)} after "
        f"{day(found.tested_at)}, by {of_customers(found.gain.n)} of that day."
    )


def comparison_table(found: Compared) -> pd.DataFrame:
    """Tabulate how each model did, in words for readers."""
    if found.judged is None:
        return pd.DataFrame()
    rows = found.judged
    return pd.DataFrame(
        {
            "Model": [model_words(name) for name in rows["name"]],
            "Log loss": [number(value, 4) for value in rows["log_loss"]],
            "Brier score": [number(value, 4) for value in rows["brier"]],
            "AUC": [number(value, 3) for value in rows["auc"]],
            "Calibration slope": [number(value) for value in rows["slope"]],
            "Said to buy": [share(value) for value in rows["predicted"]],
        }
    )


def compared(found: Compared) -> str:
    """Say whether the supervised model is kept, and by how much it is better or not."""
    gain = found.gain
    if gain is None:
        return str(withheld(found))
    rival = reader_name(str(found.rival))
    size = f"{number(abs(gain.value), 4)} a customer"
    told = brackets(gain, as_="number:4", what="95 % interval of the gain")
    if found.kept:
        return (
            f"The supervised model predicts who buys better than {rival}: its log loss is lower by "
            f"{size}{told}. Its probabilities stand beside."
        )
    side = "lower" if gain.value > 0 else "higher"
    surely = gain.high is not None and gain.high < 0
    verdict = "predicts worse" if surely else "adds nothing that can be told from chance"
    return (
        f"The supervised model {verdict}: its log loss is {side} than that of {rival} by "
        f"{size}{told}. It is not used."
    )


def beyond_purchases(found: Compared) -> str:
    """Say whether anything but purchases told the supervised model more."""
    gain = found.beyond
    if gain is None:
        return (
            "Nothing here tells more than purchases do: with interactions (kind, opened_at), "
            "surveys (question, score, responded_at), subscriptions (started_at) or "
            "campaign_contacts (contacted_at), this page would show what they add."
        )
    told = brackets(gain, as_="number:4", what="95 % interval of the gain")
    if gain.low is not None and gain.low > 0:
        return (
            "What is known beside purchases makes the supervised model better: it saves "
            f"{number(gain.value, 4)} of log loss a customer{told}."
        )
    return (
        "That what is known beside purchases makes the supervised model better cannot be told from "
        f"chance{told}."
    )


def importance(found: Compared) -> str:
    """Say which features the model cannot do without, and of how many it can."""
    rows = found.importance
    if rows is None or rows.empty:
        return ""
    needed = rows[rows["low"] > 0]
    if needed.empty:
        return "Of no feature it can be told that shuffling it makes the model worse."
    names = [_in_sentence(name) for name in needed["feature"].head(3)]
    more = f", {count(len(needed))} in all" if len(needed) > 3 else ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    of = plural(len(rows), "feature")
    return f"Of {of}, the model gets worse without: {listed}{more}."


def importance_title(found: Compared) -> str:
    """Name the feature that matters most, in at most ten words."""
    rows = found.importance
    if rows is None or rows.empty or not rows["low"].iloc[0] > 0:
        return "Which features does the supervised model need?"
    return f"Most important: {_in_sentence(rows['feature'].iloc[0])}"


def weight_table(found: Compared) -> pd.DataFrame:
    """Tabulate the importance of each feature, in words for readers."""
    rows = found.importance
    if rows is None:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "Feature": [feature_name(name) for name in rows["feature"]],
            "Log loss added": [number(value, 4) for value in rows["importance"]],
            "Interval": [
                _ends(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
        }
    )


def _ends(low: float, high: float) -> str:
    if is_missing(low) or is_missing(high):
        return "–"
    return f"{number(low, 4)} to {number(high, 4)}"


def _in_sentence(name: str) -> str:
    words = feature_name(name)
    return words[0].lower() + words[1:]
