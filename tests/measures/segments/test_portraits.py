"""Portraits: profiles by hand, differences by a second way, and nobody given away."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.segments.differences import differences, most_distinct
from regulars.measures.segments.portraits import portraits
from regulars.measures.segments.profiles import customer_profile, with_attributes
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.measures.surveys.scores import in_groups, scores

LINES = [
    ("ann", "1996-06-01", 99),
    ("ann", "1997-01-05", 30),
    ("ann", "1997-02-01", 20),
    ("ann", "1997-02-03", -10, "return"),
    ("bob", "1996-07-01", 50),
    ("cyd", "1997-02-20", 8),
    ("dan", "1997-02-21", -8, "return"),
]


def contacts():
    rows = [
        ("ann", "1997-01-31 10:00", "complaint"),
        ("bob", "1996-12-31 23:00", "complaint"),
        ("cyd", "1997-02-20 09:00", "inquiry"),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "opened_at", "kind"])
    return table_of(frame.astype({"opened_at": "datetime64[us]"}))


def groups_of(frame):
    return table_of(frame[["customer_id", "segment"]])


def people(n=400, *, seed=1):
    """Customers of three segments at random, with measures that know nothing of them."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:04}" for number in range(n)],
            "segment": random.choice(["a", "b", "c"], n, p=[0.2, 0.3, 0.5]),
            "spend": random.lognormal(3, 1, n),
            "age": random.integers(1, 400, n),
            "return_share": np.where(random.random(n) < 0.3, np.nan, random.beta(1, 9, n)),
            "repurchased": random.random(n) < 0.4,
            "region": random.choice(["north", "south", "east"], n),
        }
    )


def test_a_profile_by_hand():
    profile = customer_profile(
        purchases_of(LINES), as_of="1997-02-28", since="1996-12-31", interactions=contacts()
    )
    rows = fetch(profile.order_by("customer_id")).set_index("customer_id")
    ann, bob, cyd = (rows.loc[name] for name in ("ann", "bob", "cyd"))
    assert list(rows.index) == ["ann", "bob", "cyd"]
    assert (ann.orders, ann.spend, ann.returned, ann.age) == (2, 40, 10, 272)
    assert (ann.value_per_order, ann.return_share) == (20, 0.2)
    assert (bob.orders, bob.spend, bob.margin, bob.days_since_last) == (0, 0, 0, 242)
    assert pd.isna(bob.value_per_order)
    assert rows.repurchased.tolist() == [True, None, False]
    assert rows.complained.tolist() == [True, False, False]
    assert pd.isna(ann.margin)


def test_attributes_keep_every_customer_once():
    profile = customer_profile(purchases_of(LINES), as_of="1997-02-28")
    born = pd.DataFrame(
        {
            "customer_id": ["ann", "zoe"],
            "region": ["north", "south"],
            "birth_date": pd.to_datetime(["1970-05-01", "1980-01-01"]).date,
            "source_line": [1, 2],
        }
    )
    rows = fetch(with_attributes(profile, table_of(born), table_of(born)).order_by("customer_id"))
    assert rows.customer_id.tolist() == ["ann", "bob", "cyd"]
    assert rows.region.dropna().to_dict() == {0: "north"}
    assert rows.birth_year.iloc[0] == 1970
    assert not {"birth_date", "source_line"} & {*rows}


def test_differences_by_a_second_way():
    frame = people()
    found = differences(table_of(frame.drop(columns="segment")), groups_of(frame))
    found = found.set_index(["segment", "measure", "level"])
    for segment in "abc":
        own, rest = (frame[(frame.segment == segment) == here] for here in (True, False))
        logs = [np.log1p(part.spend) for part in (own, rest)]
        shares = [part.return_share.dropna() for part in (own, rest)]
        for measure, (one, other) in {"spend": logs, "return_share": shares}.items():
            d = (one.mean() - other.mean()) / np.sqrt((one.var() + other.var()) / 2)
            row = found.loc[segment, measure, ""]
            assert row.d == pytest.approx(d, abs=1e-5)
            assert (row.n, row.rest_n) == (len(one), len(other))
            assert row.low < row.d < row.high
        row = found.loc[segment, "region", "north"]
        assert row["mean"] == pytest.approx((own.region == "north").mean(), abs=1e-6)
        assert row.rest_mean == pytest.approx((rest.region == "north").mean(), abs=1e-6)


def test_intervals_of_differences_hold_the_truth():
    held, runs = 0, 30
    for seed in range(runs):
        frame = people(300, seed=seed)
        shift = np.where(frame.segment == "a", 0.5, 0)
        frame = frame[["customer_id", "segment"]].assign(
            price_ratio=np.random.default_rng(seed).normal(shift, 1)
        )
        found = differences(table_of(frame.drop(columns="segment")), groups_of(frame))
        row = found[found.segment == "a"].iloc[0]
        held += row.low <= 0.5 <= row.high
    assert held >= 25  # 95 % of 30 is 28.5, less three standard errors


def test_groups_at_random_are_told_apart_by_nothing_but_chance():
    told = 0
    for seed in range(100, 120):
        frame = people(seed=seed)
        found = differences(table_of(frame.drop(columns="segment")), groups_of(frame))
        told += bool(len(most_distinct(found)))
    assert told <= 4  # 5 % of 20 is 1; more than 4 comes once in 400 times


def test_a_true_difference_is_found_and_stands_first():
    frame = people()
    frame["spend"] *= np.where(frame.segment == "a", 20, 1)
    found = differences(table_of(frame.drop(columns="segment")), groups_of(frame))
    best = most_distinct(found)
    assert best[best.segment == "a"].measure.iloc[0] == "spend"
    assert (best.groupby("segment").size() <= 5).all()
    left_out = differences(
        table_of(frame.drop(columns="segment")), groups_of(frame), without=["spend"]
    )
    assert "spend" not in set(left_out.measure)


def test_the_third_a_mean_falls_in_is_not_compared():
    # The mean of many orders lies in the middle third, the mean of one anywhere: no other taste.
    random = np.random.default_rng(4)
    orders = np.where(np.arange(900) < 300, 12, 1)
    mean = np.array([random.lognormal(0, 0.5, n).mean() for n in orders])
    thirds = pd.qcut(mean, 3, labels=["low", "middle", "high"]).astype(str)
    frame = pd.DataFrame({"customer_id": [f"c{n:03}" for n in range(900)], "price_level": thirds})
    frame["segment"] = np.where(orders > 1, "vip", "other")
    profile = table_of(frame.drop(columns="segment").assign(price_ratio=mean))
    assert set(differences(profile, groups_of(frame)).measure) == {"price_ratio"}


def test_few_customers_are_not_compared():
    frame = people()
    few = frame.index[frame.segment == "a"][10:]
    frame.loc[few, "segment"] = "b"
    frame.loc[frame.index[frame.segment == "a"][:4], "segment"] = "d"  # 4 of d, 6 of a
    found = differences(table_of(frame.drop(columns="segment")), groups_of(frame))
    assert not {"a", "d"} & {*found.segment}
    rare = people()
    rare["region"] = np.where(rare.index.isin(rare.index[rare.segment == "a"][:3]), "moon", "earth")
    found = differences(table_of(rare.drop(columns="segment")), groups_of(rare))
    assert "a" not in set(found[found.measure == "region"].segment)


def whole_profile(frame):
    empty = dict.fromkeys(["margin", "discount"], pd.Series(np.nan, frame.index, dtype=float))
    orders = np.ceil(frame.spend / 20).astype(int)
    return table_of(
        frame.drop(columns=["segment", "return_share"]).assign(
            orders=orders, purchase_days=orders, returned=0.0, days_since_last=frame.age // 2,
            return_share=0.0, value_per_order=frame.spend / orders, **empty,
        )
    )  # fmt: skip


def test_portraits_add_up():
    frame = people()
    found = portraits(whole_profile(frame), groups_of(frame), order=["c", "a"])
    assert found.groups.segment.tolist() == ["c", "a", "b"]
    assert found.groups.customers.sum() == len(frame)
    assert found.groups.customers_share.sum() == pytest.approx(1)
    assert found.groups.spend_share.sum() == pytest.approx(1)
    assert found.groups.spend.sum() == pytest.approx(frame.spend.sum())
    assert found.groups.margin.isna().all()
    by_hand = frame.groupby("segment")
    rates = found.rates.set_index("segment")
    assert rates.share.to_dict() == pytest.approx(by_hand.repurchased.mean().to_dict(), abs=1e-6)
    assert rates.n.to_dict() == by_hand.size().to_dict()
    assert found.scores.empty


def said_of(frame):
    """Two answers a customer to each question, the newer one three points lower, and strangers."""
    newest = frame.age % 8
    rows = [
        frame[["customer_id"]].assign(
            question=question, score=score, scale_max=scale, channel="mail", responded_at=when
        )
        for question, scale, newer in (("nps", 10, newest), ("csat", 5, newest % 5 + 1))
        for score, when in ((newer + 3, "1997-01-05"), (newer, "1997-02-01"))
    ]
    stranger = rows[0].head(60).assign(customer_id=None)
    said = pd.concat([*rows, stranger]).astype({"responded_at": "datetime64[us]"})
    said["score"] = said.score.clip(upper=said.scale_max).astype(float)
    return newest_answers(answers(table_of(said), as_of="1997-12-31"))


def test_scores_are_those_of_surveys_of_each_customers_newest_answer():
    frame = people()
    voices, groups = said_of(frame), groups_of(frame)
    found = portraits(whole_profile(frame), groups, voices=voices, order=["c", "a"]).scores
    assert found.segment.drop_duplicates().tolist() == ["c", "a", "b"]
    same = scores(in_groups(voices, groups, "segment"), by="segment").dropna(subset="segment")
    keys, numbers = ["segment", "question", "measure"], ["n", "value", "low", "high"]
    one, other = (table.set_index(keys).sort_index()[numbers] for table in (found, same))
    pd.testing.assert_frame_equal(one.astype(float), other.astype(float), atol=1e-6)
    newest = (frame.age % 8).groupby(frame.segment)
    by_hand = newest.agg(lambda score: 100 * ((score >= 9).mean() - (score <= 6).mean()))
    nps = found[found.question == "nps"].set_index("segment")
    assert nps.value.to_dict() == pytest.approx(by_hand.to_dict(), abs=1e-6)
    assert nps.n.to_dict() == newest.size().to_dict()
    assert set(nps.scale_max) == {10}


def test_scores_of_few_answers_and_of_hidden_groups_are_hidden():
    frame = people()
    in_a = frame.index[frame.segment == "a"]
    voices = said_of(frame.drop(in_a[9:]))
    found = portraits(whole_profile(frame), groups_of(frame), voices=voices).scores
    gone = found[found.hidden]
    assert {"a"} < {*gone.segment}
    assert gone[["n", "value", "low", "high"]].isna().all(axis=None)
    assert (gone.note == "").all()
    away = pd.Series({"a": False, "b": True, "c": True})
    told = portraits(whole_profile(frame), groups_of(frame), voices=said_of(frame), away=away)
    shown = told.scores[told.scores.value.notna()]
    assert {*shown.segment} == {"a"}


def test_nobody_said_anything():
    frame = people()
    voices = said_of(frame).limit(0)
    assert portraits(whole_profile(frame), groups_of(frame), voices=voices).scores.empty


def test_a_small_group_is_hidden_everywhere_with_a_second_one():
    frame = people()
    frame.loc[frame.index[:7], "segment"] = "tiny"
    found = portraits(whole_profile(frame), groups_of(frame))
    away = found.groups[found.groups.hidden]
    assert "tiny" in set(away.segment)
    assert len(away) >= 2
    assert away.drop(columns=["segment", "hidden"]).isna().all(axis=None)
    for table in (found.rates, found.choices):
        rows = table[table.segment.isin(away.segment)]
        assert rows[["share", "n"]].isna().all(axis=None)
    assert not {*away.segment} & {*found.differences.segment}


def test_a_rate_of_few_is_hidden():
    frame = people()
    in_a = frame.index[frame.segment == "a"]
    frame.loc[in_a, "repurchased"] = False
    frame.loc[in_a[:3], "repurchased"] = True
    rates = portraits(whole_profile(frame), groups_of(frame)).rates.set_index("segment")
    assert rates.hidden["a"]
    assert pd.isna(rates.share["a"])
    assert rates.hidden.sum() >= 2


def test_one_group_alone_has_a_portrait_and_no_difference():
    frame = people(40).assign(segment="all")
    found = portraits(whole_profile(frame), groups_of(frame))
    assert found.groups.customers.tolist() == [40]
    assert found.differences.empty
    assert most_distinct(found.differences).empty


def test_nobody_has_no_portrait():
    frame = people(0).astype({"segment": str, "customer_id": str, "region": str})
    found = portraits(whole_profile(frame), groups_of(frame))
    assert found.groups.empty
    assert found.differences.empty
