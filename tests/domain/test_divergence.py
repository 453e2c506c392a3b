"""The divergence of two lenses, by hand from the formulas of the models."""

from datetime import date
from math import sqrt
from uuid import UUID

import pytest

from tests.kit.impacts import DAY, a_day, a_scorer, an_act, an_id, pulls_of, usual
from tracker.domain.divergence import (
    Divergence,
    Effect,
    Errors,
    Side,
    compare,
    errors,
    sd_between,
)
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Score

CLAIM = UUID(int=1)


def a_side(
    lens: str, value: float, *, roots: int = 5, model: str = "standing", reach: float = 1.645
):
    score = Score(value=value, sd=9.0, low=value - 9, high=value + 9)
    return Side(lens=lens, model=model, score=score, roots=roots, reach=reach)


def of(first: Side, second: Side, sd: float = 1.5):
    return compare(first, second, sd=sd)


def some(
    *effects: tuple[int, float, float | None], start_sd: float = 0.0, draws=(), **more
) -> Errors:
    """Errors of claims, given as number, amount and p. `draws`: the numbers of claims that share
    one."""
    by_claim = {UUID(int=number): Effect(amount, p) for number, amount, p in effects}
    numbered = {UUID(int=one): number for number, claims in enumerate(draws) for one in claims}
    return Errors(**more, start_sd=start_sd, effects=by_claim, draws=numbered)


def acts(value: float, *, p: float, number: int = 1, first: int = 0, many: int = 1) -> list[Pull]:
    """Acts of one code, thirty days apart, with claims from `number` on."""
    return pulls_of(
        *(
            an_act(claim=an_id(number + n), first=a_day(first + 30 * n), value=value, p=p, roots=())
            for n in range(many)
        )
    )


def errors_of(model: str, pulls: list[Pull], day: date = DAY) -> Errors:
    [found] = errors(a_scorer(model), pulls, [day], model=model)
    return found


class TestCompare:
    def test_gives_the_difference_with_its_interval(self):
        # 2 − (−1) = 3; 3 ± 1.645·1.5. The sds of the two, 9 each, are not used.
        found = of(a_side("a@1", 2), a_side("b@1", -1))

        assert isinstance(found, Divergence)
        assert (found.amount, found.sd) == (3, 1.5)
        assert (found.low, found.high) == pytest.approx((0.5325, 5.4675))
        assert found.apart

    @pytest.mark.parametrize(
        ("value", "apart"), [(2.5, True), (2.4, False), (0, False), (-2.4, False), (-2.5, True)]
    )
    def test_tells_apart_what_the_interval_tells_apart(self, value, apart):
        # 1.645·1.5 = 2.4675
        assert of(a_side("a@1", value), a_side("b@1", 0)).apart is apart

    def test_has_the_interval_of_the_model(self):
        # t with 4 degrees of freedom: 2.1318/√2 = 1.5074; of two models the wider.
        reaches = [MODELS[name].reach for name in ("tone", "standing")]
        assert reaches == pytest.approx([1.645, 1.5074], abs=1e-4)

        found = of(a_side("a@1", 3, reach=1.5), a_side("b@1", 0, reach=1.5))
        assert (found.low, found.high) == (0.75, 5.25)
        assert of(a_side("a@1", 3, reach=1.5), a_side("b@1", 0, reach=2)).low == 0


class TestFiveVisitsAndFiveSanctions:
    """Five visits (+4, step .24) in one bloc's sources, five sanctions (−6, step −.6) in the
    other's, a month apart, p .85 each. K is .85·.24/9 = .02267 and .85·.6/9 = .05667;
    p(1 − p) = .1275. The acts leave the start; W grows by .0009 a day, and after sanctions by
    .00986842·R, R the sum of .306 for each, by half in a year: to 16.108 and 16.916.

        start       (√16.916 − √16.108)²                 = .0099
        visits      .1275·.24²·(1 + .97733² + … ⁸)       = .1275·.0576·4.5716 = .0336
        sanctions   .1275·.6²·(1 + .94333² + … ⁸)        = .1275·.36·4.0138   = .1842
    """

    VISITS = acts(4, p=0.85, many=5)
    SANCTIONS = acts(-6, p=0.85, number=11, many=5)
    LAST = a_day(120)

    def test_differ_by_less_than_the_start_of_each(self):
        found = sd_between(
            errors_of("standing", self.VISITS, self.LAST),
            errors_of("standing", self.SANCTIONS, self.LAST),
        )

        assert found == pytest.approx(sqrt(0.0099 + 0.0336 + 0.1842), abs=1e-3)


class TestErrors:
    def test_of_a_level_are_the_start_that_is_left_and_the_claims(self):
        # An act of 10 and p .5: I = .6, K = .0333; ten days later it is kept by
        # 1 − .5·.4/9 = .9778, and the start by all: W = 16.0009 + 10·.0009·(1 − .3²/81).
        pulls = [*acts(10, p=0.5), *acts(-4, p=0.5, number=2, first=10)]

        later = acts(10, p=0.5, number=3, first=11)

        found = errors_of("standing", [*pulls, *later], a_day(10))

        assert set(found.effects) == {CLAIM, UUID(int=2)}
        assert found.start_sd == pytest.approx(sqrt(16.0009 + 0.009 * (1 - 0.09 / 81)))
        assert found.effects[CLAIM] == Effect(pytest.approx(0.6 * (1 - 0.2 / 9)), 0.5)
        assert found.effects[UUID(int=2)] == Effect(pytest.approx(-0.4), 0.5)

    def test_of_a_tone_are_its_unreported_acts_and_the_claims(self):
        # B = .5 and κ = 1: A/(B + κ), with unreported acts of sd 3
        found = errors_of("tone", acts(6, p=0.5))

        assert found.start_sd == pytest.approx(3 / 1.5)
        assert found.effects[CLAIM] == Effect(pytest.approx(6 / 1.5), 0.5)

    def test_of_a_ratio_count_the_acts_of_the_other_kind(self):
        # C = 4, K = 2, κ = 10, T = 16, r = 2/16. ∂r/∂C = (2K + κ)/T² = 14/256, and
        # ∂r/∂K = −(2C + κ)/T² = −18/256.
        found = errors_of("cooperation", [*acts(8, p=0.5), *acts(-4, p=0.5, number=2)])

        assert found.start_sd == pytest.approx(10 / sqrt(3) / 16)
        assert found.effects[CLAIM] == Effect(pytest.approx(8 * 14 / 256), 0.5)
        assert found.effects[UUID(int=2)] == Effect(pytest.approx(-4 * 18 / 256), 0.5)


class TestALevel:
    """Assessed levels, and one draw for claims that rest on one root."""

    SCORER = usual(MODELS["standing"])

    def errors(self, *pulls: Pull, day: date = DAY) -> Errors:
        [found] = errors(self.SCORER, pulls, [day], model="standing")
        return found

    def assessed(self, value: float) -> Errors:
        """Sd 2, p ½: precision ⅛. V = 4² + .03² = 16.0009. Of a level of which nothing is known ½
        counts, so that .5/(.5 + V/8) = .2 of it is kept, and (V/8)/(.5 + V/8) = .8 of the
        assessment is taken."""
        [pull] = acts(value, p=0.5)
        return self.errors(pull._replace(sd=2.0))

    @pytest.mark.parametrize("value", [5.0, 0.0])
    def test_tells_the_error_of_an_assessment_from_that_of_the_start(self, value):
        found = self.assessed(value)

        # .8·2/√½, and .2·4.0001
        assert found.effects == {CLAIM: Effect(pytest.approx(2.2627, abs=1e-3), None)}
        assert found.start_sd == pytest.approx(0.8, abs=1e-3)

    def test_sets_a_lens_with_an_assessment_apart_from_one_without(self):
        # The second errs by the start x, the first by .2·x + .8·e: √((.8·4)² + 2.2627²).
        found = sd_between(self.assessed(5.0), self.errors())

        assert found == pytest.approx(sqrt(3.2**2 + 2.2627**2), abs=1e-3)
        assert sd_between(self.assessed(5.0), self.assessed(5.0)) == 0

    ROOT = UUID(int=9)

    def of_root(self, *days: int) -> list[Pull]:
        """Acts of one root, p ½ and −.4 each, numbered by their days."""
        return [
            pull._replace(roots=(self.ROOT,))
            for day in days
            for pull in acts(-4, p=0.5, number=1 + day, first=day)
        ]

    def test_takes_claims_of_one_root_for_one_draw(self):
        # Both true or none: the first is −.4 less .4/9 of it when the second comes.
        found = self.errors(*self.of_root(0, 10), day=a_day(10))

        amount = -0.4 * (1 - 0.4 / 9) - 0.4
        assert sum(effect.amount for effect in found.effects.values()) == pytest.approx(amount)
        # The start is as in a lens without claims: it falls out.
        assert sd_between(found, self.errors()) == pytest.approx(-amount / 2, abs=1e-3)

    def test_takes_them_for_one_draw_where_a_lens_leaves_some_out(self):
        """One side counts the acts of days 0, 10 and 20, the other those of 10 and 20: if they are
        true, the first differs by what is left of the act of day 0, −.4·(1 − .4/9)² = −.3652."""
        one = self.errors(*self.of_root(0, 10, 20), day=a_day(20))
        other = self.errors(*self.of_root(10, 20), day=a_day(20))

        assert sd_between(one, other) == pytest.approx(0.3652 / 2, abs=1e-3)


class TestSdBetween:
    def test_takes_the_start_for_common(self):
        assert sd_between(some(start_sd=3), some(start_sd=2)) == 1

    def test_takes_the_error_of_an_assessed_level_for_common(self):
        one, other = some((1, 1.0, None)), some((1, 0.75, None))

        assert (sd_between(one, other), sd_between(one, some())) == (0.25, 1)

    def test_takes_a_claim_for_one_draw(self):
        # ¼·(.6 − .2)²
        assert sd_between(some((1, 0.6, 0.5)), some((1, 0.2, 0.5))) == pytest.approx(0.2)
        # ¼·.6² + ¼·.2²
        found = sd_between(some((1, 0.6, 0.5)), some((2, 0.2, 0.5)))
        assert found == pytest.approx(sqrt(0.1))

    def test_nests_the_draws_of_a_claim_with_two_p(self):
        # True on both sides with .2, on the first alone with .6: 1·.6 + 0·.4, so .6·.4.
        found = sd_between(some((1, 1.0, 0.8)), some((1, 1.0, 0.2)))

        assert found == pytest.approx(sqrt(0.24))

    def test_unites_the_draws_of_both_sides_that_share_a_claim(self):
        # 1 and 2 are one draw on the first side, 2 and 3 on the second: ½·|1 + 2 − 2 − 4|
        one = some((1, 1.0, 0.5), (2, 2.0, 0.5), draws=[(1, 2)])
        other = some((2, 2.0, 0.5), (3, 4.0, 0.5), draws=[(2, 3)])

        assert sd_between(one, other) == sd_between(other, one) == 1.5

    def test_unites_draws_that_a_claim_of_the_other_side_connects(self):
        # Two draws on the first side, one on the second: ½·|1 + 2 + 4 − 2 − 4|
        one = some((1, 1.0, 0.5), (2, 2.0, 0.5), (3, 4.0, 0.5), draws=[(1, 2)])
        other = some((2, 2.0, 0.5), (3, 4.0, 0.5), draws=[(2, 3)])

        assert sd_between(one, other) == 0.5

    def test_nests_the_draws_of_one_truth_with_two_p(self):
        # With .2 all are true, 1 + 1 − 2 = 0; with .6 − the second draw has another p there − only
        # the first side's, 2; with .2 none: a mean of 1.2, .2·1.44 + .6·.64 + .2·1.44.
        one = some((1, 1.0, 0.8), (2, 1.0, 0.8), draws=[(1, 2)])

        assert sd_between(one, some((2, 2.0, 0.2))) == pytest.approx(sqrt(0.96))

    def test_is_no_less_than_the_least_sd_of_a_lens(self):
        found = sd_between(some((1, 0.6, 0.5), least_sd=0.5), some((1, 0.6, 0.5), least_sd=0.25))

        assert found == 0.5


class TestNotShown:
    def test_is_no_divergence_without_an_sd(self):
        with pytest.raises(ValueError, match="the sd is missing"):
            compare(a_side("a@1", 2), a_side("b@1", 1), sd=None)

    def test_is_what_a_lens_and_itself_have(self):
        found = of(a_side("a@1", 2), a_side("a@1", 2))

        assert (found.reason, found.detail) == ("one lens", "a@1 does not diverge from itself")

    def test_leaves_two_versions_of_a_lens_to_be_compared(self):
        assert of(a_side("a@1", 2), a_side("a@2", 1)).amount == 1

    def test_names_the_quantities_that_cannot_be_compared(self):
        found = of(a_side("a@1", 2, model="tone"), a_side("b@1", 2))

        assert found.reason == "different models"
        assert found.detail == "a@1 measures tone, b@1 standing"

    @pytest.mark.parametrize(
        ("one", "other", "detail"),
        [
            (4, 5, "a@1 has 4 of 5 roots"),
            (5, 4, "b@1 has 4 of 5 roots"),
            (0, 2, "a@1 has 0 of 5 roots, b@1 has 2 of 5 roots"),
        ],
    )
    def test_says_which_side_has_too_few_roots(self, one, other, detail):
        found = of(a_side("a@1", 2, roots=one), a_side("b@1", 1, roots=other))

        assert (found.reason, found.detail) == ("too few roots", detail)
