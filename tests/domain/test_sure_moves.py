"""When a movement counts as known."""

import pytest

from tests.kit.impacts import a_day, an_act, an_id, pulls_of
from tracker.domain import sure_moves
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.moments import Part
from tracker.domain.sure_moves import Backing, one_source, turn_of

SINCE, UNTIL = a_day(0), a_day(40)
ONE, OTHER = an_id(91), an_id(92)


def a_move(value=-0.8, low=-1.5, high=0.0, fell=0.9, rose=0.0):
    """By default a fall whose interval reaches 0."""
    return WindowMovement(SINCE, UNTIL, value, low, high, fell, rose)


class TestATurn:
    def test_is_known_if_its_interval_leaves_out_0(self):
        assert turn_of(a_move(high=-0.1)) == "worse"
        assert turn_of(a_move(0.8, low=0.1, high=1.5)) == "better"
        assert turn_of(a_move()) == "unchanged"

    def test_is_known_if_one_source_alone_reports_it_and_is_probably_right(self):
        assert turn_of(a_move(fell=0.8), Backing(1)) == "worse"
        assert turn_of(a_move(0.8, 0.0, 1.5, fell=0.9, rose=0.8), Backing(1)) == "better"
        assert turn_of(a_move(fell=0.79), Backing(1)) == "unchanged"
        assert turn_of(a_move(fell=0.99), Backing(2)) == "unchanged"

    def test_is_not_known_if_its_source_also_reports_the_opposite(self):
        """A quarter is a signal."""
        assert turn_of(a_move(), Backing(1, against=0.25)) == "unchanged"
        assert turn_of(a_move(), Backing(1, against=0.24)) == "worse"

    def test_is_one_of_the_least_size(self):
        assert turn_of(a_move(-0.8, high=-0.1), least=0.8) == "worse"
        assert turn_of(a_move(-0.8, high=-0.1), least=0.81) == "unchanged"

    def test_of_no_movement_is_none(self):
        assert turn_of(None, Backing(1)) == "unchanged"

    def test_rests_on_one_source_only_where_the_interval_alone_would_not_do(self):
        assert one_source(a_move(), "worse")
        assert not one_source(a_move(high=-0.1), "worse")
        assert not one_source(a_move(), "unchanged")
        assert not one_source(None, "unchanged")


class TestABacking:
    def test_counts_the_sources_of_acts_within_the_days(self):
        """Not of an act on the day that the window begins after, of one after it, or of a level."""
        pulls = pulls_of(
            an_act(claim=an_id(1), first=a_day(0), roots=(an_id(93),)),
            an_act(claim=an_id(2), first=a_day(1), roots=(ONE,)),
            an_act(claim=an_id(3), first=a_day(40), roots=(ONE, OTHER)),
            an_act(claim=an_id(4), first=a_day(41), roots=(an_id(94),)),
        )
        level = pulls[1]._replace(claim=an_id(5), sd=1.0, roots=(an_id(95),))

        behind = sure_moves.backing([*pulls, level], [], a_move())

        assert behind == Backing(roots=2, against=0.0)

    @pytest.mark.parametrize(
        ("amounts", "share", "mixed", "torn"),
        [
            ([], 0.0, False, False),
            ([-1.0], 0.0, False, False),
            ([-1.0, 0.24], 0.24, False, False),
            ([-0.6, 0.25, -0.4], 0.25, True, False),
            ([1.0, -0.5], 0.5, True, True),
        ],
    )
    def test_knows_what_pulled_the_other_way(self, amounts, share, mixed, torn):
        parts = [Part(an_id(place), amount) for place, amount in enumerate(amounts)]

        behind = sure_moves.backing([], parts, a_move())

        assert behind.against == pytest.approx(share)
        assert (behind.mixed, behind.torn) == (mixed, torn)
