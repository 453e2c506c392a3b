"""Scores as a file: the days on which each series may move, as the API and editions have them."""

from datetime import date

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, Desk
from tracker import log
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.projections import impacts
from tracker.queries import moment
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.scores import knots, lenses, pairs
from tracker.queries.scores.values import Behind, Series

pytestmark = pytest.mark.django_db


def day_of(row: dict[str, str]) -> date:
    return date.fromisoformat(row["day"])


@pytest.fixture
def scored(desk: Desk) -> int:
    """Three claims on two pairs, scored; the position up to which."""
    desk.asserts("RUS", "KAZ")
    desk.asserts("KAZ", "RUS", occurred=Occurred(edtf="2022-05-14"))
    desk.asserts("CHN", "KAZ", occurred=Occurred(edtf="2022-05-20"))
    work_off()
    return log.head().position


class TestScores:
    def test_have_a_row_for_each_day_with_a_claim_and_each_first_of_a_month(
        self, scored: int, lines
    ):
        found = lines("scores", lens="standing")

        # Up to the day of the record, the first of May 2024.
        firsts = [f"{year}-{month:02}-01" for year in range(2022, 2025) for month in range(1, 13)]
        firsts = [day for day in firsts if "2022-06" <= day < "2024-06"]
        begun = {
            ("CHN-KAZ", "CHN-KAZ"): ["2022-05-20"],
            ("KAZ-RUS", "KAZ-RUS"): ["2022-05-11", "2022-05-14"],
        }
        # A level is of the two, so that its directions are not among them.
        assert [(one["pair"], one["direction"], one["day"]) for one in found] == [
            (*series, day) for series, days in begun.items() for day in (*days, *firsts)
        ]
        assert {one["lens"] for one in found} == {"standing@1"}
        claims_of = {one["day"]: one["claims"] for one in found if one["direction"] == "KAZ-RUS"}
        assert [*claims_of.values()][:3] == [1, 2, 2]

    def test_are_those_that_the_api_gives(self, scored: int, lines):
        for one in lines("scores"):
            series = pairs.series(
                one["pair"], direction=one["direction"], lens=one["lens"], as_of=moment.now()
            )
            reading = series.on(day_of(one))
            score = reading.score
            assert [one[name] for name in ("value", "sd", "low", "high")] == [
                score.value,
                score.sd,
                score.low,
                score.high,
            ]
            assert one["words"] == reading.words
            assert tuple(one["moments"]) in {knot.moments for knot in series.knots}

    def test_are_of_all_lenses_if_none_is_named(self, scored: int, lines):
        assert {one["lens"] for one in lines("scores")} == {"standing@1", "tone@1", "cooperation@1"}

    def test_are_the_same_bytes_whatever_was_written_since(self, desk: Desk, scored: int, written):
        before = written("scores", as_of=scored)

        first = desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-12"))
        work_off()
        assert written("scores", as_of=scored) == before
        claims.retract_claim(first.stream, reason="typo", expected=1, at=AT, by=BY)
        assert written("scores", as_of=scored) == before
        work_off()
        assert written("scores", as_of=scored) == before

    def test_are_taken_from_the_table_only_where_that_is_still_so(self, desk: Desk, scored: int):
        """A fold gives the same, so that only asking the table shows it."""
        lens = lenses.find("tone", position=scored)

        def settled(pair: str, position: int) -> Series | None:
            return knots.knots_at(lens, pair, position=position)

        assert set(settled("KAZ-RUS", scored) or ()) == {"KAZ-RUS", "KAZ>RUS", "RUS>KAZ"}
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-12"))
        assert settled("KAZ-RUS", scored) is not None  # nobody has followed yet
        impacts.follow_all()
        assert settled("KAZ-RUS", log.head().position) is None  # nobody has scored it yet
        work_off()
        assert settled("KAZ-RUS", scored) is None
        assert settled("KAZ-RUS", log.head().position) is not None
        assert settled("CHN-KAZ", scored) is not None
        assert settled("CHN-RUS", scored) is None

    def test_hold_as_of_the_last_position_that_is_scored(self, desk: Desk, scored: int, lines):
        desk.asserts("CHN", "RUS")

        assert {one["pair"] for one in lines("scores")} == {"CHN-KAZ", "KAZ-RUS"}

    def test_of_a_position_that_nobody_has_scored_yet_are_refused(
        self, desk: Desk, scored, written
    ):
        position = desk.asserts("CHN", "RUS").position

        with pytest.raises(Behind, match=f"not yet position {position}"):
            written("scores", as_of=position)

    def test_are_refused_while_a_view_still_takes_in_what_was_before_it(self, desk: Desk, written):
        desk.asserts()

        with pytest.raises(CatchingUp):
            written("scores")
