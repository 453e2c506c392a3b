"""What other claims, the author's hedge and the view make of a claim's impacts, by hand."""

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
    somebody,
    speaks_for,
)
from tests.kit.evaluation import CAST, evaluation, ways, why_none
from tracker.domain.lenses import View


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
