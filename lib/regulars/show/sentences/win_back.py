"""Sentences on who left, who is worth winning back, and what a past action did (11_warnings).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, money, name, number, plural, share
from regulars.show.hidden import hidden_rows
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.text import NBSP, is_missing
from regulars.small_groups import LEAST

__all__ = [
    "break_even_title",
    "how_left",
    "left",
    "left_title",
    "points",
    "returns",
    "returns_title",
    "why",
    "worth",
    "worth_table",
]

WHY = {
    "complaint_last": "the last contact was a complaint",
    "complaint_unresolved": "the last complaint was not resolved",
    "low_last_score": "the last score was low",
    "mostly_discounted": "most lines were bought with a discount",
}
PAYS = {"yes": "yes", "no": "no", "not_known": "cannot be told", "": ""}


def points(x: float | None) -> str:
    """Write a difference of shares in points of a hundred.

    Examples
    --------
    >>> points(.0123).replace(NBSP, " "), points(-.2).replace(NBSP, " ")
    ('1.2 points', '−20.0 points')
    """
    return number(None if x is None else 100 * x, 1) + NBSP + "points"


def how_left(model: str | None, *, left_below: float, return_days: int, period_days: int) -> str:
    """Say by what rule a customer counts as having left."""
    if model is not None:
        return (
            f"Whoever has a P(alive) below {number(left_below, 2)} by {name(model)} counts as "
            "having left: it is likelier that they left than that they are only silent."
        )
    return (
        "No model may speak here, so a plain rule says who left: silent for longer than twice "
        f"their own mean days between purchases and longer than {count(return_days)} days; who "
        f"bought on one day only, for longer than {count(period_days)} days."
    )


def left(sizes: pd.DataFrame, *, currency: str) -> list[str]:
    """Say how many have left, and what they had spent.

    Parameters
    ----------
    sizes : DataFrame
        From `measures.win_back.left.left_by_silence`.
    currency : str
        Of the amounts.
    """
    whole = sizes.iloc[-1]
    if not is_missing(whole["customers"]) and not whole["customers"]:
        return ["Nobody has bought, so nobody can have left."]
    if is_missing(whole["left"]) or is_missing(whole["share"]):
        return [f"Fewer than {LEAST} customers left, or stayed: how many is not said."]
    if not whole["left"]:
        return ["By this rule nobody has left."]
    return [
        f"{count(whole['left'])} of {of_customers(whole['customers'])} ({share(whole['share'])}) "
        f"have left; they had spent {money(whole['spend'], currency)}."
    ]


def left_title(sizes: pd.DataFrame) -> str:
    """Say which share has left, for a table or chart (at most ten words)."""
    whole = sizes.iloc[-1]
    known = not is_missing(whole["share"])
    return f"{share(whole['share'])} of customers have left" if known else "Who has left?"


def why(compared: pd.DataFrame) -> list[str]:
    """Say what is more frequent among those who left than among those who stayed.

    Parameters
    ----------
    compared : DataFrame
        From `measures.warning.compared.reasons_compared`: reason, share, others_share, difference,
        difference_low, difference_high, p_holm, hidden.
    """
    known = compared[~hidden_rows(compared)] if len(compared) else compared
    if known.empty:
        return ["The tables say nothing of enough customers to compare those who left."]
    clear = known[known["p_holm"].astype(float) <= 0.05]
    if clear.empty:
        return ["Nothing we could compare tells those who left from those who stayed."]
    return [_reason(row) for row in clear.to_dict("records")]


def returns(rates: pd.DataFrame, *, days: int) -> list[str]:
    """Say how many of those who had left came back by themselves, and what the model had said.

    Parameters
    ----------
    rates : DataFrame
        From `measures.win_back.returns.return_rates`.
    days : int
        So many days they had time.
    """
    whole = rates.iloc[-1]
    if is_missing(whole["rate"]):
        return [f"Too few had left {count(days)} days ago, or came back, to say how many do."]
    ends = brackets(Estimate(*whole[["rate", "low", "high"]], int(whole["customers"])))
    found = [
        f"Of {of_customers(whole['customers'])} who had left {count(days)} days ago and were not "
        f"written to, {share(whole['rate'])} came back by themselves{ends}."
    ]
    if not is_missing(whole["predicted"]):
        found.append(f"The model had expected {share(whole['predicted'])}: {_agrees(whole)}.")
    return found


def returns_title(rates: pd.DataFrame) -> str:
    """Say how many come back by themselves, for a chart (at most ten words)."""
    whole = rates.iloc[-1]
    if is_missing(whole["rate"]):
        return "How many come back by themselves?"
    return f"{share(whole['rate'])} of those who left come back"


def break_even_title(groups: pd.DataFrame) -> str:
    """Say which uplift pays, for a chart (at most ten words)."""
    known = groups["break_even"].dropna().astype(float)
    if known.empty:
        return "Which uplift would pay?"
    return f"Winning back pays from {points(known.min())} of uplift on"


def worth(
    listed: int, gain: Estimate | None, uplift: Estimate | None, *, currency: str, counted: str
) -> list[str]:
    """Say who is worth writing to, what it would gain, and how sure that is.

    Parameters
    ----------
    listed : int
        Customers for whom writing pays, or could.
    gain : Estimate or None
        From `measures.win_back.gains.expected_gain`; None if the uplift is unknown.
    uplift : Estimate or None
        The measured uplift, as a share of the return rate.
    currency : str
        Of the amounts.
    counted : {"margin", "spend"}
        What money means here.
    """
    if listed < LEAST:
        return [f"Fewer than {LEAST} customers are, or could be, worth writing to."]
    who = of_customers(listed)
    basis = "" if counted == "margin" else (
        " Costs are not known, so money is spend: true gains are smaller."
    )  # fmt: skip
    if not is_given(uplift) or gain is None:
        return [
            f"What an action adds is not known, so nobody can be called worth it. For {who} it "
            f"could pay; how much uplift that takes stands in the table.{basis}"
        ]
    ends = brackets(gain, as_=f"money:{currency}")
    told = f"an expected gain of {money(gain.value, currency)}{ends}"
    if uplift.low is None or uplift.low <= 0:
        return [
            f"The last action may have added nothing, so nobody can be called worth it. For {who} "
            f"it could pay: at its uplift, {told}. That interval is a reason to test, not to "
            f"spend.{basis}"
        ]
    if gain.low is not None and gain.low > 0:
        return [f"Writing to {who} pays at the measured uplift: {told}.{basis}"]
    return [
        f"The last action added returns, but writing to {who} may pay or not: at its uplift, "
        f"{told}. The list names those for whom it pays beyond chance, if there are any.{basis}"
    ]


def worth_table(groups: pd.DataFrame, *, currency: str) -> pd.DataFrame:
    """Tabulate as text what an action has to reach in each group.

    Parameters
    ----------
    groups : DataFrame
        From `measures.win_back.gains.worth_by_group`.
    currency : str
        Of the amounts.
    """
    away = hidden_rows(groups)
    rows = [
        {
            "silent for": row["silence"],
            "value": row["value"],
            "who left": "hidden" if gone else count(row["customers"]),
            "return anyway": share(row["p_return"]),
            "a return brings": money(row["return_value"], currency),
            "uplift that pays": "–" if is_missing(row["break_even"]) else points(row["break_even"]),
            "pays": PAYS[row["pays"]],
        }
        for row, gone in zip(groups.to_dict("records"), away, strict=True)
    ]
    names = ["silent for", "value", "who left", "return anyway", "a return brings"]
    return pd.DataFrame(rows, columns=[*names, "uplift that pays", "pays"])


def _agrees(row: pd.Series) -> str:
    if row["low"] <= row["predicted"] <= row["high"]:
        return "what came is within chance of it"
    fewer = "fewer" if row["predicted"] < row["low"] else "more"
    return f"{fewer} than came, beyond chance, so doubt its chances of returning"


def _reason(row: dict) -> str:
    more = "more" if row["difference"] > 0 else "less"
    ends = f"{points(row['difference_low'])} to {points(row['difference_high'])}"
    return (
        f"{share(row['share'])} of those who left, {share(row['others_share'])} of those who "
        f"stayed: {WHY.get(row['reason'], name(row['reason']))}. That is {more} often by "
        f"{points(abs(row['difference']))} (95 % interval of the difference {ends}; of "
        f"{plural(row['customers'], 'customer')} who left and {count(row['others'])} others)."
    )
