"""Charts and sentences of word and deed: data in the artists, names, hidden bands, titles."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.measures.intervals import Estimate
from regulars.show.deed_charts import comeback_curves, comeback_dots, foresight_dots
from regulars.show.heading import MOST_WORDS, Heading, headed
from regulars.show.sentences import deeds as sentences
from regulars.show.sentences import foresight as foretelling
from regulars.show.style import palette, styled

HEADING = Heading("What do we see here?", "A measure, n = 2,357", "CDNOW")


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture
def curves():
    rows = [
        *[("detractor", day, s, n) for day, s, n in [(0, 0, 496), (90, 0.29, 280), (120, 0.3, 40)]],
        *[("promoter", day, s, n) for day, s, n in [(0, 0, 631), (90, 0.45, 252), (150, 0.5, 12)]],
    ]
    frame = pd.DataFrame(rows, columns=["band", "day", "share", "at_risk"])
    return frame.assign(low=frame.share * 0.9, high=frame.share * 1.1)


@pytest.fixture
def found():
    rows = [
        ("nps", "detractor", 496, 0.29, 0.25, 0.33, False),
        ("nps", "passive", None, None, None, None, True),
        ("nps", "promoter", 631, 0.45, 0.41, 0.49, False),
    ]
    columns = ["question", "band", "customers", "share", "low", "high", "hidden"]
    return pd.DataFrame(rows, columns=columns).astype({"customers": "Int64"})


@pytest.fixture
def judged():
    rows = [
        ("ces", 283, 207, *[np.nan] * 7, "too_few"),
        ("csat", 632, 441, 0.61, 0.51, 0.5, 0.01, 0.004, 0.016, 0.001, "adds"),
        ("nps", 1160, 410, 0.65, 0.41, 0.409, 0.003, -0.003, 0.009, 0.3, "adds_nothing"),
    ]
    columns = ["question", "customers", "bought", "loss_none", "loss_rfm", "loss_both", "gain"]
    return pd.DataFrame(rows, columns=[*columns, "low", "high", "p_holm", "verdict"])


def deeds_of(found, **changes):
    pair = {"question": "nps", "band": "promoter", "other": "detractor", "n": 631, "other_n": 496}
    pair |= {"difference": 0.16, "low": 0.1, "high": 0.21, "detectable": 0.08, "p_holm": 1e-9}
    pair = pd.DataFrame([{**pair, "claimed": True, "withdrawn": False}])
    money = pair.assign(difference=22.0, low=-2.0, high=56.0, claimed=False)
    parts = {"days": 90, "shares": found, "compared": pair, "adjusted": pair.head(0)}
    return SimpleNamespace(**(parts | {"spending_compared": money} | changes))


def laid_out(fig):
    with styled(), headed(fig, HEADING):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert min(drawn.x0, drawn.y0) > -0.01
        assert drawn.x1 < paper.x1 + 0.01
        assert drawn.y1 < paper.y1 + 0.01
    return fig


def test_curves_end_together_with_their_numbers_at_risk(curves):
    ax = laid_out(comeback_curves(curves, mark_days=90)).axes[0]
    promoters, detractors = ax.lines[:2]
    assert promoters.get_ydata().tolist() == [0, 0.45]
    assert detractors.get_ydata().tolist() == [0, 0.29, 0.3]
    assert promoters.get_drawstyle() == "steps-post"
    with styled():
        assert to_hex(promoters.get_color()) == palette().highlight
    assert ax.collections[1].get_paths()[0].vertices[:, 1].max() == pytest.approx(0.33)
    words = [plain(text.get_text()) for text in ax.texts]
    assert {"Promoters", "Detractors", "90 days"} <= set(words)
    assert ax.get_xticks().tolist() == [0, 30, 60, 90, 120]
    at = words.index("631")
    assert words[at : at + 6] == ["631", "252", "252", "252", "", "Promoters"]
    assert "496" in words
    assert ax.get_xlabel() == "Days since the answer"


def test_few_at_risk_are_not_counted_out(curves):
    curves.loc[curves.day == 90, "at_risk"] = 4
    words = [text.get_text() for text in comeback_curves(curves).axes[0].texts]
    assert "<10" in words
    assert "4" not in words


def test_dots_stand_from_the_best_to_the_worst_and_say_what_is_hidden(found):
    ax = laid_out(comeback_dots(found)).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Promoters (631)", "Passives", "Detractors (496)"]
    drawn = [line.get_xdata() for line in ax.lines]
    assert [list(drawn[0]), list(drawn[1])] == [[0.41, 0.49], [0.45]]
    assert [(text.get_text(), text.xy[1]) for text in ax.texts] == [("hidden", 1)]
    assert ax.get_xlim()[0] == 0


def test_the_gain_is_drawn_around_none(judged):
    ax = laid_out(foresight_dots(judged)).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "CES (283)",
        "CSAT (632)",
        "NPS (1,160)",
    ]
    low, high = ax.get_xlim()
    assert low == -high
    assert high > 0.016
    assert [text.get_text() for text in ax.texts] == ["too few answers"]
    with styled():
        colours = [to_hex(line.get_color()) for line in ax.lines[2:6]]
        assert colours == [palette().highlight] * 2 + [palette().grey] * 2


@pytest.mark.parametrize("chart", [comeback_curves, comeback_dots, foresight_dots])
def test_no_rows_say_so(chart):
    columns = ["question", "band", "day", "share", "low", "high", "at_risk", "customers", "gain"]
    fig = laid_out(chart(pd.DataFrame(columns=[*columns, "verdict"])))
    assert [text.get_text() for text in fig.axes[0].texts] == ["nothing to show"]


def test_charts_survive_zeros_and_what_is_missing(curves, found, judged):
    cases = [(comeback_curves, curves), (comeback_dots, found), (foresight_dots, judged)]
    for chart, frame in cases:
        for value in (0.0, np.nan):
            numbers = dict.fromkeys(["share", "low", "high", "gain"], value)
            changed = {name: one for name, one in numbers.items() if name in frame}
            laid_out(chart(frame.assign(**changed)))
        laid_out(chart(frame.head(1)))


def test_what_came_back_is_said_with_its_n_and_interval(found):
    said = [plain(line) for line in sentences.comeback(deeds_of(found))]
    assert said[0] == (
        "Within 90 days after the answer, 45 % of promoters (95 % interval 41 % to 49 %, n = 631) "
        "and 29 % of detractors (95 % interval 25 % to 33 %, n = 496) bought again."
    )
    assert said[1].startswith("Promoters came back more than detractors, beyond chance")
    assert "16.0 points (95 % interval of this difference alone 10.0 to 21.0)" in said[1]
    assert said[1].endswith(
        " A true difference of 8.0 points or more would have been noticed four times in five."
    )
    assert "four times in five" not in sentences.headline(deeds_of(found))[0]
    assert len(said) == 2


def test_dots_say_both_shares_or_ask(found):
    deeds = deeds_of(found)
    said = "45 % of promoters, 29 % of detractors bought again"
    assert plain(sentences.dots_title(deeds)) == said
    csat = found.assign(question="csat", band=["rest", "neutral", "top"])
    of_csat = plain(sentences.dots_title(deeds_of(csat)))
    assert of_csat == "45 % of satisfied customers, 29 % of all others bought again"
    assert Heading(of_csat, "a measure, n = 9", "Made up").finding == of_csat
    for hidden in (found.assign(hidden=[True, False, False]), found.tail(1)):
        assert sentences.dots_title(deeds_of(hidden)) == "Who bought again within 90 days?"


def test_what_is_not_claimed_is_not_said(found):
    deeds = deeds_of(found)
    same = deeds.compared.assign(claimed=False, p_holm=0.4, low=-0.02)
    deeds = deeds_of(found, compared=same, adjusted=same)
    said = [plain(line) for line in sentences.comeback(deeds)]
    assert "did not come back differently beyond chance" in said[1]
    assert "p = 0.400 after Holm" in said[1]
    assert said[2].endswith("and may be chance.")
    assert "no difference" in sentences.comeback_title(deeds)


def test_titles_are_short(found, judged):
    titles = [sentences.comeback_title(deeds_of(found)), foretelling.foresight_title(judged)]
    assert titles == [
        "Promoters come back more than detractors",
        "CSAT tells more than purchases alone",
    ]
    nothing = judged[judged.verdict != "adds"]
    titles += [foretelling.foresight_title(nothing), foretelling.foresight_title(judged.head(1))]
    assert titles[2:] == [
        "NPS tells no more than purchases",
        "Too few answers to say what they foretell",
    ]
    titles.append(
        sentences.comeback_title(deeds_of(found, compared=deeds_of(found).compared.head(0)))
    )
    assert max(len(title.split()) for title in titles) <= MOST_WORDS


def test_spending_is_compared_in_words(found):
    (said,) = sentences.spending(deeds_of(found), "EUR")
    assert plain(said) == (
        "The change in what promoters spent lies €22 a customer above that of detractors (95 % "
        "interval −€2 to €56), which may be chance."
    )
    nothing = deeds_of(found, spending_compared=pd.DataFrame())
    assert sentences.spending(nothing, "EUR")[0].startswith("Too few customers")


def test_foresight_is_said_question_by_question(judged):
    ces, csat, nps = (plain(line) for line in foretelling.foresight(judged, 182))
    assert ces == "CES, of 283 customers who answered: too few to fit and check a model."
    assert "the answer adds to what purchases tell. It saves 0.0100" in csat
    assert "adds nothing worth speaking of" in nps
    assert "(95 % interval −0.0030 to 0.0090), where purchases alone save 0.240" in nps
    assert "fewer than 10 customers" in foretelling.foresight(judged.head(0), 182)[0]


def test_what_is_needed_is_said_where_nothing_is_there(found):
    assert sentences.needed(deeds_of(found)) == []
    assert "needs answers to nps or csat" in sentences.needed(None)[0]
    assert "needs answers" in sentences.needed(deeds_of(found.head(0)))[0]
    assert "Too few" in sentences.needed(deeds_of(found.assign(hidden=True)))[0]


def test_metrics_are_withheld_with_their_reason(found):
    deeds = deeds_of(found)
    assert sentences.difference(deeds) == Estimate(0.16, 0.1, 0.21, 1127)
    assert sentences.difference(None) is None
    assert sentences.withheld(deeds, "passive").startswith("Fewer than 10")
    assert sentences.withheld(deeds, "top").startswith("No answer")


def test_the_estimate_of_a_band_is_missing_where_hidden(found):
    deeds = deeds_of(found)
    assert sentences.estimate_of_band(deeds, "promoter") == Estimate(0.45, 0.41, 0.49, 631)
    for nothing in (
        sentences.estimate_of_band(deeds, "passive"),
        sentences.estimate_of_band(None, "top"),
    ):
        assert nothing is None
