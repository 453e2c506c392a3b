"""Blind review: which claims are coded twice and drawn, and what comes of it."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.builders import a_claim
from tests.kit.tables import each
from tracker.domain.blind_review import (
    NO_ACT,
    Agreement,
    Candidate,
    Coding,
    Drawn,
    agreement,
    agreements,
    coding_of,
    draw,
    is_sampled,
    problems,
    week_of,
    weights,
)
from tracker.domain.claims import Strength

SANCTION, VISIT = "plover-2.0/SANCTION", "plover-2.0/CONSULT/visit"
# Krippendorff (2011), section C: four observers, twelve units, some values missing.
FOUR_OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 - - -",
    "1 2 3 3 2 2 4 1 2 5 - 3",
    "- 3 3 3 2 3 4 2 2 5 1 -",
    "1 2 3 3 2 4 4 1 2 5 1 -",
]
# Section A: two observers, two categories.
MEG, OWEN = "0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"
WEEK = date(2024, 4, 29)


def units(*rows):
    by_coder = [["" if value == "-" else value for value in row.split()] for row in rows]
    return list(zip(*by_coder, strict=True))


def claims(number: int, *, p: float, checkable: bool = True, first: int = 0) -> list[Candidate]:
    return [Candidate(UUID(int=first + n), p, checkable) for n in range(number)]


def drawn(candidates, week=WEEK, position=100):
    return draw(candidates, week=week, position=position)


class TestTheSample:
    def test_is_a_tenth_that_follows_from_the_ids(self):
        """The share of 10,000 draws of .1 has an sd of .003."""
        ids = [uuid5(UUID(int=0), str(number)) for number in range(10_000)]

        assert 0.09 < sum(map(is_sampled, ids)) / len(ids) < 0.113


class TestCoding:
    def test_is_what_the_claim_has(self):
        claim = a_claim(code=SANCTION, strength=Strength(grade="weak", reason="in part"))

        assert coding_of(claim) == Coding(SANCTION, "act", "weak")
        assert coding_of(a_claim(code=SANCTION)) == Coding(SANCTION, "act", "full")

    def test_of_a_claim_without_code_is_no_act(self):
        assert coding_of(a_claim(code=None)) == Coding(NO_ACT)

    @each(
        ("coding", "pointers"),
        [
            (Coding(SANCTION, "situation", "full"), []),
            (Coding(NO_ACT), []),
            (Coding(""), ["/code"]),
            (Coding("SANCTION", "act", "full"), ["/code"]),
            (Coding(SANCTION), ["/form", "/strength"]),
            (Coding(SANCTION, "level", "huge"), ["/form", "/strength"]),
            (Coding(NO_ACT, "act"), ["/form"]),
        ],
    )
    def test_is_complete_and_of_a_codebook(self, coding, pointers):
        assert [problem.pointer for problem in problems(coding)] == pointers


class TestAgreements:
    def test_are_by_field(self):
        """The codes agree: alpha 1. The forms are opposite: two units, four values: -.5. Nobody
        differs in strength, and where nobody acts it is missing."""
        found = agreements(
            [
                (Coding(SANCTION, "act", "full"), Coding(SANCTION, "situation", "full")),
                (Coding(VISIT, "situation", "full"), Coding(VISIT, "act", "full")),
                (Coding(VISIT, "act", "weak"), Coding(NO_ACT)),
            ]
        )

        assert found["code"].alpha == pytest.approx(1 - 5 * 2 / (36 - 4 - 9 - 1))
        assert (found["form"].alpha, found["form"].units) == (-0.5, 2)
        assert (found["strength"].alpha, found["strength"].same) == (None, 2)


class TestAlpha:
    def test_of_four_observers_with_missing_values(self):
        """40 values that can be paired; the unit with a single value does not count. Eight of the
        eleven units are unanimous."""
        found = agreement(units(*FOUR_OBSERVERS))

        assert found.alpha == pytest.approx(0.743, abs=5e-4)
        assert (found.units, found.values, found.same) == (11, 40, 8)

    @each(
        ("coded", "alpha"),
        [
            (units(MEG, OWEN), 1 - 19 * 4 / (14 * 6)),
            ([("a", "a"), ("b", "b")], 1.0),
            # More than by chance: two units, each a and b, so 4 ordered couples differ, of 4
            # values 2 and 2: 1 − 3 · 4/8.
            ([("a", "b"), ("b", "a")], -0.5),
        ],
    )
    def test_is_how_much_less_coders_differ_than_by_chance(self, coded, alpha):
        assert agreement(coded).alpha == pytest.approx(alpha)

    @pytest.mark.parametrize("coded", [[], [("a", "a")], [("a", ""), ("", "b")]])
    def test_is_unknown_without_values_that_differ(self, coded):
        assert agreement(coded).alpha is None

    @given(st.lists(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=4), max_size=8))
    def test_depends_neither_on_the_order_of_units_nor_on_that_of_coders(self, coded):
        found = agreement(coded)

        assert agreement([values[::-1] for values in reversed(coded)]) == found
        assert found.alpha is None or found.alpha <= 1


class TestALowAlpha:
    @pytest.mark.parametrize(
        ("alpha", "is_low"), [(0.669, True), (0.67, False), (-1.0, True), (None, False)]
    )
    def test_is_below_67(self, alpha, is_low):
        assert Agreement(alpha=alpha, units=1, values=2, same=0).is_low is is_low


def test_a_week_begins_on_monday():
    assert week_of(date(2024, 4, 29)) == week_of(date(2024, 5, 5)) == WEEK
    assert week_of(date(2024, 5, 6)) == date(2024, 5, 6)


class TestDraw:
    def test_of_few_claims_draws_all_with_certainty(self):
        few = claims(3, p=0.65)

        assert {one.claim for one in drawn(few)} == {one.claim for one in few}
        assert {one.probability for one in drawn(few)} == {1.0}

    def test_of_none_draws_none(self):
        assert drawn([]) == []

    def test_of_one_stratum_draws_ten_with_the_share_as_their_probability(self):
        found = drawn(claims(40, p=0.65))

        assert len({one.claim for one in found}) == 10
        assert {one.probability for one in found} == {10 / 40}

    def test_draws_evenly_from_every_stratum(self):
        """Six strata: one each, and one more of four of them."""
        many = [
            candidate
            for n, (p, checkable) in enumerate(
                (p, checkable) for p in (0.4, 0.65, 0.9) for checkable in (True, False)
            )
            for candidate in claims(100, p=p, checkable=checkable, first=1000 * n)
        ]

        found = drawn(many)

        assert sorted(Counter(one.stratum for one in found).values()) == [1, 1, 2, 2, 2, 2]
        assert {one.probability for one in found} == {0.01, 0.02}

    def test_fills_up_from_the_others_where_a_stratum_is_small(self):
        found = drawn([*claims(2, p=0.4), *claims(100, p=0.9, first=1000)])

        by_stratum = Counter(one.stratum for one in found)
        assert by_stratum == {"checkable, p from 0": 2, "checkable, p from 0.8": 8}
        assert {one.stratum: one.probability for one in found} == {
            "checkable, p from 0": 1.0,
            "checkable, p from 0.8": 0.08,
        }

    def test_is_the_same_again_in_any_order(self):
        many = claims(100, p=0.65)

        assert drawn(many) == drawn(reversed(many))

    @pytest.mark.parametrize("other", [{"week": date(2024, 5, 6)}, {"position": 101}])
    def test_differs_by_week_and_position(self, other):
        many = claims(100, p=0.65)

        assert drawn(many) != drawn(many, **other)

    def test_gives_all_claims_of_a_stratum_the_same_chance(self):
        """Over 400 weeks each of 20 claims is expected 200 times, with sd √(400 · ¼) = 10."""
        times = Counter(
            one.claim
            for position in range(400)
            for one in drawn(claims(20, p=0.65), position=position)
        )

        assert all(150 < times[one.claim] < 250 for one in claims(20, p=0.65))


class TestWeights:
    def test_are_the_drawn_and_the_left_by_the_drawn(self):
        """5 of 20; 15 are left, 5 are new, and 4 of these 20 are drawn: 9 stand for 25. Both of
        another stratum were drawn."""
        first = [Drawn(UUID(int=n), "many", 5 / 20) for n in range(5)]
        second = [Drawn(UUID(int=n), "many", 4 / 20) for n in range(5, 9)]
        few = [Drawn(UUID(int=n), "few", 1.0) for n in (10, 11)]
        after = WEEK + timedelta(days=7)

        found = weights([*((after, one) for one in second), *((WEEK, one) for one in first + few)])

        assert found == {"many": 25 / 9, "few": 1.0}
