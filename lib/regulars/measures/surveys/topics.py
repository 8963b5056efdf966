"""Topics: what comments are about, counted by keywords; the words themselves stay in the engine."""

import re
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ParameterError
from regulars.measures.engine import fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.suppression import HIDDEN, LEAST, hidden
from regulars.measures.surveys.answers import PASSIVE_FROM

__all__ = ["NO_TOPIC", "keyword_pattern", "topic_counts"]

NO_TOPIC = "no_topic"
"""The row of the comments in which no keyword stands."""

SPACED = "0-9A-Za-z_À-ÖØ-öø-ɏͰ-ԯ"
"""Letters of scripts that put spaces between words (Latin, Greek, Cyrillic), and digits."""

COUNTS = ["comments", "customers"]
JUDGED = ["judges", "mean", "detractors", "low", "high"]


def keyword_pattern(keywords: Sequence[str]) -> str:
    """Return the regular expression that finds one of the keywords in a comment in small letters.

    A keyword is found as a whole word where it begins or ends with a letter of a script that puts
    spaces between words; Chinese is found anywhere. The expression means the same to RE2 (DuckDB)
    and to Java (Spark).

    Examples
    --------
    >>> pattern = keyword_pattern(["Late", "贵"])
    >>> [bool(re.search(pattern, text)) for text in ("too late!", "chocolate", "太贵了")]
    [True, False, True]
    """
    return "|".join(_pattern(keyword.lower().split()) for keyword in keywords)


def topic_counts(told: ir.Table, topics: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Count who wrote on each topic, and how content they are; a comment may have several topics.

    Parameters
    ----------
    told : ibis.expr.types.Table
        From `comments.comments`: voice, comment, and recommends (the answer to nps, 0 to 10;
        missing for comments on other questions), responded_at.
    topics : mapping
        Name of a topic to its keywords, in any case.

    Returns
    -------
    pandas.DataFrame
        One row per topic, and one, ``no_topic``, of the comments without: topic, comments,
        customers (who wrote them; each anonymous comment counts as one), judges (of them, who
        answered nps along with it; the newest answer counts), mean (of these answers), detractors
        (the share that answered 0 to 6), low, high (Wilson), hidden (bool). Hidden are topics of
        fewer than ten customers, what would give them away, and shares that tell of fewer than
        ten. Most customers first, hidden ones last; no_topic at the end.

    Raises
    ------
    ParameterError
        If a topic has no keyword, a blank one, or is called no_topic.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> words = {"voice": [f"c{i}" for i in range(40)], "comment": ["Too late"] * 20 + ["贵"] * 20}
    >>> when = pd.Timestamp("1997-01-05")
    >>> told = table_of(pd.DataFrame(words).assign(recommends=3.0, responded_at=when))
    >>> found = topic_counts(told, {"delivery": ["late"], "price": ["贵"]})
    >>> found[["topic", "customers", "detractors"]].values.tolist()
    [['delivery', 20, 1.0], ['price', 20, 1.0], ['no_topic', 0, nan]]
    """
    _check(topics)
    sums = fetch(_by_topic(_by_customer(_on_topics(told, topics))))
    sums = sums.set_index("topic").reindex([*topics, NO_TOPIC]).fillna(0).astype("float64")
    return _shown(sums)


def _check(topics: Mapping[str, Sequence[str]]) -> None:
    for name, keywords in topics.items():
        if name == NO_TOPIC:
            raise ParameterError(
                f"topics: expected other names than {NO_TOPIC}, which is what comments without a "
                "topic are called. Give the topic another name."
            )
        if not keywords or not all(keyword.strip() for keyword in keywords):
            raise ParameterError(
                f"topics: expected keywords for {name}, found none or a blank one, which would "
                "stand in every comment. Write at least one word."
            )


def _pattern(words: Sequence[str]) -> str:
    whole = " +".join(_literal(word) for word in words)
    before = f"(^|[^{SPACED}])" if re.match(f"[{SPACED}]", words[0][0]) else ""
    after = f"($|[^{SPACED}])" if re.match(f"[{SPACED}]", words[-1][-1]) else ""
    return before + whole + after


def _literal(word: str) -> str:
    """Escape what means something in a pattern."""
    return "".join(f"[{sign}]" if sign in "+*?.()|{}$" else re.escape(sign) for sign in word)


def _on_topics(told: ir.Table, topics: Mapping[str, Sequence[str]]) -> ir.Table:
    """Put below each other the comments on each topic, without their words."""
    words = told.comment.lower()
    on = {name: words.re_search(keyword_pattern(keywords)) for name, keywords in topics.items()}
    on[NO_TOPIC] = ~ibis.or_(*on.values()) if on else ibis.literal(True)
    parts = [
        told.filter(flag).select("voice", "recommends", "responded_at", topic=ibis.literal(name))
        for name, flag in on.items()
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _by_customer(rows: ir.Table) -> ir.Table:
    """Make one voice of what a customer wrote on a topic; of NPS answers the newest counts."""
    window = ibis.window(group_by=["topic", "voice"])
    rows = rows.mutate(newest=rows.responded_at.max(where=rows.recommends >= 0).over(window))
    return rows.group_by(["topic", "voice"]).agg(
        comments=rows.count(),
        recommends=rows.recommends.min(where=rows.responded_at == rows.newest),
    )


def _by_topic(voices: ir.Table) -> ir.Table:
    return voices.group_by("topic").agg(
        comments=voices.comments.sum(),
        customers=voices.count(),
        judges=voices.recommends.count(),
        total=voices.recommends.sum(),
        unhappy=(voices.recommends < PASSIVE_FROM).sum(),
    )


def _shown(sums: pd.DataFrame) -> pd.DataFrame:
    """Estimate what may be told, and hide the rest."""
    found = sums[COUNTS].astype("Int64").reset_index()
    judged = sums.judges.to_numpy() > 0
    some = sums[judged]
    found["judges"] = sums.judges.astype("Int64").to_numpy()
    for name, values in _shares(some).items():
        found[name] = pd.Series(values, found.index[judged])
    away = hidden(sums.customers.astype("int64")).to_numpy()
    little = [sums.unhappy, sums.judges - sums.unhappy, sums.customers - sums.judges]
    few = sum((one > 0) & (one < LEAST) for one in little).to_numpy() > 0
    found.loc[away, COUNTS] = pd.NA
    found.loc[away | few, JUDGED] = pd.NA
    last = found.topic == NO_TOPIC
    found = found.assign(**{HIDDEN: away | few}, last=last)
    found = found.sort_values(["last", "customers", "topic"], ascending=[True, False, True])
    return found.drop(columns="last").reset_index(drop=True)


def _shares(some: pd.DataFrame) -> dict[str, object]:
    if not len(some):
        return dict.fromkeys(JUDGED[1:], pd.Series(dtype="float64"))
    low, high = wilson_bounds(some.unhappy, some.judges)
    shares = {"mean": some.total / some.judges, "detractors": some.unhappy / some.judges}
    values = {name: share.to_numpy() for name, share in shares.items()}
    return {**values, "low": low, "high": high}
