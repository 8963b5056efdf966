"""Foresight: nothing of the period is known before it, and what is planted is found."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from regulars.errors import ParameterError
from regulars.measures.deeds import foresight as module
from regulars.measures.deeds.foresight import foresight, foresight_cells, judge
from regulars.measures.examples import purchases_of

from .conftest import surveys_of

KEYS = ["question", "r", "f", "m", "score", "fold", "bought"]


def drawn(*, customers, effect, seed):
    """Draw customers whose buying depends on r, and on the score by `effect`."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(random.integers(1, 6, (customers, 3)), columns=["r", "f", "m"])
    rows["score"] = random.integers(0, 11, customers).astype(float)
    odds = 0.8 * (rows.r - 3) + effect * (rows.score - 5)
    rows["bought"] = random.random(customers) < 1 / (1 + np.exp(-odds))
    rows = rows.assign(question="nps", fold=random.integers(0, 10, customers))
    return rows.groupby(KEYS).size().rename("customers").reset_index()


def test_cells_by_hand():
    # The period is May and June; the answers of the year up to 30 April count.
    bought = [("ann", "1997-01-05"), ("bob", "1997-02-05"), ("cyd", "1997-05-02")]
    bought += [("ann", "1997-05-01"), ("bob", "1997-04-30"), ("bob", "1997-07-01")]
    purchases = purchases_of([(who, day, 10) for who, day in bought])
    answered = [("ann", "nps", "1997-03-01", 3), ("ann", "nps", "1997-04-30 20:00", 8)]
    answered += [("ann", "nps", "1997-05-01", 1), ("bob", "nps", "1996-04-29", 10)]
    answered += [("bob", "ces", "1997-04-01", 6), ("cyd", "nps", "1997-04-01", 6)]
    surveys = surveys_of(answered)
    found = foresight_cells(surveys, purchases, as_of="1997-06-30", days=61)
    rows = found.set_index("question")[["score", "bought", "customers"]]
    assert rows.loc["nps"].tolist() == [8, True, 1]  # cyd had not bought yet
    assert rows.loc["ces"].tolist() == [6, False, 1]  # bob bought before and after the period
    assert found.fold.between(0, 9).all()
    assert foresight(surveys, purchases, as_of="1997-06-30", days=61).empty


def test_folds_are_about_equal_and_do_not_depend_on_the_order():
    rows = [(f"c{place}", "nps", "1997-02-01", 7) for place in range(1000)]
    purchases = purchases_of([(who, "1997-01-05", 10) for who, *_ in rows])
    found = [
        foresight_cells(surveys_of(some), purchases, as_of="1997-12-31", days=182)
        for some in (rows, rows[::-1])
    ]
    pd.testing.assert_frame_equal(*found)
    sizes = found[0].groupby("fold").customers.sum()
    assert len(sizes) == 10
    assert sizes.between(70, 130).all()


def test_a_score_that_tells_is_found():
    found = judge(drawn(customers=1500, effect=0.25, seed=1)).iloc[0]
    assert found.verdict == "adds"
    assert 0 < found.low < found.gain < found.high
    assert found.loss_both < found.loss_rfm < found.loss_none


def test_a_score_that_tells_nothing_is_not_claimed():
    verdicts = [judge(drawn(customers=1500, effect=0, seed=seed)).verdict[0] for seed in range(3)]
    assert "adds" not in verdicts
    assert "adds_nothing" in verdicts


def test_few_events_are_too_few():
    cells = drawn(customers=1500, effect=0.25, seed=1)
    rare = cells[~cells.bought | (cells.index % 9 == 0)]
    few = rare[rare.bought].customers.sum() // 10
    assert few < 8
    kept = pd.concat([rare[rare.bought].head(70), rare[~rare.bought]], ignore_index=True)
    found = judge(kept[kept.customers == 1]).iloc[0]
    assert (found.verdict, np.isnan(found.gain)) == ("too_few", True)


def test_the_losses_agree_with_a_second_fit():
    cells = drawn(customers=600, effect=0.2, seed=4)
    centred = cells[["r", "f", "m"]].to_numpy(float) - 3
    design = np.column_stack([np.ones(len(cells)), centred, centred**2, cells.score])
    bought, weight = cells.bought.to_numpy(float), cells.customers.to_numpy(float)

    def loss(b, rows):
        odds = design[rows] @ b
        return weight[rows] @ (np.logaddexp(0, odds) - bought[rows] * odds)

    total = 0.0
    for fold in range(10):
        held = (cells.fold == fold).to_numpy()
        best = minimize(loss, np.zeros(8), args=(~held,), method="BFGS", options={"gtol": 1e-6})
        total += loss(best.x, held)
    assert judge(cells).loss_both[0] == pytest.approx(total / weight.sum(), abs=1e-6)


def test_questions_are_corrected_together():
    one = drawn(customers=800, effect=0.1, seed=3)
    both = judge(pd.concat([one, one.assign(question="csat")], ignore_index=True))
    alone = judge(one)
    assert both.question.tolist() == ["csat", "nps"]
    assert both.p_holm[1] == pytest.approx(min(1, 2 * alone.p[0]))
    assert both.gain[1] == pytest.approx(alone.gain[0])


def test_no_answers_and_no_period():
    assert list(judge(drawn(customers=10, effect=0, seed=1).head(0)).columns) == module.COLUMNS
    purchases = purchases_of([("ann", "1997-01-05", 10)])
    with pytest.raises(ParameterError, match="at least a day, found 0"):
        foresight(surveys_of([]), purchases, as_of="1997-06-30", days=0)
