"""Knots as columns of bytes."""

import struct
from datetime import date, timedelta

import pytest

from tests.kit.impacts import DAY, a_day, bare
from tests.kit.tables import each
from tracker.domain.scoring.knot_columns import KnotColumns, knot_columns
from tracker.domain.scoring.moments import Knot


def a_knot(number: int) -> Knot:
    return Knot(
        day=a_day(2 * number),
        moments=(number / 3, -0.0),
        claims=number + 1,
        roots=1,
        state_roots=0,
        newest=DAY,
    )


def some_knots(number: int) -> list[Knot]:
    return [a_knot(n) for n in range(number)]


class TestKnotColumns:
    def test_are_big_endian_numbers_one_after_another(self):
        first = Knot(
            day=date(1, 1, 2), moments=(1.0, 2.0), claims=3, roots=4, state_roots=5, newest=date.min
        )

        assert knot_columns([first, bare(date(1, 1, 4), (0.0, 0.0))]) == KnotColumns(
            days=b"\0\0\0\2\0\0\0\4",
            moments=struct.pack(">4d", 1, 2, 0, 0),
            claims=b"\0\0\0\3\0\0\0\0",
            roots=b"\0\0\0\4\0\0\0\0",
            state_roots=b"\0\0\0\5\0\0\0\0",
            newest=b"\0\0\0\1\0\0\0\0",
        )

    def test_give_the_knots_back(self):
        knots = [*some_knots(3), bare(a_day(9), (0.5, 7.0))]
        columns = knot_columns(knots)

        assert columns.knots() == knots
        assert (columns.knot(1), columns.knot(-1)) == (knots[1], knots[3])
        assert columns.knots()[0].moments[1].hex() == "-0x0.0p+0"
        assert (KnotColumns().number, KnotColumns().knots()) == (0, [])

    @each(("day", "number"), [(-1, 0), (0, 1), (1, 1), (3, 2), (4, 3), (9, 3)])
    def test_count_the_knots_up_to_a_day(self, day, number):
        assert knot_columns(some_knots(3)).up_to(a_day(day)) == number

    def test_have_no_knots_up_to_a_day_if_they_have_none(self):
        assert KnotColumns().up_to(date.max) == 0

    @pytest.mark.parametrize(
        ("number", "sizes"),
        [(0, []), (1, [1]), (256, [256]), (257, [256, 1]), (600, [256, 256, 88])],
    )
    def test_are_cut_into_blocks_of_256(self, number, sizes):
        knots = some_knots(number)
        blocks = [*knot_columns(knots).blocks()]

        assert [block.number for block in blocks] == sizes
        assert [knot for block in blocks for knot in block.knots()] == knots
        assert all(block.day(0) == DAY + timedelta(512 * n) for n, block in enumerate(blocks))

    def test_can_be_joined(self):
        knots = some_knots(3)

        assert knot_columns(knots[:1]).followed_by(knot_columns(knots[1:])) == knot_columns(knots)
        assert KnotColumns().followed_by(knot_columns(knots)) == knot_columns(knots)
