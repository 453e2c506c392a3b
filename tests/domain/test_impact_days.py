"""On which days an act or a situation counts, by hand."""

from datetime import date

import pytest

from tests.kit.domain_builders import World, a_citation, a_claim_state, a_document, denial
from tests.kit.evaluation import of, only, why_none
from tests.kit.tables import each


class TestTheDayOfAnAct:
    @each(
        ("when", "day"),
        [
            ("2022-05-11", "2022-05-11"),
            ("2022-03", "2022-03-31"),
            ("[2022-03-21..2022-03-31]", "2022-03-31"),
            ("2022-03-21/2022-03-31", "2022-03-31"),
            ("2022-05", "2022-05-24"),
            ("[2022-05-17..2022-06-10]", "2022-05-24"),
            ("2021", "2021-12-31"),
            ("2020", "2020-12-31"),
            ("2022-06", "2022-06-01"),
        ],
    )
    def test_is_the_last_of_its_bounds_cut_at_the_article_s(self, when, day):
        impact = only(when=when)

        assert impact.first == impact.last == date.fromisoformat(day)

    def cut(self, *citations, **documents):
        world = World(
            documents={key: a_document("newsletter", on) for key, on in documents.items()}
        )
        state = a_claim_state(when="2022-05", citations=tuple(citations))
        return world.evaluate(state).impacts[0].last.isoformat()

    def test_is_cut_at_the_earliest_document_that_supports_it(self):
        assert (
            self.cut(a_citation("late"), a_citation("early"), late="2022-05-30", early="2022-05-12")
            == "2022-05-12"
        )

    def test_is_not_cut_at_a_denial(self):
        assert (
            self.cut(a_citation("late"), denial("early"), late="2022-05-30", early="2022-05-12")
            == "2022-05-30"
        )

    @pytest.mark.parametrize("published", [None, "2022-05", "2022"])
    def test_is_cut_only_where_the_document_must_have_been_out(self, published):
        assert self.cut(a_citation("vague"), vague=published) == "2022-05-31"

    def test_is_cut_at_a_document_of_a_claim_that_is_the_same(self):
        world = World(documents={"early": a_document("newsletter", "2022-05-12")})
        head = a_claim_state(when="2022-05")
        same = a_claim_state(name="same", citations=(a_citation("early"),))

        assert world.evaluate(head, same).impacts[0].last == date(2022, 5, 12)

    @pytest.mark.parametrize(
        ("when", "why"),
        [
            ("", "when it happened is unknown"),
            ("[..2022-05-24]", "its dates are open at the start"),
            ("2022-03-21/..", "its dates are open at the end, and it is no situation"),
            ("[2020-01-01..2021-01-01]", "its dates span more than 366 days"),
            ("2020/2021", "its dates span more than 366 days"),
        ],
    )
    def test_is_no_day_where_it_cannot_be_told(self, when, why):
        assert why_none(a_claim_state(when=when)) == why

    def test_may_lie_anywhere_in_366_days(self):
        assert of(when="[2021-01-01..2022-01-01]") == {"RUS>KAZ": 1}


class TestASituationThatLasts:
    """More than a hundred years, 36,525 days: a year that was typed wrong."""

    def of(self, when):
        return a_claim_state("TUR>FIN", kind="situation", code="REJECT", when=when)

    @pytest.mark.parametrize(
        "when", ["1522-02-24/2022-05-24", "1922-02-24/..", "1922-05-25/2022-05-25"]
    )
    def test_for_more_than_a_hundred_years_moves_no_score(self, when):
        assert why_none(self.of(when)) == "it lasts more than 100 years: check the year"

    def test_for_a_hundred_years_does(self):
        found = World().evaluate(self.of("1922-05-25/2022-05-24")).impacts[0]

        assert (found.last - found.first).days == 36_524


class TestTheDaysOfASituation:
    def days(self, when, *cited, **given):
        documents = {name: a_document("newsletter", name) for name in cited}
        citations = tuple(a_citation(name) for name in cited) or (a_citation(),)
        state = a_claim_state(
            "TUR>FIN SWE", kind="situation", code="REJECT", when=when, citations=citations, **given
        )
        found = World(documents=documents).evaluate(state).impacts[0]
        assert found.situation
        return found.first.isoformat(), found.last.isoformat()

    @each(
        ("when", "first", "last"),
        [
            ("2022-03-01/2022-04-10", "2022-03-01", "2022-04-10"),
            ("2022-03", "2022-03-01", "2022-03-31"),
            ("2015/2019", "2015-01-01", "2019-12-31"),
            ("2022-03-01/2022-12-31", "2022-03-01", "2022-12-31"),
            ("2022-02-24/..", "2022-02-24", "2022-11-20"),  # 24 May + 180
            ("2022-05/..", "2022-05-01", "2022-11-20"),
            ("2022-06-10/..", "2022-06-10", "2022-12-07"),  # begins after the article
        ],
    )
    def test_go_from_its_earliest_to_its_end_or_180_days_beyond_the_article(
        self, when, first, last
    ):
        assert self.days(when) == (first, last)

    def test_go_180_days_beyond_the_latest_document(self):
        assert self.days("2022-02-24/..", "2022-05-24", "2022-07-01")[1] == "2022-12-28"

    def test_are_not_prolonged_by_a_denial(self):
        world = World(documents={"late": a_document("newsletter", "2022-07-01")})
        state = a_claim_state(
            kind="situation", when="2022-02-24/..", citations=(a_citation(), denial("late"))
        )

        assert world.evaluate(state).impacts[0].last == date(2022, 11, 20)

    def test_begin_where_they_are_known_to_have_begun(self):
        state = a_claim_state(kind="situation", when="../2022-05-24")

        assert why_none(state) == "its dates are open at the start"

    def test_end_with_the_calendar_at_the_latest(self):
        assert self.days("9999-12-01/..")[1] == "9999-12-31"
