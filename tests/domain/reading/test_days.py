"""Dates in running text. The document is of Tuesday, 24 May 2022, unless a test says otherwise."""

import pytest

from tests.kit.read_days import TUESDAY, edtf, found
from tests.kit.tables import each
from tracker.domain.dates.edtf import BadDate
from tracker.domain.reading.days import find_days


class TestStated:
    """What is written in full does not depend on the document."""

    @each(
        ("phrase", "date_"),
        [
            ("on 11 May 2022", "2022-05-11"),
            ("on May 11, 2022", "2022-05-11"),
            ("on Wednesday, 11 May 2022", "2022-05-11"),
            ("2022-05-11", "2022-05-11"),
            ("24.02.2022", "2022-02-24"),
            ("in May 2022", "2022-05"),
            ("in 2020", "2020"),
            ("in the 1990s", "199X"),
            ("in late March 2022", "[2022-03-21..2022-03-31]"),
            ("in early 2022", "2022-37"),
            ("since late 2021", "2021-09-01/.."),
            ("in the spring of 2021", "2021-21"),
            ("in the winter of 2021/22", "2021-24"),
            ("in the first quarter of 2021", "2021-33"),
            ("Q3 2021", "2021-35"),
            ("since 24 February 2022", "2022-02-24/.."),
            ("until December 2025", "[..2025-12]"),
            ("before 5 March 2021", "[..2021-03-05]"),
            ("throughout 2021", "2021-01-01/2021-12-31"),
            ("between 26 July and 3 August 2021", "[2021-07-26..2021-08-03]"),
            ("from 30 December 2021 to 3 January", "2021-12-30/2022-01-03"),
            ("from 21 to 31 March 2022", "2022-03-21/2022-03-31"),
            ("on 11–13 May 2022", "[2022-05-11..2022-05-13]"),
            ("on May 11 and 12, 2022", "{2022-05-11,2022-05-12}"),
            ("in May or June 2021", "[2021-05,2021-06]"),
            ("two days before 26 July 2021", "2021-07-24"),
            ("a week after 26 July 2021", "[2021-07-30..2021-08-05]"),
        ],
    )
    def test_is_found_without_a_document(self, phrase, date_):
        text = f"It left {phrase}, they said."

        [day] = find_days(text, None)
        assert (day.phrase, day.edtf, day.basis) == (phrase, date_, "stated")
        assert found(text) == [(phrase, date_)]


class TestInferred:
    @each(
        ("phrase", "date_"),
        [
            ("on May 11", "2022-05-11"),
            ("on 25 May 2021", "2021-05-25"),
            ("on 11 July", "2021-07-11"),
            ("on 29 February", "2020-02-29"),
            ("in January", "2022-01"),
            ("since February", "2022-02/.."),
            ("between December and January", "[2021-12..2022-01]"),
            ("on 11 and 12 May", "{2022-05-11,2022-05-12}"),
            ("in March and April", "{2022-03,2022-04}"),
            # Up to the document's day, which is less than sixty days after.
            ("in the weeks after 26 April", "[2022-04-26..2022-05-24]"),
            ("in the weeks after 26 July", "[2021-07-26..2021-09-24]"),
            ("yesterday", "2022-05-23"),
            ("the day before yesterday", "2022-05-22"),
            ("last night", "2022-05-23"),
            ("on Thursday", "2022-05-19"),
            ("on Tuesday evening", "2022-05-24"),
            ("last Tuesday", "2022-05-17"),
            # Yesterday is hardly "last Monday".
            ("last Monday", "[2022-05-16,2022-05-23]"),
            ("on Monday last week", "2022-05-16"),
            ("on Thursday of this week", "2022-05-26"),
            ("this week", "[2022-05-18..2022-05-24]"),
            ("last week", "[2022-05-16..2022-05-22]"),
            ("later this week", "[2022-05-24..2022-05-29]"),
            ("next week", "[2022-05-30..2022-06-05]"),
            ("this month", "2022-05"),
            ("last month", "2022-04"),
            ("earlier this month", "[2022-05-01..2022-05-24]"),
            ("later this year", "[2022-05-24..2022-12-31]"),
            ("last year", "2021"),
            ("early next year", "2023-37"),
            ("earlier last year", "2021-37"),
            ("until last month", "[..2022-04-30]"),
            ("at the beginning of the month", "[2022-05-01..2022-05-10]"),
            ("over the past year", "2021-05-24/2022-05-24"),
            ("in the last two months", "[2022-03-24..2022-05-24]"),
            ("within the next 10 days", "[2022-05-24..2022-06-03]"),
            ("in the past few weeks", "[2022-03-25..2022-05-24]"),
            ("three days ago", "2022-05-21"),
            ("a month ago", "[2022-04-09..2022-05-09]"),
            ("last summer", "2021-22"),
            ("this spring", "2022-21"),
            ("since the spring", "2022-03-01/.."),
            ("at the beginning of the summer", "2021-22"),
            ("over the past weeks", "2022-03-25/2022-05-24"),
            ("in the coming days", "[2022-05-24..2022-06-06]"),
            ("today", "2022-05-24"),
            ("in last March", "[2021-03,2022-03]"),
            ("last May", "2021-05"),
            ("last July", "2021-07"),
            ("next July", "[2022-07,2023-07]"),
            ("next May", "2023-05"),
            ("this March", "2022-03"),
            ("on the 20th", "2022-05-20"),
            ("on the 25th", "2022-04-25"),
            ("last weekend", "[2022-05-21..2022-05-22]"),
        ],
    )
    def test_follows_from_the_documents_day(self, phrase, date_):
        text = f"It left {phrase}, they said."

        assert found(text) == [(phrase, date_)]

    def test_is_today_before_a_verb_in_the_past(self):
        assert found("Mali today praised it.") == [("today", "2022-05-24")]

    def test_says_that_it_follows(self):
        [day] = find_days("It left on May 11.", TUESDAY)

        assert day.basis == "inferred"

    @pytest.mark.parametrize(
        "text",
        [
            *("on May 11", "last week", "in the weeks after 26 July"),
            *("between 26 July and 3 August", "on 11–13 May"),
        ],
    )
    def test_is_not_found_without_a_document(self, text):
        assert found(text, None) == []

    def test_can_follow_from_a_document_of_a_longer_time(self):
        assert edtf("It left yesterday.", "[2022-05-16..2022-05-22]") == "[2022-05-15..2022-05-21]"
        assert edtf("It left on Thursday.", "2022-05") == "[2022-04-28..2022-05-26]"
        assert edtf("It left last month.", "[2022-05-30..2022-06-05]") == "[2022-04-01..2022-05-31]"

    @pytest.mark.parametrize("text", ["yesterday", "a month ago"])
    def test_is_not_found_outside_the_calendar(self, text):
        assert found(text, "0001-01-01") == []

    @pytest.mark.parametrize("published", ["2022/..", "XXXX"])
    def test_does_not_follow_from_a_document_without_an_end(self, published):
        assert found("It left yesterday.", published) == []

    def test_refuses_a_date_of_the_document_that_is_none(self):
        with pytest.raises(BadDate):
            find_days("It left.", "May")

    @pytest.mark.parametrize(
        ("day", "date_"),
        [
            # On a Sunday the week is over.
            ("2022-05-29", "2022-05-26"),
            ("2022-05-27", "[2022-05-19,2022-05-26]"),
            ("2022-05-26", "2022-05-19"),
        ],
    )
    def test_last_thursday(self, day, date_):
        assert edtf("It left last Thursday.", day) == date_

    @pytest.mark.parametrize(
        ("day", "date_"),
        [
            # A Friday, a Saturday, a Sunday and a Monday.
            ("2022-05-27", "[2022-05-28..2022-06-05]"),
            ("2022-05-28", "[2022-06-04..2022-06-05]"),
            ("2022-05-29", "[2022-06-04..2022-06-05]"),
            ("2022-05-30", "[2022-06-04..2022-06-12]"),
        ],
    )
    def test_next_weekend(self, day, date_):
        assert edtf("It leaves next weekend.", day) == date_

    @pytest.mark.parametrize(
        ("which", "date_"),
        [
            ("last", "[2022-05-21..2022-05-22]"),
            ("this", "[2022-05-28..2022-05-29]"),
            ("the", "[2022-05-28..2022-05-29]"),
        ],
    )
    def test_weekend_on_a_sunday(self, which, date_):
        assert edtf(f"It left over {which} weekend.", "2022-05-29") == date_

    @each(
        ("phrase", "day", "date_"),
        [
            ("last summer", "2022-11-20", "2022-22"),
            ("last summer", "2022-07-20", "2021-22"),
            ("this summer", "2022-09-20", "2022-22"),
            ("this summer", "2022-02-20", "2022-22"),
            ("this winter", "2022-02-20", "2021-24"),
            ("this spring", "2022-04-20", "2022-21"),
            ("next spring", "2022-04-20", "2023-21"),
            ("this coming spring", "2022-02-20", "2022-21"),
        ],
    )
    def test_seasons(self, phrase, day, date_):
        assert edtf(f"It left {phrase}.", day) == date_


class TestAhead:
    @each(
        ("text", "date_"),
        [
            ("It will leave on 30 July.", "2022-07-30"),
            ("On 30 July, it will leave.", "2022-07-30"),
            ("It is to leave in June.", "2022-06"),
            ("It will leave on Friday.", "2022-05-27"),
            ("It said that it will leave on Friday.", "2022-05-27"),
            ("It is scheduled for Friday.", "2022-05-27"),
            ("It will leave, they said on Friday.", "2022-05-20"),
            ("It leaves next Friday.", "[2022-05-27,2022-06-03]"),
            ("It leaves next Monday.", "2022-05-30"),
            ("It leaves next Tuesday.", "2022-05-31"),
            ("It leaves this coming Friday.", "2022-05-27"),
            ("It will leave this summer.", "2022-22"),
            ("It will leave this spring.", "2022-21"),
            ("It leaves next summer.", "2022-22"),
            ("It leaves tomorrow.", "2022-05-25"),
            ("It will leave this weekend.", "[2022-05-28..2022-05-29]"),
            # Planned, or done?
            ("Ministers meet on Monday.", "[2022-05-23,2022-05-30]"),
            ("Ministers who met leave on Monday.", "2022-05-23"),
            # A limit that is soon includes one that is long ago.
            ("It promised them by the end of May.", "[..2022-05-31]"),
            ("It will leave this week.", "[2022-05-24..2022-05-29]"),
            ("It will leave at the end of the year.", "2022-39"),
            ("Nobody leaves by Friday.", "[..2022-05-27]"),
            ("It leaves by the end of March.", "[..2023-03-31]"),
            ("It will be gone by the end of the year.", "[..2022-12-31]"),
            ("It had left by March.", "[..2022-03]"),
        ],
    )
    def test_takes_the_next(self, text, date_):
        assert edtf(text) == date_

    @pytest.mark.parametrize(
        "text",
        [
            "On 30 April, it said that it will leave.",
            "They are to leave, and on 30 April they left.",
            "They will leave. On 30 April, others left.",
        ],
    )
    def test_other_clauses_do_not_count(self, text):
        assert edtf(text) == "2022-04-30"

    @pytest.mark.parametrize(
        "text",
        [
            # In six days, or almost a year ago?
            "the summit on 30 May",
            # In almost a year, or twelve days ago?
            "They will leave on 12 May.",
            # Of the last days, or of the next?
            "They meet this weekend.",
            # Or nowadays?
            "They are rich today.",
            # Of this year, or of the last?
            "They met at the end of the year.",
        ],
    )
    def test_finds_nothing_where_both_are_likely(self, text):
        assert found(text) == []


class TestAfterAnotherDate:
    @each(
        ("phrase", "date_"),
        [
            ("three days later", "2021-07-29"),
            ("Two weeks later", "[2021-08-06..2021-08-12]"),
            ("a month after that", "[2021-08-11..2021-09-10]"),
            ("a year earlier", "[2020-01-25..2021-01-25]"),
            ("a few days later", "[2021-07-26..2021-08-08]"),
            ("the next day", "2021-07-27"),
            ("on the 30th", "2021-07-30"),
            ("on the same day", "2021-07-26"),
            ("the previous day", "2021-07-25"),
            ("the following week", "[2021-08-02..2021-08-08]"),
            ("in the same month", "[2021-07-01..2021-07-31]"),
            ("at the end of the month", "[2021-07-21..2021-07-31]"),
        ],
    )
    def test_counts_from_it(self, phrase, date_):
        text = f"It left on 26 July 2021. It came back {phrase}."

        assert found(text)[1:] == [(phrase, date_)]

    @each(
        "text",
        [
            "It came back three days later.",
            "It came back the next day.",
            "It left in 2020. It came back three days later.",
            "It left in June 2021. It came back on the 31st.",
            "It left on 26 July 2021. It came back a few years later.",
            "It left on 26 July 2021. " + "So it was. " * 80 + "It came back three days later.",
        ],
    )
    def test_finds_nothing_without_a_day_before_it(self, text):
        assert len(found(text)) == text.count("It left")

    def test_passes_over_dates_of_things_and_asides(self):
        text = "It left on 26 July 2021, by the treaty of May 1975. {} It came back the next day."
        for aside in ("", "France, which left in 2020, watched."):
            assert found(text.format(aside))[-1] == ("the next day", "2021-07-27")

    def test_goes_through_lines_of_a_paragraph(self):
        assert found("It left on 26\nJuly 2021.") == [("on 26\nJuly 2021", "2021-07-26")]
        assert found("It left on 26\n\nJuly 2021.") == [("July 2021", "2021-07")]
