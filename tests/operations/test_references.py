"""What a claim refers to must be on record: it is checked by the message that appends it.
A claim is not dated after its documents; links and names have rules of their own."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.kit.builders import AT, BY, Desk, a_citation, a_desk, a_document, a_lens, an_actor
from tracker import log
from tracker.domain import events as e
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.validity import Invalid, Problem
from tracker.log import Statement
from tracker.log.messages import send
from tracker.operations import actors, batches, claims, entries, lenses, links, references, sources
from tracker.projections import impacts, scores
from tracker.queries.claims import listing as questions

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


FUTURE = ("/occurred/edtf", "in_future")


def append(desk: Desk, event: str, document: str | None) -> None:
    """Record a claim of one date with a document of another."""
    described = sources.describe_document(a_document(desk.source, date=document), at=AT, by=BY)
    citation = a_citation(described.stream)
    claim = replace(desk.claim(), occurred=Occurred(edtf=event), citations=(citation,))
    claims.assert_claim(claim, at=AT, by=BY)


@pytest.fixture
def _without_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dates may not be read before the write."""
    monkeypatch.delattr(references, "date_warning")


@pytest.mark.usefixtures("_without_comparison")
class TestAPlainDate:
    @pytest.mark.parametrize(
        ("event", "document"),
        [
            ("2022-05-11", "2022-05-11"),
            ("2022-05-11", "2022-05-12"),
            ("2022-05-11", "2022-05"),
            ("2022-05-11", "2022"),
            ("2022-05", "2022-05-01"),
            ("2022-05-11", None),
        ],
    )
    def test_is_compared_within_the_write(self, desk: Desk, event, document) -> None:
        append(desk, event, document)


class TestADateThatIsNotPlain:
    @pytest.mark.parametrize("document", ["2022-05-24?", "2022-05-10/2022-05-12", "2022-XX-XX"])
    def test_is_compared_after_the_write_was_refused(self, desk: Desk, document) -> None:
        append(desk, "2022-05-11", document)

    @pytest.mark.parametrize("document", ["2022-05-10", "2022-04", "2021", "2022-05-10?"])
    def test_is_refused_where_it_is_too_early(self, desk: Desk, document) -> None:
        with pytest.raises(Invalid) as refused:
            append(desk, "2022-05-11", document)

        [problem] = refused.value.problems
        assert (problem.pointer, problem.code) == ("/occurred/edtf", "after_document")

    def test_of_a_missing_document_is_not_compared(self, desk: Desk) -> None:
        claim = replace(desk.claim(), citations=(a_citation(desk.source),))
        with pytest.raises(Invalid) as refused:
            claims.assert_claim(claim, at=AT, by=BY)

        assert [problem.code for problem in refused.value.problems] == ["unknown_reference"]


class TestADateAfterTheDayOfEntry:
    def refused(self, act) -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as refused:
            act()
        return [(one.pointer, one.code) for one in refused.value.problems]

    def test_is_refused_for_one_claim_several_and_a_correction(self, desk: Desk) -> None:
        undated = sources.describe_document(a_document(desk.source, date=None), at=AT, by=BY)
        citations = (a_citation(undated.stream),)
        claim = replace(desk.claim(), occurred=Occurred(edtf="2024-06"), citations=citations)
        one = desk.asserts()
        [found] = batches.problems([Submission(claim=claim)], at=AT)

        assert [(each.pointer, each.code) for each in found] == [FUTURE]
        assert self.refused(lambda: claims.assert_claim(claim, at=AT, by=BY)) == [FUTURE]
        assert self.refused(
            lambda: claims.correct_claim(
                one.stream, claim, reason="later", expected=1, at=AT, by=BY
            )
        ) == [FUTURE]

    def test_is_refused_for_a_statement(self, desk: Desk) -> None:
        said_by = SaidBy(actor=desk.countries["RUS"], occurred=Occurred(edtf="2024-06"))

        found = entries.problems(desk.claim(), said_by, at=AT)

        assert ("/said_by/occurred/edtf", "in_future") in [
            (each.pointer, each.code) for each in found
        ]


def link(kind, from_, to):
    return links.link(kind, from_.stream, to.stream, at=AT, by=BY)


class TestLink:
    @pytest.mark.parametrize("kind", ["supersedes", "part_of", "says"])
    def test_refuses_to_go_round_in_a_circle(self, desk, kind):
        one, two, three = desk.asserts(), desk.asserts(), desk.asserts()
        link(kind, one, two)
        link(kind, two, three)

        with pytest.raises(Invalid, match="leads back"):
            link(kind, three, one)

    def test_lets_the_same_claims_be_linked_twice_where_nothing_hangs_on_the_order(self, desk):
        one, two = desk.asserts(), desk.asserts()
        link("causes", one, two)

        assert link("causes", two, one).kind == "ClaimsLinked"


class TestARetractedSpeech:
    def test_does_not_free_what_it_said(self, desk):
        speech, embedded = desk.asserts("RUS", "KAZ"), desk.asserts("KAZ", "RUS")
        link("says", speech, embedded)
        claims.retract_claim(speech.stream, reason="misread", at=AT, by=BY)
        impacts.follow_all()
        scores.recompute_all(at=AT)

        title = questions.titles([embedded.stream], reader=Reader.DESK)[embedded.stream]
        assert title.startswith("RUS alleges: ")


class TestNames:
    def test_let_one_actor_only_have_a_code(self, desk):
        a_desk()

        with pytest.raises(Invalid, match="is KAZ"):
            actors.describe_actor(an_actor("KAZ"), at=AT, by=BY)

    def test_let_one_lens_only_have_a_name(self, desk):

        with pytest.raises(Invalid, match="already"):
            lenses.define_lens(a_lens("tone", view=desk.view), at=AT, by=BY)
