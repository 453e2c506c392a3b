"""Movements over a window, when they count as known, and levels that claims assess."""

from datetime import date, timedelta

import pytest

from tests.kit.impacts import DAY, a_day, a_scorer, a_situation, an_act, an_id, pulls_of
from tracker.domain import movements, sure_moves
from tracker.domain.dates import day_before
from tracker.domain.movements import (
    MOST_ACTS,
    AssessedLevel,
    WindowMovement,
    assessed_level,
    course,
    of_many_acts,
    over_window,
)
from tracker.domain.percentages import percent
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Part
from tracker.domain.sure_moves import Backing, one_source, turn_of

LEVEL = MODELS["standing"]
# As a lens over an archive has it: each act has a truth of its own, and small steps.
ARCHIVE = LEVEL.read(
    {**LEVEL.defaults, "habituation_fade": "0", "shared_days": 0}
    | {"steps": [["-10", "-0.2"], ["10", "0.2"]]}
)


def a_level(number=99, day=DAY, value=6.0):
    [pull] = pulls_of(an_act(claim=an_id(number), first=day, value=value))
    return pull._replace(sd=2.5)


def acts(number, *, value: float | None = None) -> list[Pull]:
    """Acts of conflict and cooperation, or of one value, one a day from the second day on."""
    return pulls_of(
        *(
            an_act(
                claim=an_id(n),
                first=a_day(n),
                value=(-4.0 if n % 3 else 5.0) if value is None else value,
                p=0.65,
            )
            for n in range(1, number + 1)
        )
    )


class TestAWindow:
    def test_begins_on_the_day_before_the_first_act_and_not_with_a_level(self):
        scorer = LEVEL.read(LEVEL.defaults)
        level = a_level(day=a_day(0))

        found = over_window(scorer, [*acts(3), level], a_day(40))

        assert (found.since, found.until) == (a_day(0), a_day(40))
        assert found[2:] == scorer.movement([*acts(3), level], a_day(0), a_day(40))

    def test_of_one_act_has_its_two_outcomes(self):
        """The act moves 0 to −.08 with p .65, and nothing with .35."""
        found = over_window(ARCHIVE, acts(1), a_day(40))

        assert found.value == pytest.approx(-0.052)
        assert (found.low, found.high) == pytest.approx((-0.08, 0.0))
        assert (found.fell, found.rose) == pytest.approx((0.65, 0.0))

    def test_begins_where_the_reader_says(self):
        found = over_window(ARCHIVE, acts(5), a_day(40), since=a_day(5))

        assert found.since == a_day(5)
        assert found[2:] == (0.0, 0.0, 0.0, 0.0, 0.0)

    def test_is_none_without_an_act_by_its_end(self):
        assert over_window(ARCHIVE, [], DAY) is None
        assert over_window(ARCHIVE, [a_level()], a_day(40)) is None
        assert over_window(ARCHIVE, acts(1), a_day(0)) is None

    @pytest.mark.parametrize("model", ["tone", "cooperation"])
    def test_is_none_for_models_that_say_none(self, model):
        assert over_window(a_scorer(model), acts(2), a_day(40)) is None
        assert course(a_scorer(model), acts(2), [a_day(40)]) == []


LATER = a_day(4000)


def from_knots(scorer, pulls, until=LATER):
    knots = scorer.knots(pulls, until=until)
    return of_many_acts(scorer, knots[0], knots[-1], until, days=len(knots))


class TestOfManyActs:
    @pytest.mark.parametrize("until", [150, 4000])
    def test_is_that_of_the_acts_to_the_last_bit(self, until):
        """130 acts of about .09² ·.2275 have more variance than ten times .2²/4."""
        pulls = acts(250)

        found = from_knots(ARCHIVE, pulls, a_day(until))

        assert found is not None
        assert found == over_window(ARCHIVE, pulls, a_day(until))

    def test_is_not_that_of_the_knots_while_the_acts_are_few(self):
        few, days = acts(3), [a_day(2), a_day(40)]

        from_acts = course(ARCHIVE, few, days)

        assert len(from_acts) == 2
        assert course(ARCHIVE, few, days, knots=ARCHIVE.knots(few)) == from_acts

    def test_is_close_to_that_of_their_truths(self):
        pulls = acts(250)
        found = from_knots(ARCHIVE, pulls)

        assert found[2:] == pytest.approx(ARCHIVE.movement(pulls, a_day(0), a_day(4000)), abs=0.05)

    def test_is_normal_however_small_they_are_if_they_are_very_many(self, monkeypatch):
        monkeypatch.setattr(movements, "MOST_ACTS", 20)

        assert from_knots(ARCHIVE, acts(20)) is None
        assert from_knots(ARCHIVE, acts(21)) is not None

    def test_is_none_where_it_needs_the_acts(self):
        many = acts(250)
        assert from_knots(ARCHIVE, many) is not None
        assert from_knots(ARCHIVE, [*many, a_level(number=999, day=a_day(2))]) is None
        doubtful = a_level(number=999, day=a_day(2))._replace(p=0.1)
        assert from_knots(ARCHIVE, [*many, doubtful]) is None
        assert from_knots(LEVEL.read(LEVEL.defaults), many) is None
        assert from_knots(a_scorer("standing"), many) is None

    def test_is_none_if_one_act_may_weigh_as_much_as_all(self):
        """One act of −.2 beside many that are nothing: it fell if the one is true."""
        nothing = acts(99, value=0.0)
        one = pulls_of(an_act(claim=an_id(400), first=a_day(400), value=-10.0, p=0.65))

        assert from_knots(ARCHIVE, [*nothing, *one]) is None
        found = over_window(ARCHIVE, [*nothing, *one], a_day(500))
        assert (found.fell, found.rose) == pytest.approx((0.65, 0))

    def test_is_none_with_a_situation_which_has_more_days_than_claims(self):
        war = pulls_of(a_situation(claim=an_id(400), days=1735, value=-10.0, fades=False, p=0.65))

        assert from_knots(ARCHIVE, [*acts(250, value=5.0), *war]) is None
        found = over_window(ARCHIVE, [*acts(250, value=5.0), *war], a_day(2000))
        assert found.fell == pytest.approx(0.65, abs=0.01)


class TestTheFirstDayOfTheCalendar:
    """No day is before it, so a window begins with it at the earliest."""

    @pytest.mark.parametrize("number", [1, 250])
    @pytest.mark.parametrize("scorer", [ARCHIVE, LEVEL.read(LEVEL.defaults)])
    def test_begins_the_window_of_an_act_on_it(self, scorer, number):
        first = pulls_of(an_act(claim=an_id(500), first=date.min, value=-4.0, p=0.65))

        found = over_window(scorer, [*acts(number), *first], a_day(4000))

        assert found.since == date.min
        assert found[2:] == scorer.movement([*acts(number), *first], date.min, a_day(4000))

    def test_has_a_day_before_every_other(self):
        assert day_before(date(1, 1, 2)) == date.min
        assert day_before(date.min) == date.min
        assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)


class TestAnAssessedLevel:
    def test_has_a_value_an_sd_and_a_day(self):
        assert assessed_level(a_level()) == AssessedLevel(6.0, 2.5, DAY)

    def test_is_none_for_what_happened(self):
        for pull in (*acts(1), *pulls_of(a_situation(days=3))):
            assert assessed_level(pull) is None


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


class TestPercent:
    @pytest.mark.parametrize(
        ("p", "said"),
        [(0, "0"), (0.004, "under 1"), (0.65, "65"), (0.996, "over 99"), (1, "100")],
    )
    def test_only_the_ends_are_0_and_100(self, p, said):
        assert percent(p) == f"{said}\N{NO-BREAK SPACE}%"


class TestTheCourse:
    def test_says_of_each_day_what_a_window_to_it_says(self):
        days = [a_day(n) for n in (0, 1, 2, 5, 40)]

        found = course(ARCHIVE, acts(6), days)

        assert [(one.since, one.until) for one in found] == [(a_day(0), day) for day in days]
        for one in found[1:]:
            assert one[2:] == pytest.approx(over_window(ARCHIVE, acts(6), one.until)[2:], abs=2e-3)
        assert found[0][2:] == (0.0, 0.0, 0.0, 0.0, 0.0)

    def test_of_very_many_acts_comes_from_the_knots(self):
        """After one act the two outcomes; in the end the normal distribution that a window has."""
        many = acts(MOST_ACTS + 1)
        knots, end = ARCHIVE.knots(many), a_day(9000)
        days = [a_day(0), a_day(1), a_day(1000), end]

        none, first, _, last = course(ARCHIVE, many, days, knots=knots)

        assert none[2:] == (0.0, 0.0, 0.0, 0.0, 0.0)
        assert (first.low, first.high) == pytest.approx((-0.08, 0.0))
        assert last == over_window(ARCHIVE, many, end)

    def test_begins_where_the_reader_says(self):
        days = [a_day(3), a_day(4)]

        found = course(ARCHIVE, acts(6), days, since=a_day(3))

        assert [one.since for one in found] == [a_day(3), a_day(3)]
        assert found[0].value == 0
        assert found[1].value == pytest.approx(
            over_window(ARCHIVE, acts(6), a_day(4), since=a_day(3)).value
        )

    def test_is_empty_without_an_act(self):
        assert course(ARCHIVE, [a_level()], [a_day(40)]) == []


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
