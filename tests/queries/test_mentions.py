"""Which states a text names."""

import pytest

from tests.kit.builders import AT, BY, an_actor
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors
from tracker.queries.records.reading_names import mentioned

pytestmark = pytest.mark.django_db


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
        speaks = Affiliation(country=desk.countries["RUS"], sector="government")
        minister = actors.describe_actor(
            an_actor(None, kind="organisation", affiliations=(speaks,)), at=AT, by=BY
        ).stream
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
