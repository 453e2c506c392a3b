"""What days EDTF can mean. The figures are the reference cases' and the calendar's, by hand."""

from datetime import date

import edtf as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.edtf_texts import EDTF, is_known_difference
from tests.kit.tables import each
from tracker.domain.dates.edtf import LONGEST, BadDate, Bounds, bounds

# lower and upper as the reference cases have them, the traps of the library corrected
CASES = [
    ("[2022-03-21..2022-03-31]", "2022-03-21", "2022-03-31"),
    ("2022-03-21/2022-03-31", "2022-03-21", "2022-03-31"),
    ("2022-03", "2022-03-01", "2022-03-31"),
    ("2022-03-2X", "2022-03-20", "2022-03-29"),
    ("[2022-05,2022-06]", "2022-05-01", "2022-06-30"),
    ("2022-05/2022-06", "2022-05-01", "2022-06-30"),
    ("{2022-05,2022-06}", "2022-05-01", "2022-06-30"),
    ("XXXX-05", None, None),
    ("2020~", "2020-01-01", "2020-12-31"),
    ("2022-03~", "2022-03-01", "2022-03-31"),
    ("2022-03-25~", "2022-03-25", "2022-03-25"),
    ("2022?", "2022-01-01", "2022-12-31"),
    ("../2022-05-24", None, "2022-05-24"),
    ("/2022-05-24", None, "2022-05-24"),
    ("2022-05-24/..", "2022-05-24", None),
    ("2022-03-XX", "2022-03-01", "2022-03-31"),
    ("2022-21", "2022-03-01", "2022-05-31"),
    ("2022-33", "2022-01-01", "2022-03-31"),
    ("2022-05-11", "2022-05-11", "2022-05-11"),
]

BEYOND_THE_CASES = [
    ("2020", "2020-01-01", "2020-12-31"),
    ("2022%", "2022-01-01", "2022-12-31"),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999-12-31", "9999-12-31", "9999-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2022-05-24/", "2022-05-24", None),
    ("2022-05-20/2022-05", "2022-05-20", "2022-05-31"),
    ("2022-21/2022-22", "2022-03-01", "2022-08-31"),
    ("2022-24/2023-21", "2022-12-01", "2023-05-31"),
    ("2022-05-11/2022-05-11", "2022-05-11", "2022-05-11"),
    ("0001-21", "0001-03-01", "0001-05-31"),
    ("9998-24", "9998-12-01", "9999-02-28"),
    ("9999-23", "9999-09-01", "9999-11-30"),
    ("[..2022-05-24]", None, "2022-05-24"),
    ("[2022-05-24..]", "2022-05-24", None),
    ("[2022-06,2022-05]", "2022-05-01", "2022-06-30"),
    ("[2022-03-01,2022-03-05..2022-03-07]", "2022-03-01", "2022-03-07"),
    ("[..2021,2023..]", None, None),
    ("{..2021,2023}", None, "2023-12-31"),
    ("[2022..2022]", "2022-01-01", "2022-12-31"),
    ("2022-XX", "2022-01-01", "2022-12-31"),
    ("2022-0X", "2022-01-01", "2022-09-30"),
    ("2022-1X", "2022-10-01", "2022-12-31"),
    ("2022-X2", "2022-02-01", "2022-12-31"),
    ("2022-03-X1", "2022-03-01", "2022-03-31"),
    ("2022-02-X1", "2022-02-01", "2022-02-21"),
    ("2022-XX-31", "2022-01-31", "2022-12-31"),
    ("2022-03-3X~", "2022-03-30", "2022-03-31"),
    ("202X", "2020-01-01", "2029-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("000X", "0001-01-01", "0009-12-31"),
    ("202X-02-29", "2020-02-29", "2028-02-29"),
    ("XXXX", None, None),
    ("XXXX-02-29", None, None),
    ("2022~-?05-11", "2022-05-11", "2022-05-11"),
]

SEASONS = [
    ("21", "2022-03-01", "2022-05-31"),
    ("22", "2022-06-01", "2022-08-31"),
    ("23", "2022-09-01", "2022-11-30"),
    ("24", "2022-12-01", "2023-02-28"),
    ("25", "2022-03-01", "2022-05-31"),
    ("26", "2022-06-01", "2022-08-31"),
    ("27", "2022-09-01", "2022-11-30"),
    ("28", "2022-12-01", "2023-02-28"),
    ("29", "2022-09-01", "2022-11-30"),
    ("30", "2022-12-01", "2023-02-28"),
    ("31", "2022-03-01", "2022-05-31"),
    ("32", "2022-06-01", "2022-08-31"),
    ("34", "2022-04-01", "2022-06-30"),
    ("35", "2022-07-01", "2022-09-30"),
    ("36", "2022-10-01", "2022-12-31"),
    ("37", "2022-01-01", "2022-04-30"),
    ("38", "2022-05-01", "2022-08-31"),
    ("39", "2022-09-01", "2022-12-31"),
    ("40", "2022-01-01", "2022-06-30"),
    ("41", "2022-07-01", "2022-12-31"),
]


def the_bounds(lower: str | None, upper: str | None) -> Bounds:
    return Bounds(
        earliest=date.fromisoformat(lower) if lower else None,
        latest=date.fromisoformat(upper) if upper else None,
    )


class TestBounds:
    @each(("edtf", "lower", "upper"), CASES)
    def test_are_those_of_the_reference_cases(self, edtf, lower, upper):
        assert bounds(edtf) == the_bounds(lower, upper)

    @each(("edtf", "lower", "upper"), BEYOND_THE_CASES)
    def test_are_those_of_the_calendar(self, edtf, lower, upper):
        assert bounds(edtf) == the_bounds(lower, upper)

    @each(("code", "lower", "upper"), SEASONS)
    def test_of_a_season_or_quarter_are_whole_months(self, code, lower, upper):
        assert bounds(f"2022-{code}") == the_bounds(lower, upper)

    def test_of_a_winter_end_on_a_leap_day(self):
        assert bounds("2023-24").latest == date(2024, 2, 29)

    @pytest.mark.parametrize(
        ("edtf", "days"),
        [("2022-05-11", 1), ("[2022-03-21..2022-03-31]", 11), ("2020", 366), ("2022/..", None)],
    )
    def test_count_the_first_and_the_last_day(self, edtf, days):
        assert bounds(edtf).days == days

    def test_without_a_first_day_have_no_length(self):
        assert bounds("../2022").days is None


class TestRefusal:
    @each(
        ("edtf", "why"),
        [
            ("", "is empty: write"),
            ("2022" * 100, "has 400 characters"),
            ("2" * 255, "years run from 0001 to 9999"),
            ("2" * 256, "has 256 characters"),
            ("٢٠٢٢", "digits are 0–9"),
            ("2022-02-30", "not in the calendar"),
            ("2022-05-00", "not in the calendar"),
            ("XXXX-02-30", "not in the calendar"),
            ("20X1-02-29", "not in the calendar"),
            ("2022-13", "months are 01 to 12"),
            ("2022-42", "months are 01 to 12"),
            ("2022-2X", "months are 01 to 12"),
            ("0000", "years run from 0001 to 9999"),
            ("0000-21", "years run from 0001 to 9999"),
            ("-0044", "years run from 0001 to 9999"),
            ("Y12022", "years run from 0001 to 9999"),
            ("1950S2", "significant digits"),
            ("2022-05-11T10:00:00Z", "times of day are not supported"),
            ("2022-5-1", "two digits"),
            (" 2022", "has no spaces"),
            ("2022-05-11\n", "has no spaces"),
            ("2022-21-01", "requires a plain year"),
            ("2022-21~", "requires a plain year"),
            ("?2022?", "only one of"),
            ("2022-03-31/2022-03-21", "ends before it begins"),
            ("[2022-03-31..2022-03-21]", "ends before it begins"),
            ("2021/2022/2023", "more than one slash"),
            ("../..", "no date on either side"),
            ("[..]", "no date on either side"),
            ("/", "no date on either side"),
            ("2022-33/2022-34", "write the months"),
            ("[2022-05,2022-06", "no closing bracket"),
            ("[", "no closing bracket"),
            ("[]", "is not a date"),
            ("[2022]", "without brackets"),
            ("[2022-21,2022-22]", "cannot contain a season"),
            ("[2022-03..2022-05-24]", "mixes days, months and years"),
            ("[2022~..2023]", "write plain dates"),
            ("[2021,..2022]", "only the first member"),
            ("[2021..,2022]", "only the last member"),
            ("late March 2022", "write it as 2022-05-11"),
        ],
    )
    def test_says_what_is_wrong(self, edtf, why):
        with pytest.raises(BadDate, match=why):
            bounds(edtf)

    def test_of_an_endless_text_does_not_repeat_it(self):
        with pytest.raises(BadDate) as refusal:
            bounds("2" * 100_000)

        assert len(str(refusal.value)) < LONGEST

    @given(st.text() | st.text(alphabet="0123456789X-/.,[]{}~?% ", max_size=40))
    def test_is_the_only_way_to_fail(self, text):
        try:
            bounds(text)
        except BadDate as refusal:
            assert len(str(refusal)) > 20  # noqa: PT017 # most texts are refused, some are not


class TestEveryText:
    @given(EDTF)
    def test_has_bounds_in_order(self, edtf):
        limits = bounds(edtf)

        assert limits.earliest is None or limits.latest is None or limits.days >= 1

    @given(EDTF)
    def test_is_edtf_to_the_library_too(self, edtf):
        assert is_known_difference(edtf) or library.is_valid_edtf(edtf)


class TestMask:
    @given(st.dates(), st.lists(st.integers(0, 7), max_size=8))
    def test_bounds_hold_every_day_that_fits(self, day, hidden):
        digits = list(day.isoformat().replace("-", ""))
        for place in hidden:
            digits[place] = "X"
        text = "".join(digits)
        limits = bounds(f"{text[:4]}-{text[4:6]}-{text[6:]}")

        assert limits.earliest is None or limits.earliest <= day <= limits.latest
