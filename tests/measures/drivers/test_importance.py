"""Importance: surveys by hand, the truth of simulated answers, and what cannot be said."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.drivers.importance import drivers
from regulars.measures.drivers.opinions import opinions
from regulars.measures.drivers.order import order
from regulars.measures.engine import fetch, table_of

SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def said_of(rows):
    """Rows of (customer, day and time, question, score)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "responded_at", "question", "score"])
    at = pd.to_datetime(frame.responded_at, format="ISO8601")
    ends = [SCALES.get(question, (1, 5)) for question in frame.question]
    return table_of(
        frame.assign(
            customer_id=frame.customer_id.astype("str").where(frame.customer_id.notna()),
            responded_at=at,
            day=at.dt.normalize(),
            score=frame.score.astype(float),
            lowest=[low for low, _ in ends],
            highest=[high for _, high in ends],
        )
    )


def survey_of(customer, when, **scores):
    names = {name: name if name in SCALES else f"driver:{name}" for name in scores}
    return [(customer, when, names[name], score) for name, score in scores.items()]


def simulated(n, weights, *, seed, outcome="nps", common=1.0):
    """Customers who like the shop, each driver in their own way, and say so in whole points."""
    rng = np.random.default_rng(seed)
    liking = common * rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, len(weights)))
    low, high = SCALES[outcome]
    would = (low + high) / 2 + 1.6 * liking @ [*weights.values()] + rng.normal(size=n)
    said = np.clip(np.rint(3.5 + 0.8 * liking + 0.4 * rng.normal(size=liking.shape)), 1, 5)
    table = pd.DataFrame(said, columns=[f"driver:{name}" for name in weights])
    table[outcome] = np.clip(np.rint(would), low, high)
    table["customer_id"] = [f"c{one}" for one in range(n)]
    long = table.melt("customer_id", var_name="question", value_name="score")
    long["responded_at"] = "2025-01-05"
    return long[["customer_id", "responded_at", "question", "score"]]


BY_HAND = [
    # ann answers two surveys; the newer one counts.
    *survey_of("ann", "2025-01-05", nps=2, price=1, quality=1),
    *survey_of("ann", "2025-02-05", nps=9, price=2, quality=5),
    # bob answers a page at a time, and one question again.
    ("bob", "2025-01-05 10:00", "nps", 5),
    ("bob", "2025-01-05 10:01", "driver:price", 3),
    ("bob", "2025-01-05 10:02", "driver:price", 4),
    ("bob", "2025-01-05 10:03", "driver:quality", 1),
    # cyd's newer survey is not complete.
    *survey_of("cyd", "2025-01-05", nps=10, price=5, quality=3),
    *survey_of("cyd", "2025-03-05", nps=0, price=1),
    # dan never says what he thinks of quality; eve was not asked whether she would recommend.
    *survey_of("dan", "2025-01-05", nps=7, price=3),
    *survey_of("eve", "2025-01-05", price=3, quality=3),
    # Nobody knows whose these are; and an outcome alone is no survey of drivers.
    *survey_of(None, "2025-01-05", nps=7, price=3, quality=2),
    *survey_of("fay", "2025-01-05", nps=4),
]


def test_rows_by_hand():
    found = opinions(said_of(BY_HAND))
    assert found.outcome == "nps"
    assert found.drivers.driver.tolist() == ["price", "quality"]
    assert (found.customers, found.n, found.left_out) == (4, 3, [])
    rows = fetch(found.table).set_index("customer_id").sort_index()
    assert rows[["x0", "x1", "y"]].to_numpy().tolist() == [
        [0.25, 1.0, 0.9],
        [0.75, 0.0, 0.5],
        [1.0, 0.5, 1.0],
    ]


def test_csat_is_taken_where_there_is_no_nps():
    rows = survey_of("ann", "2025-01-05", csat=5, ces=6, price=2)
    assert opinions(said_of(rows)).outcome == "csat"
    # One survey in which nps came along by accident does not make it the outcome.
    rows = [
        row for who in "abc" for row in survey_of(who, "2025-01-05", csat=5, price=2)
    ] + survey_of("d", "2025-01-05", nps=5, price=2)
    assert opinions(said_of(rows)).outcome == "csat"


def test_no_drivers_no_opinions():
    assert opinions(said_of(survey_of("ann", "2025-01-05", nps=5))) is None
    assert opinions(said_of(survey_of("ann", "2025-01-05", price=5))) is None
    apart = survey_of("ann", "2025-01-05", nps=5) + survey_of("ann", "2025-01-06", price=5)
    assert opinions(said_of(apart)) is None
    found = drivers(said_of(apart))
    assert found.withheld == "No survey asks for drivers beside NPS, CSAT or CES."
    assert found.shares.empty
    assert found.r2 is None


def test_a_driver_seldom_asked_does_not_cost_the_others_their_surveys():
    rows = simulated(200, {"price": 0.5, "quality": 0.5}, seed=1).to_numpy().tolist()
    rows += [(f"c{one}", "2025-01-05", "driver:parking", 1 + one % 5) for one in range(60)]
    found = drivers(said_of(rows), replicates=200)
    assert (found.n, found.left_out) == (200, ["parking"])
    assert sorted(found.shares.driver) == ["price", "quality"]


def test_at_most_ten_drivers():
    weights = {f"d{one:02}": 1 / 12 for one in range(12)}
    rows = simulated(150, weights, seed=1)
    lost = rows.question.isin(["driver:d03", "driver:d07"]) & (rows.customer_id == "c0")
    found = opinions(said_of(rows[~lost].to_numpy().tolist()))
    assert found.left_out == ["d03", "d07"]
    assert (len(found.drivers), found.n) == (10, 150)


def test_the_order_that_is_there_is_found():
    weights = {"delivery": 0.05, "price": 0.1, "quality": 0.6, "service": 0.25}
    found = drivers(said_of(simulated(1500, weights, seed=3).to_numpy().tolist()), replicates=400)
    shares = found.shares.set_index("driver")
    assert found.shares.driver.tolist()[:2] == ["quality", "service"]
    assert found.pairs[found.pairs["first"] == "quality"].decided.all()
    assert shares.share.sum() == pytest.approx(found.r2.value)
    assert found.r2.low < found.r2.value < found.r2.high
    assert (shares.low < shares.share).all()
    assert (shares.share < shares.high).all()
    assert found.p < 1e-9
    assert (shares.correlation > 0).all()


def test_equal_drivers_are_not_put_in_order():
    weights = {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}
    found = drivers(said_of(simulated(800, weights, seed=5).to_numpy().tolist()), replicates=200)
    assert not found.pairs.decided.any()
    assert len(found.pairs) == 6
    # What was found is less than what could have been, and an interval holds zero.
    assert (found.pairs.difference < found.pairs.detectable).all()


def test_a_larger_scale_changes_no_share():
    rows = simulated(300, {"price": 0.3, "quality": 0.7}, seed=2)
    once = drivers(said_of(rows.to_numpy().tolist()), replicates=200)
    table = said_of(rows.to_numpy().tolist()).to_pyarrow().to_pandas()
    price = table.question == "driver:price"
    table.loc[price, "score"] = 10 * (table.score[price] - 1)
    table.loc[price, ["lowest", "highest"]] = (0, 40)
    other = drivers(table_of(table), replicates=200)
    columns = ["driver", "share", "low", "high", "place", "coefficient"]
    pd.testing.assert_frame_equal(once.shares[columns], other.shares[columns])
    scores = [frame.shares.set_index("driver").mean_answer["price"] for frame in (once, other)]
    assert scores[1] == pytest.approx(10 * (scores[0] - 1))


def test_the_order_of_rows_changes_nothing():
    rows = simulated(120, {"price": 0.3, "quality": 0.7}, seed=2)
    one = drivers(said_of(rows.to_numpy().tolist()), replicates=100)
    other = drivers(
        said_of(rows.sample(frac=1, random_state=1).to_numpy().tolist()), replicates=100
    )
    pd.testing.assert_frame_equal(one.shares, other.shares)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)


def test_performance_is_the_mean_answer_with_its_interval():
    rows = simulated(100, {"price": 0.3, "quality": 0.7}, seed=2)
    found = drivers(said_of(rows.to_numpy().tolist()), replicates=100).shares.set_index("driver")
    own = rows[rows.question == "driver:price"].score.astype(float)
    assert found.mean_answer["price"] == pytest.approx(own.mean())
    reach = 1.984217 * own.std() / 10 / 4  # Student's t with 99 degrees, a scale of four steps
    assert found.place_high["price"] - found.place["price"] == pytest.approx(reach, rel=1e-5)


def test_too_few_are_withheld():
    weights = {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25, "e": 0.25}
    enough = drivers(said_of(simulated(60, weights, seed=1).to_numpy().tolist()), replicates=50)
    assert enough.withheld is None
    few = drivers(said_of(simulated(59, weights, seed=1).to_numpy().tolist()))
    assert few.withheld == (
        "Shares of 5 drivers need 60 customers who answered all of them in one survey; "
        "there are fewer."
    )
    assert few.shares.empty
    few = drivers(said_of(simulated(49, {"a": 1.0}, seed=1).to_numpy().tolist()))
    assert "need 50 customers" in few.withheld


def test_one_driver_has_all_that_is_explained():
    found = drivers(said_of(simulated(100, {"price": 1.0}, seed=1).to_numpy().tolist()))
    assert found.shares.share[0] == pytest.approx(found.r2.value)
    assert found.shares.vif.tolist() == [1.0]
    assert found.pairs.empty


def test_equal_answers_explain_nothing():
    rows = simulated(100, {"price": 0.5, "quality": 0.5}, seed=1)
    flat = rows.assign(score=rows.score.where(rows.question != "nps", 8))
    found = drivers(said_of(flat.to_numpy().tolist()))
    assert found.withheld == "Everybody gives the same answer to NPS."
    flat = rows.assign(score=rows.score.where(rows.question != "driver:price", 3))
    found = drivers(said_of(flat.to_numpy().tolist()), replicates=50)
    assert (found.equal, found.shares.driver.tolist()) == (["price"], ["quality"])
    flat = rows.assign(score=rows.score.where(rows.question == "nps", 3))
    found = drivers(said_of(flat.to_numpy().tolist()))
    assert found.withheld == "Everybody gives the same answer to every driver."


def test_twins_are_not_put_in_order():
    rows = simulated(100, {"price": 1.0}, seed=1)
    twin = rows[rows.question == "driver:price"].assign(question="driver:cost")
    found = drivers(said_of(pd.concat([rows, twin]).to_numpy().tolist()), replicates=50)
    assert found.shares.driver.tolist() == ["cost", "price"]
    assert found.shares.share[0] == found.shares.share[1]
    assert np.isinf(found.shares.vif).all()
    assert found.pairs[["difference", "p", "decided"]].to_numpy().tolist() == [[0, 1, False]]


def test_a_suppressor_has_a_coefficient_below_zero():
    rng = np.random.default_rng(1)
    liking = rng.integers(2, 5, 400)
    mood = rng.integers(-1, 2, 400)
    rows = []
    for one in range(400):
        both = {"price": liking[one] + mood[one], "staff": np.clip(3 + mood[one] + one % 2, 1, 5)}
        rows += survey_of(f"c{one}", "2025-01-05", nps=2 * liking[one], **both)
    shares = drivers(said_of(rows), replicates=300).shares.set_index("driver")
    assert shares.coefficient_high["staff"] < 0 < shares.coefficient_low["price"]


def test_order_corrects_for_the_number_of_pairs():
    names = [f"{one} over {other}" for one, other in [(0, 1), (0, 2), (1, 2)]]
    numbers = pd.DataFrame({"value": [0.2, 0.3, 0.1], "low": 0.0, "high": 0.5}, index=names)
    found = order(["a", "b", "c"], numbers, pd.Series(0.1, index=names))
    # z of 3, 2 and 1: p .0027, .0455, .317; by Holm .0081, .091, .317.
    assert found.p_holm.round(4).tolist() == [0.0081, 0.0910, 0.3173]
    assert found.decided.tolist() == [True, False, False]
    assert found.detectable.round(3).tolist() == [0.28, 0.28, 0.28]
