"""Portraits: a panel for each group of customers, on a page, in JupyterLab and as plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

import pandas as pd

from regulars.show.findings import name as written
from regulars.show.hidden import hidden_rows
from regulars.show.output import publish
from regulars.show.sentences import portraits as sentences
from regulars.show.text import as_source, one_line
from regulars.small_groups import NOTE

__all__ = ["Panel", "panels_of", "show", "to_html", "to_text"]

MOST_DIFFERENCES = 5
DISTINCT = "What distinguishes them"
NOTHING_DISTINCT = "Nothing that was measured sets them apart by more than chance."
STRATEGY = "What we do"
CARD = {
    "goal": "Goal",
    "treatment": "Treatment",
    "channel": "Channel",
    "cost_cap": "Costs at most",
    "measure": "Success is",
}


@dataclass(frozen=True)
class Panel:
    """What is written of one group: sentences, those of `facts` and `card` by their heading."""

    name: str
    size: str
    facts: Mapping[str, str]
    distinct: Sequence[str]
    card: Mapping[str, str]


class HasPortraits(Protocol):
    """What is known of each group, such as ``measures.segments.portraits.Portraits``."""

    groups: pd.DataFrame
    rates: pd.DataFrame
    choices: pd.DataFrame
    scores: pd.DataFrame


def show(
    found: HasPortraits,
    *,
    distinct: pd.DataFrame,
    currency: str,
    source: str,
    strategies: Sequence[Mapping[str, str]] = (),
    affinity: pd.DataFrame | None = None,
) -> None:
    """Display a panel for each group: size, value, behaviour, needs, loyalty, and what to do.

    Parameters
    ----------
    found : Portraits
        From `measures.segments.portraits.portraits`.
    distinct : DataFrame
        From `measures.segments.differences.most_distinct`; at most five of a group are written.
    currency : str
        Of every amount.
    source : str
        Where the data come from.
    strategies : sequence of mapping
        ``group`` and any of ``goal``, ``treatment``, ``channel``, ``cost_cap``, ``measure``.
    affinity : DataFrame, optional
        From `measures.segments.affinity.affinity_by_group`: ``segment``, ``category``, ``index``,
        ``low``, ``high``, ``differs``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = pd.DataFrame({"segment": ["vip"], "hidden": [True]})
    >>> nothing = pd.DataFrame({"segment": []})
    >>> found = SimpleNamespace(groups=groups, rates=nothing, choices=nothing, scores=nothing)
    >>> show(found, distinct=nothing, currency="EUR", source="Made up")  # doctest: +ELLIPSIS
    Not described: VIP. Groups of fewer than 10 customers, ...
    Source: Made up.
    """
    panels = panels_of(
        found, distinct=distinct, currency=currency, strategies=strategies, affinity=affinity
    )
    notes = [*_not_described(found.groups), as_source(source)]
    publish({"text/plain": to_text(panels, notes), "text/html": to_html(panels, notes)})


def panels_of(
    found: HasPortraits,
    *,
    distinct: pd.DataFrame,
    currency: str,
    strategies: Sequence[Mapping[str, str]] = (),
    affinity: pd.DataFrame | None = None,
) -> list[Panel]:
    """Write the panels of the groups that may be shown; see `show`."""
    cards = {card["group"]: card for card in strategies}
    shown = found.groups[~hidden_rows(found.groups)]
    panels = []
    for row in shown.to_dict("records"):
        own = {name: _of(getattr(found, name), row) for name in ("rates", "choices", "scores")}
        likes = None if affinity is None else _of(affinity, row)
        facts = {
            "Value": sentences.value(row, currency=currency),
            "Behaviour": sentences.behaviour(row, currency=currency),
            "Needs": sentences.needs(own["choices"], likes),
            "Loyalty": sentences.loyalty(own["rates"]),
            "Surveys": sentences.opinions(own["scores"]),
        }
        differing = _of(distinct, row).head(MOST_DIFFERENCES).to_dict("records")
        panels.append(
            Panel(
                name=written(str(row["segment"])),
                size=sentences.size(row),
                facts={term: said for term, said in facts.items() if said},
                distinct=[sentences.difference(one, currency=currency) for one in differing]
                or [NOTHING_DISTINCT],
                card=_card(cards.get(row["segment"], {})),
            )
        )
    return panels


def to_html(panels: Sequence[Panel], notes: Sequence[str]) -> str:
    """Return panels as HTML; everything in them is escaped.

    Examples
    --------
    >>> html = to_html([Panel("<b>", "Few.", {"Value": "a & b"}, ["Spend."], {})], [])
    >>> "<b>" in html, "a &amp; b" in html
    (False, True)
    """
    below = "".join(f'<p class="note">{escape(line)}</p>' for line in notes)
    return "".join(_panel_html(panel) for panel in panels) + below


def to_text(panels: Sequence[Panel], notes: Sequence[str]) -> str:
    """Return panels as plain text.

    Examples
    --------
    >>> print(to_text([Panel("Vip", "Few.", {"Value": "Spend."}, ["Orders."], {})], ["Source."]))
    Vip
    Few.
    Value: Spend.
    What distinguishes them:
    - Orders.
    <BLANKLINE>
    Source.
    """
    return "\n\n".join([*map(_panel_text, panels), "\n".join(notes)])


def _panel_html(panel: Panel) -> str:
    differing = "".join(f"<li>{escape(line)}</li>" for line in panel.distinct)
    card = f"<h4>{STRATEGY}</h4>{_terms(panel.card)}" if panel.card else ""
    return (
        f'<section class="portrait"><h3>{escape(panel.name)}</h3><p>{escape(panel.size)}</p>'
        f"{_terms(panel.facts)}<h4>{DISTINCT}</h4><ul>{differing}</ul>{card}</section>"
    )


def _terms(facts: Mapping[str, str]) -> str:
    pairs = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{escape(said)}</dd></div>" for term, said in facts.items()
    )
    return f"<dl>{pairs}</dl>"


def _panel_text(panel: Panel) -> str:
    lines = [panel.name, panel.size, *(f"{term}: {said}" for term, said in panel.facts.items())]
    lines += [f"{DISTINCT}:", *(f"- {line}" for line in panel.distinct)]
    card = [f"- {term}: {said}" for term, said in panel.card.items()]
    return "\n".join([*lines, *([f"{STRATEGY}:", *card] if card else [])])


def _card(strategy: Mapping[str, str]) -> dict[str, str]:
    given = {words: strategy.get(part) for part, words in CARD.items()}
    return {words: one_line(said, width=300) for words, said in given.items() if said}


def _of(frame: pd.DataFrame, row: Mapping) -> pd.DataFrame:
    return frame[frame["segment"] == row["segment"]]


def _not_described(groups: pd.DataFrame) -> list[str]:
    away = [written(str(name)) for name in groups["segment"][hidden_rows(groups)]]
    return [f"Not described: {', '.join(away)}. {NOTE}"] if away else []
