"""Movements over a window, when they count as known, and levels that claims assess."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.kit.impacts import DAY, a_day, a_scorer, an_act, an_id, pulls_of
from tests.kit.pulls import USUAL, act, assessed, still, war
from tracker.domain import movements
from tracker.domain.dates import day_before
from tracker.domain.movements import (
    AssessedLevel,
    Backing,
    WindowMovement,
    assessed_level,
    beyond,
    course,
    on_one_source,
    over_window,
    turn_of,
)
from tracker.domain.scoring.evidence import Pulls
from tracker.domain.scoring.moments import Part

STILL = still(conflict_in_deeds="-1")
# Of one deed, true in 192 of 256 worlds.
SANCTION = act(1, "sanction", "2000-03-05", p=0.75)
FIRST = assessed(9, "2000-03-20", 4.0, 1.0)
NO_MOVE = (0.0, 0.0, 0.0, 0.0, 0.0, False)
CALL = SANCTION._replace(claim=an_id(7), code="plover-2.0/CONSULT/phone")


class TestAWindow:
    def test_of_one_act_has_its_two_outcomes(self):
        found = over_window(STILL, [SANCTION], date(2000, 5, 1))

        assert found == (date(2000, 3, 4), date(2000, 5, 1), -0.75, -1.0, 0.0, 0.75, 0.0, True)

    def test_begins_where_the_reader_says(self):
        found = over_window(STILL, [SANCTION], date(2000, 5, 1), since=date(2000, 3, 5))

        assert found == (date(2000, 3, 5), date(2000, 5, 1), *NO_MOVE)

    def test_does_not_count_what_is_first_known_as_a_movement(self):
        """Before the level was known to be about 4, a sanction moved it, and after that another."""
        pulls = [SANCTION, FIRST, act(2, "sanction", "2000-04-05")]
        windows = [
            over_window(STILL, pulls, until, since=since)
            for since, until in pairwise(
                [date(1999, 1, 1), date(2000, 3, 19), date(2000, 3, 20), date(2000, 5, 1)]
            )
        ]
        whole = over_window(STILL, pulls, date(2000, 5, 1), since=date(1999, 1, 1))

        assert (whole.since, whole.fell) == (date(1999, 1, 1), 1.0)
        assert whole.value == pytest.approx(sum(one.value for one in windows))
        # From 0 in 192 of 256 worlds; told from a start of 4 on average, it took a ninth of that
        # more, of which the assessment kept 1/(4 + 1); then from 4 less what was kept.
        assert windows[0].value == pytest.approx(-0.75)
        kept = 0.75 * (1 + 4 / 9) / 5
        assert windows[2].value == pytest.approx(-(1 + (4 - kept) / 9), abs=0.01)

    @pytest.mark.parametrize(
        ("own", "acted"),
        [
            (act(2, "sanction", "2000-04-05"), True),
            # It began before the window and goes on, or ended before.
            (war(2, "2000-02-01", "2000-04-05"), True),
            (war(2, "2000-02-01", "2000-03-31"), False),
            # A situation that is no war acts on its first day.
            (act(2, "sanction", "2000-03-05")._replace(last=FIRST.first + 90), False),
            (CALL._replace(first=FIRST.first + 30, last=FIRST.first + 30), False),
            (FIRST._replace(first=FIRST.first + 30), False),
        ],
    )
    def test_has_acts_or_only_what_nobody_reported(self, own, acted):
        """What nobody reported moves a level in each world, with or without an act."""
        found = over_window(USUAL, [own], date(2000, 6, 1), since=date(2000, 3, 31))

        assert found.acted == acted

    def test_does_not_begin_with_a_contact_on_the_sidelines(self):
        early = CALL._replace(first=SANCTION.first - 9, last=SANCTION.first - 9)

        assert over_window(STILL, [early], date(2000, 5, 1)) is None
        assert over_window(STILL, [early, SANCTION], date(2000, 5, 1)).since == date(2000, 3, 4)

    def test_is_none_without_an_act_by_its_end(self):
        assert over_window(STILL, [], DAY) is None
        assert over_window(STILL, [FIRST], date(2000, 5, 1)) is None
        assert over_window(STILL, [SANCTION], date(2000, 3, 4)) is None

    @pytest.mark.parametrize("model", ["tone", "cooperation"])
    def test_is_none_for_models_that_say_none(self, model):
        assert over_window(a_scorer(model), [SANCTION], DAY) is None
        assert course(a_scorer(model), [SANCTION], [DAY]) == []


class TestTheFirstDayOfTheCalendar:
    """No day is before it, so a window begins with it at the earliest."""

    def test_begins_the_window_of_an_act_on_it(self):
        pulls = [act(1, "sanction", "0001-01-01"), act(2, "sanction", "0001-02-01")]

        found = over_window(STILL, pulls, date(1, 2, 1))

        # From −1: 1/9 − 1.
        assert (found.since, found.value) == (date.min, pytest.approx(-8 / 9))

    def test_has_a_day_before_every_other(self):
        assert day_before(date(1, 1, 2)) == date.min
        assert day_before(date.min) == date.min
        assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)


class TestAnAssessedLevel:
    def test_has_a_value_an_sd_and_a_day(self):
        assert assessed_level(FIRST) == AssessedLevel(4.0, 1.0, date(2000, 3, 20))

    def test_is_none_for_what_happened(self):
        assert assessed_level(SANCTION) is None
        assert assessed_level(war(3, "2000-01-01", "2000-02-01")) is None


class TestASilentTone:
    def test_is_silent_where_little_is_left_of_what_happened(self):
        """B = .65 · 2^(−d/45); B/(B + 1) is under .1 where B is under 1/9: from day 115 on."""
        scorer = a_scorer("tone")
        [knot] = scorer.knots(pulls_of(an_act(p=0.65)))

        assert scorer.at(knot, DAY + timedelta(days=114)).silent is None
        assert scorer.at(knot, DAY + timedelta(days=115)).silent == DAY

    def test_says_since_when_and_keeps_its_number(self):
        scorer = a_scorer("tone")
        [knot] = scorer.knots(pulls_of(an_act(p=0.65)))
        score = scorer.at(knot, DAY + timedelta(days=400))

        assert scorer.words(score, since=DAY) == f"no news since {DAY:%B %Y}"
        assert score.value != 0


class TestBeyondWhatWasCounted:
    def test_is_what_is_new_in_each_world(self):
        # −1 in 192 worlds, and +.6 in all of them: both meet a level of 0.
        aid, since, until = act(2, "aid", "2000-03-07", root=2), date(2000, 3, 4), date(2000, 3, 10)
        both, first = (over_window(STILL, own, until) for own in ([SANCTION, aid], [SANCTION]))

        found = beyond(STILL, [SANCTION, aid], both, ([SANCTION], first))

        assert found == pytest.approx((since, until, 0.6, 0.6, 0.6, 0.0, 1.0, True))

    def test_is_what_happened_since_where_all_was_counted(self):
        pulls = Pulls([SANCTION, act(2, "aid", "2000-04-05", root=2)], pair="KAZ-RUS")
        start, counted, end = date(2000, 3, 4), date(2000, 3, 31), date(2000, 9, 1)
        whole, earlier, later = (
            over_window(USUAL, pulls, until, since=since)
            for since, until in ((start, end), (start, counted), (counted, end))
        )

        found = beyond(USUAL, pulls, whole, (pulls, earlier))

        assert found[2:] == pytest.approx(later[2:])

    def test_leaves_alone_what_was_counted_before_it_begins(self):
        later = act(2, "sanction", "2000-04-12", root=2)
        moved = over_window(STILL, [SANCTION, later], date(2000, 5, 1), since=date(2000, 3, 20))
        reported = over_window(STILL, [SANCTION], date(2000, 3, 10))

        found = beyond(STILL, [SANCTION, later], moved, ([SANCTION], reported))

        assert found == moved


class TestTheCourse:
    DAYS = (date(2000, 3, 4), date(2000, 3, 5), date(2000, 4, 5), date(2000, 6, 1))
    PULLS = (SANCTION, act(2, "aid", "2000-04-05"))

    def test_says_of_each_day_what_a_window_to_it_says(self):
        none, *others = course(STILL, self.PULLS, self.DAYS)

        assert none == (self.DAYS[0], self.DAYS[0], *NO_MOVE)
        assert others == [over_window(STILL, self.PULLS, day) for day in self.DAYS[1:]]

    def test_begins_where_the_reader_says(self):
        none, later = course(STILL, self.PULLS, self.DAYS[1:3], since=self.DAYS[1])

        assert none == (self.DAYS[1], self.DAYS[1], *NO_MOVE)
        assert later == over_window(STILL, self.PULLS, self.DAYS[2], since=self.DAYS[1])

    def test_is_empty_without_an_act(self):
        assert course(STILL, [FIRST], [date(2000, 5, 1)]) == []


SINCE, UNTIL = a_day(0), a_day(40)
ONE, OTHER = an_id(91), an_id(92)


def a_move(value=-0.8, low=-1.5, high=0.0, fell=0.9, rose=0.0):
    """By default a fall whose interval reaches 0."""
    return WindowMovement(SINCE, UNTIL, value, low, high, fell, rose)


class TestATurn:
    @pytest.mark.parametrize(
        ("moved", "turn"),
        [
            (a_move(fell=0.8), "worse"),
            (a_move(fell=0.79), "unchanged"),
            (a_move(0.5, 0.0, 1.5, fell=0.1, rose=0.8), "better"),
            (a_move(0.49, 0.1, 0.9, fell=0.0, rose=1.0), "unchanged"),
            (a_move(-0.49, -0.9, -0.1, fell=1.0), "unchanged"),
            (None, "unchanged"),
        ],
    )
    def test_is_half_a_point_that_way_in_four_of_five_worlds(self, moved, turn):
        assert turn_of(moved) == turn

    def test_is_one_of_the_least_size(self):
        assert turn_of(a_move(-0.8), least=0.8) == "worse"
        assert turn_of(a_move(-0.8), least=0.81) == "unchanged"

    def test_rests_on_one_source_only_where_the_interval_alone_would_not_do(self):
        assert on_one_source(a_move(), Backing(1))
        assert not on_one_source(a_move(), Backing(2))
        assert not on_one_source(a_move(), None)
        assert not on_one_source(a_move(high=-0.1), Backing(1))


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

        behind = movements.backing([*pulls, level], [], a_move())

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

        behind = movements.backing([], parts, a_move())

        assert behind.against == pytest.approx(share)
        assert (behind.mixed, behind.torn) == (mixed, torn)
