"""Whom the name of a person speaks for on a day."""

from datetime import date
from itertools import pairwise

import pytest

from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.offices import (
    NO_OFFICES,
    TABLE_ENDS,
    Holder,
    NoOffice,
    Office,
    Offices,
    person_key,
    shipped,
    term_end,
    term_start,
)

OBAMA = Office("USA", "government", date(2009, 1, 20), date(2017, 1, 20))
LAVROV = Office("RUS", "government", date(2004, 3, 9))
BOLTON = Office("USA", "government", date(2018, 4, 9), date(2019, 9, 10))
DAY = date(2018, 9, 1)


def offices(*holders):
    return Offices(Holder(names=names, offices=held) for names, held in holders)


KNOWN = offices(
    (("Barack Obama", "Obama"), (OBAMA,)),
    (("Sergei Lavrov", "Sergey Lavrov"), (LAVROV,)),
    (("John Bolton",), (BOLTON,)),
    (("Recep Tayyip Erdoğan",), (Office("TUR", "government", date(2003, 3, 14)),)),
    (("Radosław Sikorski",), (Office("POL", "government", date(2007, 11, 16)),)),
    (("Moshe Ya'alon",), (Office("ISR", "government", date(2013, 3, 18)),)),
    (("Kim Jong-un",), (Office("PRK", "government", date(2011, 12, 17)),)),
)


class TestTheDay:
    @pytest.mark.parametrize(
        ("day", "is_held"),
        [
            (date(2009, 1, 19), False),
            (date(2009, 1, 20), True),
            (date(2017, 1, 19), True),
            # The day of the handover is the successor's.
            (date(2017, 1, 20), False),
        ],
    )
    def test_is_in_the_term(self, day, is_held):
        assert (KNOWN.find("Barack Obama", day) == OBAMA) == is_held

    def test_has_no_limit_where_none_is_known(self):
        always = Office("CHN", "government")

        assert offices((("Zhao Lijian",), (always,))).find("Zhao Lijian", DAY) == always

    def test_names_the_terms_if_it_is_in_none(self):
        found = KNOWN.find("Barack Obama", DAY)

        assert isinstance(found, NoOffice)
        assert str(found) == (
            "has no office on record that day, only USA government from 2009-01-20 to 2017-01-19"
        )

    def test_names_a_term_that_goes_on(self):
        assert str(KNOWN.find("Sergei Lavrov", date(2004, 3, 8))) == (
            "has no office on record that day, only RUS government from 2004-03-09"
        )

    def test_prefers_the_government_among_several_offices(self):
        party, state = Office("CHN", "ruling party"), Office("CHN", "government")
        known = offices((("Xi Jinping",), (party, state)))

        assert known.find("Xi Jinping", DAY) == state


class TestANameIsReadAs:
    @each(
        "name",
        [
            *("barack obama", "BARACK  OBAMA", "Obama, Barack", "President Barack Obama"),
            *("Barack H. Obama", "President Obama", "Mr. President Obama"),
        ],
    )
    def test_one_person(self, name):
        assert KNOWN.find(name, date(2010, 5, 1)) == OBAMA

    @each(
        ("name", "country"),
        [
            ("Sergey Viktorovich Lavrov", "RUS"),
            ("John R. Bolton", "USA"),
            ("Erdoğan, Recep Tayyip", "TUR"),
            ("Radoslaw Sikorski", "POL"),
            ("Moshe Yaalon", "ISR"),
            ("Kim Jong Un", "PRK"),
        ],
    )
    def test_its_other_spellings(self, name, country):
        found = KNOWN.find(name, DAY)

        assert isinstance(found, Office)
        assert found.country == country

    @each(
        "name",
        ["", "President", "Jong-un", "Michelle Obama", "x, y, z", f"{'Mr. ' * 2_000}Obama"],
    )
    def test_nobody_without_a_holder_of_it(self, name):
        assert KNOWN.find(name, DAY) is None
        assert not KNOWN.knows(name)

    def test_nobody_if_nobody_is_known(self):
        assert NO_OFFICES.find("Barack Obama", date(2010, 1, 1)) is None

    def test_the_exact_one_before_one_with_initials(self):
        father = Office("USA", "government", date(1989, 1, 20), date(1993, 1, 20))
        son = Office("USA", "government", date(2001, 1, 20), date(2009, 1, 20))
        known = offices((("George H. W. Bush",), (father,)), (("George W. Bush",), (son,)))

        assert known.find("George W. Bush", date(2002, 1, 1)) == son
        assert isinstance(known.find("George W. Bush", date(1990, 1, 1)), NoOffice)
        assert known.find("George Bush", date(1990, 1, 1)) == father
        assert known.find("George Bush", date(2002, 1, 1)) == son


class TestPeopleOfOneName:
    GEORGIAN = Office("GEO", "government", date(2004, 1, 25), date(2013, 11, 17))
    UKRAINIAN = Office("UKR", "government", date(2013, 1, 1), date(2016, 11, 7))
    KNOWN = offices((("Jo Doe",), (GEORGIAN,)), (("Jo Doe",), (UKRAINIAN,)))

    def test_are_told_apart_by_the_day(self):
        assert self.KNOWN.find("Jo Doe", date(2012, 12, 31)) == self.GEORGIAN
        assert self.KNOWN.find("Jo Doe", date(2015, 1, 1)) == self.UKRAINIAN

    def test_are_not_told_apart_while_both_are_in_office(self):
        assert str(self.KNOWN.find("Jo Doe", date(2013, 6, 1))) == (
            "is the name of several people in office that day: GEO government, UKR government"
        )

    def test_are_not_told_apart_if_one_never_held_an_office(self):
        known = offices((("Jo Doe",), (self.GEORGIAN,)), (("Jo Doe",), ()))

        assert known.find("Jo Doe", date(2012, 1, 1)) is None

    def test_speak_for_the_same_office_together(self):
        again = Office("GEO", "government", date(2012, 1, 1))
        known = offices((("Jo Doe",), (self.GEORGIAN,)), (("Jo Doe",), (again,)))

        found = known.find("Jo Doe", date(2012, 12, 31))

        assert isinstance(found, Office)
        assert found.country == "GEO"


def test_names_are_remembered_within_a_limit(monkeypatch):
    monkeypatch.setattr("tracker.domain.offices._MOST_REMEMBERED", 2)
    known = offices((("Barack Obama",), (OBAMA,)))

    assert [known.find(name, date(2010, 1, 1)) for name in ("a", "b", "Barack Obama", "a")] == [
        *(None, None),
        OBAMA,
        None,
    ]


class TestATerm:
    @each(
        ("text", "start", "end"),
        [
            # A month has all of its days; a day is that of the handover.
            ("2009-02", date(2009, 2, 1), date(2009, 3, 1)),
            ("2009-02-03", date(2009, 2, 3), date(2009, 2, 3)),
            ("9999-12", date(9999, 12, 1), None),
            ("", None, None),
        ],
    )
    def test_has_the_days_that_its_ends_may_be_of(self, text, start, end):
        assert (term_start(text), term_end(text)) == (start, end)

    def test_may_end_on_the_first_day_of_the_calendar(self):
        assert str(Office("KAZ", "government", until=date.min)) == "KAZ government to 0001-01-01"


class TestTheShippedTable:
    def test_has_terms_of_countries_of_the_reference(self):
        codes = {row["iso3"] for row in rows("countries")}

        for holder in shipped():
            for office in holder.offices:
                assert office.country in codes, holder
                assert office.since is not None, holder
                assert office.until is not None, holder
                assert office.since < office.until <= TABLE_ENDS, holder

    def test_has_each_term_once_and_none_that_overlap(self):
        for holder in shipped():
            terms = sorted((office.since, office.until) for office in holder.offices)
            for (_, ended), (began, _) in pairwise(terms):
                assert ended <= began, holder

    def test_gives_no_name_to_two_people(self):
        names = [key for holder in shipped() for key in {person_key(name) for name in holder.names}]

        assert len(names) == len(set(names))

    @each(
        ("name", "day", "country"),
        [
            ("Barack Obama", date(2013, 9, 6), "USA"),
            ("John Kerry", date(2013, 2, 1), "USA"),
            ("Kassym-Jomart Tokayev", date(2019, 3, 20), "KAZ"),
            ("Xi Jinping", date(2022, 9, 14), "CHN"),
            ("Mevlut Cavusoglu", date(2018, 9, 3), "TUR"),
            ("Nguyen Xuan Phuc", date(2018, 9, 3), "VNM"),
        ],
    )
    def test_knows_who_was_in_office(self, name, day, country):
        found = Offices(shipped()).find(name, day)

        assert isinstance(found, Office)
        assert (found.country, found.sector) == (country, "government")

    def test_does_not_say_who_is_in_office_after_its_day(self):
        known = Offices(shipped())

        assert isinstance(known.find("Xi Jinping", date(2025, 6, 30)), Office)
        assert isinstance(known.find("Xi Jinping", date(2025, 7, 1)), NoOffice)
