"""Rows of the article's table, from their claims to what they move, by hand.

The newsletter is graded C, Bloomberg, the New York Times, The National Interest and Check Point B,
and Alibaba C; the article is of 24 May 2022. A tuple is a direction, a day, the value of the code,
the weight without the sector's, the p, and the sectors.
"""

from datetime import date
from decimal import Decimal

import pytest

from tests.domain.builders import (
    World,
    a_citation,
    a_claim_state,
    a_group,
    a_verdict,
    a_whole,
    an_outlet,
    somebody,
    speaks_for,
    voice_of,
)
from tracker.domain.claims import Magnitude

WORLD = World(
    actors={
        "officials": somebody(speaks_for("RUS"), kind="group"),
        "figures": somebody(speaks_for("RUS", "society"), kind="group"),
        "state-media": somebody(speaks_for("RUS", "state media"), kind="group"),
        "fsb": somebody(speaks_for("RUS", "intelligence"), kind="organisation"),
        "putin": somebody(speaks_for("RUS", since="1999-08-09")),
        "toqaev": somebody(speaks_for("KAZ", since="2019-03-20")),
        "kazakh-officials": somebody(speaks_for("KAZ"), kind="group"),
        "chinese-services": somebody(speaks_for("CHN", "intelligence"), kind="group"),
        "daily": somebody(speaks_for("CHN", "state media"), kind="organisation"),
        "alibaba": somebody(speaks_for("CHN", "business"), kind="company"),
        "mail-ru": somebody(speaks_for("RUS", "business"), kind="company"),
        "central-asia": a_group("KAZ KGZ TJK TKM UZB"),
        "nato": somebody(kind="organisation"),
    },
    sources={
        "bloomberg": an_outlet("B"),
        "times": an_outlet("B"),
        "interest": an_outlet("B"),
        "check-point": an_outlet("B"),
        "alibaba": an_outlet("C"),
        "putin": voice_of("putin"),
        "fsb": voice_of("fsb"),
    },
)
GOVERNMENT, INTELLIGENCE = ("government",), ("intelligence",)
STATE_MEDIA, BUSINESS = ("state media",), ("business",)
THIS_WEEK = "[2022-05-17..2022-05-24]"


def row(ends: str, *, chain: str = "", around=(), **given):
    """A row of the table, evaluated; `chain` goes on from the newsletter."""
    state = a_claim_state(ends, citations=(a_citation(chain=chain),), **given)
    return WORLD.evaluate(state, **dict(around))


def moved(found) -> list[tuple]:
    return [
        (
            f"{one.initiator}>{one.recipient}",
            one.last.isoformat(),
            one.value,
            one.weight,
            one.p,
            one.sectors,
        )
        for one in found.impacts
    ]


class TestRow3:
    def test_is_a_partial_sanction_at_the_end_of_march(self):
        found = row(
            "RUS>KAZ",
            affected="CHN",
            code="SANCTION/discontinue",
            strength="partial",
            when="[2022-03-21..2022-03-31]",
        )

        assert moved(found) == [("RUS>KAZ", "2022-03-31", -6.0, 0.6, 0.65, GOVERNMENT)]


class TestRow5:
    def test_is_a_likely_spat_both_ways_on_the_article_s_day(self):
        found = row(
            "RUS CHN",
            code="ACCUSE/disapprove",
            when="2022-03-21/2022-05-24",
            likelihood="likely",
            hedge="apparently",
        )

        assert moved(found) == [
            ("CHN>RUS", "2022-05-24", -2.0, 1, 0.4388, GOVERNMENT),
            ("RUS>CHN", "2022-05-24", -2.0, 1, 0.4388, GOVERNMENT),
        ]


class TestRow8:
    def test_is_domestic(self):
        assert row("KAZ", code="PROTEST", when="2022-01").silent_because == (
            "it is not between two countries"
        )


class TestRow9:
    def test_is_one_threat_by_two_initiators_of_one_country(self):
        found = row("officials figures>KAZ", code="THREATEN/territory", when="2022-03")

        assert moved(found) == [("RUS>KAZ", "2022-03-31", -4.0, 1, 0.65, ("government", "society"))]


class TestRows11To13:
    VISIT = a_claim_state("toqaev>TUR", name="11", code="CONSULT/visit")
    ROUTES = a_claim_state("toqaev>TUR", name="12", affected="CHN RUS", code="SUPPORT")
    DEAL = a_claim_state("toqaev TUR", name="13", code="SUPPORT", contexts=("military",))
    WHOLES = (a_whole(VISIT, ROUTES, DEAL),)

    def test_are_a_visit_in_full(self):
        assert moved(WORLD.evaluate(self.VISIT)) == [
            ("KAZ>TUR", "2022-05-11", 4.0, 1, 0.65, GOVERNMENT)
        ]

    def test_and_half_a_speech(self):
        assert moved(WORLD.evaluate(self.ROUTES, wholes=self.WHOLES)) == [
            ("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.65, GOVERNMENT)
        ]

    def test_and_half_a_deal_both_ways(self):
        assert moved(WORLD.evaluate(self.DEAL, wholes=self.WHOLES)) == [
            ("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.65, GOVERNMENT),
            ("TUR>KAZ", "2022-05-11", 5.0, 0.5, 0.65, GOVERNMENT),
        ]


class TestRow15:
    def test_reaches_each_state_of_central_asia_in_full(self):
        found = row("state-media>central-asia", code="SUPPORT", when="2022-05-12")

        assert moved(found) == [
            (f"RUS>{one}", "2022-05-12", 5.0, 1, 0.65, STATE_MEDIA)
            for one in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        ]


class TestRows16And17:
    BACKING = a_claim_state(
        "kazakh-officials>UKR", name="16", kind="situation", code="SUPPORT", when="2022-02-24/.."
    )

    def test_are_a_situation_until_180_days_after_the_article(self):
        [impact] = WORLD.evaluate(self.BACKING).impacts

        assert (impact.initiator, impact.recipient) == ("KAZ", "UKR")
        assert (impact.first, impact.last) == (date(2022, 2, 24), date(2022, 11, 20))
        assert (impact.situation, impact.fades) == (True, True)
        assert (impact.value, impact.weight, impact.p) == (5.0, 1, 0.65)

    def test_and_an_op_ed_that_does_not_count_again(self):
        op_ed = a_claim_state(
            "toqaev>UKR",
            name="17",
            code="SUPPORT",
            when="2022-04-04",
            citations=(a_citation(chain="interest"),),
        )
        found = WORLD.evaluate(op_ed, wholes=(a_whole(self.BACKING, op_ed),))

        assert found.p == 0.65
        assert found.silent_because == "it is an instance of a situation, which counts already"


class TestRow21:
    def test_is_a_negotiation_both_ways_as_bloomberg_has_it(self):
        found = row("CHN RUS", code="CONSULT", when=THIS_WEEK, chain="bloomberg")

        assert moved(found) == [
            ("CHN>RUS", "2022-05-24", 2.5, 1, 0.65, GOVERNMENT),
            ("RUS>CHN", "2022-05-24", 2.5, 1, 0.65, GOVERNMENT),
        ]


class TestRow23:
    def test_is_a_threat_though_only_announced(self):
        found = row(
            "USA>RUS",
            affected="CHN",
            code="THREATEN/restrict",
            modality="announced",
            when="2022-05",
            chain="times",
        )

        assert moved(found) == [("USA>RUS", "2022-05-24", -3.0, 1, 0.65, GOVERNMENT)]


class TestRow26:
    def test_has_one_root_and_no_day(self):
        found = row(
            "chinese-services>RUS",
            code="COERCE/cyber",
            strength="weak",
            when="[..2022-05-24]",
            chain="times check-point",
        )

        assert (found.p, len(found.certainty.roots)) == (0.65, 1)
        assert found.steps[0].says == "a citation supports: C ← B ← B, credibility not given"
        assert found.silent_because == "its dates are open at the start"


class TestRows28And29:
    BLAME = a_claim_state("fsb>chinese-services", name="28", code="ACCUSE/allege", when="2020")

    def test_are_an_accusation_on_the_last_day_of_its_year(self):
        assert moved(WORLD.evaluate(self.BLAME)) == [
            ("RUS>CHN", "2020-12-31", -3.5, 1, 0.65, INTELLIGENCE)
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
            ("CHN>RUS", "2022-05-24", 5.0, 1, 0.65, STATE_MEDIA)
        ]

    def test_and_an_accusation_of_two_countries_in_full(self):
        assert moved(WORLD.evaluate(self.ACCUSED)) == [
            ("CHN>UKR", "2022-05-24", -3.5, 1, 0.65, STATE_MEDIA),
            ("CHN>USA", "2022-05-24", -3.5, 1, 0.65, STATE_MEDIA),
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
            ("CHN>RUS", "2022-11-20", -6.0, 0.3, 0.65, ("business", "government"))
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

        assert moved(found) == [("CHN>RUS", "2022-05-24", -6.0, 0.6, 0.65, BUSINESS)]


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

        assert moved(found) == [("CHN>FIN", "2022-05-24", value, weight, 0.65, GOVERNMENT)]


class TestRows42And52:
    @pytest.mark.parametrize(
        ("country", "verdicts", "p"), [("TUR", [], 0.65), ("HUN", [a_verdict("disputed")], 0.5)]
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
