"""From a claim to its impacts: each sentence of the domain page, by hand."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.builders import (
    COLLECTION,
    CURATED,
    World,
    a_citation,
    a_claim_state,
    a_document,
    a_group,
    a_verdict,
    a_whole,
    an_id,
    an_outlet,
    denial,
    somebody,
    speaks_for,
    voice_of,
)
from tracker.domain.lenses import View
from tracker.domain.publications import Collection

CAST = {
    "officials": somebody(speaks_for("RUS"), kind="group"),
    "figures": somebody(speaks_for("RUS", "society"), kind="group"),
    "firm": somebody(speaks_for("RUS", "business"), kind="company"),
    "toqaev": somebody(speaks_for("KAZ", since="2019-03-20")),
    "nato": somebody(kind="organisation"),
    "central-asia": a_group("KAZ KGZ TJK TKM UZB"),
    "the-west": a_group(),
}
WORLD = World(actors=CAST, sources={"putin": voice_of("RUS")})


def evaluation(state=None, *same, world=WORLD, **given):
    return world.evaluate(state or a_claim_state(), *same, **given)


def ways(found) -> dict[str, float]:
    """The weight of each direction: {"RUS>KAZ": 1.0}."""
    return {f"{one.initiator}>{one.recipient}": one.weight for one in found.impacts}


def of(ends="RUS>KAZ", **given) -> dict[str, float]:
    return ways(evaluation(a_claim_state(ends, **given)))


def only(*args, **given):
    """The one impact of a claim."""
    [impact] = evaluation(a_claim_state(*args, **given)).impacts
    return impact


def why_none(state, *same, **given) -> str:
    found = evaluation(state, *same, **given)
    assert found.impacts == ()
    return found.silent_because


class TestAnImpact:
    def test_says_all_that_a_model_folds(self):
        impact = only("RUS>KAZ", name="3", strength="partial", citations=(a_citation(),))

        assert (impact.claim, impact.initiator, impact.recipient) == (an_id("3"), "RUS", "KAZ")
        assert (impact.first, impact.last) == (date(2022, 5, 11), date(2022, 5, 11))
        assert (impact.value, impact.weight, impact.p) == (-6.0, 0.6, 0.65)
        assert impact.sectors == ("government",)
        assert impact.roots == (an_id("newsletter"),)
        assert impact.state_roots == ()
        assert (impact.situation, impact.fades) == (False, True)

    def test_has_a_reason_only_where_there_is_none(self):
        assert evaluation().silent_because == ""

    @pytest.mark.parametrize(
        ("code", "value"),
        [
            ("SANCTION/discontinue", -6.0),
            ("SANCTION", -6.0),
            ("PROTEST/vandalize", -5.0),
            ("ACCUSE", -3.0),
            ("CONSULT", 2.5),
            ("CONSULT/phone", 1.5),
            ("REQUEST/meet", 0.0),
        ],
    )
    def test_has_the_value_of_the_mode_else_of_the_event(self, code, value):
        assert only(code=code).value == value

    def test_has_goldstein_s_value_of_a_cameo_code(self):
        state = a_claim_state()
        cameo = replace(state, claim=replace(state.claim, code="cameo-1.1b3/163"))

        assert evaluation(cameo).impacts[0].value == -8.0

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

    def test_is_mutual_among_initiators_without_a_recipient(self):
        assert of("CHN RUS", code="CONSULT") == {"CHN>RUS": 1, "RUS>CHN": 1}

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

    def test_reaches_each_member_of_a_group(self):
        assert of("RUS>central-asia") == {
            f"RUS>{one}": 1 for one in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        }

    def test_comes_from_each_member_of_a_group(self):
        assert of("central-asia>RUS") == {
            f"{one}>RUS": 1 for one in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        }

    def test_passes_a_member_by_that_acts_on_its_own_group(self):
        assert "KAZ>KAZ" not in of("KAZ>central-asia")

    @pytest.mark.parametrize(
        "ends",
        ["RUS", "officials", "RUS>officials", "officials figures", "RUS>the-west", "the-west>RUS"],
    )
    def test_is_nobody_where_two_countries_do_not_meet(self, ends):
        assert why_none(a_claim_state(ends)) == "it is not between two countries"

    def test_is_nobody_for_an_organisation_that_is_no_country(self):
        assert why_none(a_claim_state("FIN SWE>nato", code="SUPPORT")) == (
            "it is not between two countries"
        )

    def test_leaves_out_whom_it_only_affects_or_is_about(self):
        assert of("RUS>KAZ", affected="CHN", about="TUR") == {"RUS>KAZ": 1}

    def test_leaves_out_a_body_that_people_speak_for_and_is_no_state(self):
        world = World(actors=CAST | {"borrell": somebody(speaks_for("nato"))})

        assert ways(evaluation(a_claim_state("borrell USA>RUS"), world=world)) == {"USA>RUS": 1}

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

    @pytest.mark.parametrize(
        ("when", "who"),
        [
            ("2013-12-31", {}),
            ("2014-01-01", {"UKR": ("government",)}),
            ("2022-02-28", {"UKR": ("government",)}),
            ("2022-03-01", {"RUS": ("party",)}),
        ],
    )
    def test_count_from_their_first_day_and_before_their_last(self, when, who):
        assert self.speaks(when) == who

    def test_count_where_they_held_on_any_day_the_act_can_have_been(self):
        retired = World(actors={"retired": somebody(speaks_for("UKR", until="2022-03-20"))})
        state = a_claim_state("retired>KAZ", when="2022-03")

        assert ways(retired.evaluate(state)) == {"UKR>KAZ": 1}

    def test_count_where_they_held_while_a_situation_went_on(self):
        found = self.speaks("2022-02-01/2022-04-01", kind="situation")

        assert found == {"UKR": ("government",), "RUS": ("party",)}


class TestTheDayOfAnAct:
    @pytest.mark.parametrize(
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

    @pytest.mark.parametrize(
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

    @pytest.mark.parametrize(
        ("verdict", "p"), [("confirmed", 0.99), ("disputed", 0.5), ("unverifiable", 0.65)]
    )
    def test_change_the_p_of_a_claim_and_of_its_impacts(self, verdict, p):
        found = evaluation(a_claim_state(verdicts=[a_verdict(verdict)]))

        assert (found.p, found.impacts[0].p, found.steps[-1].p) == (p, p, p)
        assert found.certainty.p == 0.65

    def test_are_the_last_step_of_the_working(self):
        found = evaluation(a_claim_state(verdicts=[a_verdict("disputed")]))

        assert [step.says for step in found.steps] == [
            "a citation supports: C, credibility not given",
            "1 independent root",
            "judged disputed: at most 0.5",
        ]

    def test_yield_to_the_last_that_applies(self):
        assert self.p_by_way(a_verdict("false"), a_verdict("disputed"))["CHN>USA"] == 0.5

    def test_for_some_parties_touch_only_theirs(self):
        assert self.p_by_way(a_verdict("false", "UKR")) == {"CHN>USA": 0.65}
        assert self.p_by_way(a_verdict("confirmed", "UKR")) == {"CHN>USA": 0.65, "CHN>UKR": 0.99}

    def test_for_some_parties_leave_the_claim_as_a_whole(self):
        found = evaluation(a_claim_state("CHN>USA UKR", verdicts=[a_verdict("false", "UKR")]))

        assert found.p == 0.65
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

        assert (impact.p, impact.sectors) == (0.65, ("society",))

    def test_for_one_of_two_agents_leave_the_way_that_weighs_most(self):
        state = a_claim_state(
            "officials figures>KAZ", verdicts=[a_verdict("disputed", "officials")]
        )
        [impact] = evaluation(state).impacts

        assert (impact.p, impact.sectors) == (0.5, ("government",))  # .5 · 1 against .65 · .3

    def test_weigh_an_agent_of_several_sectors_by_the_highest(self):
        both = somebody(speaks_for("RUS"), speaks_for("RUS", "society"))
        world = World(
            actors={"both": both, "party": somebody(speaks_for("RUS", "party"), kind="group")}
        )
        state = a_claim_state("both party>KAZ", verdicts=[a_verdict("disputed", "both")])
        [impact] = world.evaluate(state).impacts

        assert impact.p == 0.5  # .5 · 1 against .65 · .6
        assert impact.sectors == ("government", "society")

    def test_for_an_agent_who_left_since_still_touch_what_he_did(self):
        world = World(actors={"agent": somebody(speaks_for("RUS", until="2022-12-31"))})

        assert self.p_by_way(a_verdict("false", "agent"), ends="agent>KAZ", world=world) == {}

    def test_for_somebody_else_touch_nothing(self):
        assert self.p_by_way(a_verdict("false", "TUR")) == {"CHN>USA": 0.65, "CHN>UKR": 0.65}

    def test_confirm_nothing_in_a_view_that_hears_nobody_say_it(self):
        state = a_claim_state(citations=(denial(),), verdicts=[a_verdict("confirmed")])

        assert evaluation(state).p == 0.0
        assert why_none(state) == "its p is 0: nothing that counts in this view supports it"


class TestClaimsThatAreTheSame:
    def test_count_once_as_the_first_with_everybody_s_citations(self):
        first = a_claim_state("RUS>KAZ", name="first", code="ACCUSE")
        second = a_claim_state("RUS>UKR", name="second", citations=(a_citation("other"),))
        world = World(sources={"times": an_outlet("B")}, documents={"other": a_document("times")})
        found = world.evaluate(first, second)

        assert ways(found) == {"RUS>KAZ": 1}
        assert found.impacts[0].value == -3.0
        assert found.p == found.impacts[0].p == 0.9132
        assert set(found.impacts[0].roots) == {an_id("newsletter"), an_id("times")}

    def test_say_which_of_them_counts(self):
        first, second = a_claim_state(name="first"), a_claim_state(name="second")

        assert why_none(second, cluster=(first, second)) == (
            f"it is the same as {an_id('first')}, which counts for both"
        )

    def test_are_one_witness_where_they_share_a_root(self):
        assert evaluation(a_claim_state(), a_claim_state(name="second")).p == 0.65

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

    def test_leave_the_whole_in_full(self):
        assert ways(evaluation(self.VISIT)) == {"KAZ>TUR": 1}

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

    def test_take_a_strength_and_a_share_together(self):
        one, other = self.part("12", strength="weak"), self.part("13")

        assert self.share(one, other) == {"KAZ>TUR": 0.15}

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


class TestAnEmbeddedClaim:
    SPEECH = a_claim_state("RUS>USA UKR", name="44", code="ACCUSE/allege")

    def test_scores_by_a_root_of_its_own(self):
        assert ways(evaluation(a_claim_state("USA UKR"), speakers=(self.SPEECH,))) != {}

    def test_does_not_score_by_its_speaker(self):
        state = a_claim_state("USA UKR", citations=(a_citation(chain="putin"),))
        found = evaluation(state, speakers=(self.SPEECH,))

        assert (found.p, found.impacts) == (0.0, ())
        assert found.silent_because == "its p is 0: nothing that counts in this view supports it"
        assert found.steps[0].says.endswith("set aside: its root is the speaker")

    def test_does_not_score_by_a_verdict_alone(self):
        state = a_claim_state(
            "USA UKR",
            citations=(a_citation(chain="putin"),),
            verdicts=[a_verdict("confirmed")],
        )

        assert evaluation(state, speakers=(self.SPEECH,)).impacts == ()


class TestLikelihood:
    def test_multiplies_the_p_of_the_impacts(self):
        assert only(likelihood="likely").p == 0.4388


class TestViews:
    def test_may_hold_several_collections(self):
        feed = an_id("feed")
        world = World(view=View(method="1", collections=(CURATED, feed)))
        state = a_claim_state(collection=feed)

        assert ways(world.evaluate(state, collections={feed: COLLECTION, CURATED: COLLECTION})) == {
            "RUS>KAZ": 1
        }
