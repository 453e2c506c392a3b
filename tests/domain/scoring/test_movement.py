"""Movements over a window with more draws than can all be worked out."""

import itertools

import pytest

from tests.kit.impacts import a_day, a_situation, an_act, an_id, pulls_of
from tracker.domain.scoring import MODELS, draws
from tracker.domain.scoring.distributions import normal_cdf
from tracker.domain.scoring.evidence import Pulls
from tracker.domain.scoring.movement import normal
from tracker.domain.scoring.worlds import MOST_DRAWS, ROUGHLY, World, rough_share

LEVEL = MODELS["standing"]
USUAL = LEVEL.read(LEVEL.defaults)
# Acts do not habituate, and each has a truth of its own.
PLAIN = LEVEL.read({**LEVEL.defaults, "habituation_fade": "0", "shared_days": 0})
SECURE, OPEN = 0.9435, 0.65


def acts(number, *, first=20, **given):
    """Acts of their own root, one a day."""
    return [
        an_act(claim=an_id(n), first=a_day(n), roots=(an_id(1000 + n),), **given)
        for n in range(first, first + number)
    ]


def a_war(p, **given):
    return a_situation(
        **{"claim": an_id(1), "days": 290, "value": -9.5, "fades": False, "p": p, **given}
    )


def movement(scorer, *impacts, until=2000):
    return scorer.movement(pulls_of(*impacts), a_day(-1), a_day(until))


class TestManySmallActsBesideALargeOne:
    """Whether the level fell is whether the large one is true."""

    @pytest.mark.parametrize("small", [7, 8, 30])
    def test_a_war_that_may_be_true(self, small):
        found = movement(USUAL, a_war(OPEN), *acts(small, value=0.5, p=SECURE))

        assert (found.fell, found.rose) == pytest.approx((0.65, 0.35), abs=1e-6)
        # 290 days of a 30th of −5: each leaves 1 − 1/54 of the distance from −9, of which
        # 9·(53/54)²⁹⁰ = .04 is left, but for the few small steps.
        assert found.low == pytest.approx(-8.96, abs=0.02)
        assert found.low >= -9
        assert found.high > 0.15

    def test_what_cannot_move_the_level_is_no_draw(self):
        """Phone calls weigh nothing: −6 is a step of −.6, which is true with .65."""
        calls = acts(8, value=2.0, p=0.9, code="plover-2.0/CONSULT/phone")
        found = movement(USUAL, an_act(value=-6.0, p=OPEN), *calls)

        assert found == pytest.approx((-0.39, -0.6, 0.0, 0.65, 0.0))

    def test_what_is_certain_is_no_draw_in_doubt(self):
        """−9 is a step of −4. Each of eight steps of .3 leaves 29/30 of the distance from 9:
        9 − 13·.76245 = −.9119 if the first act is true, and 9·(1 − .76245) = 2.1380 if not."""
        found = movement(PLAIN, an_act(value=-9.0, p=OPEN), *acts(8, value=5.0, p=1.0))

        assert found.value == pytest.approx(0.65 * -0.9119 + 0.35 * 2.1380, abs=1e-4)
        assert (found.low, found.high) == pytest.approx((-0.9119, 2.1380), abs=1e-4)
        assert (found.fell, found.rose) == (OPEN, 1 - OPEN)

    @pytest.mark.parametrize("way", [-1, 1])
    def test_an_act_of_the_whole_scale_ends_every_doubt(self, way):
        """A step of 9 leaves nothing of what was before. If it is false, the acts before it may
        be: of ten steps of .06 that are true with .5, a normal movement of .3 ± .095."""
        scorer = LEVEL.read(
            {**LEVEL.defaults, "habituation_fade": "0", "shared_days": 0}
            | {"steps": [["-10", "-9"], ["-9", "-0.54"], ["9", "0.54"], ["10", "9"]]}
        )
        small = acts(10, value=-1.0 * way, p=0.5)
        whole = an_act(claim=an_id(2), first=a_day(40), value=10.0 * way, p=0.5)

        found = movement(scorer, *small, whole)

        most, least = (found.high, found.low) if way > 0 else (-found.low, -found.high)
        assert most == pytest.approx(9)
        assert -0.6 < least < -0.3
        assert (found.rose if way > 0 else found.fell) == pytest.approx(0.5, abs=2e-3)


def test_an_interval_ends_where_the_scale_does():
    """Two of three acts on one day are of −10, each true with .8: in the lowest world the level is
    −9. The expected movement is −8.14, and that of the worlds −7.07: shifted by the difference the
    low end would be −10.07."""
    own = [
        an_act(claim=an_id(n), first=a_day(20), value=value, p=0.8, roots=(an_id(1000 + n),))
        for n, value in enumerate((-10.0, -10.0, 10.0), start=1)
    ]
    [course] = USUAL.movements(pulls_of(*own), a_day(-1), [a_day(2000)])

    found = movement(USUAL, *own)

    assert found.value == pytest.approx(-8.142857, abs=1e-6)
    assert found.low == course.low == -9.0


def test_a_normal_movement_without_doubt_is_itself():
    assert normal(-1.5, 0.0) == (-1.5, -1.5, -1.5, 1.0, 0.0)
    assert normal(1.5, 0.0) == (1.5, 1.5, 1.5, 0.0, 1.0)


def outcomes(draws):
    """Each combination of truths of draws, given as p and impacts by day: its end, its chance."""
    days = sorted({day for _, impacts in draws for day in impacts})
    for truths in itertools.product((0, 1), repeat=len(draws)):
        chance, level = 1.0, 0.0
        for truth, (p, _) in zip(truths, draws, strict=True):
            chance *= p if truth else 1 - p
        for day in days:
            on_day = [one.get(day, 0.0) * t for t, (_, one) in zip(truths, draws, strict=True)]
            lost = sum(map(abs, on_day)) / 9
            level -= (lost * level - sum(on_day)) / max(1.0, lost)
        yield level, chance


def quantile(ordered, q):
    total = 0.0
    for level, chance in ordered:
        total += chance
        if total >= q:
            return level
    return None


# The p and the value of the code of each act, and the days of a situation, 0 of an act.
MIXED = [
    (0.65, -9.5, 0),
    (0.3, -6.0, 0),
    (0.85, 7.0, 0),
    (0.5, 4.0, 0),
    (0.65, -8.0, 20),
    (0.94, 5.0, 0),
    (0.3, 9.0, 0),
    (0.65, -4.0, 0),
    (0.5, -7.0, 15),
    (0.65, 6.0, 0),
]
SITUATIONS = [(0.3 + 0.05 * n, -9.0 if n % 3 else 8.0, 12) for n in range(10)]


class TestEveryCombination:
    @pytest.mark.parametrize("case", [MIXED, SITUATIONS], ids=["mixed", "situations"])
    def test_of_more_draws_than_are_worked_out(self, case):
        impacts, draws = [], []
        for n, (p, value, days) in enumerate(case):
            common = {"claim": an_id(n + 1), "first": a_day(3 * n), "value": value, "p": p}
            step = PLAIN.step_of(value)
            impacts.append(
                a_situation(days=days, **common | {"fades": False}) if days else an_act(**common)
            )
            draws.append(
                (p, {3 * n + day: step / 30 for day in range(days)} if days else {3 * n: step})
            )
        assert len(draws) > MOST_DRAWS
        ordered = sorted(outcomes(draws))

        found = movement(PLAIN, *impacts)

        assert found.value == pytest.approx(sum(x * chance for x, chance in ordered), abs=0.01)
        assert found.low == pytest.approx(quantile(ordered, 0.05), abs=0.1)
        assert found.high == pytest.approx(quantile(ordered, 0.95), abs=0.1)
        fell = sum(chance for level, chance in ordered if level < -1e-9)
        rose = sum(chance for level, chance in ordered if level > 1e-9)
        assert (found.fell, found.rose) == pytest.approx((fell, rose), abs=0.02)


class TestMovementsOverTime:
    """Of each day, in one pass."""

    def test_of_two_days_worked_by_hand(self):
        """10 is a step of +.6 with p .8, and −7 one of −.7 with p .9, a day later. If both are
        true the level is .6·(1 − .7/9) − .7 = −.14667; if only one is, .6 or −.7; else 0. The mean
        is .48, and then .48 − .9·(.7/9·.48 + .7) = −.1836.

        The chances: both .72, only the first .08, only the second .18, none .02. From below: −.7 up
        to .18, −.14667 up to .90, 0 up to .92, .6 up to 1.
        """
        pulls = pulls_of(
            an_act(claim=an_id(1), first=a_day(1), value=10.0, p=0.8),
            an_act(claim=an_id(2), first=a_day(2), value=-7.0, p=0.9),
        )

        none, first, second, later = PLAIN.movements(
            pulls, a_day(0), [a_day(0), a_day(1), a_day(2), a_day(90)]
        )

        assert none == (0.0, 0.0, 0.0, 0.0, 0.0)
        assert first == pytest.approx((0.48, 0.0, 0.6, 0.0, 0.8))
        assert second == pytest.approx((-0.1836, -0.7, 0.6, 0.9, 0.08))
        assert later == second

    def test_says_of_each_day_what_a_window_to_it_says(self):
        """With a war and eight acts too many for exact computation, right to a hundredth of the
        interval."""
        pulls = pulls_of(a_war(OPEN), *acts(16, value=0.5, p=SECURE))
        days = [a_day(n) for n in (0, 1, 21, 30, 36, 290, 2000)]

        found = USUAL.movements(pulls, a_day(-1), days)

        for day, one in zip(days, found, strict=True):
            alone = USUAL.movement(pulls, a_day(-1), day)
            assert one.value == pytest.approx(alone.value, abs=1e-12)
            assert one[1:] == pytest.approx(alone[1:], abs=0.1), day
        # The last one has the same draws.
        assert found[-1] == pytest.approx(alone, abs=0.002)

    def test_of_many_days_ends_as_of_the_last_one(self):
        record = [
            an_act(claim=an_id(n), first=a_day(n), value=(-4.0, 3.0)[n % 2], p=0.65)
            for n in range(1, 1500)
        ]
        pulls = pulls_of(*record)
        alone = PLAIN.movement(pulls, a_day(0), a_day(1498))
        many = PLAIN.movements(pulls, a_day(0), [a_day(n) for n in range(7, 1499, 7)])

        assert many[-1].value == pytest.approx(alone.value, abs=1e-12)


class TestTheRoughShare:
    """It may decide for the exact sum, since its error is smaller than `ROUGHLY`."""

    def test_is_as_right_as_it_says(self):
        """Eight worlds apart from each other, one of them without an sd."""
        worlds = [World(1 / 8, mean, 0.1 * n) for n, mean in enumerate(range(-4, 4))]
        rough = rough_share(worlds)

        for amount in (-5.0, -4.0, -3.95, -2.5, -0.31, 0.0, 0.7, 2.0, 3.05, 6.0):
            exact = sum(
                chance * (normal_cdf((amount - mean) / sd) if sd else mean <= amount)
                for chance, mean, sd in worlds
            )
            assert rough(amount) == pytest.approx(exact, abs=ROUGHLY / 2)


class TestPullsOfASeries:
    def test_are_arranged_once_for_all_questions(self, monkeypatch):
        plan, arranged = draws.plan, []

        def counted(pulls, **given):
            arranged.append(pulls)
            return plan(pulls, **given)

        monkeypatch.setattr(draws, "plan", counted)
        pulls = Pulls(pulls_of(*acts(9)))

        whole = USUAL.movement(pulls, a_day(0), a_day(60))
        part = USUAL.contributions(pulls, a_day(24))
        later = USUAL.contributions(pulls, a_day(60))

        assert len(arranged) == 1
        again = [*pulls]
        assert whole == USUAL.movement(again, a_day(0), a_day(60))
        assert part == USUAL.contributions(again, a_day(24))
        assert later == USUAL.contributions(again, a_day(60))

    def test_are_arranged_anew_by_another_scorer(self):
        pulls = Pulls(pulls_of(*acts(9)))
        USUAL.contributions(pulls, a_day(60))

        assert PLAIN.contributions(pulls, a_day(60)) == PLAIN.contributions([*pulls], a_day(60))
