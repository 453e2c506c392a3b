"""How often claims of each certainty were confirmed, and the beta distribution behind it. Figures
are worked out by hand or given by closed formulas."""

from math import comb, pi, sin
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain import calibration
from tracker.domain.calibration import calibrate
from tracker.domain.certainty import UNCODED, Prior
from tracker.domain.judged_claims import JudgedClaim


def claims(
    p: float = 0.65, *, confirmed: int = 0, false: int = 0, unverifiable: int = 0, **given
) -> list[JudgedClaim]:
    outcomes = ["confirmed"] * confirmed + ["false"] * false + ["unverifiable"] * unverifiable
    facts = {
        "grade": "reliability C",
        "chain": 1,
        "roots": 1,
        "alone": True,
        "weight": 1.0,
        "prior": UNCODED,
    }
    return [
        JudgedClaim(claim=UUID(int=n), position=n, p=p, outcome=outcome, **facts | given)
        for n, outcome in enumerate(outcomes)
    ]


class TestShares:
    def test_are_the_confirmed_of_the_decided_with_jeffreys_interval(self):
        [group] = calibrate(claims(confirmed=31, false=9)).bins

        assert (group.label, group.decided, group.confirmed) == ("0.6 to 0.7", 40, 31)
        assert group.mean_p == pytest.approx(0.65)
        assert group.outcome.share == pytest.approx(31 / 40)
        assert (group.outcome.low, group.outcome.high) == calibration.jeffreys(31, 40)
        assert group.outcome.effective == 40

    def test_are_bounded_by_the_unverifiable(self):
        """6 of 8 decided; with two more 6 of 10 or 8 of 10."""
        [group] = calibrate(claims(confirmed=6, false=2, unverifiable=2)).bins

        assert (group.decided, group.unverifiable) == (8, 2)
        assert group.outcome.share == 0.75
        assert (group.outcome.all_false, group.outcome.all_true) == (0.6, 0.8)

    def test_are_unknown_without_a_decided_claim(self):
        record = calibrate(claims(unverifiable=2))

        assert record.overall.outcome is None
        assert record.overall.mean_p is None
        assert record.score is None
        assert record.checks == ()

    def test_are_weighted_and_rest_on_the_effective_number(self):
        """Weights 3, 3 confirmed and 1, 1 false: share 6/8; effective 8²/(9 + 9 + 1 + 1) = 3.2."""
        record = calibrate([*claims(confirmed=2, weight=3.0), *claims(false=2, weight=1.0)])

        outcome = record.overall.outcome
        assert outcome.share == 0.75
        assert outcome.effective == pytest.approx(3.2)
        assert (outcome.low, outcome.high) == pytest.approx(calibration.jeffreys(2.4, 3.2))

    @each(
        ("p", "label"),
        [(0.0, "0.0 to 0.1"), (0.3, "0.3 to 0.4"), (0.7, "0.7 to 0.8"), (0.6999, "0.6 to 0.7"),
         (0.97, "0.9 to 1.0"), (1.0, "0.9 to 1.0")],
    )  # fmt: skip
    def test_are_by_tenths_of_p(self, p, label):
        assert [group.label for group in calibrate(claims(p, confirmed=1)).bins] == [label]

    def test_are_by_grade_chain_and_roots_in_order(self):
        record = calibrate(
            [
                *claims(confirmed=1, chain=10, roots=4, grade="reliability D"),
                *claims(confirmed=1, false=1, chain=2, roots=3),
                *claims(false=1, chain=4, roots=9),
            ]
        )

        def rows(groups):
            return [(group.label, group.confirmed, group.decided) for group in groups]

        assert rows(record.grades) == [("reliability C", 1, 3), ("reliability D", 1, 1)]
        assert rows(record.chains) == [("2", 1, 2), ("4 or more", 1, 2)]
        assert rows(record.roots) == [("3", 1, 2), ("4 or more", 1, 2)]

    def test_do_not_depend_on_the_order(self):
        given = [*claims(confirmed=3, false=2), *claims(0.9, confirmed=3, weight=0.1)]

        assert calibrate(given) == calibrate(reversed(given))


class TestBrierScore:
    def test_falls_into_its_parts(self):
        """p .65: 2 of 4; p .85: 3 of 4. Base 5/8.

        Brier: (2 · .35² + 2 · .65² + 3 · .15² + .85²)/8 = (.245 + .845 + .0675 + .7225)/8 = .235.
        Reliability: (.15² + .1²)/2 = .01625. Resolution: (.125² + .125²)/2 = .015625.
        Uncertainty: .625 · .375 = .234375; .01625 − .015625 + .234375 = .235.
        """
        score = calibrate(
            [*claims(0.65, confirmed=2, false=2), *claims(0.85, confirmed=3, false=1)]
        ).score

        assert score.brier == pytest.approx(0.235)
        assert score.reliability == pytest.approx(0.01625)
        assert score.resolution == pytest.approx(0.015625)
        assert score.uncertainty == pytest.approx(0.234375)
        assert score.within == pytest.approx(0)

    def test_has_a_rest_where_p_differs_inside_a_bin(self):
        """p .60 confirmed and .68 false: (.16 + .4624)/2 = .3112. Reliability (.64 − .5)² = .0196,
        resolution 0, uncertainty .25: the rest is .0416."""
        score = calibrate([*claims(0.6, confirmed=1), *claims(0.68, false=1)]).score

        assert score.brier == pytest.approx(0.3112)
        assert score.within == pytest.approx(0.0416)


class TestGrades:
    def test_are_a_beta_of_twenty_pseudo_claims_and_the_outcomes(self):
        """20 · .65 = 13 of 20, and 21 of 50: 34 of 70."""
        [check] = calibrate(claims(confirmed=21, false=29)).checks

        assert (check.grade, check.p, check.decided, check.confirmed) == (
            "reliability C", 0.65, 50, 21,
        )  # fmt: skip
        assert check.mean == pytest.approx(34 / 70)
        assert (check.low, check.high) == pytest.approx(calibration.interval(34, 36))
        # .4857 ± 1.645 · √(.4857 · .5143/71) = .388 to .583.
        assert check.outside
        assert check.proposal == (
            "reliability C (no act with a code: no prior odds): 21 of 50 claims were confirmed"
            " where p was 0.65. That leaves 0.39 to 0.58 as the likely p of such claims; a p of"
            " 0.49 is proposed, which is 0.49 in the table of grades."
        )

    def test_are_proposed_without_the_prior_odds(self):
        """C of checkable acts has p .9435, odds 16.7 = 1.857 · 9. 18.87 of 20 and 30 of 50 make
        48.87 of 70: .698, odds 2.313. A ninth of it, .257, is a p of .204."""
        prior = Prior(9, "such acts: prior odds 9 to 1")
        [check] = calibrate(claims(0.9435, confirmed=30, false=20, prior=prior)).checks

        assert check.in_table == pytest.approx(0.2044, abs=5e-5)
        assert check.proposal.startswith(
            "reliability C (such acts: prior odds 9 to 1): 30 of 50 claims were confirmed where p"
            " was 0.94."
        )
        assert check.proposal.endswith(
            "as the likely p of such claims; a p of 0.70 is proposed, which is 0.20 in the table of"
            " grades."
        )

    def test_are_not_blamed_for_the_highest_p_of_reports(self):
        """A at 9 to 1 would be .994 and is .97; (19.4 + 400)/420 = .9986 is above."""
        prior = Prior(9, "such acts: prior odds 9 to 1")
        [check] = calibrate(claims(0.97, confirmed=400, prior=prior)).checks

        assert check.in_table is None
        assert check.proposal.endswith("the highest p of reports, 0.97, is too low, not the grade.")

    def test_are_apart_by_the_prior_odds(self):
        priors = (Prior(1, "covert"), Prior(9, "checkable"))
        record = calibrate(one for prior in priors for one in claims(confirmed=1, prior=prior))

        assert [(check.kind, check.odds) for check in record.checks] == [
            ("covert", 1), ("checkable", 9),
        ]  # fmt: skip

    def test_are_left_where_the_outcomes_agree(self):
        [check] = calibrate(claims(confirmed=13, false=7)).checks

        assert not check.outside
        assert check.proposal == ""

    def test_are_told_only_by_claims_that_rest_on_them_alone(self):
        assert calibrate(claims(confirmed=5, alone=False)).checks == ()

    def test_are_apart_by_the_p_that_the_method_gives(self):
        record = calibrate([*claims(0.65, confirmed=2), *claims(0.94, confirmed=1)])

        assert [(check.p, check.decided) for check in record.checks] == [(0.65, 2), (0.94, 1)]


@pytest.mark.parametrize(("decided", "missing"), [(0, 20), (19, 1), (20, 0), (21, 0)])
def test_a_record_needs_twenty_verdicts(decided, missing):
    assert calibrate(claims(false=decided, unverifiable=5)).missing == missing


# A program whose p is right for B and E, too high for C, and too low for D.
TRUTH = {
    "reliability B": (0.85, 0.85), "reliability C": (0.65, 0.45), "reliability D": (0.40, 0.60),
    "reliability E": (0.15, 0.15),
}  # fmt: skip


def simulated(seed: int) -> list[JudgedClaim]:
    """A made-up record of 500 verdicts: each claim is true with the known share of its grade."""
    chance = Random(seed)  # noqa: S311 # a simulation
    record: list[JudgedClaim] = []
    for _ in range(500):
        grade = chance.choice([*TRUTH])
        p, truth = TRUTH[grade]
        outcome = {"confirmed": 1} if chance.random() < truth else {"false": 1}
        record += claims(p, grade=grade, **outcome)
    return record


class TestAMadeUpRecord:
    @pytest.mark.long
    def test_of_500_verdicts_is_recovered_within_its_intervals(self):
        """In 40 records of 500 each 90 % interval holds the truth 36 times, ± 3 sd = 6."""
        held = dict.fromkeys(TRUTH, 0)
        for seed in range(40):
            for group in calibrate(simulated(seed)).grades:
                held[group.label] += (
                    group.outcome.low <= TRUTH[group.label][1] <= group.outcome.high
                )

        assert all(times >= 30 for times in held.values()), held


NEAR = 1e-9
sizes = st.floats(0.5, 300)


def at_least(k: int, n: int, x: float) -> float:
    """The chance of k or more successes in n trials: the cumulative Beta(k, n − k + 1) at x."""
    return sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(k, n + 1))


class TestCumulative:
    @pytest.mark.parametrize(
        ("k", "n", "x"), [(2, 6, 0.3), (5, 9, 0.8), (1, 1, 0.25), (30, 40, 0.7)]
    )
    def test_is_the_tail_of_the_binomial(self, k, n, x):
        assert calibration.cumulative(x, k, n - k + 1) == pytest.approx(at_least(k, n, x), abs=NEAR)

    @pytest.mark.parametrize(("x", "p"), [(-0.1, 0), (0, 0), (1, 1), (1.5, 1)])
    def test_is_0_or_1_outside(self, x, p):
        assert calibration.cumulative(x, 2, 3) == p

    def test_of_very_many_claims_is_that_of_the_normal_distribution(self):
        """One sd above the mean of Beta(40000, 10000), .8 with sd .4/√50001, is Φ(1) = .8413."""
        assert calibration.cumulative(0.8 + 0.4 / 50_001**0.5, 40_000, 10_000) == pytest.approx(
            0.8413, abs=1e-3
        )


class TestQuantile:
    @pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
    def test_of_the_arcsine_distribution(self, share):
        assert calibration.quantile(share, 0.5, 0.5) == pytest.approx(
            sin(pi * share / 2) ** 2, abs=NEAR
        )

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
    def test_of_a_power(self, share):
        """Beta(a, 1) has the cumulative function x^a."""
        assert calibration.quantile(share, 3, 1) == pytest.approx(share ** (1 / 3), abs=NEAR)

    @given(st.floats(0.01, 0.99), sizes, sizes)
    def test_undoes_the_cumulative_function(self, share, a, b):
        assert calibration.cumulative(calibration.quantile(share, a, b), a, b) == pytest.approx(
            share, abs=1e-7
        )


class TestJeffreys:
    def test_of_none_is_all_but_the_tail_of_the_prior(self):
        assert calibration.jeffreys(0, 0)[0] == 0
        assert calibration.jeffreys(0, 0)[1] == 1

    @pytest.mark.parametrize("n", [1, 10, 500])
    def test_reaches_0_where_none_was_seen_and_1_where_all_were(self, n):
        assert calibration.jeffreys(0, n)[0] == 0
        assert 0 < calibration.jeffreys(0, n)[1] < 1
        assert calibration.jeffreys(n, n)[1] == 1
        assert 0 < calibration.jeffreys(n, n)[0] < 1

    def test_leaves_a_twentieth_on_each_side(self):
        low, high = calibration.jeffreys(7, 10)

        assert calibration.cumulative(low, 7.5, 3.5) == pytest.approx(0.05, abs=NEAR)
        assert calibration.cumulative(high, 7.5, 3.5) == pytest.approx(0.95, abs=NEAR)
