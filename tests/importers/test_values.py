"""Where a value comes from, how a cell becomes a date, and what it must be for a rule."""

import pytest

from tracker.imports.formats.base import BadCell, TableRow
from tracker.imports.formats.conditions import LONGEST_COMPARED, LONGEST_PATTERN, Condition, read
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.sections import BadMapping, Section
from tracker.imports.formats.values import ActorName, DateSource, Value, precision


def a_row(days=(), **cells) -> TableRow:
    return TableRow(line=7, cells=cells, faults={}, days=frozenset(days))


def edtf(text: str, *formats: str, days=()) -> str:
    return DateSource(value=Value(column="day"), formats=formats).edtf(a_row(day=text, days=days))


class TestValue:
    def test_is_empty_where_all_that_a_template_asks_for_is(self):
        template = Value(template="From {who}, {what}")

        assert template.text(a_row(who="", what="")) == ""
        assert template.text(a_row(who="KAZ", what="")) == "From KAZ,"
        assert Value(template="always").text(a_row()) == "always"

    def test_puts_another_text_in_place_of_some(self):
        value = Value(column="who", values={"Türkei": "TUR", "": "nobody"})

        assert [value.text(a_row(who=one)) for one in ("Türkei", "", "KAZ")] == [
            "TUR",
            "nobody",
            "KAZ",
        ]

    def test_cuts_a_cell_into_several(self):
        value = Value(column="who", split=";", values={"Türkei": "TUR"})

        assert value.texts(a_row(who=" KAZ;; Türkei ;")) == ["KAZ", "TUR"]
        assert Value(column="who").texts(a_row(who="Bonn; Berlin")) == ["Bonn; Berlin"]
        assert Value(column="who").texts(a_row(who="")) == []

    @pytest.mark.parametrize(
        ("address", "host"),
        [
            ("https://www.MFA.gov.kz:443/a?b", "mfa.gov.kz"),
            ("http://example.org", "example.org"),
            ("", ""),
        ],
    )
    def test_is_the_host_of_an_address(self, address, host):
        assert Value(host_of="url").text(a_row(url=address)) == host

    @pytest.mark.parametrize("address", ["example.org/a", "see below", "http://[half"])
    def test_refuses_what_is_no_address(self, address):
        with pytest.raises(BadCell, match="is not an address such as https"):
            Value(host_of="url").text(a_row(url=address))

    def test_blames_the_first_column_that_it_is_made_of(self):
        assert Value(template="{who} {what}").columns == ("who", "what")
        assert Value(template="{who} {what}").main_column == "who"
        assert Value(constant="x").main_column == ""


class TestWhen:
    @pytest.mark.parametrize(
        ("text", "form", "expected"),
        [
            ("2022-05", "%Y-%m", "2022-05"),
            ("11.05.2022", "%d.%m.%Y", "2022-05-11"),
            ("11 May 2022", "%d %b %Y", "2022-05-11"),
            ("20220511", "%Y%m%d", "2022-05-11"),
        ],
    )
    def test_is_as_fine_as_its_format(self, text, form, expected):
        assert edtf(text, form) == expected

    def test_is_read_from_words_or_as_edtf_without_a_format(self):
        assert edtf("late March 2022") == "[2022-03-21..2022-03-31]"
        assert edtf("2022-05-11/..") == "2022-05-11/.."
        assert edtf("unknown") == edtf("") == ""

    def test_is_what_a_cell_says_that_is_a_date_by_itself(self):
        assert edtf("2022-05", "%d.%m.%Y", days=("day",)) == "2022-05"

    def test_tries_all_formats(self):
        assert edtf("2022-05", "%Y", "%Y-%m") == "2022-05"

    @pytest.mark.parametrize(
        ("text", "formats", "says"),
        [
            ("2022-13", ["%Y-%m"], "is not a date like %Y-%m"),
            ("31.02.2022", ["%d.%m.%Y", "%Y"], "is not a date like %d.%m.%Y or %Y"),
            ("0022-05", ["%Y-%m"], "is not a date"),
            ("05/03/2024", ["%d/%m/%Y", "%m/%d/%Y"], "can mean 2024-03-05 or 2024-05-03"),
            ("05/03/2024", [], "05/03/2024"),
            ("soon", [], "soon"),
        ],
    )
    def test_refuses_what_is_no_date_or_can_mean_two(self, text, formats, says):
        with pytest.raises(BadCell, match=says) as problem:
            edtf(text, *formats)
        assert (problem.value.column, problem.value.value) == ("day", text)

    def test_takes_one_reading_for_one_whichever_format_gave_it(self):
        assert edtf("05/05/2024", "%d/%m/%Y", "%m/%d/%Y") == "2024-05-05"

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("2022-05-01", "2022-05-03", "2022-05-01/2022-05-03"),
            ("2022-05-01", "2022-05-01", "2022-05-01"),
            ("2022-05-01", "", "2022-05-01"),
            ("", "2022-05-03", "2022-05-03"),
            ("", "", ""),
        ],
    )
    def test_lasts_until_another_column_says(self, start, end, expected):
        when = DateSource(value=Value(column="day"), until=Value(column="end"))

        assert when.edtf(a_row(day=start, end=end)) == expected
        assert when.columns == ("day", "end")


class TestNamesOfMonths:
    @pytest.mark.parametrize(
        ("text", "form", "expected"),
        [
            ("12 mars 2022", "%d %B %Y", "2022-03-12"),
            ("12 févr. 2022", "%d %b %Y", "2022-02-12"),
            ("12 марта 2022", "%d %b %Y", "2022-03-12"),
            ("12 March 2022", "%d %B %Y", "2022-03-12"),
        ],
    )
    def test_may_be_of_some_languages_in_formats(self, text, form, expected):
        assert in_months(text, form) == expected

    @pytest.mark.parametrize("text", ["12 Mart 2022", "12 mars 22", "mars 2022"])
    def test_are_of_no_others(self, text):
        with pytest.raises(BadCell, match=r"is not a date like %d %B %Y$"):
            in_months(text, "%d %B %Y")

    def test_may_be_of_some_languages_in_words(self):
        assert in_months("12 марта 2022 г.") == "2022-03-12"
        assert in_months("mars 2022") == "2022-03"
        assert in_months("late March 2022") == "[2022-03-21..2022-03-31]"
        assert in_months("2022-03-12/..") == "2022-03-12/.."


def in_months(text: str, *formats: str) -> str:
    date = DateSource(value=Value(column="day"), formats=formats, months=("fr", "ru"))
    return date.edtf(a_row(day=text))


class TestWordsBesideFormats:
    @pytest.mark.parametrize(
        ("text", "expected", "words"),
        [
            ("05.03.2024", "2024-03-05", ""),
            ("late March 2022", "[2022-03-21..2022-03-31]", "late March 2022"),
            ("2022-05", "2022-05", "2022-05"),
            ("unknown", "", "unknown"),
            ("", "", ""),
        ],
    )
    def test_are_read_where_no_format_fits(self, text, expected, words):
        assert (BESIDE.edtf(a_row(day=text)), BESIDE.words(a_row(day=text))) == (expected, words)

    def test_are_refused_as_words_are(self):
        with pytest.raises(BadCell, match="which"):
            BESIDE.edtf(a_row(day="11 May"))

    def test_do_not_decide_between_formats(self):
        either = DateSource(
            value=Value(column="day"), formats=("%d/%m/%Y", "%m/%d/%Y"), or_words=True
        )

        with pytest.raises(BadCell, match="can mean 2024-03-05 or 2024-05-03"):
            either.edtf(a_row(day="05/03/2024"))

    def test_are_not_kept_without_the_key(self):
        assert DateSource(value=Value(column="day"), formats=("%Y",)).words(a_row(day="x")) == ""


BESIDE = DateSource(value=Value(column="day"), formats=("%d.%m.%Y",), or_words=True)


def names(value, row, edtf):
    return [actor.name for actor in value.actors(row, edtf)]


class TestActors:
    COW = Value(
        column="who",
        split=";",
        values={"345": "YUG", "EU": "EUN"},
        countries=CountryScheme(scheme="cow"),
    )

    def test_are_states_of_a_scheme_on_a_date(self):
        row = a_row(who="365; 2")

        assert names(self.COW, row, "1980-01-01") == ["SUN", "USA"]
        assert names(self.COW, row, "2000-01-01") == ["RUS", "USA"]

    def test_are_replaced_before_the_scheme_is_read(self):
        assert names(self.COW, a_row(who="345;EU"), "2010") == ["YUG", "EUN"]

    def test_are_one_where_a_cell_has_no_list(self):
        assert self.COW.actor(a_row(who="710"), "") == ActorName("CHN")
        assert self.COW.actor(a_row(who=""), "") == ActorName("")
        nobody = Value(column="who", values={"": "nobody"})
        assert nobody.actor(a_row(who=""), "") == ActorName("nobody")

    def test_are_names_without_a_scheme(self):
        assert names(Value(column="who"), a_row(who="365"), "1980-01-01") == ["365"]

    @pytest.mark.parametrize(
        ("who", "edtf", "value", "says"),
        [
            ("2;999", "1980", "999", "is unknown in Correlates of War"),
            ("365", "", "365", "can be Russia"),
            ("365", "1980-13", "365", "1980-13"),
        ],
    )
    def test_that_are_no_state_are_refused(self, who, edtf, value, says):
        with pytest.raises(BadCell) as problem:
            self.COW.actors(a_row(who=who), edtf)

        assert (problem.value.column, problem.value.value) == ("who", value)
        assert says in problem.value.reason


class TestFineness:
    @pytest.mark.parametrize(
        ("form", "fine"),
        [
            ("%Y-%m-%d", 3),
            ("%B %Y", 2),
            ("%Y", 1),
            ("%m-%d", 0),
            ("%Y-%m-%d %H:%M", 0),
            ("%Y %b %m", 0),
            ("day", 0),
        ],
    )
    def test_knows_formats_that_say_when(self, form, fine):
        assert precision(form) == fine


def condition(content: object) -> Condition:
    return read(Section("codes[1].when", {"scale": content}), "scale")


def fits(content: object, text: str) -> bool:
    return condition(content).fits(a_row(scale=text), "scale")


class TestFits:
    @pytest.mark.parametrize(
        ("content", "text", "expected"),
        [
            ("visit", "visit", True),
            ("visit", "Visit", False),
            (["visit", "call"], "call", True),
            ([], "", False),
            ({"like": "*visit*"}, "A State VISIT.", True),
            ({"like": ["meets ?", "talks"]}, "meets x", True),
            ({"like": ["meets ?", "talks"]}, "meets", False),
            ({"like": "*"}, "", True),
            ({"like": "-1*"}, "-10", True),
        ],
    )
    def test_compares_texts_and_patterns(self, content, text, expected):
        assert fits(content, text) is expected

    @pytest.mark.parametrize(
        ("numbers", "inside", "outside"),
        [
            ("1..5", "1 5 5.0 +3 2.5 1e0 01", "0.99 5.01 -3"),
            ("-10 .. -5", "-10 −7.5 -5", "-4.9 5"),
            ("<0", "-0.1 -1e9", "0 -0 0.0 1"),
            ("<=0", "-3 0 -0.0", "0.1"),
            (">7", "7.01 8", "7 7.0 6"),
            (">= 7", "7 7.0 1000000", "6.999"),
            ("7", "7 7.0 007", "7.1 6"),
            (["<-5", "9"], "-6 9", "-5 8"),
            ("3..3", "3", "2.9 3.1"),
        ],
    )
    def test_compares_numbers(self, numbers, inside, outside):
        assert [one for one in inside.split() if not fits({"number": numbers}, one)] == []
        assert [one for one in outside.split() if fits({"number": numbers}, one)] == []

    @pytest.mark.parametrize(
        "text",
        ["", "many", "1,5", "40%", "1 000", "NaN", "Infinity", "1e999", "1_0", "٣", "1" * 31],
    )
    def test_takes_other_texts_for_no_number(self, text):
        assert not fits({"number": [">=-99", "<99"]}, text)

    def test_needs_only_one_of_a_pattern_and_a_range(self):
        both = {"like": "none", "number": "<0"}

        assert [fits(both, text) for text in ("none", "-1", "1")] == [True, True, False]

    def test_refuses_to_compare_long_texts_with_patterns(self):
        assert fits({"like": "x*"}, "x" * LONGEST_COMPARED)
        with pytest.raises(BadCell, match="is 1001 characters long; at most 1000 are compared"):
            fits({"like": "x*"}, "x" * (LONGEST_COMPARED + 1))

    def test_takes_no_time_for_patterns_that_nearly_fit(self):
        assert not fits({"like": "*a" * (LONGEST_PATTERN // 2 - 1) + "b"}, "a" * LONGEST_COMPARED)


class TestRead:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (5, 'codes[1].when.scale: must be a text or a list such as ["x", "y"]'),
            ([5], "codes[1].when.scale: must be a text or a list"),
            ({}, "codes[1].when.scale: must have `like` or `number`, such as {number"),
            ({"likes": "x"}, "codes[1].when.scale.likes: is an unknown key; did you mean like?"),
            ({"like": 5}, "codes[1].when.scale.like: must be a text or a list"),
            ({"like": "x" * 201}, "codes[1].when.scale.like: one is longer than 200 characters"),
            ({"number": 5}, "codes[1].when.scale.number: must be a text or a list"),
            ({"number": "5..1"}, "codes[1].when.scale.number: '5..1' is empty: write the lower"),
            ({"number": "1-5"}, "codes[1].when.scale.number: '1-5' is no range such as 1..5, <0"),
            ({"number": "<"}, "codes[1].when.scale.number: '<' is no range"),
            ({"number": "=>5"}, "codes[1].when.scale.number: '=>5' is no range"),
        ],
    )
    def test_names_what_is_wrong(self, content, says):
        with pytest.raises(BadMapping) as problem:
            condition(content)
        assert str(problem.value).startswith(says)


class TestAPattern:
    @pytest.mark.parametrize(
        ("text", "expected"), [("The [Update] of May", True), ("a date", False)]
    )
    def test_means_its_brackets_as_they_are(self, text, expected):
        assert fits({"like": "*[update]*"}, text) is expected
