"""Scores by month: no answer is told in two months."""

import numpy as np
import pandas as pd

from regulars.measures.engine import table_of
from regulars.measures.targets.judged import judged_targets, verdict_counts
from regulars.measures.targets.voices import FEW_ANSWERS, voice_months


def said(**answers: int) -> object:
    """So many promoters in each month named like m01."""
    days = [
        (f"{month}{n}", pd.Timestamp(f"1997-{month[1:]}-05"))
        for month, many in answers.items()
        for n in range(many)
    ]
    frame = pd.DataFrame(days, columns=["customer_id", "responded_at"])
    frame = frame.assign(question="nps", score=9.0, band="promoter", lowest=0, highest=10)
    return table_of(frame.assign(day=frame.responded_at.dt.date))


def spans(as_of: str, **answers: int) -> pd.DataFrame:
    return voice_months(said(**answers), as_of=as_of)


def test_a_survey_of_one_month_is_told_in_it_alone():
    found = spans("1997-06-30", m02=100, m05=80)
    assert found.span.tolist() == ["month", "elsewhere", "elsewhere", "month", "elsewhere"]
    assert found.n.dropna().tolist() == [100, 80]
    assert found.value.notna().tolist() == [True, False, False, True, False]


def test_a_quarter_of_few_answers_is_told_once_in_its_last_month():
    found = spans("1997-06-30", m01=12, m02=FEW_ANSWERS - 1, m03=15, m04=20)
    assert found.span.tolist() == [*["elsewhere"] * 2, "quarter", *["elsewhere"] * 2, "quarter"]
    assert found.n.dropna().tolist() == [12 + FEW_ANSWERS - 1 + 15, 20]


def test_no_answer_counts_twice():
    for seed in range(5):
        drawn = np.random.default_rng(seed).integers(0, 60, 12)
        told = spans("1997-12-31", **{f"m{m + 1:02d}": int(n) for m, n in enumerate(drawn)})
        assert told.n.sum() <= drawn.sum()
        alone = drawn[drawn >= FEW_ANSWERS].sum()
        assert told.n[told.span == "month"].sum() == alone


def test_few_voices_of_a_quarter_are_hidden():
    found = spans("1997-03-31", m01=4, m03=5)
    assert found.iloc[-1][["span", "hidden"]].tolist() == ["quarter", True]
    assert found.value.isna().all()


def test_a_target_of_each_month_is_judged_once_a_survey():
    months = pd.date_range("1997-01-01", periods=6, freq="MS")
    wanted = pd.DataFrame({"period": months, "metric": "nps", "target": 30.0, "owner": "x"})
    found = spans("1997-06-30", m01=1, m02=200, m05=200).rename(columns={"span": "basis"})
    reached = found.assign(over=True)
    judged = judged_targets(table_of(wanted), reached, as_of="1997-06-30")
    assert verdict_counts(judged) == {"on_track": 2, "behind": 0, "not_knowable": 4}
    assert set(judged.reason[judged.verdict == "not_knowable"]) == {"told_elsewhere"}
