"""Names in tag rules: refused before anything runs, where no table could have them.

Whether a column that is declared has values is seen when the data is there; a name that is
misspelt is seen here.
"""

from collections.abc import Iterator, Mapping, Sequence

from regulars.data.contract import TABLES
from regulars.parameters.source import Source
from regulars.parameters.tag_bounds import AGGREGATES, Condition
from regulars.parameters.tag_rules import parse_rule
from regulars.text import nearest

__all__ = ["GROUPINGS", "check_names"]

GROUPINGS = (
    "segment", "abc", "pyramid", "importance", "grade", "preferred_category", "preferred_channel",
)  # fmt: skip
"""The groupings of 04_segments, which come in as tags themselves."""

OF_GROUPS = (*GROUPINGS, "orders", "spend", "score", "predicted_spend", "margin", "profit")
OF_CLEANING = ("day", "is_outlier", "returns_a_sale")


def check_names(tags: Mapping[str, str], sources: Mapping[str, Sequence[Source]]) -> None:
    """Refuse tags named like a grouping, and rules that ask of columns that cannot be there.

    Parameters
    ----------
    tags : mapping of str to str
        Rules by the tag's name; each can be read.
    sources : mapping of str to sequence of Source
        The tables of the workbook, with the attributes of customers.

    Raises
    ------
    ValueError
        Naming the tag and the column, with the nearest name there is.

    Examples
    --------
    >>> check_names({"often": "ordrs >= 2"}, {})
    Traceback (most recent call last):
    ValueError: tag often: there is no column 'ordrs'. Did you mean orders?
    """
    known = _known(sources)
    for tag, text in tags.items():
        if tag in GROUPINGS:
            raise ValueError(f"tag {tag}: a grouping has this name. Choose another")
        for condition in _conditions(tag, text):
            scopes = [condition.scope] if condition.scope else list(known)
            names = {name for scope in scopes for name in known[scope]}
            if not condition.is_aggregate and condition.name not in names:
                near = nearest(condition.name, {*names, *AGGREGATES}) or "."
                raise ValueError(f"tag {tag}: there is no column {condition.column!r}{near}")


def _known(sources: Mapping[str, Sequence[Source]]) -> dict[str, set[str]]:
    attributes = {name for source in sources.get("customers", ()) for name in source.attributes}
    return {
        "line": {*TABLES["purchases"].fields, *OF_CLEANING},
        "customer": {*TABLES["customers"].fields, *attributes, "age_years"},
        "class": set(OF_GROUPS),
    }


def _conditions(tag: str, text: str) -> Iterator[Condition]:
    for alternative in parse_rule(tag, text).alternatives:
        yield from alternative.conditions
