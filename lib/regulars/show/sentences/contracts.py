"""Sentences on how long contracts last, and what they are worth (12_contracts).

Each is built from what was measured, and claims no more.
"""

from collections.abc import Mapping

import pandas as pd

from regulars.measures.contracts.renewal_contest import Verdict
from regulars.measures.intervals import Estimate
from regulars.show.findings import count, day, interval, missing, money, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets, is_given, short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = [
    "ahead_title",
    "back_test",
    "contested",
    "contracts_known",
    "differ",
    "drivers",
    "drivers_title",
    "found",
    "lives",
    "lives_title",
    "missing_table",
    "no_table",
    "rates_title",
    "several",
    "values",
]

COLUMNS = ("customer_id", "started_at", "ended_at", "plan", "fee")
WORTH = "how long contracts last, what makes them end and what they are worth"


def missing_table() -> str:
    """Say what this page would show, and which columns it needs."""
    return missing("subscriptions", COLUMNS, WORTH)


def no_table() -> str:
    """Say why a number is withheld."""
    return "This workbook has no table of subscriptions."


def contracts_known(totals: Mapping[str, int], as_of: str) -> str:
    """Say how many contracts are known, and how many run."""
    if not totals["contracts"]:
        return f"The table of subscriptions has no contract begun by {day(as_of)}."
    if totals["contracts"] < LEAST:
        return f"Fewer than {LEAST} contracts had begun by {day(as_of)}."
    known = f"By {day(as_of)} {plural(totals['contracts'], 'contract')} had begun"
    return f"{known}; {_of(totals['running'], totals['contracts'])} still run."


def several(totals: Mapping[str, int]) -> list[str]:
    """Say how far contracts are not independent, and how many have no fee; nothing if none."""
    told = []
    if totals["several"] >= LEAST:
        told.append(
            f"{share(totals['several'] / totals['contracts'])} of the contracts are those of "
            "customers with more than one, who are alike: intervals are too narrow for them. "
            "A change of plan counts as one contract ended and one begun."
        )
    without = totals["running"] - totals["with_fee"]
    if totals["running"] and without and not 0 < without < LEAST:
        told.append(
            f"Of {share(without / totals['running'])} of the running contracts no fee is known; "
            "they count nothing in what follows about money."
        )
    return told


def lives_title(medians: Mapping[str, Estimate | None], test: object, every: str) -> str:
    """Say how long contracts last, for a chart (at most ten words)."""
    if len(medians) > 1:
        alike = "Plans do not differ beyond chance"
        return alike if test.p >= 0.05 else "Contracts of different plans last differently long"
    told = [one for one in medians.values() if is_given(one)]
    if told:
        return f"Half of contracts last {_periods(told[0].value, every)} at most"
    return "How long do contracts last?"


def lives(medians: Mapping[str, Estimate | None], test: object, every: str) -> list[str]:
    """Say after how long half of each plan's contracts have ended, and whether plans differ."""
    told = []
    for plan, one in medians.items():
        if is_given(one):
            told.append(
                f"{reader_name(plan)}: half of the contracts have ended after "
                f"{_periods(one.value, every)}{_reach(one, every)}."
            )
        else:
            told.append(f"{reader_name(plan)}: fewer than half have ended in the time watched.")
    if len(medians) > 1:
        some = "a" if test.p < 0.05 else "no"
        between = f"{some} difference between the plans beyond chance (p {_p(test.p)})"
        told.append(f"The log-rank test finds {between}.")
    return told or [f"No plan has {LEAST} customers, so no curve is shown."]


def rates_title(rates: pd.DataFrame) -> str:
    """Say how renewal changes with age, for a chart (at most ten words)."""
    if len(rates) < 2:
        return "Which share is renewed?"
    first, last = rates.iloc[0], rates.iloc[-1]
    if last["low"] <= first["high"] and last["high"] >= first["low"]:
        return "Renewal does not clearly change with age"
    moves = "rises" if last["rate"] > first["rate"] else "falls"
    return f"Renewal {moves} from {share(first['rate'])} to {share(last['rate'])} with age"


def contested(told: pd.DataFrame, judged: Verdict | None, withheld: str | None) -> list[str]:
    """Say whether the model may speak, and why."""
    if judged is None or judged.model is None or not is_given(judged.lead):
        return [withheld or ""]
    scores = told.set_index("name")["log_score"]
    model, rule = reader_name(judged.model), reader_name(judged.best_rule)
    said = (
        f"Held against {plural(judged.lead.n, 'contract')} with a renewal since the cut, the log "
        f"score of {model} is {number(scores[judged.model], 3)} a contract, that of the best plain "
        f"rule ({rule}) {number(scores[judged.best_rule], 3)}"
    )
    if not judged.speaks:
        return [f"{said}.", withheld or ""]
    sure = judged.lead.low > 0
    margin = "" if sure else ", though by a margin that chance could make"
    return [f"{said}: the model may speak{margin}.", *([withheld] if withheld else [])]


def back_test(told: pd.DataFrame, judged: Verdict | None) -> list[str]:
    """Hold the number of contracts that ended against what the best model had said."""
    rows = told[told["name"] == (judged.model if judged else None)]
    if rows.empty or _small(rows.iloc[0]["actual"], rows.iloc[0]["contracts"]):
        return []
    row = rows.iloc[0]
    ends = Estimate(row["predicted"], row["low"], row["high"], int(row["contracts"]))
    side = "inside" if row["low"] <= row["actual"] <= row["high"] else "outside"
    return [
        f"The model expected {count(row['predicted'])} of them to end (95 % interval of parameters "
        f"and chance {interval(ends, as_='count')}); {count(row['actual'])} did, {side} of it."
    ]


def differ(test: object | None) -> list[str]:
    """Say whether each plan needs a curve of its own; nothing where two cannot be compared."""
    if test is None:
        return []
    need = "need curves of their own" if test.p < 0.05 else "can share one curve"
    return [
        f"By the likelihood ratio test the plans {need} (χ² {number(test.statistic, 1)}, "
        f"{plural(test.degrees, 'degree')} of freedom, p {_p(test.p)})."
    ]


def ahead_title(ahead: pd.DataFrame, every: str) -> str:
    """Say how many new contracts are expected to last, for a chart (at most ten words)."""
    last = ahead[ahead["period"] == ahead["period"].max()].sort_values("survived")
    span = _periods(last["period"].iloc[0], every)
    if len(last) == 1:
        return f"{share(last['survived'].iloc[0])} of new contracts should last {span}"
    low, high = share(last["survived"].iloc[0]), share(last["survived"].iloc[-1])
    return f"{low} to {high} should last {span}, by plan"


def values(
    new: pd.DataFrame, base: Estimate | None, currency: str, *, horizon: str, kind: str
) -> list[str]:
    """Say what a new contract and the running ones are worth; `kind` is fees or margin."""
    words = {"as_": f"money:{currency}", "what": "95 % interval of the parameters"}
    told = [
        f"A new contract of {reader_name(row.plan)} is expected to bring "
        f"{money(row.contract_value, currency)} of {kind} in {horizon}{brackets(row, **words)}."
        for row in new.itertuples()
    ]
    if is_given(base):
        told.append(
            f"The running contracts are expected to bring {money(base.value, currency)} more of "
            f"{kind} in {horizon}{brackets(base, **words)}."
        )
    return told or ["No running contract has a known fee, so nothing is said of its value."]


def drivers_title(ratios: pd.DataFrame) -> str:
    """Say what goes with ending sooner, for a chart (at most ten words)."""
    sure = ratios[ratios["p_holm"] < 0.05]
    if sure.empty:
        return "Nothing known at the start tells who ends sooner"
    return f"{short_name(reader_name(sure['driver'].iloc[0]), 4)} goes with how long contracts last"


def drivers(told: object) -> list[str]:
    """Name the drivers that go with ending sooner or later, and what was found against them."""
    said = [told.withheld] if told.withheld else []
    sure = told.ratios[told.ratios["p_holm"] < 0.05]
    for row in sure.head(5).itertuples():
        said.append(
            f"{reader_name(row.driver)}, {row.level} against {row.against}: "
            f"{number(row.hazard_ratio)} times as likely to end at a renewal"
            f"{brackets(row, as_='number')}."
        )
    if sure.empty and not told.withheld:
        said.append(
            f"Of {plural(len(told.ratios), 'ratio')} none differs from one beyond chance "
            f"({plural(told.contracts, 'contract')}, corrected by Holm)."
        )
    for name in told.stratified:
        said.append(
            f"The ratio of {reader_name(name)} is not the same at every age of a contract "
            "(Schoenfeld's residuals), so it has none here, and the others are compared within it."
        )
    return said


def found(
    totals: Mapping[str, int], ahead: pd.DataFrame | None, *, as_of: str, every: str
) -> list[str]:
    """Say the headlines: the contracts there are, and which share of new ones is to last."""
    told = [contracts_known(totals, as_of)]
    if ahead is None or ahead.empty:
        return told
    last = ahead[ahead["period"] == ahead["period"].max()]
    for row in last.itertuples():
        told.append(
            f"Of new contracts ({reader_name(row.plan).lower()}) {share(row.survived)} are "
            f"expected to last {_periods(row.period, every)}"
            f"{brackets(row, what='95 % interval of the parameters')}."
        )
    return told


def _of(part: int, whole: int) -> str:
    """Write a count, unless it or the rest is too small to be told."""
    if part == whole:
        return "all"
    return "some of them" if _small(part, whole) else count(part) if part else "none"


def _small(part: int, whole: int) -> bool:
    return 0 < part < LEAST or 0 < whole - part < LEAST


def _periods(n: float, every: str) -> str:
    return plural(int(n), every)


def _reach(one: Estimate, every: str) -> str:
    if is_missing(one.high) and not is_missing(one.low):
        return f" (95 % interval from {_periods(one.low, every)} on)"
    return f" (95 % interval {count(one.low)} to {_periods(one.high, every)})"


def _p(p: float) -> str:
    return "below .001" if p < 0.001 else number(p, 3)
