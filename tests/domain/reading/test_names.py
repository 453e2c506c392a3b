"""Whom a text names: states, peoples and persons."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.offices import TABLE_ENDS, Holder, Office, shipped
from tracker.domain.reading import reference_names
from tracker.domain.reading.names import Meaning, NameEntry, Names
from tracker.domain.reading.people import Person, is_common, is_title, only_begins

NATO, KAZAKHSTAN, GROUP, PUTIN, SMITH = (UUID(int=number) for number in range(1, 6))
DAY = date(2022, 5, 24)
REFERENCE = Names(reference_names.entries({}, {}))


def found(text: str, names: Names = REFERENCE) -> list[tuple[str, str]]:
    return [
        (one.text, " ".join(str(meaning.country) for meaning in one.meanings))
        for one in names.find(text, DAY)
    ]


def named(*texts: str) -> Names:
    return Names(NameEntry(text, Meaning(NATO, None, "name")) for text in texts)


class TestFind:
    @each(
        ("text", "names"),
        [
            ("Malians left Mali.", {"Malians": "MLI", "Mali": "MLI"}),
            ("Kazakh-Chinese oil", {"Kazakh": "KAZ", "Chinese": "CHN"}),
            ("Russia’s and China's men", {"Russia": "RUS", "China": "CHN"}),
            ("the U.S., the US", {"U.S.": "USA", "US": "USA"}),
            ("Guinea, Guinea-Bissau", {"Guinea": "GIN", "Guinea-Bissau": "GNB"}),
            ("Cote d'Ivoire, Côte d’Ivoire", {"Cote d'Ivoire": "CIV", "Côte d’Ivoire": "CIV"}),
            ("Saint Kitts and Nevis", {"Saint Kitts and Nevis": "KNA"}),
            ("St. Lucia", {"St. Lucia": "LCA"}),
            ("North\nKorea", {"North\nKorea": "PRK"}),
            ("a Congolese patrol", {"Congolese": "COD COG"}),
            ("Washington, D.C. and Bamako", {"Washington": "USA", "Bamako": "MLI"}),
            ("the Kremlin, N’Djamena", {"Kremlin": "RUS", "N’Djamena": "TCD"}),
        ],
    )
    def test_finds_states_peoples_and_seats(self, text, names):
        assert found(text) == list(names.items())

    @each(
        "text",
        [
            "the South China Sea and the Gulf of Guinea",
            "turkey, us and polish",
            "pro-Russian, ex-Soviet and non-Chinese",
            "a Washington Post for Male officers",
            "The Republic. Of Korea nothing.",
            "South\n\nKorea",
            "",
            "12 3.4 _ —",
        ],
    )
    def test_takes_no_other_words_for_states(self, text):
        assert [one for one in found(text) if one[0] != "Korea"] == []

    def test_says_how_a_name_means_somebody(self):
        bases = {
            one.text: one.meanings[0].basis
            for one in REFERENCE.find("Mali’s and the Malians’ men in Bamako")
        }

        assert bases == {"Mali": "name", "Malians": "people", "Bamako": "seat"}

    def test_places_are_those_of_the_text(self):
        text = "Then U.S. and Malian men left."

        assert [(one.start, one.end) for one in REFERENCE.find(text)] == [(5, 9), (14, 20)]

    def test_needs_capitals_for_short_names(self):
        names = named("AU", "Mali")

        assert [one[0] for one in found("The AU, Au, au, mali, Mali", names)] == ["AU", "Mali"]

    def test_reads_names_with_digits(self):
        assert [one[0] for one in found("M23, G7 and 7", named("M23", "G7", "7"))] == [
            "M23",
            "G7",
        ]

    @pytest.mark.parametrize("text", ["al-Shabaab", "Al-Shabaab", "Al Shabaab"])
    def test_reads_names_that_begin_with_a_particle(self, text):
        assert found(f"It was {text} again", named("al-Shabaab"))[0][0] == text

    def test_leaves_out_an_article(self):
        assert found("the West, The West", named("the West")) == [("West", "None")] * 2

    def test_ignores_a_name_without_words(self):
        assert found("The men", named("…", "the ")) == []

    def test_offers_all_meanings_each_once(self):
        names = Names(
            [
                NameEntry("Congo", Meaning(None, "COD", "name")),
                NameEntry("Congo", Meaning(None, "COG", "name")),
                NameEntry("Congo", Meaning(None, "COD", "people")),
            ]
        )

        assert names.find("Congo")[0].meanings == names.meanings("CONGO")
        assert [one.country for one in names.meanings("Congo")] == ["COD", "COG"]

    def test_offers_an_actor_whose_name_otherwise_means_nobody(self):
        sea = NameEntry("Black Sea", None)

        assert Names([sea]).find("Black Sea") == ()
        assert Names([sea, NameEntry("Black Sea", Meaning(GROUP, None, "name"))]).find("Black Sea")

    @given(st.text() | st.lists(st.sampled_from(["U.S.", "Mali", "-", " ", "Putin", "’s"])))
    def test_mentions_are_parts_of_the_text_in_order(self, text):
        text = "".join(text)
        mentions = REFERENCE.find(text)

        assert all(one.text == text[one.start : one.end] for one in mentions)
        places = [place for one in mentions for place in (one.start, one.end)]
        assert places == sorted(places)


class TestMeanings:
    def test_are_those_of_the_whole_name(self):
        assert [one.country for one in REFERENCE.meanings("the united states")] == ["USA"]

    @pytest.mark.parametrize("name", ["", "United", "United States of Nowhere", "South China Sea"])
    def test_are_none_for_others(self, name):
        assert REFERENCE.meanings(name) == ()


MACRON = Person(
    names=("Emmanuel Macron",), offices=(Office("FRA", "government", date(2017, 5, 14)),)
)
XI = Person(names=("Xi Jinping",), offices=(Office("CHN", "government", date(2013, 3, 14)),))
BROWN = Person(names=("Gordon Brown",), offices=(Office("GBR", "government", date(2007, 6, 27)),))
LEYEN = Person(
    names=("Ursula von der Leyen",), offices=(Office("DEU", "government", date(2013, 12, 17)),)
)
OLD_LEE = Person(
    names=("Lee Myung-bak",),
    offices=(Office("KOR", "government", date(2008, 2, 25), date(2013, 2, 25)),),
)


class TestPeople:
    def found(self, text: str, *people: Person, day: date | None = DAY) -> list[tuple[str, str]]:
        names = Names([], people or (MACRON, XI, BROWN, LEYEN, OLD_LEE))
        return [(one.text, one.meanings[0].country) for one in names.find(text, day)]

    @each(
        ("text", "names"),
        [
            ("Emmanuel Macron and Macron", ["Emmanuel Macron", "Macron"]),
            ("Emmanuel Macron’s men", ["Emmanuel Macron"]),
            ("While Macron waited", ["Macron"]),
            ("President Macron", ["Macron"]),
            ("Xi met Xi Jinping; Xi left", ["Xi Jinping", "Xi"]),
            ("President Xi", ["Xi"]),
            ("Brown, Gordon Brown, Brown", ["Gordon Brown", "Brown"]),
            ("Mr. Brown left", ["Brown"]),
            ("He met von der Leyen", ["von der Leyen"]),
            ("Brigitte Macron and James Brown", []),
            ("brown Leyen", []),
            ("Lee Myung-bak", []),
        ],
    )
    def test_holders_of_offices_stand_for_their_state(self, text, names):
        assert [name for name, _ in self.found(text)] == names

    def test_counts_the_office_on_the_day(self):
        assert self.found("Lee Myung-bak", day=date(2010, 1, 1)) == [("Lee Myung-bak", "KOR")]
        assert self.found("Macron", day=date(2017, 5, 13)) == []
        assert self.found("Macron", day=None) == []

    def test_the_state_can_be_on_record(self):
        names = Names([], [MACRON], {"FRA": KAZAKHSTAN})

        assert names.find("Macron", DAY)[0].meanings == (Meaning(KAZAKHSTAN, "FRA", "office"),)

    def test_persons_on_record_stand_for_themselves(self):
        putin = Person(names=("Vladimir Putin", "Wang"), actor=PUTIN)
        names = Names([], [putin])

        # "Wang" is common, but the record says that it is a name.
        assert [one.meanings for one in names.find("Putin, Wang")] == [
            (Meaning(PUTIN, None, "name"),)
        ] * 2

    def test_a_surname_of_two_persons_is_nobodys(self):
        other = Person(names=("Jean Macron",), actor=SMITH)

        assert self.found("Macron", MACRON, other) == []
        assert self.found("Emmanuel Macron. Macron", MACRON, other) == [
            ("Emmanuel Macron", "FRA"),
            ("Macron", "FRA"),
        ]

    def test_ignores_a_name_without_words(self):
        assert self.found("The — …", Person(names=("—", "— …"), actor=SMITH)) == []

    def test_follows_the_name_of_a_people(self):
        names = Names(reference_names.entries({}, {}), [MACRON])

        assert [one.text for one in names.find("French Macron", DAY)] == ["French", "Macron"]


class TestASurname:
    @staticmethod
    def names(*texts: str) -> Names:
        office = Office("EGY", "government", date(2014, 6, 8), date(2025, 1, 1))
        return Names([], [Person(names=(text,), offices=(office,)) for text in texts])

    def test_follows_a_month(self):
        assert found("By 10 October Sisi left.", self.names("Abdel Fattah el-Sisi")) == [
            ("Sisi", "EGY")
        ]

    def test_is_that_of_another_where_a_common_one_is_a_first_name(self):
        names = self.names("Abiy Ahmed")

        assert found("Abiy Ahmed left. Ahmed Madobe came.", names) == [("Abiy Ahmed", "EGY")]
        assert found("Abiy Ahmed left, and Ahmed", names)[1:] == [("Ahmed", "EGY")]


IN_OFFICE = Office("RUS", "government", date(2012, 5, 7), TABLE_ENDS)


class TestPerson:
    def test_holds_an_office_after_the_table_if_at_its_end(self):
        person = Person.of(Holder(names=("Vladimir Putin",), offices=(IN_OFFICE,)))

        assert person.office_on(date(2026, 1, 1)) == IN_OFFICE
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
