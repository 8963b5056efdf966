"""Sentences on targets and on which months are news (10_targets)."""

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
BLUNT = 1.0  # a KPI in which even twice the usual is no news tells nothing

_WORDS = {"on_track": "on track", "behind": "behind", "not_knowable": "not knowable yet"}
_REASONS = {
    "ahead": "the month lies ahead",
    "hidden": "few customers stand behind it, and it is hidden",
    "not_over": "the month is not over",
    "told_elsewhere": "few or no answers are of that month, and none is judged twice",
    "no_data": "there are no data on it",
    "no_interval": "too few answers for an interval",
    "in_the_interval": "the target lies within the interval",
}
_BASES = {
    "counted": "counted",
    "projected": "projected",
    "month": "answers of {month}",
    "quarter": "answers of three months to {month}",
}
_QUESTION = "Did we reach our targets?"
_QUIET = "Nothing but the usual ups and downs"
_UNEVEN = "Too uneven for a month to stand out, as after a lasting change"


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
    """Return as text what was reached of each target, in its newest month that is judged alone.

    Columns: ``KPI``, ``owner``, ``target``, ``reached``, ``95 % interval``, ``based on``,
    ``verdict``.
    """
    rows = judged.fillna({"owner": ""}).assign(own=judged["reason"] != "told_elsewhere")
    newest = rows.sort_values(["own", "month"], kind="stable").groupby(["metric", "owner"]).tail(1)
    written = [
        _written(row, currency)
        for row in newest.sort_values(["metric", "owner"]).to_dict("records")
    ]
    columns = ["KPI", "owner", "target", "reached", "95 % interval", "based on", "verdict"]
    return pd.DataFrame(written, columns=columns)


def news_title(limits: pd.DataFrame) -> str:
    """Say how many of how many months are news, for a chart (at most ten words).

    Two months of which one is news count as one.
    """
    judged = limits.loc[limits["upper"].notna(), "month"].nunique()
    if not judged:
        return "Which months are news?"
    outside = limits.loc[limits["signal"] == "outside", "month"].nunique()
    twins = limits.loc[limits["signal"] == "either", "month"].dt.month.nunique()
    if outside + twins:
        verb = "is" if outside + twins == 1 else "are"
        return f"{outside + twins} of the last {plural(judged, 'month')} {verb} news"
    kpis, blunt = limits["label"].nunique(), limits.loc[_is_blunt(limits), "label"].nunique()
    if blunt:
        return f"{blunt} of {plural(kpis, 'KPI')} too uneven to show news"
    if (limits["signal"] == "run").any():
        return "Long runs on one side, no month outside the limits"
    return f"None of the last {plural(judged, 'month')} is news"


def news_months(limits: pd.DataFrame, *, currency: str) -> list[str]:
    """Say of each KPI which months are news, and how large news would have to be in the others."""
    if limits.empty:
        return ["With fewer than eight months that are over, nothing is said of usual limits."]
    by_label = list(limits.groupby("label", sort=True))
    parts = {label: _news(rows, currency) for label, rows in by_label}
    found = [f"{label}: {'; '.join(news)}." for label, news in parts.items() if news]
    quiet = [rows for label, rows in by_label if not parts[label]]
    found += _quiet(_QUIET, [rows for rows in quiet if not _is_blunt(rows).any()])
    found += _quiet(_UNEVEN, [rows for rows in quiet if _is_blunt(rows).any()])
    if ((limits["basis"] == "line") & (limits["signal"] != "")).any():
        found.append("With less than two years of months, a season looks like news.")
    return found


def _news(rows: pd.DataFrame, currency: str) -> list[str]:
    outside = rows[rows["signal"] == "outside"].to_dict("records")
    listed = ", ".join(_month(row, currency) for row in outside)
    found = [f"outside the limits in {listed}"] if listed else []
    twins = rows.loc[rows["signal"] == "either", "month"]
    for _, pair in twins.groupby(twins.dt.month):
        either = " or ".join(month(one) for one in pair)
        found.append(f"outside the limits in {either}, and two years do not say in which")
    runs = rows.loc[rows["signal"] == "run", "month"]
    return found + ([f"a long run on one side up to {month(runs.max())}"] if len(runs) else [])


def _quiet(words: str, kpis: Sequence[pd.DataFrame]) -> list[str]:
    return [f"{words}: {', '.join(map(_with_power, kpis))}."] if kpis else []


def _is_blunt(limits: pd.DataFrame) -> pd.Series:
    """Tell of which rows twice the usual would be no news."""
    return limits["in_percent"].astype(bool) & (limits["rise"] > BLUNT)


def _with_power(rows: pd.DataFrame) -> str:
    """Put behind a KPI how far a month would have to stray."""
    row = rows.iloc[0]
    label = row["label"]
    if is_missing(row["fall"]):
        return label
    if row["in_percent"]:
        return f"{label} (news would be {_signed(-row['fall'])} or {_signed(row['rise'])})"
    scale, unit = {"share": (100, " points"), "points": (1, " points")}.get(row["unit"], (1, ""))
    return f"{label} (news would be ±{number(scale * row['rise'], 1)}{unit})"


def _signed(part: float) -> str:
    return f"{'−' if part < 0 else '+'}{share(abs(part))}"


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
    basis = _BASES.get(row["basis"], MISSING).format(month=month(row["month"]))
    return [row["label"], owner, target, value, ends, basis, verdict + reason]


def _value(value: float, unit: str, currency: str) -> str:
    if is_missing(value):
        return MISSING
    if unit == "share":
        return share(value)
    if unit == "money":
        return money(value, currency)
    return number(value, 1) if unit in ("points", "score") else count(value)
