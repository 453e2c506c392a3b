"""From a claim to its impacts: each sentence of the domain page, by hand."""

from datetime import date

import pytest

from tests.kit.domain_builders import (
    World,
    a_citation,
    a_claim_state,
    a_group,
    an_id,
    an_outlet,
    somebody,
    speaks_for,
)
from tests.kit.evaluation import CAST, evaluation, of, only, ways, why_none
from tests.kit.tables import each


class TestAnImpact:
    def test_says_all_that_a_model_folds(self):
        impact = only("RUS>KAZ", name="3", strength="partial", citations=(a_citation(),))

        assert (impact.claim, impact.initiator, impact.recipient) == (an_id("3"), "RUS", "KAZ")
        assert (impact.first, impact.last) == (date(2022, 5, 11), date(2022, 5, 11))
        assert (impact.value, impact.weight, impact.p) == (-6.0, 0.6, 0.9435)
        assert impact.sectors == ("government",)
        assert impact.roots == (an_id("newsletter"),)
        assert impact.state_roots == ()
        assert (impact.situation, impact.fades) == (False, True)

    def test_has_a_reason_only_where_there_is_none(self):
        assert evaluation().silent_because == ""

    @pytest.mark.parametrize(("strength", "weight"), [("weak", 0.3), ("partial", 0.6), ("full", 1)])
    def test_weighs_as_much_as_is_reported_of_the_act(self, strength, weight):
        assert only(strength=strength).weight == weight

    def test_fades_unless_it_is_an_assault(self):
        assert only(code="ASSAULT/aerial").fades is False

    def test_names_the_roots_that_a_state_owns(self):
        world = World(sources={"tass": an_outlet("D", country=an_id("RUS"), ownership="state")})
        state = a_claim_state(citations=(a_citation(), a_citation(chain="tass")))
        [impact] = evaluation(state, world=world).impacts

        assert set(impact.roots) == {an_id("newsletter"), an_id("tass")}
        assert impact.state_roots == (an_id("tass"),)


class TestBetweenWhom:
    def test_is_every_ordered_pair_in_full(self):
        assert of("RUS BLR>KAZ UKR") == {
            "BLR>KAZ": 1,
            "BLR>UKR": 1,
            "RUS>KAZ": 1,
            "RUS>UKR": 1,
        }

    def test_is_a_share_where_three_or_more_meet(self):
        assert of("CHN KAZ RUS", code="CONSULT") == {
            f"{one}>{other}": 0.5
            for one in ("CHN", "KAZ", "RUS")
            for other in ("CHN", "KAZ", "RUS")
            if one != other
        }

    def test_shares_a_third_where_four_meet(self):
        assert set(of("CHN KAZ RUS UKR", code="CONSULT").values()) == {1 / 3}

    def test_shares_where_those_who_act_and_those_who_bear_it_are_the_same_countries(self):
        found = of("central-asia>KAZ KGZ TJK TKM UZB", code="CONSULT")

        assert set(found.values()) == {0.25}
        assert len(found) == 20

    def test_is_in_full_both_ways_where_two_countries_meet_through_their_agents(self):
        assert of("officials toqaev>RUS KAZ", code="CONSULT") == {"KAZ>RUS": 1, "RUS>KAZ": 1}

    def test_is_in_full_where_a_country_is_on_both_sides_of_others(self):
        assert of("RUS BLR>officials UKR") == {"BLR>RUS": 1, "BLR>UKR": 1, "RUS>UKR": 1}

    def test_is_no_more_in_full_for_several_agents_of_a_country(self):
        assert of("officials figures>KAZ") == {"RUS>KAZ": 1}

    def test_comes_from_each_member_of_a_group(self):
        assert of("central-asia>RUS") == {
            f"{one}>RUS": 1 for one in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        }

    def test_passes_a_member_by_that_acts_on_its_own_group(self):
        assert "KAZ>KAZ" not in of("KAZ>central-asia")

    @each(
        "ends",
        ["RUS", "officials", "RUS>officials", "officials figures", "RUS>the-west", "the-west>RUS"],
    )
    def test_is_nobody_where_two_countries_do_not_meet(self, ends):
        assert why_none(a_claim_state(ends)) == "it is not between two countries"

    def test_leaves_out_whom_it_only_affects_or_is_about(self):
        assert of("RUS>KAZ", affected="CHN", about="TUR") == {"RUS>KAZ": 1}

    def test_hears_the_persons_that_a_group_lists(self):
        world = World(actors=CAST | {"envoys": a_group("toqaev officials envoys")})

        assert ways(evaluation(a_claim_state("envoys>CHN"), world=world)) == {
            "KAZ>CHN": 1,
            "RUS>CHN": 1,
        }


class TestSectors:
    @pytest.mark.parametrize(
        ("ends", "sectors"),
        [
            ("RUS>KAZ", ("government",)),
            ("figures>KAZ", ("society",)),
            ("officials figures>KAZ", ("government", "society")),
            ("central-asia>RUS", ("government",)),
        ],
    )
    def test_are_those_of_the_initiators_of_a_country(self, ends, sectors):
        for impact in evaluation(a_claim_state(ends)).impacts:
            assert impact.sectors == sectors

    def test_are_not_those_of_the_recipients(self):
        assert only("RUS>toqaev").sectors == ("government",)
        assert only("KAZ>firm").sectors == ("government",)

    def test_are_each_side_s_own_where_the_act_is_mutual(self):
        found = evaluation(a_claim_state("firm KAZ", code="COOPERATE")).impacts

        assert {one.initiator: one.sectors for one in found} == {
            "RUS": ("business",),
            "KAZ": ("government",),
        }


class TestAffiliations:
    TURNCOAT = somebody(
        speaks_for("UKR", since="2014-01-01", until="2022-03-01"),
        speaks_for("RUS", "party", since="2022-03-01"),
    )
    WORLD = World(actors={"turncoat": TURNCOAT})

    def speaks(self, when, **given):
        state = a_claim_state("turncoat>KAZ", when=when, **given)
        return {one.initiator: one.sectors for one in self.WORLD.evaluate(state).impacts}

    def test_count_where_they_held_on_any_day_the_act_can_have_been(self):
        retired = World(actors={"retired": somebody(speaks_for("UKR", until="2022-03-20"))})
        state = a_claim_state("retired>KAZ", when="2022-03")

        assert ways(retired.evaluate(state)) == {"UKR>KAZ": 1}

    def test_count_where_they_held_while_a_situation_went_on(self):
        found = self.speaks("2022-02-01/2022-04-01", kind="situation")

        assert found == {"UKR": ("government",), "RUS": ("party",)}
