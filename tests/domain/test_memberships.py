"""The acts of organisations count for their members on that day. All shares are worked out by hand:
as for a group, each member's act upon a state counts in full."""

from datetime import date

import pytest

from tests.kit.domain_builders import (
    World,
    a_claim_state,
    a_country,
    a_group,
    a_membership,
    an_id,
    an_organisation,
    somebody,
    speaks_for,
    voice_of,
)
from tests.kit.evaluation import ways, why_none
from tests.kit.tables import each
from tracker.domain import memberships
from tracker.domain.evidence import Period
from tracker.domain.facts import rows
from tracker.domain.records import MOST_REPRESENTED

TABLE = rows("memberships", "seed")
STATES = {row["iso3"]: a_country(row["iso3"]) for row in rows("countries")}
MEMBERS = (
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT"
    " ROU SVK SVN SWE"
)
OF_2022 = MEMBERS.split()


def of_the_seed(organisation):
    return an_organisation(
        *(
            a_membership(row["country"], row["since"], row["until"], status=row["status"] or None)
            for row in TABLE
            if row["organisation"] == organisation
        )
    )


CAST = {
    **STATES,
    "eu": of_the_seed("eu"),
    "ecowas": of_the_seed("ecowas"),
    "un": of_the_seed("un"),
    "junta": somebody(speaks_for("NER", "military"), kind="group"),
    "minister": somebody(speaks_for("FRA")),
}


def act(ends, when="2022-03-02", world=None, **given):
    """The weights of a claim, whose document is of its last day or later."""
    world = world or World(actors=CAST)
    return ways(world.evaluate(a_claim_state(ends, when=when, **given)))


class TestSanctionsOfTheEuropeanUnion:
    def test_are_of_each_of_twenty_seven_members_in_2022(self):
        assert act("eu>RUS") == {f"{one}>RUS": 1.0 for one in OF_2022}
        assert len(OF_2022) == 27

    @pytest.mark.parametrize(
        ("when", "acts"), [("2020-01-30", True), ("2020-01-31", True), ("2020-02-01", False)]
    )
    def test_are_not_of_the_kingdom_from_the_day_after_it_left(self, when, acts):
        assert ("GBR>RUS" in act("eu>RUS", when=when)) == acts

    def test_count_a_member_that_acts_itself_once(self):
        assert act("eu FRA>RUS") == act("eu>RUS")

    def test_count_for_a_member_where_only_its_firm_acts_beside_it_as_the_firm_s(self):
        firm = somebody(speaks_for("FRA", "business"), kind="company")
        world = World(actors=CAST | {"firm": firm})
        found = world.evaluate(a_claim_state("eu firm>RUS", when="2022-03-02")).impacts

        assert {one.sectors for one in found if one.initiator == "FRA"} == {("business",)}
        assert len(found) == 27

    def test_are_acts_of_governments(self):
        found = World(actors=CAST).evaluate(a_claim_state("eu>RUS", when="2022-03-02"))

        assert {one.sectors for one in found.impacts} == {("government",)}

    def test_are_those_of_a_group_that_lists_it(self):
        world = World(actors=CAST | {"west": a_group("eu USA west")})

        assert act("west>RUS", world=world) == act("eu>RUS") | {"USA>RUS": 1.0}

    def test_name_the_memberships(self):
        found = World(actors=CAST).evaluate(a_claim_state("eu>RUS", when="2022-03-02"))

        assert len(found.acting) == 27
        finland = next(one for one in found.acting if one.country == an_id("FIN"))
        assert finland.party == an_id("eu")
        assert finland.membership == a_membership("FIN", "1995-01-01")

    def test_of_members_alone_name_none(self):
        assert World(actors=CAST).evaluate(a_claim_state("FRA>RUS")).acting == ()
        assert World(actors=CAST).evaluate(a_claim_state("RUS>eu")).acting == ()


class TestASituation:
    """Sanctions since 2014 that are in force until 2023."""

    def test_counts_for_a_member_on_the_days_of_its_membership(self):
        state = a_claim_state("eu>RUS", kind="situation", when="2014-07-31/2023-01-31")
        days = {one.initiator: (one.first, one.last) for one in self.impacts(state)}

        assert days["GBR"] == (date(2014, 7, 31), date(2020, 1, 31))
        assert days["FRA"] == (date(2014, 7, 31), date(2023, 1, 31))
        assert len(days) == 28

    def test_counts_on_all_its_days_for_those_who_act_themselves(self):
        state = a_claim_state("GBR eu>RUS", kind="situation", when="2014-07-31/2023-01-31")
        days = {one.initiator: (one.first, one.last) for one in self.impacts(state)}

        assert days["GBR"] == (date(2014, 7, 31), date(2023, 1, 31))

    def impacts(self, state):
        return World(actors=CAST).evaluate(state).impacts


class TestSanctionsOfEcowasOnNiger:
    """On 30 July 2023: of fifteen members Niger is the recipient, and Burkina Faso, Guinea and Mali
    are suspended."""

    ELEVEN = ["BEN", "CIV", "CPV", "GHA", "GMB", "GNB", "LBR", "NGA", "SEN", "SLE", "TGO"]

    @pytest.mark.parametrize("recipient", ["NER", "junta"])
    def test_are_of_the_eleven_others(self, recipient):
        found = act(f"ecowas>{recipient}", when="2023-07-30")

        assert found == {f"{one}>NER": 1.0 for one in self.ELEVEN}

    def test_on_two_members_are_of_neither(self):
        found = act("ecowas>NER MLI", when="2020-08-20")

        assert not {"NER>MLI", "MLI>NER"} & found.keys()
        assert found["NGA>NER"] == found["NGA>MLI"] == 1.0


class TestMovesNothing:
    @each("ends", ["RUS>eu", "FRA>eu", "eu>eu", "eu", "eu>ecowas", "FRA eu>eu"])
    def test_what_is_done_to_an_organisation_or_to_nobody(self, ends):
        state = a_claim_state(ends)

        assert why_none(state, world=World(actors=CAST)) == "it is not between two countries"

    def test_a_meeting_with_an_organisation_for_its_members(self):
        assert act("USA CHN eu") == {"USA>CHN": 1.0, "CHN>USA": 1.0}

    def test_an_organisation_beside_those_who_meet(self):
        half = dict.fromkeys(
            ("CHN>KAZ", "CHN>RUS", "KAZ>CHN", "KAZ>RUS", "RUS>CHN", "RUS>KAZ"), 0.5
        )
        members = {f"{one}>{other}": 1.0 for one in OF_2022 for other in ("CHN", "KAZ", "RUS")}

        assert act("CHN KAZ RUS eu>CHN KAZ RUS") == half | members

    def test_an_act_of_a_body_of_nearly_all_states(self):
        assert act("un>RUS") == {}
        assert act("un USA>RUS") == {"USA>RUS": 1.0}

    def test_an_act_of_its_officials(self):
        world = World(actors=CAST | {"borrell": somebody(speaks_for("eu"))})

        assert act("borrell>RUS", world=world) == {}

    @pytest.mark.parametrize(("more", "acts"), [(0, True), (1, False)])
    def test_an_organisation_that_lists_more_countries_than_sixty(self, more, acts):
        assert MOST_REPRESENTED == 60
        listed = [code for code in STATES if code != "RUS"][: MOST_REPRESENTED + more]
        body = an_organisation(*map(a_membership, listed))

        assert bool(act("body>RUS", world=World(actors=CAST | {"body": body}))) == acts


class TestTheWordOfAMember:
    """A source of a member's state is a voice of the state of the speaker, if the organisation says
    it."""

    def p(self, speaker):
        world = World(actors=CAST, sources={"newsletter": voice_of("FRA", "C")})
        said = a_claim_state(f"{speaker}>RUS", name="said", when="2022-03-02")
        return world.evaluate(a_claim_state("RUS>UKR"), speakers=(said,)).p

    def test_supports_what_others_say_but_not_what_its_organisation_says(self):
        assert self.p("USA") == 0.9435
        assert self.p("eu") == 0.0


class TestThePeriod:
    LONG = Period(date(2000, 1, 1), date(2009, 12, 31))

    def found(self, *own):
        return {
            one: (str(days.first), str(days.last))
            for one, (_, days) in memberships.in_period(an_organisation(*own), self.LONG).items()
        }

    @each(
        ("own", "suspended", "days"),
        [
            ([("", "")], [], ("2000-01-01", "2009-12-31")),
            ([("2005-01-01", "2006-01-01")], [], ("2005-01-01", "2005-12-31")),
            ([("1990-01-01", "2000-01-02")], [], ("2000-01-01", "2000-01-01")),
            ([("2009-12-31", "")], [], ("2009-12-31", "2009-12-31")),
            ([("2001-01-01", "2002-01-01"), ("2004-01-01", "")], [], ("2001-01-01", "2009-12-31")),
            # Of months and years it begins with their last day and ends before their first.
            ([("2001", "2003")], [], ("2001-12-31", "2002-12-31")),
            ([("2001-06", "2003-04")], [], ("2001-06-30", "2003-03-31")),
            # A suspension in years is all of them.
            ([("", "")], [("2000", "2003")], ("2003-12-31", "2009-12-31")),
            ([("", "")], [("2008", "")], ("2000-01-01", "2007-12-31")),
            ([("", "")], [("2005-01-01", "")], ("2000-01-01", "2004-12-31")),
            ([("", "")], [("", "2005-01-01")], ("2005-01-01", "2009-12-31")),
            # Within the period, before it and after it.
            ([("", "")], [("2003-01-01", "2004-01-01")], ("2000-01-01", "2009-12-31")),
            ([("", "")], [("1990-01-01", "1999-01-01")], ("2000-01-01", "2009-12-31")),
            ([("", "")], [("2010-01-01", "")], ("2000-01-01", "2009-12-31")),
            (
                [("", "")],
                [("1999-01-01", "2002-01-01"), ("2001-01-01", "2003-01-01")],
                ("2003-01-01", "2009-12-31"),
            ),
            # Within one year, outside the period, and suspended throughout.
            ([("2001", "2001")], [], None),
            ([("1990-01-01", "2000-01-01")], [], None),
            ([("2010-01-01", "")], [], None),
            ([("", "")], [("1999-01-01", "2010-01-01")], None),
            ([], [("1999-01-01", "2010-01-01")], None),
        ],
    )
    def test_is_that_of_the_days_as_a_member_without_suspensions(self, own, suspended, days):
        found = self.found(
            *(a_membership("KAZ", *one) for one in own),
            *(a_membership("KAZ", *one, status="suspended") for one in suspended),
        )

        assert found == ({an_id("KAZ"): days} if days else {})

    def test_is_told_by_the_last_membership(self):
        first, second = a_membership("KAZ", "", "2003-01-01"), a_membership("KAZ", "2004-01-01")
        body = an_organisation(second, first)

        assert memberships.in_period(body, self.LONG)[an_id("KAZ")][0] == second

    def test_has_no_members_that_are_no_states(self):
        world = World(actors=CAST | {"body": an_organisation(a_membership("eu"))})

        assert act("body>RUS", world=world) == {}
