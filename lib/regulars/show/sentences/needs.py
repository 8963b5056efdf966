"""Sentences on what customers need, what goes together, and natural groups (04_segments).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.show.findings import count, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import short_name
from regulars.small_groups import LEAST

__all__ = [
    "clusters_title",
    "known_needs",
    "likings",
    "pairs",
    "shown_pairs",
    "strongest_affinity",
    "strongest_pair",
]

NEEDS = {
    "category": "which categories",
    "channel": "which channel",
    "price_level": "at what price level",
    "discount_share": "with how much discount",
    "daypart": "at what time of day",
    "weekend_share": "on which days of the week",
}


def known_needs(known: pd.DataFrame) -> list[str]:
    """Say which needs the data tell of, and which they do not.

    Parameters
    ----------
    known : DataFrame
        From `measures.segments.needs.what_is_known`: need, known.
    """
    told, untold = (
        [NEEDS[need] for need in known.loc[known["known"] == flag, "need"]]
        for flag in (True, False)
    )
    found = [f"The purchases tell {_listed(told)} customers buy."] if told else []
    if untold:
        found.append(f"They do not tell {_listed(untold)}: the file has no such column.")
    return found if told else ["The purchases tell nothing of what customers need."]


def strongest_affinity(affinity: pd.DataFrame) -> str:
    """Name the group and category that go together most, for a chart (at most ten words)."""
    found = affinity[affinity["differs"] & (affinity["index"] > 1)]
    if found.empty:
        return "No group buys a category more often than others"
    top = found.sort_values(["index", "segment", "category"], ascending=[False, True, True]).iloc[0]
    group, category = (short_name(reader_name(top[name]), 2) for name in ("segment", "category"))
    return f"{group} buy {_inside(category)} {number(top['index'], 1)} times as often"


def likings(customers: int, likings: int, *, tested: int) -> list[str]:
    """Say how many customers were found to like a category, and why the others were not.

    Parameters
    ----------
    customers : int
        Customers with a category they like.
    likings : int
        Pairs of customer and category found.
    tested : int
        Customers with enough months of purchases for any to be found.
    """
    if not tested:
        return ["No customer bought in enough months for a liking to be told from chance."]
    if tested < LEAST:
        return [f"Fewer than {LEAST} customers bought in enough months to tell what they like."]
    found = (
        f"Of {plural(tested, 'customer')} with enough months to tell, "
        f"{_some(customers, of=tested)} a category in more of their months than others do at the "
        "same time who buy as many categories a month."
    )
    if not likings:
        return [found]
    many = "these likings" if customers < LEAST else f"these {plural(likings, 'liking')}"
    return [
        found,
        f"Of {many}, one in twenty or fewer is expected to be chance, if what a customer buys in "
        "one month does not hang on the months before.",
        "Where none was found, a customer may like something all the same: most buy in few months.",
    ]


def shown_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep the pairs that were tested and that at least ten customers bought together.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": ["jam", "oil"], "customers": [40, 1], "p": [.2, None]})
    >>> shown_pairs(frame)["first"].tolist()
    ['jam']
    """
    kept = pairs["p"].notna() & (pairs["customers"] >= LEAST)
    return pairs[kept].reset_index(drop=True)


def strongest_pair(pairs: pd.DataFrame) -> str:
    """Name the pair bought together most beyond chance, for a chart (at most ten words)."""
    found = _beyond_chance(pairs)
    if found.empty:
        return "No pair is bought together more than by chance"
    top = found.iloc[0]
    first, second = (short_name(reader_name(top[name]), 2) for name in ("first", "second"))
    return f"{first} with {_inside(second)}: {number(top['lift'], 1)} times chance"


def pairs(pairs: pd.DataFrame, *, unit: str = "orders") -> list[str]:
    """Say which pair goes together most, how sure that is, and how many others do.

    Parameters
    ----------
    pairs : DataFrame
        From `measures.segments.cross_sell.cross_sell`.
    unit : str
        What its baskets are: ``orders`` or ``customers``.
    """
    found, tested = _beyond_chance(pairs), int(pairs["p"].notna().sum())
    if not tested:
        return ["No two categories are bought often enough for a pair to be told from chance."]
    if found.empty:
        return [f"None of {plural(tested, 'pair')} is bought together more than by chance."]
    top = found.iloc[0]
    first, second = (reader_name(top[name]) for name in ("first", "second"))
    return [
        f"{first} and {_inside(second)} are bought together {number(top['lift'], 2)} times as "
        f"often as by chance (95 % interval {number(top['low'], 2)} to {number(top['high'], 2)}): "
        f"in {count(top['both'])} {unit}, {share(top['support'])} of all.",
        f"{count(len(found))} of {plural(tested, 'pair')} that could be tested go together more "
        "than by chance.",
    ]


def clusters_title(k: int, stable: bool) -> str:
    """Say whether there are natural groups, for a chart (at most ten words).

    Examples
    --------
    >>> clusters_title(3, stable=True), clusters_title(2, stable=False)
    ('The customers fall into 3 natural groups', 'The customer base has no natural groups')
    """
    if not k:
        return "Too few customers to look for natural groups"
    if not stable:
        return "The customer base has no natural groups"
    return f"The customers fall into {count(k)} natural groups"


def _some(customers: int, *, of: int) -> str:
    """Say how many buy; neither these nor the others may be fewer than are told of."""
    if not customers:
        return "none buy"
    if customers == of:
        return f"all {count(of)} buy"
    if customers < LEAST:
        return f"fewer than {LEAST} buy"
    if of - customers < LEAST:
        return f"all but fewer than {LEAST} buy"
    return f"{count(customers)} ({share(customers / of)}) buy"


def _beyond_chance(pairs: pd.DataFrame) -> pd.DataFrame:
    found = pairs[pairs["differs"] & (pairs["lift"] > 1)]
    return found.sort_values(["lift", "first", "second"], ascending=[False, True, True])


def _inside(name: str) -> str:
    """Write a name in the middle of a sentence: small, unless it is somebody's own spelling."""
    return name[0].lower() + name[1:] if name[1:].islower() else name


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
