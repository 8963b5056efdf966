"""Charts of segments: counts in the right cells, a name once, bars by spend."""

from regulars.show import charts


def test_the_grid_has_the_best_above_and_to_the_right(cases):
    case = cases["rfm_heatmap"]
    ax = case.draw(case.frame).axes[0]
    counts = {text.get_position(): text.get_text() for text in ax.texts[:6]}
    assert counts == {
        (0.5, 0.7): "4",
        (1.5, 0.7): "5",
        (2.5, 0.7): "6",
        (0.5, 1.7): "100",
        (1.5, 1.7): "2",
        (2.5, 1.7): "0",
    }
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2", "1"]
    assert ax.get_xlabel().startswith("F score")


def test_each_segment_is_named_once(cases):
    case = cases["rfm_heatmap"]
    names = [text.get_text() for text in case.draw(case.frame).axes[0].texts[6:]]
    assert names == ["New", "Potential\nloyalists", "Hibernating", "At risk"]


def test_a_name_stands_in_each_of_two_separate_regions(cases):
    frame = cases["rfm_heatmap"].frame.assign(segment=["a1", "b1", "a1", "a1", "b1", "b1"])
    names = [text.get_text() for text in charts.rfm_heatmap(frame).axes[0].texts[6:]]
    assert names == ["A1", "B1", "A1"]


def test_text_turns_white_only_on_dark_cells(cases):
    case = cases["rfm_heatmap"]
    texts = case.draw(case.frame).axes[0].texts
    white = [text.get_text() for text in texts if text.get_color() == "white"]
    assert white == ["100", "Hibernating"]


def test_segments_stand_by_share_of_spend(cases):
    case = cases["segment_bars"]
    ax = case.draw(case.frame).axes[0]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [
        "Champions\n100 customers",
        "At risk\n700 customers",
        "Hibernating\n1,200 customers",
    ]
    widths = [float(bar.get_width()) for bar in ax.patches]
    assert widths == [0.5, 0.3, 0.2, 0.05, 0.35, 0.6]
    texts = [text.get_text().replace("\u00a0", " ") for text in ax.texts]
    assert texts == ["50 % of spend", "30 %", "20 %", "5.0 % of customers", "35 %", "60 %"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_names_of_people_stay_as_they_are(cases):
    frame = cases["segment_bars"].frame.assign(segment=["VIP_2024", "_x_1", "can't lose them"])
    ax = charts.segment_bars(frame).axes[0]
    names = [label.get_text().partition("\n")[0] for label in ax.get_yticklabels()]
    assert names == ["_x_1", "Can't lose them", "VIP_2024"]
