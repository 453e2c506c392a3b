"""How sure a claim is, what verdicts make of it, and what a judged claim tells: worked by hand."""

import math
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import a_verdict, an_id
from tests.kit.tables import each
from tests.kit.testimonies import denies, says
from tracker.domain import certainty
from tracker.domain.certainty import (
    CHECKABLE,
    UNCODED,
    Certainty,
    apply_verdict,
    p_after_verdict,
    rounded,
    verdict_step,
    weigh,
)
from tracker.domain.events import VerdictGiven
from tracker.domain.judged_claims import (
    Judgement,
    deciding_grade,
    is_independent,
    judged_claim,
    outcome_of,
)
from tracker.domain.records import Rating
from tracker.domain.testimonies import grade_in_force


class TestGradeInForce:
    RATINGS = (
        Rating(reliability="C", since=date(2022, 3, 1)),
        Rating(reliability="B", since=date(2022, 5, 1)),
        Rating(reliability="D", since=date(2020, 1, 1)),
    )

    @each(
        ("day", "grade"),
        [
            ("2019-12-31", None),
            ("2020-01-01", "D"),
            ("2022-02-28", "D"),
            ("2022-03-01", "C"),
            ("2022-04-30", "C"),
            ("2022-05-01", "B"),
            ("2024-01-01", "B"),
        ],
    )
    def test_is_the_one_that_began_last_by_the_day(self, day, grade):
        assert grade_in_force(self.RATINGS, on=date.fromisoformat(day)) == grade

    def test_is_the_newest_of_those_that_began_together(self):
        regraded = (*self.RATINGS, Rating(reliability="E", since=date(2022, 3, 1)))

        assert grade_in_force(regraded, on=date(2022, 4, 1)) == "E"
        assert grade_in_force(regraded, on=date(2022, 6, 1)) == "B"

    def test_is_the_last_of_all_for_a_document_without_a_date(self):
        assert grade_in_force(self.RATINGS, on=None) == "B"

    def test_is_none_for_a_source_that_was_never_graded(self):
        assert grade_in_force((), on=date(2022, 4, 1)) is None


class TestTestimonyP:
    @each(
        ("grade", "p"),
        [("A", 0.95), ("B", 0.85), ("C", 0.65), ("D", 0.40), ("E", 0.15), ("F", 0.50)],
    )
    def test_is_the_reliability_where_nothing_else_is_known(self, grade, p):
        assert certainty.testimony_p(says(grade)) == p

    @each(
        ("grade", "credibility", "p"),
        [
            ("A", 2, 0.80),
            ("A", 3, 0.60),
            ("A", 4, 0.35),
            ("A", 5, 0.10),
            ("A", 6, 0.95),
            ("C", 2, 0.65),
            ("E", 2, 0.15),
        ],
    )
    def test_is_the_lower_of_reliability_and_credibility(self, grade, credibility, p):
        assert certainty.testimony_p(says(grade, credibility=credibility)) == p

    @pytest.mark.parametrize("grade", [None, "F"])
    @pytest.mark.parametrize(("credibility", "p"), [(2, 0.65), (3, 0.60), (4, 0.35), (5, 0.10)])
    def test_is_at_most_65_where_reliability_is_missing(self, grade, credibility, p):
        assert certainty.testimony_p(says(grade, credibility=credibility)) == p

    @pytest.mark.parametrize("grade", [None, "F"])
    @pytest.mark.parametrize("credibility", [None, 6])
    def test_is_50_where_both_are_missing(self, grade, credibility):
        assert certainty.testimony_p(says(grade, credibility=credibility)) == 0.50

    @pytest.mark.parametrize(
        ("grades", "p"),
        [("CB", 0.65), ("BC", 0.65), ("BBB", 0.85), ("ABE", 0.15), ("CBB", 0.65)],
    )
    def test_is_that_of_the_weakest_link(self, grades, p):
        assert certainty.testimony_p(says(*grades)) == p

    @each(
        ("grades", "credibility", "p"),
        [
            ("C-", None, 0.50),
            ("-B", None, 0.50),
            ("CF", 6, 0.50),
            ("D-", None, 0.40),
            ("B-", 2, 0.65),
            ("B-", 3, 0.60),
        ],
    )
    def test_minds_a_link_without_a_grade_as_any_other(self, grades, credibility, p):
        links = (None if one == "-" else one for one in grades)

        assert certainty.testimony_p(says(*links, credibility=credibility)) == p

    @pytest.mark.parametrize(("grade", "p"), [("A", 0.40), ("C", 0.40), ("E", 0.15), (None, 0.40)])
    def test_is_at_most_40_for_what_serves_who_says_it(self, grade, p):
        assert certainty.testimony_p(says(grade, interest="self-serving")) == p

    def test_does_not_mind_interest_where_the_claim_is_that_somebody_spoke(self):
        assert certainty.testimony_p(says("B", interest="self-serving", spoken=True)) == 0.85

    def test_gives_no_more_for_what_is_said_against_interest(self):
        assert certainty.testimony_p(says("C", interest="against interest")) == 0.65


class TestJudge:
    @each(
        ("verdict", "p", "after"),
        [
            ("confirmed", 0.15, 0.99),
            ("confirmed", 0.995, 0.995),
            ("disputed", 0.15, 0.15),
            ("false", 0.97, 0.0),
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


GIVEN = Judgement(UUID(int=1), 7, VerdictGiven(verdict="confirmed", reason="It did."))


def judged(*testimonies, likelihood=None, prior=UNCODED):
    certainty = weigh(testimonies, likelihood=None, prior=prior)
    return judged_claim(GIVEN, "confirmed", certainty, likelihood=likelihood, prior=prior)


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
        bare = denies("C", root="o", interest="self-serving")
        assert judged(says("B"), bare).alone
        assert not judged(says("B"), bare, prior=CHECKABLE).alone

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
