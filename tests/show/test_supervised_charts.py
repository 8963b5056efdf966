"""Charts and sentences of the supervised model beside the purchase model."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from forecast_frames import IMPORTANCE, TENTHS_OF_MODELS
from matplotlib.colors import to_hex

from regulars.measures.intervals import Estimate
from regulars.measures.supervised.comparison import Comparison
from regulars.measures.supervised.features import COLUMNS
from regulars.show.sentences import supervised as sentences
from regulars.show.style import palette, styled
from regulars.show.supervised_charts import feature_dots
from regulars.show.text import NBSP

JUDGED = pd.DataFrame(
    {
        "name": ["mbg_nbd", "supervised", "supervised_purchases"],
        "log_loss": [0.4539, 0.4477, 0.4495],
        "brier": [0.147, 0.1438, 0.1441],
        "auc": [0.878, 0.874, 0.874],
        "slope": [1.04, 1.14, np.nan],
        "predicted": [0.52, 0.47, 0.47],
        "customers": 3457,
    }
)


def comparison(low: float | None, value: float, high: float | None) -> Comparison:
    return Comparison(
        None,
        365,
        dt.date(2024, 1, 1),
        dt.date(2024, 12, 31),
        "mbg_nbd",
        judged=JUDGED,
        gain=Estimate(value, low, high, 3457),
        beyond=Estimate(value, low, high, 3457),
        auc=Estimate(0.874, 0.862, 0.885, 3457),
        calibration=TENTHS_OF_MODELS,
        importance=IMPORTANCE,
    )


KEPT, NOTHING = comparison(0.001, 0.006, 0.011), comparison(-0.001, 0.006, 0.014)
WORSE = comparison(-0.03, -0.02, -0.01)
WITHHELD = Comparison("Purchases of at least 90 days are needed, and there are 30.", 10)


def words(ax):
    return [text.get_text() for text in ax.texts]


def highlight():
    with styled():
        return palette().highlight


def test_dots_have_the_most_important_first_and_mark_what_is_sure():
    ax = feature_dots(IMPORTANCE.iloc[::-1]).axes[0]
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == [
        "Repeat purchase days",
        "Last answer to NPS or CSAT",
        "Contacts by campaigns in the last year",
    ]
    spans, dots = ax.collections
    assert dots.get_offsets()[:, 0].tolist() == [0.25, 0.006, -0.001]
    assert [span[:, 0].tolist() for span in spans.get_segments()] == [
        [0.23, 0.27],
        [0.001, 0.011],
        [-0.003, 0.001],
    ]
    assert [to_hex(colour) == highlight() for colour in dots.get_facecolors()] == [
        True,
        True,
        False,
    ]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    low, high = ax.get_xlim()
    assert low < -0.003 < 0.27 < high


def test_dots_stand_without_intervals():
    ax = feature_dots(IMPORTANCE.assign(low=np.nan, high=np.nan)).axes[0]
    looks = [to_hex(colour) == highlight() for colour in ax.collections[1].get_facecolors()]
    assert looks == [False] * 3


def test_no_rows_say_so():
    assert words(feature_dots(IMPORTANCE.head(0)).axes[0]) == ["nothing to show"]


def test_every_feature_has_a_name_of_its_own():
    names = [sentences.feature_name(part) for parts in COLUMNS.values() for part in parts]
    assert len(set(names)) == len(names)
    assert not any("_" in name for name in names)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (KEPT, "predicts who buys better than MBG/NBD: its log loss is lower by 0.0060"),
        (NOTHING, "adds nothing that can be told from chance: its log loss is lower than that"),
        (WORSE, "predicts worse: its log loss is higher than that of MBG/NBD by 0.0200"),
    ],
    ids=["kept", "nothing", "worse"],
)
def test_the_verdict_says_what_the_interval_says(found, verdict):
    said = sentences.compared(found)
    assert verdict in said
    assert ("stand beside" in said) == found.kept
    assert ("not used" in said) != found.kept
    assert "95 % interval of the gain" in said


def test_the_verdict_stands_without_an_interval():
    said = sentences.compared(comparison(None, 0.006, None))
    assert "adds nothing" in said
    assert "interval" not in said


def test_withheld_is_one_sentence_with_its_reason():
    said = "No supervised model stands beside the purchase model. " + str(WITHHELD.withheld)
    assert sentences.compared(WITHHELD) == sentences.setting(WITHHELD) == said
    assert sentences.withheld(WITHHELD) == said
    assert sentences.withheld(KEPT) is None
    assert sentences.importance(WITHHELD) == ""
    assert sentences.comparison_table(WITHHELD).empty
    assert sentences.weight_table(WITHHELD).empty


def test_the_setting_names_both_days():
    said = sentences.setting(KEPT).replace(NBSP, " ")
    assert "1 January 2024" in said
    assert "31 December 2024" in said
    assert "365 days" in said
    assert "3,457 customers" in said


def test_what_is_known_beside_purchases():
    assert "makes the supervised model better: it saves 0.0060" in sentences.beyond_purchases(KEPT)
    assert "cannot be told from chance" in sentences.beyond_purchases(NOTHING)
    assert "Nothing here tells more" in sentences.beyond_purchases(WITHHELD)


def test_features_are_named_by_what_is_sure():
    assert sentences.importance(KEPT) == (
        "Of 3 features, the model gets worse without: repeat purchase days and last answer to NPS "
        "or CSAT."
    )
    assert sentences.importance_title(KEPT) == "Most important: repeat purchase days"
    assert len(sentences.importance_title(KEPT).split()) <= 10


def test_tables_are_in_words_and_have_no_nan():
    table = sentences.comparison_table(NOTHING)
    assert table["Model"].tolist() == [
        "MBG/NBD",
        "Supervised, everything known",
        "Supervised, purchases alone",
    ]
    assert table["Calibration slope"].tolist() == ["1.04", "1.14", "–"]
    weights = sentences.weight_table(NOTHING)
    assert weights["Interval"].tolist()[0] == "0.2300 to 0.2700"
    assert not table.isna().any(axis=None)
    assert not weights.isna().any(axis=None)
