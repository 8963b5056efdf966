"""Charts of needs: what is drawn is what was measured; sentences say no more than that."""

import pandas as pd
from matplotlib.colors import to_hex

from regulars.show import charts
from regulars.show.sentences import needs
from regulars.show.style import palette, styled


def with_highlight(lines):
    with styled():
        return [to_hex(line.get_color()) == palette().highlight for line in lines]


def test_affinity_cells_bear_their_index_and_chance_is_hatched(cases):
    case = cases["affinity_heatmap"]
    ax = case.draw(case.frame).axes[0]
    # The most customers first, the category in the most orders first.
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Dormant", "VIP"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Tea", "Jam"]
    assert [text.get_text() for text in ax.texts] == ["0.7", "1.6", "1.0", "0.9"]
    assert [bool(cell.get_hatch()) for cell in ax.patches] == [False, False, True, True]
    assert len({to_hex(cell.get_facecolor()) for cell in ax.patches[:2]}) == 2


def test_at_most_six_groups_and_twelve_categories_are_drawn(cases):
    rows = [(f"g{g}", f"c{c:02}", g, c, 1.5, True) for g in range(8) for c in range(14)]
    frame = pd.DataFrame(rows, columns=cases["affinity_heatmap"].frame.columns)
    ax = charts.affinity_heatmap(frame).axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        f"G{g}" for g in range(7, 1, -1)
    ]
    assert len(ax.get_yticklabels()) == 12


def test_pairs_stand_by_lift_with_their_intervals(cases):
    case = cases["cross_sell_dots"]
    ax = case.draw(case.frame).axes[0]
    names = [label.get_text().partition("\n")[0] for label in ax.get_yticklabels()]
    assert names == ["Jam + Tea", "Oil + Tea", "Jam + Oil"]
    intervals = [list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2][:3]
    assert intervals == [[1.5, 1.7], [0.7, 1.9], [0.4, 0.6]]
    dots = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in dots] == [1.6, 1.2, 0.5]
    assert with_highlight(dots) == [True, False, False]


def test_the_clearest_division_stands_beside_one_without_groups(cases):
    case = cases["silhouette_dots"]
    ax = case.draw(case.frame).axes[0]
    assert [text.get_text() for text in ax.texts] == ["clearest: 0.52", "made up without groups"]
    bars = [line for line in ax.lines if line.get_linewidth() == 4]
    assert [0.25, 0.28] in [list(line.get_ydata()) for line in bars]
    assert ax.get_ylim()[0] == 0


def test_each_cluster_has_a_bar_in_each_panel(cases):
    case = cases["cluster_panels"]
    panels = case.draw(case.frame).axes
    assert [panel.get_title(loc="left") for panel in panels] == [
        "Days between\npurchases",
        "Spend per\norder [EUR]",
        "Days since last,\nby days between",
    ]
    drawn = [[bar.get_width() for bar in panel.patches] for panel in panels]
    assert drawn == case.frame[list(case.frame.columns[2:])].T.to_numpy().tolist()


def test_titles_say_what_was_found(cases):
    affinity, pairs = cases["affinity_heatmap"].frame, cases["cross_sell_dots"].frame
    assert needs.strongest_affinity(affinity) == "VIP buy tea 1.6 times as often"
    assert needs.strongest_pair(pairs) == "Jam with tea: 1.6 times chance"
    nothing = needs.strongest_affinity(affinity.assign(differs=False))
    assert nothing == "No group buys a category more often than others"
    nothing = needs.strongest_pair(pairs.assign(differs=False))
    assert nothing == "No pair is bought together more than by chance"
    assert needs.clusters_title(0, stable=False) == "Too few customers to look for natural groups"
    long = affinity.assign(segment="one two three four", category="five six seven eight")
    assert len(needs.strongest_affinity(long).split()) <= 10


def test_sentences_on_pairs(cases):
    frame = cases["cross_sell_dots"].frame.assign(support=0.063, p=0.001)
    said = [one.replace("\u00a0", " ") for one in needs.pairs(frame)]
    assert said == [
        "Jam and tea are bought together 1.60 times as often as by chance (95 % interval 1.50 to "
        "1.70): in 1,889 orders, 6.3 % of all.",
        "1 of 3 pairs that could be tested go together more than by chance.",
    ]
    assert needs.pairs(frame.assign(differs=False)) == [
        "None of 3 pairs is bought together more than by chance."
    ]
    assert needs.pairs(frame.assign(p=float("nan")))[0].startswith("No two categories")


def test_sentences_on_likings_and_what_is_known():
    said = [one.replace("\u00a0", " ") for one in needs.likings(10, 12, tested=500)]
    assert said[0].startswith("Of 500 customers with enough months to tell, 10 (2.0 %) buy")
    assert "Of these 12 likings, one in twenty or fewer is expected to be chance, if" in said[1]
    assert "none buy" in needs.likings(0, 0, tested=500)[0]
    assert needs.likings(0, 0, tested=0)[0].startswith("No customer bought in enough months")
    known = pd.DataFrame({"need": ["category", "channel", "daypart"], "known": [True, False, True]})
    assert needs.known_needs(known) == [
        "The purchases tell which categories and at what time of day customers buy.",
        "They do not tell which channel: the file has no such column.",
    ]
    assert len(needs.known_needs(known.assign(known=False))) == 1


def test_sentences_on_likings_tell_of_no_fewer_than_ten():
    assert needs.likings(3, 4, tested=7) == [
        "Fewer than 10 customers bought in enough months to tell what they like."
    ]
    few = needs.likings(3, 4, tested=500)
    assert "fewer than 10 buy" in few[0]
    assert few[1].startswith("Of these likings, one in twenty")
    assert not {"3", "4"} & set(" ".join(few).replace(".", "").split())
    assert "all but fewer than 10 buy" in needs.likings(495, 600, tested=500)[0]
    assert "all 500 buy" in needs.likings(500, 600, tested=500)[0]


def test_hidden_cells_are_dotted_and_bear_no_number(cases):
    frame = cases["affinity_heatmap"].frame.astype({"customers": "Int64", "k": "Int64"})
    vip = frame.segment == "vip"
    gone = frame.assign(hidden=vip, differs=frame.differs & ~vip)
    gone[["customers", "k", "index"]] = gone[["customers", "k", "index"]].mask(vip)
    ax = charts.affinity_heatmap(gone).axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Dormant", "VIP"]
    assert [text.get_text() for text in ax.texts] == ["1.0", "0.7"]
    assert [cell.get_hatch() for cell in ax.patches].count("....") == 2
    assert ax.get_xlabel() == "dotted: hidden"
    assert needs.strongest_affinity(gone) == "No group buys a category more often than others"


def test_pairs_of_few_customers_and_untested_ones_are_not_shown():
    frame = pd.DataFrame(
        {"first": list("abc"), "customers": [40, 9, 10], "p": [0.01, 0.01, float("nan")]}
    )
    assert needs.shown_pairs(frame)["first"].tolist() == ["a"]
