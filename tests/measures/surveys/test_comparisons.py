"""Comparisons: differences that are there are found, and those that are not are not."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact, hypergeom

from regulars.errors import ParameterError
from regulars.measures.engine import table_of
from regulars.measures.segments.chance import holm
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.measures.surveys.comparisons import compare_groups, compare_waves
from regulars.measures.surveys.permutation import drawn_by_lot
from regulars.measures.surveys.two_samples import nps_difference

AS_OF = "1997-12-31"
PERIOD = {"as_of": AS_OF, "period_days": 100}  # begins on 1997-09-23; the one before on 06-15


def surveys(who, days, question, scores):
    frame = pd.DataFrame({"customer_id": list(who), "question": question, "score": scores})
    frame["responded_at"] = pd.to_datetime(days)
    return frame.astype({"score": float}).assign(scale_max=np.nan, channel="mail")


def said(*parts):
    return answers(table_of(pd.concat(parts, ignore_index=True)), as_of=AS_OF)


def wave(day, question, *, high, low, name="c"):
    """So many answers of the best score, and so many of the worst."""
    best = 10 if question == "nps" else 5 if question == "csat" else 7
    who = [f"{name}{one}" for one in range(high + low)]
    return surveys(who, day, question, [best] * high + [best - 4] * low)


def test_a_change_that_is_there_is_found():
    found = compare_waves(
        said(
            wave("1997-08-01", "nps", high=100, low=100),
            wave("1997-12-01", "nps", high=160, low=40),
            wave("1997-08-01", "csat", high=70, low=30),
            wave("1997-12-01", "csat", high=72, low=28),
        ),
        **PERIOD,
    )
    assert found.question.tolist() == ["nps", "csat"]
    assert found[["before", "value", "change"]].iloc[0].tolist() == [0, 60, 60]
    assert found.differs.tolist() == [True, False]
    assert found.p_holm.tolist() == pytest.approx(holm(found.p.to_numpy()).tolist())
    # 2.24 and 0.84 standard errors, at half of 5 % each side of the two tests.
    assert 20 < found.detectable[0] < 30
    assert found.detectable[1] == pytest.approx(0.21, abs=0.02)


def test_only_the_newest_answer_of_a_customer_in_a_period_counts():
    found = compare_waves(
        said(
            wave("1997-08-01", "nps", high=20, low=20),
            wave("1997-10-01", "nps", high=0, low=40),
            wave("1997-12-01", "nps", high=40, low=0),
        ),
        **PERIOD,
    )
    assert found[["n", "before_n", "value"]].iloc[0].tolist() == [40, 40, 100]


def test_a_period_ends_on_its_last_day_and_begins_after_the_one_before():
    rows = [wave(day, "nps", high=10, low=10, name=day) for day in ("1997-09-22", "1997-09-23")]
    found = compare_waves(said(*rows), **PERIOD)
    assert found[["n", "before_n"]].iloc[0].tolist() == [20, 20]


def test_without_answers_before_there_is_no_change():
    found = compare_waves(said(wave("1997-12-01", "nps", high=20, low=20)), **PERIOD)
    assert found.change.isna().all()
    assert not found.differs.any()
    assert not found.hidden.any()
    assert found.value.tolist() == [0]


def test_a_period_of_few_is_hidden_and_not_compared():
    found = compare_waves(
        said(wave("1997-08-01", "nps", high=3, low=3), wave("1997-12-01", "nps", high=20, low=20)),
        **PERIOD,
    )
    assert found.hidden.tolist() == [True]
    assert found[["before", "before_n", "change", "p"]].isna().all(axis=None)
    assert found.value.tolist() == [0]


def test_no_answers_are_no_rows():
    found = compare_waves(said(wave("1990-01-01", "nps", high=20, low=20)), **PERIOD)
    assert found.empty
    assert "detectable" in found


def groups_of(sizes, highs, *, question="nps"):
    """Answers of groups, and the table that says who is in which."""
    parts = [
        wave("1997-12-01", question, high=high, low=size - high, name=name)
        for (name, size), high in zip(sizes.items(), highs, strict=True)
    ]
    everybody = pd.concat(parts, ignore_index=True)
    who = table_of(
        everybody[["customer_id"]].assign(region=everybody.customer_id.str.rstrip("0123456789"))
    )
    return newest_answers(answers(table_of(everybody), as_of=AS_OF)), who


def test_a_group_is_compared_with_all_others():
    voices, who = groups_of({"East": 100, "North": 100, "South": 100}, [50, 50, 90])
    found = compare_groups(voices, who, by=["region", "tier"]).set_index("group")
    assert found.value.tolist() == [0, 0, 80]
    assert found.change.tolist() == pytest.approx([-40, -40, 80])
    assert found.differs["South"]
    assert (found.p_holm >= found.p).all()


def test_a_small_group_and_another_one_are_hidden_and_no_comparison():
    voices, who = groups_of({"East": 100, "North": 40, "South": 5}, [50, 20, 5])
    found = compare_groups(voices, who, by=["region"]).set_index("group")
    assert found.hidden.to_dict() == {"East": False, "North": True, "South": True}
    assert found.p.notna().tolist() == [True, False, False]


def test_without_the_columns_the_error_says_which_there_are():
    voices, who = groups_of({"East": 20}, [10])
    with pytest.raises(ParameterError, match="Name columns out of region"):
        compare_groups(voices, who, by=["tier"])


def test_one_group_has_nobody_to_be_compared_with():
    found = compare_groups(*groups_of({"East": 20}, [10]), by=["region"])
    assert found.change.isna().all()
    assert found.n.tolist() == [20]


def test_answers_of_nobody_known_are_a_row_and_in_no_comparison():
    voices, who = groups_of({"East": 60, "North": 60, "South": 30}, [30, 30, 30])
    known = who.filter(who.region != "South")
    found = compare_groups(voices, known, by=["region"])
    assert found.group.isna().tolist() == [False, False, True]
    assert found.change.tolist()[:2] == [0, 0]
    assert np.isnan(found.change[2])


def test_a_few_unhappy_in_a_small_group_are_judged_by_lot():
    voices, who = groups_of({"East": 12, "North": 988}, [10, 976])
    found = compare_groups(voices, who, by=["region"]).set_index("group")
    sides = [
        pd.DataFrame({"n": [n], "top": [high], "bottom": [n - high]})
        for n, high in ((12, 10), (988, 976))
    ]
    by_formula = nps_difference(*sides).p[0]
    # Two or more of 14 unhappy among 1,000 in a group of 12; drawn by lot one in 80 or so.
    exact = hypergeom(1000, 14, 12).sf(1)
    assert found.p["East"] == pytest.approx(max(by_formula, exact), abs=0.003)
    assert by_lot_alone() == pytest.approx(exact, abs=0.003)


def by_lot_alone():
    return drawn_by_lot(np.array([2, 10]), np.array([14, 986]), np.array([-100.0, 100.0]))


def test_drawing_by_lot_is_the_exact_test_of_fisher():
    p = drawn_by_lot(np.array([8, 2]), np.array([60, 40]), np.array([1.0, 0.0]))
    exact = fisher_exact([[8, 2], [52, 38]]).pvalue
    assert p == pytest.approx(exact, abs=0.01)


def test_drawing_by_lot_holds_its_level_where_answers_are_nearly_all_alike():
    random = np.random.default_rng(8)
    everybody = np.array([20, 30, 950])
    worth = np.array([-100.0, 0.0, 100.0])
    alarms = [
        drawn_by_lot(random.multivariate_hypergeometric(everybody, 12), everybody, worth, draws=400)
        <= 0.05
        for _ in range(600)
    ]
    assert np.mean(alarms) <= 0.065


def test_the_draws_of_a_seed_are_the_same():
    sides = np.array([8, 2]), np.array([60, 40]), np.array([1.0, 0.0])
    assert drawn_by_lot(*sides) == drawn_by_lot(*sides)
