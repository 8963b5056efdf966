"""Sentences on what customers write about; never a word of what they wrote (05_loyalty)."""

import pandas as pd

from regulars.show.findings import count, interval, number, plural, share
from regulars.show.hidden import hidden_rows
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = ["few_comments", "topics", "topics_title", "written"]

NO_TOPIC = "no_topic"  # what the measures call the comments in which no keyword stands


def written(comments: int, customers: int) -> str:
    """Say how many wrote something.

    Examples
    --------
    >>> written(312, 290), written(3, 3)
    ('There are 312 comments, of 290 customers.', 'There are fewer than 10 who wrote.')
    """
    if not comments:
        return "Nobody wrote a comment in the period."
    if customers < LEAST:
        return f"There are fewer than {LEAST} who wrote."
    if comments - customers < LEAST:  # how many wrote twice is a number of customers too
        return f"{count(customers)} customers wrote a comment."
    return f"There are {plural(comments, 'comment')}, of {count(customers)} customers."


def topics_title(found: pd.DataFrame) -> str:
    """Name the topic of most customers, for a chart (at most ten words)."""
    rows = _named(found)
    if rows.empty:
        return "What do they write about?"
    top = rows.iloc[0]
    return f"Most write about: {short_name(reader_name(top['topic']), 6)}"


def topics(found: pd.DataFrame) -> list[str]:
    """Say what most write about, and where most detractors are, if that is beyond doubt."""
    rows = _named(found)
    if rows.empty:
        return ["No topic has enough customers to be shown."]
    top, judged = rows.iloc[0], rows[rows["detractors"].notna()]
    said = [f"Most customers write about {_name(top)}: {count(top['customers'])} of them."]
    if len(judged) > 1:
        said.append(_unhappiest(judged))
    none = found[(found["topic"] == NO_TOPIC) & ~hidden_rows(found)]
    if len(none) and none["customers"].iloc[0]:
        said.append(
            f"{count(none['customers'].iloc[0])} customers wrote comments in which none of the "
            "keywords stands."
        )
    return said


def few_comments(found: pd.DataFrame) -> bool:
    """Tell whether there is nothing to draw."""
    return _named(found).empty


def _unhappiest(judged: pd.DataFrame) -> str:
    """Name the topic with most detractors, and whether any other comes near."""
    rows = judged.sort_values(["detractors", "topic"], ascending=[False, True])
    first, second = rows.iloc[0], rows.iloc[1]
    if not first["detractors"]:
        return "Of those who write about a topic that is shown, none is a detractor."
    said = (
        f"Of those who write about {_name(first)}, {share(first['detractors'])} are detractors "
        f"(95 % interval {interval(first)}, n = {count(first['judges'])}; they answer "
        f"{number(first['mean'], 1)} of 10)"
    )
    if first["low"] > rows["high"].iloc[1:].max():
        return f"{said}, more than on any other topic."
    return (
        f"{said}. That is the largest share, but it is not told apart from that of "
        f"{_name(second)}, {share(second['detractors'])}."
    )


def _named(found: pd.DataFrame) -> pd.DataFrame:
    """Return the topics that may be shown and that somebody wrote on."""
    rows = found[(found["topic"] != NO_TOPIC) & found["customers"].notna()]
    return rows[[not is_missing(n) and n > 0 for n in rows["customers"]]]


def _name(row: pd.Series) -> str:
    return f"“{reader_name(row['topic'])}”"
