"""Events that do not concern a view move only its cursor."""

from datetime import date

import pytest

from tests.kit.background_work import rows, work_off
from tests.kit.builders import AT, BY, Desk, a_citation, rate
from tests.kit.imports import archive, days, take_in
from tests.kit.log_entries import rows_gone_through, run
from tracker import log
from tracker.domain.claims import Occurred
from tracker.operations import claims, links
from tracker.projections import impacts, relevance

pytestmark = pytest.mark.django_db
CURSOR = "cursor WHERE view = '{}'"
EVERY = "view, claim, initiator, recipient, known_from, known_until, p"


def bring(first: int, number: int) -> list[log.Recorded]:
    """Import claims of so many days into a collection of machine-coded claims."""
    before = log.head().position
    take_in(archive(*days(number, since=first)), name="a.export.CSV")
    found = log.read(after=before, limit=1_000)
    return [event for event in found if event.kind == "ClaimAsserted"]


def passed(desk: Desk, after: int) -> int:
    return relevance.last_passed(desk.view, after=after, until=log.head().position)


class TestAViewPasses:
    def test_the_claims_of_an_archive_up_to_a_persons_claim(self, desk):
        work_off()
        bring(1, 5)
        work_off()
        start = log.head().position
        bring(6, 5)
        own = desk.asserts().position
        bring(11, 5)

        assert passed(desk, start) == own - 1
        assert passed(desk, own) == log.head().position

    def test_no_event_on_which_its_claims_depend(self, desk):
        desk.asserts()
        bring(1, 1)
        work_off()
        start = log.head().position
        desk.hears(grade=None)
        graded = rate(desk.source, "A").position

        assert passed(desk, start) == graded - 1

    def test_a_stretch_at_once(self, desk, monkeypatch):
        monkeypatch.setattr(relevance, "PASSED", 3)
        work_off()
        bring(1, 2)
        work_off()
        start = log.head().position
        bring(3, 5)

        assert passed(desk, start) == start + 3

    def test_events_without_reading_all_claims_and_dependencies(self, desk):
        work_off()
        brought = bring(1, 29)
        start = log.head().position
        for claim in brought:
            claims.retract_claim(claim.stream, reason="so", at=AT, by=BY)
        run(
            "INSERT INTO standing_claim SELECT (jsonb_populate_record(c,"
            " jsonb_build_object('id', gen_random_uuid()))).*"
            " FROM standing_claim c, generate_series(1, 20)"
        )
        run(
            "INSERT INTO dependency SELECT %s, gen_random_uuid(), gen_random_uuid()"
            " FROM generate_series(1, 3000)",
            desk.view.id,
        )
        run("ANALYZE event, standing_claim, dependency")
        before = [rows_gone_through(table) for table in ("standing_claim", "dependency")]

        assert passed(desk, start) == start + 29
        after = [rows_gone_through(table) for table in ("standing_claim", "dependency")]
        # The 29 retracted claims are looked up, and no dependency is found.
        read, found = (now - was for was, now in zip(before, after, strict=True))
        assert read <= 2 * 29
        assert found == 0

    def test_nothing_where_every_collection_counts(self, desk):
        start = log.head().position
        desk.hears()

        assert passed(desk, start) == start

    def test_nothing_while_an_event_is_partly_processed(self, desk, monkeypatch):
        for _ in range(3):
            desk.asserts()
        bring(1, 2)
        work_off()
        graded = rate(desk.source, "A", since=date(2021, 1, 1)).position
        bring(3, 2)
        monkeypatch.setattr(impacts, "CHUNK", 1)
        monkeypatch.setattr(impacts, "FEW_EVENTS", 1)

        impacts.step(desk.view)
        impacts.step(desk.view)

        [(position, last_claim)] = rows(CURSOR.format(desk.view.id), "position, last_claim")
        assert position == graded - 1
        assert last_claim is not None


class TestPassing:
    def history(self, desk: Desk) -> None:
        """Claims of people and of an archive, linked and changed."""
        visits = bring(1, 6)
        own = desk.asserts()
        more = bring(7, 6)
        links.link("same_as", own.stream, more[0].stream, at=AT, by=BY)
        links.link("same_as", visits[0].stream, own.stream, at=AT, by=BY)
        claims.retract_claim(more[1].stream, reason="no", at=AT, by=BY)
        russian = desk.hears(country=desk.countries["RUS"], ownership="state")
        cited = (a_citation(russian),)
        desk.asserts("CHN", "KAZ", citations=cited, occurred=Occurred(edtf="2022-03-04"))
        claims.retract_claim(more[0].stream, reason="no", at=AT, by=BY)
        bring(13, 6)
        rate(desk.source, "A")

    def test_changes_no_row(self, desk, monkeypatch):
        self.history(desk)
        monkeypatch.setattr(impacts, "FEW_EVENTS", 1_000)
        impacts.follow_all()
        one_by_one = rows("impact", EVERY), rows("dependency", "view, stream, claim")
        for table in ("impact", "dependency", "dirty_pair", "cursor"):
            run(f"DELETE FROM {table}")  # noqa: S608

        monkeypatch.setattr(impacts, "FEW_EVENTS", 1)
        impacts.follow_all()

        assert len(one_by_one[0]) > 20
        assert (rows("impact", EVERY), rows("dependency", "view, stream, claim")) == one_by_one
