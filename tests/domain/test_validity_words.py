"""What is refused of a claim's hedges, dates and citations."""

import pytest

from tests.kit.claim_checks import found, of
from tests.kit.domain_builders import a_citation, denial
from tests.kit.tables import each
from tracker.domain import validity


class TestHedges:
    @pytest.mark.parametrize("hedge", ["may", "could have", "might", "may be quietly considering"])
    @pytest.mark.parametrize("kind", ["act", "situation"])
    def test_that_guess_make_an_assessment(self, hedge, kind):
        assert of(kind=kind, hedge=hedge) == [("/kind", "assessment")]
        assert of(kind="assessment", hedge=hedge) == []

    @pytest.mark.parametrize(
        ("hedge", "band"), [("suspected", "unlikely"), ("apparently", "likely")]
    )
    def test_that_weigh_come_with_a_band(self, hedge, band):
        assert of(hedge=hedge) == [("/likelihood", "required")]
        assert of(hedge=hedge, likelihood=band) == []
        assert of(kind="assessment", hedge=hedge) == []

    @pytest.mark.parametrize(
        "hedge", ["reportedly", "according to", "neither … appear likely", "at least for now"]
    )
    def test_of_other_kinds_ask_for_nothing(self, hedge):
        assert of(hedge=hedge) == []

    def test_have_their_longest(self):
        assert of(hedge="may " * 100) == [("/hedge", "too_long"), ("/kind", "assessment")]


class TestDates:
    @pytest.mark.parametrize(
        "when", ["2022-05-11", "[..2022-05-24]", "2022-02-24/..", "2022-03-2X", "1648-10-24"]
    )
    def test_are_edtf(self, when):
        assert of(when=when) == []

    @pytest.mark.parametrize("when", ["05/03/2024", "late March 2022", "2022-02-30"])
    def test_in_other_words_are_refused(self, when):
        assert of(when=when) == [("/occurred/edtf", "bad_date")]

    @pytest.mark.parametrize("when", ["0202-05-11", "2022-05-11/9999", "3022", "[..1022]"])
    def test_of_years_that_nobody_means_are_refused(self, when):
        assert of(when=when) == [("/occurred/edtf", "out_of_range")]

    def test_may_be_unknown(self):
        assert of(when="") == []


class TestCitations:
    def test_are_needed(self):
        assert of(citations=()) == [("/citations", "required")]

    def test_do_not_only_deny(self):
        assert of(citations=(denial(), denial("other"))) == [("/citations", "no_support")]
        assert of(citations=(a_citation(), denial("other"))) == []

    def test_are_given_once(self):
        assert of(citations=(a_citation(), a_citation())) == [("/citations/1", "repeated")]
        assert of(citations=(a_citation(), a_citation(locator="p. 4"))) == []

    @pytest.mark.parametrize("credibility", [0, 1, 7])
    def test_have_a_credibility_of_2_to_6(self, credibility):
        given = a_citation(credibility=credibility)

        assert of(citations=(a_citation("other"), given)) == [
            ("/citations/1/credibility", "out_of_range")
        ]
        assert found(validity.citation_problems(given)) == [("/credibility", "out_of_range")]

    @each("credibility", [None, 2, 3, 4, 5, 6])
    def test_may_leave_it_out(self, credibility):
        assert found(validity.citation_problems(a_citation(credibility=credibility))) == []

    def test_have_chains_without_loops(self):
        given = a_citation(chain="times firm times firm")

        assert found(validity.citation_problems(given)) == [("/chain", "repeated")] * 2

    def test_are_looked_at_up_to_their_most(self):
        cited = [a_citation(f"d{n}", chain="a a") for n in range(150)]

        assert len(of(citations=tuple(cited))) == 101

    def test_could_be_read_again(self):
        assert found(validity.citation_problems(a_citation(stance="doubts"))) == [
            ("/stance", "invalid")
        ]
