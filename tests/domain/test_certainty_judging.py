"""What verdicts make of p, by hand."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import a_verdict, an_id
from tests.kit.tables import each
from tests.kit.testimonies import denies, says
from tracker.domain.certainty import (
    UNCODED,
    Certainty,
    apply_verdict,
    p_after_verdict,
    rounded,
    verdict_step,
    weigh,
)


class TestJudge:
    @each(
        ("verdict", "p", "after"),
        [
            ("confirmed", 0.15, 0.99),
            ("confirmed", 0.995, 0.995),
            ("disputed", 0.65, 0.5),
            ("disputed", 0.15, 0.15),
            ("false", 0.97, 0.0),
            ("unverifiable", 0.65, 0.65),
        ],
    )
    def test_raises_caps_or_leaves_p(self, verdict, p, after):
        assert apply_verdict(p, a_verdict(verdict)) == after

    def test_leaves_p_where_nobody_judged(self):
        assert apply_verdict(0.65, None) == 0.65


class TestJudged:
    def test_confirms_what_somebody_says(self):
        assert (
            p_after_verdict(
                weigh([says("C")], likelihood=None, prior=UNCODED), a_verdict("confirmed")
            )
            == 0.99
        )

    def test_confirms_what_denials_outweigh_by_far(self):
        denials = [denies("A", root=f"denier {number}") for number in range(5)]
        sure = weigh([says("C"), *denials], likelihood=None, prior=UNCODED)

        assert sure.p == 0.0
        assert p_after_verdict(sure, a_verdict("confirmed")) == 0.99

    def test_confirms_nothing_that_has_no_support_of_its_own(self):
        sure = weigh(
            [says("C", set_aside="its root is the speaker")], likelihood=None, prior=UNCODED
        )

        assert p_after_verdict(sure, a_verdict("confirmed")) == 0.0


class TestVerdictStep:
    @pytest.mark.parametrize(
        ("verdict", "says", "p"),
        [
            ("confirmed", "judged confirmed: at least 0.99", 0.99),
            ("disputed", "judged disputed: at most 0.5", 0.5),
            ("false", "judged false: 0", 0.0),
            ("unverifiable", "judged unverifiable: no change", 0.65),
        ],
    )
    def test_says_what_the_verdict_does(self, verdict, says, p):
        sure = Certainty(p=0.65, roots=(an_id("root"),), steps=())
        step = verdict_step(sure, a_verdict(verdict))

        assert (step.says, step.p, step.sources) == (says, p, ())

    def test_says_that_there_was_nothing_to_judge(self):
        step = verdict_step(weigh([], likelihood=None, prior=UNCODED), a_verdict("confirmed"))

        assert step.says == "judged confirmed: nothing that counts supports it"


class TestRounded:
    @each(
        ("p", "figure"),
        [
            (0.00005, 0.0),
            (0.00015, 0.0002),
            (0.00025, 0.0002),
            (0.43875, 0.4388),
            (0.65 * 0.675, 0.4388),
            (0.85 * 0.675, 0.5738),
            (0.43874999, 0.4387),
            (1.0, 1.0),
        ],
    )
    def test_keeps_four_places_half_to_even(self, p, figure):
        assert rounded(p) == figure

    @given(st.sampled_from([0.95, 0.85, 0.65, 0.4, 0.15]), st.integers(1, 999))
    def test_rounds_a_product_as_decimals_do(self, p, thousandths):
        exact = Decimal(str(p)) * Decimal(thousandths) / 1000

        assert rounded(p * (thousandths / 1000)) == float(round(exact, 4))

    def test_does_not_see_what_logarithms_lose(self):
        assert rounded(1 / (1 + math.exp(-math.log(0.65 / 0.35)))) == 0.65
