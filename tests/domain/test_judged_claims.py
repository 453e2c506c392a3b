"""A judged claim, with the p before its verdict and the grade that gave it."""

from uuid import UUID

import pytest

from tests.kit.domain_builders import an_id
from tests.kit.tables import each
from tests.kit.testimonies import denies, says
from tracker.domain.certainty import CHECKABLE, UNCODED, weigh
from tracker.domain.events import VerdictGiven
from tracker.domain.judged_claims import (
    Judgement,
    deciding_grade,
    is_independent,
    judged_claim,
    outcome_of,
)

GIVEN = Judgement(UUID(int=1), 7, VerdictGiven(verdict="confirmed", reason="It did."))


def judged(*testimonies, likelihood=None):
    certainty = weigh(testimonies, likelihood=None, prior=UNCODED)
    return judged_claim(GIVEN, "confirmed", certainty, likelihood=likelihood, prior=UNCODED)


class TestDecidingGrade:
    @each(
        ("witness", "grade"),
        [
            (says("C"), "reliability C"),
            (says("A", "D"), "reliability D"),
            # B is .85, credibility 3 is .60, C is .65.
            (says("B", credibility=3), "credibility 3"),
            (says("C", credibility=2), "reliability C"),
            (says(None), "no grade"),
            (says("F", credibility=6), "no grade"),
            # Without a reliability at most .65, so credibility 2 (.80) does not decide.
            (says("F", credibility=2), "no reliability"),
            (says("F", credibility=4), "credibility 4"),
            (says("B", interest="self-serving"), "self-serving"),
            (says("E", interest="self-serving"), "reliability E"),
            (says("B", interest="self-serving", spoken=True), "reliability B"),
        ],
    )
    def test_is_the_lowest_of_the_citation(self, witness, grade):
        assert deciding_grade(witness) == grade


class TestJudgedClaim:
    def test_has_the_facts_of_its_best_citation(self):
        found = judged(says("B", "C", root="a"), says("A", "B", "B", root="b"))

        assert (found.claim, found.position, found.outcome) == (UUID(int=1), 7, "confirmed")
        assert (found.grade, found.chain, found.roots) == ("reliability B", 3, 2)
        # ln(.65/.35) + ln(.85/.15) = .6190 + 1.7346; 1/(1 + e^−2.3536) = .9132.
        assert found.p == 0.9132
        assert not found.alone

    def test_of_one_root_rests_on_its_grade_alone(self):
        assert judged(says("C"), says("D")).alone

    def test_does_not_with_a_denial_that_counts_or_a_likelihood(self):
        assert not judged(says("B"), denies("C", root="other")).alone
        assert not judged(says("B"), likelihood="likely").alone
        assert judged(says("B"), denies("C", root="o", interest="self-serving")).alone

    def test_has_the_p_with_the_prior_odds(self):
        """Prior odds of 9 to 1: .65/.35 · 9 = 16.714, and 16.714/17.714 = .9435."""
        certainty = weigh([says("C")], likelihood=None, prior=CHECKABLE)

        found = judged_claim(GIVEN, "confirmed", certainty, likelihood=None, prior=CHECKABLE)

        assert (found.p, found.grade, found.alone) == (0.9435, "reliability C", True)

    def test_without_support_has_no_grade(self):
        found = judged(denies("C"))

        assert (found.p, found.grade, found.chain, found.roots) == (0.0, "no support", 0, 0)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("confirmed", "confirmed"), ("false", "false"), ("unverifiable", "unverifiable"),
     ("disputed", None)],
)  # fmt: skip
def test_a_disputed_verdict_decides_nothing(verdict, outcome):
    assert outcome_of(VerdictGiven(verdict=verdict)) == outcome


def test_a_verdict_for_some_parties_decides_nothing():
    assert outcome_of(VerdictGiven(verdict="false", parties=(UUID(int=3),))) is None


class TestIndependence:
    def test_is_lost_by_a_root_whatever_it_says(self):
        certainty = weigh(
            [says("B", "C", root="a"), denies("B", root="b")], likelihood=None, prior=UNCODED
        )

        for root in "ab":
            assert not is_independent(VerdictGiven(verdict="false", source=an_id(root)), certainty)
        assert is_independent(VerdictGiven(verdict="false", source=an_id("link 1")), certainty)
        assert is_independent(VerdictGiven(verdict="false"), certainty)
