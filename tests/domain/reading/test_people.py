"""Persons in a text."""

from datetime import date

from tests.kit.tables import each
from tracker.domain.offices import TABLE_ENDS, Holder, Office, shipped
from tracker.domain.reading.people import Person, is_common, is_title, only_begins

PUTIN = Office("RUS", "government", date(2012, 5, 7), TABLE_ENDS)


class TestPerson:
    def test_holds_an_office_after_the_table_if_at_its_end(self):
        person = Person.of(Holder(names=("Vladimir Putin",), offices=(PUTIN,)))

        assert person.office_on(date(2026, 1, 1)) == PUTIN
        assert person.office_on(date(2012, 5, 6)) is None
        assert person.office_on(None) is None

    @each(
        ("name", "country", "surnames"),
        [
            ("Emmanuel Macron", "FRA", ["Macron"]),
            ("Ursula von der Leyen", "DEU", ["von der Leyen"]),
            ("Ferdinand Marcos Jr.", "PHL", ["Marcos"]),
            ("Abdel Fattah el-Sisi", "EGY", ["el-Sisi", "Sisi"]),
            ("Charles III", "GBR", []),
            ("Pashinyan", "ARM", []),
            ("Xi Jinping", "CHN", ["Xi"]),
            ("Dominique de Villepin", "FRA", ["de Villepin"]),
        ],
    )
    def test_has_surnames(self, name, country, surnames):
        person = Person(names=(name,), offices=(Office(country, "government"),))

        assert list(person.surnames()) == surnames

    def test_all_of_the_shipped_table_have_a_name_of_several_words(self):
        assert all(any(" " in name for name in Person.of(one).names) for one in shipped())


class TestWords:
    def test_common_surnames_are_short_or_listed(self):
        assert is_common("xi")
        assert is_common("brown")
        assert not is_common("macron")

    def test_titles(self):
        assert is_title("President")
        assert is_title("Gen")
        assert not is_title("Affair")

    def test_words_that_have_a_capital_only_at_the_start(self):
        assert only_begins("While")
        assert only_begins("Defying")
        assert not only_begins("Emmanuel")


def test_a_person_with_a_western_first_name_has_the_surname_of_all_names():
    office = Office("TWN", "government", date(2024, 5, 20), TABLE_ENDS)
    person = Person(names=("Lai Ching-te", "William Lai"), offices=(office,))

    assert list(person.surnames()) == ["Lai", "Lai"]
