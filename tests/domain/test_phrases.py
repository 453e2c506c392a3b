"""Dates as people type them, and as they are said in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.edtf_texts import EDTF
from tests.kit.tables import each
from tracker.domain.dates.description import date_name, describe
from tracker.domain.dates.edtf import BadDate, bounds
from tracker.domain.dates.phrases import UNKNOWN, from_phrase

# phrase and EDTF as the reference cases have them
CASES = [
    ("late March 2022 (point event, day unknown)", "[2022-03-21..2022-03-31]"),
    ("late March 2022 (lasted through the period)", "2022-03-21/2022-03-31"),
    ("May 2022 or June 2022", "[2022-05,2022-06]"),
    ("May to June 2022", "2022-05/2022-06"),
    ("both May and June 2022", "{2022-05,2022-06}"),
    ("around 2020", "2020~"),
    ("about 25 March 2022", "2022-03-25~"),
    ("uncertain 2022", "2022?"),
    ("before 24 May 2022, start open", "../2022-05-24"),
    ("before 24 May 2022, start unknown", "/2022-05-24"),
    ("since 24 May 2022, ongoing", "2022-05-24/.."),
    ("a day in March 2022", "2022-03-XX"),
    ("spring 2022 (northern)", "2022-21"),
    ("Q1 2022", "2022-33"),
    ("2022-05-11", "2022-05-11"),
]

ONE_DATE = [
    ("11 May 2022", "2022-05-11"),
    ("on the 11th of May, 2022", "2022-05-11"),
    ("May 11, 2022", "2022-05-11"),
    ("  MAY  11,\u00a02022 ", "2022-05-11"),
    ("2022/5/11", "2022-05-11"),
    ("25/03/2024", "2024-03-25"),
    ("03/25/2024", "2024-03-25"),
    ("5.5.2024", "2024-05-05"),
    ("May 2022", "2022-05"),
    ("in the month of May 2022", "2022-05"),
    ("Sept. 2022", "2022-09"),
    ("the year 2020", "2020"),
    ("the 1990s", "199X"),
    ("early March 2022", "[2022-03-01..2022-03-10]"),
    ("mid-March 2022", "[2022-03-11..2022-03-20]"),
    ("late February 2024", "[2024-02-21..2024-02-29]"),
    ("spring of 2022", "2022-21"),
    ("fall 2021", "2021-23"),
    ("southern winter 2022", "2022-32"),
    ("winter 2021/22", "2021-24"),
    ("the winter of 1999–2000", "1999-24"),
    ("the second half of 2022", "2022-41"),
    ("4th quarter of 2022", "2022-36"),
    ("2022 Q3", "2022-35"),
    ("H2 2022", "2022-41"),
    ("circa 2020", "2020~"),
    ("in or around March 2022", "2022-03~"),
    ("probably 11 May 2022", "2022-05-11?"),
]

RANGES = [
    ("between 21 and 31 March 2022", "[2022-03-21..2022-03-31]"),
    ("21–31 March 2022", "[2022-03-21..2022-03-31]"),
    ("March 21-31, 2022", "[2022-03-21..2022-03-31]"),
    ("May-June 2022", "[2022-05..2022-06]"),
    ("2020-2022", "[2020..2022]"),
    ("between March and 24 May 2022", "[2022-03-01..2022-05-24]"),
    ("between late March and early April 2022", "[2022-03-21..2022-04-10]"),
    ("between the 1990s and 2004", "[1990-01-01..2004-12-31]"),
    ("from 21 to 31 March 2022", "2022-03-21/2022-03-31"),
    ("from 21 March 2022 until 31 March", "2022-03-21/2022-03-31"),
    ("from around March 2022 to May 2022", "2022-03~/2022-05"),
    ("from late March 2022 to May 2022", "2022-03-21/2022-05"),
    ("throughout March 2022", "2022-03-01/2022-03-31"),
    ("since 24 February 2022", "2022-02-24/.."),
    ("since late March 2022", "2022-03-21/.."),
    ("since winter 2021/22", "2021-24/.."),
    ("until 24 May 2022", "[..2022-05-24]"),
    ("by 24 May 2022", "[..2022-05-24]"),
    ("before 24 May 2022", "[..2022-05-24]"),
    ("before May 2022", "[..2022-04-30]"),
    ("before late March 2022", "[..2022-03-20]"),
    ("after 24 May 2022", "[2022-05-24..]"),
    ("after May 2022", "[2022-06-01..]"),
    ("11 or 12 May 2022", "[2022-05-11,2022-05-12]"),
    ("May 11 or 12, 2022", "[2022-05-11,2022-05-12]"),
    ("either May, June, or July 2022", "[2022-05,2022-06,2022-07]"),
    ("late March or early April 2022", "[2022-03-21..2022-03-31,2022-04-01..2022-04-10]"),
    ("Q1 or Q3 2022", "[2022-01..2022-03,2022-07..2022-09]"),
]

REFUSED = [
    ("05/03/2024", "2024-03-05 or 2024-05-03"),
    ("5.3.2024", "day first or month first"),
    ("30/30/2024", "months are 1 to 12"),
    ("05/03/24", "which part is the year"),
    ("winter 2022", "'winter 2021/22' or 'winter 2022/23'"),
    ("winter 2021/23", "is not a winter"),
    ("late 2022", "only months have early, mid and late"),
    ("11 May", "which year"),
    ("yesterday", "write the day itself"),
    ("2022-02-30", "not in the calendar"),
    ("[2022-05, 2022-06]", "has no spaces"),
    ("May 0000", "years run from 0001 to 9999"),
    ("after 9999", "years run from 0001 to 9999"),
    ("from 31 to 21 March 2022", "ends before it begins"),
    ("around late March 2022", "can be uncertain"),
    ("between around March and May 2022", "must be exact"),
    ("throughout around 2020", "must be exact"),
    ("both late March and early April 2022", "enter two claims"),
    ("since the flood", "'the flood' is not a date with a year"),
    ("the flood", "write one such as"),
    ("", "is empty"),
    (" \t", "is empty"),
    ("2022 " * 100, "has 500 characters"),
    ("the flood of May 2022", "write one such as"),
    ("2" * 255, "years run from 0001 to 9999"),
    ("2" * 256, "has 256 characters"),
    ("١١ May ٢٠٢٢", "is not a date"),
]

WORDS = sorted({word for phrase, _ in CASES + RANGES + REFUSED for word in phrase.split()})


class TestFromPhrase:
    @each(("phrase", "edtf"), CASES + ONE_DATE + RANGES)
    def test_becomes_edtf(self, phrase, edtf):
        assert from_phrase(phrase).edtf == edtf

    @each(("phrase", "why"), REFUSED)
    def test_refuses_with_the_reason_and_the_way_out(self, phrase, why):
        with pytest.raises(BadDate, match=why):
            from_phrase(phrase)

    @pytest.mark.parametrize("phrase", ["unknown", "No date", "n.d.", "undated"])
    def test_knows_that_a_date_can_be_unknown(self, phrase):
        assert from_phrase(phrase) is UNKNOWN

    def test_of_an_unknown_date_says_so(self):
        assert (UNKNOWN.edtf, UNKNOWN.bounds.days) == ("", None)
        assert UNKNOWN.says == "the date is unknown"

    def test_answers_with_bounds_and_an_echo(self):
        reading = from_phrase("late March 2022")

        assert str(reading.bounds.earliest) == "2022-03-21"
        assert str(reading.bounds.latest) == "2022-03-31"
        assert reading.says == "one day in 21–31 March 2022"

    def test_shows_that_two_figures_after_a_year_are_a_season(self):
        assert from_phrase("2021-22").says == "in summer 2021 (northern)"

    @given(EDTF)
    def test_leaves_edtf_as_it_is(self, edtf):
        reading = from_phrase(edtf)

        assert (reading.edtf, reading.bounds) == (edtf, bounds(edtf))
        assert reading.says == describe(edtf)

    @each(
        "echo",
        [
            "on 11 May 2022",
            "one day in 21–31 March 2022",
            "lasted from 21 March 2022 to 31 March 2022",
            "since 24 February 2022, no end reported",
            "on or before 24 May 2022",
            "around 2020",
        ],
    )
    def test_understands_its_own_echo(self, echo):
        assert from_phrase(echo).says == echo

    @given(
        st.text()
        | st.lists(
            st.sampled_from([*WORDS, *"-–,./[~ßıſ"]),
            max_size=9,
        ).map(" ".join)
    )
    def test_fails_in_no_other_way(self, text):
        try:
            reading = from_phrase(text)
        except BadDate:
            return
        assert reading is UNKNOWN or bounds(reading.edtf) == reading.bounds


SAID = [
    ("2022-05-11", "on 11 May 2022"),
    ("2022-05", "in May 2022"),
    ("2020", "in 2020"),
    ("2020~", "around 2020"),
    ("2022?", "in 2022 (uncertain)"),
    ("2022-05%", "around May 2022 (uncertain)"),
    ("2022-?05", "in May 2022 (in part uncertain)"),
    ("2022-~05-11", "on 11 May 2022 (in part approximate)"),
    ("2022?-05-~11", "on 11 May 2022 (in part approximate and uncertain)"),
    ("?2022-?05", "in May 2022 (uncertain)"),
    ("2022-05-?11", "on 11 May 2022 (in part uncertain)"),
    ("2022-21", "in spring 2022 (northern)"),
    ("2022-24", "in winter 2022/23 (northern)"),
    ("1999-28", "in northern winter 1999/00"),
    ("2022-32", "in southern winter 2022"),
    ("2022-33", "in the first quarter of 2022"),
    ("2022-39", "in the last four months of 2022"),
    ("2022-41", "in the second half of 2022"),
    ("2022-03-XX", "one day in March 2022"),
    ("2022-03-2X", "one day in 20–29 March 2022"),
    ("2022-03-X1", "one day that fits 2022-03-X1 in March 2022"),
    ("2022-XX", "one month in 2022"),
    ("2022-0X", "one month in January–September 2022"),
    ("202X", "one year in 2020–2029"),
    ("XXXX", "an unknown year"),
    ("XXXX-05", "one month that fits XXXX-05 in an unknown year"),
    ("[2022-03-21..2022-03-31]", "one day in 21–31 March 2022"),
    ("[2022-03-01..2022-03-31]", "one day in March 2022"),
    ("[2022-03-21..2022-04-02]", "one day in 21 March – 2 April 2022"),
    ("[2021-12-30..2022-01-02]", "one day in 30 December 2021 – 2 January 2022"),
    ("[2022-05-11..2022-05-11]", "one day in 11 May 2022"),
    ("[2022-03..2022-05]", "one month in March–May 2022"),
    ("[2020..2022]", "one year in 2020–2022"),
    ("[..2022-05-24]", "on or before 24 May 2022"),
    ("[2022-05..]", "in or after May 2022"),
    ("[2022-05,2022-06]", "in May 2022 or in June 2022"),
    ("{2022-05,2022-06}", "in May 2022 and in June 2022"),
    ("{2022-03-21..2022-03-31}", "every day in 21–31 March 2022"),
    ("{..2022}", "every year up to 2022"),
    ("{2022-05..}", "every month from May 2022 on"),
    ("2022-03-21/2022-03-31", "lasted from 21 March 2022 to 31 March 2022"),
    ("2022-03~/2022-04?", "lasted from around March 2022 to April 2022 (uncertain)"),
    ("2022-02-24/..", "since 24 February 2022, no end reported"),
    ("2022-02-24/", "since 24 February 2022, end unknown"),
    ("../2022-05-24", "until 24 May 2022, start open"),
]


class TestDescribe:
    @each(("edtf", "words"), SAID)
    def test_says_it_in_english(self, edtf, words):
        assert describe(edtf) == words

    @given(EDTF)
    def test_has_words_for_every_text(self, edtf):
        assert describe(edtf)

    def test_refuses_what_is_no_date(self):
        with pytest.raises(BadDate):
            describe("2022-02-30")


@pytest.mark.parametrize(
    ("edtf", "name"),
    [("1977-06-28", "28 June 1977"), ("1977-06", "June 1977"), ("1977", "1977")],
)
def test_a_plain_date_has_a_name_without_preposition(edtf, name):
    assert date_name(edtf) == name
