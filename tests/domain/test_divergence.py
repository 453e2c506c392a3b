"""The divergence of two lenses, by counting worlds."""

from datetime import date
from math import sqrt

import pytest

from tests.kit.pulls import USUAL, act, still
from tracker.domain.divergence import Divergence, Side, compare
from tracker.domain.scoring.evidence import Pull, Pulls
from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Score
from tracker.domain.scoring.plain_rows import fastest
from tracker.domain.scoring.tables import N

STILL = still()
END = date(2000, 12, 31)
SAID = ((1, "sanction"), (2, "accuse"))


def a_side(
    lens: str, value: float, *, spread: float = 0.0, roots: int = 5, model: str = "standing"
) -> Side:
    """A level in as many worlds `spread` above `value` as below it."""
    worlds = fastest().row([value - spread, value + spread] * (N // 2))
    score = Score(value=value, sd=spread, low=value - spread, high=value + spread)
    return Side(lens=lens, model=model, score=score, roots=roots, worlds=worlds)


def a_level(lens: str, scorer: Level, *acts: Pull) -> Side:
    pulls = Pulls(acts, pair="ASH-BIR")
    score, worlds = scorer.on(pulls, END), scorer.worlds(pulls, END)
    return Side(lens=lens, model="standing", score=score, roots=5, worlds=worlds)


class TestCompare:
    def test_gives_the_difference_with_its_interval(self):
        # 2 less −1, and half of the worlds 1 lower, half 1 higher.
        found = compare(a_side("a@1", 2, spread=1), a_side("b@1", -1))

        assert found == Divergence(amount=3, sd=1, low=2, high=4)
        assert found.apart

    def test_is_surer_than_either_where_both_err_alike(self):
        found = compare(a_side("a@1", 2, spread=6), a_side("b@1", -1, spread=5))

        assert found == Divergence(amount=3, sd=1, low=2, high=4)

    @pytest.mark.parametrize(
        ("value", "apart"), [(1.1, True), (0.9, False), (0, False), (-0.9, False), (-1.1, True)]
    )
    def test_tells_apart_what_the_interval_tells_apart(self, value, apart):
        assert compare(a_side("a@1", value, spread=1), a_side("b@1", 0)).apart is apart


class TestLevels:
    def test_of_what_one_root_reports_err_in_the_same_worlds(self):
        # A root is right in 192 of 256 worlds: −.6 under one lens, −.3 under the other.
        sanction, accusation = (act(n, kind, "2000-03-05", p=0.75) for n, kind in SAID)
        found = compare(a_level("a@1", STILL, sanction), a_level("b@1", STILL, accusation))

        assert found.amount == pytest.approx(0.75 * -0.3)
        assert found.sd == pytest.approx(0.3 * sqrt(0.75 * 0.25))
        assert (found.low, found.high) == pytest.approx((-0.3, 0))

    def test_share_what_nobody_knows_or_reported(self):
        # The second lens counts an act more, which moves nothing.
        one, other = act(1, "sanction", "2000-03-05"), act(2, "sanction", "2000-04-05", weight=0.0)
        found = compare(a_level("a@1", USUAL, one), a_level("b@1", USUAL, one, other))

        assert found == Divergence(amount=0, sd=0, low=0, high=0)


class TestNotShown:
    def test_is_what_a_lens_and_itself_have(self):
        found = compare(a_side("a@1", 2), a_side("a@1", 2))

        assert (found.reason, found.detail) == ("one lens", "a@1 does not diverge from itself")

    def test_leaves_two_versions_of_a_lens_to_be_compared(self):
        assert compare(a_side("a@1", 2), a_side("a@2", 1)).amount == 1

    def test_names_the_quantities_that_cannot_be_compared(self):
        found = compare(a_side("a@1", 2, model="tone"), a_side("b@1", 2))

        assert found.reason == "different models"
        assert found.detail == "a@1 measures tone, b@1 standing"

    def test_is_said_of_flows(self):
        score = Score(value=2, sd=1, low=1, high=3)
        one, other = (
            Side(lens=lens, model="tone", score=score, roots=5, worlds=None)
            for lens in ("a@1", "b@1")
        )

        assert compare(one, other).reason == "no level"

    @pytest.mark.parametrize(
        ("one", "other", "detail"),
        [
            (4, 5, "a@1 has 4 of 5 roots"),
            (5, 4, "b@1 has 4 of 5 roots"),
            (0, 2, "a@1 has 0 of 5 roots, b@1 has 2 of 5 roots"),
        ],
    )
    def test_says_which_side_has_too_few_roots(self, one, other, detail):
        found = compare(a_side("a@1", 2, roots=one), a_side("b@1", 1, roots=other))

        assert (found.reason, found.detail) == ("too few roots", detail)
