"""What other claims, the view and verdicts make of a claim's impacts, by hand."""

from dataclasses import replace

import pytest

from tests.kit.domain_builders import (
    COLLECTION,
    CURATED,
    World,
    a_citation,
    a_claim_state,
    a_document,
    a_verdict,
    a_whole,
    an_id,
    an_outlet,
    denial,
    somebody,
    speaks_for,
)
from tests.kit.evaluation import CAST, evaluation, ways, why_none
from tests.kit.tables import each
from tracker.domain.lenses import View
from tracker.domain.records import Collection


class TestClaimsThatAreTheSame:
    def test_count_once_as_the_first_with_everybody_s_citations(self):
        first = a_claim_state("RUS>KAZ", name="first", code="ACCUSE")
        second = a_claim_state("RUS>UKR", name="second", citations=(a_citation("other"),))
        world = World(sources={"times": an_outlet("B")}, documents={"other": a_document("times")})
        found = world.evaluate(first, second)

        assert ways(found) == {"RUS>KAZ": 1}
        assert found.impacts[0].value == -3.0
        assert found.p == found.impacts[0].p == 0.97
        assert set(found.impacts[0].roots) == {an_id("newsletter"), an_id("times")}

    def test_say_which_of_them_counts(self):
        first, second = a_claim_state(name="first"), a_claim_state(name="second")

        assert why_none(second, cluster=(first, second)) == (
            f"it is the same as {an_id('first')}, which counts for both"
        )

    def test_share_their_verdicts_in_the_order_in_which_they_were_given(self):
        first = replace(a_claim_state(verdicts=[a_verdict("confirmed")]), judged_at=(9,))
        second = replace(
            a_claim_state(name="second", verdicts=[a_verdict("disputed")]), judged_at=(5,)
        )

        assert evaluation(first, second).p == 0.99


class TestParts:
    VISIT = a_claim_state("toqaev>TUR", name="11", code="CONSULT/visit")

    def part(self, name="12", ends="toqaev>TUR", **given):
        return a_claim_state(ends, **{"name": name, "code": "SUPPORT", **given})

    def share(self, part, *others, whole=VISIT):
        return ways(evaluation(part, wholes=(a_whole(whole, part, *others),)))

    def test_count_in_full_where_there_is_one(self):
        assert self.share(self.part()) == {"KAZ>TUR": 1}

    def test_count_a_share_of_their_number_on_a_pair(self):
        parts = [self.part(str(number)) for number in (12, 13, 14)]

        assert self.share(*parts) == {"KAZ>TUR": 1 / 3}

    def test_share_a_pair_in_whichever_direction_they_act(self):
        one, other = self.part("12"), self.part("13", "toqaev TUR")

        assert self.share(one, other) == {"KAZ>TUR": 0.5}
        assert self.share(other, one) == {"KAZ>TUR": 0.5, "TUR>KAZ": 0.5}

    def test_share_only_the_pairs_that_they_have_in_common(self):
        both, other = self.part("12", "toqaev>TUR CHN"), self.part("13")

        assert self.share(both, other) == {"KAZ>TUR": 0.5, "KAZ>CHN": 1}

    @pytest.mark.parametrize(
        "silent", [{"kind": "assessment"}, {"when": ""}, {"code": None}, {"polarity": "denied"}]
    )
    def test_do_not_share_with_one_that_moves_nothing(self, silent):
        assert self.share(self.part("12"), self.part("13", **silent)) == {"KAZ>TUR": 1}

    def test_of_two_wholes_take_the_smaller_share(self):
        one, two, three = (self.part(str(number)) for number in (12, 13, 14))
        wholes = (a_whole(self.VISIT, one, two), a_whole(self.part("15"), one, two, three))

        assert ways(evaluation(one, wholes=wholes)) == {"KAZ>TUR": 1 / 3}

    def test_know_their_own_documents(self):
        agent = somebody(speaks_for("KAZ", since="2022-05-10"))
        world = World(
            actors={"agent": agent, "toqaev": CAST["toqaev"]},
            documents={"early": a_document("newsletter", "2022-05-04")},
        )
        one = self.part("12")
        other = self.part("13", "agent>TUR", when="2022-05", citations=(a_citation("early"),))

        assert ways(world.evaluate(one, wholes=(a_whole(self.VISIT, one, other),))) == {
            "KAZ>TUR": 1
        }

    def test_of_a_situation_do_not_count_again(self):
        going_on = a_claim_state(
            "KAZ>UKR", name="16", kind="situation", code="SUPPORT", when="2022-02-24/.."
        )
        part = self.part("17", "toqaev>UKR")

        assert why_none(part, wholes=(a_whole(going_on, part),)) == (
            "it is an instance of a situation, which counts already"
        )

    def test_of_a_situation_that_itself_moves_nothing_count(self):
        going_on = a_claim_state("KAZ>UKR", name="16", kind="situation", code=None)

        assert self.share(self.part("17", "toqaev>UKR"), whole=going_on) == {"KAZ>UKR": 1}


class TestViews:
    def test_may_hold_several_collections(self):
        feed = an_id("feed")
        world = World(view=View(method="1", collections=(CURATED, feed)))
        state = a_claim_state(collection=feed)

        assert ways(world.evaluate(state, collections={feed: COLLECTION, CURATED: COLLECTION})) == {
            "RUS>KAZ": 1
        }


class TestWhatDoesNotCount:
    @each(
        ("given", "why"),
        [
            *(
                ({"kind": kind}, f"a claim of kind {kind} moves no score")
                for kind in ("measure", "assessment", "forecast")
            ),
            ({"polarity": "denied"}, "it says that the act did not happen"),
            ({"code": None}, "it has no code with a value"),
            ({"status": "retracted"}, "it is retracted"),
            ({"review": "rejected"}, "it was rejected in review"),
            (
                {"citations": (denial(),)},
                "its p is 0: nothing that counts in this view supports it",
            ),
            (
                {"verdicts": [a_verdict("false")]},
                "its p is 0: it was judged false, or outweighed by denials",
            ),
        ],
    )
    def test_says_why(self, given, why):
        assert why_none(a_claim_state(**given)) == why

    @pytest.mark.parametrize("modality", ["announced", "conditional"])
    @pytest.mark.parametrize(
        ("code", "counts"),
        [
            ("AGREE", True),
            ("THREATEN/restrict", True),
            ("REJECT", True),
            ("REQUEST/assist", True),
            ("ACCUSE/allege", True),
            ("SUPPORT", True),
            ("CONSULT/visit", False),
            ("CONCEDE", False),
            ("COOPERATE", False),
            ("AID", False),
            ("RETREAT/ceasefire", False),
            ("SANCTION/discontinue", False),
            ("MOBILIZE/troops", False),
            ("COERCE", False),
            ("ASSAULT", False),
            ("PROTEST", False),
        ],
    )
    def test_is_an_act_to_come_unless_to_say_it_is_to_do_it(self, modality, code, counts):
        found = evaluation(a_claim_state(code=code, modality=modality, condition="if so"))

        assert bool(found.impacts) is counts
        assert counts or found.silent_because == (
            f"the act is only {modality}, and its code is not itself speech"
        )

    @pytest.mark.parametrize(
        ("review", "counts"), [(None, False), ("accepted", True), ("rejected", False)]
    )
    def test_is_an_unreviewed_claim_where_its_collection_asks_for_review(self, review, counts):
        feed = Collection(name="feed", coding="machine", review=True)
        found = World(collection=feed).evaluate(a_claim_state(review=review))

        assert bool(found.impacts) is counts

    def test_is_a_superseded_claim(self):
        assert why_none(a_claim_state(), superseded=True) == "a later claim supersedes it"

    def test_is_a_claim_of_another_collection(self):
        other = an_id("feed")
        why = why_none(
            a_claim_state(collection=other), collections={CURATED: COLLECTION, other: COLLECTION}
        )

        assert why == "its collection is not in this view"


ONLY_FALSE, CONFIRMED = a_verdict("false", "UKR"), a_verdict("confirmed")
ASIANS = ("KGZ", "TJK", "TKM", "UZB")


class TestVerdicts:
    @each(
        ("ends", "verdicts", "ways"),
        [
            # The last that applies counts.
            (
                "CHN>USA UKR",
                [a_verdict("false"), a_verdict("disputed")],
                {"CHN>USA": 0.5, "CHN>UKR": 0.5},
            ),
            # For some parties a verdict touches only theirs.
            ("CHN>USA UKR", [ONLY_FALSE], {"CHN>USA": 0.9435}),
            (
                "CHN>USA UKR",
                [a_verdict("confirmed", "UKR")],
                {"CHN>USA": 0.9435, "CHN>UKR": 0.99},
            ),
            ("CHN>USA UKR", [CONFIRMED, ONLY_FALSE], {"CHN>USA": 0.99}),
            ("CHN>USA UKR", [ONLY_FALSE, CONFIRMED], {"CHN>USA": 0.99, "CHN>UKR": 0.99}),
            # A member of a group alone, and a group with all its members.
            (
                "RUS>central-asia",
                [a_verdict("false", "KAZ")],
                {f"RUS>{one}": 0.9435 for one in ASIANS},
            ),
            ("RUS>central-asia", [a_verdict("false", "central-asia")], {}),
            # Somebody else touches nothing.
            ("CHN>USA UKR", [a_verdict("false", "TUR")], {"CHN>USA": 0.9435, "CHN>UKR": 0.9435}),
            # An agent who left since is still who did it.
            ("agent>KAZ", [a_verdict("false", "agent")], {}),
        ],
    )
    def test_change_the_p_of_those_whom_they_name(self, ends, verdicts, ways):
        agent = somebody(speaks_for("RUS", until="2022-12-31"))
        world = World(actors=CAST | {"agent": agent})

        found = world.evaluate(a_claim_state(ends, verdicts=verdicts)).impacts

        assert {f"{one.initiator}>{one.recipient}": one.p for one in found} == ways

    def test_are_the_last_step_of_the_working(self):
        found = evaluation(a_claim_state(verdicts=[a_verdict("disputed")]))

        assert [step.says for step in found.steps] == [
            "a citation supports: C, credibility not given",
            "1 independent root",
            "an act that can be checked in public: prior odds 9 to 1",
            "judged disputed: at most 0.5",
        ]

    def test_for_some_parties_leave_the_claim_as_a_whole(self):
        found = evaluation(a_claim_state("CHN>USA UKR", verdicts=[a_verdict("false", "UKR")]))

        assert found.p == 0.9435
        assert found.steps == found.certainty.steps

    def test_for_one_of_two_agents_leave_what_the_other_did(self):
        state = a_claim_state("officials figures>KAZ", verdicts=[a_verdict("false", "officials")])
        [impact] = evaluation(state).impacts

        assert (impact.p, impact.sectors) == (0.9435, ("society",))

    def test_for_one_of_two_agents_leave_the_way_that_weighs_most(self):
        state = a_claim_state(
            "officials figures>KAZ", verdicts=[a_verdict("disputed", "officials")]
        )
        [impact] = evaluation(state).impacts

        assert (impact.p, impact.sectors) == (0.5, ("government",))  # .5 · 1 against .9435 · .3

    def test_weigh_an_agent_of_several_sectors_by_the_highest(self):
        both = somebody(speaks_for("RUS"), speaks_for("RUS", "society"))
        world = World(actors={"both": both, "firm": somebody(speaks_for("RUS", "state business"))})
        state = a_claim_state("both firm>KAZ", verdicts=[a_verdict("disputed", "both")])
        [impact] = world.evaluate(state).impacts

        assert impact.p == 0.5  # .5 · 1 against .9435 · .5
        assert impact.sectors == ("government", "society")

    def test_confirm_nothing_that_only_its_speaker_says(self):
        speech = a_claim_state("RUS>USA UKR", name="44", code="ACCUSE/allege")
        said = a_claim_state(
            "USA UKR", citations=(a_citation(chain="putin"),), verdicts=[a_verdict("confirmed")]
        )

        assert evaluation(said, speakers=(speech,)).impacts == ()

    def test_confirm_nothing_in_a_view_that_hears_nobody_say_it(self):
        state = a_claim_state(citations=(denial(),), verdicts=[a_verdict("confirmed")])

        assert evaluation(state).p == 0.0
        assert why_none(state) == "its p is 0: nothing that counts in this view supports it"
