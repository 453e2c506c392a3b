"""Days that a sentence does not state in full: no day, a day mentioned earlier, a day in words, or
a part of a month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.read_days import edtf, found
from tests.kit.tables import each
from tracker.domain.dates.edtf import bounds
from tracker.domain.reading.days import find_days

WORDS = (
    "on in since by May 11 2022 , . Thursday last week three days later the end of "
    "until March 31 February 29 – and will next year few ago before after from to"
)


class TestNoDates:
    @each(
        "text",
        [
            "they may go in may, and march on",
            "may 40 % of 1,940 cases",
            "in 1,940 cases, in 1940 cases, in 2000 %",
            "March on Moscow. May day. May fell.",
            "Theresa May said; after May resigned; in May’s cabinet",
            "the Sunday Times, Black Friday, every Monday, Thursdays",
            "on 05/03/2024",
            "on 31 February 2022, on 31 February",
            "on Friday, May 13, 2021",
            "on Friday, 12 May",
            "in 2014–16",
            "on the 20th of them, on the 38th parallel, on the 3rd floor, on the 7th Fleet",
            "Russia today’s men said it",
            "room 2022, flight 1805, 12345",
            "the over the past few years",
            "",
        ],
    )
    def test_are_other_words_and_ambiguous_ones(self, text):
        assert found(text) == []

    def test_keeps_the_limit_of_an_unknown_number_of_years(self):
        assert found("in the years after 26 July 2014") == [
            ("after 26 July 2014", "[2014-07-26..]")
        ]

    def test_keeps_the_month_of_a_number_of_things(self):
        assert found("In May 11 soldiers died.") == [("In May", "2022-05")]

    @given(
        st.lists(st.sampled_from(WORDS.split())).map(" ".join) | st.text(),
        st.none() | st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31", "2022"]),
    )
    def test_every_date_is_edtf_in_order(self, text, published):
        days = find_days(text, published)

        places = [place for one in days for place in (one.start, one.end)]
        assert places == sorted(places)
        assert all(one.phrase == text[one.start : one.end] for one in days)
        assert all(bounds(one.edtf) for one in days)

    @given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
    def test_a_weekday_is_within_the_last_seven_days(self, day, number):
        name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][
            number
        ]
        then = date.fromisoformat(edtf(f"It left on {name}.", str(day)))

        assert day - timedelta(days=6) <= then <= day
        assert then.weekday() == number


class TestOnceMore:
    """Sentences of columnists. The document is of Saturday, 14 December 2024."""

    SATURDAY = "2024-12-14"
    VOTE = "The vote was on 3 June 2024, the raid on 9 June 2024."

    @each(
        ("text", "date_"),
        [
            # The past January, since somebody did something.
            ("He warned them in January.", "2024-01"),
            ("In January the ministers sat down and talked.", "2024-01"),
            # Days in the future.
            ("An election is now called for 28 July.", "2025-07-28"),
            ("On New Year's Day he left.", "2024-01-01"),
            ("He left at Christmas.", "2023-12-25"),
            ("He will leave on Christmas Eve.", "2024-12-24"),
            ("He will leave on May Day.", "2025-05-01"),
        ],
    )
    def test_is_found(self, text, date_):
        assert edtf(text, self.SATURDAY) == date_

    @each(
        ("text", "date_"),
        [
            ("It left on 3 June 2024. Within a day it was back.", "[2024-06-03..2024-06-04]"),
            ("It left on 3 June 2024. It was back within the week.", "[2024-06-03..2024-06-10]"),
            ("It left on 3 June 2024. Within two months it fell.", "[2024-06..2024-08]"),
            (f"{VOTE} Four days after the vote it fell.", "2024-06-07"),
            (f"{VOTE} Days before the vote it fell.", "[2024-05-21..2024-06-03]"),
            (f"{VOTE} The day after the vote it fell.", "2024-06-04"),
            (f"{VOTE} On the eve of the vote it fell.", "2024-06-02"),
            ("It left on 3 June 2024. So it was. Two days after the vote it fell.", "2024-06-05"),
            ("It left on 3 June 2024. Two days before, it fell.", "2024-06-01"),
            ("It left on the night of 3 June 2024. The next day it fell.", "2024-06-04"),
            (
                "It left on 3 June 2024, the worst day since 1996. It fell the next day.",
                "2024-06-04",
            ),
            ("It left on 3 June 2024. The following evening it fell.", "2024-06-04"),
            ("It left on 3 June 2024. It fell before nightfall.", "2024-06-03"),
            ("It left on 3 June 2024. It has grown ever since.", "2024-06-03/.."),
            # 3 June 2024 is a Monday.
            ("It left on 3 June 2024. That same Tuesday it fell.", "2024-06-04"),
            ("It left on 3 June 2024. The following Monday it fell.", "2024-06-10"),
            ("It left on 3 June 2024. It was back from the previous Monday.", "2024-05-27"),
            ("It grew since June 2024. On the second of that month it fell.", "2024-06-02"),
            ("It left on 13 June 2024. Earlier that month it fell.", "[2024-06-01..2024-06-13]"),
            ("It left on 13 June 2024. Later that week it fell.", "[2024-06-13..2024-06-16]"),
            ("It left on 13 June 2024. Later that day it fell.", "2024-06-13"),
            ("Nine days after taking office on 3 June 2024 it fell.", "2024-06-12"),
            ("It left a decade ago.", "[2012-12-14..2016-12-13]"),
            ("It left on 3 June 2024. Days later it was back.", "[2024-06-03..2024-06-16]"),
            ("It left on 3 June 2024. Hours later it was back.", "2024-06-03"),
            ("It left on 3 June 2024. Within hours it was back.", "2024-06-03"),
            ("It left on 3 June 2024. That evening it was back.", "2024-06-03"),
            ("It left on 3 June 2024, and later that month it fell.", "[2024-06-03..2024-06-30]"),
            # A date after the document's is not a base for relative days.
            ("It fell on 9 June 2024. It ends on 1 May 2025. It left the next day.", "2024-06-10"),
        ],
    )
    def test_counts_from_a_day_or_an_event(self, text, date_):
        assert found(text, self.SATURDAY)[-1][1] == date_

    @each(
        "text",
        [
            "Within a day it was back.",
            "Four days after the vote it fell.",
            "On the eve of the vote it fell.",
            "Earlier that month it fell.",
            "On the second of that month it fell.",
            "It has grown ever since.",
            "The following Monday it fell.",
        ],
    )
    def test_finds_nothing_without_them(self, text):
        assert len(found(text, self.SATURDAY)) == text.count("June")

    @each(
        ("text", "others"),
        [
            ("By 10 October they were gone.", ("2024-10-10",)),
            ("Since 2017 they have run it.", ("2017",)),
            ("By Thursday they were gone.", ("2024-12-12",)),
            ("They left two weeks ago.", ("2024-11-30",)),
            ("They left two months ago.", ("2024-10",)),
            ("They left last March.", ("2023-03", "2024-03")),
            ("They left on 10 October.", ()),
            ("It was 3 June 2024.", ()),
        ],
    )
    def test_has_what_else_may_be_meant(self, text, others):
        [one] = find_days(text, self.SATURDAY)

        assert one.others == others


class TestAYearInWords:
    """The document is of 24 May 2022."""

    @each(
        ("text", "phrase", "date_"),
        [
            ("On 19 March last year it attacked.", "On 19 March last year", "2021-03-19"),
            ("It attacked in March of last year.", "in March of last year", "2021-03"),
            ("In March of this year it attacked.", "In March of this year", "2022-03"),
            ("It will end on 3 April next year.", "on 3 April next year", "2023-04-03"),
            ("since March last year", "since March last year", "2021-03/.."),
            ("in early March last year", "in early March last year", "[2021-03-01..2021-03-10]"),
        ],
    )
    def test_is_counted_from_the_document(self, text, phrase, date_):
        assert found(text) == [(phrase, date_)]

    @each(
        ("text", "date_"),
        [
            ("In August 2013 they met, and in October that year they signed.", "2013-10"),
            ("In August 2013 they met, and in March of the following year they signed.", "2014-03"),
            ("In August 2013 they met, and signed that October.", "2013-10"),
            ("In August 2013 they met, and signed the following March.", "2014-03"),
            ("In August 2013 they met, and signed the following October.", "2013-10"),
            ("In August 2013 they met, as they had the previous October.", "2012-10"),
            ("In August 2013 they met, as they had the previous March.", "2013-03"),
        ],
    )
    def test_is_counted_from_the_date_before_it(self, text, date_):
        assert found(text)[-1][1] == date_

    def test_is_ignored_without_a_day_to_count_from(self):
        assert found("They signed in October that year.") == []
        assert found("They signed that October.") == []
        assert found("They signed in October last year.", None) == []


class TestAPartOfAMonth:
    @each(
        ("phrase", "date_"),
        [
            ("in the first week of May", "[2022-05-01..2022-05-07]"),
            ("in the second week of May", "[2022-05-08..2022-05-14]"),
            ("in the last week of March 2021", "[2021-03-25..2021-03-31]"),
            ("in the last days of February 2020", "[2020-02-20..2020-02-29]"),
            ("in the first half of March last year", "[2021-03-01..2021-03-15]"),
            ("in the second half of March", "[2022-03-16..2022-03-31]"),
            ("since the first days of May", "2022-05-01/.."),
        ],
    )
    def test_is_some_of_its_days(self, phrase, date_):
        assert found(f"They met {phrase}.") == [(phrase, date_)]

    def test_needs_a_document_if_it_has_no_year(self):
        assert found("They met in the last week of May.", None) == []


@pytest.mark.parametrize(
    ("text", "date_"),
    [
        ("They fought during March.", "2022-03"),
        ("They fought during 1944.", "1944"),
        ("They met a fortnight ago.", "[2022-05-07..2022-05-13]"),
        ("They met the week before last.", "[2022-05-09..2022-05-15]"),
    ],
)
def test_other_words(text, date_):
    assert edtf(text) == date_
