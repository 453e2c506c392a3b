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
from tracker.domain.scoring import parts, rows
from tracker.domain.scoring.course import Rules
from tracker.domain.scoring.evidence import Pull

RULES = USUAL.rules
ROUNDING = 1e-9
# Within 120 months of the first claim, after which drift depends on whether another claim came.
END = day("2009-12-31")
HALF = day("2005-03-09")
# Up to twenty years after the first claim.
DAYS = st.integers(0, 7_300).map(lambda n: BEGIN + timedelta(days=n))
LATER = ACTS.map(
    lambda one: one._replace(claim=UUID(int=30_000), first=one.first + 7_300, last=one.last + 7_300)
)
WINDOWS = st.lists(DAYS, min_size=3, max_size=5, unique=True).map(sorted)
ADDED = st.one_of(ACTS, WARS).map(lambda one: one._replace(claim=UUID(int=30_000)))
HOSTILE = ADDED.filter(lambda one: not _is_kind(one))
PROBABILITIES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
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
    """The worlds on the last day, of a pair that had a claim of no weight on the first."""
    return worlds([*pulls, act(40_000, "agree", BEGIN.toordinal(), weight=0.0, root=8)], END, rules)


def _is_kind(pull: Pull) -> bool:
    return pull.code in (CODES["agree"], CODES["aid"])


def never_falls(one: list[float], other: list[float]) -> bool:
    return all(after >= before - ROUNDING for before, after in zip(one, other, strict=True))


class TestEveryHistory:
    @law([HISTORIES], [HISTORIES])
    def test_has_the_same_bits_in_numpy_and_plain_python(self, tried: Tried) -> None:
        def check(pulls: list[Pull]) -> None:
            fast, plain = (
                folded(pulls, END, RULES, rows=one) for one in (rows.fastest(), rows.PLAIN)
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
        """A movement is read from what each world has at both ends of its own window."""

        def check(pulls: list[Pull], days: list[date]) -> None:
            ends = [USUAL.worlds([*pulls], on) for on in days]
            moves = [after - before for before, after in pairwise(ends)]
            whole = USUAL.worlds(pulls, days[-1]) - USUAL.worlds(pulls, days[0])
            assert sum(moves).tolist() == pytest.approx(whole.tolist(), abs=ROUNDING)
            found = USUAL.movement(pulls, days[0], days[-1])
            assert found.value == pytest.approx(mean(whole.tolist()), abs=ROUNDING)
            assert found.fell == sum(one < 0 for one in whole.tolist()) / len(whole)
            one_by_one = [USUAL.movement(pulls, *two).value for two in pairwise(days)]
            assert sum(one_by_one) == pytest.approx(found.value, abs=ROUNDING)

        tried(check)

    @law([HISTORIES], [HISTORIES])
    def test_has_contributions_and_steps_that_sum(self, tried: Tried) -> None:
        """To the mean, and to its change."""

        def check(pulls: list[Pull]) -> None:
            pulls = [*pulls, act(40_000, "agree", BEGIN.toordinal(), weight=0.0, root=8)]
            early, late = (folded(pulls, on, RULES, traced=True) for on in (HALF, END))
            first, last = (mean(one.closes[-1].row.tolist()) for one in (early, late))
            assert parts.contributions(late).sum == pytest.approx(last, abs=ROUNDING)
            moved = parts.steps(late).less(parts.steps(early))
            assert moved.sum == pytest.approx(last - first, abs=ROUNDING)

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


class TestAClaimMore:
    @law([HISTORIES, ADDED], [HISTORIES, ADDED])
    def test_of_conflict_never_raises_and_of_cooperation_never_lowers(self, tried: Tried) -> None:
        def check(pulls: list[Pull], one: Pull) -> None:
            without, with_ = at_end(pulls), at_end([*pulls, one])
            assert never_falls(without, with_) if _is_kind(one) else never_falls(with_, without)

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
