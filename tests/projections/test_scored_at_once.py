"""The few pairs that a person's event moves are scored with the event, in one transaction."""

from typing import Any

import pytest
from django.db import DataError

from tests.kit.background_work import digests, knots, rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_collection, a_desk, a_lens
from tests.projections.test_scores import a_broken_lens
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.operations import claims, lenses
from tracker.operations.sources import describe_collection
from tracker.projections import disclosure, impacts, scores
from tracker.projections.rebuild import rebuild
from tracker.queries.scores import lenses as stored_lenses

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """Records, and a view that this process has followed."""
    desk = a_desk()
    desk.asserts()
    work_off()
    return desk


def marks() -> list[tuple[object, ...]]:
    return rows("dirty_pair", "pair, attempts, last_error")


class TestAPersonsClaim:
    def test_is_in_the_score_when_its_event_is_followed(self, desk):
        position = desk.asserts().position

        impacts.follow_all(at=AT)

        assert marks() == []
        assert [knot.claims for knot in knots()] == [2]
        assert {*rows("scored", "pair, position")} == {("KAZ-RUS", position)}
        assert rows("cursor WHERE view <> 'disclosure'", "position") == [(position,)]

    def test_is_scored_under_a_lens_that_is_defined_meanwhile(self, desk, monkeypatch):
        """It commits when the cursor is locked, and before the events are read."""
        desk.asserts()
        bodies, late = log.bodies, [a_lens(name="late", view=desk.view)]

        def with_a_lens(**given: Any) -> Any:
            while late:
                lenses.define_lens(late.pop(), at=AT, by=BY)
            return bodies(**given)

        monkeypatch.setattr(log, "bodies", with_a_lens)
        impacts.follow_all(at=AT)
        work_off()

        scored = rows("scored", "lens, pair")
        assert marks() == []
        assert len(scored) == len(stored_lenses.states())

    def test_is_scored_by_others_without_a_time(self, desk):
        desk.asserts()

        impacts.follow_all()

        assert marks() == [("KAZ-RUS", 0, "")]

    def test_is_scored_by_others_the_first_time_in_a_process(self, desk, monkeypatch):
        monkeypatch.setattr(impacts, "_followed", set())
        desk.asserts()
        impacts.follow_all(at=AT)
        first = marks()
        desk.asserts("CHN", "KAZ")
        impacts.follow_all(at=AT)

        assert first == marks() == [("KAZ-RUS", 0, "")]

    def test_takes_over_what_a_worker_has_begun(self, desk):
        desk.asserts()
        impacts.follow_all()
        begun = scores.take_pairs(at=AT)
        desk.asserts()

        impacts.follow_all(at=AT)

        assert scores.recompute(begun, at=AT) == 0
        assert (marks(), knots()[0].claims) == ([], 3)

    def test_leaves_the_bytes_of_a_rebuild_and_so_does_its_retraction(self, desk):
        bodies: list[dict[str, Any]] = [
            {"occurred": Occurred(edtf="2022-05-20")},
            {"kind": "situation", "occurred": Occurred(edtf="2022-03-21/2022-04-02")},
            {"occurred": Occurred(edtf="2012-03-04")},
        ]
        for body in bodies:
            claim = desk.asserts(**body).stream
            impacts.follow_all(at=AT)
        claims.retract_claim(claim, reason="no", at=AT, by=BY)
        impacts.follow_all(at=AT)
        disclosure.follow_all()
        left, stored = marks(), digests()
        rebuild(today=AT.date(), report=lambda *_: None)

        assert left == []
        assert digests() == stored


class TestPairs:
    def test_are_left_to_others_if_they_are_many(self, desk, monkeypatch):
        monkeypatch.setattr(impacts, "FEW_PAIRS", 1)
        desk.asserts("CHN", "KAZ")
        desk.asserts("KAZ", "RUS")

        impacts.follow_all(at=AT)

        assert marks() == [("CHN-KAZ", 0, ""), ("KAZ-RUS", 0, "")]

    def test_are_left_to_others_if_they_are_dense(self, desk, monkeypatch):
        monkeypatch.setattr(scores, "MOST_AT_ONCE", 1)
        desk.asserts()
        impacts.follow_all(at=AT)

        assert marks() == [("KAZ-RUS", 0, "")]
        scores.recompute_all(at=AT)
        assert (marks(), knots()[0].claims) == ([], 2)

    def test_keep_their_mark_if_a_lens_fails_and_have_the_scores_of_the_others(self, desk):
        a_broken_lens(desk)
        impacts.follow_all()
        scores.recompute_all(at=AT)
        before = value()
        desk.asserts()

        impacts.follow_all(at=AT)

        assert value() != before
        assert marks() == [("KAZ-RUS", 0, "")]

    def test_keep_their_mark_if_the_database_refuses_their_scores(self, desk, monkeypatch):
        def refused(*_, **__):
            raise DataError("no such number")

        position = desk.asserts().position
        with monkeypatch.context() as patched:
            patched.setattr(scores.score_rows, "write", refused)
            impacts.step(desk.view, limit=1, at=AT)

        assert rows("cursor WHERE view <> 'disclosure'", "position, stopped_by") == [(position, "")]
        assert marks() == [("KAZ-RUS", 0, "")]

    def test_keep_the_scores_of_a_lens_that_moved_to_another_view(self, desk):
        both = (desk.collection, describe_collection(a_collection(), at=AT, by=BY).stream)
        other = View(method="1", collections=both)
        tone = desk.lenses["tone"]
        lenses.define_lens(a_lens("tone", view=other), at=AT, by=BY, lens_id=tone, expected=1)
        work_off()
        desk.asserts()

        for view in (other, desk.view):
            impacts.step(view, at=AT)

        assert marks() == []
        assert rows(f"scored WHERE lens = '{tone}'", "lens_version") == [(2,)]
