"""Response: invitations by hand, and intervals that know who was asked more than once."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.intervals import wilson, wilson_bounds
from regulars.measures.surveys.invitations import invitations, names_unanswered
from regulars.measures.surveys.response import (
    clustered_bounds,
    response_by_quarter,
    response_by_question,
    response_rate,
)

# customer, question, invited, responded, score; as of 1997-04-30, 14 days to answer
ROWS = [
    ("ann", "nps", "1997-01-10 09:00", "1997-01-12 10:00", 9),
    ("ann", "driver:price", "1997-01-10 09:00", "1997-01-12 10:00", 4),
    ("bob", "nps", "1997-01-10 09:00", None, None),
    ("cyd", "nps", "1997-01-10 09:00", "1997-01-24 23:59", 7),  # on the last day
    ("dan", "nps", "1997-01-10 09:00", "1997-01-25 00:01", 7),  # a day too late
    ("ann", "csat", "1997-02-01 08:00", None, None),
    ("ann", "nps", "1997-04-15 09:00", "1997-04-16 09:00", 8),
    ("bob", "nps", "1997-04-16 23:00", None, None),  # just old enough
    ("cyd", "nps", "1997-04-17 00:00", "1997-04-17 09:00", 6),  # too young, though answered
    ("eve", "driver:price", "1997-03-01 09:00", None, None),  # drivers alone
    ("fay", "nps", "1997-03-01 09:00", None, None),  # delivered twice: first without its answer
    ("fay", "nps", "1997-03-01 09:00", "1997-03-02 09:00", 10),
    (None, "nps", "1997-01-10 09:00", None, None),  # anonymous
    ("gus", "nps", None, "1997-02-02 09:00", 5),  # nobody says when he was invited
]
KNOWN = {"as_of": "1997-04-30", "response_days": 14}


def surveys_of(rows):
    names = ["customer_id", "question", "invited_at", "responded_at", "score"]
    frame = pd.DataFrame(rows, columns=names)
    kinds = {"invited_at": "datetime64[us]", "responded_at": "datetime64[us]"}
    kinds |= {"customer_id": "str", "question": "str"}
    return table_of(frame.astype({**kinds, "score": "float64"}))


def asked_of(rows, **options):
    return fetch(invitations(surveys_of(rows), **KNOWN, **options))


def many(answered, *, question="nps", start=0, times=1):
    """Return invitations of as many customers as there are flags, each so often."""
    rows = []
    for number, told in enumerate(answered, start=start):
        for day in range(times):
            when = f"1997-02-{1 + day:02} 09:00"
            rows.append((f"c{number:03}", question, when, when if told else None, told or None))
    return rows


def test_invitations_by_hand():
    found = asked_of(ROWS).sort_values(["invited_at", "customer_id"])
    rows = [f"{row.customer_id} {row.question} {row.answered}" for row in found.itertuples()]
    assert rows == [
        "ann nps True",
        "bob nps False",
        "cyd nps True",
        "dan nps False",
        "ann csat False",
        "eve driver:price False",
        "fay nps True",
        "ann nps True",
        "bob nps False",
    ]


def test_order_of_rows_changes_nothing():
    order = np.random.default_rng(5).permutation(len(ROWS))
    keys = ["customer_id", "invited_at", "question"]
    shuffled = asked_of([ROWS[place] for place in order]).sort_values(keys)
    plain = asked_of(ROWS).sort_values(keys)
    pd.testing.assert_frame_equal(shuffled.reset_index(drop=True), plain.reset_index(drop=True))


def test_a_period_begins_after_its_day():
    assert set(asked_of(ROWS, since="1997-01-10").customer_id) == {"ann", "bob", "eve", "fay"}


def test_what_comes_after_as_of_is_not_known():
    early = {"as_of": "1997-01-31", "response_days": 14}
    later = [(*row[:3], None, None) if row[3] and row[3] > "1997-01-31" else row for row in ROWS]
    keys = ["customer_id", "question"]
    seen = [
        fetch(invitations(surveys_of(rows), **early)).sort_values(keys) for rows in (ROWS, later)
    ]
    assert len(seen[0]) == 4
    assert seen[0].answered.tolist() == seen[1].answered.tolist()


def test_a_file_of_answers_has_no_rate():
    answers = [row for row in ROWS if row[4] is not None]
    assert names_unanswered(surveys_of(ROWS), **KNOWN)
    assert not names_unanswered(surveys_of(answers), **KNOWN)
    # Cut by an earlier day, an answer that came later is an invitation without one: too young.
    cut = [*answers, ("hal", "nps", "1997-04-29 09:00", None, None)]
    assert not names_unanswered(surveys_of(cut), **KNOWN)


def test_a_rate_of_independent_customers_is_wilsons():
    found = response_rate(invitations(surveys_of(many([9] * 12 + [0] * 28)), **KNOWN))
    known = wilson(12, 40)
    assert (found.value, found.n) == (0.3, 40)
    assert (found.low, found.high) == pytest.approx((known.low, known.high))


def test_customers_who_always_do_the_same_count_once():
    asked = invitations(surveys_of(many([9] * 12 + [0] * 28, times=5)), **KNOWN)
    found, known = response_rate(asked), wilson(12, 40)
    assert (found.value, found.n) == (0.3, 200)
    # The variance over 40 customers has 39 in its denominator.
    assert found.low == pytest.approx(known.low, abs=0.002)
    assert found.high == pytest.approx(known.high, abs=0.002)


def test_few_who_answer_or_do_not_are_hidden():
    for answered in ([9] * 9 + [0] * 40, [9] * 40 + [0] * 9, [9] * 9):
        assert response_rate(invitations(surveys_of(many(answered)), **KNOWN)) is None
    assert response_rate(invitations(surveys_of([]), **KNOWN)) is None


def test_questions_side_by_side_and_one_hidden():
    rows = many([9] * 20 + [0] * 30) + many([9] * 3 + [0] * 30, question="csat")
    rows += many([9] * 15 + [0] * 45, question="ces")
    found = response_by_question(invitations(surveys_of(rows), **KNOWN)).set_index("question")
    assert found.hidden.to_dict()["csat"]
    assert found.loc["csat", ["invitations", "rate", "low", "high"]].isna().all()
    # What is shown of the others must not give away the three.
    assert found.hidden.sum() >= 2


def test_quarters_and_which_of_them_are_over():
    rows = many([9] * 20 + [0] * 30)
    april = [(who, "nps", "1997-04-10 09:00", None, None) for who, *_ in rows[20:]]
    april += [(who, "nps", "1997-04-10 09:00", "1997-04-11", 9) for who, *_ in rows[:20]]
    asked = invitations(surveys_of(rows + april), **KNOWN)
    found = response_by_quarter(asked, **KNOWN)
    assert found.quarter.dt.strftime("%Y-%m").tolist() == ["1997-01", "1997-04"]
    assert found.rate.tolist() == [0.4, 0.4]
    assert found.complete.tolist() == [True, False]


def clusters(rng, *, n, mean, alike, surveys):
    """Draw customers who answer with chances of their own, one row of sums a survey."""
    rows = []
    for _ in range(surveys):
        spread = (1 - alike) / alike
        chance = rng.beta(mean * spread, (1 - mean) * spread, n)
        cases = 1 + rng.poisson(2, n)
        having = rng.binomial(cases, chance)
        sums = [cases.sum(), having.sum(), cases @ cases, having @ having, cases @ having]
        rows.append((n, *sums))
    names = ["clusters", "cases", "having", "cases_squared", "having_squared", "product"]
    return pd.DataFrame(rows, columns=names)


@pytest.mark.parametrize(("n", "mean"), [(50, 0.35), (200, 0.1), (1000, 0.9)])
def test_intervals_of_customers_asked_often_hold_the_truth(n, mean):
    sums = clusters(np.random.default_rng(11), n=n, mean=mean, alike=0.3, surveys=600)
    low, high = clustered_bounds(sums)
    held = ((low <= mean) & (mean <= high)).mean()
    low, high = wilson_bounds(sums.having, sums.cases)
    as_if_independent = ((low <= mean) & (mean <= high)).mean()
    assert 0.925 <= held <= 0.975
    assert as_if_independent < 0.90
