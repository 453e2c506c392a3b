"""Folds dirty pairs into knots: what is written, and what a failure costs.

The few pairs that a person's event moves are scored with the event, in one transaction.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError

from tests.kit.background_work import digests, knots, rebuilt, rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_collection, a_desk, a_lens
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.log import Draft, Recorded
from tracker.operations import claims, ids, lenses
from tracker.operations.sources import describe_collection
from tracker.projections import disclosure, impacts, score_rows, scores, standing
from tracker.queries import moment, progress
from tracker.queries.scores import lenses as stored_lenses
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db


def a_broken_lens(desk: Desk) -> Recorded:
    lens = a_lens(name="broken", view=desk.view, model="standing", parameters={})
    draft = Draft(stream=ids.new_id(AT), event=e.LensDefined(lens=lens), expected=0)
    return log.append([draft], at=AT, by=BY, project=standing.project)[0]


class TestRecompute:
    def test_sets_a_pair_aside_after_five_attempts_and_says_why(self, desk: Desk) -> None:
        a_broken_lens(desk)
        desk.asserts()
        impacts.follow_all()

        for minute in range(6):
            scores.recompute_all(at=AT + timedelta(minutes=minute))

        assert rows("dirty_pair") == []
        [(subject, error)] = rows("quarantine", "subject, error")
        assert subject == "pair:KAZ-RUS"
        assert str(error).startswith("broken@1: WrongParameter")

    def test_a_new_version_replaces_the_old_one_on_a_pair_that_has_nothing_any_more(
        self, desk: Desk
    ) -> None:
        claims.retract_claim(desk.asserts().stream, reason="no", at=AT, by=BY)
        work_off()

        lenses.define_lens(a_lens(view=desk.view), at=AT, by=BY, lens_id=desk.lenses["standing"])
        work_off()

        assert (desk.lenses["standing"], 2) in rows("scored", "lens, lens_version")


class TestADirtyPair:
    def test_is_left_alone_by_a_worker_that_claimed_it_before_it_changed_again(
        self, desk: Desk
    ) -> None:
        desk.asserts()
        impacts.follow_all()
        work = scores.take_pairs(at=AT)
        desk.asserts()
        impacts.follow_all()

        written = scores.recompute(work, at=AT)

        assert not written
        assert rows("dirty_pair", "pair, generation, attempts") == [("KAZ-RUS", 2, 0)]

    def test_is_lent_to_one_worker_for_half_a_minute(self, desk: Desk) -> None:
        desk.asserts()
        impacts.follow_all()

        lent = [scores.take_pairs(at=AT + timedelta(seconds=wait)) for wait in (0, 29, 30)]

        assert [len(work) for work in lent] == [1, 0, 1]

    def test_that_kills_its_workers_is_set_aside_after_five_of_them(self, desk: Desk) -> None:
        desk.asserts()
        desk.asserts("CHN", "KAZ")
        impacts.follow_all()
        [fatal] = scores.take_pairs(at=AT)
        for attempt in range(1, 6):
            # Nobody comes back; the other pair is scored in between.
            scores.recompute_all(at=AT + timedelta(seconds=30 * attempt - 1))
            scores.take_pairs(at=AT + timedelta(seconds=30 * attempt))

        scores.recompute_all(at=AT + timedelta(hours=1))

        assert rows("dirty_pair") == []
        assert rows("quarantine", "subject, error") == [
            (f"pair:{fatal.pair}", "its workers crashed")
        ]
        assert set(rows("scored", "pair")) == {("CHN-KAZ",), ("KAZ-RUS",)} - {(fatal.pair,)}

    def test_is_scored_from_scratch_when_it_changes_after_it_was_set_aside(
        self, desk: Desk
    ) -> None:
        desk.asserts()
        work_off()
        desk.asserts(occurred=Occurred(edtf="2012-03-04"))
        impacts.follow_all()
        for attempt in range(6):
            work = scores.take_pairs(at=AT + timedelta(minutes=attempt))
        scores.recompute(work, at=AT)
        stale = knots()

        desk.asserts(occurred=Occurred(edtf="2022-05-20"))
        work_off()

        assert (stale[-1].claims, knots()[-1].claims) == (1, 3)
        assert knots() == knots(as_of=log.head().position)
        assert progress.quarantine() == []


class TestHowFarAPairIsScored:
    def test_goes_on_with_the_view_while_nothing_changes_and_waits_before_what_does(
        self, desk: Desk
    ) -> None:
        reached = []
        for ends in (("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS")):
            desk.asserts(*ends)
            work_off()
            reached.append(position("KAZ-RUS"))
        changed = desk.asserts().position
        desk.asserts()
        impacts.follow_all()
        reached.append(position("KAZ-RUS"))
        work_off()
        reached.append(position("KAZ-RUS"))

        assert reached == [changed - 3, changed - 2, changed - 1, changed - 1, changed + 1]


def position(pair: str) -> int:
    return pairs.series(pair, direction=pair, lens="standing", as_of=moment.now()).position


class TestAge:
    def test_shows_a_pair_once_its_first_day_has_come(self, desk: Desk) -> None:
        desk.asserts(occurred=Occurred(edtf="2024-05-11/2024-05-20"), kind="situation")
        work_off()
        before = pairs.table(lens="standing")

        score_rows.age(today=(AT + timedelta(days=20)).date())

        assert before == []
        assert [row.pair for row in pairs.table(lens="standing")] == ["KAZ-RUS"]

    def test_lets_a_tone_fade_and_never_goes_back(self, desk: Desk) -> None:
        desk.asserts()
        work_off()
        later = AT.date() + timedelta(days=45)

        aged = score_rows.age(today=later)
        again = score_rows.age(today=AT.date())

        # The undirected pair and one direction, under every lens: a line for each pair and lens.
        assert set(rows("current_score", "day")) == {(later,)}
        assert (aged, again) == (len(desk.lenses), 0)
        [row] = pairs.table(lens="tone")
        assert (
            row.score
            == pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="tone", as_of=moment.now())
            .on(later)
            .score
        )


@pytest.fixture
def followed_desk() -> Desk:
    """Records, and a view that this process has followed."""
    followed_desk = a_desk()
    followed_desk.asserts()
    work_off()
    return followed_desk


def marks() -> list[tuple[object, ...]]:
    return rows("dirty_pair", "pair, attempts, last_error")


class TestAPersonsClaim:
    def test_is_in_the_score_when_its_event_is_followed(self, followed_desk):
        position = followed_desk.asserts().position

        impacts.follow_all(at=AT)

        assert marks() == []
        assert {knot.claims for knot in knots()} == {2}
        assert {*rows("scored", "pair, position")} == {("KAZ-RUS", position)}
        assert rows("cursor WHERE view <> 'disclosure'", "position") == [(position,)]

    def test_is_scored_under_a_lens_that_is_defined_meanwhile(self, followed_desk, monkeypatch):
        """It commits when the cursor is locked, and before the events are read."""
        followed_desk.asserts()
        bodies, late = log.bodies, [a_lens(name="late", view=followed_desk.view)]

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

    def test_is_scored_by_others_without_a_time(self, followed_desk):
        followed_desk.asserts()

        impacts.follow_all()

        assert marks() == [("KAZ-RUS", 0, "")]

    def test_is_scored_by_others_the_first_time_in_a_process(self, followed_desk, monkeypatch):
        monkeypatch.setattr(impacts, "_followed", set())
        followed_desk.asserts()
        impacts.follow_all(at=AT)
        first = marks()
        followed_desk.asserts("CHN", "KAZ")
        impacts.follow_all(at=AT)

        assert first == marks() == [("KAZ-RUS", 0, "")]

    def test_takes_over_what_a_worker_has_begun(self, followed_desk):
        followed_desk.asserts()
        impacts.follow_all()
        begun = scores.take_pairs(at=AT)
        followed_desk.asserts()

        impacts.follow_all(at=AT)

        assert scores.recompute(begun, at=AT) == 0
        assert (marks(), knots()[0].claims) == ([], 3)

    def test_leaves_the_bytes_of_a_rebuild_and_so_does_its_retraction(self, followed_desk):
        bodies: list[dict[str, Any]] = [
            {"occurred": Occurred(edtf="2022-05-20")},
            {"kind": "situation", "occurred": Occurred(edtf="2022-03-21/2022-04-02")},
            {"occurred": Occurred(edtf="2012-03-04")},
        ]
        for body in bodies:
            claim = followed_desk.asserts(**body).stream
            impacts.follow_all(at=AT)
        claims.retract_claim(claim, reason="no", at=AT, by=BY)
        impacts.follow_all(at=AT)
        disclosure.follow_all()
        left, stored = marks(), digests()

        assert left == []
        assert rebuilt() == stored


class TestPairsOfAPersonsEvent:
    def test_are_left_to_others_if_they_are_many(self, followed_desk, monkeypatch):
        monkeypatch.setattr(impacts, "FEW_PAIRS", 1)
        followed_desk.asserts("CHN", "KAZ")
        followed_desk.asserts("KAZ", "RUS")

        impacts.follow_all(at=AT)

        assert marks() == [("CHN-KAZ", 0, ""), ("KAZ-RUS", 0, "")]

    def test_are_left_to_others_if_they_are_dense(self, followed_desk, monkeypatch):
        monkeypatch.setattr(scores, "MOST_AT_ONCE", 1)
        followed_desk.asserts()
        impacts.follow_all(at=AT)

        assert marks() == [("KAZ-RUS", 0, "")]
        scores.recompute_all(at=AT)
        assert (marks(), knots()[0].claims) == ([], 2)

    def test_keep_their_mark_if_a_lens_fails_and_have_the_scores_of_the_others(self, followed_desk):
        a_broken_lens(followed_desk)
        impacts.follow_all()
        scores.recompute_all(at=AT)
        before = value()
        # In another month: of the acts of a month the largest counts.
        followed_desk.asserts(occurred=Occurred(edtf="2022-04-20"))

        impacts.follow_all(at=AT)

        assert value() != before
        assert marks() == [("KAZ-RUS", 0, "")]

    def test_keep_their_mark_if_the_database_refuses_their_scores(self, followed_desk, monkeypatch):
        def refused(*_, **__):
            raise DataError("no such number")

        position = followed_desk.asserts().position
        with monkeypatch.context() as patched:
            patched.setattr(scores.score_rows, "write", refused)
            impacts.step(followed_desk.view, limit=1, at=AT)

        assert rows("cursor WHERE view <> 'disclosure'", "position, stopped_by") == [(position, "")]
        assert marks() == [("KAZ-RUS", 0, "")]

    def test_keep_the_scores_of_a_lens_that_moved_to_another_view(self, followed_desk):
        both = (followed_desk.collection, describe_collection(a_collection(), at=AT, by=BY).stream)
        other = View(method="1", collections=both)
        tone = followed_desk.lenses["tone"]
        lenses.define_lens(a_lens("tone", view=other), at=AT, by=BY, lens_id=tone, expected=1)
        work_off()
        followed_desk.asserts()

        for view in (other, followed_desk.view):
            impacts.step(view, at=AT)

        assert marks() == []
        assert rows(f"scored WHERE lens = '{tone}'", "lens_version") == [(2,)]
