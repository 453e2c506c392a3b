"""Folds dirty pairs into knots: what is written, and what a failure costs."""

from datetime import timedelta

import pytest

from tests.kit.background_work import knots, rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_desk, a_lens
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.log import Draft, Recorded
from tracker.operations import claims, ids, lenses
from tracker.projections import impacts, score_rows, scores, standing
from tracker.queries import moment, progress
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db


def a_broken_lens(desk: Desk) -> Recorded:
    lens = a_lens(name="broken", view=desk.view, model="standing", parameters={})
    draft = Draft(stream=ids.new_id(AT), event=e.LensDefined(lens=lens), expected=0)
    return log.append([draft], at=AT, by=BY, project=standing.project)[0]


class TestRecompute:
    def test_lets_a_broken_lens_fail_alone(self) -> None:
        desk = a_desk()
        a_broken_lens(desk)
        desk.asserts()

        work_off()

        assert value() < 0

    def test_sets_a_pair_aside_after_five_attempts_and_says_why(self) -> None:
        desk = a_desk()
        a_broken_lens(desk)
        desk.asserts()
        impacts.follow_all()

        for minute in range(6):
            scores.recompute_all(at=AT + timedelta(minutes=minute))

        assert rows("dirty_pair") == []
        [(subject, error)] = rows("quarantine", "subject, error")
        assert subject == "pair:KAZ-RUS"
        assert str(error).startswith("broken@1: WrongParameter")

    def test_says_a_position_that_does_not_depend_on_when_it_ran(self) -> None:
        desk = a_desk()
        position = desk.asserts().position
        desk.asserts("CHN", "KAZ")

        work_off()

        assert ("KAZ-RUS", position) in rows("scored", "pair, position")

    def test_keeps_no_score_of_a_lens_that_looks_elsewhere_now(self) -> None:
        desk = a_desk()
        desk.asserts()
        work_off()
        other = View(method="1", collections=(ids.content_id("x", "y"),))

        lens = a_lens(view=other)
        draft = Draft(stream=desk.lenses["standing"], event=e.LensDefined(lens=lens))
        log.append([draft], at=AT, by=BY, project=standing.project)
        work_off()

        assert {lens for (lens,) in rows("knot_block", "lens")} == {
            stream for name, stream in desk.lenses.items() if name != "standing"
        }

    def test_a_new_version_replaces_the_old_one_on_a_pair_that_has_nothing_any_more(self) -> None:
        desk = a_desk()
        claims.retract_claim(desk.asserts().stream, reason="no", at=AT, by=BY)
        work_off()

        lenses.define_lens(a_lens(view=desk.view), at=AT, by=BY, lens_id=desk.lenses["standing"])
        work_off()

        assert (desk.lenses["standing"], 2) in rows("scored", "lens, lens_version")


class TestADirtyPair:
    def test_is_folded_from_the_earliest_day_that_changed(self) -> None:
        desk = a_desk()
        desk.asserts()
        work_off()

        desk.asserts(occurred=Occurred(edtf="2012-03-04"))
        impacts.follow_all()
        desk.asserts(occurred=Occurred(edtf="2022-05-20"))
        work_off()

        assert [knot.claims for knot in knots()] == [1, 2, 3]
        assert knots() == knots(as_of=log.head().position)

    def test_is_left_alone_by_a_worker_that_claimed_it_before_it_changed_again(self) -> None:
        desk = a_desk()
        desk.asserts()
        impacts.follow_all()
        work = scores.take_pairs(at=AT)
        desk.asserts()
        impacts.follow_all()

        written = scores.recompute(work, at=AT)

        assert not written
        assert rows("dirty_pair", "pair, generation, attempts") == [("KAZ-RUS", 2, 0)]

    def test_is_lent_to_one_worker_for_half_a_minute(self) -> None:
        desk = a_desk()
        desk.asserts()
        impacts.follow_all()

        lent = [scores.take_pairs(at=AT + timedelta(seconds=wait)) for wait in (0, 29, 30)]

        assert [len(work) for work in lent] == [1, 0, 1]

    def test_that_kills_its_workers_is_set_aside_after_five_of_them(self) -> None:
        desk = a_desk()
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

    def test_is_scored_from_scratch_when_it_changes_after_it_was_set_aside(self) -> None:
        desk = a_desk()
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

        assert len(stale) == 1
        assert len(knots()) == 3
        assert knots() == knots(as_of=log.head().position)
        assert progress.quarantine() == []


class TestHowFarAPairIsScored:
    def test_goes_on_with_the_view_while_nothing_changes_and_waits_before_what_does(self) -> None:
        desk = a_desk()
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
    def test_shows_a_pair_once_its_first_day_has_come(self) -> None:
        desk = a_desk()
        desk.asserts(occurred=Occurred(edtf="2024-05-11/2024-05-20"), kind="situation")
        work_off()
        before = pairs.table(lens="standing")

        score_rows.age(today=(AT + timedelta(days=20)).date())

        assert before == []
        assert [row.pair for row in pairs.table(lens="standing")] == ["KAZ-RUS"]

    def test_lets_a_tone_fade_and_never_goes_back(self) -> None:
        desk = a_desk()
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
