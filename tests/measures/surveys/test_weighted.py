"""Weighted scores: by hand, as the plain ones where nothing is weighted, and a planted bias."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError, StatisticalDoubt, collect_doubts
from regulars.measures.engine import table_of
from regulars.measures.intervals import wilson
from regulars.measures.surveys.bounds import mean_bounds, nps
from regulars.measures.surveys.cell_scores import effective_numbers, moved_by, score_of_cells
from regulars.measures.surveys.raking import merged, raked
from regulars.measures.surveys.weighted import weighted_scores

BANDS = {"promoter": 10.0, "passive": 8.0, "detractor": 3.0}


def base_of(sizes):
    """Customers a000, a001 … of group a, and so on; a group None is not known."""
    rows = [(f"{group}{i:03}", group) for group, size in sizes.items() for i in range(size)]
    return pd.DataFrame(rows, columns=["customer_id", "household"])


def nps_of(told):
    """Answers of the first customers of each group: so many of each band."""
    rows = []
    for group, counts in told.items():
        bands = np.repeat(list(BANDS), counts)
        rows += [(f"{group}{i:03}", "nps", BANDS[band], band) for i, band in enumerate(bands)]
    return pd.DataFrame(rows, columns=["customer_id", "question", "score", "band"])


def scored(voices, base, by=("household",)):
    return weighted_scores(table_of(voices), table_of(base), by=by)


# a: 300 of 400 customers, 20 answers, NPS 0; b: 100 customers, 60 answers, NPS 50.
BASE = base_of({"a": 300, "b": 100})
TOLD = nps_of({"a": (8, 4, 8), "b": (36, 18, 6)})


def test_weighted_by_hand():
    row = scored(TOLD, BASE).iloc[0]
    assert (row.question, row.measure, row.n) == ("nps", "nps", 80)
    assert row.value == pytest.approx(100 * (44 - 14) / 80)
    assert row.weighted == pytest.approx(0.75 * 0 + 0.25 * 50)
    assert row.moved == pytest.approx(12.5 - 37.5)
    # Weights: a .75 / .25 = 3, b .25 / .75 = 1/3.
    effect = 80 * (20 * 9 + 60 / 9) / 80**2
    assert row.design_effect == pytest.approx(effect)
    assert row.effective_n == pytest.approx(80 / effect)
    assert row.weighted_low < 12.5 < row.weighted_high
    assert row.moved_high < 0


def test_the_variance_is_that_of_the_weighted_answers():
    cells = pd.DataFrame({"answers": [20, 60], "up": [8, 36], "down": [8, 6]})
    cells = cells.assign(total=0.0, squares=0.0)
    weight = pd.Series([3.0, 1 / 3])
    each = np.repeat(weight.to_numpy(), [20, 60])
    y = np.repeat([1, 0, -1, 1, 0, -1], [8, 4, 8, 36, 18, 6])
    mean = np.average(y, weights=each)
    variance = (each**2 * (y - mean) ** 2).sum() / each.sum() ** 2
    kish, linear = effective_numbers(cells, weight, "nps")
    assert linear == pytest.approx(np.average((y - mean) ** 2, weights=each) / variance)
    assert kish == pytest.approx(each.sum() ** 2 / (each**2).sum())
    moved = moved_by(cells, weight, "nps")
    influence = each * (y - mean) - (y - y.mean())
    reach = 100 * 1.959964 * np.sqrt((influence**2).sum()) / 80
    assert moved["moved_high"] - moved["moved"] == pytest.approx(reach, rel=1e-5)


def test_without_weights_the_scores_are_the_plain_ones():
    cells = pd.DataFrame({"answers": [30, 50], "up": [12, 30], "down": [9, 5]})
    cells = cells.assign(total=[100.0, 210.0], squares=[380.0, 930.0])
    even = pd.Series([1.0, 1.0])
    plain = nps(42, 24, 14)
    found = score_of_cells(cells, even, "nps")
    assert list(found.values()) == pytest.approx([plain.value, plain.low, plain.high])
    share = wilson(42, 80)
    found = score_of_cells(cells, even, "top_box")
    assert list(found.values()) == pytest.approx([share.value, share.low, share.high])
    low, high = mean_bounds([310.0], [1310.0], [80])
    found = score_of_cells(cells, even, "mean")
    assert list(found.values()) == pytest.approx([310 / 80, low[0], high[0]])


def test_by_nothing_nothing_moves():
    row = scored(TOLD, BASE, by=[]).iloc[0]
    assert row[["weighted", "weighted_low", "weighted_high"]].tolist() == pytest.approx(
        row[["value", "low", "high"]].tolist()
    )
    assert (row.moved, row.design_effect) == pytest.approx((0, 1))


def test_each_question_is_read_its_own_way():
    rng = np.random.default_rng(2)
    parts = [TOLD]
    for question, points in (("csat", 5), ("ces", 7), ("driver:price", 5)):
        said = TOLD.assign(question=question, score=rng.integers(1, points + 1, len(TOLD)) * 1.0)
        parts.append(said.assign(band=np.where(said.score > points - 2, "top", "rest")))
    found = scored(pd.concat(parts), BASE)
    kinds = list(zip(found.question, found.measure, strict=True))
    assert kinds == [("nps", "nps"), ("csat", "top_box"), ("ces", "mean"), ("ces", "top_box")]


def test_unknown_is_a_category_and_order_changes_nothing():
    base = BASE.assign(household=BASE.household.where(BASE.household == "a", None))
    plain = scored(TOLD, BASE).drop(columns="hidden").iloc[:, 2:].astype(float)
    found = scored(TOLD.sample(frac=1, random_state=1), base.sample(frac=1, random_state=2))
    found = found.drop(columns="hidden").iloc[:, 2:].astype(float)
    assert found.to_numpy() == pytest.approx(plain.to_numpy())


def test_strangers_are_left_out_and_counted():
    # They are not taken for customers of whom the household is not known.
    base = BASE.assign(household=BASE.household.where(BASE.household == "a", None))
    for counts in ((30, 0, 0), (0, 0, 30)):
        strangers = nps_of({"z": counts}).assign(customer_id=["z"] * 12 + [None] * 18)
        with pytest.warns(StatisticalDoubt, match="^30 answers are not weighted"):
            row = scored(pd.concat([TOLD, strangers]), base).iloc[0]
        assert row.n == 80
        assert row.value == pytest.approx(37.5)
        assert row.weighted == pytest.approx(12.5)


def test_few_strangers_stay_in_so_that_nothing_tells_of_them():
    strangers = nps_of({"z": (6, 0, 0)}).assign(customer_id=["z"] * 3 + [None] * 3)
    with pytest.warns(StatisticalDoubt, match="^Fewer than 10 answers to NPS are anonymous"):
        row = scored(pd.concat([TOLD, strangers]), BASE).iloc[0]
    assert row.n == 86
    assert row.value == pytest.approx(100 * (44 + 6 - 14) / 86)
    # The base weighs 80 answers at 12.5 in the mean, and each stranger as much as the mean answer.
    assert row.weighted == pytest.approx((80 * 12.5 + 6 * 100) / 86)
    assert row.weighted - row.value == pytest.approx(row.moved)
    assert row.effective_n == pytest.approx(86 / row.design_effect)


def test_answers_of_strangers_alone_are_counted():
    strangers = nps_of({"z": (20, 0, 0)})
    with pytest.warns(StatisticalDoubt, match="^20 answers are not weighted"):
        assert scored(strangers, BASE).empty
    few = nps_of({"z": (2, 0, 0)})
    with collect_doubts() as doubts:
        assert scored(few, BASE).empty
    assert doubts == []


def test_a_share_that_would_tell_of_a_few_strangers_is_hidden():
    def top(rows):
        tops = rows.band == "promoter"
        return rows.assign(question="csat", band=np.where(tops, "top", "rest"))

    for counts, away in (((15, 0, 15), False), ((26, 0, 4), True), ((30, 0, 0), False)):
        said = pd.concat([top(TOLD), top(nps_of({"z": counts}))])
        with collect_doubts():
            row = scored(said, BASE).iloc[0]
        assert (bool(row.hidden), bool(pd.isna(row.n))) == (away, away)


def test_what_had_to_be_done_is_said():
    base = base_of({"a": 300, "b": 100, "c": 50, "d": 50})
    told = nps_of({"a": (8, 4, 8), "b": (36, 18, 6), "c": (2, 2, 2)})
    with collect_doubts() as doubts:
        found = scored(told, base)
    assert found.weighted.notna().all()
    assert doubts == [
        "For the weights of NPS, values of household with fewer than 10 answers were put together "
        "with others."
    ]


def test_heavy_weights_are_trimmed_and_it_is_said():
    # a has 75 % of the customers and 14 of 100 answers: its weight would be 5.36.
    told = nps_of({"a": (6, 2, 6), "b": (60, 20, 6)})
    with pytest.warns(StatisticalDoubt, match=r"trimmed at 5 times the mean.* stays 5\.0 percent"):
        row = scored(told, BASE).iloc[0]
    assert row.weighted == pytest.approx(0.70 * 0 + 0.30 * 100 * 54 / 86)


def test_answers_that_cannot_stand_for_all_are_not_weighted():
    told = nps_of({"a": (4, 2, 4), "b": (60, 20, 10)})
    with pytest.warns(
        StatisticalDoubt, match=r"cannot stand for all.* 25\.0 percentage points off"
    ):
        row = scored(told, BASE).iloc[0]
    assert row.value == pytest.approx(50)
    assert np.isnan(row.weighted)


def test_where_no_weights_fit_the_plain_score_stands_alone():
    base = BASE.assign(age=["x"] * 150 + ["y"] * 250)
    told = TOLD.assign(customer_id=[*BASE.customer_id[:20], *BASE.customer_id[300:360]])
    with pytest.warns(StatisticalDoubt, match="No weights fit the answers to NPS"):
        row = scored(told, base, by=["household", "age"]).iloc[0]
    assert row.value == pytest.approx(37.5)
    assert row[["weighted", "design_effect", "moved"]].isna().all()


def test_fewer_than_ten_answers_are_hidden():
    row = scored(nps_of({"a": (3, 3, 3)}), BASE).iloc[0]
    assert row.hidden
    assert row.drop(["question", "measure", "hidden"]).isna().all()


def test_a_share_that_tells_of_few_is_hidden():
    told = TOLD.assign(question="csat", band="top", score=5.0)
    told.loc[told.index[:4], "band"] = "rest"
    assert scored(told, BASE).hidden.tolist() == [True]


def test_no_answers_give_no_rows():
    assert scored(TOLD.head(0).astype({"score": "float64", "band": "str"}), BASE).empty


def test_a_column_that_nobody_has_is_refused():
    with pytest.raises(ParameterError, match=r"customers \(household\), found ladder"):
        scored(TOLD, BASE, by=["ladder"])


def population(rng, n):
    """Answers of four groups that answer unlike and are unlike content, and weights for them."""
    base, answering = np.array([0.35, 0.3, 0.2, 0.15]), np.array([0.6, 0.4, 0.25, 0.15])
    bands = np.array([[0.6, 0.3, 0.1], [0.5, 0.3, 0.2], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6]])
    counts = rng.multinomial(n, base * answering / (base * answering).sum())
    said = np.array([rng.multinomial(m, p) for m, p in zip(counts, bands, strict=True)])
    cells = pd.DataFrame({"group": list("abcd"), "base": 10_000 * base, "answers": counts})
    cells = cells.assign(up=said[:, 0], down=said[:, 2], total=0.0, squares=0.0)
    return cells, 100 * (base * (bands[:, 0] - bands[:, 2])).sum()


def test_weighted_intervals_hold_the_truth_and_plain_ones_do_not():
    rng, held, plain = np.random.default_rng(9), [], []
    for _ in range(150):
        cells, truth = population(rng, 300)
        weight = raked(merged(cells, ["group"])[0], ["group"]).weight
        found = score_of_cells(cells, weight, "nps")
        held.append(found["low"] <= truth <= found["high"])
        found = score_of_cells(cells, pd.Series(1.0, cells.index), "nps")
        plain.append(found["low"] <= truth <= found["high"])
    assert np.mean(held) >= 0.92
    assert np.mean(plain) < 0.4
