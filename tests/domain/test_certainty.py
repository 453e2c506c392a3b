"""How sure a claim is: the figures of the domain page, worked by hand."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.builders import a_verdict, an_id
from tracker.domain import certainty
from tracker.domain.certainty import (
    Certainty,
    Link,
    grade_in_force,
    judge,
    judged,
    rounded,
    verdict_step,
    weigh,
)
from tracker.domain.publications import Rating

GRADES = st.sampled_from([None, "A", "B", "C", "D", "E", "F"])
CREDIBILITIES = st.sampled_from([None, 2, 3, 4, 5, 6])


def says(*grades: str | None, root: str = "root", **given) -> certainty.Testimony:
    """A citation whose links have these grades, the root's last."""
    names = [f"link {number}" for number in range(1, len(grades))] + [root]
    links = tuple(
        Link(source=an_id(name), reliability=grade)
        for name, grade in zip(names, grades, strict=True)
    )
    return certainty.Testimony(
        links=links,
        **{
            "credibility": None,
            "stance": "supports",
            "interest": "none",
            "spoken": False,
            **given,
        },
    )


def denies(*grades: str | None, **given) -> certainty.Testimony:
    return says(*grades, **{"stance": "denies", **given})


def witnesses(grades: str) -> list[certainty.Testimony]:
    """One citation for each letter, each with a root of its own."""
    return [says(grade, root=f"root {number}") for number, grade in enumerate(grades)]


def p_of(*testimonies: certainty.Testimony, likelihood: float | None = None) -> float:
    return weigh(testimonies, likelihood=likelihood).p


def working(
    *testimonies: certainty.Testimony, likelihood: float | None = None
) -> list[tuple[str, float]]:
    return [(step.says, step.p) for step in weigh(testimonies, likelihood=likelihood).steps]


@st.composite
def something_said(draw: st.DrawFn, **fixed) -> certainty.Testimony:
    grades = draw(st.lists(GRADES, min_size=1, max_size=3))
    drawn = {
        "credibility": draw(CREDIBILITIES),
        "stance": draw(st.sampled_from(["supports", "denies"])),
        "interest": draw(st.sampled_from(["none", "self-serving", "against interest"])),
        "spoken": draw(st.booleans()),
    }
    return says(*grades, root=draw(st.sampled_from("abc")), **drawn | fixed)


class TestGradeInForce:
    RATINGS = (
        Rating(reliability="C", since=date(2022, 3, 1)),
        Rating(reliability="B", since=date(2022, 5, 1)),
        Rating(reliability="D", since=date(2020, 1, 1)),
    )

    @pytest.mark.parametrize(
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
    @pytest.mark.parametrize(
        ("grade", "p"),
        [("A", 0.95), ("B", 0.85), ("C", 0.65), ("D", 0.40), ("E", 0.15), ("F", 0.50)],
    )
    def test_is_the_reliability_where_nothing_else_is_known(self, grade, p):
        assert certainty.testimony_p(says(grade)) == p

    @pytest.mark.parametrize(
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

    @pytest.mark.parametrize(
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

    @given(something_said(), GRADES)
    def test_never_rises_when_a_link_is_added(self, one, grade):
        longer = replace(one, links=(Link(source=an_id("first"), reliability=grade), *one.links))

        assert certainty.testimony_p(longer) <= certainty.testimony_p(one)


class TestWeigh:
    @pytest.mark.parametrize(
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

    def test_agrees_with_the_domain_page_to_two_places(self):
        figures = {"CC": 0.78, "CCC": 0.86, "BC": 0.91, "E" * 10: 0.15}

        for grades, figure in figures.items():
            assert p_of(*witnesses(grades)) == pytest.approx(figure, abs=0.0055)

    def test_takes_citations_with_one_root_for_one_witness_the_best(self):
        assert p_of(says("C", "C", root="a"), says("B", root="a"), says("D", root="a")) == 0.85

    @pytest.mark.parametrize(
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
            " an interested party's bare denial counts nothing"
        )

    def test_counts_a_denial_against_interest(self):
        assert p_of(says("C"), denies("C", root="denier", interest="against interest")) == 0.5

    def test_gives_nothing_to_a_claim_that_is_only_denied(self):
        found = weigh([denies("B")], likelihood=None)

        assert (found.p, found.roots) == (0.0, ())

    @pytest.mark.parametrize(
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
            ("times 0.675, as likely as the source judges it", 0.5233),
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


class TestJudge:
    @pytest.mark.parametrize(
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
        assert judge(p, a_verdict(verdict)) == after

    def test_leaves_p_where_nobody_judged(self):
        assert judge(0.65, None) == 0.65


class TestJudged:
    def test_confirms_what_somebody_says(self):
        assert judged(weigh([says("C")], likelihood=None), a_verdict("confirmed")) == 0.99

    def test_confirms_what_denials_outweigh_by_far(self):
        denials = [denies("A", root=f"denier {number}") for number in range(5)]
        sure = weigh([says("C"), *denials], likelihood=None)

        assert sure.p == 0.0
        assert judged(sure, a_verdict("confirmed")) == 0.99

    def test_confirms_nothing_that_has_no_support_of_its_own(self):
        sure = weigh([says("C", set_aside="its root is the speaker")], likelihood=None)

        assert judged(sure, a_verdict("confirmed")) == 0.0


class TestVerdictStep:
    @pytest.mark.parametrize(
        ("verdict", "says", "p"),
        [
            ("confirmed", "judged confirmed: at least 0.99", 0.99),
            ("disputed", "judged disputed: at most 0.5", 0.5),
            ("false", "judged false: 0", 0.0),
            ("unverifiable", "judged unverifiable: as before", 0.65),
        ],
    )
    def test_says_what_the_verdict_does(self, verdict, says, p):
        sure = Certainty(p=0.65, roots=(an_id("root"),), steps=())
        step = verdict_step(sure, a_verdict(verdict))

        assert (step.says, step.p, step.sources) == (says, p, ())

    def test_says_that_there_was_nothing_to_judge(self):
        step = verdict_step(weigh([], likelihood=None), a_verdict("confirmed"))

        assert step.says == "judged confirmed: nothing that counts supports it"


class TestRounded:
    @pytest.mark.parametrize(
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

    @given(st.integers(0, 10_000))
    def test_leaves_what_has_four_places(self, number):
        assert rounded(number / 10_000) == number / 10_000

    @given(st.sampled_from([0.95, 0.85, 0.65, 0.4, 0.15]), st.integers(1, 999))
    def test_rounds_a_product_as_decimals_do(self, p, thousandths):
        exact = Decimal(str(p)) * Decimal(thousandths) / 1000

        assert rounded(p * (thousandths / 1000)) == float(round(exact, 4))

    def test_does_not_see_what_logarithms_lose(self):
        assert rounded(1 / (1 + math.exp(-math.log(0.65 / 0.35)))) == 0.65
