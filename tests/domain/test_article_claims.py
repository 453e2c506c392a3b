"""Rows of the article's table, from their claims to what they move, by hand.

The newsletter is graded C, Bloomberg, the New York Times, The National Interest and Check Point B,
and Alibaba C; the article is of 24 May 2022. A tuple is a direction, a day, the value of the code,
the weight without the sector's, the p, and the sectors.
"""

from datetime import date

from tests.kit.article_rows import GOVERNMENT, STATE_MEDIA, THIS_WEEK, WORLD, moved, row
from tests.kit.domain_builders import a_citation, a_claim_state, a_whole


class TestRow3:
    def test_is_a_partial_sanction_at_the_end_of_march(self):
        found = row(
            "RUS>KAZ",
            affected="CHN",
            code="SANCTION/discontinue",
            strength="partial",
            when="[2022-03-21..2022-03-31]",
        )

        assert moved(found) == [("RUS>KAZ", "2022-03-31", -6.0, 0.6, 0.9435, GOVERNMENT)]


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
            ("CHN>RUS", "2022-05-24", -2.0, 1, 0.6877, GOVERNMENT),
            ("RUS>CHN", "2022-05-24", -2.0, 1, 0.6877, GOVERNMENT),
        ]


class TestRow8:
    def test_is_domestic(self):
        assert row("KAZ", code="PROTEST", when="2022-01").silent_because == (
            "it is not between two countries"
        )


class TestRow9:
    def test_is_one_threat_by_two_initiators_of_one_country(self):
        found = row("officials figures>KAZ", code="THREATEN/territory", when="2022-03")

        assert moved(found) == [
            ("RUS>KAZ", "2022-03-31", -4.0, 1, 0.9435, ("government", "society"))
        ]


class TestRows11To13:
    VISIT = a_claim_state("toqaev>TUR", name="11", code="CONSULT/visit")
    ROUTES = a_claim_state("toqaev>TUR", name="12", affected="CHN RUS", code="SUPPORT")
    DEAL = a_claim_state("toqaev TUR", name="13", code="SUPPORT", contexts=("military",))
    WHOLES = (a_whole(VISIT, ROUTES, DEAL),)

    def test_are_a_visit_in_full(self):
        assert moved(WORLD.evaluate(self.VISIT)) == [
            ("KAZ>TUR", "2022-05-11", 4.0, 1, 0.9435, GOVERNMENT)
        ]

    def test_and_half_a_speech(self):
        assert moved(WORLD.evaluate(self.ROUTES, wholes=self.WHOLES)) == [
            ("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT)
        ]

    def test_and_half_a_deal_both_ways(self):
        assert moved(WORLD.evaluate(self.DEAL, wholes=self.WHOLES)) == [
            ("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT),
            ("TUR>KAZ", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT),
        ]


class TestRow15:
    def test_reaches_each_state_of_central_asia_in_full(self):
        found = row("state-media>central-asia", code="SUPPORT", when="2022-05-12")

        assert moved(found) == [
            (f"RUS>{one}", "2022-05-12", 5.0, 1, 0.9435, STATE_MEDIA)
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
        assert (impact.value, impact.weight, impact.p) == (5.0, 1, 0.9435)

    def test_and_an_op_ed_that_does_not_count_again(self):
        op_ed = a_claim_state(
            "toqaev>UKR",
            name="17",
            code="SUPPORT",
            when="2022-04-04",
            citations=(a_citation(chain="interest"),),
        )
        found = WORLD.evaluate(op_ed, wholes=(a_whole(self.BACKING, op_ed),))

        assert found.p == 0.9435
        assert found.silent_because == "it is an instance of a situation, which counts already"


class TestRow21:
    def test_is_a_negotiation_both_ways_as_bloomberg_has_it(self):
        found = row("CHN RUS", code="CONSULT", when=THIS_WEEK, chain="bloomberg")

        assert moved(found) == [
            ("CHN>RUS", "2022-05-24", 2.5, 1, 0.9435, GOVERNMENT),
            ("RUS>CHN", "2022-05-24", 2.5, 1, 0.9435, GOVERNMENT),
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

        assert moved(found) == [("USA>RUS", "2022-05-24", -3.0, 1, 0.9435, GOVERNMENT)]


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
