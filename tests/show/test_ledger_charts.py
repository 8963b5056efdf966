"""The waterfall of the ledger: bars that hang where the one before ended, and words behind them."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from regulars.show import charts
from regulars.show.sentences import intake
from regulars.show.style import palette, styled
from regulars.show.text import NBSP

MESSY = [("in", 3642), ("later", 11), ("unusable", 155), ("merged", 294), ("accepted", 3182)]
FLAT = [("in", 6919), ("unusable", 0), ("merged", 0), ("accepted", 6919)]
RETURNS = [("in", 200.0), ("unusable", 20.5), ("merged", -30.0), ("accepted", 209.5)]


def frame(rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["step", "value"])


def drawn(rows: list, **options: object):
    return charts.ledger_waterfall(frame(rows), **{"xlabel": "Rows", **options}).axes[0]


def spans(ax) -> list[tuple[float, float]]:
    """Return from where to where each bar reaches."""
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def words(ax) -> list[str]:
    return [text.get_text().replace(NBSP, " ") for text in ax.texts]


def test_each_bar_begins_where_the_one_before_ended() -> None:
    ax = drawn(MESSY)
    assert spans(ax) == [(0, 3642), (3642, 3631), (3631, 3476), (3476, 3182), (0, 3182)]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Came in", "Left for later", "Unusable", "Merged", "Accepted",
    ]  # fmt: skip
    assert words(ax) == ["3,642", "−11 (0.3 %)", "−155 (4.3 %)", "−294 (8.1 %)", "3,182 (87 %)"]
    assert ax.get_xlim()[0] == 0
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "what came in stands above"


def test_a_flat_one_can_be_read() -> None:
    ax = drawn(FLAT)
    assert spans(ax) == [(0, 6919), (6919, 6919), (6919, 6919), (0, 6919)]
    assert words(ax) == ["6,919", "0 (0 %)", "0 (0 %)", "6,919 (100 %)"]


def test_a_ledger_that_does_not_add_up_shows_a_gap() -> None:
    ax = drawn([*FLAT[:3], ("accepted", 6000)])
    assert spans(ax)[2][1] == 6919
    assert spans(ax)[3][1] == 6000


def test_returns_that_were_merged_raise_what_is_left() -> None:
    ax = drawn(RETURNS, xlabel="Money", currency="EUR")
    assert spans(ax) == [(0, 200), (200, 179.5), (179.5, 209.5), (0, 209.5)]
    assert words(ax) == ["200", "−20.50 (10 %)", "30", "209.50"]
    assert ax.get_xlabel() == "Money [EUR]"


def test_one_bar_is_highlighted() -> None:
    ax = drawn(MESSY)
    with styled():
        highlight = palette().highlight
    colours = [to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert [place for place, colour in enumerate(colours) if colour == highlight] == [4]


@pytest.mark.parametrize(
    ("rows", "what", "title"),
    [
        (MESSY, "rows", "87 % of rows were accepted"),
        (FLAT, "rows", "All 6,919 rows were accepted"),
        (FLAT, "the money", "All of the money was accepted"),
        (RETURNS, "the money", "What became of the money"),
        ([("in", 0), ("unusable", 0), ("merged", 0), ("accepted", 0)], "rows", "Nothing came in"),
        ([("in", 2), ("unusable", 2), ("merged", 0), ("accepted", 0)], "rows",
         "0 % of rows were accepted"),
    ],
)  # fmt: skip
def test_its_title_is_what_was_accepted(rows: list, what: str, title: str) -> None:
    said = intake.accepted_part(frame(rows), what).replace(NBSP, " ")
    assert said == title
    assert len(said.split()) <= 10


def test_its_subtitle_gives_population_day_and_n() -> None:
    ledger = {"as_of": "1998-06-30", "tables": {"purchases": {"rows_in": 6919}}}
    assert intake.steps_subtitle(ledger, "money") == (
        "Money of purchases by what became of it, as of 30 June 1998, n = 6,919"
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "csv", "encoding": "gb18030", "delimiter": "\t", "decimal": ",",
          "thousands": ".", "date_format": "%d.%m.%Y or ISO"},
         "CSV, gb18030, tab, decimal comma, thousands point, dates as 31.12.2024 or ISO dates"),
        ({"kind": "excel", "sheet": "Sales", "date_format": "ISO"}, "Excel, Sales"),
        ({"kind": "excel", "date_format": "excel1904"}, "Excel, Excel day numbers from 1904"),
        ({"kind": "json lines", "date_format": "%m/%d/%Y"}, "JSON lines, dates as 12/31/2024"),
        ({}, "not read again"),
    ],
)  # fmt: skip
def test_the_form_of_a_file_in_words(form: dict, said: str) -> None:
    assert intake.form(form) == said


def rejected(rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["table", "sentence", "rows", "later"]).astype(
        {"later": bool}
    )


def test_later_rows_are_not_called_unusable() -> None:
    found = rejected([("purchases", "The day lies after as_of.", 11, True)])
    assert intake.unusable(found) == "Every row can be used."
    assert intake.later(found, "2025-12-31") == (
        "11 rows lie after 31 December 2025 and are left for a later report: nothing is wrong there."
    )
    assert intake.later(found.head(0), "2025-12-31") == "No row lies after 31 December 2025."


def test_the_most_frequent_reason_is_named() -> None:
    found = rejected([("surveys", "No score.", 2, False), ("purchases", "No day.", 5, False)])
    assert intake.unusable(found) == (
        "7 rows cannot be used. The most frequent reason, in purchases, 5: No day."
    )
    assert intake.unusable(found.head(1)) == "2 rows cannot be used. In surveys, 2: No score."


def test_identifiers_and_pseudonyms_in_words() -> None:
    found = pd.DataFrame({"became": ["dropped", "masked", "dropped"], "cells": [3, 1, 4]})
    assert intake.identifiers(found) == (
        "Direct identifiers do not go further: 7 cells dropped and 1 cell masked."
    )
    assert intake.identifiers(found.head(0)).startswith("No direct identifier was found")
    assert "are pseudonyms" in intake.pseudonyms({"pseudonymised": True})
    assert "switched off" in intake.pseudonyms({"pseudonymised": False})


def test_other_tables_are_added_up() -> None:
    entry = {"rows_in": 5, "rows_accepted": 3, "rows_merged": 1, "rows_rejected": 1}
    tables = {"purchases": entry, "surveys": entry, "targets": entry}
    assert intake.other_tables({"tables": tables}) == (
        "2 other tables brought 10 rows: 6 accepted, 2 merged, 2 rejected."
    )
    only = {"tables": {"purchases": entry}}
    assert intake.other_tables(only) == "Purchases are the only table that came in."
