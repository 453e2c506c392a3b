"""What a claim refers to must be on record: it is checked by the message that appends it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.kit.builders import AT, BY, Desk, a_citation
from tracker import log
from tracker.domain import events as e
from tracker.domain.validity import Invalid, Problem
from tracker.log import Statement
from tracker.log.messages import send
from tracker.operations import claims, references

pytestmark = pytest.mark.django_db


def pointers(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.pointer for problem in refused.value.problems]


class TestAClaim:
    def test_is_refused_with_all_that_is_not_on_record(self, desk: Desk) -> None:
        nobody = uuid4()
        head = log.head()
        citations = (a_citation(desk.document), a_citation(nobody, chain=(desk.source, nobody)))

        with pytest.raises(Invalid) as refused:
            desk.asserts(collection=nobody, citations=citations)

        assert pointers(refused) == [
            "/collection",
            "/citations/1/document",
            "/citations/1/chain/1",
        ]
        assert log.head() == head

    def test_is_refused_with_what_is_something_else(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as refused:
            desk.asserts(collection=desk.source)

        [problem] = refused.value.problems
        assert problem == Problem(
            pointer="/collection",
            code="unknown_reference",
            detail=f"{desk.source} is a source on record; expected a collection: record it first",
        )

    def test_is_refused_with_what_is_wrong_and_what_is_not_on_record_at_once(
        self, desk: Desk
    ) -> None:
        with pytest.raises(Invalid) as refused:
            desk.asserts(summary="", citations=(a_citation(uuid4()),))

        assert pointers(refused) == ["/summary", "/citations/0/document"]


class TestWhatFollowsAClaim:
    def test_is_refused_likewise(self, desk: Desk) -> None:
        asserted = desk.asserts()
        nobody = uuid4()
        verdict = e.VerdictGiven(verdict="false", source=nobody, parties=(nobody,), reason="no")

        with pytest.raises(Invalid) as refused:
            claims.give_verdict(asserted.stream, verdict, at=AT, by=BY)

        assert pointers(refused) == ["/source", "/parties/0"]
        assert log.history([asserted.stream]) == [asserted]


class TestAnotherBrokenRule:
    def test_is_not_taken_for_a_missing_reference(self) -> None:
        again = Statement("INSERT INTO log_head SELECT * FROM log_head")

        with pytest.raises(IntegrityError), references.name_missing([("/x", uuid4(), "actor")]):
            send(again)
