"""From a claim to its impacts, on which days they count and with which weight: by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from tests.kit.domain_builders import (
    World,
    a_citation,
    a_claim_state,
    a_document,
    a_group,
    an_id,
    an_outlet,
    denial,
    somebody,
    speaks_for,
)
from tests.kit.evaluation import CAST, evaluation, of, only, ways, why_none
from tests.kit.tables import each
from tracker.domain.claims import Magnitude


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


CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


class TestBetweenWhom:
    @each(
        ("ends", "weights"),
        [
            # Every ordered pair in full, of agents and of each member of a group too.
            ("RUS BLR>KAZ UKR", {"BLR>KAZ": 1, "BLR>UKR": 1, "RUS>KAZ": 1, "RUS>UKR": 1}),
            ("officials figures>KAZ", {"RUS>KAZ": 1}),
            ("central-asia>RUS", {f"{one}>RUS": 1 for one in CENTRAL_ASIA}),
            # A member that acts on its own group is passed by.
            ("KAZ>central-asia", {f"KAZ>{one}": 1 for one in CENTRAL_ASIA if one != "KAZ"}),
            # Where three or more meet each has a share, also if all bear what all do.
            ("CHN KAZ RUS", {f"{a}>{b}": 1 / 2 for a, b in permutations(["CHN", "KAZ", "RUS"], 2)}),
            (
                "central-asia>KAZ KGZ TJK TKM UZB",
                {f"{a}>{b}": 1 / 4 for a, b in permutations(CENTRAL_ASIA, 2)},
            ),
            # Two countries that meet through their agents do so in full.
            ("officials toqaev>RUS KAZ", {"KAZ>RUS": 1, "RUS>KAZ": 1}),
            # A country is on both sides of others.
            ("RUS BLR>officials UKR", {"BLR>RUS": 1, "BLR>UKR": 1, "RUS>UKR": 1}),
        ],
    )
    def test_is_each_direction_in_full_or_a_share(self, ends, weights):
        assert of(ends) == weights

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


class TestTheDayOfAnAct:
    @each(
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

    @each(
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


WORLD = World()


def evaluated(dead=None, *, unit="deaths", change=False, **given):
    magnitude = None if dead is None else Magnitude(value=Decimal(dead), unit=unit, change=change)
    given = {"code": "ASSAULT/firearms", "magnitude": magnitude, **given}
    return WORLD.evaluate(a_claim_state(citations=(a_citation(),), **given))


def weight(*args, **given) -> float:
    [impact] = evaluated(*args, **given).impacts
    return impact.weight


class TestWeight:
    @each(
        ("dead", "share"),
        [
            ("0", 0.12),
            ("1", 0.25),
            ("24", 0.25),
            ("25", 0.67),
            ("999", 0.67),
            ("1000", 1.0),
            ("250000", 1.0),
            (None, 1.0),
        ],
    )
    def test_follows_from_the_number_of_dead(self, dead, share):
        assert weight(dead) == share

    @pytest.mark.parametrize("unit", ["death", "dead", "Killed", " fatality ", "fatalities"])
    def test_reads_the_words_for_the_dead(self, unit):
        assert weight("3", unit=unit) == 0.25

    @pytest.mark.parametrize(
        "given", [{"unit": "wounded"}, {"unit": "t"}, {"change": True}, {"dead": "-3"}]
    )
    def test_is_full_where_the_number_is_not_known(self, given):
        assert weight(**{"dead": "3", **given}) == 1.0

    def test_multiplies_with_strength(self):
        assert weight("3", strength="partial") == 0.15  # .6 · .25

    def test_is_that_of_a_cameo_code_too(self):
        state = a_claim_state(magnitude=Magnitude(value=Decimal(3), unit="killed"))
        fight = replace(state, claim=replace(state.claim, code="cameo-1.1b3/193"))
        [impact] = WORLD.evaluate(fight).impacts

        assert impact.weight == 0.25

    @pytest.mark.parametrize(
        ("dead", "says"), [("3", "1 to 24 dead"), (None, "number of dead not given")]
    )
    def test_comes_with_the_number_in_words(self, dead, says):
        assert evaluated(dead).toll.says == says

    def test_of_a_claim_without_impacts_is_not_shown(self):
        assert evaluated("3", kind="assessment").toll is None

    def test_of_other_acts_does_not_depend_on_the_dead(self):
        assert weight("3", code="COERCE/restrict") == 1.0
        assert evaluated("3", code="COERCE/restrict").toll is None
