"""How EDTF is said in English."""

import pytest
from hypothesis import given

from tests.kit.edtf_texts import EDTF
from tests.kit.tables import each
from tracker.domain.dates.description import date_name, describe
from tracker.domain.dates.edtf import BadDate

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
