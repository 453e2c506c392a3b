"""Names of countries and months in twelve languages."""

from itertools import combinations

import pytest

from tracker.domain.dates.edtf import LONGEST
from tracker.imports.formats import cldr


class TestMonths:
    def test_are_in_full_and_short_in_each_form(self):
        months = cldr.months("ru")

        assert [months[name] for name in ("март", "марта", "мар", "нояб")] == [3, 3, 3, 11]

    @pytest.mark.parametrize("language", cldr.LANGUAGES)
    def test_are_twelve(self, language):
        assert sorted(set(cldr.months(language).values())) == list(range(1, 13))

    @pytest.mark.parametrize("pair", [*combinations(cldr.LANGUAGES, 2)], ids="-".join)
    def test_of_two_languages_agree(self, pair):
        one, other = map(cldr.months, pair)

        assert [name for name in one.keys() & other.keys() if one[name] != other[name]] == []


class TestInEnglish:
    @pytest.mark.parametrize(
        ("language", "text", "english"),
        [
            ("fr", "12 MARS 2022", "12 March 2022"),
            ("fr", "12août2022", "12August2022"),
            ("ru", "12 марта 2022", "12 March 2022"),
            ("ja", "2022年12月3日", "2022年December3日"),
            ("ko", "13월, 12월", "13월, December"),
        ],
    )
    def test_replaces_names_of_months(self, language, text, english):
        assert cldr.in_english(text, language) == english

    @pytest.mark.parametrize("language", cldr.LANGUAGES)
    def test_leaves_letters_that_only_look_alike(self, language):
        # A regular expression that ignores case takes the Turkish dotless i for an i.
        assert cldr.in_english("12 apr\u0131l 2022", language) == "12 apr\u0131l 2022"


class TestDates:
    @pytest.mark.parametrize(
        ("language", "text", "edtf"),
        [
            ("en", "March 3, 2022", "2022-03-03"),
            ("fr", "12 mars 2022", "2022-03-12"),
            ("fr", "  FÉVR.   2022 ", "2022-02"),
            ("de", "12. März 2022", "2022-03-12"),
            ("ru", "12 марта 2022 г.", "2022-03-12"),
            ("zh", "2022年3月12日", "2022-03-12"),
            ("ko", "2022년 3월 12일", "2022-03-12"),
            ("ar", "12 مارس 2022", "2022-03-12"),
            ("ar", "١٢ مارس ٢٠٢٢", "2022-03-12"),
            ("pt", "1º de maio de 2022", "2022-05-01"),
            ("tr", "12 Ağustos 2022", "2022-08-12"),
        ],
    )
    def test_are_read_as_a_language_writes_them(self, language, text, edtf):
        assert list(cldr.dates(text, language)) == [edtf]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "mars",
            "31 février 2022",
            "0 mars 2022",
            "mars 0022",
            "mars ٠٠٢٢",
            "12 märz 2022",
            "2022",
        ],
    )
    def test_are_not_read_from_other_texts(self, text):
        assert list(cldr.dates(text, "fr")) == []

    def test_are_short(self):
        assert list(cldr.dates("12 mars 2022" + " " * LONGEST, "fr")) == []
