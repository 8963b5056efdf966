"""Targets: judged by the interval, whichever way is up, and never before they can be known."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of
from regulars.measures.targets import judged as judging
from regulars.measures.targets.kpis import KPIS, strange_targets
from regulars.measures.targets.months import purchase_months
from regulars.measures.targets.reached import kpi_months, projections

MONTH = pd.Timestamp("1997-01-01")


def judge(
    target: float, *, metric: str = "nps", owner: str | None = "service", **changes
) -> pd.Series:
    row = {"metric": metric, "month": MONTH, "value": 31.0, "low": 24.0, "high": 38.0, "n": 300}
    row |= {"basis": "month", "over": True, "hidden": False, **changes}
    targets = {"period": [MONTH], "metric": metric, "target": target, "owner": owner}
    told = table_of(pd.DataFrame(targets).astype({"owner": "string"}))
    found = judging.judged_targets(told, pd.DataFrame([row]), as_of="1997-12-31")
    return found.iloc[0] if len(found) else pd.Series({"verdict": None})


@pytest.mark.parametrize(
    ("target", "verdict"),
    [(24, "on_track"), (20, "on_track"), (24.1, "not_knowable"), (31, "not_knowable"),
     (38, "not_knowable"), (38.1, "behind")],
)  # fmt: skip
def test_the_interval_decides_and_not_the_point(target, verdict):
    assert judge(target).verdict == verdict


@pytest.mark.parametrize(
    ("target", "verdict"),
    [(40, "on_track"), (38, "on_track"), (30, "not_knowable"), (23, "behind")],
)
def test_of_complaints_less_is_better(target, verdict):
    assert judge(target, metric="complaints", basis="projected").verdict == verdict


def test_what_is_counted_is_reached_or_not():
    exact = {"value": 31.0, "low": 31.0, "high": 31.0, "basis": "counted", "metric": "orders"}
    assert judge(31, **exact).verdict == "on_track"
    assert judge(31.01, **exact).verdict == "behind"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"month": MONTH - pd.DateOffset(months=1)}, "no_data"),
        ({"over": False}, "not_over"),
        ({"value": np.nan, "low": np.nan, "high": np.nan, "hidden": True}, "hidden"),
        ({"value": np.nan, "low": np.nan, "high": np.nan}, "no_data"),
        ({"low": np.nan, "high": np.nan}, "no_interval"),
        ({}, "in_the_interval"),
    ],
)
def test_why_a_target_is_not_knowable(changes, reason):
    found = judge(31, **changes)
    assert (found.verdict, found.reason) == ("not_knowable", reason)


def test_a_month_ahead_is_not_knowable():
    targets = table_of(
        pd.DataFrame(
            {"period": [pd.Timestamp("1998-02-01")], "metric": "orders", "target": 1, "owner": "x"}
        )
    )
    found = judging.judged_targets(
        targets, kpi_months(BOUGHT, as_of="1998-01-31"), as_of="1998-01-31"
    )
    assert found.reason.tolist() == ["ahead"]
    assert judging.recent_targets(found, as_of="1998-01-31").empty


def test_several_owners_are_each_judged_and_a_missing_one_too():
    targets = pd.DataFrame(
        {
            "period": [MONTH] * 3,
            "metric": "orders",
            "target": [9.0, 10.0, 11.0],
            "owner": ["north", "south", None],
        }
    )
    reached = pd.DataFrame(
        {
            "metric": ["orders"],
            "month": MONTH,
            "value": 10.0,
            "low": 10.0,
            "high": 10.0,
            "n": 10,
            "basis": "counted",
            "over": True,
            "hidden": False,
        }
    )
    found = judging.judged_targets(table_of(targets), reached, as_of="1997-12-31")
    assert found.verdict.tolist() == ["on_track", "on_track", "behind"]
    assert judging.verdict_counts(found) == {"on_track": 2, "behind": 1, "not_knowable": 0}


def test_unknown_metrics_and_shares_in_per_cent_are_left_out_and_said():
    targets = table_of(
        pd.DataFrame(
            {
                "metric": ["joy", "csat", "nps"],
                "target": [1.0, 80.0, 80.0],
                "period": MONTH,
                "owner": "x",
            }
        )
    )
    assert strange_targets(targets) == {"not_known": ["joy"], "not_a_share": ["csat"]}
    reached = kpi_months(BOUGHT, as_of="1998-01-31")
    assert judging.judged_targets(targets, reached, as_of="1998-01-31").metric.tolist() == ["nps"]


def test_wallets_are_not_strange():
    names = ["wallet", "Wallet.loyal", "wallets", "nps"]
    told = pd.DataFrame({"metric": names, "target": 60.0, "period": MONTH, "owner": "x"})
    assert strange_targets(table_of(told)) == {"not_known": ["wallets"], "not_a_share": []}


def test_every_kpi_says_what_it_counts():
    assert all(kpi.definition.endswith(".") and kpi.label for kpi in KPIS.values())
    assert [name for name, kpi in KPIS.items() if not kpi.more_is_better] == ["complaints"]


def year() -> list[tuple]:
    """Twenty customers buy on the 3rd of each of 13 months, all again on the 20th."""
    days = [f"{1997 + m // 12}-{m % 12 + 1:02d}-{d}" for m in range(13) for d in ("03", "20")]
    return [(f"c{n}", day, 10, "sale", f"{n}{day}") for day in days for n in range(20)]


BOUGHT = {"purchases": purchases_of(year())}


def test_a_month_that_is_not_over_is_projected():
    found = kpi_months(BOUGHT, as_of="1998-01-10")
    last = found[~found.over].set_index("metric")
    # In all months half of the orders had come by then, so there is nothing left to guess.
    assert last.loc["orders", ["value", "low", "high"]].tolist() == pytest.approx([40, 40, 40])
    assert last.basis.unique().tolist() == ["projected"]
    over = kpi_months(BOUGHT, as_of="1998-01-31")
    assert over.over.all()
    assert (over[over.metric == "orders"].value == 40).all()


def test_without_half_a_year_there_is_no_projection():
    few = {"purchases": purchases_of([line for line in year() if line[1] >= "1997-08"])}
    last = kpi_months(few, as_of="1998-01-10")
    assert last[~last.over].value.isna().all()


def test_projections_widen_with_what_months_differ_and_never_fall():
    months = pd.date_range("1997-01-01", periods=13, freq="MS")
    whole = pd.DataFrame({"metric": "orders", "month": months, "value": 100.0})
    steady, restless = (
        projections(whole.assign(value=parts), whole, month=months[-1]).iloc[0]
        for parts in ([50.0] * 13, [40.0, 60.0] * 6 + [50.0])
    )
    assert steady.low == pytest.approx(steady.high)
    assert restless.high - restless.low > 50
    nearly = projections(whole.assign(value=[97.0, 99.0] * 6 + [98.0]), whole, month=months[-1])
    assert nearly.low.iloc[0] >= 98


@pytest.mark.parametrize("part", [0.3, 0.7])
def test_projections_hold_the_whole_about_as_often_as_they_say(part):
    random, held = np.random.default_rng(8), 0
    months = pd.date_range("1997-01-01", periods=13, freq="MS")
    for _ in range(150):
        first, rest = random.poisson(400 * part, 13), random.poisson(400 * (1 - part), 13)
        whole = pd.DataFrame(
            {"metric": "orders", "month": months, "value": (first + rest).astype(float)}
        )
        row = projections(whole.assign(value=first.astype(float)), whole, month=months[-1]).iloc[0]
        held += row.low <= whole.value.iloc[-1] <= row.high
    assert 0.9 <= held / 150 <= 0.99


def test_no_table_at_all_and_no_lines():
    assert kpi_months({}, as_of="1997-01-31").empty
    assert purchase_months(purchases_of([]), as_of="1997-01-31").empty
