"""What customers do after they answer, and how loyal they are: Spark says what DuckDB says."""

from regulars.measures.deeds.after import after_answers, waits, with_segment_before
from regulars.measures.deeds.foresight import foresight_cells
from regulars.measures.engine import fetch, kept
from regulars.measures.loyalty_ends import began_with
from regulars.measures.loyalty_index import loyalty_index
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.parameters.loyalty import LoyaltyIndex

AS_OF, SINCE, DAYS = "2025-12-31", "2024-12-31", 90


def after(tables):
    said = answers(tables["surveys"], as_of=AS_OF)
    said = said.filter(said.question.isin(["nps", "csat"]))
    return after_answers(said, tables["purchases"], as_of=AS_OF, days=DAYS)


def test_after_answers(equal):
    found = equal(after, order_by=("customer_id", "question"))
    assert set(found.observed) == set(found.whole) == {True, False}
    assert min(found.spend_before.sum(), found.spend_after.sum()) > 0
    equal(lambda tables: waits(after(tables)), order_by=("question", "band", "days", "observed"))


def test_segments_on_the_day_of_the_answer(equal, parameters):
    grid = [segment.model_dump() for segment in parameters.segments]
    found = equal(
        lambda tables: with_segment_before(after(tables), grid),
        order_by=("customer_id", "question"),
    )
    assert found.segment.nunique() > 5


def test_foresight(equal):
    found = equal(
        lambda tables: foresight_cells(tables["surveys"], tables["purchases"], as_of=AS_OF),
        order_by=("question", "r", "f", "m", "score", "fold", "bought"),
    )
    assert set(found.fold) == set(range(10))
    assert set(found.question) == {"nps", "csat", "ces"}


def test_index(equal):
    def indexed(tables):
        voices = newest_answers(answers(tables["surveys"], as_of=AS_OF, since=SINCE))
        return loyalty_index(tables["purchases"], LoyaltyIndex(), as_of=AS_OF, voices=voices)

    found = equal(indexed)
    assert set(found.segment) == {"most_loyal", "between", "least_loyal"}
    assert found.word.notna().any()


def test_beginnings(equal):
    found = equal(lambda tables: began_with(tables["purchases"], as_of=AS_OF))
    several = found.first_category.isna()
    assert several.any()
    assert not several.all()


def test_a_table_that_is_kept(equal):
    def counted(tables):
        with kept(tables["surveys"]) as once:
            return fetch(once.group_by("question").agg(rows=once.count()))

    assert len(equal(counted, order_by=("question",))) > 2
