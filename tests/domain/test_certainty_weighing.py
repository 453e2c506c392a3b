"""How several testimonies and the prior odds of an act make one p, by hand and by law."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import COLLECTION, World, a_citation, a_claim_state, an_id
from tests.kit.tables import each
from tests.kit.testimonies import denies, says, something_said, witnesses
from tracker.domain import certainty
from tracker.domain.certainty import (
    ATTRIBUTED,
    CHECKABLE,
    UNCODED,
    Prior,
    weigh,
)

PRIORS = st.sampled_from([CHECKABLE, ATTRIBUTED, UNCODED])
LIKELIHOODS = st.sampled_from([None, 0.03, 0.325, 0.5, 0.875, 0.97])


def p_of(
    *given: certainty.Testimony, prior: Prior = CHECKABLE, likelihood: float | None = None
) -> float:
    return weigh(given, prior=prior, likelihood=likelihood).p


class TestReports:
    @each(
        ("grades", "checkable", "attributed"),
        [
            ("C", 0.9435, 0.65),  # odds .65/.35 = 1.8571; · 9 = 16.714
            ("D", 0.8571, 0.40),  # .66667; 6
            ("E", 0.6136, 0.15),  # .17647; 1.5882
            ("F", 0.90, 0.50),  # 1; 9
            ("B", 0.97, 0.85),  # 51, capped
            ("CC", 0.9688, 0.7752),  # 3.4490; 31.041
            ("DD", 0.8571, 0.40),  # none is above one half, so the best alone
            ("ED", 0.8571, 0.40),
            ("EC", 0.9435, 0.65),
            ("BBB", 0.97, 0.97),
            ("", 0.0, 0.0),
        ],
    )
    def test_add_to_the_prior_odds_of_the_kind_of_act(self, grades, checkable, attributed):
        assert p_of(*witnesses(grades)) == checkable
        assert p_of(*witnesses(grades), prior=ATTRIBUTED) == attributed

    @pytest.mark.parametrize(
        ("grades", "against", "checkable", "attributed"),
        [
            ("C", "C", 0.9, 0.5),  # odds 16.714 / 1.8571 = 9; 1
            ("C", "CC", 0.8289, 0.35),  # 4.8462; .53846
            ("D", "C", 0.7636, 0.2642),  # 6 / 1.8571 = 3.2308; .35897
            ("C", "E", 0.9435, 0.65),  # who is more often wrong than right denies nothing
        ],
    )
    def test_lose_by_denials(self, grades, against, checkable, attributed):
        denials = [denies(grade, root=f"denier {number}") for number, grade in enumerate(against)]

        assert p_of(*witnesses(grades), *denials) == checkable
        assert p_of(*witnesses(grades), *denials, prior=ATTRIBUTED) == attributed

    def test_that_only_deny_give_nothing(self):
        found = weigh([denies("B")], prior=CHECKABLE, likelihood=None)

        assert (found.p, found.roots) == (0.0, ())
        assert found.steps[-1].says == "0 independent roots"

    def test_can_be_denied_by_very_many(self):
        # ten thousand denials have odds beyond the largest float
        denials = [denies("A", root=f"denier {number}") for number in range(10_000)]

        assert p_of(says("C"), *denials) == 0.0


class TestLikelihood:
    @each(
        ("grade", "likelihood", "prior", "p"),
        [
            ("C", 0.675, ATTRIBUTED, 0.6138),  # .65 · .675 + .35 · .5 = .61375
            ("C", 0.675, CHECKABLE, 0.6877),  # .94355 · .675 + .05645 · .9
            ("C", 0.03, ATTRIBUTED, 0.1945),  # .65 · .03 + .35 · .5
            ("A", 0.97, CHECKABLE, 0.9679),  # .97 · .97 + .03 · .9
            ("C", 0.97, CHECKABLE, 0.9435),  # .9661 would be more than without
            ("E", 0.97, ATTRIBUTED, 0.15),  # .5705 would be more than without
        ],
    )
    def test_mixes_with_the_prior_and_never_raises_p(self, grade, likelihood, prior, p):
        assert p_of(says(grade), likelihood=likelihood, prior=prior) == p

    def test_comes_before_denials(self):
        # .61375 has odds 1.5890; / 1.8571 = .85561
        assert p_of(says("C"), denies("C", root="b"), likelihood=0.675, prior=ATTRIBUTED) == 0.4611
        # .1945 has odds .24146; / 19 = .012709
        assert p_of(says("C"), denies("A", root="b"), likelihood=0.03, prior=ATTRIBUTED) == 0.0125

    def test_does_not_help_where_nothing_supports(self):
        assert p_of(denies("C"), likelihood=0.97) == 0.0


class TestLaws:
    @given(st.lists(something_said(), max_size=5), something_said(), PRIORS, LIKELIHOODS)
    def test_a_denial_never_raises_p(self, given, another, prior, likelihood):
        denial = denies("C", root="z") if another.stance == "supports" else another
        before = p_of(*given, prior=prior, likelihood=likelihood)

        assert p_of(*given, denial, prior=prior, likelihood=likelihood) <= before

    @given(st.lists(something_said(), max_size=5), something_said(stance="supports"), PRIORS)
    def test_support_never_lowers_p(self, given, support, prior):
        assert p_of(*given, support, prior=prior) >= p_of(*given, prior=prior)

    @given(st.lists(something_said(), max_size=5), PRIORS, LIKELIHOODS)
    def test_a_likelihood_never_raises_p(self, given, prior, likelihood):
        alone = p_of(*given, prior=prior)

        assert p_of(*given, prior=prior, likelihood=likelihood) <= alone <= 0.97

    @given(st.lists(something_said(), max_size=5), PRIORS, LIKELIHOODS)
    def test_the_order_of_citations_does_not_matter(self, given, prior, likelihood):
        backwards = p_of(*reversed(given), prior=prior, likelihood=likelihood)

        assert p_of(*given, prior=prior, likelihood=likelihood) == backwards


class TestSteps:
    def test_name_the_kind_of_act_and_its_odds(self):
        found = weigh([says("C"), denies("C", root="b")], prior=CHECKABLE, likelihood=0.675)

        assert [(step.says, step.p) for step in found.steps] == [
            ("a citation supports: C, credibility not given", 0.65),
            ("a citation denies: C, credibility not given", 0.65),
            ("1 independent root", 0.65),
            ("an act that can be checked in public: prior odds 9 to 1", 0.9435),
            ("mixed with 0.675, the likelihood that the source gives", 0.6877),
            ("1 independent root against", 0.5425),  # odds 2.2021 / 1.8571 = 1.1857
        ]

    def test_say_that_no_grade_is_known(self):
        found = weigh([says(None)], prior=ATTRIBUTED, likelihood=None)

        assert found.ungraded
        assert [(step.says, step.p) for step in found.steps[1:]] == [
            ("1 independent root", 0.5),
            ("ungraded: neither reliability nor credibility is known", 0.5),
            ("an act that is attributed or covert: prior odds 1 to 1", 0.5),
        ]


class TestWitnesses:
    def test_of_one_root_are_one_the_best(self):
        one = [says("C", "C", root="a"), says("B", root="a"), says("D", root="a")]

        assert p_of(*one, prior=ATTRIBUTED) == 0.85

    def test_lose_their_prior_odds_by_a_bare_denial_of_a_party_and_no_more(self):
        denials = [denies("A", root=name, interest="self-serving") for name in ("one", "other")]

        assert p_of(says("C"), *denials, prior=ATTRIBUTED) == 0.65
        assert p_of(says("C"), *denials) == 0.65  # .9435 without a denial
        assert p_of(says("C"), says("C", root="b"), *denials) == 0.7752
        steps = weigh([says("C"), *denials], prior=CHECKABLE, likelihood=None).steps
        assert steps[1].says == (
            "a citation denies: A, credibility not given, self-serving;"
            " an interested party's bare denial is no witness"
        )
        assert steps[-1].says == (
            "a party that would know denies it: prior odds 1 to 1 instead of 9 to 1"
        )

    def test_keep_their_prior_odds_where_without_them_p_would_be_higher(self):
        """.9435 · .03 + .0565 · .9 = .0791, while .65 · .03 + .35 · .5 = .1945."""
        denial = denies("A", root="denier", interest="self-serving")

        assert p_of(says("C"), denial, likelihood=0.03) == 0.0791

    def test_count_a_denial_against_interest(self):
        denial = denies("C", root="denier", interest="against interest")

        assert p_of(says("C"), denial, prior=ATTRIBUTED) == 0.5

    @pytest.mark.parametrize("kind", ["supports", "denies"])
    def test_do_not_count_what_is_set_aside(self, kind):
        aside = says("A", root="b", stance=kind, set_aside="its root is the speaker")
        found = weigh([says("C"), aside], prior=ATTRIBUTED, likelihood=None)

        assert (found.p, found.roots) == (0.65, (an_id("root"),))
        assert found.steps[1].says.endswith("; set aside: its root is the speaker")

    def test_are_named_with_the_sources_of_their_citations(self):
        found = weigh(
            [says("C", "B", root="a"), says("B", root="b"), denies("B", root="c")],
            prior=ATTRIBUTED,
            likelihood=None,
        )

        assert found.roots == (an_id("b"), an_id("a"))  # the stronger first
        assert found.steps[0].sources == (an_id("link 1"), an_id("a"))


class TestUngraded:
    @pytest.mark.parametrize(
        ("given", "ungraded"),
        [
            ([says("F", credibility=6)], True),
            ([says("C", "F", credibility=6)], True),
            ([says("C", "B")], False),
            ([says("C", None, credibility=2)], False),
            ([says(None), says("E", root="b")], False),
            ([says(None), denies("B", root="b")], True),
            ([says(None), says("B", root="b", set_aside="its root is the speaker")], True),
            ([], False),
            ([denies(None)], False),
        ],
    )
    def test_is_a_claim_whose_support_has_no_grade_at_all(self, given, ungraded):
        assert weigh(given, prior=UNCODED, likelihood=None).ungraded is ungraded


def evaluated(**given):
    return World().evaluate(a_claim_state(citations=(a_citation(),), **given))


class TestPriorOdds:
    @pytest.mark.parametrize(
        ("given", "p"),
        [
            ({"code": "CONSULT/visit"}, 0.9435),
            ({"code": "ACCUSE/allege"}, 0.9435),
            ({"code": "COERCE/cyber"}, 0.65),
            ({"code": "CONSULT/visit", "likelihood": "likely"}, 0.6877),
            ({"code": "COERCE/cyber", "likelihood": "likely"}, 0.6138),
        ],
    )
    def test_follow_from_the_code(self, given, p):
        assert evaluated(**given).p == p

    def test_are_even_for_an_assessed_level(self):
        found = evaluated(kind="level", code=None, when="2022-05-11", ends="", about="RUS KAZ")

        assert found.p == 0.65
        assert found.steps[-1].says == "an assessed level: prior odds 1 to 1"

    def test_are_even_for_what_a_program_codes(self):
        """What is doubtful there is the coding, and not whether the act took place."""
        world = World(collection=replace(COLLECTION, coding="machine"))

        found = world.evaluate(a_claim_state(citations=(a_citation(),), code="CONSULT/visit"))

        assert found.p == 0.65
        assert found.steps[-1].says.startswith("coded by a program")

    @pytest.mark.parametrize(
        "given",
        [
            {"code": "CONSULT/visit", "kind": "assessment"},
            {"code": "CONSULT/visit", "kind": "measure"},
            {"code": "CONSULT/visit", "polarity": "denied"},
            {"code": None, "kind": "act"},
        ],
    )
    def test_are_none_for_what_is_no_act(self, given):
        found = evaluated(**given)

        assert found.p == 0.65
        assert found.steps[-1].says == "no act with a code: no prior odds"
