"""Portraits: what a panel says, what it leaves out, and nothing from data as markup."""

from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from regulars.reports.sanitise import clean
from regulars.show import portraits
from regulars.show.findings import NBSP
from regulars.show.sentences import portraits as sentences

CARD = {
    "group": "vip",
    "goal": "Keep them",
    "treatment": "Thanks",
    "channel": "By person",
    "cost_cap": "10 % of margin",
    "measure": "Share who buy again",
}
ALLOWED = {"section", "h3", "h4", "p", "dl", "div", "dt", "dd", "ul", "li"}


def row(segment="vip", **changes):
    return {
        "segment": segment, "customers": 100, "customers_share": 0.1, "spend": 5000.0,
        "spend_share": 0.5, "margin": 2000.0, "margin_share": 0.4, "orders_mean": 4.5,
        "value_per_order": 11.5, "days_since_last_median": 12.0, "discount_share": 0.02,
        "return_share": None, "hidden": False,
    } | changes  # fmt: skip


def known(segment="vip", value="web", **changes):
    empty = {"share": 0.4, "low": 0.3, "high": 0.5, "n": 100, "hidden": False, "segment": segment}
    return SimpleNamespace(
        groups=pd.DataFrame([row(segment, **changes)]),
        rates=pd.DataFrame([{"rate": "repurchased", **empty}]),
        choices=pd.DataFrame([{"need": "channel", "value": value, "all_share": 0.3, **empty}]),
        scores=pd.DataFrame([spoken(segment), spoken(segment, "csat", value=float("nan"))]),
    )


def spoken(segment="vip", question="nps", measure="nps", **changes):
    return {
        "segment": segment, "question": question, "scale_max": 10.0, "measure": measure,
        "value": 21.4, "low": 12.0, "high": 30.0, "n": 206, "note": "", "hidden": False,
    } | changes  # fmt: skip


def differing(segment="vip", measure="spend", level=""):
    return pd.DataFrame(
        [
            {
                "segment": segment, "measure": measure, "level": level, "d": -0.8, "low": -1.0,
                "high": -0.6, "mean": 12.0, "rest_mean": 44.0,
            }
        ]
    )  # fmt: skip


def shown_text(capsys, found, distinct, **options):
    portraits.show(found, distinct=distinct, currency="EUR", source="Made up", **options)
    return capsys.readouterr().out.replace(NBSP, " ")


def test_a_panel_by_hand(capsys):
    likes = pd.DataFrame(
        {
            "segment": ["vip"] * 3, "category": ["tea", "jam", "ham"], "index": [1.5, 1.1, 0.5],
            "low": [1.3, 0.9, 0.4], "high": [1.8, 1.4, 0.7], "differs": [True, False, True],
        }
    )  # fmt: skip
    text = shown_text(capsys, known(), differing(), strategies=[CARD], affinity=likes)
    assert text.splitlines() == [
        "VIP",
        "100 customers of 1,000 (10 %) bring 50 % of spend.",
        "Value: Spend €5,000; margin €2,000 (40 % of all).",
        "Behaviour: 4.5 orders a customer; €11.50 an order; last purchase 12 days ago (median); "
        "discounts 2.0 % of what was bought.",
        "Needs: Tea 1.5 times as often as all (1.3 to 1.8); most often by web (40 % of 100; all: "
        "30 %).",
        "Loyalty: 40 % of 100 bought again in the period (95 % interval 30 % to 50 %).",
        "Surveys: NPS 21 (95 % interval 12 to 30, 206 answers).",
        "What distinguishes them:",
        "- Spend: typically €12, others €44; 0.8 standard deviations less (95 % interval 0.6 to "
        "1.0).",
        "What we do:",
        "- Goal: Keep them",
        "- Treatment: Thanks",
        "- Channel: By person",
        "- Costs at most: 10 % of margin",
        "- Success is: Share who buy again",
        "",
        "Source: Made up.",
    ]


def test_what_is_not_known_is_not_written(capsys):
    found = known(margin=None, margin_share=None, value_per_order=None, discount_share=None)
    found.rates["share"] = float("nan")
    found.choices["value"] = None
    found.scores["value"] = float("nan")
    text = shown_text(capsys, found, differing("other"))
    assert "margin not known" in text
    assert "Nothing that was measured sets them apart" in text
    assert not {"Needs", "Loyalty", "Surveys", "What we do"} & {
        line.split(":")[0] for line in text.splitlines()
    }
    assert "–" not in text
    assert "nan" not in text


def test_each_question_is_told_by_the_first_measure_that_is_shown():
    boxes, mean = {"measure": "top_box", "value": 0.62, "low": 0.5, "high": 0.7}, 3.84
    lopsided = {"measure": "mean", "value": mean, "low": 3.6, "high": 4.1, "scale_max": 5.0}
    lopsided["note"] = "The scores are lopsided; the interval may be too narrow."
    rows = [
        spoken(question="ces", **lopsided | {"scale_max": 7.0, "note": ""}),
        spoken(question="csat", **boxes),
        spoken(question="csat", **lopsided),
        spoken(question="driver:price", **boxes),
        spoken(),
    ]
    assert sentences.opinions(pd.DataFrame(rows)).replace(NBSP, " ") == (
        "NPS 21 (95 % interval 12 to 30, 206 answers); CSAT 62 % in the top boxes (95 % interval "
        "50 % to 70 %, 206 answers); CES 3.84 of 7 on average (95 % interval 3.60 to 4.10, 206 "
        "answers)."
    )
    rows[1]["value"] = float("nan")
    assert "CSAT 3.84 of 5 on average (95 % interval 3.60 to 4.10, 206 answers, the scores are" in (
        sentences.opinions(pd.DataFrame(rows)).replace(NBSP, " ")
    )


def test_hidden_groups_are_named_and_not_described(capsys):
    found = known()
    found.groups = pd.concat(
        [found.groups, pd.DataFrame([row("few", hidden=True, customers=None)])], ignore_index=True
    )
    text = shown_text(capsys, found, differing())
    assert "Not described: Few. Groups of fewer than 10 customers" in text
    assert text.count("What distinguishes them") == 1


def test_nothing_from_data_becomes_markup(shown, payload):
    likes = pd.DataFrame(
        {"segment": [payload], "category": [payload], "index": [2.0], "low": [1.5], "high": [3.0]}
    ).assign(differs=True)
    card = {**dict.fromkeys(CARD, payload), "group": payload}
    portraits.show(
        known(payload, payload),
        distinct=differing(payload, payload, payload),
        currency=payload,
        source=payload,
        strategies=[card],
        affinity=likes,
    )
    html = shown[0]["data"]["text/html"]
    tags = {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()}
    assert tags <= ALLOWED
    attributes = [tag.attrs for tag in BeautifulSoup(html, "html.parser").find_all() if tag.attrs]
    assert attributes == [{"class": ["portrait"]}, {"class": ["note"]}]
    assert "\x1b" not in shown[0]["data"]["text/plain"]


def test_the_page_lets_a_panel_through(shown):
    portraits.show(
        known(), distinct=differing(), currency="EUR", source="Made up", strategies=[CARD]
    )
    html = shown[0]["data"]["text/html"]
    kept = clean(html)
    for part in ('<section class="portrait">', "<h3>VIP</h3>", "<dt>Value</dt>", "<li>Spend"):
        assert part in kept
    words = [BeautifulSoup(one, "html.parser").get_text() for one in (html, kept)]
    assert words[0] == words[1]


def test_at_most_five_differences_are_written(capsys):
    many = pd.concat([differing(level=f"level {number}") for number in range(9)])
    assert shown_text(capsys, known(), many).count("standard deviations") == 5


@pytest.mark.parametrize("measure", ["spend", "birth_year", "complained", "anything"])
def test_titles_are_short(measure):
    rows = differing("a name that somebody made up of many words", measure, "x y z " * 9)
    assert len(sentences.distinction(rows, rows.segment[0]).split()) <= 10


def test_a_group_like_all_others_is_said_to_be():
    assert sentences.distinction(differing("other"), "vip") == (
        "Nothing sets VIP apart by more than chance"
    )
