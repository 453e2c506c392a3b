"""How several testimonies make one p, by hand and by law."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import an_id
from tests.kit.tables import each
from tests.kit.testimonies import denies, p_of, says, something_said, witnesses, working
from tracker.domain.certainty import weigh


class TestWeigh:
    @each(
        ("grades", "p"),
        [
            ("C", 0.65),
            ("CC", 0.7752),  # odds (.65/.35)² = 3.4490
            ("CCC", 0.8650),  # odds 6.4052
            ("BC", 0.9132),  # odds 5.6667 · 1.8571 = 10.5238
            ("BB", 0.9698),  # odds 32.1111
            ("BBB", 0.97),  # odds 182, capped
            ("A", 0.95),
            ("AA", 0.97),
            ("E", 0.15),
            ("E" * 10, 0.15),
            ("D" * 10, 0.40),
            ("EDE", 0.40),
            ("EC", 0.65),  # what is below one half corroborates nothing
            ("F", 0.50),
            ("FF", 0.50),
            ("", 0.0),
        ],
    )
    def test_sums_the_log_odds_of_independent_roots(self, grades, p):
        assert p_of(*witnesses(grades)) == p

    def test_takes_citations_with_one_root_for_one_witness_the_best(self):
        assert p_of(says("C", "C", root="a"), says("B", root="a"), says("D", root="a")) == 0.85

    @each(
        ("grades", "against", "p"),
        [
            ("C", "C", 0.5),
            ("B", "C", 0.7532),  # odds 5.6667 / 1.8571 = 3.0513
            ("C", "B", 0.2468),  # odds 1.8571 / 5.6667 = .32773
            ("BC", "C", 0.85),
            ("C", "E", 0.65),  # who is more often wrong than right denies nothing
            ("C", "CC", 0.35),
        ],
    )
    def test_subtracts_the_log_odds_of_denying_roots(self, grades, against, p):
        denials = [denies(grade, root=f"denier {number}") for number, grade in enumerate(against)]

        assert p_of(*witnesses(grades), *denials) == p

    @pytest.mark.parametrize(
        ("grade", "against", "p"),
        [("E", "C", 0.15), ("D", "C", 0.35), ("D", "B", 0.15), ("F", "C", 0.35)],
    )
    def test_never_lets_a_denial_raise_a_weak_claim(self, grade, against, p):
        assert p_of(says(grade), denies(against, root="denier")) == p

    def test_does_not_count_the_bare_denial_of_an_interested_party(self):
        denial = denies("A", root="denier", interest="self-serving")

        assert p_of(says("C"), denial) == 0.65
        assert weigh([says("C"), denial], likelihood=None).steps[1].says == (
            "a citation denies: A, credibility not given, self-serving;"
            " an interested party's bare denial does not count"
        )

    def test_counts_a_denial_against_interest(self):
        assert p_of(says("C"), denies("C", root="denier", interest="against interest")) == 0.5

    def test_gives_nothing_to_a_claim_that_is_only_denied(self):
        found = weigh([denies("B")], likelihood=None)

        assert (found.p, found.roots) == (0.0, ())

    @each(
        ("grades", "likelihood", "p"),
        [
            ("C", 0.5, 0.325),
            ("C", 0.675, 0.4388),  # .43875, half to even
            ("B", 0.675, 0.5738),  # .57375, half to even
            ("B", 0.125, 0.1062),  # .10625, half to even
            ("C", 0.03, 0.0195),
            ("A", 0.97, 0.9215),
        ],
    )
    def test_multiplies_by_the_likelihood_that_the_source_gives(self, grades, likelihood, p):
        assert p_of(*witnesses(grades), likelihood=likelihood) == p

    @pytest.mark.parametrize("kind", ["supports", "denies"])
    def test_does_not_count_what_is_set_aside(self, kind):
        aside = says("A", root="b", stance=kind, set_aside="its root is the speaker")
        found = weigh([says("C"), aside], likelihood=None)

        assert (found.p, found.roots) == (0.65, (an_id("root"),))
        assert found.steps[1].says.endswith("; set aside: its root is the speaker")

    def test_names_the_roots_that_carry_it(self):
        found = weigh(
            [says("C", "B", root="a"), says("B", root="b"), denies("B", root="c")], likelihood=None
        )

        assert found.roots == tuple(sorted([an_id("a"), an_id("b")]))

    def test_shows_its_working_step_by_step(self):
        steps = working(
            says("C", "B", root="a"), says(None, root="b", credibility=2), likelihood=0.675
        )

        assert steps == [
            ("a citation supports: C ← B, credibility not given", 0.65),
            ("a citation supports: no grade, credibility 2", 0.65),
            ("2 independent roots", 0.7752),
            ("times 0.675, the likelihood that the source gives", 0.5233),
        ]

    def test_names_the_sources_of_each_citation(self):
        steps = weigh([says("C", "B")], likelihood=None).steps

        assert steps[0].sources == (an_id("link 1"), an_id("root"))

    def test_says_how_many_roots_are_against(self):
        steps = working(says("C"), denies("E", root="b"))

        assert steps[-1] == ("1 independent root, 1 against", 0.65)

    @given(st.lists(something_said(), max_size=5))
    def test_does_not_mind_the_order_of_the_citations(self, given):
        figures = {p_of(*order) for order in permutations(given[:4])}

        assert len(figures) == 1

    @given(st.lists(something_said(), max_size=5), something_said(stance="denies"))
    def test_never_rises_by_a_denial(self, given, denial):
        assert p_of(*given, denial) <= p_of(*given)

    @given(st.lists(something_said(), max_size=5), something_said(stance="supports"))
    def test_never_falls_by_support(self, given, support):
        assert p_of(*given, support) >= p_of(*given)

    @given(st.lists(something_said(), max_size=5))
    def test_stays_between_nothing_and_97(self, given):
        assert 0 <= p_of(*given) <= 0.97


class TestUngraded:
    @pytest.mark.parametrize("grades", ["F", "CF"])
    def test_is_said_of_a_claim_that_rests_on_what_has_no_grade(self, grades):
        found = weigh([says(*grades, credibility=6)], likelihood=None)

        assert found.ungraded
        assert found.steps[-1].says == "ungraded: neither reliability nor credibility is known"
        assert found.p == found.steps[-1].p == 0.5

    @pytest.mark.parametrize(
        "others",
        [
            [says("C", "B")],
            [says("C", None, credibility=2)],
            [says(None), says("E", root="b")],
        ],
    )
    def test_is_not_said_where_anything_that_carries_it_has_a_grade(self, others):
        assert not weigh(others, likelihood=None).ungraded

    @pytest.mark.parametrize(
        "other",
        [denies("B", root="b"), says("B", root="b", set_aside="its root is the speaker")],
    )
    def test_is_said_though_something_that_does_not_carry_it_has_a_grade(self, other):
        assert weigh([says(None), other], likelihood=None).ungraded

    @pytest.mark.parametrize("none", [[], [denies(None)]])
    def test_is_not_said_where_nothing_carries_it(self, none):
        assert not weigh(none, likelihood=None).ungraded
