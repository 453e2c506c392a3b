"""Which countries a search names."""

import pytest

from tests.kit.tables import each
from tracker.domain.country_search import CountryName, CountryNames

NAMES_OF = {
    "KAZ": "Kazakhstan|Қазақстан|Казахстан|哈萨克斯坦|Kazakh",
    "RUS": "Russia|Россия|Russian",
    "USA": "United States|the United States of America|U.S.|US|США|美国",
    "CHN": "China|Китай|中国",
    "GBR": "United Kingdom",
    "KOR": "South Korea|Korea",
    "PRK": "North Korea|Korea",
    "IND": "India",
    "TUR": "Türkiye",
}
# Codes and capitals are found as whole words only.
WHOLE = {"KAZ": "KZ|KAZ|Astana", "RUS": "RUS", "IND": "IN", "ARE": "ARE", "POL": "Warsaw"}
NAMES = CountryNames(
    CountryName(name, code, whole=names is WHOLE)
    for names in (NAMES_OF, WHOLE)
    for code, some in names.items()
    for name in some.split("|")
)


def codes(text: str) -> list[tuple[str, ...]]:
    return [part.codes for part in NAMES.find(text).parts]


class TestACountry:
    @each(
        "text",
        [
            *("Kazakhstan", "kazakhstan", "KAZAKHSTAN", "kazakh", "kaz", "KZ", "kaza", "astana"),
            *("Қазақстан", "қазақстан", "Казахстан", "казахстаном", "в Казахстане", "哈萨克斯坦"),
        ],
    )
    def test_is_found_by_any_name_in_any_script_case_or_beginning(self, text):
        assert codes(text) == [("KAZ",)]

    @each("text", ["us", "US", "u.s.", "the U.S.", "united states", "США", "美国"])
    def test_is_found_by_initials_and_several_words(self, text):
        assert codes(text) == [("USA",)]

    def test_accents_do_not_matter(self):
        assert codes("turkiye") == [("TUR",)]

    def test_of_one_name_for_two_both_are_meant(self):
        assert codes("korea") == [("KOR", "PRK")]

    def test_a_beginning_means_the_shortest_names_first(self):
        assert codes("united") == [("USA", "GBR")]
        assert codes("united st") == [("USA",)]

    @pytest.mark.parametrize(
        ("text", "others"),
        [("trade in steel", ("trade", "in", "steel")), ("they are", ("they", "are"))],
    )
    def test_ordinary_words_that_are_codes_mean_nobody(self, text, others):
        found = NAMES.find(text)

        assert (found.parts, found.others) == ((), others)

    def test_a_code_in_capitals_is_meant(self):
        assert codes("IN steel") == [("IND",)]

    @each("text", ["war", "ka", "ro", "", "…", "2022", "'); --", "переговоры", "казахи"])
    def test_is_not_found_by_other_words(self, text):
        assert codes(text) == []

    def test_of_a_name_without_a_letter_is_left_out(self):
        assert CountryNames([CountryName("…", "KAZ")]).find("…").parts == ()

    def test_a_similar_name_is_near(self):
        assert NAMES.near("Kazakstan") == ["KAZ"]
        assert NAMES.near("xyzzy") == []


class TestAPair:
    @each(
        "text",
        [
            *("kazakh russia", "Kazakhstan and Russia", "KAZ-RUS", "kaz–rus", "Казахстан и Россия"),
            *("Казахстан Россией", "kazakhstan россия", "哈萨克斯坦 Russia"),
        ],
    )
    def test_is_found_by_its_countries(self, text):
        assert NAMES.find(text).pairs(5) == [("KAZ", "RUS")]

    @pytest.mark.parametrize(
        "text", ["США Китай", "美国 中国", "美国中国", "美国和中国", "us china"]
    )
    def test_is_found_in_any_script(self, text):
        assert NAMES.find(text).pairs(5) == [("USA", "CHN")]

    def test_three_countries_are_three_pairs(self):
        found = NAMES.find("China Russia Kazakhstan")

        assert found.codes == ["CHN", "RUS", "KAZ"]
        assert found.pairs(5) == [("CHN", "RUS"), ("CHN", "KAZ"), ("RUS", "KAZ")]
        assert found.pairs(2) == [("CHN", "RUS"), ("CHN", "KAZ")]

    def test_is_not_found_by_one_name_of_two_countries(self):
        assert NAMES.find("korea").pairs(5) == []
        assert NAMES.find("korea china").pairs(5) == [("KOR", "CHN"), ("PRK", "CHN")]

    def test_other_words_are_kept_for_the_claims(self):
        found = NAMES.find("sanctions of China and Russia on steel")

        assert found.pairs(5) == [("CHN", "RUS")]
        assert found.others == ("sanctions", "on", "steel")

    def test_is_not_found_by_two_names_of_one_country(self):
        assert NAMES.find("Russia Россия").pairs(5) == []
