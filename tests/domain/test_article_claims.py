"""Rows of the article's table, from their claims to what they move, by hand.

The newsletter is graded C, Bloomberg, the New York Times, The National Interest and Check Point B,
and Alibaba C; the article is of 24 May 2022. A tuple is a direction, a day, the value of the code,
the weight without the sector's, the p, and the sectors.
"""

from datetime import date
from decimal import Decimal

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
from tests.kit.domain_builders import a_citation, a_claim_state, a_verdict, a_whole
from tests.kit.tables import each
from tracker.domain.claims import Magnitude

VISIT = a_claim_state("toqaev>TUR", name="11", code="CONSULT/visit")
ROUTES = a_claim_state("toqaev>TUR", name="12", affected="CHN RUS", code="SUPPORT")
DEAL = a_claim_state("toqaev TUR", name="13", code="SUPPORT", contexts=("military",))
BACKING = a_claim_state(
    "kazakh-officials>UKR", name="16", kind="situation", code="SUPPORT", when="2022-02-24/.."
)
BLAME = a_claim_state("fsb>chinese-services", name="28", code="ACCUSE/allege", when="2020")
REPEATED = a_claim_state("daily>RUS", name="30", code="SUPPORT", when=THIS_WEEK)
ACCUSED = a_claim_state("daily>USA UKR", name="31", code="ACCUSE/allege", when=THIS_WEEK)
SAID = a_claim_state("putin>USA UKR", name="44", code="ACCUSE/allege", when="[..2022-05-24]")
SPEAKERS = {"speakers": (REPEATED, ACCUSED, SAID)}


class TestRows:
    @each(
        ("ends", "given", "moves"),
        [
            # 3: a partial sanction at the end of March
            (
                "RUS>KAZ",
                {"affected": "CHN", "strength": "partial", "when": "[2022-03-21..2022-03-31]"},
                [("RUS>KAZ", "2022-03-31", -6.0, 0.6, 0.9435, GOVERNMENT)],
            ),
            # 5: a likely spat both ways on the article's day
            (
                "RUS CHN",
                {
                    "code": "ACCUSE/disapprove",
                    "when": "2022-03-21/2022-05-24",
                    "likelihood": "likely",
                    "hedge": "apparently",
                },
                [
                    ("CHN>RUS", "2022-05-24", -2.0, 1, 0.6877, GOVERNMENT),
                    ("RUS>CHN", "2022-05-24", -2.0, 1, 0.6877, GOVERNMENT),
                ],
            ),
            # 9: one threat by two initiators of one country
            (
                "officials figures>KAZ",
                {"code": "THREATEN/territory", "when": "2022-03"},
                [("RUS>KAZ", "2022-03-31", -4.0, 1, 0.9435, ("government", "society"))],
            ),
            # 15: each state of Central Asia in full
            (
                "state-media>central-asia",
                {"code": "SUPPORT", "when": "2022-05-12"},
                [
                    (f"RUS>{one}", "2022-05-12", 5.0, 1, 0.9435, STATE_MEDIA)
                    for one in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
                ],
            ),
            # 21: a negotiation both ways, as Bloomberg has it
            (
                "CHN RUS",
                {"code": "CONSULT", "when": THIS_WEEK, "chain": "bloomberg"},
                [
                    ("CHN>RUS", "2022-05-24", 2.5, 1, 0.9435, GOVERNMENT),
                    ("RUS>CHN", "2022-05-24", 2.5, 1, 0.9435, GOVERNMENT),
                ],
            ),
            # 23: a threat though only announced
            (
                "USA>RUS",
                {
                    "affected": "CHN",
                    "code": "THREATEN/restrict",
                    "modality": "announced",
                    "when": "2022-05",
                    "chain": "times",
                },
                [("USA>RUS", "2022-05-24", -3.0, 1, 0.9435, GOVERNMENT)],
            ),
            # 34: a government and its firms are one voice
            (
                "CHN alibaba>RUS",
                {"kind": "situation", "strength": "weak", "when": "2022-02-24/.."},
                [("CHN>RUS", "2022-11-20", -6.0, 0.3, 0.9435, ("business", "government"))],
            ),
            # 35: what a firm did, with its measure beside it
            (
                "alibaba>mail-ru",
                {
                    "strength": "partial",
                    "when": THIS_WEEK,
                    "magnitude": Magnitude(value=Decimal(-40), unit="% of staff", change=True),
                    "chain": "alibaba",
                },
                [("CHN>RUS", "2022-05-24", -6.0, 0.6, 0.9435, BUSINESS)],
            ),
            # 39 and 40: one quotation with either sign
            (
                "CHN>FIN",
                {"code": "SUPPORT", "when": THIS_WEEK},
                [("CHN>FIN", "2022-05-24", 5.0, 1, 0.9435, GOVERNMENT)],
            ),
            (
                "CHN>FIN",
                {"code": "THREATEN/relations", "strength": "weak", "when": THIS_WEEK},
                [("CHN>FIN", "2022-05-24", -3.5, 0.3, 0.9435, GOVERNMENT)],
            ),
            # 42 and 52: situations towards two countries
            (
                "TUR>FIN SWE",
                {"kind": "situation", "code": "REJECT", "when": "2022-05/.."},
                [
                    ("TUR>FIN", "2022-11-20", -2.0, 1, 0.9435, GOVERNMENT),
                    ("TUR>SWE", "2022-11-20", -2.0, 1, 0.9435, GOVERNMENT),
                ],
            ),
            (
                "HUN>FIN SWE",
                {
                    "kind": "situation",
                    "code": "REJECT",
                    "when": "2022-05/..",
                    "verdicts": [a_verdict("disputed")],
                },
                [
                    ("HUN>FIN", "2022-11-20", -2.0, 1, 0.5, GOVERNMENT),
                    ("HUN>SWE", "2022-11-20", -2.0, 1, 0.5, GOVERNMENT),
                ],
            ),
        ],
    )
    def test_move(self, ends, given, moves):
        assert moved(row(ends, **given)) == moves

    @each(
        ("claim", "wholes", "moves"),
        [
            # 11 to 13: a visit in full, half a speech, and half a deal both ways
            (VISIT, (), [("KAZ>TUR", "2022-05-11", 4.0, 1, 0.9435, GOVERNMENT)]),
            (
                ROUTES,
                (a_whole(VISIT, ROUTES, DEAL),),
                [("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT)],
            ),
            (
                DEAL,
                (a_whole(VISIT, ROUTES, DEAL),),
                [
                    ("KAZ>TUR", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT),
                    ("TUR>KAZ", "2022-05-11", 5.0, 0.5, 0.9435, GOVERNMENT),
                ],
            ),
            # 16: a situation until 180 days after the article
            (BACKING, (), [("KAZ>UKR", "2022-11-20", 5.0, 1, 0.9435, GOVERNMENT)]),
            # 28: an accusation on the last day of its year
            (BLAME, (), [("RUS>CHN", "2020-12-31", -3.5, 1, 0.9435, INTELLIGENCE)]),
            # 30 and 31: support for Russia, and an accusation of two countries in full
            (REPEATED, (), [("CHN>RUS", "2022-05-24", 5.0, 1, 0.9435, STATE_MEDIA)]),
            (
                ACCUSED,
                (),
                [
                    ("CHN>UKR", "2022-05-24", -3.5, 1, 0.9435, STATE_MEDIA),
                    ("CHN>USA", "2022-05-24", -3.5, 1, 0.9435, STATE_MEDIA),
                ],
            ),
        ],
    )
    def test_of_what_is_said_and_done_together_move(self, claim, wholes, moves):
        assert moved(WORLD.evaluate(claim, wholes=wholes)) == moves

    @each(
        ("ends", "given", "p", "says"),
        [
            # 8: domestic
            ("KAZ", {"code": "PROTEST", "when": "2022-01"}, 0.9435, "not between two countries"),
            # 32: a false claim, which would move nothing even with a code and a day
            (
                "USA UKR",
                {
                    "code": None,
                    "when": "",
                    "chain": "putin",
                    "verdicts": [a_verdict("false")],
                    "around": SPEAKERS,
                },
                0.0,
                "it has no code with a value",
            ),
            (
                "USA UKR",
                {"code": "COERCE", "chain": "putin", "around": SPEAKERS},
                0.0,
                "its p is 0: nothing that counts in this view supports it",
            ),
            # 50: towards what is no country
            (
                "FIN SWE>nato",
                {"code": "SUPPORT", "when": "2022-05"},
                0.9435,
                "not between two countries",
            ),
        ],
    )
    def test_that_move_nothing_say_why(self, ends, given, p, says):
        found = row(ends, **given)

        assert (found.p, found.impacts) == (p, ())
        assert says in found.silent_because


def test_row_17_is_an_op_ed_that_does_not_count_again():
    op_ed = a_claim_state(
        "toqaev>UKR",
        name="17",
        code="SUPPORT",
        when="2022-04-04",
        citations=(a_citation(chain="interest"),),
    )
    found = WORLD.evaluate(op_ed, wholes=(a_whole(BACKING, op_ed),))

    assert found.p == 0.9435
    assert found.silent_because == "it is an instance of a situation, which counts already"


def test_row_26_has_one_root_and_no_day():
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


def test_row_29_is_the_word_of_the_accuser_alone():
    found = row(
        "chinese-services>RUS",
        code=None,
        when="[..2020]",
        chain="fsb",
        around={"speakers": (BLAME,)},
    )

    assert (found.p, found.impacts) == (0.0, ())
    assert found.steps[0].says == (
        "a citation supports: C ← no grade, credibility not given;"
        " set aside: its root is the speaker"
    )


def test_row_36_is_a_measure_that_serves_who_gives_it():
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


def test_row_44_is_an_accusation_of_an_unknown_day():
    assert WORLD.evaluate(SAID).silent_because == "its dates are open at the start"


def test_row_51_is_a_war_that_does_not_fade():
    found = row(
        "RUS>UKR",
        kind="situation",
        code="ASSAULT/heavy-weapons",
        when="2022-02-24/..",
        verdicts=[a_verdict("confirmed")],
    )
    [impact] = found.impacts

    assert (impact.value, impact.p, impact.fades) == (-9.5, 0.99, False)
    assert (impact.first, impact.situation) == (date(2022, 2, 24), True)
