"""Sentences of 06: word for word on hand-worked numbers, and still sentences where there are none."""

import datetime as dt
import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from regulars.measures.contest.verdict import Verdict
from regulars.measures.intervals import Estimate
from regulars.show.heading import Heading
from regulars.show.sentences import churn, contest
from regulars.show.text import NBSP

NO_SHARE = Estimate(math.nan, None, None, 0)
KNOWN = ("mbg_nbd", "pareto_nbd", 0.7438, "past_rate", 0.7985)
SCORES = {"leader": "mbg_nbd", "log_score": -0.9821, "plain": "nobody_leaves"}
SCORES |= {"plain_log_score": -1.0636}
SPEAKS = Verdict(True, *KNOWN, grade="B", missed=("total",), **SCORES)
SILENT = Verdict(False, None, "bg_nbd", 0.81, "always_zero", 0.7985, reason="rules", **SCORES)
FEW = Verdict(False, None, "bg_nbd", 0.7, "always_zero", 0.8, reason="history", **SCORES)
NO_MODEL = Verdict(False, None, None, None, "always_zero", 0.7985, reason="no_model")
NOBODY = Verdict(False, None, "bg_nbd", None, "always_zero", math.nan, reason="nobody")
ALL = (SPEAKS, SILENT, FEW, NO_MODEL, NOBODY)
TOO_FEW = "A forecast needs at least 100 customers, and there are 30."


def ahead(judged, withheld=None):
    """A forecast as sentences read it."""
    return SimpleNamespace(judged=judged, withheld=withheld)


def plain(said):
    if isinstance(said, list):
        return [plain(one) for one in said]
    return said.replace(NBSP, " ")


def assert_human(*said):
    for one in map(plain, said):
        assert len(one.split()) >= 3
        assert not re.search(r"\b(nan|none|nat|inf|null)\b", one.lower().replace("none of", ""))
        assert not re.search(r"\(\s*\)|  |_| \.|\b1 (rows|lines|days|customers|orders)\b", one)


def assert_title(*titles):
    for title in titles:
        assert_human(title)
        Heading(title, "subtitle", "source")
        assert not title.endswith(".")


def cells(*rows):
    frame = pd.DataFrame(rows, columns=["repeat_days", "recency_age", "age", "customers"])
    return frame.astype("int64")


TWO_CELLS = cells((0, 0, 270, 2000), (2, 50, 200, 357))


@pytest.mark.parametrize(
    ("counted", "who"),
    [
        (TWO_CELLS, "with 2,357 customers, 357 of them with a repeat purchase"),
        (cells((0, 0, 9, 1)), "with fewer than 10 customers"),
        (cells(), "before anybody has bought"),
    ],
)
def test_the_split(counted, who):
    assert churn.split(counted, dt.date(1997, 9, 30), "1998-06-30") == (
        f"The calibration period ends on 30 September 1997, {who}; "
        "the holdout period ends on 30 June 1998."
    )


def test_the_split_does_not_give_away_a_hidden_group():
    hidden = pd.Series({0: True, 2: True})
    said = churn.split(TWO_CELLS, dt.date(1997, 9, 30), "1998-06-30", hidden=hidden)
    assert "2,357 customers;" in plain(said)
    shown = churn.split(TWO_CELLS, dt.date(1997, 9, 30), "1998-06-30", hidden=~hidden)
    assert "357 of them" in shown


def test_the_parameter_table():
    def fit(names, likelihood):
        return SimpleNamespace(
            params=dict(zip(names, (0.2426, 4.4136, 0.7929, 2.4259), strict=True)),
            standard_errors=dict(zip(names, (0.0126, math.nan, 0.1857, 0.7054), strict=True)),
            log_likelihood=likelihood,
        )

    fits = {"bg_nbd": fit(["r", "alpha", "a", "b"], -9582.429)}
    fits |= {"pareto_nbd": fit(["r", "alpha", "s", "beta"], -9594.98)}
    table = churn.parameter_table(fits)
    assert table.columns.tolist() == [
        "model", "rates: r", "rates: α (weeks)", "leaving: a or s", "leaving: b, or β (weeks)",
        "log-likelihood",
    ]  # fmt: skip
    assert table.iloc[0].tolist() == [
        "BG/NBD", "0.243 (0.013)", "4.414 (–)", "0.793 (0.186)", "2.426 (0.705)", "−9,582.43",
    ]  # fmt: skip
    assert table["model"].tolist() == ["BG/NBD", "Pareto/NBD"]
    assert churn.parameter_table({}).empty


def test_alive_by_cell_and_model():
    keys = ["repeat_days", "recency_age", "age"]
    scored = {"mbg_nbd": TWO_CELLS[keys].assign(p_alive=[0.2, 0.873])}
    table = churn.alive_table(TWO_CELLS.head(1), scored)
    assert table["MBG/NBD P(alive)"].tolist() == ["0.20"]
    assert table["First to last purchase [days]"].tolist() == [0]
    assert list(churn.alive_table(TWO_CELLS, {})) == list(churn.cell_table(TWO_CELLS))


def test_mean_alive_by_model():
    alive = {"bg_nbd": Estimate(0.813, 0.79, 0.83, 2357), "mbg_nbd": Estimate(0.449, None, None, 1)}
    assert plain(churn.alive_by_model(alive)) == [
        "BG/NBD calls 81 % of 2,357 customers alive (95 % interval 79 % to 83 %).",
        "MBG/NBD calls 45 % of 1 customer alive.",
    ]
    assert churn.alive_by_model({}) == [
        "No model could be fitted, so none says who is still a customer."
    ]


def test_titles():
    assert contest.contest_title(SPEAKS) == "MBG/NBD foretold best what came"
    assert contest.contest_title(SILENT) == "No model beats the plain rules"
    assert contest.contest_title(FEW) == "Too little is known to judge the models"
    assert contest.contest_title(NO_MODEL) == "No model could be judged"
    assert_title(*map(contest.contest_title, ALL))


@pytest.mark.parametrize(
    ("said", "happened", "title"),
    [
        (1653.0, 1882.0, "MBG/NBD ends 12 % below what happened"),
        (2000.0, 1000.0, "MBG/NBD ends 100 % above what happened"),
        (1882.0, 1882.0, "MBG/NBD ends where the purchases did"),
        (5.0, 0.0, "Repeat purchases, week by week"),
        (math.nan, 1882.0, "Repeat purchases, week by week"),
        (1653.0, math.nan, "Repeat purchases, week by week"),
    ],
)
def test_the_title_of_the_tracking(said, happened, title):
    weekly = pd.DataFrame({"mbg_nbd": [1.0, said], "actual": [1.0, happened]})
    assert plain(contest.tracking_title(weekly, SPEAKS)) == title
    assert_title(contest.tracking_title(weekly, SPEAKS))


def test_the_title_of_the_tracking_counts_only_what_was_not_seen():
    weekly = pd.DataFrame(
        {"mbg_nbd": [100.0, 150.0], "actual": [80.0, 120.0], "part": ["calibration", "holdout"]}
    )
    assert plain(contest.tracking_title(weekly, SPEAKS)) == "MBG/NBD ends 25 % above what happened"


def test_tracking_without_a_model_or_a_week():
    weekly = pd.DataFrame({"actual": [1.0]})
    for frame, judged in ((weekly, NO_MODEL), (weekly, SPEAKS), (weekly.head(0), SPEAKS)):
        assert contest.tracking_title(frame, judged) == "Repeat purchases, week by week"


def test_the_verdict_and_the_grade():
    assert plain(contest.verdict(ahead(SPEAKS))) == [
        "MBG/NBD speaks: of all forecasts it gave what came the highest probability (log score "
        "−0.982 a customer; of the plain forecasts the best, "
        f"{churn.model_name('nobody_leaves')}, has −1.064).",
        "MBG/NBD gets grade B: its order of customers may be used, and its totals with care; the "
        "total was off by more than 10 %, beyond chance.",
    ]
    best = Verdict(True, *KNOWN, grade="A", **SCORES)
    assert contest.grade(best) == ("MBG/NBD gets grade A: its numbers may be used as they stand.")
    rough = Verdict(True, *KNOWN, grade="C", missed=("gain", "slope"), **SCORES)
    assert contest.grade(rough).endswith(
        "; its lead over the best plain forecast may be chance and the calibration slope lies "
        "outside 0.85 to 1.15, beyond chance."
    )
    few = Verdict(True, *KNOWN, grade="B", missed=("few",), **SCORES)
    assert contest.grade(few).endswith("too few to tell whether it deserves an A.")
    assert_human(*map(contest.grade, (best, rough, few)))


def test_what_is_withheld_says_why_and_nothing_else():
    for judged in (SPEAKS, SILENT, FEW, NO_MODEL, NOBODY):
        found = ahead(judged, TOO_FEW)
        assert contest.verdict(found) == [TOO_FEW]
        assert churn.churn(found, (None, {}, None), as_of="1998-06-30", days=273) == [TOO_FEW]


def beside(*rows):
    names = ["name", "log_score", "behind", "behind_low", "behind_high", "p_alive", "p_alive_low"]
    names += ["p_alive_high", "expected_purchases", "expected_low", "expected_high"]
    return pd.DataFrame(rows, columns=names)


FIRST = ("mbg_nbd", -0.9821, 0, 0, 0, 0.42, 0.35, 0.49, 1942, 1853, 2035)
TIED = ("bg_nbd", -0.9845, -0.0023, -0.0057, 0.001, 0.79, 0.78, 0.8, 1971, 1859, 2091)
CHOSEN = "MBG/NBD was chosen on the same days, which favours it a little."
BEATEN = ("pareto_nbd", -0.9872, -0.0051, -0.011, -0.001, 0.43, 0.4, 0.46, 2034, None, None)


def test_a_tie_is_called_one():
    assert contest.ties(beside(FIRST, TIED, BEATEN)) == [
        "MBG/NBD is ahead of Pareto/NBD beyond chance.",
        "MBG/NBD is tied with BG/NBD: their log scores differ by no more than chance would make "
        "them.",
        CHOSEN,
    ]
    assert contest.ties(beside(FIRST, BEATEN, ("bg_nbd", *BEATEN[1:]))) == [
        "MBG/NBD is ahead of Pareto/NBD and BG/NBD beyond chance.",
        CHOSEN,
    ]
    assert contest.ties(beside(FIRST)) == contest.ties(beside()) == []


def test_how_much_hangs_on_the_model():
    table = churn.sensitivity_table(beside(FIRST, TIED, BEATEN))
    assert [plain(list(row)) for row in table.itertuples(index=False)] == [
        ["MBG/NBD", "−0.982", "speaks", "42 % (35 % to 49 %)", "1,942 (1,853 to 2,035)"],
        ["BG/NBD", "−0.985", "−0.0023 (−0.0057 to 0.0010)", "79 % (78 % to 80 %)",
         "1,971 (1,859 to 2,091)"],
        ["Pareto/NBD", "−0.987", "−0.0051 (−0.0110 to −0.0010)", "43 % (40 % to 46 %)", "2,034"],
    ]  # fmt: skip
    assert churn.sensitivity_table(beside()).empty
    (said,) = plain(churn.sensitivity(beside(FIRST, TIED, BEATEN), days=365))
    assert said == (
        "By the model believed in, 42 % to 79 % are still customers, and 1,942 to 2,034 purchase "
        "days are to be expected in the next 365 days: the models agree more on what will be "
        "bought than on who has left."
    )
    (said,) = plain(churn.sensitivity(beside(FIRST, BEATEN), days=1))
    assert said.endswith("in the next 1 day.")
    assert churn.sensitivity(beside(FIRST), days=365) == []


def test_margin_and_slope():
    contested = pd.DataFrame(
        {"name": ["mbg_nbd", "pareto_nbd", "past_rate"], "rmse": [1.607, 1.603, 2.206],
         "slope": [1.012, math.nan, math.nan], "slope_low": [0.852, None, None],
         "slope_high": [1.173, None, None], "customers": 2357}
    )  # fmt: skip
    said = contest.margin(Estimate(-0.044, -0.094, 0.006, 2357), contested, SPEAKS)
    assert plain(said) == (
        "The mean absolute errors of Pareto/NBD and of the best plain rule (Past rate goes on) "
        "differ by −0.044 purchase days a customer (95 % interval −0.094 to 0.006) and may be "
        "chance; the root mean square error, which minds large misses more, is 1.603 against 2.206."
    )
    sure = contest.margin(Estimate(-0.044, -0.094, -0.006, 2357), contested, SPEAKS)
    worse = contest.margin(Estimate(0.121, 0.08, 0.162, 2357), contested, SPEAKS)
    assert "may be chance" not in sure + worse
    assert plain(contest.slope(contested, "mbg_nbd")) == (
        "Where MBG/NBD expected one purchase day more of a customer, 1.01 more came (95 % interval "
        "0.85 to 1.17)."
    )
    assert_human(contest.slope(contested, "pareto_nbd"))


def test_ranking():
    ranked = pd.DataFrame(
        {"name": ["mbg_nbd", "past_rate"], "auc": [0.773, 0.76], "auc_low": [0.749, 0.738],
         "auc_high": [0.795, 0.78], "lift": [2.803, 2.668], "customers": 2357}
    )  # fmt: skip
    assert plain(contest.ranking(ranked, "mbg_nbd")) == [
        "Of two customers, one who bought and one who did not, MBG/NBD expected more of the one "
        "who bought in 77 % of cases (95 % interval 75 % to 80 %); the past rate alone does so in "
        "76 %."
    ]
    assert plain(contest.ranking(ranked.head(1), "mbg_nbd"))[0].endswith("75 % to 80 %).")
    assert_human(*contest.ranking(ranked.assign(auc=math.nan), "mbg_nbd"))
    assert contest.ranking_title(ranked, SPEAKS) == "Top tenth: 2.8 times as likely to buy"
    assert_title(contest.ranking_title(ranked.head(0), NO_MODEL))


def test_a_peak_before_the_cut_is_a_doubt():
    assert plain(churn.season(0.23)) == [
        "In the 8 weeks before the cut 23 % more repeat purchases came than the model expects of "
        "such weeks. If that is a season, the model takes part of it for the customers' own rate, "
        "and expects too much of the time to come."
    ]
    assert "23 % fewer" in plain(churn.season(-0.23))[0]
    assert "expects too little" in churn.season(-0.23)[0]
    assert churn.season(0.1) == churn.season(math.nan) == []


def test_earlier_contests():
    across = pd.DataFrame(
        {"name": ["bg_nbd", "mbg_nbd"], "periods": [2, 2], "won": [0, 2],
         "gain_mean": [0.332, 0.355], "gain_spread": [0.157, 0.158]}
    )  # fmt: skip
    assert contest.origins(across, days=365)[0] == (
        "MBG/NBD had the highest log score in 2 of 2 periods of 365 days; its lead over the best "
        "plain forecast was 0.355 a customer in the mean, with a spread of 0.158."
    )
    short = ["The history is too short for an earlier contest of 365 days."]
    assert contest.origins(across.assign(periods=1), days=365) == short
    assert contest.origins(across.head(0), days=365) == short


def test_back_test_and_who_was_given_up():
    expected = Estimate(1577, 1452, 1712, 2357)
    assert plain(contest.back_test("mbg_nbd", expected, 1882)) == (
        "Asked the same about the holdout period, MBG/NBD expected 1,577 purchase days (95 % "
        "interval of the expectation 1,452 to 1,712), and 1,882 came, 19 % more. The interval is "
        "of the parameters only, and did not hold the truth."
    )
    assert plain(contest.back_test("mbg_nbd", expected, 1500)).endswith("1,500 came, 4.9 % fewer.")
    check = pd.DataFrame(
        {"p_alive_from": [0.0, 0.2], "p_alive_to": [0.2, 0.4], "customers": [127, 578],
         "p_alive_mean": [0.132, 0.356], "bought": [0.283, 0.209], "low": [0.212, 0.178]}
    )  # fmt: skip
    assert plain(contest.given_up_early(check)) == [
        "Of 127 customers with P(alive) from 0.0 to 0.2 (mean 0.13), 28 % bought in the holdout "
        "period: the model gives some customers up too early."
    ]


def test_who_is_still_a_customer():
    still = Estimate(0.2812, 0.2677, 0.2951, 2357)
    others = {
        "bg_nbd": Estimate(0.56, 0.5, 0.6, 2357),
        "pareto_nbd": Estimate(0.3, None, None, 2357),
    }
    total = Estimate(1234.4, 1180.6, 1290.2, 2357)
    assert plain(churn.alive_title(still)) == "About 28 % are still customers"
    said = churn.churn(ahead(SPEAKS), (still, others, total), as_of="1998-06-30", days=365)
    assert plain(said) == [
        "About 28 % of 2,357 customers were still customers on 30 June 1998 by MBG/NBD "
        "(95 % interval 27 % to 30 %).",
        "BG/NBD says 56 %, since it takes everyone who bought once for a customer.",
        "Pareto/NBD says 30 %.",
        "In the next 365 days we expect 1,234 purchase days of them "
        "(95 % prediction interval 1,181 to 1,290).",
        *plain(contest.verdict(ahead(SPEAKS))),
    ]


def test_bg_nbd_never_speaks_without_a_caution():
    judged = Verdict(True, "bg_nbd", "bg_nbd", 0.7, "past_rate", 0.8, grade="A", **SCORES)
    still = Estimate(0.56, 0.5, 0.6, 2357)
    said = churn.churn(ahead(judged), (still, {}, None), as_of="1998-06-30", days=365)
    assert "since it takes everyone who bought once for a customer" in said[0]


@pytest.mark.parametrize("others", [None, {}, {"bg_nbd": None}, {"bg_nbd": NO_SHARE}])
@pytest.mark.parametrize("total", [None, Estimate(1.0, None, None, 1), NO_SHARE])
def test_what_is_missing_beside_it_is_left_out(others, total):
    still = Estimate(0.5, None, None, 1)
    said = churn.churn(ahead(SPEAKS), (still, others, total), as_of="1998-06-30", days=1)
    assert_human(*said)
    assert (
        plain(said[0])
        == "About 50 % of 1 customer were still customers on 30 June 1998 by MBG/NBD."
    )
    assert any("In the next day we expect 1 purchase day of them." in one for one in said) == (
        total is not None and total.value == 1
    )


def test_the_title_of_nothing():
    assert churn.alive_title(None) == "How many are still customers is withheld"
    assert_title(churn.alive_title(None), churn.alive_title(Estimate(0.0, None, None, 1)))


OTHER_SHARES = {"bg_nbd": 0.79, "pareto_nbd": 0.43}


def test_models_that_are_tied_stand_in_the_headline():
    still, total = Estimate(0.42, 0.35, 0.49, 2357), None
    others = {name: Estimate(value, None, None, 2357) for name, value in OTHER_SHARES.items()}
    when = {"as_of": "1998-06-30", "days": 365}
    said = churn.churn(ahead(SPEAKS), (still, others, total), **when, tied=["bg_nbd", "pareto_nbd"])
    assert plain(said)[0].endswith(
        "BG/NBD and Pareto/NBD foretell as well, and say 79 % and 43 %: purchases do not tell it "
        "more closely."
    )
    one = churn.churn(ahead(SPEAKS), (still, others, total), **when, tied=["bg_nbd"])
    assert "BG/NBD foretells as well, and says 79 %:" in plain(one)[0]
    none = churn.churn(ahead(SPEAKS), (still, others, total), **when)
    assert "as well" not in none[0]
