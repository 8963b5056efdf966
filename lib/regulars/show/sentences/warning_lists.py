"""Sentences on lists of warnings: how right the last one was, and plain rules beside it."""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import days, interval, number, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.small_groups import HIDDEN, WITHHELD

__all__ = [
    "LISTS",
    "ORDERS",
    "false_alarms",
    "found",
    "gains_title",
    "judged",
    "lists_table",
    "lists_title",
    "order_table",
    "withheld",
]

LISTS = {
    "warned": "Warned of",
    "overdue": "Of these, overdue",
    "new_warning": "Of these, new on the list",
    "p_alive_rule": "Given up by the model",
    "silent_rule": "Silent for long (plain rule)",
    "longest_silent": "As many, longest silent",
    "everybody": "All looked at",
}
"""What readers call the lists that are judged."""

ORDERS = {
    "p_value": "by the tests",
    "days_since_last": "by silence",
    "p_alive": "by P(alive)",
}
"""What readers call the orders of customers."""

_CLOSE = 0.02  # of AUC: no order is called the best by less


def lists_table(lists: pd.DataFrame) -> pd.DataFrame:
    """Put the lists into the columns of a table, the largest lift not first: in their order."""
    rows = lists.assign(list=lists["list"].map(LISTS))
    ends = [interval(row) for row in rows.itertuples()]
    rows["interval"] = [
        None if gone else text for gone, text in zip(rows[HIDDEN], ends, strict=True)
    ]
    columns = ["list", "customers", "share", "interval", "lift", "recall", HIDDEN]
    return rows[columns].rename(columns={"share": "silent_share"})


def lists_title(lists: pd.DataFrame) -> str:
    """Say what share of those warned of fell silent, for a chart (at most ten words)."""
    rows = lists.set_index("list")["share"]
    if rows[["warned", "everybody"]].isna().any():
        return "How many fell silent after the list was made?"
    return (
        f"Of those warned, {share(rows['warned'])} fell silent; of all, {share(rows['everybody'])}"
    )


def judged(
    lists: pd.DataFrame, ratio: Estimate | None, *, period_days: int, silent_days: int
) -> list[str]:
    """Say how right the last list was, and how it stands beside the plain rule.

    Parameters
    ----------
    lists : DataFrame
        From ``warning.shown.lists_shown``.
    ratio : Estimate or None
        The share silent of those warned of, by that of the plain rule's list.
    period_days, silent_days : int
        How long they were watched, and how long the plain rule waits.
    """
    rows = lists.set_index("list")
    if pd.isna(rows["share"]["warned"]) or pd.isna(rows["share"]["everybody"]):
        return [_no_list(rows, period_days)]
    warned, all_, rule = (rows.loc[name] for name in ("warned", "everybody", "silent_rule"))
    ends = Estimate(warned["share"], warned["low"], warned["high"], int(warned.customers))
    said = [
        f"Of the {of_customers(ends.n)} warned of {days(period_days)} ago, {share(ends.value)} "
        f"bought nothing since{brackets(ends)}; of all we looked at, {share(all_['share'])}."
    ]
    if pd.isna(warned["lift"]):
        return said
    said.append(
        f"That is {number(warned['lift'], 1)} times the share of all (lift, 95 % interval "
        f"{number(warned['lift_low'], 2)} to {number(warned['lift_high'], 2)}); the list reached "
        f"{share(warned['recall'])} of all who fell silent."
    )
    return [*said, *_against_rule(rule, ratio, silent_days), *_equal_length(rows)]


def false_alarms(estimate: Estimate | None, *, rate: float) -> list[str]:
    """Say how many of those who went on had been warned of."""
    if estimate is None:
        return []
    promise = f"the two tests together may warn of {share(2 * rate)} at the most"
    verdict = "within what was promised"
    if estimate.value > 2 * rate:
        verdict = "more than was promised, though not clearly"
    if estimate.low is not None and estimate.low > 2 * rate:
        verdict = "clearly more than was promised"
    return [
        f"Of the {of_customers(estimate.n)} who did buy again, {share(estimate.value)} had been "
        f"warned of{brackets(estimate)}: {verdict}, {promise}."
    ]


def gains_title(orders: pd.DataFrame) -> str:
    """Say which order puts the silent first, for a chart (at most ten words)."""
    known = orders.dropna(subset=["auc"]).sort_values("auc", ascending=False)
    if known.empty or (len(known) > 1 and known["auc"].iloc[0] - known["auc"].iloc[1] < _CLOSE):
        return "Which order reaches those who fall silent soonest?"
    return f"Calling {ORDERS[known['order'].iloc[0]]} reaches those who fall silent soonest"


def order_table(orders: pd.DataFrame) -> pd.DataFrame:
    """Name the orders for readers."""
    names = {order: words[0].upper() + words[1:] for order, words in ORDERS.items()}
    return orders.assign(order=orders["order"].map(names))


def withheld(lists: pd.DataFrame, name: str, estimate: Estimate | None) -> str | None:
    """Say why the share or the lift of a list is not given; None where it is."""
    if estimate is not None:
        return None
    rows = lists.set_index("list")
    if rows.loc[name, HIDDEN]:
        return WITHHELD
    if rows["customers"]["everybody"] == 0:
        return "Nobody had a rhythm of their own to be warned by."
    listed = rows.loc[name, "customers"] > 0
    return "Nobody on this list fell silent." if listed else "Nobody was on this list."


def found(
    lists: pd.DataFrame, ratio: Estimate | None, *, period_days: int, silent_days: int
) -> list[str]:
    """Say the first and the third of what `judged` says, for the end of the page."""
    said = judged(lists, ratio, period_days=period_days, silent_days=silent_days)
    return [said[0], *said[2:3]]


def _no_list(rows: pd.DataFrame, period_days: int) -> str:
    sizes = rows["customers"].mask(rows[HIDDEN].astype(bool))
    if not pd.isna(sizes["everybody"]) and sizes["everybody"] == 0:
        return (
            f"Nobody had a rhythm of their own {days(period_days)} ago, so there was no list to "
            "hold to what happened."
        )
    if not pd.isna(sizes["warned"]) and sizes["warned"] == 0:
        return f"Nobody would have been warned of {days(period_days)} ago."
    return f"How right the list of {days(period_days)} ago was is not shown. {WITHHELD}"


def _against_rule(rule: pd.Series, ratio: Estimate | None, silent_days: int) -> list[str]:
    plain = f"the plain rule “silent for {days(silent_days)}”"
    if pd.isna(rule["share"]) or not is_given(ratio):
        return [f"Of {plain}, nothing can be said on these customers."]
    its = (
        f"{plain[0].upper()}{plain[1:]} lists {of_customers(int(rule.customers))}, of whom "
        f"{share(rule['share'])} bought nothing since (lift {number(rule['lift'], 1)})"
    )
    if ratio.low > 1:
        return [f"{its}: the warnings were right more often."]
    if ratio.high < 1:
        return [f"{its}: here the plain rule was right more often, and should be preferred."]
    return [f"{its}: the two cannot be told apart by how often they were right."]


def _equal_length(rows: pd.DataFrame) -> list[str]:
    equal = rows["share"]["longest_silent"]
    if pd.isna(equal):
        return []
    return [
        f"As many customers, taken by the length of their silence alone, would have held "
        f"{share(equal)} who bought nothing since. Silence alone also gathers those who buy rarely "
        "anyway, and to be silent once more is not to have left."
    ]
