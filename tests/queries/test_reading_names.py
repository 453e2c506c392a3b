"""The names on record, as the reading of texts takes them."""

from datetime import date

import pytest

from tests.kit.builders import AT, BY, an_actor
from tracker.domain.reading.names import Meaning
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors
from tracker.queries.records import reading_names

pytestmark = pytest.mark.django_db
DAY = date(2022, 5, 24)


def describe(code=None, kind="organisation", *names, **more):
    actor = an_actor(code, kind=kind, names=tuple(Name(text=name) for name in names), **more)
    return actors.describe_actor(actor, at=AT, by=BY).stream


def meanings(text: str) -> list[Meaning]:
    found = reading_names.on_record().names.find(text, DAY)
    return [meaning for mention in found for meaning in mention.meanings]


class TestOnRecord:
    def test_states_on_record_are_actors_and_others_are_codes(self, desk):
        kazakhstan = desk.countries["KAZ"]

        assert meanings("Kazakhs, Nur-Sultan and Malians") == [
            Meaning(kazakhstan, "KAZ", "people"),
            Meaning(kazakhstan, "KAZ", "seat"),
            Meaning(None, "MLI", "people"),
        ]

    def test_persons_stand_for_themselves_and_other_holders_for_their_state(self, desk):
        russia = desk.countries["RUS"]
        speaks = Affiliation(country=russia, sector="government")
        lavrov = describe(None, "person", "Sergei Lavrov", affiliations=(speaks,))

        assert meanings("Lavrov and Putin") == [
            Meaning(lavrov, None, "name"),
            Meaning(russia, "RUS", "office"),
        ]

    def test_codes_of_two_letters_and_ordinary_words_are_no_names(self, desk):
        describe("MDV", "state", "Maldives", aliases=("MV", "Male", "Malé Atoll"))

        assert [one.country for one in meanings("MV, Male, Maldives, Malé Atoll")] == ["MDV"] * 2

    def test_are_kept_until_an_actor_changes(self, desk, django_assert_num_queries):
        first = reading_names.on_record()

        with django_assert_num_queries(1):
            assert reading_names.on_record() is first
        describe(None, "company", "Yukos Oil")
        assert [one.text for one in reading_names.on_record().names.find("Yukos Oil")] == [
            "Yukos Oil"
        ]

    @pytest.mark.parametrize("name", ["Yukos Oil", "Rosneft Oil"])
    def test_are_not_those_of_a_change_that_was_undone(self, desk, name):
        # Both tests write at the same position, and are undone.
        describe(None, "company", name)
        found = reading_names.on_record().names.find("Yukos Oil and Rosneft Oil")

        assert [one.text for one in found] == [name]
