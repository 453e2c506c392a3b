"""The names of states in the tables, those that no record has, and those that a text introduces."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.reading.test_proposals import ACTORS, an_id, names, read
from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.offices import Office
from tracker.domain.reading import reference_names
from tracker.domain.reading.local_names import introduced, recurrent
from tracker.domain.reading.names import Meaning, Names
from tracker.domain.reading.people import Person
from tracker.domain.reading.reference_names import (
    demonyms,
    entries,
    no_parties,
    state_codes,
)
from tracker.domain.reading.text import normalised, sentences
from tracker.domain.reading.unknown_names import unknown_names

NIGER, UNION = UUID(int=1), UUID(int=2)
# Capitals that are ordinary words, names of other places, or that of their state.
_LEFT_OUT = (
    "Male|Victoria|Georgetown|Kingston|San Jose|St. John's|St. George's|Roseau|Kingstown|Basseterre"
    "|Singapore|Luxembourg|Monaco|San Marino|Djibouti|Vatican City"
)


class TestEntries:
    names = Names(entries({"NER": NIGER}, {"EU": UNION}))

    def test_are_of_states_on_record_and_others(self):
        assert self.names.meanings("Niger") == (Meaning(NIGER, "NER", "name"),)
        assert self.names.meanings("Mali") == (Meaning(None, "MLI", "name"),)

    def test_are_of_the_seats_of_organisations_on_record(self):
        both = (Meaning(None, "BEL", "seat"), Meaning(UNION, None, "seat"))

        assert set(self.names.meanings("Brussels")) == set(both)
        assert Names(entries({}, {})).meanings("Brussels") == both[:1]

    @each(
        ("name", "code"),
        [
            ("Antigua and Barbuda", "ATG"),
            ("St. Vincent & Grenadines", "VCT"),
            ("Saint Barthélemy", "BLM"),
            ("Soviet Union", "SUN"),
            ("Swedes", "SWE"),
            ("Britons", "GBR"),
            ("Holland", "NLD"),
            ("Kiev", "UKR"),
            ("Nur-Sultan", "KAZ"),
        ],
    )
    def test_mean_one_state(self, name, code):
        assert [one.country for one in self.names.meanings(name)] == [code]

    @pytest.mark.parametrize("name", ["Chineses", "Swisses", "Frenchs", "Frenchmens", "U.S.s"])
    def test_have_no_wrong_plural(self, name):
        assert self.names.meanings(name) == ()

    def test_every_state_has_a_people(self):
        independent = {row["iso3"] for row in rows("countries") if row["is_independent"] == "Yes"}

        assert independent <= {code for codes in demonyms().values() for code in codes}

    def test_every_capital_means_its_state(self):
        missing = {
            row["capital"].strip()
            for row in rows("countries")
            if row["is_independent"] == "Yes"
            and row["iso3"]
            not in {one.country for one in self.names.meanings(row["capital"].strip())}
        }

        assert missing <= {*_LEFT_OUT.split("|"), "Ciudad de la Paz"}

    def test_are_once_in_each_table(self):
        for table, columns in (
            ("press_names", ("name", "code")),
            ("not_parties", ("name",)),
            ("demonyms", ("demonym", "iso3")),
        ):
            keys = [tuple(row[column] for column in columns) for row in rows(table)]
            assert len(keys) == len(set(keys))

    def test_have_codes_of_states_or_of_the_union(self):
        assert {row["code"] for row in rows("press_names")} <= state_codes() | {"EU"}
        assert {row["iso3"] for row in rows("demonyms")} <= state_codes()


class TestNoParties:
    @pytest.mark.parametrize("name", ["Sea of Japan", "Central Asia", "Male", "Paris Agreement"])
    def test_are_seas_regions_and_ordinary_words(self, name):
        assert no_parties().meanings(name)

    def test_are_no_names_of_states(self):
        states = {row["name"] for table in ("countries", "former_states") for row in rows(table)}

        assert not [name for name in states if no_parties().meanings(name)]


NAMES = Names(entries({}, {}))
WORDS = "The Bank of Mali General Tchiani said JNIM ’s , . Malian Party al-Shabaab"


def found(text: str) -> list[tuple[str, str | None]]:
    mentions = NAMES.find(text)
    names = [one for each in sentences(text) for one in unknown_names(each, mentions)]
    assert all(text[one.start : one.end] == one.text for one in names)
    return [(one.text, one.kind) for one in names]


class TestUnknownNames:
    @each(
        ("text", "name", "kind"),
        [
            ("The Alliance of Sahel States met.", "Alliance of Sahel States", "organisation"),
            ("It met General Tchiani’s men.", "General Tchiani", "person"),
            ("Foreign Minister Hassan Okemba fell.", "Foreign Minister Hassan Okemba", "person"),
            ("A firm, Check Point, found it.", "Check Point", None),
            ("The fighters of JNIM went.", "JNIM", "organisation"),
            ("It fined ExxonMobil.", "ExxonMobil", "organisation"),
            (
                "The International Court of Justice met.",
                "International Court of Justice",
                "organisation",
            ),
            (
                "The Centre for Strategic and Naval Studies knew.",
                "Centre for Strategic and Naval Studies",
                "organisation",
            ),
            ("It was al-Shabaab again.", "al-Shabaab", None),
            ("Yesterday Tchiani said so.", "Tchiani", None),
            ("It went to the Bank of China today.", "Bank of China", "organisation"),
            ("A Chinese Communist Party paper fell.", "Chinese Communist Party", "organisation"),
            (
                "A South Korean Unification Fund paid.",
                "South Korean Unification Fund",
                "organisation",
            ),
            ("Then Turkish Airlines left.", "Turkish Airlines", "organisation"),
            (
                "The Institute for the Study of War wrote.",
                "Institute for the Study of War",
                "organisation",
            ),
            ("Then J. D. Okemba fell.", "J. D. Okemba", None),
            ("Then Abu bin Okemba fell.", "Abu bin Okemba", None),
        ],
    )
    def test_are_persons_and_organisations(self, text, name, kind):
        assert found(text) == [(name, kind)]

    @each(
        "text",
        [
            "While Mali left, the Malian army stayed.",
            "Meanwhile it left on Monday in March.",
            "Defying Paris, Bamako left.",
            "The Russian Foreign Ministry and the Malian Parliament met.",
            "The President and the Foreign Minister met.",
            "It flowed into Lake Chad and the Gulf of Guinea.",
            "The New York Times wrote of Central Asia.",
            "The Paris Agreement and the Treaty of Amity failed.",
            "Its GDP fell, TV showed.",
            "It is in Agadez, New York and Geneva.",
            "Its Airlines failed.",
            "Western men said so.",
            "all in lower case",
            "",
        ],
    )
    def test_are_no_other_words(self, text):
        assert found(text) == []

    def test_are_none_in_a_heading_with_capitals_everywhere(self):
        assert found("Wagner Group Leaves Mali Again") == []
        assert found("The Wagner Group leaves after a year") == [("Wagner Group", "organisation")]

    @given(st.lists(st.sampled_from(WORDS.split())).map(" ".join) | st.text().map(normalised))
    def test_are_parts_of_the_sentence(self, text):
        found(text)


def meant(text):
    """The words for the state that each name stands for."""
    return {name: state.text for name, state in introduced(text, ACTORS.find(text)).items()}


@each(
    ("text", "expected"),
    [
        (
            "The Turkish president, Ali Demir Kaya, spoke.",
            {"Ali Demir Kaya": "Turkish", "Ali Demir": "Turkish", "Kaya": "Turkish"},
        ),
        (
            "Russia's foreign minister Ivan Lebedin left.",
            {"Ivan Lebedin": "Russia", "Lebedin": "Russia"},
        ),
        ("Musa Tanko, then Niger's president, left.", {"Musa Tanko": "Niger", "Tanko": "Niger"}),
        (
            "Isa Bello of Niger and Gulf Bank of Turkey.",
            {"Isa Bello": "Niger", "Bello": "Niger"},
        ),
        ("French wine and Bob Smith are here.", {}),
        ("Musa Tanko, the Niger river, and more.", {}),
    ],
)
def test_a_person_with_an_office_stands_for_the_state(text, expected):
    assert meant(text) == expected


def test_a_first_name_that_stands_alone_means_the_person_too():
    assert "Abdou" in meant("Niger's president, Abdou Tanko, left. Then Abdou came back.")


def test_a_name_of_persons_of_two_states_means_neither():
    text = "Niger's president, Musa Tanko, met the French minister Jean Tanko."

    assert set(meant(text)) == {"Musa Tanko", "Jean Tanko"}


@pytest.mark.parametrize(("capital", "code"), [("Kinshasa", "COD"), ("Brazzaville", "COG")])
def test_of_two_states_of_one_name_that_is_meant_which_the_text_names_otherwise(capital, code):
    states = {one: an_id(one) for one in ("COD", "COG", "RUS")}
    actors = Names(reference_names.entries(states, {}), (), states)

    _, draft = read(f"{capital} met Russia. Congolese troops attacked Russia.", actors=actors)

    assert draft.claim.actors("initiator") == (states[code],)


class TestANameThatIsOftenUsed:
    TEXT = (
        "France met envoys from Tahoualand in May. Niger attacked Tahoualand."
        " Tahoualand attacked Niger."
    )

    def test_is_offered(self):
        assert recurrent(self.TEXT) == {"Tahoualand": 2}
        _, second, _ = read(self.TEXT)

        assert [name.name for name in second.names] == ["Tahoualand"]
        assert names(second, "recipient") == []

    def test_acts_as_the_first_word_of_a_sentence(self):
        *_, third = read(self.TEXT)

        assert names(third, "initiator") == ["Tahoualand"]

    def test_is_no_month_and_not_a_part_of_a_longer_name(self):
        text = "It was in March and then in March; he met Lord Smith, and Lord Smith left."

        assert recurrent(text) == {}


def test_a_name_on_record_within_a_person_is_that_name():
    [draft] = read("The Turkish president, Ali Niger, attacked Russia.")

    assert [one.text for one in draft.actors] == ["Turkish", "Niger", "Russia"]


class TestAHolderOfAnOffice:
    OFFICE = Office("TUR", "government", date(2014, 8, 28), date(2030, 1, 1))
    NAMES = Names(
        reference_names.entries({}, {}), [Person(names=("Abiy Demir",), offices=(OFFICE,))]
    )

    def introduced(self, text):
        found = introduced(text, self.NAMES.find(text, date(2022, 5, 24)))
        return {name: state.text for name, state in found.items()}

    def test_is_known_by_a_first_name_that_stands_alone(self):
        assert self.introduced("Abiy Demir left. Abiy came back.") == {
            "Abiy Demir": "Abiy Demir",
            "Abiy": "Abiy Demir",
        }

    def test_is_known_by_a_surname_after_a_title(self):
        assert self.introduced("President Demir left.") == {"Demir": "Demir"}


class TestACapitalOfWhichThereAreSeveral:
    def test_means_the_state_that_the_text_names(self):
        names = Names(reference_names.entries({}, {}))
        text = "Guyana protested. Georgetown is angry."

        assert introduced(text, names.find(text))["Georgetown"].text == "Guyana"

    def test_means_nobody_elsewhere(self):
        names = Names(reference_names.entries({}, {}))
        text = "Peru protested. Georgetown is angry."

        assert introduced(text, names.find(text)) == {}


def test_a_name_on_record_is_not_found_twice():
    _, draft = read(
        "Russia's president, Kemal China, spoke of peace. Kemal China attacked Ukraine."
    )

    assert [one.text for one in draft.actors].count("China") == 1
    assert "Kemal China" not in [one.text for one in draft.actors]
