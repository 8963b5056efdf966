"""What is said of a claim on CSAT that does not hold within segments: it is withdrawn."""

from types import SimpleNamespace

import pandas as pd
import pytest

from regulars.show.sentences import deeds as sentences
from regulars.show.text import NBSP

PAIR = {"question": "csat", "band": "top", "other": "rest", "n": 600, "other_n": 400}
PAIR |= {"difference": -0.06, "low": -0.1, "high": -0.02, "detectable": 0.05, "p_holm": 1e-4}
LEFT = {"difference": -0.011, "low": -0.05, "high": 0.03, "p_holm": 0.4, "claimed": False}


def plain(text):
    return text.replace(NBSP, " ")


@pytest.fixture
def deeds():
    """Only CSAT is known; the satisfied seem to come back less, but not within segments."""
    rows = [("csat", "top", 600, 0.4, 0.36, 0.44), ("csat", "rest", 400, 0.46, 0.41, 0.51)]
    columns = ["question", "band", "customers", "share", "low", "high"]
    compared = pd.DataFrame([{**PAIR, "claimed": False, "withdrawn": True}])
    return SimpleNamespace(
        days=90,
        shares=pd.DataFrame(rows, columns=columns).assign(hidden=False),
        compared=compared,
        adjusted=pd.DataFrame([{**PAIR, **LEFT}]),
    )


def test_a_withdrawn_claim_is_none_and_says_why(deeds):
    _, compared, within = (plain(line) for line in sentences.comeback(deeds))
    assert compared.startswith("On the whole satisfied customers came back less than all others")
    assert "CSAT is asked after orders, so frequent buyers are asked more often" in compared
    assert compared.endswith("within segments the difference is not found, and none is claimed.")
    assert within == (
        "Among customers who were in the same RFM segment before they answered, the difference "
        "between satisfied customers and all others is −1.1 points (95 % interval −5.0 to 3.0) "
        "and may be chance."
    )
    title = sentences.comeback_title(deeds)
    assert title == "Satisfied customers and all others: no difference within segments"


def test_a_title_speaks_of_the_question_that_is_drawn(deeds):
    of_nps = deeds.shares.assign(question="nps", band=["promoter", "passive"])
    deeds.shares = pd.concat([deeds.shares, of_nps], ignore_index=True)
    assert sentences.comeback_title(deeds) == "Do customers come back after their answer?"
    deeds.shares.loc[2:, "hidden"] = True
    assert sentences.comeback_title(deeds).startswith("Satisfied customers")


def test_what_nobody_compared_is_not_said(deeds):
    deeds.compared, deeds.adjusted = deeds.compared.head(0), deeds.adjusted.head(0)
    assert len(sentences.comeback(deeds)) == 1


def test_the_other_side_early_and_late_is_no_claim(deeds):
    deeds.compared = deeds.compared.assign(withdrawn=False)
    said = plain(sentences.comeback(deeds)[1])
    assert said.startswith("Satisfied customers and all others came back at another pace")
    assert "so no difference is claimed: within 90 days −6.0 points" in said


def test_the_headline_is_a_claim_or_the_shares(deeds):
    (said,) = sentences.headline(deeds)
    assert said.startswith("Within 90 days after the answer")
    deeds.compared = deeds.compared.assign(claimed=True, withdrawn=False)
    (said,) = sentences.headline(deeds)
    assert said.startswith("Satisfied customers came back less than all others, beyond chance")
    deeds.shares, deeds.compared = deeds.shares.head(0), deeds.compared.head(0)
    assert sentences.headline(deeds) == []
