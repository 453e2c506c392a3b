"""What arrives late, in another order or again leaves no trace in the scores but its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.background_work import digests, knots, value, work_off
from tests.kit.builders import AT, BY, Desk, a_desk, an_id
from tests.kit.histories import CODES, DATES, SPANS, undone
from tests.kit.laws import FEW
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.scoring.moments import Knot
from tracker.operations import claims
from tracker.projections import impacts
from tracker.projections.rebuild import rebuild

pytestmark = pytest.mark.django_db
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
bodies = st.one_of(acts, situations)


def arrives(desk: Desk, number: int, body: dict[str, Any]) -> None:
    """A claim whose id depends on its number alone, not on when it arrives."""
    given = {key: value for key, value in body.items() if key != "back"}
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
        found = []
        for order in orders:
            with undone():
                desk = a_desk()
                for number in order:
                    arrives(desk, number, said[number])
                    data.draw(st.sampled_from((nothing, work_off, score_at_once)))()
                work_off()
                found.append(everything())

        assert found[0] == found[1]


class TestARetraction:
    @FEW
    @given(
        st.lists(st.one_of(acts, situations), min_size=1, max_size=4), st.one_of(acts, situations)
    )
    def test_of_what_was_asserted_leaves_the_scores_as_they_were(
        self, said: list[dict[str, Any]], extra: dict[str, Any]
    ) -> None:
        with undone():
            desk = a_desk()
            for number, body in enumerate(said):
                arrives(desk, number, body)
            work_off()
            before = everything()

            arrives(desk, len(said), extra)
            work_off()
            claims.retract_claim(an_id(1000 - len(said)), reason="no", at=AT, by=BY)
            work_off()

            assert everything() == before


class TestAClaimTenYearsLate:
    def test_equals_a_full_recomputation_as_do_its_retraction_and_reinstatement(self) -> None:
        desk = a_desk()
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
        rebuild(today=AT.date(), report=lambda *_: None)

        assert without == on_time != with_it == everything()
        assert len(with_it["standing", "KAZ-RUS"]) == 4
        assert digests() == stored


def says_the_same_before_and_after(later_writes: int) -> None:
    desk = a_desk()
    first = desk.asserts().stream
    work_off()
    position = log.head().position
    before = [value(as_of=position), knots(as_of=position), value(lens="tone", as_of=position)]

    for number in range(later_writes):
        desk.asserts(occurred=Occurred(edtf=f"20{10 + number % 13}-03-{1 + number % 28:02}"))
        if number % 250 == 100:
            work_off()
    claims.retract_claim(first, reason="no", at=AT, by=BY)
    work_off()

    assert [value(as_of=position), knots(as_of=position), value(lens="tone", as_of=position)] == (
        before
    )
    assert value() != before[0]


class TestAnAnswerAsOfAPosition:
    def test_is_the_same_after_many_later_writes(self) -> None:
        says_the_same_before_and_after(60)

    @pytest.mark.long
    def test_is_the_same_after_a_thousand_later_writes(self) -> None:
        says_the_same_before_and_after(1000)
