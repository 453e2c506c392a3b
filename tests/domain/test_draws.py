"""The weekly draw of claims."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from uuid import UUID

import pytest

from tracker.domain.draws import Candidate, Drawn, draw, week_of, weights

WEEK = date(2024, 4, 29)


def claims(number: int, *, p: float, checkable: bool = True, first: int = 0) -> list[Candidate]:
    return [Candidate(UUID(int=first + n), p, checkable) for n in range(number)]


def drawn(candidates, week=WEEK, position=100):
    return draw(candidates, week=week, position=position)


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

    @pytest.mark.parametrize("number", [1, 5, 12])
    def test_of_weekly_draws_count_each_claim_once(self, number):
        """60 claims at .40 and 500 at .94: together the drawn ones stand for as many of each."""
        left = {one.claim: one for one in [*claims(60, p=0.40), *claims(500, p=0.94, first=1000)]}
        made = []
        for week in (WEEK + timedelta(days=7 * n) for n in range(number)):
            made += [(week, one) for one in drawn(left.values(), week=week)]
            left = {key: one for key, one in left.items() if key not in {d.claim for _, d in made}}

        by_stratum = weights(made)
        stands_for: dict[str, float] = defaultdict(float)
        for _, one in made:
            stands_for[one.stratum] += by_stratum[one.stratum]

        assert stands_for == pytest.approx(
            {"checkable, p from 0": 60, "checkable, p from 0.8": 500}
        )
