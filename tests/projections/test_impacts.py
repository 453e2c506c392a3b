"""Follows the log: which claims an event touches, and what is known from where on."""

from datetime import date

import pytest

from tests.kit.background_work import knots, rows, value, work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, an_actor, an_id, rate
from tests.kit.log_entries import ask
from tracker import log
from tracker.domain.records import Affiliation, Party
from tracker.operations import actors, claims, links
from tracker.projections import impacts

pytestmark = pytest.mark.django_db
VERSIONS = "claim, known_from, known_until, p"


class TestWhatIsKnown:
    def test_begins_with_the_assertion_and_ends_with_the_retraction(
        self,
    ) -> None:
        desk = a_desk()
        asserted = desk.asserts()
        retracted = claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
        reinstated = claims.reinstate_claim(asserted.stream, reason="yes", at=AT, by=BY)

        work_off()

        # A source graded C is worth .65.
        assert rows("impact", VERSIONS) == [
            (asserted.stream, asserted.position, retracted.position, 0.65),
            (asserted.stream, reinstated.position, None, 0.65),
        ]

    def test_changes_for_every_claim_of_a_source_that_gets_another_grade(self) -> None:
        desk = a_desk()
        positions = {desk.asserts().position, desk.asserts("CHN", "KAZ").position}
        work_off()

        graded = rate(desk.source, "B", since=date(2021, 1, 1)).position
        work_off()

        found = rows("impact", "known_from, known_until, p")
        assert found == sorted(
            [(one, graded, 0.65) for one in positions] + [(graded, None, 0.85)] * 2
        )

    def test_stays_as_it_is_when_an_event_changes_nothing(self) -> None:
        desk = a_desk()
        asserted = desk.asserts()
        work_off()

        # The document is of 2022, so the later grade does not touch it.
        rate(desk.source, "A", since=date(2023, 1, 1))
        work_off()

        assert rows("impact", VERSIONS) == [(asserted.stream, asserted.position, None, 0.65)]

    def test_moves_to_another_pair_with_the_actor_that_speaks_for_another_country(self) -> None:
        desk = a_desk()
        speaks = Affiliation(country=desk.countries["RUS"], sector="business")
        company = an_actor(None, kind="company", affiliations=(speaks,))
        company_id = actors.describe_actor(company, at=AT, by=BY).stream
        desk.asserts(
            parties=(
                Party(actor=company_id, role="initiator"),
                Party(actor=desk.countries["KAZ"], role="recipient"),
            )
        )
        work_off()

        speaks = Affiliation(country=desk.countries["CHN"], sector="business")
        bought = an_actor(None, kind="company", affiliations=(speaks,))
        moved = actors.describe_actor(bought, at=AT, by=BY, actor_id=company_id).position
        work_off()

        assert rows("impact", "pair, known_until") == [("CHN-KAZ", None), ("KAZ-RUS", moved)]
        assert value("KAZ-RUS") == 0
        assert value("CHN-KAZ") < 0


class TestACluster:
    def test_counts_once_with_the_citations_of_all(self) -> None:
        desk = a_desk()
        other = desk.hears()
        first = desk.asserts().stream
        second = desk.asserts(citations=(a_citation(other),)).stream
        linked = links.link("same_as", first, second, at=AT, by=BY).position

        work_off()

        # Two independent C: odds (.65/.35)² = 3.449, so p = .7752.
        assert {row for row in rows("impact", VERSIONS) if row[2] is None} == {
            (first, linked, None, 0.7752)
        }

    def test_is_told_of_a_claim_that_joins_at_its_far_end(self) -> None:
        desk = a_desk()
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

    def test_falls_apart_when_its_middle_is_retracted(self) -> None:
        desk = a_desk()
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
    def test_goes_no_further_than_it_is_told(self) -> None:
        desk = a_desk()
        positions = [desk.asserts().position for _ in range(3)]

        taken = [impacts.step(desk.view, until=positions[0]) for _ in range(2)]

        assert taken == [positions[0], 0]
        assert rows("cursor", "position") == [(positions[0],)]
        assert rows("impact", "known_from") == [(positions[0],)]


class TestAnEventThatTouchesMany:
    def test_is_taken_in_over_several_transactions_and_read_as_a_whole(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = a_desk()
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

    def test_comes_to_the_same_as_in_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = a_desk()
        for number in range(5):
            desk.asserts(claim_id=an_id(number + 100))
        work_off()
        monkeypatch.setattr(impacts, "CHUNK", 2)

        graded = rate(desk.source, "B", since=date(2021, 1, 1)).position
        work_off()

        assert rows("impact", "claim, p, known_until")[-1] == (an_id(104), 0.85, None)
        assert len(rows("impact", "claim")) == 10
        assert {row[0] for row in rows("impact", "known_until, claim")} == {graded, None}

    def test_waits_for_the_disk_before_its_scores_are_seen(self) -> None:
        a_desk().asserts()

        impacts.follow_all()

        assert ask("SHOW synchronous_commit") == [("on",)]

    @pytest.mark.parametrize(("beyond", "waits"), [(0, "off"), (1, "on")])
    def test_does_not_wait_if_its_events_are_on_disk(self, beyond: int, waits: str) -> None:
        desk = a_desk()
        desk.asserts()
        work_off()
        position = desk.asserts().position

        impacts.follow(desk.view, limit=9, on_disk=position - beyond)

        assert ask("SHOW synchronous_commit") == [(waits,)]

    def test_marks_the_pairs_of_every_chunk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = a_desk()
        for number, ends in enumerate((("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS"))):
            desk.asserts(*ends, claim_id=an_id(number + 100))
        work_off()
        monkeypatch.setattr(impacts, "CHUNK", 1)

        rate(desk.source, "B", since=date(2021, 1, 1))
        impacts.follow_all()

        assert rows("dirty_pair", "pair") == [("CHN-KAZ",), ("CHN-RUS",), ("KAZ-RUS",)]
