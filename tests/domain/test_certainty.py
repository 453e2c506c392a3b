"""How sure a claim is: the figures of the domain page, worked by hand."""

from datetime import date

import pytest

from tests.kit.tables import each
from tests.kit.testimonies import says
from tracker.domain import certainty
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
