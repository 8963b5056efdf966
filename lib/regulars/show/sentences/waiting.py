"""Sentences on waiting: whether groups come back equally soon, and which of them is ahead."""

from collections.abc import Sequence

import pandas as pd

from regulars.show.findings import name, number, plural
from regulars.show.sentences.pieces import of_customers, short_name
from regulars.small_groups import LEAST

__all__ = ["waiting", "waiting_title"]

_ATTRIBUTES = {
    "campaign_id": ("campaign", "campaigns"),
    "category": ("category", "categories"),
    "channel": ("channel", "channels"),
}


def waiting_title(
    attribute: str, tests: pd.DataFrame, groups: pd.DataFrame, *, soonest: str | None
) -> str:
    """Say whether groups differ, and who is ahead of all, for a chart (at most ten words)."""
    known = groups[groups["share"].notna()]
    test = tests[tests["attribute"] == attribute]
    if len(known) < 2 or test.empty:
        return "Too few customers to compare"
    one, several = _words(attribute)
    if not test["differs"].iloc[0]:
        return f"No difference by {one} of first purchase beyond chance"
    if soonest not in set(known["group"]):
        return f"{several.capitalize()} differ in how soon customers return"
    return f"Who came by {short_name(name(str(soonest)), 3)} comes back soonest"


def waiting(tests: pd.DataFrame, *, days: int, asked: Sequence[str] = ()) -> list[str]:
    """Say for each attribute of the first purchase whether groups come back equally soon."""
    if tests.empty:
        return [
            "Whether it matters how customers came is not known: it takes two groups of at least "
            f"{plural(LEAST, 'customer')} by channel, category or campaign of the first purchase."
        ]
    said = [_waiting(test, days=days, of=len(tests)) for _, test in tests.iterrows()]
    left = [_words(one)[0] for one in asked if one not in set(tests["attribute"])]
    if left:
        said.append(
            f"No test was possible by {' or '.join(left)} of the first purchase: it takes two "
            f"groups of at least {plural(LEAST, 'customer')}."
        )
    return said


def _waiting(test: pd.Series, *, days: int, of: int) -> str:
    about = (
        f"{plural(int(test['groups']), 'group')} by {_words(test['attribute'])[0]} of the first "
        f"purchase, {of_customers(int(test['customers']))}"
    )
    could = (
        ""
        if pd.isna(test["detectable"])
        else f"; of the share back within {plural(days, 'day')}, the two largest would show a "
        f"difference of {number(100 * test['detectable'], 1)} points or more"
    )
    verdict = (
        "they come back at different speed"
        if test["differs"]
        else "no difference in how soon they come back beyond chance"
    )
    p = "below 0.001" if test["p_holm"] < 0.001 else number(test["p_holm"], 3)
    p += f" after Holm for {of} tests" if of > 1 else ""
    return f"{about[0].upper()}{about[1:]}: {verdict} (log-rank, p {p}{could})."


def _words(attribute: str) -> tuple[str, str]:
    """Name an attribute, and several of its groups."""
    other = name(attribute).lower()
    return _ATTRIBUTES.get(attribute, (other, f"groups by {other}"))
