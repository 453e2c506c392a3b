"""The kept numbers of claims by month, language and root are those of the log, however they came
to be."""

import pytest

from tests.kit.builders import AT, BY, a_citation, a_collection, a_document, a_source
from tests.kit.proposals import enters_proposed
from tracker import log
from tracker.domain.claims import Occurred
from tracker.models.derived import CoverageCounts
from tracker.operations import claims, sources
from tracker.projections import coverage
from tracker.projections.audit import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def russian(desk):
    """A document in Russian."""
    report = a_document(desk.source, title="In Russian", language="ru")
    return sources.describe_document(report, at=AT, by=BY).stream


def counts(desk):
    coverage.follow()
    return CoverageCounts.objects.get(collection=desk.collection).counts


def in_force(desk):
    found = counts(desk)
    return {kind: found[kind] for kind in ("month", "language", "root")}


def of_proposals(desk):
    found = counts(desk)
    return found["proposed"], found["unchanged"]


def act(day, *documents, **given):
    if documents:
        given["citations"] = tuple(a_citation(document) for document in documents)
    return {"occurred": Occurred(edtf=day), **given}


class TestTheCounts:
    def test_are_of_months_languages_and_roots(self, desk, russian):
        gazeta = sources.describe_source(a_source(name="Gazeta"), at=AT, by=BY).stream
        desk.asserts(**act("2022-05-11"))
        desk.asserts(**act("2022-05-12", desk.document, russian))
        chain = a_citation(russian, chain=(desk.source, gazeta))
        desk.asserts(**act("2022-04-01", citations=(chain,)))

        assert in_force(desk) == {
            "month": {"2022-04": 1, "2022-05": 2},
            "language": {"unknown": 2, "ru": 2},
            "root": {str(desk.source): 2, str(gazeta): 1},
        }

    def test_follow_what_is_entered_retracted_and_reinstated(self, desk):
        kept = desk.asserts(**act("2022-05-11")).stream
        first = counts(desk)
        desk.asserts(**act("2022-05-12"))
        claims.retract_claim(kept, reason="A slip.", at=AT, by=BY)
        second = counts(desk)
        claims.reinstate_claim(kept, reason="It was none.", at=AT, by=BY)

        assert first["month"] == second["month"] == {"2022-05": 1}
        assert counts(desk)["month"] == {"2022-05": 2}

    def test_follow_a_correction(self, desk, russian):
        claim = desk.asserts(**act("2022-05-11")).stream
        counts(desk)
        corrected = desk.claim(**act("2022-04-01", russian))
        claims.correct_claim(claim, corrected, reason="Its day.", expected=1, at=AT, by=BY)

        assert counts(desk)["month"] == {"2022-04": 1}
        assert counts(desk)["language"] == {"ru": 1}

    def test_follow_a_document_that_is_described_anew(self, desk, russian):
        other = sources.describe_source(a_source(name="Other"), at=AT, by=BY).stream
        desk.asserts(**act("2022-05-11", russian))
        desk.asserts(**act("2022-05-12"))
        counts(desk)
        again = a_document(other, title="In Kazakh", language="kk")
        sources.describe_document(again, at=AT, by=BY, document_id=russian, expected=1)

        assert in_force(desk) == {
            "month": {"2022-05": 2},
            "language": {"unknown": 1, "kk": 1},
            "root": {str(desk.source): 1, str(other): 1},
        }

    def test_of_an_undated_claim_have_no_month(self, desk):
        desk.asserts(**act("2022-05-11"))
        desk.asserts(occurred=None)

        assert counts(desk)["month"] == {"2022-05": 1}
        assert counts(desk)["root"] == {str(desk.source): 2}

    def test_are_those_of_collections_of_people(self, desk):
        feed = a_collection(name="feed", coding="machine")
        machine = sources.describe_collection(feed, at=AT, by=BY).stream
        desk.asserts(collection=machine)
        coverage.follow()

        assert [row.collection for row in CoverageCounts.objects.all()] == [desk.collection]

    def test_are_of_the_end_of_the_log(self, desk):
        counts(desk)
        desk.asserts()
        counts(desk)

        assert CoverageCounts.objects.get().position == log.head().position


class TestTheCountsOfProposals:
    def test_are_by_month_of_entry_and_person(self, desk):
        junta = desk.countries["CHN"]
        june = AT.replace(month=6)
        desk.asserts()
        enters_proposed(desk, number=1)
        enters_proposed(desk, number=2, was={"code": "plover-2.0/AID"})
        enters_proposed(desk, number=3, by="bea lee", at=june)
        enters_proposed(desk, number=4, by="bea lee", at=june, said_by=junta)
        enters_proposed(desk, number=5, by="bea lee", at=june, said_by=junta, was={"said_by": None})

        assert of_proposals(desk) == (
            {"2024-05 ann": 2, "2024-06 bea lee": 3},
            {"2024-05 ann": 1, "2024-06 bea lee": 2},
        )

    def test_follow_what_is_entered_and_nothing_that_comes_after(self, desk):
        first = enters_proposed(desk, number=1)
        before = of_proposals(desk)
        enters_proposed(desk, number=2)
        claims.retract_claim(first, reason="A slip.", at=AT, by=BY)
        after = of_proposals(desk)
        claims.reinstate_claim(first, reason="None.", at=AT, by=BY)
        other = desk.claim(code="plover-2.0/AID")
        claims.correct_claim(first, other, reason="A slip.", expected=3, at=AT, by=BY)

        assert before == ({"2024-05 ann": 1}, {"2024-05 ann": 1})
        assert after == of_proposals(desk) == ({"2024-05 ann": 2}, {"2024-05 ann": 2})


class TestTheAudit:
    def test_finds_counts_that_differ(self, desk):
        desk.asserts()
        enters_proposed(desk, number=1)
        counts(desk)
        enters_proposed(desk, number=2, was={"code": None})
        before = counts(desk)
        right = audit(at=AT, sample=None)
        CoverageCounts.objects.update(counts=before | {"unchanged": {"2024-05 ann": 2}})

        [difference] = set(audit(at=AT, sample=None)) - set(right)
        assert difference == f"the coverage of collection {desk.collection} differs from its claims"
