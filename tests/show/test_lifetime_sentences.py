"""Sentences on lifetime value: word for word, never spend for margin, and still there without."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.intervals import Estimate
from regulars.measures.value.gamma_gamma import GammaGamma
from regulars.parameters import LifetimeValue
from regulars.show.heading import Heading
from regulars.show.sentences import day_money as of_a_day
from regulars.show.sentences import lifetime_value as sentences
from regulars.show.text import NBSP

WORTH = SimpleNamespace(
    expected=Estimate(158_088.0, 146_935.0, 170_088.0, 2357),
    outcome=Estimate(158_088.0, 140_684.0, 177_646.0, 2357),
)
NEW = SimpleNamespace(
    first=Estimate(33.0, 31.5, 34.5, 2357),
    later=Estimate(100.0, 90.0, 111.0, 2357),
    value=Estimate(133.0, 122.8, 144.0, 2357),
    payback=Estimate(84.0, 79.2, 89.0, 2357),
)
ENDS = {"currency": "USD", "horizon_days": 1095}
MOVES = pd.DataFrame(
    {
        "assumption": ["discount", "margin", "model"],
        "changed_to": ["0", "0.8", "pareto_nbd"],
        "value": [179_491.0, 126_471.0, 190_707.0],
        "share": [1.135, 0.8, 1.206],
    }
)


def plain(said):
    return [plain(one) for one in said] if isinstance(said, list) else said.replace(NBSP, " ")


def money_told(**changed):
    told = {
        "method": "gamma_gamma",
        "needed": 0.44,
        "gamma": None,
        "related": {"pearson": None, "spearman": None},
        "alone": None,
        "reasons": [],
    }
    return SimpleNamespace(**told | changed)


def test_the_base_is_told_with_both_intervals():
    said = plain(sentences.base(WORTH, what="margin", rate=0.1, **ENDS))
    assert said == [
        "The base of 2,357 customers is expected to bring $158,088 of margin in 1,095 days, at a "
        "discount of 10 % a year (95 % interval $146,935 to $170,088).",
        "With what chance may do as well: 95 % of outcomes $140,684 to $177,646, if the models "
        "are right.",
        "That is $67.07 a customer.",
    ]


def test_without_an_interval_of_outcomes_none_is_told():
    no_ends = SimpleNamespace(
        expected=WORTH.expected, outcome=Estimate(158_088.0, None, None, 2357)
    )
    assert len(sentences.base(no_ends, what="margin", rate=0.1, **ENDS)) == 2


def test_spend_is_never_told_as_margin():
    rules = LifetimeValue()
    said = sentences.found(WORTH, NEW, None, what="spend", currency="USD", rules=rules)
    assert any("spend (not margin)" in one for one in said)
    without = " ".join(said).replace("not margin", "")
    assert "margin" not in without
    assert said[-1].startswith("These limits are spend")


def test_a_newcomer_is_told_with_the_limit():
    said = plain(sentences.newcomer(NEW, what="margin", payback_days=365, **ENDS))
    assert said == [
        "A new customer is expected to bring $133 of margin in 1,095 days (95 % interval $122.80 "
        "to $144), $33 of it with the first purchase.",
        "Winning one pays back within 365 days if it costs at most $84 of margin (95 % interval "
        "$79.20 to $89).",
    ]


def test_a_value_without_an_end_is_withheld():
    words = {"what": "margin", "currency": "USD", "rate": 0.0}
    assert plain(sentences.residual(None, None, **words)).startswith(
        "The value for as long as customers may stay is withheld at a discount of 0 % a year."
    )
    told = plain(sentences.residual(WORTH, 7300.0, **words))
    assert "after 20 years less than a thousandth is still to come" in told


def test_a_total_beyond_what_was_checked_or_seen_is_doubted():
    def told(horizon_days):
        return plain(sentences.far_ahead(horizon_days, holdout_days=273, known_days=545))

    assert told(273) == []
    assert told(274) == [
        "The total reaches 274 days ahead; the forecast was held against what came for 273 days. "
        "What comes later rests on the model, unchecked."
    ]
    assert "beyond anything seen" not in told(545)[0]
    assert told(1095) == [
        "The total reaches 1,095 days ahead; the forecast was held against what came for 273 days, "
        "and nobody has been a customer for more than 545 days. What comes later rests on the "
        "model, beyond anything seen."
    ]
    # Held against a whole year, but by nobody known so long.
    assert sentences.far_ahead(365, holdout_days=365, known_days=300)


def test_groups_are_said_to_be_at_one_margin_only_where_margin_is_counted():
    assert sentences.one_margin("spend") == []
    assert "at the margin of the whole base" in sentences.one_margin("margin")[0]


def test_what_is_counted_is_told_with_its_reason():
    def told(**found):
        return plain(of_a_day.counted(SimpleNamespace(**found)))

    assert told(what="spend", margin_rate=None, known_share=0.0).startswith(
        "Value is counted as spend, not margin: no line says what the goods cost"
    )
    assert "known for 20 % of sales only" in told(what="spend", margin_rate=None, known_share=0.2)
    assert told(what="margin", margin_rate=0.41, known_share=1.0) == (
        "Value is counted as margin, 41 % of spend: the cost is known for 100 % of sales."
    )
    assert "costs.margin_rate is taken" in told(what="margin", margin_rate=0.3, known_share=0.0)


def test_conditions_stand_beside_what_is_needed():
    names = ["p", "q", "gamma"]
    covariance = pd.DataFrame(np.eye(3) * 0.01, index=names, columns=names)
    gamma = GammaGamma({"p": 6.25, "q": 3.74, "gamma": 15.44}, covariance, -4056.0, 946)
    related = {name: Estimate(0.11, 0.03, 0.2, 946) for name in ("pearson", "spearman")}
    table = of_a_day.conditions(money_told(gamma=gamma, related=related, alone=0.08))
    assert plain(table.found.tolist()) == [
        "0.11 (95 % interval 0.03 to 0.20, CDNOW: 0.11)",
        "0.11 (95 % interval 0.03 to 0.20, if nothing is related 0.08)",
        "3.74 (95 % interval 3.07 to 4.55)",
        "946",
    ]
    assert table.needed.tolist()[1] == "within 0.3 of 0.08"
    assert of_a_day.conditions(money_told()).found.tolist() == ["not known", "not known"]


@pytest.mark.parametrize("method", ["gamma_gamma", "credibility", "base_mean"])
def test_every_method_has_its_sentence_and_the_reason_beside(method):
    said = of_a_day.method(money_told(method=method, reasons=["Too few customers."]))
    assert said[1:] == ["Too few customers."]
    assert len(said[0].split()) > 8


@pytest.mark.parametrize(
    ("error", "within", "end"),
    [
        (0.083, False, "and $900 came: 8.3 % too much, outside what chance explains."),
        (-0.02, True, "and $900 came: 2.0 % too little, within what chance explains."),
        (0.083, None, "and $900 came: 8.3 % too much."),
        (None, None, "and $900 came."),
    ],
)
def test_money_held_back_is_told_as_it_came(error, within, end):
    told = SimpleNamespace(said=WORTH, came=900.0, error=error, within=within)
    said = plain(of_a_day.held_back(told, currency="USD", holdout_days=273))
    assert said.endswith(end)
    assert "95 % of outcomes $140,684 to $177,646" in said


def test_money_that_was_not_checked_is_said_to_be():
    assert "not checked" in of_a_day.held_back(None, currency="USD", holdout_days=273)


def test_models_that_disagree_beyond_the_interval_are_named():
    said = plain(sentences.models_disagree(MOVES, WORTH, currency="USD"))
    assert said == [
        "The base would be worth $190,707 by Pareto/NBD, outside the interval: which model is "
        "right is the larger doubt here."
    ]
    near = MOVES.assign(value=160_000.0)
    assert sentences.models_disagree(near, WORTH, currency="USD") == []


def test_titles_are_short_also_where_nothing_is_known():
    groups = pd.DataFrame(
        {
            "segment": ["bought_once_or_twice_a_year_or_so_ago", "new"],
            "customers_share": [0.2, 0.8],
            "value": [900.0, 400.0],
            "low": [800.0, 300.0],
            "high": [1000.0, 500.0],
            "value_share": [0.69, 0.31],
        }
    )
    none = groups.assign(value_share=np.nan)
    tenths = pd.DataFrame({"decile": [1, 2], "value_share": [0.64, 0.36]})
    titles = [
        sentences.groups_title(groups, by="segment"),
        sentences.groups_title(none, by="segment"),
        sentences.tenths_title(tenths),
        sentences.tenths_title(tenths.iloc[1:]),
        sentences.moves_title(MOVES),
        sentences.moves_title(MOVES.iloc[1:2]),
        sentences.newcomer_title(NEW, currency="USD", payback_days=365),
    ]
    for title in titles:
        Heading(title, "subtitle", "source")
        assert not re.search(r"nan|None|–", title)
    assert "64 %" in plain(titles[2])


def test_nothing_is_found_where_nothing_is_told():
    rules = LifetimeValue()
    assert sentences.found(None, None, None, what="margin", currency="USD", rules=rules) == []
