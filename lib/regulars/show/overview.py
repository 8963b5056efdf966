"""The overview: what all notebooks found, read from their facts and from nothing else."""

from collections.abc import Mapping
from html import escape
from types import SimpleNamespace

import pandas as pd

from regulars.show.findings import count, day, money, number, plural, share
from regulars.show.names import reader_name
from regulars.show.output import publish
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.show.tables import to_html, to_text
from regulars.show.text import MISSING, as_sentence

__all__ = [
    "first_screens",
    "headlines",
    "show_findings",
    "show_headlines",
    "summary",
    "tiles",
    "value_text",
    "withheld",
]

FIRST_SCREEN = (
    "base.customers",
    "base.spend",
    "loyalty.repurchase_rate",
    "base.top_tenth_share",
    "churn.p_alive_mean",
)
"""The tiles of the overview: how many, how much, do they return, how uneven, who is still here."""

HEADLINE_NOUNS = ("base", "loyalty", "churn", "targets")

DECIMALS = {"points": 0, "score": 2, "shape": 2}

NOTHING = "No notebook has run yet for this day: run the others, then this one again."

NO_HEADLINE = "None of the headline numbers is known for this day."

SILENT = "It has run, and found nothing to say."


def show_findings(known: Mapping[str, dict]) -> None:
    """Display one sentence for each notebook, with a link to it."""
    if not known:
        publish({"text/plain": NOTHING, "text/html": f"<p>{NOTHING}</p>"})
        return
    found = {name: next(iter(facts["findings"]), SILENT) for name, facts in known.items()}
    items = "".join(
        f'<li><a href="{name}.ipynb">{_name(name)}</a>: {escape(sentence)}</li>'
        for name, sentence in found.items()
    )
    text = "\n".join(f"{_name(name)}: {sentence}" for name, sentence in found.items())
    publish({"text/plain": text, "text/html": f"<ul>{items}</ul>"})


def headlines(known: Mapping[str, dict]) -> pd.DataFrame:
    """Return the numbers that stand on first screens: ``number``, ``value``, ``interval``, ``n``.

    All columns are text. A number that is withheld has the word in place of its value.
    """
    rows = [
        {
            "number": metric["label"],
            "value": "withheld" if metric["value"] is None else value_text(metric["value"], metric),
            "95 % interval": _interval(metric),
            "n": count(metric["n"]),
        }
        for metric in first_screens(known)
        if metric["id"].split(".")[0] in HEADLINE_NOUNS
    ]
    return pd.DataFrame(rows, columns=["number", "value", "95 % interval", "n"])


def show_headlines(known: Mapping[str, dict], title: str, *, source: str) -> None:
    """Display all headline numbers as one table, however many they are."""
    frame = headlines(known)
    words = {"caption": f"Headline numbers of {title}", "source": source, "rows": len(frame)}
    publish({"text/plain": to_text(frame, **words), "text/html": to_html(frame, **words)})


def first_screens(known: Mapping[str, dict]) -> list[dict]:
    """Return the metrics that stand on first screens, in the order of the notebooks."""
    return [m for facts in known.values() for m in facts["metrics"] if m["id"] in facts["tiles"]]


def withheld(known: Mapping[str, dict]) -> list[str]:
    """Return a sentence for each headline number that is withheld: which, and why."""
    return [
        f"{metric['label']}: withheld. {as_sentence(metric['withheld'])}"
        for metric in first_screens(known)
        if metric["withheld"]
    ]


def summary(known: Mapping[str, dict], title: str, *, as_of: str) -> list[str]:
    """Return the overview's own findings: loyalty first, then the base."""
    if not known:
        return [NOTHING]
    metrics = {m["id"]: m for facts in known.values() for m in facts["metrics"]}
    found = [
        _repurchase(metrics.get("loyalty.repurchase_rate"), title),
        _alive(metrics.get("churn.p_alive_mean"), metrics, as_of),
        _nps(metrics.get("loyalty.nps")),
        _top_tenth(metrics.get("base.top_tenth_share")),
    ]
    return [sentence for sentence in found if sentence] or [NO_HEADLINE]


def tiles(known: Mapping[str, dict]) -> list[str]:
    """Return the ids of the metrics for the first screen, as far as they are known."""
    ids = {m["id"] for facts in known.values() for m in facts["metrics"]}
    return [name for name in FIRST_SCREEN if name in ids]


def value_text(value: float | str, metric: Mapping) -> str:
    """Write a metric's value, or an end of its interval, with its unit; a name as readers know it.

    Examples
    --------
    >>> value_text(244091.94, {"unit": "USD"}), value_text(.5, {"unit": "index"})
    ('$244,092', '0.50')
    >>> value_text(7.4, {"unit": "points"})
    '7'
    >>> value_text("mbg_nbd", {"unit": "name"})
    'MBG/NBD'
    """
    unit = metric["unit"]
    if unit == "name":
        return reader_name(str(value))
    if unit == "share":
        return share(value)
    if len(unit) == 3 and unit.isupper():
        return money(value, unit)
    if unit in DECIMALS:
        return number(value, DECIMALS[unit])
    return count(value) if float(value).is_integer() or abs(value) >= 100 else number(value, 2)


def _repurchase(rate: Mapping | None, title: str) -> str:
    if not rate:
        return ""
    if rate["value"] is None:
        return f"How many bought again is withheld: {as_sentence(rate['withheld'])}"
    return f"{title}: {share(rate['value'])}{_of(rate)} bought again{_in_brackets(rate)}."


def _alive(alive: Mapping | None, metrics: Mapping[str, dict], as_of: str) -> str:
    if not alive:
        return ""
    if alive["value"] is None:
        return f"How many are still customers is withheld: {as_sentence(alive['withheld'])}"
    return (
        f"About {share(alive['value'])}{_of(alive)} were still customers on {day(as_of)}"
        f"{_in_brackets(alive)}{_other_models(metrics)}."
    )


def _other_models(metrics: Mapping[str, dict]) -> str:
    """Say beside a model's share what the others say: the model decides more than its interval."""
    others = [m for name, m in metrics.items() if name.startswith("churn.p_alive_mean.")]
    said = [f"{m['label'].split(': ')[-1]} {share(m['value'])}" for m in others]
    return f"; by another model, {', '.join(said)}" if said else ""


def _nps(nps: Mapping | None) -> str:
    if not nps or nps["value"] is None:
        return ""
    n = plural(nps["n"], "answer") if nps["n"] else ""
    ends = brackets(SimpleNamespace(**nps), as_=lambda value: value_text(value, nps), n=n)
    return f"NPS is {value_text(nps['value'], nps)}{ends}."


def _top_tenth(top: Mapping | None) -> str:
    if not top or top["value"] is None:
        return ""
    return f"The tenth who spend most bring {share(top['value'])} of all spend{_in_brackets(top)}."


def _of(metric: Mapping) -> str:
    return f" of {of_customers(metric['n'])}" if metric["n"] else ""


def _in_brackets(metric: Mapping) -> str:
    ends = _interval(metric)
    return "" if ends == MISSING else f" (95 % interval {ends})"


def _interval(metric: Mapping) -> str:
    if metric["low"] is None or metric["high"] is None:
        return MISSING
    return f"{value_text(metric['low'], metric)} to {value_text(metric['high'], metric)}"


def _name(notebook: str) -> str:
    return notebook.split("_", 1)[1].replace("_", " ").capitalize()
