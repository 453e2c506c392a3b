"""What cannot be evaluated or read is set aside alone, or stops its view and nothing else."""

from datetime import date
from uuid import uuid4

import pytest

from tests.kit.background_work import rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_citation, a_document
from tests.kit.imports import archive, days, take_in
from tests.kit.odd_events import a_poison_claim, unchecked, write_unknown_kind
from tracker import log
from tracker.domain import events as e
from tracker.log import Draft
from tracker.operations import claims
from tracker.queries import progress

pytestmark = pytest.mark.django_db


class TestAPoisonClaim:
    def test_is_set_aside_alone(self, desk: Desk) -> None:
        poison = a_poison_claim(desk)
        desk.asserts()

        work_off()

        [found] = progress.quarantine()
        assert (found.subject, found.position) == (f"claim:{poison.stream}", poison.position)
        assert "NONSENSE" in found.error
        assert value() < 0
        assert set(rows("cursor", "position, stopped_by")) == {(log.head().position, "")}

    def test_comes_back_with_a_correction(self, desk: Desk) -> None:
        poison = a_poison_claim(desk)
        work_off()

        claims.correct_claim(poison.stream, desk.claim(), reason="typo", expected=1, at=AT, by=BY)
        work_off()

        assert progress.quarantine() == []
        assert value() < 0

    def test_spoils_none_of_those_that_are_taken_in_with_it(self, desk: Desk) -> None:
        # A grade without a source before it: nothing can be made of this document's stream.
        broken = uuid4()
        rating = e.SourceRated(reliability="B", since=date(2020, 1, 1), reason="none")
        log.append([Draft(stream=broken, event=rating)], at=AT, by=BY, project=lambda _: [])
        work_off()
        poison = unchecked(e.ClaimAsserted(claim=desk.claim(citations=(a_citation(broken),))))
        desk.asserts()

        work_off()

        assert [one.subject for one in progress.quarantine()] == [f"claim:{poison.stream}"]
        assert value() < 0

    def test_waits_for_a_record_that_it_names_too_early(self, desk: Desk) -> None:
        later = uuid4()
        unchecked(e.ClaimAsserted(claim=desk.claim(citations=(a_citation(later),))))
        work_off()
        before = len(progress.quarantine())

        document = e.DocumentDescribed(document=a_document(desk.source))
        unchecked(document, stream=later)
        work_off()

        assert (before, progress.quarantine()) == (1, [])
        assert value() < 0

    def test_waits_for_a_record_beside_an_archive_that_its_view_passes(self, desk: Desk) -> None:
        later = uuid4()
        unchecked(e.ClaimAsserted(claim=desk.claim(citations=(a_citation(later),))))
        take_in(archive(*days(8)))
        work_off()
        take_in(archive(*days(12, since=9)), name="next.CSV")
        document = e.DocumentDescribed(document=a_document(desk.source))
        unchecked(document, stream=later)
        take_in(archive(*days(8, since=21)), name="last.CSV")
        work_off()

        assert progress.quarantine() == []
        assert value() < 0


class TestAnEventOfAnUnknownKind:
    def test_stops_the_view_before_it_and_says_why(self, desk: Desk) -> None:
        position = desk.asserts().position
        write_unknown_kind()
        desk.asserts("CHN", "KAZ")

        work_off()

        [follower] = progress.followers()
        assert follower.position == position
        assert "ClaimDreamt" in follower.stopped_by
        assert value("KAZ-RUS") < 0
