"""What keeps a claim from counting, by hand."""

import pytest

from tests.kit.domain_builders import (
    COLLECTION,
    CURATED,
    World,
    a_claim_state,
    a_verdict,
    an_id,
    denial,
    somebody,
    speaks_for,
)
from tests.kit.evaluation import WORLD, evaluation, why_none
from tracker.domain.records import Collection


class TestWhatDoesNotCount:
    @pytest.mark.parametrize("kind", ["measure", "assessment", "forecast"])
    def test_is_a_claim_of_no_deed(self, kind):
        assert why_none(a_claim_state(kind=kind)) == f"a claim of kind {kind} moves no score"

    def test_is_a_denied_act(self):
        assert why_none(a_claim_state(polarity="denied")) == "it says that the act did not happen"

    def test_is_an_act_without_a_code(self):
        assert why_none(a_claim_state(code=None)) == "it has no code with a value"

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

    def test_is_a_retracted_claim(self):
        assert why_none(a_claim_state(status="retracted")) == "it is retracted"

    def test_is_a_rejected_claim(self):
        assert why_none(a_claim_state(review="rejected")) == "it was rejected in review"

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

    def test_is_a_claim_that_nobody_supports(self):
        state = a_claim_state(citations=(denial(),))

        assert why_none(state) == "its p is 0: nothing that counts in this view supports it"

    def test_is_a_claim_judged_false(self):
        state = a_claim_state(verdicts=[a_verdict("false")])

        assert why_none(state) == "its p is 0: it was judged false, or outweighed by denials"


class TestVerdicts:
    def p_by_way(self, *verdicts, ends="CHN>USA UKR", world=WORLD):
        found = world.evaluate(a_claim_state(ends, verdicts=verdicts))
        return {f"{one.initiator}>{one.recipient}": one.p for one in found.impacts}

    def test_are_the_last_step_of_the_working(self):
        found = evaluation(a_claim_state(verdicts=[a_verdict("disputed")]))

        assert [step.says for step in found.steps] == [
            "a citation supports: C, credibility not given",
            "1 independent root",
            "an act that can be checked in public: prior odds 9 to 1",
            "judged disputed: at most 0.5",
        ]

    def test_yield_to_the_last_that_applies(self):
        assert self.p_by_way(a_verdict("false"), a_verdict("disputed"))["CHN>USA"] == 0.5

    def test_for_some_parties_touch_only_theirs(self):
        assert self.p_by_way(a_verdict("false", "UKR")) == {"CHN>USA": 0.9435}
        assert self.p_by_way(a_verdict("confirmed", "UKR")) == {"CHN>USA": 0.9435, "CHN>UKR": 0.99}

    def test_for_some_parties_leave_the_claim_as_a_whole(self):
        found = evaluation(a_claim_state("CHN>USA UKR", verdicts=[a_verdict("false", "UKR")]))

        assert found.p == 0.9435
        assert found.steps == found.certainty.steps

    def test_on_the_whole_yield_to_a_later_one_for_some(self):
        verdicts = a_verdict("confirmed"), a_verdict("false", "UKR")

        assert self.p_by_way(*verdicts) == {"CHN>USA": 0.99}
        assert self.p_by_way(*reversed(verdicts)) == {"CHN>USA": 0.99, "CHN>UKR": 0.99}

    def test_for_a_member_of_a_group_touch_it_alone(self):
        found = self.p_by_way(a_verdict("false", "KAZ"), ends="RUS>central-asia")

        assert found.keys() == {"RUS>KGZ", "RUS>TJK", "RUS>TKM", "RUS>UZB"}

    def test_for_a_group_touch_all_its_members(self):
        assert self.p_by_way(a_verdict("false", "central-asia"), ends="RUS>central-asia") == {}

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

    def test_for_an_agent_who_left_since_still_touch_what_he_did(self):
        world = World(actors={"agent": somebody(speaks_for("RUS", until="2022-12-31"))})

        assert self.p_by_way(a_verdict("false", "agent"), ends="agent>KAZ", world=world) == {}

    def test_for_somebody_else_touch_nothing(self):
        assert self.p_by_way(a_verdict("false", "TUR")) == {"CHN>USA": 0.9435, "CHN>UKR": 0.9435}

    def test_confirm_nothing_in_a_view_that_hears_nobody_say_it(self):
        state = a_claim_state(citations=(denial(),), verdicts=[a_verdict("confirmed")])

        assert evaluation(state).p == 0.0
        assert why_none(state) == "its p is 0: nothing that counts in this view supports it"
