"""Follows the log: which claims an event touches, and what is known from where on.

An event on a record changes the claims that rest on it, found by what their rows name.
"""

from datetime import date

import pytest

from tests.kit.background_work import knots, rows, work_off
from tests.kit.builders import (
    AT,
    BY,
    Desk,
    a_citation,
    a_collection,
    a_desk,
    a_document,
    a_source,
    an_actor,
    an_id,
    rate,
)
from tests.kit.log_entries import ask
from tracker import log
from tracker.domain import events as e
from tracker.domain.state import Entry
from tracker.operations import actors, claims, links, sources
from tracker.projections import impacts, refreshing
from tracker.projections.audit import audit
from tracker.queries.evidence import dependents
from tracker.queries.evidence.impacts import on_pair

pytestmark = pytest.mark.django_db
VERSIONS = "claim, known_from, known_until, p"


class TestWhatIsKnown:
    def test_begins_with_the_assertion_and_ends_with_the_retraction(self, desk: Desk) -> None:
        asserted = desk.asserts()
        retracted = claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
        reinstated = claims.reinstate_claim(asserted.stream, reason="yes", at=AT, by=BY)

        work_off()

        # A source graded C is worth .65.
        assert rows("impact", VERSIONS) == [
            (asserted.stream, asserted.position, retracted.position, 0.65),
            (asserted.stream, reinstated.position, None, 0.65),
        ]

    def test_stays_as_it_is_when_an_event_changes_nothing(self, desk: Desk) -> None:
        asserted = desk.asserts()
        work_off()

        # The document is of 2022, so the later grade does not touch it.
        rate(desk.source, "A", since=date(2023, 1, 1))
        work_off()

        assert rows("impact", VERSIONS) == [(asserted.stream, asserted.position, None, 0.65)]


class TestACluster:
    def test_is_told_of_a_claim_that_joins_at_its_far_end(self, desk: Desk) -> None:
        first, second, third = (
            desk.asserts(citations=(a_citation(desk.hears()),)).stream for _ in range(3)
        )
        links.link("same_as", first, second, at=AT, by=BY)
        work_off()

        joined = links.link("same_as", second, third, at=AT, by=BY).position
        work_off()

        # Three independent C: odds 1.857³ = 6.405, so p = .865.
        assert {row for row in rows("impact", VERSIONS) if row[2] is None} == {
            (first, joined, None, 0.865)
        }

    def test_falls_apart_when_its_middle_is_retracted(self, desk: Desk) -> None:
        first, second, third = (
            desk.asserts(citations=(a_citation(desk.hears()),)).stream for _ in range(3)
        )
        links.link("same_as", first, second, at=AT, by=BY)
        links.link("same_as", second, third, at=AT, by=BY)
        work_off()

        gone = claims.retract_claim(second, reason="no", at=AT, by=BY).position
        work_off()

        assert {row for row in rows("impact", VERSIONS) if row[2] is None} == {
            (first, gone, None, 0.65),
            (third, gone, None, 0.65),
        }


class TestAStep:
    def test_goes_no_further_than_it_is_told(self, desk: Desk) -> None:
        positions = [desk.asserts().position for _ in range(3)]

        taken = [impacts.step(desk.view, until=positions[0]) for _ in range(2)]

        assert taken == [positions[0], 0]
        assert rows("cursor", "position") == [(positions[0],)]
        assert rows("impact", "known_from") == [(positions[0],)]


class TestAnEventThatTouchesMany:
    def test_is_taken_in_over_several_transactions_and_read_as_a_whole(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(5):
            desk.asserts()
        work_off()
        before = knots()
        monkeypatch.setattr(impacts, "CHUNK", 2)

        rate(desk.source, "B", since=date(2021, 1, 1))
        half = [impacts.follow(desk.view, limit=10), knots(), knots(as_of=log.head().position)]
        work_off()

        assert half == [1, before, before]
        assert set(rows("cursor", "position, last_claim")) == {(log.head().position, None)}
        assert knots() == knots(as_of=log.head().position) != before

    def test_waits_for_the_disk_before_its_scores_are_seen(self) -> None:
        a_desk().asserts()

        impacts.follow_all()

        assert ask("SHOW synchronous_commit") == [("on",)]

    @pytest.mark.parametrize(("beyond", "waits"), [(0, "off"), (1, "on")])
    def test_does_not_wait_if_its_events_are_on_disk(
        self, desk: Desk, beyond: int, waits: str
    ) -> None:
        desk.asserts()
        work_off()
        position = desk.asserts().position

        impacts.follow(desk.view, limit=9, on_disk=position - beyond)

        assert ask("SHOW synchronous_commit") == [(waits,)]

    def test_marks_the_pairs_of_every_chunk(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, ends in enumerate((("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS"))):
            desk.asserts(*ends, claim_id=an_id(number + 100))
        work_off()
        monkeypatch.setattr(impacts, "CHUNK", 1)

        rate(desk.source, "B", since=date(2021, 1, 1))
        impacts.follow_all()

        assert rows("dirty_pair", "pair") == [("CHN-KAZ",), ("CHN-RUS",), ("KAZ-RUS",)]


def open_impacts():
    """The impacts now, each by its ends and its p."""
    work_off()
    assert audit(at=AT, sample=None) == []
    found = rows("impact WHERE known_until IS NULL", "initiator, recipient, p")
    return sorted(found)


class TestARecord:
    """Described or graded anew. A source graded C is worth .65, one graded B .85."""

    def test_that_is_a_party_moves_its_claims(self, desk):
        army = desk.speaker("RUS", "military")
        desk.asserts(army)
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        desk.speaker("CHN", "military", actor_id=army)

        assert open_impacts() == [("CHN", "KAZ", 0.65)]

    def test_that_is_a_member_moves_the_claims_of_its_groups(self, desk):
        army = desk.speaker("RUS", "military")
        group = an_actor(None, kind="group", members=(army,))
        larger = an_actor(
            None, kind="group", members=(actors.describe_actor(group, at=AT, by=BY).stream,)
        )
        desk.asserts(actors.describe_actor(larger, at=AT, by=BY).stream)
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        desk.speaker("CHN", "military", actor_id=army)

        assert open_impacts() == [("CHN", "KAZ", 0.65)]

    def test_that_is_represented_moves_the_claims_of_those_who_speak_for_it(self, desk):
        country = actors.describe_actor(an_actor("UZB"), at=AT, by=BY).stream
        desk.asserts(desk.speaker(country))
        assert open_impacts() == [("UZB", "KAZ", 0.65)]

        group = an_actor("UZB", kind="group")
        actors.describe_actor(group, at=AT, by=BY, actor_id=country)

        assert open_impacts() == []

    @pytest.mark.parametrize("few", [0, 1_000])
    def test_that_is_a_publisher_moves_its_claims(self, desk, few, monkeypatch):
        monkeypatch.setattr(dependents, "FEW_DOCUMENTS", few)
        desk.asserts()
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        rate(desk.source, "B")

        assert open_impacts() == [("RUS", "KAZ", 0.85)]

    @pytest.mark.parametrize("few", [0, 1_000])
    def test_that_was_a_publisher_is_found_with_the_claims_that_cited_it(
        self, desk, few, monkeypatch
    ):
        monkeypatch.setattr(dependents, "FEW_DOCUMENTS", few)
        asserted = [desk.asserts().stream for _ in range(3)]
        better = sources.describe_source(a_source(name="The Agency"), at=AT, by=BY).stream
        sources.describe_document(a_document(better), at=AT, by=BY, document_id=desk.document)
        rated = e.SourceRated(reliability="B", since=None, reason="")
        entry = Entry(stream=desk.source, position=log.head().position, event=rated)

        first = dependents.resting_on(entry, excluded=[], after=None, most=2)
        rest = dependents.resting_on(entry, excluded=[], after=first[-1], most=2)

        assert first + rest == sorted(asserted)

    def test_that_is_a_link_in_a_chain_moves_the_claims_that_pass_it(self, desk):
        agency = sources.describe_source(a_source(name="The Agency"), at=AT, by=BY).stream
        rate(agency, "D")
        desk.asserts(citations=(a_citation(desk.document, chain=(agency,)),))
        assert open_impacts() == [("RUS", "KAZ", 0.4)]

        rate(agency, "B")

        # The publisher, graded C, is the weakest link now.
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

    def test_that_is_cited_moves_its_claims(self, desk):
        better = sources.describe_source(a_source(name="The Agency"), at=AT, by=BY).stream
        rate(better, "B")
        desk.asserts()
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        sources.describe_document(a_document(better), at=AT, by=BY, document_id=desk.document)

        assert open_impacts() == [("RUS", "KAZ", 0.85)]

    def test_that_is_their_collection_moves_its_claims(self, desk):
        desk.asserts()
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        reviewed = a_collection(review=True)
        sources.describe_collection(reviewed, at=AT, by=BY, collection_id=desk.collection)

        assert open_impacts() == []

    def test_moves_claims_that_name_it_no_more_as_they_were_known_then(self, desk):
        army = desk.speaker("RUS", "military")
        asserted = desk.asserts(army)
        work_off()
        desk.speaker("CHN", "military", actor_id=army)
        moved = log.head().position
        # The correction is on record before the view follows the description.
        corrected = desk.claim("RUS", "KAZ")
        claims.correct_claim(asserted.stream, corrected, reason="no army", expected=1, at=AT, by=BY)
        assert open_impacts() == [("RUS", "KAZ", 0.65)]

        [then] = on_pair(desk.view.id, "CHN-KAZ", position=moved)

        assert (then.claim, then.initiator) == (asserted.stream, "CHN")
        assert on_pair(desk.view.id, "CHN-KAZ", position=log.head().position) == []


class TestAView:
    def test_does_not_evaluate_claims_that_it_does_not_count(self, desk, monkeypatch):
        machine = a_collection(name="feed", coding="machine")
        feed = sources.describe_collection(machine, at=AT, by=BY).stream
        other = desk.asserts(collection=feed)
        own = desk.asserts()
        work_off()
        evaluated = []
        evaluate = refreshing.evaluate

        def watched(state, around):
            evaluated.append(state.id)
            return evaluate(state, around)

        monkeypatch.setattr(refreshing, "evaluate", watched)
        rate(desk.source, "B")
        work_off()

        assert own.stream in evaluated
        assert other.stream not in evaluated


class TestRowsOfDependencies:
    def test_are_kept_for_linked_claims_alone(self, desk):
        desk.asserts()
        work_off()
        assert rows("dependency") == []
