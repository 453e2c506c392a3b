"""Several processes follow one view: the rows are those of one process alone.

Blocks are taken with real locks against another connection. In the law, the processes are played in
one: each keeps parts of its own, and whatever others do happens while one waits for its turn.
"""

import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.background_work import digests, rows, work_off
from tests.kit.builders import AT, BY, Desk, a_collection, a_desk, a_lens, an_actor
from tests.kit.databases import another_connection
from tests.kit.histories import Step, a_scene, happens, histories, undone
from tests.kit.imports import bring
from tests.kit.laws import FEW, SOME
from tests.kit.log_entries import run
from tracker import log
from tracker.domain.lenses import View
from tracker.models.derived import DISCLOSURE, Quarantine
from tracker.operations import actors, lenses, sources
from tracker.projections import blocks, cursors, impacts, plain_claims, urgency
from tracker.projections.audit import audit
from tracker.projections.blocks import SIZE, Block

pytestmark = pytest.mark.django_db
KEY = "SELECT pg_advisory_lock(hashtextextended('follow ' || %s, %s))"
HELD = "pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"


@pytest.fixture
def desk() -> Desk:
    """A view that has nothing to follow but some claims of an archive, two blocks and a half."""
    desk = a_desk()
    bring(5 * SIZE // 2)
    cursors.create(desk.view)
    return desk


def position(view: View) -> int:
    [(found,)] = rows(f"cursor WHERE view = '{view.id}'", "position")
    return int(str(found))


class TestTaking:
    def test_gives_the_next_block_and_then_those_ahead_of_it(self, desk):
        end = log.head().position
        with another_connection() as rival:
            assert blocks.take(desk.view) == Block(0, 0, SIZE, is_next=True)
            # The one that is taken is not there for others, and no other was locked to find it.
            assert rival.execute(
                "SELECT array_agg(n) FROM generate_series(0, 3) AS n WHERE"
                " pg_try_advisory_lock(hashtextextended('follow ' || %s, n))",
                [desk.view.id],
            ).fetchone() == ([1, 2, 3],)
            rival.execute("SELECT pg_advisory_unlock_all()")
            rival.execute(KEY, [desk.view.id, 1])
            impacts.step(desk.view, limit=100)

            assert 2 * SIZE < end < 3 * SIZE
            # One's own lock does not stand in the way.
            assert blocks.take(desk.view) == Block(0, 100, SIZE, is_next=True)
            impacts.step(desk.view, limit=SIZE - 100)
            assert blocks.take(desk.view) == Block(2, 2 * SIZE, end, is_next=False)
            rival.execute(KEY, [desk.view.id, 3])

    def test_gives_nothing_where_others_have_all(self, desk):
        with another_connection() as rival:
            for number in range(3):
                rival.execute(KEY, [desk.view.id, number])

            assert blocks.take(desk.view) is None
            impacts.step(desk.view, until=SIZE)
            assert impacts.step(desk.view, shared=True) == 0

    @pytest.mark.parametrize("why", ["error", "event", "quarantine"])
    def test_gives_only_the_next_block_where_one_process_must_follow(self, desk, why):
        match why:
            case "error":
                run("UPDATE cursor SET stopped_by = 'so'")
            case "event":
                run("UPDATE cursor SET last_claim = gen_random_uuid()")
            case "quarantine":
                Quarantine.objects.create(
                    view=desk.view.id, subject="claim:x", position=1, error="so"
                )
        with another_connection() as rival:
            rival.execute(KEY, [desk.view.id, 0])
            assert blocks.take(desk.view) is None
            rival.execute("SELECT pg_advisory_unlock_all()")

            assert blocks.take(desk.view) == Block(0, 0, SIZE, is_next=True)

    @pytest.mark.parametrize(
        ("change", "until", "skip_records"),
        [
            ("UPDATE cursor SET last_claim = gen_random_uuid()", SIZE + 1, True),
            (
                (
                    "INSERT INTO quarantine (view, subject, position, error)"
                    " SELECT view, 'claim:x', 1, 'so' FROM cursor"
                ),
                2 * SIZE,
                False,
            ),
        ],
    )
    def test_drops_what_was_prepared_if_meanwhile_one_process_must_follow(
        self, desk, monkeypatch, change, until, skip_records
    ):
        impacts.step(desk.view, limit=SIZE)
        ahead = Block(1, SIZE, 2 * SIZE, is_next=False)
        monkeypatch.setattr(blocks, "take", lambda _view: ahead)
        monkeypatch.setattr(blocks, "wait_for_turn", lambda _view, _block: run(change))
        prepared: list[dict[str, Any]] = []
        prepare = plain_claims.prepare

        def noted(view: View, **how: Any) -> plain_claims.Prepared:
            prepared.append(how)
            return prepare(view, **how)

        monkeypatch.setattr(plain_claims, "prepare", noted)

        impacts._follow_block(desk.view, at=None, on_disk=0)

        again = {"after": SIZE, "until": until, "skip_records": skip_records}
        assert prepared == [{"after": SIZE, "until": 2 * SIZE}, again]

    def test_lets_a_view_go_on_that_has_a_claim_in_quarantine(self, desk):
        Quarantine.objects.create(view=desk.view.id, subject="claim:x", position=1, error="so")
        while impacts.follow_all(most=SIZE):
            pass

        assert position(desk.view) == log.head().position

    def test_lets_a_view_pass_over_more_than_a_block(self, desk):
        collection = sources.describe_collection(a_collection(name="other"), at=AT, by=BY)
        other = View(method="1", collections=(collection.stream,))
        lenses.define_lens(a_lens(name="other", view=other), at=AT, by=BY)

        # The first events describe a collection, and concern every view.
        done = []
        while events := impacts.step(other, shared=True):
            done.append(events)

        assert max(done) > SIZE
        assert position(other) == log.head().position

    def test_leaves_the_next_block_whole_behind_events_that_do_not_concern_the_view(self):
        desk = a_desk()
        sources.describe_collection(a_collection(name="other"), at=AT, by=BY)
        work_off()
        for _ in range(2 * impacts.FEW_EVENTS):
            actors.describe_actor(an_actor(None, kind="company"), at=AT, by=BY)
        bring(2 * SIZE)

        assert impacts.step(desk.view, shared=True) > impacts.FEW_EVENTS
        assert position(desk.view) == SIZE

    def test_is_left_to_those_who_share(self, desk):
        """Few events are followed without, and so is what a rebuild follows."""
        before = rows(HELD)
        impacts.step(desk.view)
        work_off()
        desk.asserts()
        impacts.follow_all(most=SIZE)

        assert rows(HELD) == before


@dataclass
class Processes:
    """Processes that follow a view in turns, played in one: each has parts of its own. Whoever
    works is chosen by dice."""

    dice: random.Random
    size: int
    # What happens while somebody waits.
    meanwhile: list[Callable[[], object]]
    parts: list["OrderedDict[str, plain_claims.KeptParts]"] = field(
        default_factory=lambda: [OrderedDict() for _ in range(3)]
    )
    # The blocks that are to be taken, the next one last.
    left: list[Block] = field(default_factory=list)

    def play(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain_claims, "_kept", OrderedDict())
            patch.setattr(blocks, "take", lambda _view: self.left.pop())
            patch.setattr(blocks, "wait_for_turn", self.wait)
            patch.setattr(blocks, "SIZE", self.size)
            while views := urgency.behind():
                view, _ = self.dice.choice(views)
                self.change()
                self.share(view)

    def change(self) -> None:
        plain_claims._kept = self.dice.choice(self.parts)

    def share(self, view: View) -> None:
        """Let some processes take blocks one after the other; each waits for those before."""
        cursors.create(view)
        start, end = position(view), log.head().position
        after = [start + number * self.size for number in range(self.dice.randint(1, 4))]
        self.left = [
            Block(one // self.size, one, min(one + self.size, end), is_next=one == start)
            for one in after
            if one < end
        ]
        if self.dice.random() < 0.2:
            # Some died before they began.
            del self.left[:-1:2]
        impacts._follow_block(view, at=AT, on_disk=0)

    def wait(self, view: View, block: Block) -> None:
        if self.meanwhile and self.dice.random() < 0.5:
            self.meanwhile.pop(0)()
        mine = plain_claims._kept
        self.change()
        if self.dice.random() < 0.2:
            # One that does not share comes between.
            impacts.step(view, limit=self.dice.randint(1, self.size))
        elif self.left:
            impacts._follow_block(view, at=AT, on_disk=0)
        plain_claims._kept = mine


def are_the_rows_of_one(steps: list[Step], later: int, seed: int, size: int) -> None:
    dice = random.Random(seed)  # noqa: S311 # chooses who works
    with undone():
        scene = a_scene()
        for step in steps[:-later]:
            happens(step, scene)
        playing = Processes(dice, size, [partial(happens, one, scene) for one in steps[-later:]])
        playing.play()
        for left in playing.meanwhile:
            left()
        playing.play()
        found = all_scored()
        for table in ("impact", "dependency", "cursor", "quarantine", "dirty_pair"):
            run(f"DELETE FROM {table} WHERE view <> %s", DISCLOSURE)  # noqa: S608
        for table in ("knot_block", "scored", "current_score"):
            run(f"DELETE FROM {table}")  # noqa: S608

        assert all_scored() == found
        assert audit(at=AT, sample=None) == []


def all_scored() -> dict[str, str]:
    work_off()
    return digests()


class TestSeveralProcesses:
    @FEW
    @given(
        histories(longest=12), st.integers(1, 4), st.integers(0, 1_000), st.sampled_from((1, 2, 5))
    )
    def test_write_the_rows_of_one(self, steps, later, seed, size):
        are_the_rows_of_one(steps, later, seed, size)

    @pytest.mark.long
    @SOME
    @given(
        histories(longest=30), st.integers(1, 9), st.integers(0, 1_000), st.sampled_from((1, 2, 5))
    )
    def test_write_the_rows_of_one_in_many_histories(self, steps, later, seed, size):
        are_the_rows_of_one(steps, later, seed, size)
