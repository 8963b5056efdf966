"""Names: what readers call the columns, models and rules that the measures name for machines."""

import re

import pandas as pd

from regulars.model_names import MODEL_NAMES
from regulars.show.columns import COLUMNS
from regulars.show.text import one_line

__all__ = ["known_format", "reader_header", "reader_name"]

_NAMES = {
    **MODEL_NAMES,
    "always_zero": "Nobody buys again",
    "same_as_before": "Same as before",
    "past_rate": "Past rate goes on",
    "last_purchase": "Recent buyers go on",
    "all_alike": "All customers alike",
    "nobody_leaves": "Nobody leaves",
    "shifted_beta_geometric": "Shifted beta-geometric",
    "shifted_beta_geometric_by_plan": "Shifted beta-geometric by plan",
    "cant_lose_them": "Can't lose them",
    "vip": "VIP",
    "goods": "Cost of goods",
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
}


def reader_name(name: str) -> str:
    """Return the name of a model, rule or segment as readers know it.

    A machine's name begins with a capital here, and its underscores become spaces. Any other name
    is somebody's own; at most it gets its capital.

    Examples
    --------
    >>> reader_name("mbg_nbd"), reader_name("at_risk"), reader_name("VIP_2024")
    ('MBG/NBD', 'At risk', 'VIP_2024')
    """
    words = _NAMES.get(name, one_line(name))
    if len(words) < 2 or not words.islower():
        return words
    if re.fullmatch(r"[a-z][a-z0-9_]*", words):
        words = words.replace("_", " ")
    return words[0].upper() + words[1:]


def reader_header(name: object) -> str:
    """Return the header of a column: its words for readers if a measure made it, else its name.

    Examples
    --------
    >>> reader_header("spend_share"), reader_header("rows_in"), reader_header("Shop [m²]")
    ('Share of spend', 'Rows in', 'Shop [m²]')
    """
    header, _ = COLUMNS.get(name, (None, None)) if isinstance(name, str) else (None, None)
    return header or one_line(reader_name(str(name)), width=60)


def known_format(frame: pd.DataFrame, name: object) -> str | None:
    """Return the format of a column that a measure made, or None for any other.

    The ends of an interval are shares where they stand beside a share or a rate.

    Examples
    --------
    >>> known_format(pd.DataFrame({"rate": [.4], "low": [.3]}), "low")
    'share'
    """
    if name in ("low", "high") and {"rate", "share", "bought"} & set(frame.columns):
        return "share"
    _, spec = COLUMNS.get(name, (None, None)) if isinstance(name, str) else (None, None)
    return spec
