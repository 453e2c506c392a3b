"""Laws of the background work, tried on random histories.

What arrives late, in another order or again leaves no trace in the scores but its own.
"""

from itertools import zip_longest
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.background_work import digests, knots, rebuilt, value, work_off
from tests.kit.builders import AT, BY, Desk, a_desk, an_id
from tests.kit.histories import (
    CODES,
    CURATED,
    DATES,
    LEVELS,
    SPANS,
    Scene,
    Step,
    a_scene,
    happens,
    histories,
    undone,
)
from tests.kit.laws import FEW, Tried, law
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.domain.scoring.moments import Knot
from tracker.domain.state import Entry, State, fold
from tracker.operations import claims
from tracker.projections import impacts
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
            expected = anew(scene.desk.view, position=position) | anew(CURATED, position=position)
            assert {one: read(one, as_of=position) for one in expected} == expected
            folded: dict[UUID, State | None] = {}
            for one in log.read(after=0, limit=position):
                entry = Entry(stream=one.stream, position=0, event=one.decoded())
                folded[one.stream] = fold([entry], folded.get(one.stream))
            assert states.everything(folded, at=position) == folded
        assert {one: read(one, as_of=None) for one in expected} == expected


def is_rebuilt_to_the_same_bytes(steps: list[Step], busy: list[bool], chunk: int) -> None:
    with undone():
        live(steps, busy)
        before = digests()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(impacts, "CHUNK", chunk)
            assert rebuilt() == before


CHUNKS = st.sampled_from((impacts.CHUNK, 1, 2, 4))


class TestEveryHistory:
    @law((histories(longest=9), BUSY), (histories(longest=25), BUSY))
    def test_is_exact_as_of_every_position(self, tried: Tried) -> None:
        tried(is_exact_at_every_position)

    @law((histories(longest=9), BUSY, CHUNKS), (histories(longest=25), BUSY, CHUNKS))
    def test_is_rebuilt_to_the_same_bytes_in_steps_of_any_size(self, tried: Tried) -> None:
        tried(is_rebuilt_to_the_same_bytes)


LENSES = ("standing", "tone")
acts = st.builds(
    lambda code, day, back: {"code": code, "occurred": Occurred(edtf=day), "back": back},
    st.sampled_from(CODES),
    st.sampled_from(DATES),
    st.booleans(),
)
situations = st.builds(
    lambda day: {"kind": "situation", "occurred": Occurred(edtf=day), "back": False},
    st.sampled_from(SPANS),
)
levels = st.builds(
    lambda level, day: {"level": level, "occurred": Occurred(edtf=day)},
    st.sampled_from(LEVELS),
    st.sampled_from(DATES),
)
bodies = st.one_of(acts, situations, levels)


def arrives(desk: Desk, number: int, body: dict[str, Any]) -> None:
    """A claim whose id depends on its number alone, not on when it arrives."""
    given = {key: value for key, value in body.items() if key != "back"}
    if "level" in given:
        desk.assesses("0", "1", claim_id=an_id(1000 - number), **given)
        return
    ends = ("KAZ", "RUS") if body["back"] else ("RUS", "KAZ")
    desk.asserts(*ends, claim_id=an_id(1000 - number), **given)


def everything() -> dict[tuple[str, str], list[Knot]]:
    return {
        (lens, direction): knots(direction=direction, lens=lens)
        for lens in LENSES
        for direction in ("KAZ-RUS", "KAZ>RUS", "RUS>KAZ")
    }


def nothing() -> None:
    """Leave the work for later."""


def score_at_once() -> None:
    impacts.follow_all(at=AT)


class TestAnyOrderOfArrival:
    @FEW
    @given(st.data(), st.lists(bodies, min_size=2, max_size=6))
    def test_gives_equal_scores(self, data: st.DataObject, said: list[dict[str, Any]]) -> None:
        orders = [range(len(said)), data.draw(st.permutations(range(len(said))))]
        found, desk = [], a_desk()
        for order in orders:
            with undone():
                for number in order:
                    arrives(desk, number, said[number])
                    data.draw(st.sampled_from((nothing, work_off, score_at_once)))()
                work_off()
                found.append(everything())

        assert found[0] == found[1]


class TestAClaimTenYearsLate:
    def test_equals_a_full_recomputation_as_do_its_retraction_and_reinstatement(
        self, desk: Desk
    ) -> None:
        for day in ("2021-03-01", "2022-03-01", "2022-05-11"):
            desk.asserts(occurred=Occurred(edtf=day))
        work_off()
        on_time = everything()

        late = desk.asserts(occurred=Occurred(edtf="2012-05-11")).stream
        work_off()
        with_it = everything()
        claims.retract_claim(late, reason="no", at=AT, by=BY)
        work_off()
        without = everything()
        claims.reinstate_claim(late, reason="yes", at=AT, by=BY)
        work_off()
        stored = digests()

        assert without == on_time != with_it == everything()
        assert with_it["standing", "KAZ-RUS"][-1].claims == 4
        assert rebuilt() == stored


class TestAnAnswerAsOfAPosition:
    @pytest.mark.long
    def test_is_the_same_after_a_thousand_later_writes(self, desk: Desk) -> None:
        first = desk.asserts().stream
        work_off()
        position = log.head().position

        def answer() -> list[object]:
            as_of = {"as_of": position}
            return [value(**as_of), knots(**as_of), value(lens="tone", **as_of)]

        before = answer()
        for number in range(1000):
            desk.asserts(occurred=Occurred(edtf=f"20{10 + number % 13}-03-{1 + number % 28:02}"))
            if number % 250 == 100:
                work_off()
        claims.retract_claim(first, reason="no", at=AT, by=BY)
        work_off()

        assert answer() == before
        assert value() != before[0]
