"""Charts and sentences of drivers: what is claimed is what is certain, and no more."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.measures.intervals import Estimate
from regulars.show.driver_charts import importance_performance
from regulars.show.heading import Heading, headed
from regulars.show.sentences import drivers as sentences
from regulars.show.style import palette, styled
from regulars.show.tables import to_text

SHARES = pd.DataFrame(
    {
        "driver": ["quality", "service", "price"],
        "share": [0.30, 0.20, 0.10],
        "low": [0.25, 0.15, 0.06],
        "high": [0.35, 0.26, 0.14],
        "place": [0.60, 0.75, 0.72],
        "place_low": [0.58, 0.73, 0.70],
        "place_high": [0.62, 0.77, 0.74],
        "mean_answer": [3.4, 4.0, 3.9],
        "correlation": [0.6, 0.5, 0.4],
        "coefficient": [0.4, 0.3, 0.1],
        "coefficient_low": [0.3, 0.2, -0.1],
        "coefficient_high": [0.5, 0.4, 0.3],
        "vif": [1.5, 1.4, 1.2],
    }
)
PAIRS = pd.DataFrame(
    {
        "first": ["quality", "quality", "service"],
        "second": ["price", "service", "price"],
        "difference": [0.2, 0.1, 0.1],
        "low": [0.13, 0.02, 0.01],
        "high": [0.27, 0.18, 0.19],
        "p_holm": [0.001, 0.01, 0.01],
        "decided": [True, True, True],
        "detectable": [0.08, 0.09, 0.07],
    }
)


def found_of(shares=SHARES, pairs=PAIRS, **changes):
    given = {
        "r2": Estimate(0.6, 0.55, 0.65, 400), "p": 1e-9, "outcome": "nps", "n": 400,
        "customers": 400, "left_out": [], "equal": [], "withheld": None,
    }  # fmt: skip
    return SimpleNamespace(shares=shares, pairs=pairs, **given | changes)


def plain(lines):
    return " ".join(lines).replace("\u00a0", " ")


def offsets(ax):
    return [points for one in ax.collections for points in one.get_offsets().tolist()]


def test_points_stand_where_they_are_judged_and_what_goes_with_them():
    ax = importance_performance(SHARES).axes[0]
    points = [one for one in ax.collections if len(one.get_offsets()) == 3][-1]
    assert points.get_offsets().tolist() == [[0.6, 0.3], [0.75, 0.2], [0.72, 0.1]]
    segments = [one.get_segments() for one in ax.collections if hasattr(one, "get_segments")]
    assert np.allclose(segments[0][0], [[0.58, 0.3], [0.62, 0.3]])
    assert np.allclose(segments[1][2], [[0.72, 0.06], [0.72, 0.14]])
    with styled():
        highlight = palette().highlight
    assert [to_hex(one) == highlight for one in points.get_facecolors()] == [True, False, False]


def test_fields_meet_at_the_means():
    ax = importance_performance(SHARES).axes[0]
    across, up = (line.get_data() for line in ax.lines)
    assert across[0][0] == pytest.approx(0.69)
    assert up[1][0] == pytest.approx(0.2)
    assert ax.get_xlabel() == "Mean answer [% of the way up its scale]; lines: 95 % intervals"


def test_points_that_lie_together_have_names_apart():
    together = SHARES.assign(place=0.7, share=[0.2, 0.2001, 0.1999], low=0.1, high=0.3)
    ax = importance_performance(together).axes[0]
    spots = [(text.get_ha(), text.get_va()) for text in ax.texts[:3]]
    assert len(set(spots)) == 3


CHANGES = {
    "one row": lambda frame: frame.head(1),
    "missing": lambda frame: frame.assign(share=np.nan, low=np.nan, high=np.nan, place=np.nan),
    "long": lambda frame: frame.assign(driver="W" * 300),
    "Chinese": lambda frame: frame.assign(driver="深圳市南山区重要客户服务"),
    "formula": lambda frame: frame.assign(driver=["$x_1$", "_hidden", "<b>&amp;</b>"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_chart_survives(change):
    fig = importance_performance(CHANGES[change](SHARES))
    with styled(), headed(fig, Heading("What?", "A measure, n = 9", "Made up")):
        fig.draw_without_rendering()
        paper, drawn = fig.bbox_inches, fig.get_tightbbox()
        assert drawn.x0 > -0.01
        assert drawn.x1 < paper.x1 + 0.01
    assert not [text for text in fig.axes[0].texts if text.get_parse_math() and text.get_text()]


def test_a_certain_leader_is_named():
    found = found_of()
    assert sentences.drivers_title(found) == "Quality goes along most, for certain"
    assert plain(sentences.drivers(found)) == (
        "The 3 drivers together go with 60 % of the differences in NPS answers (95 % interval "
        "55 % to 65 %, 400 customers). Quality has the largest share, 30 % (25 % to 35 %), and it "
        "leads each other driver by more than chance. Of 3 pairs, all have an order that is "
        "certain; a true difference of 9.0 percentage points or more would have been noticed four "
        "times in five."
    )


def test_an_open_order_names_no_leader():
    pairs = PAIRS.assign(decided=[True, False, False])
    found = found_of(pairs=pairs)
    assert sentences.drivers_title(found) == "Quality and service lead; their order is open"
    assert "these answers cannot tell it from service." in plain(sentences.drivers(found))
    assert "Of 3 pairs, 1 has an order" in plain(sentences.drivers(found))
    none = found_of(pairs=PAIRS.assign(decided=False))
    assert sentences.drivers_title(none) == "No driver leads for certain"
    assert "cannot tell it from service and price." in plain(sentences.drivers(none))
    assert "Of 3 pairs, none has an order" in plain(sentences.drivers(none))


def test_pairs_are_tabulated_in_points():
    table = sentences.pairs_table(PAIRS)
    assert table.columns.tolist() == [
        "first", "second", "points_ahead", "low", "high", "detectable", "order_of_shares",
    ]  # fmt: skip
    assert table.iloc[0].tolist()[:2] == ["Quality", "Price"]
    assert table[["points_ahead", "low", "high", "detectable"]].iloc[0].tolist() == pytest.approx(
        [20, 13, 27, 8]
    )
    written = to_text(table, caption="Pairs", source="Made up").splitlines()
    assert re.split(r" {2,}", written[1])[2] == "Points ahead"
    assert written[1].endswith("Order of shares")


def test_drivers_too_alike_are_said_to_be():
    alike = found_of(shares=SHARES.assign(vif=[12.3, 11.0, 1.1]), pairs=PAIRS.assign(decided=False))
    assert "customers judge them too much alike (variance inflation 12.3)" in plain(
        sentences.drivers(alike)
    )
    twins = found_of(shares=SHARES.assign(vif=np.inf), pairs=PAIRS.assign(decided=False))
    assert "(variance inflation beyond 1,000)" in plain(sentences.drivers(twins))


def test_what_could_be_chance_names_no_driver():
    found = found_of(p=0.2)
    assert sentences.drivers_title(found) == "None of the drivers goes along beyond chance"
    assert plain(sentences.drivers(found)).endswith("could be chance, and so no driver is named.")


def test_withheld_says_why():
    found = found_of(withheld="Too few.", r2=None, p=None)
    assert sentences.drivers_title(found) == "What goes with recommending us?"
    assert sentences.drivers(found) == ["Too few."]


def test_one_driver_is_compared_with_none():
    found = found_of(shares=SHARES.head(1), pairs=PAIRS.head(0))
    assert sentences.drivers_title(found) == "Quality goes along most, for certain"
    assert plain(sentences.drivers(found)).startswith("The driver goes with 60 %")
    assert len(sentences.drivers(found)) == 1


def test_suppressors_are_said():
    shares = SHARES.assign(coefficient_high=[0.5, -0.01, 0.3])
    assert "Alone service goes up with the outcome" in plain(
        sentences.suppressors(found_of(shares))
    )
    shares = shares.assign(correlation=[0.6, -0.2, 0.4])
    assert "The better service is judged, the lower" in plain(
        sentences.suppressors(found_of(shares))
    )
    assert sentences.suppressors(found_of()) == []


def test_who_does_not_count_is_told_of_but_never_fewer_than_ten():
    said = plain(
        sentences.who_counts(found_of(customers=425, left_out=["parking"], equal=["staff"]))
    )
    assert said == (
        "25 of 425 customers never answered all of it in one survey, and do not count here. "
        "Left out, as it was asked too seldom: parking. "
        "Left out, as everybody answers the same: staff."
    )
    said = plain(sentences.who_counts(found_of(customers=403)))
    assert said.startswith("Fewer than 10 customers never")
    assert "403" not in said
    assert sentences.who_counts(found_of()) == []


def test_titles_have_at_most_ten_words():
    long = "a driver that has a name of very many words indeed"
    shares = SHARES.assign(driver=[long, long + " too", "price"])
    pairs = PAIRS.assign(first=long, second=[long + " too", "price", "x"], decided=False)
    for decided in (True, False):
        title = sentences.drivers_title(found_of(shares, pairs.assign(decided=decided)))
        assert len(title.split()) <= 10
    two = pairs.assign(decided=[False, True, True])
    assert len(sentences.drivers_title(found_of(shares, two)).split()) <= 10
