"""Opinions: one row per customer of what they would recommend and what they think of each driver.

A survey is what a customer answered on one day. Tools write the answers of one page at one moment,
and those of several pages minutes apart; a day holds both together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.drivers.shares import MOST
from regulars.measures.engine import fetch

__all__ = ["OUTCOMES", "Opinions", "opinions"]

OUTCOMES = ("nps", "csat", "ces")
"""What drivers are held against: the first of these that was asked beside them often enough."""

PREFIX = "driver:"
ASKED = 0.5
"""A driver that stands in fewer of the surveys would cost more of them than it tells."""


@dataclass(frozen=True, eq=False)
class Opinions:
    """Who said what of the outcome and of all drivers in one survey.

    Parameters
    ----------
    table : ibis.expr.types.Table
        customer_id, and the answers of the newest complete survey as places on the scale (0: its
        lowest point, 1: its highest): x0, x1, … in the order of `drivers`, and y.
    outcome : str
        The question that is y.
    drivers : pandas.DataFrame
        driver (its name), lowest, highest (ends of its scale), surveys (with it and the outcome).
    customers : int
        With a survey that has the outcome and a driver.
    n : int
        With a complete one: the rows of `table`.
    left_out : list of str
        Drivers asked too seldom, or beyond the ten most answered.
    """

    table: ir.Table
    outcome: str
    drivers: pd.DataFrame
    customers: int
    n: int
    left_out: list[str]


def opinions(said: ir.Table) -> Opinions | None:
    """Lay the answers out side by side, each customer's newest complete survey in a row.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `surveys.answers.answers`: customer_id, question, responded_at, day, score, lowest,
        highest. Anonymous answers are left out: nothing ties one to another.

    Returns
    -------
    Opinions or None
        None if no survey has a driver beside nps, csat or ces.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> said = pd.DataFrame({"customer_id": "ann", "question": ["nps", "driver:price"],
    ...                      "responded_at": pd.Timestamp("1997-01-05"), "score": [9.0, 2.0],
    ...                      "lowest": [0, 1], "highest": [10, 5]})
    >>> found = opinions(table_of(said.assign(day=said.responded_at)))
    >>> fetch(found.table)[["x0", "y"]].values.tolist()
    [[0.25, 0.9]]
    """
    kept = _newest_of_a_day(said)
    asked = _asked(kept)
    if asked.empty:
        return None
    outcome = _outcome(asked)
    drivers, left_out = _chosen(asked[asked.outcome == outcome])
    surveys = _side_by_side(kept, outcome, drivers.question)
    counts = fetch(surveys.agg(customers=surveys.customer_id.nunique())).customers[0]
    table = _newest_complete(surveys, len(drivers))
    return Opinions(
        table=table,
        outcome=outcome,
        drivers=drivers.drop(columns="question"),
        customers=int(counts),
        n=int(table.count().to_pyarrow().as_py()),
        left_out=left_out,
    )


def _newest_of_a_day(said: ir.Table) -> ir.Table:
    """Keep one answer per customer, day and question, as a place on its scale."""
    wanted = said.question.isin(OUTCOMES) | said.question.startswith(PREFIX)
    named = said.drop_null("customer_id").filter(wanted, said.highest > said.lowest)
    newest = ibis.window(
        group_by=["customer_id", "day", "question"],
        order_by=[named.responded_at.desc(), named.score],
    )
    placed = named.mutate(_place=ibis.row_number().over(newest))
    one = placed.filter(placed._place == 0)
    width = (one.highest - one.lowest).cast("float64")
    return one.select(
        "customer_id", "day", "question", "lowest", "highest", at=(one.score - one.lowest) / width
    )


def _asked(kept: ir.Table) -> pd.DataFrame:
    """Count, for each outcome, in how many surveys each driver stands beside it."""
    outcomes = kept.filter(kept.question.isin(OUTCOMES)).select(
        "customer_id", "day", outcome="question"
    )
    drivers = kept.filter(kept.question.startswith(PREFIX)).drop("at")
    both = drivers.join(outcomes, ["customer_id", "day"])
    counts = both.group_by(["outcome", "question"]).agg(
        surveys=both.count(), lowest=both.lowest.max(), highest=both.highest.max()
    )
    return fetch(counts.order_by(["outcome", ibis.desc("surveys"), "question"]))


def _outcome(asked: pd.DataFrame) -> str:
    """Choose the first outcome that stands beside drivers about as often as any other does."""
    often = asked.groupby("outcome").surveys.max()
    return next(name for name in OUTCOMES if often.get(name, 0) >= ASKED * often.max())


def _chosen(asked: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep the drivers asked often enough, at most ten, in the order of their names."""
    named = asked.assign(driver=asked.question.str.removeprefix(PREFIX))
    often = named[named.surveys >= ASKED * named.surveys.max()].head(MOST)
    left_out = sorted(set(named.driver) - set(often.driver))
    columns = ["question", "driver", "lowest", "highest", "surveys"]
    return often.sort_values("driver", ignore_index=True)[columns], left_out


def _side_by_side(kept: ir.Table, outcome: str, questions: Sequence[str]) -> ir.Table:
    """Return a row per survey that has the outcome and any of the drivers."""
    columns = {f"x{at}": question for at, question in enumerate(questions)} | {"y": outcome}
    wide = kept.group_by(["customer_id", "day"]).agg(
        **{name: kept["at"].max(where=kept.question == asked) for name, asked in columns.items()}
    )
    with_outcome = wide.drop_null("y")
    return with_outcome.drop_null([name for name in columns if name != "y"], how="all")


def _newest_complete(surveys: ir.Table, drivers: int) -> ir.Table:
    complete = surveys.drop_null([f"x{at}" for at in range(drivers)])
    newest = ibis.window(group_by="customer_id", order_by=complete.day.desc())
    placed = complete.mutate(_place=ibis.row_number().over(newest))
    return placed.filter(placed._place == 0).drop("_place", "day")
