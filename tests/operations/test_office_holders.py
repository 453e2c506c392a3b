"""Office-holders come from tables and from the desk, and count in the archives that name them."""

from datetime import date

import pytest

from tests.kit.archive_rows import CONSULT, ICEWS, cells, tabbed
from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import claims, counts, events, take_in
from tracker.domain import events as e
from tracker.domain.facts import FIXTURES, rows
from tracker.domain.records import Affiliation, Name
from tracker.imports import office_holders
from tracker.imports.files import ImportOptions
from tracker.imports.records import CannotImport
from tracker.operations import actors
from tracker.queries.records.names import directory
from tracker.queries.records.offices import offices, persons

pytestmark = pytest.mark.django_db

HEADER = "name,country,sector,from,to,aliases,wikidata"
DOE = "Jo Doe,KAZ,government,2010-05-01,2014-03-02,J. Doe,Q5"
LATER = "Jo Doe,KAZ,legislature,2015-01-01,,,Q5"
CORRECTING = ImportOptions(apply_changes=True)


def table(*lines):
    return "\n".join([HEADER, *lines, ""]).encode()


def person(name="Jo Doe", **given):
    actor = an_actor(None, kind="person", names=(Name(text=name, language="en"),), **given)
    return actors.describe_actor(actor, at=AT, by=BY).stream


def country(code="KAZ"):
    return actors.describe_actor(an_actor(code), at=AT, by=BY).stream


def terms():
    """The terms of each person on record."""
    return {
        one.actor.name: [
            (term.country, term.sector, term.since, term.until) for term in one.offices
        ]
        for one in persons()
    }


class TestATable:
    def test_adds_persons_with_their_terms(self):
        taken = take_in(table(DOE, LATER, "Al Roe,CHN,government,2001-02,2003-04,,"))

        assert counts(taken) == {"new": 3}
        assert terms() == {
            "Jo Doe": [
                ("KAZ", "government", date(2010, 5, 1), date(2014, 3, 2)),
                ("KAZ", "legislature", date(2015, 1, 1), None),
            ],
            "Al Roe": [("CHN", "government", date(2001, 2, 1), date(2003, 5, 1))],
        }
        doe = next(one.actor for one in persons() if one.actor.name == "Jo Doe")
        assert (doe.kind, doe.aliases, doe.wikidata) == ("person", ("J. Doe",), "Q5")
        # The countries, which were not on record, and one event for each person.
        described = [event.actor.code or event.actor.name for event in events(e.ActorDescribed)]
        assert described == ["KAZ", "Jo Doe", "CHN", "Al Roe"]

    def test_can_be_the_shipped_one(self):
        data = (FIXTURES / "reference" / "office_holders.csv").read_bytes()
        taken = take_in(data)

        assert counts(taken) == {"new": len(rows("office_holders"))}
        assert offices().find("John R. Bolton", date(2019, 4, 1)).country == "USA"

    def test_adds_a_term_to_a_person_on_record_and_leaves_the_rest(self):
        take_in(table(DOE))
        taken = take_in(table("Jo Doe,KAZ,legislature,2015-01-01,,Other,Q5"))

        assert counts(taken) == {"new": 1}
        [doe] = persons()
        assert len(doe.offices) == 2
        assert doe.version == 2
        assert doe.actor.aliases == ("J. Doe",)

    def test_ends_a_term_on_record_only_if_asked(self):
        open_ended, ended = LATER, LATER.replace("2015-01-01,", "2015-01-01,2019-03-20")
        take_in(table(open_ended))

        assert counts(take_in(table(ended))) == {"changed": 1}
        assert terms()["Jo Doe"][0][3] is None
        taken = take_in(table(ended), CORRECTING)
        assert counts(taken) == {"changed": 1}
        assert taken.report.corrections == 1
        assert terms()["Jo Doe"] == [("KAZ", "legislature", date(2015, 1, 1), date(2019, 3, 20))]

    def test_refuses_invalid_rows_alone(self):
        taken = take_in(table("Jo Doe,KAZ,king,2010-05-01,,,", DOE))

        assert counts(taken) == {"new": 1, "refused": 1}
        assert [(row.line, row.column) for row in taken.refused] == [(2, "sector")]
        assert sum(taken.report.reasons.values()) == 1

    def test_refuses_a_term_that_would_make_the_person_invalid(self):
        days = [
            f"Jo Doe,KAZ,government,1900-01-{n:02},1900-01-{n + 1:02},,Q5" for n in range(1, 29)
        ]
        years = [day.replace("1900", str(1900 + n)) for n in range(4) for day in days]
        taken = take_in(table(*years))

        # A person has at most 100 terms.
        assert counts(taken) == {"new": 100, "refused": 12}
        assert "as an actor: /affiliations" in taken.refused[0].reason

    def test_stops_between_transactions(self, monkeypatch):
        monkeypatch.setattr(office_holders, "CHUNK", 1)
        done = []
        taken = take_in(
            table(DOE, "Al Roe,KAZ,government,2001-02,,,"),
            progress=lambda number, _: done.append(number),
            stop=lambda: bool(done),
        )

        assert taken.report.stopped
        assert counts(taken) == {"new": 1}
        assert list(terms()) == ["Jo Doe"]
        assert counts(take_in(table(DOE, "Al Roe,KAZ,government,2001-02,,,"))) == {
            "known": 1,
            "new": 1,
        }

    def test_has_no_rows_to_skip(self):
        with pytest.raises(CannotImport, match="skipping rows is for claims"):
            take_in(table(DOE), ImportOptions(skip_undated=True))


class TestAPersonOnRecord:
    def test_is_found_by_a_name_in_any_spelling(self):
        stream = person("Doe", aliases=("JO  DOE",))
        take_in(table(DOE))

        assert [one.id for one in persons()] == [stream]

    def test_is_one_for_rows_with_its_item_and_without(self):
        stream = person(wikidata="Q5")
        taken = take_in(table(DOE, "Jo Doe,KAZ,party,2016-01-01,,,", LATER))

        assert counts(taken) == {"new": 3}
        [doe] = persons()
        assert (doe.id, len(doe.offices)) == (stream, 3)

    def test_is_another_with_another_item(self):
        person(wikidata="Q6")
        take_in(table(DOE))

        assert len(persons()) == 2

    def test_is_not_guessed_among_several(self):
        person(wikidata=None)
        person(aliases=("J. Doe",))
        taken = take_in(table("Jo Doe,KAZ,government,2010-05-01,,,"))

        assert counts(taken) == {"refused": 1}
        assert taken.refused[0].reason == office_holders.SEVERAL

    def test_with_the_name_of_a_person_in_another_country_is_not_mixed_with_it(self):
        take_in(
            table(
                "Jo Doe,KAZ,government,2010-01-01,2012-01-01,,",
                "Jo Doe,CHN,government,2012-01-01,2014-01-01,,",
            )
        )

        assert len(persons()) == 2
        known = offices()
        assert known.find("Jo Doe", date(2011, 1, 1)).country == "KAZ"
        assert known.find("Jo Doe", date(2013, 1, 1)).country == "CHN"


LIST = ("date", "subject", "relation", "object")


def listed(*rows):
    return tabbed(LIST, *rows)


def visit(day="2013-09-06", who="Jo Doe", whom="China"):
    return (day, who, "Make a visit", whom)


def party_names():
    names = directory("actor")
    return [[names.label(party.actor) for party in asserted.claim.parties] for asserted in claims()]


class TestAnArchive:
    def test_counts_what_a_person_in_office_does_as_an_act_of_the_country(self):
        take_in(table(DOE, LATER))
        taken = take_in(listed(visit(), visit(day="2014-03-02"), visit(day="2016-01-01")))

        assert counts(taken) == {"new": 2, "refused": 1}
        assert party_names() == [["Kazakhstan", "China"], ["Legislature (Kazakhstan)", "China"]]
        assert taken.refused[0].line == 3
        assert taken.refused[0].reason == (
            "has no office on record that day, only KAZ government from 2010-05-01 to 2014-03-01;"
            " KAZ legislature from 2015-01-01"
        )

    def test_takes_acts_of_the_person_and_of_the_country_as_one_event(self):
        take_in(table(DOE))

        assert counts(take_in(listed(visit(), visit(who="Kazakhstan")))) == {
            "new": 1,
            "repeated": 1,
        }

    def test_knows_the_persons_of_the_shipped_table(self):
        taken = take_in(listed(visit(day="2013-09-06", who="Barack Obama")))

        assert counts(taken) == {"new": 1}
        assert party_names() == [["United States", "China"]]
        assert persons() == []

    def test_takes_a_person_on_record_in_place_of_one_of_the_table(self):
        kazakh = Affiliation(country=country(), sector="government", since=date(2013, 1, 1))
        person("Barack Obama", affiliations=(kazakh,))

        assert offices().find("Barack Obama", date(2013, 9, 6)).country == "KAZ"

    def test_knows_nobody_who_speaks_for_a_group(self):
        group = an_actor(None, kind="group", names=(Name(text="The West"),))
        west = Affiliation(
            country=actors.describe_actor(group, at=AT, by=BY).stream, sector="government"
        )
        person(affiliations=(west,))

        assert offices().find("Jo Doe", date(2013, 9, 6)) is None


class TestClaimsOfAPersonWhoIsGivenAnOffice:
    """They have the person as a party, as claims of those without an office have."""

    def described_again(self, name, code):
        """A person on record is described with an office."""
        [known] = persons()
        states = directory("actor")
        term = Affiliation(country=states.find(code).id, sector="government")
        actor = an_actor(
            None, kind="person", names=(Name(text=name, language="en"),), affiliations=(term,)
        )
        actors.describe_actor(actor, at=AT, by=BY, actor_id=known.id, expected=1)

    def again(self, data):
        """What became of a file in a dry run, and then in earnest."""
        dry = take_in(data, signed=None)
        taken = take_in(data)
        assert counts(dry) == counts(taken)
        return counts(taken)

    def test_stay_known_where_the_archive_names_a_sector(self):
        person("Narendra Modi")
        modi = {
            "Source Name": "Narendra Modi",
            "Source Sectors": "(National) Major Party,Parties",
            "Source Country": "India",
        }
        party = modi | {"Event ID": "9", "Source Name": "Jo Doe", "Story ID": "9"}
        twice = [cells(ICEWS, CONSULT | row) for row in (modi, modi | {"Story ID": "8"})]
        take_in(tabbed(ICEWS, *twice))
        assert party_names()[0][0] == "Party (India)"
        self.described_again("Narendra Modi", "IND")

        assert self.again(tabbed(ICEWS, *twice)) == {"known": 1, "repeated": 1}
        # A claim of somebody else with the same key is not that of the person.
        elsewhere = {"Event Date": "2018-06-02"}
        for row in (party, modi):
            file = tabbed(ICEWS, cells(ICEWS, CONSULT | row | elsewhere))
            assert self.again(file) == {"new": 1}
        assert [names[0] for names in party_names()[1:]] == ["Party (India)", "India"]
