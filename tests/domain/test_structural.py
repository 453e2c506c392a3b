"""The level of a pair by what data sets have on record of it: structural-1."""

from datetime import date

import pytest

from tests.kit.tables import each
from tracker.domain.levels import RUNGS
from tracker.domain.structural import (
    Dispute,
    Edition,
    Pact,
    PairRecord,
    Rivalry,
    Row,
    SharedMembership,
    assess,
)

KNOWN = {
    table: Edition("Somebody", "A table", date(year, 12, 31))
    for table, year in (
        ("rivalries", 2020),
        ("pacts", 2018),
        ("disputes", 2010),
        ("memberships", 2024),
    )
}
RIVALS = Rivalry(since=1996, until=None, row="No. 1")
OLD_RIVALS = Rivalry(since=1947, until=None, row="No. 3")
DEFENCE = Pact(year=2018, obligations=("defence", "consultation"), row="A-B")
TALKS = Pact(year=2018, obligations=("neutrality", "non-aggression", "consultation"), row="A-B")
NATO = SharedMembership(organisation="NATO", since=date(2004, 3, 29), until=None, row="NATO: A, B")
EU = SharedMembership(
    organisation="EU", since=date(2004, 5, 1), until=date(2020, 1, 31), row="EU: A, B"
)


def dispute(hostility, fatality, first=2001, last=2001):
    return Dispute(first=first, last=last, hostility=hostility, fatality=fatality, row="A-B")


def assessed(as_of=None, **record):
    return assess(PairRecord(pair="A-B", **record), KNOWN, as_of)


def rung(as_of=None, **record):
    return assessed(as_of, **record).name


class TestRungs:
    def test_are_those_of_the_method(self):
        """The seven rungs, with their levels and sds, as the design has them."""
        rungs = {name: (float(one.value), float(one.sd)) for name, one in RUNGS.items()}

        assert rungs == {
            "structural-1/severe-rivalry": (-6, 2),
            "structural-1/lesser-rivalry": (-2, 2.5),
            "structural-1/negative-peace": (2, 2.5),
            "structural-1/pact": (3, 2.5),
            "structural-1/defence-pact": (5, 2),
            "structural-1/security-community": (7, 1.5),
            "structural-1/rivalry-with-pact": (0, 3),
        }

    def test_are_named_by_claims(self):
        found = assessed()

        assert found.term == "structural-1/negative-peace"
        assert found.rung == RUNGS["structural-1/negative-peace"]


class TestRivals:
    def test_are_lesser_rivals(self):
        found = assessed(rivalries=(RIVALS,))

        assert (found.name, found.day) == ("lesser-rivalry", date(2020, 12, 31))
        assert found.summary == "Strategic rivals since 1996."
        assert found.rows == (Row("rivalries", "No. 1"),)

    def test_who_fought_are_severe_rivals(self):
        found = assessed(rivalries=(RIVALS,), disputes=(dispute(4, 2),))

        # As of the end of the disputes, the older of the two tables.
        assert (found.name, found.day) == ("severe-rivalry", date(2010, 12, 31))
        assert found.summary == "Strategic rivals since 1996, with a deadly dispute in 2001."
        assert found.rows == (Row("rivalries", "No. 1"), Row("disputes", "A-B"))

    @each(
        ("hostility", "fatality", "expected"),
        [
            (4, 2, "severe-rivalry"),
            (4, 6, "severe-rivalry"),
            # One to 25 deaths, as between China and the United States in 2001.
            (4, 1, "lesser-rivalry"),
            (4, -9, "lesser-rivalry"),
            # A show of force.
            (3, 2, "lesser-rivalry"),
            (5, -9, "severe-rivalry"),
        ],
    )
    def test_are_severe_rivals_by_hostility_and_deaths(self, hostility, fatality, expected):
        assert rung(rivalries=(RIVALS,), disputes=(dispute(hostility, fatality),)) == expected

    @pytest.mark.parametrize(
        ("hostility", "last", "expected"),
        [
            (4, 1980, "severe-rivalry"),
            (4, 1979, "lesser-rivalry"),
            (5, 1979, "severe-rivalry"),
        ],
    )
    def test_are_severe_for_thirty_years_after_deaths_and_for_good_after_a_war(
        self, hostility, last, expected
    ):
        """Thirty years before the end of 2010, the last day of the disputes."""
        old = dispute(hostility, 3, first=1970, last=last)

        assert rung(rivalries=(OLD_RIVALS,), disputes=(old,)) == expected

    @pytest.mark.parametrize(
        ("since", "first", "last", "expected"),
        [
            # China fought the United States until 1953, and Japan from 1937; both are rivals
            # since 1996.
            (1996, 1950, 1953, "lesser-rivalry"),
            (1996, 1937, 1945, "lesser-rivalry"),
            (1996, 1990, 1995, "lesser-rivalry"),
            (1996, 1990, 1996, "severe-rivalry"),
            (1937, 1937, 1937, "severe-rivalry"),
        ],
    )
    def test_are_not_severe_by_what_ended_before_they_were_rivals(
        self, since, first, last, expected
    ):
        rivals = Rivalry(since=since, until=None, row="No. 1")

        assert rung(rivalries=(rivals,), disputes=(dispute(5, 6, first, last),)) == expected

    def test_are_severe_by_a_war_first(self):
        found = assessed(
            rivalries=(RIVALS,), disputes=(dispute(5, 6, 1998, 2000), dispute(4, 2, 2005, 2005))
        )

        assert found.summary == (
            "Strategic rivals since 1996, with a war on record between 1998 and 2000."
        )

    def test_with_a_defence_pact_are_at_zero(self):
        """Greece and Türkiye. Of the two tables the older says as of when."""
        found = assessed(rivalries=(RIVALS,), pacts=(DEFENCE,), memberships=(NATO,))

        assert (found.name, found.day) == ("rivalry-with-pact", date(2018, 12, 31))
        assert found.summary == "Strategic rivals since 1996, with a pact of defence in 2018."
        assert found.rows == (Row("rivalries", "No. 1"), Row("pacts", "A-B"))

    def test_with_another_pact_are_rivals(self):
        assert rung(rivalries=(RIVALS,), pacts=(TALKS,)) == "lesser-rivalry"

    def test_who_fought_despite_a_defence_pact_are_severe_rivals(self):
        """Armenia and Azerbaijan."""
        fought = assessed(rivalries=(RIVALS,), pacts=(DEFENCE,), disputes=(dispute(5, 6),))

        assert fought.name == "severe-rivalry"

    def test_of_the_past_are_no_rivals(self):
        ended = Rivalry(since=1949, until=1972, row="No. 2")

        assert rung(rivalries=(ended,), disputes=(dispute(5, 6),)) == "negative-peace"


class TestOthers:
    def test_have_neither_rivalry_nor_pact(self):
        found = assessed()

        assert (found.name, found.day) == ("negative-peace", date(2018, 12, 31))
        assert found.summary == "Neither strategic rivals nor bound by a pact."
        assert found.rows == (Row("rivalries", "no row of A-B"), Row("pacts", "no row of A-B"))

    def test_have_a_pact_by_which_they_need_not_fight(self):
        found = assessed(pacts=(TALKS,))

        assert (found.name, found.day) == ("pact", date(2018, 12, 31))
        assert found.summary == (
            "A pact of neutrality, non-aggression and consultation in 2018, and no rivalry."
        )
        assert found.rows == (Row("pacts", "A-B"),)

    def test_have_a_defence_pact(self):
        found = assessed(pacts=(DEFENCE,))

        assert (found.name, found.day) == ("defence-pact", date(2018, 12, 31))
        assert found.summary == "A pact of defence in 2018, and no rivalry."

    def test_with_a_pact_of_offence_are_bound_to_fight(self):
        found = assessed(pacts=(Pact(year=2018, obligations=("offence",), row="A-B"),))

        assert found.name == "defence-pact"
        assert found.summary == "A pact of offence in 2018, and no rivalry."

    def test_belong_to_nato_together(self):
        found = assessed(pacts=(DEFENCE,), memberships=(NATO, EU))

        assert (found.name, found.day) == ("security-community", date(2020, 12, 31))
        assert found.summary == "Both in NATO since 2004."
        assert found.rows == (Row("memberships", "NATO: A, B"),)

    def test_belong_to_both_until_one_leaves(self):
        found = assessed(date(2020, 1, 31), memberships=(NATO, EU))

        assert found.summary == "Both in NATO since 2004 and in the EU since 2004."
        assert assessed(date(2020, 2, 1), memberships=(EU,)).name == "negative-peace"

    def test_do_not_belong_before_both_do(self):
        assert rung(date(2004, 3, 28), memberships=(NATO,)) == "negative-peace"
        assert rung(date(2004, 3, 29), memberships=(NATO,)) == "security-community"


class TestAsOfADay:
    def test_only_rivalries_that_had_begun_count(self):
        """A year is on record from its last day."""
        assert rung(date(1996, 12, 30), rivalries=(RIVALS,)) == "negative-peace"
        assert rung(date(1996, 12, 31), rivalries=(RIVALS,)) == "lesser-rivalry"

    def test_a_rivalry_goes_on_until_the_year_it_ends(self):
        ended = Rivalry(since=1949, until=1972, row="No. 2")

        assert rung(date(1972, 12, 31), rivalries=(ended,)) == "lesser-rivalry"
        assert rung(date(1973, 1, 1), rivalries=(ended,)) == "negative-peace"

    def test_only_disputes_that_had_ended_count(self):
        long = dispute(5, 6, first=1990, last=2010)

        assert rung(date(2010, 12, 30), rivalries=(RIVALS,), disputes=(long,)) == "lesser-rivalry"
        assert rung(date(2010, 12, 31), rivalries=(RIVALS,), disputes=(long,)) == "severe-rivalry"

    def test_is_the_day_of_the_level(self):
        assert assessed(date(1999, 5, 1), rivalries=(RIVALS,)).day == date(1999, 5, 1)
        assert assessed(date(2022, 5, 1), rivalries=(RIVALS,)).day == date(2020, 12, 31)

    def test_pacts_are_of_their_year_and_say_so(self):
        found = assessed(date(1949, 12, 31), pacts=(DEFENCE,))

        assert (found.name, found.day) == ("defence-pact", date(1949, 12, 31))
        assert found.summary == (
            "A pact of defence in 2018, the only year on record, and no rivalry."
        )
