"""Sentences on the loyalty index: what made it, who is at its ends, what sets them apart."""

from typing import Protocol

import pandas as pd

from regulars.show.findings import count, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.measured import is_spread_out, measure_name, measure_writer
from regulars.show.sentences.pieces import brackets, of_customers, short_name
from regulars.show.sentences.portraits import opinion
from regulars.show.sentences.surveys import question_name
from regulars.show.sentences.wording import inside, noticed, titled_group
from regulars.show.text import is_missing
from regulars.small_groups import HIDDEN, LEAST

__all__ = [
    "apart",
    "apart_name",
    "apart_title",
    "ends",
    "ends_table",
    "ends_title",
    "made_of",
    "stability",
    "words_of_ends",
]

MOST_NAMED = 3

_NAMES = {
    "first_spend": "Spend on the first day",
    "first_channel": "First channel",
    "first_category": "First category",
}
_PARTS = {
    "behaviour": "how often and how lately they bought",
    "word": "what they said last",
    "tenure": "how long they have been customers",
}
_SHOWN = ("group", "customers", "spend_share", "share_of_margin", "orders_mean")
_SHOWN += ("value_per_order", "days_since_last_median")
_BY_DESIGN = (
    "What customers said is a part of the index, so the ends differ in it by design, and no "
    "interval is given."
)


class HasWeights(Protocol):
    """Weights of the parts, such as ``parameters.loyalty.LoyaltyIndex``."""

    behaviour: float
    word: float
    tenure: float


class HasStability(Protocol):
    """How far the ends depend on the weights, such as ``measures.loyalty_index.IndexStability``."""

    median: float
    low: float
    high: float
    customers: int
    looked_at: int
    weightings: int


def apart_name(measure: str, level: object = "") -> str:
    """Return the name of what is compared between the ends.

    Examples
    --------
    >>> apart_name("first_spend"), apart_name("first_channel", "app"), apart_name("region", "N")
    ('Spend on the first day', 'First channel: app', 'Region: N')
    """
    named = measure_name(measure, level)
    return named.replace(measure_name(measure), _NAMES.get(measure, measure_name(measure)), 1)


def made_of(rules: HasWeights, counts: pd.DataFrame) -> list[str]:
    """Say what the index is made of, and of how many customers the word is known.

    Parameters
    ----------
    rules : LoyaltyIndex
        The weights.
    counts : DataFrame
        From `measures.loyalty_ends.with_word`: segment, customers, with_word.
    """
    spoken = int(counts["with_word"].sum())
    weights = {name: getattr(rules, name) for name in _PARTS}
    weights = {name: one for name, one in weights.items() if one > 0 and (name != "word" or spoken)}
    total = sum(weights.values())
    if not total:
        return ["Only the word has a weight, and nobody said anything: there is no index."]
    parts = [f"{_PARTS[name]} ({share(one / total)})" for name, one in weights.items()]
    said = f"The index counts {_listed(parts)}."
    if "word" not in weights:
        return [said]
    return [said, _spoken(counts, spoken)]


def ends_title(groups: pd.DataFrame) -> str:
    """Say what the most loyal bring, for a chart or table (at most ten words)."""
    row = _row(groups, "most_loyal")
    if row is None or is_missing(row["spend_share"]):
        return "Who is loyal?"
    people, brought = share(row["customers_share"]), share(row["spend_share"])
    return f"The most loyal {people} bring {brought} of spend"


def ends(groups: pd.DataFrame) -> list[str]:
    """Say that neither end is described, if so; what is known of them stands in the table.

    Parameters
    ----------
    groups : DataFrame
        From `measures.loyalty_ends.describe_ends`, the groups.
    """
    known = groups[(groups["segment"] != "between") & groups["customers"].notna()]
    if len(known):
        return []
    return [f"The ends have fewer than {LEAST} customers, and are not described."]


def ends_table(groups: pd.DataFrame) -> pd.DataFrame:
    """Return both ends and who is between as a table for readers; without margin if none is known.

    Parameters
    ----------
    groups : DataFrame
        From `measures.loyalty_ends.describe_ends`, the groups.
    """
    shown = groups.rename(columns={"segment": "group", "margin_share": "share_of_margin"})
    unknown = shown["share_of_margin"].isna().all()
    names = [name for name in _SHOWN if not (unknown and name == "share_of_margin")]
    return shown[[*names, HIDDEN]]


def words_of_ends(scores: pd.DataFrame, *, counted: bool = True) -> list[str]:
    """Say what both ends answered, for each of NPS, CSAT and CES.

    Parameters
    ----------
    scores : DataFrame
        From `measures.loyalty_ends.describe_ends`, the scores: segment, question, scale_max,
        measure, value, low, high, n, note.
    counted : bool
        Whether answers made the index: then no interval is given, and why is said.
    """
    if counted:
        scores = scores.assign(low=None, high=None)
    known = scores[scores["value"].notna() & (scores["segment"] != "between")]
    lines = []
    for question in ("nps", "csat", "ces"):
        of_question = known[known["question"] == question]
        both = [rows for _, rows in of_question.groupby("measure", sort=False) if len(rows) > 1]
        told = [
            f"{reader_name(row.segment).lower()} {opinion(row)}"
            for end in ("most_loyal", "least_loyal")
            for rows in both[:1]
            for row in rows[rows["segment"] == end].itertuples()
        ]
        if len(told) == 2:
            lines.append(f"{question_name(question)}: {told[0]}; {told[1]}.")
    return [*lines, _BY_DESIGN] if lines and counted else lines


def apart_title(apart: pd.DataFrame) -> str:
    """Say what sets the most loyal apart most, for a chart (at most ten words)."""
    if apart.empty:
        return "What sets the most loyal apart?"
    found = apart[apart["distinct"].astype(bool)]
    if found.empty:
        return "Nothing else sets the most loyal apart beyond chance"
    top = found.iloc[0]
    by = inside(apart_name(top["measure"]))
    what = titled_group(by, str(top["level"]), 5) if top["level"] else short_name(by, 5)
    return f"{'More' if top['d'] > 0 else 'Less'} among the most loyal: {what}"


def apart(apart: pd.DataFrame, *, currency: str) -> list[str]:
    """Say by what the most loyal differ from the least loyal, and what could have been seen.

    Parameters
    ----------
    apart : DataFrame
        From `measures.loyalty_ends.sets_apart`.
    currency : str
        Of amounts.
    """
    if apart.empty:
        return ["Nothing else is known of both ends that could be compared."]
    found = apart[apart["distinct"].astype(bool)]
    least = number(apart["detectable"].astype(float).max(), 2)
    alone = "" if len(apart) == 1 else "in a single one, "
    power = (
        f"{plural(len(apart), 'comparison')} in all; {alone}"
        f"{noticed(f'{least} standard deviations')}."
    )
    if found.empty:
        return ["Nothing else sets the ends apart by more than chance.", power]
    named = [_difference(row, currency) for row in found.head(MOST_NAMED).to_dict("records")]
    rest = len(found) - len(named)
    more = [f"{plural(rest, 'further difference')} beyond chance."] if rest else []
    return [*named, *more, power]


def stability(stable: HasStability | None) -> str:
    """Say how far being among the most loyal depends on the weights."""
    if stable is None or stable.customers < LEAST:
        return "Too few customers differ to see what other weights would change."
    who = of_customers(stable.customers)
    if stable.looked_at < stable.customers:
        who = f"{count(stable.looked_at)} of {who}"
    return (
        f"With the parts weighted at random {count(stable.weightings)} times ({who} looked at), "
        f"half the weightings keep at least {share(stable.median)} of the most loyal among them; "
        f"nine in ten keep between {share(stable.low)} and {share(stable.high)}."
    )


def _spoken(counts: pd.DataFrame, spoken: int) -> str:
    everybody = int(counts["customers"].sum())
    silent = everybody - spoken
    who = (
        f"Fewer than {LEAST} customers said something"
        if spoken < LEAST
        else f"All but fewer than {LEAST} customers said something"
        if 0 < silent < LEAST
        else f"{share(spoken / everybody)} of {of_customers(everybody)} said something"
    )
    return f"{who}; who said nothing is judged by the rest, with the weights kept in proportion."


def _difference(row: dict, currency: str) -> str:
    measure, level = row["measure"], row["level"]
    write = measure_writer(
        "spend" if measure == "first_spend" else measure, level, currency=currency
    )
    typical = " (typical values)" if is_spread_out(measure, level) else ""
    size = f"{number(row['d'], 2)} standard deviations"
    return (
        f"{apart_name(measure, level)}: {write(row['mean'])} of the most loyal, "
        f"{write(row['rest_mean'])} of the least loyal{typical}; {size} apart"
        f"{brackets(pd.Series(row), as_='number:2')}."
    )


def _row(groups: pd.DataFrame, name: str) -> pd.Series | None:
    rows = groups[groups["segment"] == name]
    return None if rows.empty else rows.iloc[0]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
