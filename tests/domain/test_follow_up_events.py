"""What the events that judge a claim refer to."""

from datetime import date

from tests.kit.builders import DOCUMENT, ONE, OTHER, SOURCE
from tracker.domain import events as e
from tracker.domain.follow_up_events import KINDS, LINKED, refers


def test_each_is_a_kind_of_event():
    assert {*KINDS, LINKED} <= {kind for kind, _ in e.SHAPES}


def test_a_verdict_names_its_judge_its_document_and_those_it_is_of():
    given = e.VerdictGiven(
        verdict="false", source=SOURCE, document=DOCUMENT, parties=(ONE, OTHER), reason="So."
    )

    assert list(refers(given)) == [
        ("/source", SOURCE, "source"),
        ("/document", DOCUMENT, "document"),
        ("/parties/0", ONE, "actor"),
        ("/parties/1", OTHER, "actor"),
    ]
    assert list(refers(e.VerdictGiven(verdict="false"))) == []


def test_an_outcome_names_the_document_by_which_it_is_known():
    known = e.ForecastResolved(outcome="happened", resolved_on=date(2024, 1, 1), document=DOCUMENT)

    assert list(refers(known)) == [("/document", DOCUMENT, "document")]
    assert list(refers(e.ForecastResolved(outcome="void", resolved_on=date(2024, 1, 1)))) == []


def test_a_retraction_names_nothing():
    assert list(refers(e.ClaimRetracted(reason="A typo."))) == []
