"""What customers say, and who says it: Spark finds the same answers as DuckDB."""

import ibis
import pytest

from regulars.measures.drivers.opinions import opinions
from regulars.measures.surveys.answers import answers, first_answers, newest_answers
from regulars.measures.surveys.comments import comments
from regulars.measures.surveys.groups import customer_groups
from regulars.measures.surveys.invitations import base_asked, first_asked, invitations
from regulars.measures.surveys.periods import scores_by_period
from regulars.measures.surveys.responders import known_before
from regulars.measures.surveys.response import response_by_question
from regulars.measures.surveys.scores import tallies
from regulars.measures.surveys.topics import topic_counts
from regulars.parameters.loyalty import TOPICS, Surveys

AS_OF, SINCE, DAYS = "2025-12-31", "2024-12-31", 14
BY_ANSWER = ("customer_id", "question", "responded_at", "score")
TEXTS = {9: "太贵了", 8: "Chocolate+PRICE!", 7: "price\tand SERVICE", 6: "Ärger; BROKEN?", 5: " "}


def said(tables):
    """Return the answers of a year; some customers are made anonymous, who are one voice each."""
    surveys, nobody = tables["surveys"], ibis.null("string")
    named = ibis.ifelse(surveys.customer_id.substr(2, 1) == "0", nobody, surveys.customer_id)
    surveys = surveys.mutate(customer_id=named)
    return answers(surveys, as_of=AS_OF, since=SINCE, top_boxes=Surveys().top_boxes)


def asked(tables):
    return invitations(tables["surveys"], as_of=AS_OF, response_days=DAYS, since=SINCE)


def written(tables):
    """Return comments of one day's words each score, and their own below five."""
    surveys = tables["surveys"].filter(lambda rows: rows.score >= 5)
    text = surveys.score.cast("int64").cases(*TEXTS.items(), else_=surveys.comment)
    return comments(surveys.mutate(comment=text), as_of=AS_OF)


def test_answers(equal):
    found = equal(said, order_by=BY_ANSWER)
    assert found.customer_id.isna().any()
    assert set(found.band) == {"promoter", "passive", "detractor", "top", "rest"}


@pytest.mark.parametrize("chosen", [newest_answers, first_answers])
def test_one_answer_a_customer(equal, chosen):
    found = equal(lambda tables: chosen(said(tables)), order_by=BY_ANSWER)
    assert not found.dropna().duplicated(["customer_id", "question"]).any()
    equal(lambda tables: tallies(chosen(said(tables))), order_by=("question",))


def test_scores_by_quarter(equal):
    found = equal(
        lambda tables: scores_by_period(said(tables), as_of=AS_OF), order_by=("question", "period")
    )
    assert not found.hidden.all()


def test_groups(equal, parameters):
    grid = [segment.model_dump() for segment in parameters.segments]
    found = equal(
        lambda tables: customer_groups(
            tables["purchases"],
            as_of=SINCE,
            segments=grid,
            tiers=parameters.tiers,
            customers=tables["customers"],
        )
    )
    assert found[["segment", "tier", "channel", "region", "household"]].nunique().min() > 1


def test_invitations(equal):
    found = equal(asked, order_by=("customer_id", "invited_at", "question"))
    assert set(found.answered) == {True, False}
    equal(lambda tables: response_by_question(asked(tables)), order_by=("question",))


def test_what_was_known_of_who_was_asked(equal):
    def known(tables):
        first = first_asked(asked(tables))
        found = known_before(first, tables["purchases"], customers=tables["customers"])
        return found.join(first.drop("day"), "customer_id")

    found = equal(known)
    assert found[["spend", "age", "birth_year"]].notna().any().all()


def test_everybody_stands_for_who_was_asked(equal):
    found = equal(lambda tables: base_asked(tables["purchases"], said(tables), since=SINCE))
    assert set(found.answered) == {True, False}


def test_comments(equal):
    found = equal(written, order_by=("voice", "responded_at", "comment"))
    assert found.recommends.isna().any()
    counted = equal(lambda tables: topic_counts(written(tables), TOPICS), order_by=("topic",))
    assert counted.customers.notna().sum() > 1


def test_opinions_of_drivers(equal):
    found = equal(lambda tables: opinions(said(tables)).table)
    assert len(found.columns) == 6
    assert found.notna().all().all()
