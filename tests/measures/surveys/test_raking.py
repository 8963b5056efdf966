"""Raking: by hand, against its margins, against post-stratification and by a second way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from regulars.measures.surveys.raking import design_effect, merged, rake, raked


def cells_of(first, second, base, answers):
    return pd.DataFrame({"sex": first, "age": second, "base": base, "answers": answers})


def grid(base, answers):
    """Cells of two variables with two and three values."""
    return cells_of(list("fffmmm"), list("abcabc"), base, answers)


def margins_of(cells, weight, name):
    found = (weight * cells.answers).groupby(cells[name]).sum() / cells.answers.sum()
    return found, cells.base.groupby(cells[name]).sum() / cells.base.sum()


def by_root(cells):
    """Weights exp(a + b), found by a solver instead of fitting in turns."""
    one_hot = np.column_stack(
        [(cells[name] == value).astype(float) for name in ("sex", "age") for value in
         sorted(set(cells[name]))[1:]] + [np.ones(len(cells))]
    )  # fmt: skip
    n = cells.answers.to_numpy(float)
    target = cells.base.to_numpy(float) / cells.base.sum() * n.sum()

    def off(parts):
        return one_hot.T @ (n * np.exp(one_hot @ parts) - target)

    return np.exp(one_hot @ optimize.root(off, np.zeros(one_hot.shape[1]), tol=1e-12).x)


def test_two_by_two_by_hand():
    # Of 100 answers: f a 40, f b 20, m a 30, m b 10; wanted: half of each. The odds ratio
    # 40 * 10 / (20 * 30) = 2/3 stays, so the fitted table is x, 50 - x; 50 - x, x with
    # (x / (50 - x))² = 2/3: x = 50 / (1 + sqrt(1.5)) = 22.4745.
    cells = cells_of(list("ffmm"), list("abab"), [25, 25, 25, 25], [40, 20, 30, 10])
    found = raked(cells, ["sex", "age"])
    x = 50 / (1 + np.sqrt(1.5))
    fitted = (found.weight * cells.answers).tolist()
    assert fitted == pytest.approx([x, 50 - x, 50 - x, x])
    assert not found.trimmed


counts = st.lists(st.integers(5, 60), min_size=6, max_size=6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(50, 200), min_size=6, max_size=6), counts)
def test_margins_are_those_of_the_base(base, answers):
    cells = grid(base, answers)
    found = raked(cells, ["sex", "age"], limit=1000)
    for name in ("sex", "age"):
        reached, wanted = margins_of(cells, found.weight, name)
        assert reached.to_numpy() == pytest.approx(wanted.to_numpy(), abs=1e-7)
    assert (found.weight * cells.answers).sum() == pytest.approx(sum(answers))
    assert design_effect(found.weight, cells.answers) >= 1 - 1e-12


def test_a_solver_finds_the_same_weights():
    cells = grid([300, 120, 80, 100, 250, 150], [10, 30, 25, 40, 12, 33])
    found = raked(cells, ["sex", "age"]).weight
    assert found.to_numpy() == pytest.approx(by_root(cells), rel=1e-6)


def test_one_variable_is_post_stratification():
    cells = grid([300, 120, 80, 100, 250, 150], [10, 30, 25, 40, 12, 33])
    cells = cells.assign(both=cells.sex + cells.age)
    found = raked(cells, ["both"]).weight
    known = cells.base / cells.base.sum() / (cells.answers / cells.answers.sum())
    assert found.to_numpy() == pytest.approx(known.to_numpy())


def test_order_of_rows_and_of_variables_changes_nothing():
    cells = grid([300, 120, 80, 100, 250, 150], [10, 30, 25, 40, 12, 33])
    shuffled = cells.sample(frac=1, random_state=4)
    found = raked(shuffled, ["age", "sex"]).weight.sort_index()
    assert found.to_numpy() == pytest.approx(raked(cells, ["sex", "age"]).weight.to_numpy())


def test_what_no_weights_fit_has_none():
    # Only f a and m b answered, so that the share of f is that of a; the base has another.
    cells = cells_of(list("ffmm"), list("abab"), [45, 15, 10, 30], [20, 0, 0, 20])
    found = raked(cells, ["sex", "age"])
    assert found.weight is None
    assert found.furthest > 0.01


def test_no_variable_gives_every_answer_the_same_weight():
    cells = grid([100] * 6, [10, 30, 25, 40, 12, 33])
    assert set(raked(cells, []).weight) == {1.0}


def test_large_weights_are_cut_and_what_is_missed_is_told():
    cells = cells_of(list("fm"), list("aa"), [90, 10], [10, 90])
    found = raked(cells, ["sex"], limit=5)
    assert found.trimmed
    assert found.weight.tolist() == pytest.approx([5, 50 / 90])
    assert found.furthest == pytest.approx(0.4)


def test_cut_weights_are_raked_again_until_all_fits():
    # Both f and a answer little, so that f a has to weigh much; f b and m a can take over.
    cells = cells_of(list("ffmm"), list("abab"), [300, 200, 200, 300], [8, 22, 22, 98])
    free, found = raked(cells, ["sex", "age"], limit=99), raked(cells, ["sex", "age"], limit=3.5)
    assert free.weight.max() > 3.6
    assert found.trimmed
    assert found.weight[cells.answers > 0].max() <= 3.5 * (1 + 1e-6)
    assert (found.weight * cells.answers).sum() == pytest.approx(150)
    assert found.furthest < 1e-6


@pytest.mark.parametrize(
    ("answers", "together", "categories"),
    [
        ([20, 30, 40], 0, 3),
        ([20, 30, 9], 2, 2),  # one alone takes the next smallest along
        ([20, 6, 7], 2, 2),  # two that have ten together
        ([20, 3, 4], 3, 1),  # together still too few
        ([12, 0, 30], 2, 2),
        ([0, 0, 30], 3, 1),
    ],
)
def test_categories_with_few_answers_are_put_together(answers, together, categories):
    cells = pd.DataFrame({"age": ["a", "b", None], "base": [50, 30, 20], "answers": answers})
    found, times = merged(cells, ["age"])
    assert times == {"age": together}
    assert found.age.nunique() == categories
    assert found.age.notna().all()
    assert cells.age.isna().sum() == 1
    assert (found.answers.groupby(found.age).sum() >= 10).all()


def test_design_effect_is_one_plus_the_squared_variation():
    weight, answers = pd.Series([0.5, 2.0, 1.0]), pd.Series([20, 10, 30])
    each = np.repeat(weight.to_numpy(), answers)
    known = 1 + (each.std() / each.mean()) ** 2
    assert design_effect(weight, answers) == pytest.approx(known)


def test_a_share_of_the_answers_may_be_missing_in_a_cell():
    cells = grid([300, 120, 80, 100, 250, 150], [10, 0, 25, 40, 12, 33])
    margins = {name: cells.base.groupby(cells[name]).sum() / 1000 for name in ("sex", "age")}
    found = rake(cells.answers, margins, cells)
    for name in ("sex", "age"):
        reached, wanted = margins_of(cells, found.weight, name)
        assert reached.to_numpy() == pytest.approx(wanted.to_numpy(), abs=1e-7)
