"""Records by what people call them: one, several or nobody."""

import pytest

from tests.kit.builders import AT, an_id
from tracker.domain.records import Actor, Document, Name
from tracker.operations import actors, sources
from tracker.queries.records import names
from tracker.queries.records.names import Directory, NamedRecord

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

    def test_calls_a_stranger_by_the_id(self):
        assert HOUSE.label(an_id(9)) == str(an_id(9))

    def test_says_of_an_id_whether_it_is_there(self):
        assert KAZ in HOUSE
        assert an_id(9) not in HOUSE


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
