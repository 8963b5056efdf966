"""Sentences on targets, on months that are news, and on what changed since the last report."""

import numpy as np
import pandas as pd
import pytest

from regulars.show.sentences import news, targets
from regulars.show.text import NBSP

MONTH = pd.Timestamp("1997-01-01")


def plain(sentences) -> list[str]:
    return [one.replace(NBSP, " ") for one in sentences]


def judged(**changes) -> pd.DataFrame:
    row = {"month": MONTH, "metric": "nps", "owner": "service", "target": 30.0, "value": 31.0}
    row |= {"low": 24.0, "high": 38.0, "n": 300, "basis": "month", "verdict": "not_knowable"}
    row |= {"reason": "in_the_interval", "label": "NPS", "unit": "points"}
    return pd.DataFrame([{**row, **changes}])


def test_verdicts_are_counted_and_the_unknown_explained():
    rows = pd.concat([judged(), judged(reason="not_over"), judged(verdict="behind", reason="")])
    counts = {"on_track": 0, "behind": 1, "not_knowable": 2}
    assert targets.verdicts(rows, counts) == [
        "Of 3 targets of the last 12 months: 0 on track, 1 behind, 2 not knowable yet.",
        "Not knowable yet, because the month is not over (1); the target lies within the interval (1).",
    ]
    assert len(targets.targets_title(counts).split()) <= 10
    (none,) = targets.verdicts(judged().head(0), dict.fromkeys(counts, 0))
    assert none.startswith("No target of the last 12 months")
    assert targets.targets_title(dict.fromkeys(counts, 0)).endswith("?")


def test_each_target_in_its_newest_month_as_a_table():
    rows = pd.concat([
        judged(month=pd.Timestamp("1996-11-01")),
        judged(),
        judged(month=pd.Timestamp("1997-02-01"), reason="told_elsewhere", value=np.nan),
        judged(metric="revenue", label="Revenue", unit="money", basis="counted", value=1200.5,
               target=1000.0, verdict="on_track", reason="", owner=None),
        judged(metric="csat", label="CSAT", unit="share", value=np.nan, low=np.nan, high=np.nan,
               basis="elsewhere", target=0.8, reason="told_elsewhere"),
    ])  # fmt: skip
    table = targets.target_table(rows.reset_index(drop=True), currency="EUR")
    assert plain(" | ".join(row) for row in table.itertuples(index=False)) == [
        "CSAT | service | 80 % | – | – | – | not knowable yet: few or no answers are of that month, "
        "and none is judged twice",
        "NPS | service | 30.0 | 31.0 | 24.0 to 38.0 | answers of January 1997 | "
        "not knowable yet: the target lies within the interval",
        "Revenue | – | €1,000 | €1,200 | – | counted | on track",
    ]


def test_targets_of_several_owners_are_said():
    assert targets.owners_note(judged()) == []
    both = pd.concat([judged(), judged(owner="sales")])
    assert targets.owners_note(both)[0].startswith("Targets of several owners (NPS) are each held")
    assert targets.owners_note(pd.concat([judged(), judged(owner=None)]))


def test_the_four_that_are_behind_most_often_are_charted():
    rows = pd.concat([
        *(judged(label=f"KPI {n}", verdict="on_track") for n in range(5)),
        judged(label="Late", verdict="behind"),
    ])  # fmt: skip
    assert sorted(targets.charted(rows).label) == ["KPI 0", "KPI 1", "KPI 2", "Late"]
    assert targets.charted(rows.head(0)).empty


def test_strange_targets_are_named():
    strange = {"not_known": ["joy<b>"], "not_a_share": ["csat"]}
    said = targets.strange_targets(strange, ["nps", "csat"])
    assert said[0] == "Targets of joy<b> are not judged: known here are nps, csat."
    assert "0 to 1" in said[1]
    assert targets.strange_targets({"not_known": [], "not_a_share": []}, []) == []


def limits(signals: list[str], values: list[float] | None = None, **changes) -> pd.DataFrame:
    months = pd.date_range("1997-01-01", periods=len(signals), freq="MS")
    numbers = values or [100.0] * len(signals)
    rows = {"label": "Orders", "unit": "orders", "lower": 80.0, "upper": 120.0, "signal": signals}
    power = {"in_percent": True, "fall": 0.2, "rise": 0.25, "basis": "season"}
    return pd.DataFrame({"month": months, "value": numbers, **rows, **power}).assign(**changes)


def test_months_that_are_news():
    strays = limits(["", "outside", "outside"], [100.0, 60.0, 150.0])
    said = targets.news_months(strays, currency="EUR")
    assert said == [
        "Orders: outside the limits in February 1997 (60, below), March 1997 (150, above)."
    ]
    runs = targets.news_months(limits(["run"] * 8), currency="EUR")
    assert runs == ["Orders: a long run on one side up to August 1997."]
    assert "fewer than eight" in targets.news_months(limits([]), currency="EUR")[0]
    young = targets.news_months(strays.assign(basis="line"), currency="EUR")
    assert young[1:] == ["With less than two years of months, a season looks like news."]


def test_two_months_of_which_one_is_news_are_both_named():
    twins = limits([*[""] * 9, "either", *[""] * 11, "either", *[""] * 2])
    assert targets.news_months(twins, currency="EUR") == [
        "Orders: outside the limits in October 1997 or October 1998, and two years do not say in "
        "which."
    ]
    assert targets.news_title(twins) == "1 of the last 24 months is news"


def test_how_large_news_would_have_to_be_is_said_beside_its_absence():
    quiet = [
        limits([""]),
        limits([""], label="CSAT", unit="share", in_percent=False, fall=0.05, rise=0.05),
        limits([""], label="NPS", unit="points", in_percent=False, fall=14.08, rise=14.08),
        limits([""], label="Young", fall=np.nan, rise=np.nan),
    ]
    assert plain(targets.news_months(pd.concat(quiet), currency="EUR")) == [
        "Nothing but the usual ups and downs: CSAT (news would be ±5.0 points), NPS (news would be "
        "±14.1 points), Orders (news would be −20 % or +25 %), Young."
    ]


def test_a_kpi_in_which_nothing_could_be_news_is_not_called_quiet():
    blunt = limits([""] * 12, label="Customers", fall=0.8, rise=4.07)
    both = pd.concat([blunt, limits([""] * 12)])
    assert targets.news_title(both) == "1 of 2 KPIs too uneven to show news"
    assert plain(targets.news_months(both, currency="EUR")) == [
        "Nothing but the usual ups and downs: Orders (news would be −20 % or +25 %).",
        "Too uneven for a month to stand out, as after a lasting change: Customers (news would be "
        "−80 % or +407 %).",
    ]


def test_a_title_says_of_how_many_months():
    assert targets.news_title(limits([""] * 24)) == "None of the last 24 months is news"
    unknown = limits(["", "outside", "outside", ""], upper=[np.nan, 120.0, 120.0, 120.0])
    assert targets.news_title(unknown) == "2 of the last 3 months are news"
    both = pd.concat([unknown, limits(["", "outside", "", ""], label="Revenue")])
    assert targets.news_title(both) == "2 of the last 4 months are news"


@pytest.mark.parametrize("signals", [[], [""], ["run"] * 8, ["outside"], ["either"] * 12])
def test_titles_have_at_most_ten_words(signals):
    assert 3 <= len(targets.news_title(limits(signals)).split()) <= 10


def change(**more) -> pd.DataFrame:
    row = {"metric": "loyalty.rate", "label": "Repurchase rate", "unit": "share", "before": 0.471}
    row |= {"now": 0.483, "change": 0.012, "low": 0.002, "high": 0.022, "news": "yes", "reason": ""}
    return pd.DataFrame([{**row, **more}])


REPORT = {"as_of": "1997-12-31"}


def test_what_changed_is_said_with_both_numbers():
    assert plain(news.what_changed(change(), REPORT)) == [
        "Changed by more than noise since the report of 31 December 1997: "
        "Repurchase rate from 47 % to 48 % (+1.2 points)."
    ]
    assert plain(news.what_changed(change(news="no"), REPORT)) == [
        "None of 1 headline number that can be judged changed by more than noise since the report "
        "of 31 December 1997."
    ]


def test_what_was_defined_anew_is_said_and_a_first_report_too():
    anew = change(news="not_judged", reason="defined_anew", change=np.nan)
    said = news.what_changed(anew, REPORT)
    assert "has an interval both now" in said[0]
    assert said[1] == "Not compared, as their definition is another one now: Repurchase rate."
    assert news.what_changed(change().head(0), None) == [news.NO_REPORT]


def test_the_tables_of_what_is_judged_and_what_is_not():
    rows = pd.concat([
        change(news="no"),
        change(label="NPS", unit="points", before=10.0, now=30.0, change=20.0, low=12.2, high=27.8),
        change(label="Spend", unit="EUR", before=1000.0, now=1500.5, change=500.5, low=np.nan,
               high=np.nan, news="not_judged", reason="no_interval"),
        change(now=np.nan, change=np.nan, news="not_judged", reason="withheld_now"),
        change(label="Orders", unit="orders", before=9.0, now=9.0, change=0.0, news="not_judged",
               reason="no_interval"),
    ])  # fmt: skip
    rows = rows.assign(
        metric=["loyalty.a", "loyalty.b", "intake.c", "base.d", "base.e"]
    ).reset_index()
    told = news.judged_table(rows)
    assert plain(" | ".join(row) for row in told.itertuples(index=False)) == [
        "NPS | 10 | 30 | +20 | +12 to +28 | yes",
        "Repurchase rate | 47 % | 48 % | +1.2 points | +0.2 points to +2.2 points | no",
    ]
    other = news.not_judged_table(rows)
    assert plain(" | ".join(row) for row in other.itertuples(index=False)) == [
        "Repurchase rate | 47 % | – | – | withheld now",
        "Spend | €1,000 | €1,500 | +€500.50 | counted, no interval",
    ]
