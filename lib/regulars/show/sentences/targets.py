"""Sentences on targets and on which months are news (05_loyalty)."""

from collections.abc import Mapping, Sequence

import pandas as pd

from regulars.show.findings import count, money, month, number, plural, share
from regulars.show.text import MISSING, is_missing, one_line

__all__ = [
    "charted",
    "news_months",
    "news_title",
    "owners_note",
    "strange_targets",
    "target_table",
    "targets_title",
    "verdicts",
]

MOST_PANELS = 4

_WORDS = {"on_track": "on track", "behind": "behind", "not_knowable": "not knowable yet"}
_REASONS = {
    "ahead": "the month lies ahead",
    "hidden": "few customers stand behind it, and it is hidden",
    "not_over": "the month is not over",
    "no_data": "there are no data on it",
    "no_interval": "too few answers for an interval",
    "in_the_interval": "the target lies within the interval",
}
_BASES = {
    "counted": "counted",
    "projected": "projected",
    "month": "answers of the month",
    "quarter": "answers of three months",
}
_QUESTION = "Did we reach our targets?"


def targets_title(counts: Mapping[str, int]) -> str:
    """Say how many targets were reached, for a chart (at most ten words).

    Examples
    --------
    >>> targets_title({"on_track": 6, "behind": 30, "not_knowable": 0})
    'On track: 6 of 36 targets; behind: 30'
    """
    known = sum(counts.values())
    if not known:
        return _QUESTION
    return (
        f"On track: {counts['on_track']} of {plural(known, 'target')}; behind: {counts['behind']}"
    )


def verdicts(judged: pd.DataFrame, counts: Mapping[str, int]) -> list[str]:
    """Say how many targets of the last months are on track, behind, not knowable, and why not."""
    if judged.empty:
        return ["No target of the last 12 months can be held against what was reached."]
    said = [f"{counts[verdict]} {words}" for verdict, words in _WORDS.items()]
    found = [f"Of {plural(len(judged), 'target')} of the last 12 months: {', '.join(said)}."]
    unknown = judged[judged["verdict"] == "not_knowable"]
    reasons = unknown["reason"].value_counts(sort=False)
    listed = [f"{_REASONS[one]} ({reasons[one]})" for one in _REASONS if one in reasons]
    return found + ([f"Not knowable yet, because {'; '.join(listed)}."] if listed else [])


def strange_targets(strange: Mapping[str, Sequence[str]], allowed: Sequence[str]) -> list[str]:
    """Say which metrics of targets cannot be judged, and what could be.

    Examples
    --------
    >>> strange_targets({"not_known": ["joy"], "not_a_share": []}, ["nps", "revenue"])
    ['Targets of joy are not judged: known here are nps, revenue.']
    """
    unknown, outside = ([one_line(n, width=40) for n in strange[key]]
                        for key in ("not_known", "not_a_share"))  # fmt: skip
    found = []
    if unknown:
        found.append(
            f"Targets of {', '.join(unknown)} are not judged: known here are {', '.join(allowed)}."
        )
    if outside:
        found.append(
            f"Some targets of {', '.join(outside)} are not judged: a share is written from 0 to 1."
        )
    return found


def owners_note(judged: pd.DataFrame) -> list[str]:
    """Say how a metric with targets of several owners is judged, if there is one."""
    owners = judged.fillna({"owner": ""}).groupby(["month", "metric"])["owner"].nunique()
    shared = sorted(set(owners[owners > 1].index.get_level_values("metric")))
    if not shared:
        return []
    labels = judged.drop_duplicates("metric").set_index("metric")["label"]
    return [
        f"Targets of several owners ({', '.join(labels[shared])}) are each held against what the "
        "whole shop reached: the purchases do not say whose they are."
    ]


def charted(judged: pd.DataFrame) -> pd.DataFrame:
    """Keep the four targets that were behind most often, for a chart."""
    if judged.empty:
        return judged
    rows = judged.fillna({"owner": ""})
    late = (rows["verdict"] == "behind").groupby([rows["label"], rows["owner"]]).sum()
    order = late.sort_index().sort_values(ascending=False, kind="stable")
    kept = list(order.index[:MOST_PANELS])
    return rows[[pair in kept for pair in zip(rows["label"], rows["owner"], strict=True)]]


def target_table(judged: pd.DataFrame, *, currency: str) -> pd.DataFrame:
    """Return as text what was reached of each target of the newest month that has any.

    Columns: ``KPI``, ``owner``, ``target``, ``reached``, ``95 % interval``, ``from``, ``verdict``.
    """
    rows = judged[judged["month"] == judged["month"].max()]
    written = [_written(row, currency) for row in rows.to_dict("records")]
    columns = ["KPI", "owner", "target", "reached", "95 % interval", "based on", "verdict"]
    return pd.DataFrame(written, columns=columns)


def news_title(limits: pd.DataFrame) -> str:
    """Say how many months lie outside the limits, for a chart (at most ten words)."""
    outside = int((limits["signal"] == "outside").sum())
    runs = bool((limits["signal"] == "run").any())
    if limits.empty:
        return "Which months are news?"
    if not outside and not runs:
        return "No month is news: all lie within the usual"
    if not outside:
        return "Long runs on one side, no month outside the limits"
    return f"{plural(outside, 'value')} outside the usual limits"


def news_months(limits: pd.DataFrame, *, currency: str) -> list[str]:
    """Say of each KPI which months are news, and what months are held against."""
    if limits.empty:
        return ["With fewer than eight months that are over, nothing is said of usual limits."]
    found = []
    for label, rows in limits.groupby("label", sort=True):
        outside = [
            _month(row, currency) for row in rows.to_dict("records") if row["signal"] == "outside"
        ]
        runs = rows[rows["signal"] == "run"]["month"]
        parts = [f"outside the limits in {', '.join(outside)}"] if outside else []
        parts += [f"a long run on one side up to {month(runs.max())}"] if len(runs) else []
        if parts:
            found.append(f"{label}: {'; '.join(parts)}.")
    quiet = sorted(set(limits["label"]) - set(limits.loc[limits["signal"] != "", "label"]))
    if quiet:
        found.append(f"Nothing but the usual ups and downs: {', '.join(quiet)}.")
    return found


def _month(row: Mapping, currency: str) -> str:
    side = "above" if row["value"] > row["upper"] else "below"
    return f"{month(row['month'])} ({_value(row['value'], row['unit'], currency)}, {side})"


def _written(row: Mapping, currency: str) -> list[str]:
    target, value, low, high = (
        _value(row[name], row["unit"], currency) for name in ("target", "value", "low", "high")
    )
    exact = row["basis"] == "counted" or is_missing(row["low"])
    verdict = _WORDS[row["verdict"]]
    reason = f": {_REASONS[row['reason']]}" if row["reason"] else ""
    owner = MISSING if is_missing(row["owner"]) or not row["owner"] else one_line(row["owner"])
    ends = MISSING if exact else f"{low} to {high}"
    basis = _BASES.get(row["basis"], MISSING)
    return [row["label"], owner, target, value, ends, basis, verdict + reason]


def _value(value: float, unit: str, currency: str) -> str:
    if is_missing(value):
        return MISSING
    if unit == "share":
        return share(value)
    if unit == "money":
        return money(value, currency)
    return number(value, 1) if unit in ("points", "score") else count(value)
