"""What is said of surveys where little or nothing can be said."""

import pandas as pd

from regulars.show.sentences import survey_differences as differing
from regulars.show.sentences import surveys as saying
from regulars.show.sentences import topics as writing
from regulars.show.text import NBSP

NO_SUCH_SCALE = {"outcome": "rejected", "sentence": "The score lies outside its scale."}
LATER = {"outcome": "rejected", "sentence": "responded_at lies after as_of."}
TWICE = {"outcome": "merged", "sentence": "The row came twice.", "rows": 500}


def ledger(*reasons, rows_in=900):
    rejected = sum(one["rows"] for one in reasons if one["outcome"] == "rejected")
    told = {"rows_in": rows_in, "rows_rejected": rejected, "reasons": list(reasons)}
    return {"tables": {"purchases": {}, "surveys": told}}


def test_rows_that_were_not_taken_in_are_said_with_the_most_frequent_reason():
    assert saying.set_aside(ledger(NO_SUCH_SCALE | {"rows": 900})) == (
        "900 of 900 rows of surveys were not taken in (01_ingest). The score lies outside its "
        "scale."
    )
    both = ledger(NO_SUCH_SCALE | {"rows": 20}, TWICE, LATER | {"rows": 300})
    assert saying.set_aside(both).endswith(
        "320 of 900 rows of surveys were not taken in (01_ingest). Most often: responded_at lies "
        "after as_of."
    )


def test_few_rows_are_not_counted_out_and_none_are_not_spoken_of():
    assert saying.set_aside(ledger(LATER | {"rows": 3})).startswith("Fewer than 10 of 900 rows")
    assert saying.set_aside(ledger(TWICE)) == ""
    assert saying.set_aside({"tables": {"purchases": {}}}) == ""


def test_equal_answers_are_not_called_few():
    row = {"question": "ces", "measure": "mean", "before": 7.0, "value": 7.0, "n": 40}
    missing = dict.fromkeys(["change", "change_low", "change_high", "detectable"])
    waves = pd.DataFrame([row | missing]).assign(differs=False, hidden=False)
    (said,) = differing.changes(waves)
    assert said == "Whether CES has changed is not said: all answers of a period are equal."
    (said,) = differing.changes(waves.assign(before=None))
    assert said.endswith("one of the two periods has too few answers.")


def test_without_detractors_no_topic_has_most_of_them():
    rows = [("quality", 17, 17, 9.8, 0.0), ("service", 11, 11, 9.9, 0.0)]
    found = pd.DataFrame(rows, columns=["topic", "comments", "customers", "mean", "detractors"])
    found = found.assign(low=0.0, high=0.2, judges=found.customers, hidden=False)
    said = [line.replace(NBSP, " ") for line in writing.topics(found)]
    assert said[1:] == ["Of those who write about a topic that is shown, none is a detractor."]


def test_what_is_found_is_never_a_question():
    row = {"question": "nps", "measure": "nps", "before": 9.0, "value": 7.0, "n": 400}
    row |= {"change": -2.0, "change_low": -9.0, "change_high": 5.0, "detectable": 10.0}
    known = pd.DataFrame([row]).assign(differs=False, hidden=False, by="segment", group="loyal")
    assert [line.replace(NBSP, " ") for line in differing.found(known, known)] == [
        "No score has changed beyond chance.",
        "No group's NPS differs beyond chance.",
    ]
    missing = dict.fromkeys(["change", "change_low", "change_high", "detectable"])
    assert differing.found(known.assign(**missing), known.assign(**missing)) == [
        "Whether NPS has changed is not said: one of the two periods has too few answers.",
        "No group has enough answers to be compared with the others.",
    ]
    assert differing.found(known.head(0), known.head(0))[0].startswith("There are no answers")
