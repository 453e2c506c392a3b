"""Records by what people call them: one, several or nobody."""

from datetime import date

import pytest

from tests.kit.builders import AT, BY, an_actor, an_id
from tracker.domain.reading.names import Meaning
from tracker.domain.records import Actor, Affiliation, Document, Name
from tracker.operations import actors, sources
from tracker.queries.records import names, reading_names
from tracker.queries.records.names import Directory, NamedRecord
from tracker.queries.records.reading_names import mentioned

pytestmark = pytest.mark.django_db
KAZ, ONE, OTHER = an_id(1), an_id(2), an_id(3)
HOUSE = Directory(
    "actor",
    [
        NamedRecord(id=KAZ, name="Kazakhstan", also=("KAZ", "KZ", "Nur-Sultan", "Казахстан")),
        NamedRecord(id=ONE, name="Congo", also=("COG",)),
        NamedRecord(id=OTHER, name="Congo", also=("COD", "Türkiye’s friend")),
    ],
)


class TestADirectory:
    @pytest.mark.parametrize("text", ["Kazakhstan", " kazakhstan ", "kz", "казахстан", str(KAZ)])
    def test_finds_by_name_code_alias_and_id_in_any_case(self, text):
        assert HOUSE.find(text).id == KAZ

    def test_finds_without_accents(self):
        assert HOUSE.find("turkiye’s friend").id == OTHER

    def test_names_all_that_share_a_name_so_that_one_can_be_picked(self):
        with pytest.raises(names.NoSuchName, match=f"the name of 2: write .*{ONE}.* or .*{OTHER}"):
            HOUSE.find("congo")

    def test_names_three_of_many_that_share_a_name(self):
        many = [NamedRecord(id=an_id(n), name="Congo") for n in range(1, 9)]
        with pytest.raises(names.AmbiguousName, match="the name of 8") as problem:
            Directory("actor", many).find("Congo")
        assert str(problem.value).count("Congo [") == 3

    def test_shows_the_beginning_of_a_long_text(self):
        with pytest.raises(names.NoSuchName) as problem:
            HOUSE.find("z" * 20_000)
        assert len(str(problem.value)) < 300

    def test_takes_its_own_labels_back(self):
        for one in HOUSE:
            assert HOUSE.find(HOUSE.label(one.id)).id == one.id

    def test_says_who_comes_near(self):
        with pytest.raises(names.NoSuchName, match=r"no actor on record .* nearest: Kazakhstan"):
            HOUSE.find("Kazakstan")

    def test_says_what_to_do_where_nobody_comes_near(self):
        with pytest.raises(names.NoSuchName, match="add the actor first"):
            HOUSE.find("Zzyzx")

    def test_says_the_same_of_a_name_again_and_of_any_number_of_names(self):
        said = [HOUSE.nobody(f"Kazakstan {n % 1_500}") for n in range(3_000)]

        assert said[:1_500] == said[1_500:]
        assert said[7].startswith("no actor on record is called 'Kazakstan 7'; nearest: Kazakhstan")


class TestDirectory:
    def test_knows_all_that_an_actor_goes_by(self):
        actor = Actor(
            kind="state",
            code="KAZ",
            names=(Name(text="Kazakhstan"), Name(text="Қазақстан", language="kk")),
            aliases=("Astana",),
            wikidata="Q232",
        )
        stream = actors.describe_actor(actor, at=AT, by="ann").stream
        found = names.directory("actor")

        for text in ("Kazakhstan", "қазақстан", "astana", "kaz", "Q232"):
            assert found.find(text).id == stream

    def test_calls_a_document_without_a_title_by_its_address(self, desk):
        document = Document(source=desk.source, url="https://example.org/a")
        stream = sources.describe_document(document, at=AT, by="ann").stream
        found = names.directory("document")

        assert found.label(stream) == "https://example.org/a"
        assert found.find("https://example.org/a").id == stream


@pytest.mark.django_db
class TestCountries:
    def test_are_called_by_their_printed_names(self, desk):
        assert names.countries(["KAZ", "XXX"]) == {"KAZ": "KAZ"}


DAY = date(2022, 5, 24)


def describe_actor(code=None, kind="organisation", *names, **more):
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
        lavrov = describe_actor(None, "person", "Sergei Lavrov", affiliations=(speaks,))

        assert meanings("Lavrov and Putin") == [
            Meaning(lavrov, None, "name"),
            Meaning(russia, "RUS", "office"),
        ]

    def test_codes_of_two_letters_and_ordinary_words_are_no_names(self, desk):
        describe_actor("MDV", "state", "Maldives", aliases=("MV", "Male", "Malé Atoll"))

        assert [one.country for one in meanings("MV, Male, Maldives, Malé Atoll")] == ["MDV"] * 2

    def test_are_kept_until_an_actor_changes(self, desk, django_assert_num_queries):
        first = reading_names.on_record()

        with django_assert_num_queries(1):
            assert reading_names.on_record() is first
        describe_actor(None, "company", "Yukos Oil")
        assert [one.text for one in reading_names.on_record().names.find("Yukos Oil")] == [
            "Yukos Oil"
        ]

    @pytest.mark.parametrize("name", ["Yukos Oil", "Rosneft Oil"])
    def test_are_not_those_of_a_change_that_was_undone(self, desk, name):
        # Both tests write at the same position, and are undone.
        describe_actor(None, "company", name)
        found = reading_names.on_record().names.find("Yukos Oil and Rosneft Oil")

        assert [one.text for one in found] == [name]


def named(text: str) -> list[tuple[str, set[str]]]:
    return mentioned().in_text(text)


class TestInText:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("Japan sends a note to China.", {"Japan": "JPN", "China": "CHN"}),
            ("India-China talks", {"India": "IND", "China": "CHN"}),
            ("A Russian patrol meets an Indian one", {"Russian": "RUS", "Indian": "IND"}),
            ("The U.S. and Great Britain", {"U.S.": "USA", "Great Britain": "GBR"}),
            ("Guinea is not Equatorial Guinea", {"Guinea": "GIN", "Equatorial Guinea": "GNQ"}),
            ("South Korean ships", {"South Korean": "KOR"}),
        ],
    )
    def test_finds_names_of_states_and_of_their_people(self, desk, text, names):
        assert named(text) == [(name, {code}) for name, code in names.items()]

    @pytest.mark.parametrize(
        "text",
        [
            "turkey and china plates",
            "the South China Sea",
            "He called his aunt Francesca",
            "",
            "12",
        ],
    )
    def test_takes_no_other_words_for_states(self, desk, text):
        assert [name for name, codes in named(text)] == []

    def test_reads_the_aliases_of_states_on_record(self, desk):
        names = (Name(text="Uzbekistan"),)
        tashkent = an_actor("UZB", names=names, aliases=("Tashkent",))
        actors.describe_actor(tashkent, at=AT, by=BY)

        assert named("Tashkent closes the border") == [("Tashkent", {"UZB"})]

    def test_needs_capitals_for_short_names(self, desk):
        actors.describe_actor(an_actor("USA", aliases=("US",)), at=AT, by=BY)

        assert named("The US and Russia") == [("US", {"USA"}), ("Russia", {"RUS"})]
        assert named("Us and them") == []


class TestOfActor:
    def test_is_the_state_or_those_that_it_speaks_for_or_has_as_members(self, desk):
        minister = desk.speaker("RUS")
        members = (desk.countries["KAZ"], minister)
        group = actors.describe_actor(
            an_actor(None, kind="group", members=members), at=AT, by=BY
        ).stream
        mentions = mentioned()

        assert mentions.of_actor(desk.countries["KAZ"]) == {"KAZ"}
        assert mentions.of_actor(minister) == {"RUS"}
        assert mentions.of_actor(group) == {"KAZ", "RUS"}
        assert mentions.of_actor(desk.document) == set()


class TestOfName:
    def test_is_the_state_that_a_name_or_a_code_means(self, desk):
        mentions = mentioned()

        assert mentions.of_name("Japan") == mentions.of_name("JPN") == {"JPN"}
        assert mentions.of_name("Somebody") == set()
