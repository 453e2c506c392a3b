"""What the finding about a pair never says, and the table of its rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.kit.findings import (
    GAZETTE,
    NEWSLETTER,
    TODAY,
    a_move,
    an_act,
    facts,
    said,
)
from tracker.findings.pair import RULES, finding


class TestWhatIsNeverNamed:
    def test_a_move_under_half_a_point(self):
        """Certain, by two sources, and .49."""
        act = an_act(1, amount=-0.49, roots=(GAZETTE, NEWSLETTER))

        assert said(finding(facts(act, move=a_move(act), reported=TODAY))) == (
            "Kazakhstan and Russia: no large change.",
            "Sanctions in March 2022 set them apart, by less than half a point.",
        )
        assert "drew apart" in finding(facts(an_act(1, amount=-0.5))).lead

    @pytest.mark.parametrize("roots", [(NEWSLETTER,), (GAZETTE, NEWSLETTER)])
    def test_a_move_that_fewer_than_four_of_five_worlds_made(self, roots):
        act = an_act(1, amount=-0.9, roots=roots)

        def found(fell):
            move = a_move(act, low=-1.5, high=0.0, fell=fell, roots=len(roots))
            return finding(facts(act, move=move, reported=TODAY))

        assert said(found(0.79)) == (
            "Kazakhstan and Russia: no change we can be sure of.",
            "Sanctions in March 2022 would set them apart, if the reports are right.",
        )
        assert "drew apart" in found(0.8).lead

    def test_a_day_on_which_nothing_was_reported(self):
        """The move is of a year; its one threat was made at the end of it."""
        act = an_act(1, event="THREATEN", amount=-0.9, begun=date(2022, 3, 2))
        move = replace(
            a_move(act, low=-1.5, high=0.0, fell=0.6), start=date(2021, 3, 31), month=False
        )

        assert said(finding(facts(act, move=move, reported=TODAY)))[1].startswith(
            "A threat in March 2022 would set them apart, if the reports are right."
        )

    def test_where_a_move_that_may_not_be_named_points_if_a_quarter_points_back(self):
        """.25 against 1.0 is a quarter, which is a signal; .24 is not."""
        down = an_act(1, amount=-1.0)

        def lead(against):
            up = an_act(2, "SUPPORT", amount=against)
            move = a_move(down, up, high=0.0, fell=0.7)
            return finding(facts(down, up, move=move)).lead

        assert lead(0.25) == "Kazakhstan and Russia: signals in both directions."
        assert lead(0.24) == "Kazakhstan and Russia: no change we can be sure of."

    def test_the_sum_alone_of_two_strong_ways(self):
        """If .5 of 1.0 pulled the other way, the sentence says so although the sum is certain. It
        does not for .49."""
        down = an_act(1, amount=-1.0, roots=(GAZETTE, NEWSLETTER))

        def found(against):
            up = an_act(2, "SUPPORT", amount=against)
            return finding(facts(down, up, move=a_move(down, up), reported=TODAY))

        assert said(found(0.5)) == (
            "Kazakhstan and Russia: signals in both directions.",
            "Support pulled them together, sanctions apart; on balance they drew apart.",
        )
        assert "drew apart in March 2022" in found(0.49).lead

    def test_a_country_without_its_article(self):
        act = an_act(1, amount=-0.9)

        def lead(**given):
            return finding(facts(act, names="the United States and Vietnam", **given)).lead

        assert lead().startswith("The United States and Vietnam drew apart")
        assert lead(claims=0) == "No reported act between the United States and Vietnam yet."

    def test_a_verb_against_the_codes(self):
        """The sentence about a direction names only acts that pulled that way."""
        visit = an_act(1, "CONSULT", mode="visit", amount=0.1)
        words = an_act(2, "ACCUSE", amount=-0.9)

        assert "cooled in March 2022" in finding(facts(visit, words)).lead

    def test_old_news_as_new(self):
        """After ninety days the newest report is old."""
        act = an_act(1, amount=-0.9)

        def rest(days):
            return finding(facts(act, reported=TODAY - timedelta(days=days))).rest

        assert "nothing newer" in rest(90)
        assert "nothing newer" not in rest(89)


class TestTheRules:
    def test_end_with_one_that_always_holds(self):
        assert RULES[-1].holds(facts())
