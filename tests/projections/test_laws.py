"""Laws of the background work, tried on random histories."""

from itertools import zip_longest
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.background_work import digests, work_off
from tests.kit.builders import AT
from tests.kit.histories import (
    CURATED,
    SECOND,
    Scene,
    Step,
    a_scene,
    happens,
    histories,
    undone,
)
from tests.kit.laws import FEW, MANY
from tracker import log
from tracker.domain.lenses import View
from tracker.domain.scoring.moments import Knot
from tracker.domain.state import Entry, State, fold
from tracker.projections import impacts
from tracker.projections.rebuild import rebuild
from tracker.queries import moment
from tracker.queries.evidence.refold import refold
from tracker.queries.records import states
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db
PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")
# After which of the steps the workers get to work.
BUSY = st.lists(st.booleans(), max_size=12)

type Name = tuple[str, str, str]


def live(steps: list[Step], busy: list[bool]) -> Scene:
    """Let a history happen while the workers come and go; in the end they have done it all."""
    scene = a_scene()
    happens(steps[0], scene)
    work_off()
    for step, works in zip_longest(steps[1:], busy[: len(steps) - 1], fillvalue=False):
        happens(step, scene)  # type: ignore[arg-type] # never longer than the steps
        if works:
            work_off()
    work_off()
    return scene


def anew(view: View, *, position: int) -> dict[Name, list[Knot]]:
    """Every series folded from the raw log, by lens, pair and direction."""
    made = refold(view, position=position)
    assert made.failed == set()
    return {
        (lens.lens.name, pair, direction): knots
        for lens in made.lenses
        for pair in PAIRS
        for direction, knots in made.knots(lens, pair).items()
    }


def read(name: Name, *, as_of: int | None) -> list[Knot]:
    lens, pair, direction = name
    return list(pairs.series(pair, direction=direction, lens=lens, as_of=moment.at(as_of)).knots)


def is_exact_at_every_position(steps: list[Step], busy: list[bool]) -> None:
    with undone():
        scene = live(steps, busy)
        end = log.head().position
        for position in range(end - len(steps), end + 1):
            expected = anew(scene.desk.view, position=position)
            expected |= anew(CURATED, position=position) | anew(SECOND, position=position)
            assert {one: read(one, as_of=position) for one in expected} == expected
            folded: dict[UUID, State | None] = {}
            for one in log.read(after=0, limit=position):
                entry = Entry(stream=one.stream, position=0, event=one.decoded())
                folded[one.stream] = fold([entry], folded.get(one.stream))
            assert states.everything(folded, at=position) == folded
        assert {one: read(one, as_of=None) for one in expected} == expected


def is_rebuilt_to_the_same_bytes(
    steps: list[Step], busy: list[bool], *, chunk: int = impacts.CHUNK
) -> None:
    with undone():
        live(steps, busy)
        before = digests()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(impacts, "CHUNK", chunk)
            rebuild(today=AT.date(), report=lambda *_: None)
        assert digests() == before


class TestEveryHistory:
    @FEW
    @given(histories(longest=9), BUSY)
    def test_is_exact_as_of_every_position(self, steps: list[Step], busy: list[bool]) -> None:
        is_exact_at_every_position(steps, busy)

    @FEW
    @given(histories(longest=9), BUSY, st.sampled_from((impacts.CHUNK, 1, 2, 4)))
    def test_is_rebuilt_to_the_same_bytes_in_steps_of_any_size(
        self, steps: list[Step], busy: list[bool], chunk: int
    ) -> None:
        is_rebuilt_to_the_same_bytes(steps, busy, chunk=chunk)


@pytest.mark.long
@pytest.mark.timeout(1200)
class TestVeryManyHistories:
    @MANY
    @given(histories(longest=25), BUSY)
    def test_are_exact_as_of_every_position(self, steps: list[Step], busy: list[bool]) -> None:
        is_exact_at_every_position(steps, busy)

    @MANY
    @given(histories(longest=25), BUSY)
    def test_are_rebuilt_to_the_same_bytes(self, steps: list[Step], busy: list[bool]) -> None:
        is_rebuilt_to_the_same_bytes(steps, busy)
