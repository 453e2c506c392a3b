"""The rows of the article's second half, each by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kit.article_rows import (
    BUSINESS,
    GOVERNMENT,
    INTELLIGENCE,
    STATE_MEDIA,
    THIS_WEEK,
    WORLD,
    moved,
    row,
)
from tests.kit.domain_builders import a_citation, a_claim_state, a_verdict
from tracker.domain.claims import Magnitude


class TestRows28And29:
    BLAME = a_claim_state("fsb>chinese-services", name="28", code="ACCUSE/allege", when="2020")

    def test_are_an_accusation_on_the_last_day_of_its_year(self):
        assert moved(WORLD.evaluate(self.BLAME)) == [
            ("RUS>CHN", "2020-12-31", -3.5, 1, 0.9435, INTELLIGENCE)
        ]

    def test_and_what_it_says_by_the_word_of_the_accuser_alone(self):
        found = row(
            "chinese-services>RUS",
            code=None,
            when="[..2020]",
            chain="fsb",
            around={"speakers": (self.BLAME,)},
        )

        assert found.p == 0.0
        assert found.steps[0].says == (
            "a citation supports: C ← no grade, credibility not given;"
            " set aside: its root is the speaker"
        )
        assert found.impacts == ()


class TestRows30To32And44:
    REPEATED = a_claim_state("daily>RUS", name="30", code="SUPPORT", when=THIS_WEEK)
    ACCUSED = a_claim_state("daily>USA UKR", name="31", code="ACCUSE/allege", when=THIS_WEEK)
    SAID = a_claim_state("putin>USA UKR", name="44", code="ACCUSE/allege", when="[..2022-05-24]")

    def test_are_support_for_russia(self):
        assert moved(WORLD.evaluate(self.REPEATED)) == [
            ("CHN>RUS", "2022-05-24", 5.0, 1, 0.9435, STATE_MEDIA)
        ]

    def test_and_an_accusation_of_two_countries_in_full(self):
        assert moved(WORLD.evaluate(self.ACCUSED)) == [
            ("CHN>UKR", "2022-05-24", -3.5, 1, 0.9435, STATE_MEDIA),
            ("CHN>USA", "2022-05-24", -3.5, 1, 0.9435, STATE_MEDIA),
        ]

    def test_and_a_false_claim_that_moves_nothing(self):
        found = row(
            "USA UKR",
            code=None,
            when="",
            chain="putin",
            verdicts=[a_verdict("false")],
            around={"speakers": (self.REPEATED, self.ACCUSED, self.SAID)},
        )

        assert (found.p, found.impacts) == (0.0, ())

    def test_which_would_move_nothing_even_with_a_code_and_a_day(self):
        found = row(
            "USA UKR",
            code="COERCE",
            chain="putin",
            around={"speakers": (self.REPEATED, self.ACCUSED, self.SAID)},
        )

        assert found.silent_because == "its p is 0: nothing that counts in this view supports it"

    def test_and_putin_s_own_accusation_of_an_unknown_day(self):
        assert WORLD.evaluate(self.SAID).silent_because == "its dates are open at the start"


class TestRow34:
    def test_takes_a_government_and_its_firms_for_one_voice(self):
        found = row("CHN alibaba>RUS", kind="situation", strength="weak", when="2022-02-24/..")

        assert moved(found) == [
            ("CHN>RUS", "2022-11-20", -6.0, 0.3, 0.9435, ("business", "government"))
        ]


class TestRow35:
    def test_is_what_a_firm_did_with_its_measure_beside_it(self):
        found = row(
            "alibaba>mail-ru",
            strength="partial",
            when=THIS_WEEK,
            magnitude=Magnitude(value=Decimal(-40), unit="% of staff", change=True),
            chain="alibaba",
        )

        assert moved(found) == [("CHN>RUS", "2022-05-24", -6.0, 0.6, 0.9435, BUSINESS)]


class TestRow36:
    def test_is_a_measure_that_serves_who_gives_it(self):
        state = a_claim_state(
            "CHN>RUS",
            kind="measure",
            code=None,
            when="2022-03",
            citations=(a_citation(chain="bloomberg", interest="self-serving"),),
        )
        found = WORLD.evaluate(state)

        assert found.p == 0.40
        assert found.silent_because == "a claim of kind measure moves no score"


class TestRows39And40:
    @pytest.mark.parametrize(
        ("code", "strength", "value", "weight"),
        [("SUPPORT", "", 5.0, 1), ("THREATEN/relations", "weak", -3.5, 0.3)],
    )
    def test_are_one_quotation_with_either_sign(self, code, strength, value, weight):
        found = row("CHN>FIN", code=code, strength=strength, when=THIS_WEEK)

        assert moved(found) == [("CHN>FIN", "2022-05-24", value, weight, 0.9435, GOVERNMENT)]


class TestRows42And52:
    @pytest.mark.parametrize(
        ("country", "verdicts", "p"), [("TUR", [], 0.9435), ("HUN", [a_verdict("disputed")], 0.5)]
    )
    def test_are_situations_towards_two_countries(self, country, verdicts, p):
        found = row(
            f"{country}>FIN SWE",
            kind="situation",
            code="REJECT",
            when="2022-05/..",
            verdicts=verdicts,
        )

        assert moved(found) == [
            (f"{country}>FIN", "2022-11-20", -2.0, 1, p, GOVERNMENT),
            (f"{country}>SWE", "2022-11-20", -2.0, 1, p, GOVERNMENT),
        ]
        assert {one.first for one in found.impacts} == {date(2022, 5, 1)}


class TestRow50:
    def test_is_towards_what_is_no_country(self):
        assert row("FIN SWE>nato", code="SUPPORT", when="2022-05").silent_because == (
            "it is not between two countries"
        )


class TestRow51:
    def test_is_a_war_that_does_not_fade(self):
        found = row(
            "RUS>UKR",
            kind="situation",
            code="ASSAULT/heavy-weapons",
            when="2022-02-24/..",
            verdicts=[a_verdict("confirmed")],
        )
        [impact] = found.impacts

        assert (impact.value, impact.p, impact.fades) == (-9.5, 0.99, False)
