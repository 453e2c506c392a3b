"""Names that a text itself introduces, or often uses."""

from datetime import date

import pytest

from tests.domain.reading.test_proposals import ACTORS, an_id, names, read
from tests.kit.tables import each
from tracker.domain.offices import Office
from tracker.domain.reading import reference_names
from tracker.domain.reading.local_names import introduced, recurrent
from tracker.domain.reading.names import Names
from tracker.domain.reading.people import Person


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
