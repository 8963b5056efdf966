"""The overview and the glossary: read from facts alone, and whole sentences on any of them."""

import copy

import pytest

from regulars.show import glossary, overview
from regulars.show.text import NBSP


def metric(name: str, value: float | None, unit: str, **more: object) -> dict:
    empty = {"low": None, "high": None, "n": None, "withheld": None}
    return {"id": name, "label": name.split(".")[1], "value": value, "unit": unit, **empty, **more}


KNOWN = {
    "03_customer_base": {
        "findings": ["2,357 customers spent $244,092.", "A second sentence."],
        "tiles": ["base.customers", "base.spend", "base.top_tenth_share"],
        "metrics": [
            metric("base.customers", 2357, "customers"),
            metric("base.spend", 244091.94, "USD", n=2357),
            metric("base.top_tenth_share", 0.4134, "share", low=0.3866, high=0.4402, n=2357),
            metric("base.gini", 0.62, "index", n=2357),
        ],
    },
    "05_loyalty": {
        "findings": ["48 % bought <b>again</b>."],
        "tiles": ["loyalty.repurchase_rate"],
        "metrics": [
            metric("loyalty.repurchase_rate", 0.4832, "share", low=0.4631, high=0.5034, n=2357)
        ],
    },
    "06_churn": {
        "findings": ["P(alive) is withheld."],
        "tiles": ["churn.p_alive_mean"],
        "metrics": [metric("churn.p_alive_mean", None, "share", withheld="No model beats a rule.")],
    },
}


def without(*names: str) -> dict:
    """Return the facts without some metrics."""
    left = copy.deepcopy(KNOWN)
    for facts in left.values():
        facts["metrics"] = [one for one in facts["metrics"] if one["id"] not in names]
    return left


def with_metric(notebook: str, changed: dict) -> dict:
    """Return the facts with one metric given anew."""
    left = without(changed["id"])
    left[notebook]["metrics"].append(changed)
    return left


def plain(sentences: list[str]) -> list[str]:
    return [sentence.replace(NBSP, " ") for sentence in sentences]


def test_the_headlines():
    table = overview.headlines(KNOWN)
    assert plain([" | ".join(row) for row in table.itertuples(index=False)]) == [
        "customers | 2,357 | – | –",
        "spend | $244,092 | – | 2,357",
        "top_tenth_share | 41 % | 39 % to 44 % | 2,357",
        "repurchase_rate | 48 % | 46 % to 50 % | 2,357",
        "p_alive_mean | withheld | – | –",
    ]


def test_all_headlines_are_shown_however_many(shown):
    many = copy.deepcopy(KNOWN)
    names = [f"targets.number_{place}" for place in range(20)]
    many["10_targets"] = {
        "findings": [],
        "tiles": names,
        "metrics": [metric(name, 3, "targets", n=9) for name in names],
    }
    overview.show_headlines(many, "CDNOW", source="facts")
    text, html = shown[0]["data"]["text/plain"], shown[0]["data"]["text/html"]
    assert "number_19" in text
    assert "number_19" in html
    assert "more row" not in text + html
    assert text.startswith("Headline numbers of CDNOW")


def test_the_headlines_of_nothing_keep_their_columns():
    assert overview.headlines({}).empty
    assert list(overview.headlines({})) == ["number", "value", "95 % interval", "n"]


def test_what_is_withheld_says_why():
    assert overview.withheld(KNOWN) == ["p_alive_mean: withheld. No model beats a rule."]
    assert overview.withheld({}) == []


def test_the_summary():
    said = overview.summary(KNOWN, "CDNOW, an online CD shop", as_of="1998-06-30")
    assert plain(said) == [
        "CDNOW, an online CD shop: 48 % of 2,357 customers bought again "
        "(95 % interval 46 % to 50 %).",
        "How many are still customers is withheld: No model beats a rule.",
        "The tenth who spend most bring 41 % of all spend (95 % interval 39 % to 44 %).",
    ]


def test_the_summary_says_who_is_still_a_customer():
    alive = metric("churn.p_alive_mean", 0.28, "share", low=0.26, high=0.3, n=2357)
    said = overview.summary(with_metric("06_churn", alive), "CDNOW", as_of="1998-06-30")
    assert plain(said)[1] == (
        "About 28 % of 2,357 customers were still customers on 30 June 1998 "
        "(95 % interval 26 % to 30 %)."
    )


def test_numbers_without_interval_or_n_leave_no_empty_brackets():
    alone = without("churn.p_alive_mean", "base.top_tenth_share", "loyalty.repurchase_rate")
    alone["05_loyalty"]["metrics"] = [metric("loyalty.repurchase_rate", 0.0, "share")]
    alone["06_churn"]["metrics"] = [metric("churn.p_alive_mean", 1.0, "share", n=1)]
    assert plain(overview.summary(alone, "My shop", as_of="1998-06-30")) == [
        "My shop: 0 % bought again.",
        "About 100 % of 1 customer were still customers on 30 June 1998.",
    ]


def test_the_summary_says_the_nps_where_it_is_known():
    nps = metric("loyalty.nps", 7.397, "points", low=3.32, high=11.45, n=1433)
    said = overview.summary(with_metric("05_loyalty", nps), "CDNOW", as_of="1998-06-30")
    assert plain(said)[2] == "NPS is 7 (95 % interval 3 to 11, 1,433 answers)."
    alone = with_metric("05_loyalty", metric("loyalty.nps", -1.8, "points"))
    assert "NPS is −2." in overview.summary(alone, "CDNOW", as_of="1998-06-30")
    gone = with_metric("05_loyalty", metric("loyalty.nps", None, "points", withheld="No surveys."))
    assert "NPS" not in " ".join(overview.summary(gone, "CDNOW", as_of="1998-06-30"))


def test_a_withheld_rate_says_why():
    held = metric("loyalty.repurchase_rate", None, "share", withheld="Nobody has bought")
    said = overview.summary(with_metric("05_loyalty", held), "CDNOW", as_of="1998-06-30")
    assert said[0] == "How many bought again is withheld: Nobody has bought."


@pytest.mark.parametrize("known", [{}, {"02_clean": {"findings": [], "tiles": [], "metrics": []}}])
def test_without_headline_numbers_it_still_says_something(known):
    (said,) = overview.summary(known, "CDNOW", as_of="1998-06-30")
    assert said.endswith(".")
    assert said == (overview.NO_HEADLINE if known else overview.NOTHING)
    assert overview.tiles(known) == []


def test_the_tiles_are_those_that_are_known():
    assert overview.tiles(KNOWN) == [
        "base.customers",
        "base.spend",
        "loyalty.repurchase_rate",
        "base.top_tenth_share",
        "churn.p_alive_mean",
    ]
    assert "base.spend" not in overview.tiles(without("base.spend"))


def test_one_sentence_a_notebook_with_a_link_and_no_markup(shown):
    overview.show_findings(KNOWN)
    text, html = shown[0]["data"]["text/plain"], shown[0]["data"]["text/html"]
    assert text.splitlines() == [
        "Customer base: 2,357 customers spent $244,092.",
        "Loyalty: 48 % bought <b>again</b>.",
        "Churn: P(alive) is withheld.",
    ]
    assert '<a href="05_loyalty.ipynb">Loyalty</a>: 48 % bought &lt;b&gt;again&lt;/b&gt;.' in html


def test_a_notebook_that_found_nothing_and_no_notebook_at_all(shown):
    overview.show_findings({"02_clean": {"findings": [], "tiles": [], "metrics": []}})
    overview.show_findings({})
    assert [one["data"]["text/plain"] for one in shown] == [
        "Clean: It has run, and found nothing to say.",
        overview.NOTHING,
    ]


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.4832, "share", "48 %"),
        (0.0, "share", "0 %"),
        (35.22, "EUR", "€35.22"),
        (-5, "USD", "−$5"),
        (2357, "customers", "2,357"),
        (1882.4, "purchase days", "1,882"),
        (0.744, "purchase days", "0.74"),
        (0, "days", "0"),
        (11.45, "points", "11"),
        (5.0, "score", "5.00"),
    ],
)
def test_values_are_written_with_their_unit(value, unit, written):
    assert overview.value_text(value, {"unit": unit}).replace(NBSP, " ") == written


def test_the_glossary_is_in_order_and_each_meaning_a_sentence(shown):
    words = list(glossary.WORDS)
    assert words == sorted(words, key=lambda word: word.casefold().replace("(", ""))
    for word, meaning in glossary.WORDS.items():
        assert meaning.endswith(".")
        assert len(meaning) <= 160, word
    glossary.show()
    assert shown[0]["data"]["text/plain"].count("\n") == len(words) - 1
    assert "<strong>P(alive)</strong>: The probability" in shown[0]["data"]["text/html"]


def test_a_name_is_written_for_readers_and_makes_no_markup(shown) -> None:
    model = metric("churn.model", "mbg_nbd", "name")
    graded = metric("churn.grade", "<b>A</b>", "name")
    tiles = ["churn.model", "churn.grade"]
    known = {"06_churn": {"findings": [], "tiles": tiles, "metrics": [model, graded]}}
    assert overview.headlines(known)["value"].tolist() == ["MBG/NBD", "<b>A</b>"]
    overview.show_headlines(known, "CDNOW", source="sample")
    assert "<b>" not in shown[-1]["data"]["text/html"]
