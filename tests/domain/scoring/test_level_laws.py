"""The laws of a level, tried on random histories: each holds in every world, unless it says so."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from tests.kit.laws import Tried, law
from tests.kit.levels import folded, mean, median, sd, worlds
from tests.kit.pulls import ACTS, BEGIN, CODES, HISTORIES, USUAL, WARS, act, assessed, day
from tracker.domain.scoring import parts, plain_rows
from tracker.domain.scoring.course import Rules
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.tables import N

RULES = USUAL.rules
ROUNDING = 1e-9
END = day("2010-01-31")
HALF = day("2005-03-09")
# Up to twenty years after the first claim.
DAYS = st.integers(0, 7_300).map(lambda n: BEGIN + timedelta(days=n))
LATER = ACTS.map(
    lambda one: one._replace(claim=UUID(int=30_000), first=one.first + 7_300, last=one.last + 7_300)
)
WINDOWS = st.lists(DAYS, min_size=3, max_size=5, unique=True).map(sorted)
ADDED = st.one_of(ACTS, WARS).map(lambda one: one._replace(claim=UUID(int=30_000)))
SHORT_WARS = WARS.map(
    lambda one: one._replace(claim=UUID(int=30_000), p=1.0, last=min(one.last, one.first + 20))
)
HOSTILE = ADDED.filter(lambda one: not _is_kind(one))
PROBABILITIES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
# Of the first day of a month, by a root of its own.
DEEDS = st.builds(
    act,
    st.just(30_000),
    st.sampled_from(["sanction", "assault"]),
    st.integers(0, 60).map(lambda n: date(2001 + n // 12, n % 12 + 1, 1).toordinal()),
    p=st.sampled_from([0.3, 0.97]),
    root=st.just(9),
)
REDATED = st.lists(st.integers(1, 27), max_size=30, unique=True)
LESSER = st.lists(st.sampled_from(["accuse"]), min_size=1, max_size=3)
# Of a panel that is never right, in the middle of some month.
UNTRUE = st.builds(
    assessed,
    st.just(30_000),
    st.integers(0, 400).map(lambda n: BEGIN.toordinal() + 13 * n),
    st.sampled_from([-8.0, 0.0, 6.0]),
    st.sampled_from([0.3, 2.0]),
    p=st.just(1e-6),
    root=st.just(9),
)
START = assessed(50_000, BEGIN.toordinal() - 1, 1.0, 1.0, root=7)
FIRST = st.builds(
    assessed,
    st.just(30_000),
    st.just(END - 30),
    st.sampled_from([-8.0, 0.0, 6.0]),
    st.sampled_from([0.3, 2.5]),
    root=st.just(9),
)
CHANCES = st.floats(0.01, 0.98)
ASSESSED = st.builds(
    assessed,
    st.just(30_000),
    st.just(END),
    st.sampled_from([-8.0, 0.0, 6.0]),
    st.sampled_from([0.3, 1.0, 2.0]),
    p=st.sampled_from([0.9, 0.97, 1.0]),
    root=st.sampled_from([1, 2, 3, 9]),
)


def at_end(pulls: list[Pull], rules: Rules = RULES) -> list[float]:
    """The worlds on the last day, of a pair that had a claim of no weight on the first and every
    other year, so that it was never silent for long."""
    begun = BEGIN.toordinal()
    heard = [
        act(40_000 + n, "agree", begun + 730 * n, weight=0.0, root=8)
        for n in range(1 + (END - begun) // 730)
    ]
    return worlds([*pulls, *heard], END, rules)


def _is_kind(pull: Pull) -> bool:
    return pull.code in (CODES["agree"], CODES["aid"])


def never_falls(one: list[float], other: list[float]) -> bool:
    return all(after >= before - ROUNDING for before, after in zip(one, other, strict=True))


class TestEveryHistory:
    @law([HISTORIES], [HISTORIES])
    def test_has_the_same_bits_in_numpy_and_plain_python(self, tried: Tried) -> None:
        def check(pulls: list[Pull]) -> None:
            fast, plain = (
                folded(pulls, END, RULES, rows=one)
                for one in (plain_rows.fastest(), plain_rows.PLAIN)
            )
            assert [(at, row.tolist()) for at, row in fast.closes] == [
                (at, row.tolist()) for at, row in plain.closes
            ]

        tried(check)

    @law([HISTORIES, st.randoms()], [HISTORIES, st.randoms()])
    def test_does_not_depend_on_order_and_ids_of_claims(self, tried: Tried) -> None:
        def check(pulls: list[Pull], draw: Any) -> None:
            ids = [pull.claim for pull in pulls]
            draw.shuffle(ids)
            renamed = [pull._replace(claim=claim) for pull, claim in zip(pulls, ids, strict=True)]
            draw.shuffle(renamed)
            assert at_end(renamed) == pytest.approx(at_end(pulls), abs=ROUNDING)

        tried(check)

    @law([HISTORIES, LATER, DAYS], [HISTORIES, LATER, DAYS])
    def test_does_not_depend_on_what_comes_later(self, tried: Tried) -> None:
        def check(pulls: list[Pull], later: Pull, on: date) -> None:
            all_ = [*pulls, later]
            so_far = [pull for pull in all_ if pull.first <= on.toordinal()]
            found = [USUAL.worlds(some, on).tolist() for some in (so_far, all_)]
            assert found[0] == found[1]

        tried(check)

    @law([HISTORIES, WINDOWS], [HISTORIES, WINDOWS])
    def test_moves_from_window_to_window_as_in_all(self, tried: Tried) -> None:
        """Also across the day on which the level is first assessed, which is no movement; without
        one between them, it is the change of the level between both ends."""

        def check(pulls: list[Pull], days: list[date]) -> None:
            moves = [USUAL.change([*pulls], *two) for two in pairwise(days)]
            whole = USUAL.change(pulls, days[0], days[-1])
            assert sum(moves).tolist() == pytest.approx(whole.tolist(), abs=ROUNDING)
            found = USUAL.movement(pulls, days[0], days[-1])
            assert found.value == pytest.approx(mean(whole.tolist()), abs=ROUNDING)
            assert found.fell == sum(one < -ROUNDING for one in whole.tolist()) / len(whole)
            first = min((one.first for one in pulls if one.sd is not None), default=0)
            for (since, until), moved in zip(pairwise(days), moves, strict=True):
                if not since.toordinal() < first <= until.toordinal():
                    change = USUAL.worlds(pulls, until) - USUAL.worlds(pulls, since)
                    assert moved.tolist() == pytest.approx(change.tolist(), abs=ROUNDING)

        tried(check)

    @law([HISTORIES], [HISTORIES])
    def test_has_contributions_and_steps_that_sum(self, tried: Tried) -> None:
        """To the mean, and to its change."""

        def check(pulls: list[Pull]) -> None:
            pulls = [*pulls, act(40_000, "agree", BEGIN.toordinal(), weight=0.0, root=8)]
            early, late = (folded(pulls, on, RULES, traced=True) for on in (HALF, END))
            last = mean(late.closes[-1].row.tolist())
            assert parts.contributions(late).sum == pytest.approx(last, abs=ROUNDING)
            steps = parts.steps(late).less(parts.steps(early))
            assert steps.sum == pytest.approx(mean(late.moved(HALF, END).tolist()), abs=ROUNDING)

        tried(check)

    @law([HISTORIES], [HISTORIES])
    def test_is_the_same_where_a_root_tells_each_deed_ten_times(self, tried: Tried) -> None:
        def check(pulls: list[Pull]) -> None:
            acts = [pull for pull in pulls if pull.sd is None]
            again = [
                pull._replace(claim=UUID(int=30_000 + 100 * n + place))
                for n in range(9)
                for place, pull in enumerate(acts)
            ]
            assert at_end([*pulls, *again]) == at_end(pulls)

        tried(check)

    @law([HISTORIES, DEEDS, REDATED], [HISTORIES, DEEDS, REDATED])
    def test_is_the_same_where_a_deed_is_dated_on_many_days_of_its_month(
        self, tried: Tried
    ) -> None:
        """Without levels: after an assessment a month goes on anew."""

        def check(pulls: list[Pull], deed: Pull, days: list[int]) -> None:
            acts = [pull for pull in pulls if pull.sd is None]
            again = [deed._replace(claim=UUID(int=31_000 + n), first=deed.first + n) for n in days]
            assert at_end([*acts, deed, *again]) == at_end([*acts, deed])

        tried(check)

    @law([DEEDS, LESSER], [DEEDS, LESSER])
    def test_is_the_same_where_a_root_tells_a_deed_under_lesser_codes_too(
        self, tried: Tried
    ) -> None:
        def check(deed: Pull, codes: list[str]) -> None:
            lesser = [
                deed._replace(claim=UUID(int=31_000 + n), code=CODES[code], weight=0.1)
                for n, code in enumerate(codes)
            ]
            assert at_end([deed, *lesser]) == at_end([deed])

        tried(check)

    @law([HISTORIES, UNTRUE], [HISTORIES, UNTRUE])
    def test_is_the_same_with_an_assessment_that_is_true_in_no_world(self, tried: Tried) -> None:
        """Also where it comes in the middle of a month, which is whole without it."""

        def check(pulls: list[Pull], untrue: Pull) -> None:
            known = [START, *pulls]
            assert at_end([*known, untrue]) == pytest.approx(at_end(known), abs=1e-4)

        tried(check)

    @law([HISTORIES, FIRST, CHANCES], [HISTORIES, FIRST, CHANCES])
    def test_does_not_jump_at_any_p_of_a_first_assessment(self, tried: Tried) -> None:
        """One world of 256 is one of 18 points at most, and the start is moved along with p: up to
        .0078 of 9 points below one half, and with the sd."""

        def check(pulls: list[Pull], first: Pull, p: float) -> None:
            acts = [pull for pull in pulls if pull.sd is None]
            one, other = (at_end([*acts, first._replace(p=q)]) for q in (p, p + 1 / N))
            assert mean(one) == pytest.approx(mean(other), abs=0.25)

        tried(check)


class TestAClaimMore:
    @law([HISTORIES, ADDED], [HISTORIES, ADDED])
    def test_of_conflict_never_raises_and_of_cooperation_never_lowers(self, tried: Tried) -> None:
        def check(pulls: list[Pull], one: Pull) -> None:
            without, with_ = at_end(pulls), at_end([*pulls, one])
            assert never_falls(without, with_) if _is_kind(one) else never_falls(with_, without)

        tried(check)

    @law([HISTORIES, ADDED], [HISTORIES, ADDED])
    def test_after_a_long_silence_does_only_what_it_says(self, tried: Tried) -> None:
        """It lets nothing unreported happen that would not have happened without it. At an end of
        the scale the sum of a year meets it once, and twelve months one by one."""

        def check(pulls: list[Pull], one: Pull) -> None:
            known = [START, *pulls]
            one = one._replace(first=one.first + 12_000, last=one.last + 12_000)
            less, more = (
                mean(worlds(some, "2051-01-31", RULES)) for some in (known, [*known, one])
            )
            assert (more > less - 0.1) if _is_kind(one) else (more < less + 0.1)

        tried(check)

    @law([HISTORIES, SHORT_WARS], [HISTORIES, SHORT_WARS])
    def test_of_a_war_never_raises_what_a_blow_of_its_first_day_leaves(self, tried: Tried) -> None:
        def check(pulls: list[Pull], one: Pull) -> None:
            blow = one._replace(situation=False, fades=True, last=one.first)
            assert never_falls(at_end([*pulls, one]), at_end([*pulls, blow]))

        tried(check)

    @law([HISTORIES, HOSTILE, PROBABILITIES], [HISTORIES, HOSTILE, PROBABILITIES])
    def test_of_conflict_never_raises_by_being_more_probable(self, tried: Tried) -> None:
        def check(pulls: list[Pull], one: Pull, likely: list[float]) -> None:
            less, more = (at_end([*pulls, one._replace(p=p)]) for p in likely)
            assert never_falls(more, less)

        tried(check)

    @law([HISTORIES, ASSESSED], [HISTORIES, ASSESSED])
    def test_that_assesses_has_the_median_within_its_sd(self, tried: Tried) -> None:
        def check(pulls: list[Pull], last: Pull) -> None:
            assert abs(median(at_end([*pulls, last])) - last.value) <= (last.sd or 0.0)

        tried(check)


class TestSilence:
    @law(
        [st.floats(-3, 3), st.floats(0.3, 2), st.lists(ACTS, max_size=3), st.integers(5, 10)],
        [st.floats(-3, 3), st.floats(0.3, 2), st.lists(ACTS, max_size=6), st.integers(5, 10)],
    )
    def test_widens_a_level_that_is_not_divided_and_not_at_an_end(self, tried: Tried) -> None:
        """Of years: a month's drift and the level before correlate by chance, by .06 in 256
        worlds, and the variance that a month adds is smaller than what that may take away."""

        def check(value: float, doubt: float, acts: list[Pull], years: int) -> None:
            # Sure acts, of small steps: their worlds are not divided.
            small = [one._replace(p=1.0, weight=0.2, first=one.first) for one in acts]
            start = assessed(30_000, BEGIN.toordinal(), value, doubt, root=9)
            end = max(one.first for one in [start, *small])
            before, after = (
                sd(worlds([start, *small], on, RULES)) for on in (end, end + 365 * years)
            )
            assert after > before

        tried(check)


EVEN = replace(
    RULES,
    steps={
        "cooperation in words": 0.5,
        "cooperation in deeds": 1.0,
        "conflict in words": -0.5,
        "conflict in deeds": -1.0,
        "violence": -2.0,
    },
    drift=0.0,
    unknown=0.0,
    vary=1.0,
)
OPPOSITES = {CODES["agree"]: CODES["accuse"], CODES["aid"]: CODES["sanction"]}
MIRROR = OPPOSITES | {other: one for one, other in OPPOSITES.items()}


def mirrored(pull: Pull) -> Pull:
    return pull._replace(code=MIRROR.get(pull.code, ""), value=-pull.value)


class TestMirroredSigns:
    """Of steps that mirror each other; violence has no opposite. What nobody knows is not mirrored:
    the start, the drift and the error of an assessment."""

    @law([HISTORIES], [HISTORIES])
    def test_mirror_the_level(self, tried: Tried) -> None:
        def check(pulls: list[Pull]) -> None:
            even = [
                pull if pull.sd is None else pull._replace(sd=1e-6)
                for pull in pulls
                if pull.sd is not None or pull.code in MIRROR
            ]
            one, other = at_end(even, EVEN), at_end([mirrored(pull) for pull in even], EVEN)
            assert one == pytest.approx([-value for value in other], abs=1e-4)

        tried(check)
