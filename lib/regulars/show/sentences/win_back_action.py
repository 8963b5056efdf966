"""Sentences on past win-back actions, and on how to set one up so that it tells (11_warnings)."""

from collections.abc import Sequence

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, day, money, number, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.sentences.win_back import points
from regulars.show.text import is_missing, one_line
from regulars.small_groups import LEAST

__all__ = [
    "actions",
    "arms",
    "arms_title",
    "assumed",
    "carried_over",
    "effects",
    "how_to_test",
    "return_worth",
]

MEASURES = {
    "had_left": "the share who had left",
    "repeat_days": "purchase days",
    "days_since_last": "days since the last purchase",
    "spend": "spend",
}
WHOM = {
    "had_left": "those who had left when it began",
    "everybody": "all it drew, as those who had left were too few",
}


def actions(listed: pd.DataFrame, *, goal: str, goals: Sequence[str] = ()) -> list[str]:
    """Say which past actions there were, and why the effect of one cannot be told.

    Parameters
    ----------
    listed : DataFrame
        From `measures.win_back.actions.past_actions`.
    goal : str
        The goal that makes a campaign a win-back action.
    goals : sequence of str
        Those that the campaigns have.
    """
    if listed.empty:
        there = ", ".join(one_line(one, width=60) for one in goals)
        hint = f" The campaigns have the goals {there}; win_back.goal says which one counts."
        none = f"No campaign with the goal {one_line(goal, width=60)} has begun."
        return [f"{none}{hint if goals else ''}"]
    return [_action(row) for row in listed.to_dict("records")]


def arms(study: object) -> list[str]:
    """Say whether the arms of an action look as a lot makes them.

    Parameters
    ----------
    study : Study
        From `measures.win_back.study.study_action`: control_share, is_off, balance, looks_drawn.
    """
    drawn = study.control_share
    found = [f"{share(drawn.value)} of {of_customers(drawn.n)} were left alone{brackets(drawn)}."]
    if study.is_off:
        found.append(
            "That is another share than was drawn: customers are missing or were added after the "
            "lot, and what follows cannot be trusted. We do not use it."
        )
    odd = study.balance[study.balance["differs"].astype(bool)]
    if len(odd):
        names = ", ".join(MEASURES.get(name, str(name)) for name in odd["measure"])
        found.append(
            f"Before it began the arms differed beyond chance in {names}: something else than a "
            "lot chose. We do not use what follows."
        )
    elif len(study.balance):
        found.append("Before it began the arms were alike in all we compared, as a lot makes them.")
    return found


def arms_title(rates: pd.DataFrame) -> str:
    """Say what came of the action, for a chart (at most ten words)."""
    rows = rates[(rates["group"] == "everybody") & rates["rate"].notna()].set_index("arm")
    if len(rows) < 2:
        return "What did the last action do?"
    treated, control = share(rows.loc["treated", "rate"]), share(rows.loc["control", "rate"])
    return f"{treated} of the treated came back, {control} of the others"


def effects(found: dict[str, Estimate], *, whom: str, currency: str, counted: str) -> list[str]:
    """Say what an action changed, a customer it treated.

    Parameters
    ----------
    found : dict of str to Estimate
        From `measures.win_back.effects.action_effects`; empty if too few.
    whom : str
        Of whom, such as "those who had left".
    currency : str
        Of the amounts.
    counted : {"margin", "spend"}
        What money means here.
    """
    if not found:
        return [f"Of {whom} too few came back, or too few were drawn, to say what it changed."]
    back, profit = found["returned"], found["profit"]
    word = "margin" if counted == "margin" else "spend"
    left = "profit" if counted == "margin" else "spend less this cost"
    orders = number(found["orders"].value, 2)
    return [
        f"Of {whom}, the action changed the share who came back by {points(back.value)}"
        f"{brackets(back, as_=points, n=of_customers(back.n))}{_unsure(back)}.",
        f"A customer it treated brought {money(found['money'].value, currency)} more {word}"
        f"{brackets(found['money'], as_=f'money:{currency}')} in "
        f"{orders} more orders, and cost {money(found['cost'].value, currency)}: "
        f"{money(profit.value, currency)} of {left}{brackets(profit, as_=f'money:{currency}')}"
        f"{_unsure(profit)}.",
    ]


def carried_over(study: object | None) -> list[str]:
    """Say which uplift is carried over to those who left, and of whom it was measured."""
    if study is None or study.uplift is None:
        return ["No past action tells an uplift that could be carried over."]
    one = study.uplift
    ends = [None if end is None else 1 + end for end in (one.low, one.high)]
    times = Estimate(1 + one.value, *ends, one.n)
    return [
        f"Those it treated came back {number(times.value)} times as often as the others"
        f"{brackets(times, as_='number')}, measured on {WHOM[study.uplift_of]}. We carry that over."
    ]


def assumed(model: str | None, *, return_days: int) -> str:
    """Say what the value of a return takes for granted."""
    if model is None:
        return (
            "No model speaks, so a return counts as one purchase day, and nothing that follows it."
        )
    return (
        "What a return brings assumes that an action brings back customers like those who come by "
        f"themselves: nobody who is gone for good, and people who, left alone for {return_days} "
        "days, would have bought again later. So most of what it brings is the purchase itself. An "
        "action that revives who is gone brings more; one that draws those who come for the offer "
        "alone brings less."
    )


def return_worth(study: object | None, *, days: int, currency: str, counted: str) -> list[str]:
    """Hold what a return is reckoned to bring against what those a past action caused did bring.

    Parameters
    ----------
    study : Study or None
        From `measures.win_back.study.study_action`: uplift, uplift_of, return_worth,
        reckoned.
    days : int
        So long the money of the action was counted.
    currency : str
        Of the amounts.
    counted : {"margin", "spend"}
        What money means here.
    """
    if study is None or study.uplift is None:
        return []
    seen = study.return_worth
    if seen is None:
        return ["What a return it caused brought cannot be said: how many it caused, if any, is "
                "too unsure."]  # fmt: skip
    word = "margin" if counted == "margin" else "spend"
    ends = brackets(seen, as_=f"money:{currency}", n=of_customers(seen.n))
    told = (
        f"Each return it caused brought {money(seen.value, currency)} of {word} in {count(days)} "
        f"days{ends}, measured on {WHOM[study.uplift_of]}"
    )
    if study.reckoned is None:
        return [f"{told}."]
    reckoned = money(study.reckoned, currency)
    return [f"{told}. For them we would have reckoned with {reckoned}: {_held(study)}."]


def how_to_test(needed: int | None, *, listed: int, control_share: float) -> list[str]:
    """Say how to set up the next action so that it tells what it does.

    Parameters
    ----------
    needed : int or None
        Customers it takes to see an uplift of the size that pays; None if that is unknown.
    listed : int
        Customers on the list.
    control_share : float
        The share to leave alone.
    """
    how = (
        f"Before the next action, leave a share alone by lot: regulars lists … --segment win_back "
        f"--hold-out {number(control_share, 1)} writes who. Bring all of them back as "
        "campaign_contacts with their arm, treated or control."
    )
    if needed is None or listed < LEAST:
        return [how]
    enough = "so it can be told" if needed <= listed else "so one action alone may not tell"
    return [
        how,
        f"To see an uplift of the size that pays takes about {of_customers(needed)} in both arms "
        f"(four times in five), and the list has {count(listed)}: {enough}.",
    ]


def _action(row: dict) -> str:
    name = "" if is_missing(row["name"]) else f" {one_line(row['name'], width=40)}"
    began = f"The action{name} began on {day(row['starts_on'])}"
    arms = f"treated {of_customers(row['treated'])} and left {count(row['control'])} alone"
    if 0 < row["treated"] < LEAST or 0 < row["control"] < LEAST:
        arms = f"treated, or left alone, fewer than {LEAST} customers"
    if row["can_tell"]:
        return f"{began}, {arms}: what it did can be told."
    if not row["is_over"]:
        return f"{began}, {arms}; returns count until {day(row['last_day'])}, so it is too early."
    return f"{began}, {arms}: without a control group of enough size nothing can be said of it."


def _held(study: object) -> str:
    reckoned, seen = study.reckoned, study.return_worth
    if seen.low <= reckoned <= seen.high:
        return "that is within chance of it"
    if reckoned > seen.high:
        return "that is more, beyond chance, so doubt the gains"
    return "that is less, beyond chance, so the gains may be greater"


def _unsure(estimate: Estimate) -> str:
    if not is_given(estimate) or estimate.low is None or estimate.high is None:
        return ""
    return ", which may be chance" if estimate.low <= 0 <= estimate.high else ""
