"""The sentence above a picture, on cases made by hand."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.bands import NEVER, Assessment, Likely
from tracker.domain.scoring.moments import Score, largest_first
from tracker.pages.headlines import Disagreement, MonthMove, SeriesFacts, headline, named_move

MARCH, MAY = date(2022, 3, 31), date(2022, 5, 31)


def a_move(ended, amount, *gave):
    """A move by claims that gave so much each."""
    parts = largest_first({UUID(int=n): one for n, one in enumerate(gave)}, start=0.0).parts
    return MonthMove(ended=ended, amount=amount, parts=parts)


def facts(value=-0.37, low=-6.6, high=5.8, band=None, **given):
    """Those of version 1 of a level, unless other numbers are given."""
    return SeriesFacts(
        **{
            "name": "Kazakhstan–Russia",
            "measure": "level",
            "day": date(2022, 6, 1),
            "score": Score(value, 1, low, high, band),
            "words": "level never assessed; moved −0.4 since March 2022",
            "claims": 3,
            "roots": 1,
            **given,
        }
    )


class TestTheHeadline:
    def test_says_what_moved_a_level_and_that_it_has_no_anchor(self):
        move = a_move(MARCH, -0.49, -0.26, -0.23)

        assert headline(facts(move=move)) == (
            "Kazakhstan–Russia moved −0.5 in March 2022; two claims account for all of it;"
            " the level itself is not anchored."
        )

    def test_says_that_nothing_happened(self):
        assert headline(facts(claims=0, roots=0)) == ("Nothing on record moves Kazakhstan–Russia.")

    def test_says_how_old_the_newest_report_is(self):
        move = a_move(MARCH, -0.49, -0.26, -0.23)

        said = headline(facts(move=move, reported=MAY, day=date(2023, 6, 2)))

        assert said.endswith("not anchored. Last reported 31 May 2022; no later source on file.")

    def test_says_that_we_hardly_know(self):
        assert headline(facts(claims=1, low=-6.7, high=6.5)) == (
            "Little is known about Kazakhstan–Russia: one claim from one independent source;"
            " the score may be anything from −6.7 to +6.5."
        )

    def test_says_that_sources_disagree(self):
        apart = Disagreement(lenses=("standing-ru-cn", "standing-others"), values=(1.24, -3.06))

        said = headline(facts(claims=40, roots=12, apart=apart))

        assert said.endswith(" Sources disagree: +1.2 by standing-ru-cn, −3.1 by standing-others.")

    def test_calls_a_level_by_its_band_where_it_has_earned_one(self):
        move = a_move(MARCH, -8.4, -8.3, -0.1)
        banded = facts(value=-9, low=-9, high=-6.6, band="confrontation", move=move)

        assert headline(banded) == (
            "Kazakhstan–Russia: confrontation (−9.0); it moved −8.4 in March 2022;"
            " one claim accounts for all of it."
        )

    def test_says_that_one_claim_is_most_of_it(self):
        """Seven claims that pull down: .6 of 1.0, then .06 each."""
        move = a_move(MARCH, -1.0, -0.6, *(-0.06,) * 6, -0.04)

        assert "; one claim accounts for most of it; " in headline(facts(move=move))

    def test_says_that_no_claim_alone_does_it(self):
        """120 claims of .01 make 1.2; five of them make .05, a twenty-fourth, 4 %."""
        move = a_move(MARCH, 1.2, *(0.01,) * 120)

        assert "the five largest of 120 claims account for 4 % of it" in headline(facts(move=move))

    def test_counts_only_what_pulls_the_way_it_went(self):
        """Two pull down by .4, one up by .3: the first alone is short of .5, both are enough."""
        move = a_move(MARCH, -0.5, -0.4, 0.3, -0.4)

        assert "moved −0.5 in March 2022; two claims account for all of it" in headline(
            facts(move=move)
        )

    def test_calls_a_flow_by_its_words_and_not_a_level(self):
        move = a_move(MARCH, -2.31, -2.31)
        flow = {"measure": "flow", "move": move}
        clear = facts(**flow, words="mostly conflict", value=-3.2, low=-5.0, high=-1.4)
        open_ = facts(**flow, words="no clear tone", value=-0.4, low=-2.0, high=1.2)

        assert headline(clear) == (
            "Kazakhstan–Russia: mostly conflict (−3.2); it moved −2.3 in March 2022;"
            " one claim accounts for all of it."
        )
        assert headline(open_) == (
            "Kazakhstan–Russia: no clear tone (−0.4); 3 claims leave −2.0 to +1.2 open."
        )

    def test_says_no_cause_where_a_flow_only_faded(self):
        move = a_move(MARCH, -0.8, 0.2)

        assert (
            headline(
                facts(measure="flow", move=move, words="mostly cooperation", value=2, low=1, high=3)
            )
            == "Kazakhstan–Russia: mostly cooperation (+2.0); it moved −0.8 in March 2022."
        )


def level(assessed, **given):
    """Those of version 2 of a level, at +5.2."""
    likely = Likely(("good", "friendly"), 0.824)
    score = Score(5.2, 2.3, 1.3, 9.0, likely=likely, assessed=assessed)
    return facts(score=score, words="", **given)


ASSESSED = Assessment("fresh", date(2020, 12, 31))
FELL = WindowMovement(date(2022, 3, 30), date(2022, 6, 1), -0.77, -1.27, 0.06, 0.88, 0.05)


class TestALevel:
    """Version 2: where the pair is, then which way it moved."""

    def test_says_where_it_is_and_then_which_way_it_moved(self):
        move = a_move(MARCH, -0.49, -0.26, -0.23)

        assert headline(level(ASSESSED, moved=FELL, move=move)) == (
            "Kazakhstan–Russia: good or friendly, 82\N{NO-BREAK SPACE}%; level +5.2, +1.3 to +9.0."
            " Moved −0.8 since 30 March 2022, −1.3 to +0.1; fell with 88\N{NO-BREAK SPACE}%"
            " probability."
        )

    def test_says_the_more_probable_way(self):
        rose = FELL._replace(value=0.19, low=0.08, high=0.3, fell=0.0, rose=0.95)

        assert headline(level(NEVER, moved=rose)).endswith(
            "Moved +0.2 since 30 March 2022, +0.1 to +0.3; rose with 95\N{NO-BREAK SPACE}%"
            " probability."
        )

    def test_that_no_act_moved_says_so(self):
        still = FELL._replace(value=0.0, low=0.0, high=0.0, fell=0.0, rose=0.0)

        assert headline(level(ASSESSED, claims=0)).endswith(". No act on record moved it.")
        assert headline(level(ASSESSED, moved=still)).endswith(
            ". No recorded act moved it since 30 March 2022."
        )

    def test_without_an_act_or_an_assessment_is_nothing(self):
        assert headline(level(NEVER, claims=0)) == "Nothing on record moves Kazakhstan–Russia."


class TestASilentFlow:
    def test_has_no_number_and_no_old_report(self):
        score = Score(-0.02, 3, -4.9, 4.9, silent=date(2022, 5, 12))
        move = a_move(MARCH, -2.31, -2.31)
        silent = facts(
            measure="flow", score=score, words="no news since May 2022", reported=MARCH, move=move,
            day=date(2026, 3, 31),
        )  # fmt: skip

        assert headline(silent) == "Kazakhstan–Russia: no news since May 2022."
        assert named_move(silent) is None


class TestMoreCases:
    """By hand: what each part of the sentence becomes where the numbers are others."""

    def test_a_ratio_says_its_words_and_what_moved_it(self):
        move = a_move(MARCH, 0.42, 0.3, 0.12)

        assert headline(
            facts(
                measure="ratio", move=move, words="mostly cooperation", value=0.6, low=0.2, high=0.9
            )
        ) == (
            "Kazakhstan–Russia: mostly cooperation (+0.6); it moved +0.4 in March 2022;"
            " two claims account for all of it."
        )

    def test_a_band_that_nothing_moved_lately_stands_alone(self):
        assert headline(facts(value=7.2, low=5.1, high=8.8, band="friendship")) == (
            "Kazakhstan–Russia: friendship (+7.2)."
        )

    def test_a_band_says_of_when_the_newest_report_is(self):
        said = facts(value=7.2, band="friendship", reported=MARCH, day=date(2026, 3, 31))

        assert headline(said) == (
            "Kazakhstan–Russia: friendship (+7.2). Last reported 31 March 2022; no later source on"
            " file."
        )

    @pytest.mark.parametrize(
        ("claims", "roots", "says"),
        [
            (4, 2, "four claims from two independent sources"),
            (10, 10, "ten claims from ten independent sources"),
            (11, 1, "11 claims from one independent source"),
            (1_250, 60, "1,250 claims from 60 independent sources"),
        ],
    )
    def test_we_hardly_know_however_many_claims_that_cancel_out(self, claims, roots, says):
        said = headline(facts(claims=claims, roots=roots, low=-6.5, high=6.7))

        assert said == (
            f"Little is known about Kazakhstan–Russia: {says};"
            " the score may be anything from −6.5 to +6.7."
        )

    @pytest.mark.parametrize(("days", "said"), [(89, False), (90, True)])
    def test_a_report_is_old_after_ninety_days(self, days, said):
        move = a_move(MARCH, -0.49, -0.49)

        shown = headline(facts(move=move, reported=MARCH, day=MARCH + timedelta(days=days)))

        assert ("Last reported 31 March 2022; no later source on file." in shown) is said

    def test_a_flow_says_of_when_the_newest_report_is(self):
        flow = facts(
            measure="flow", words="no clear tone", value=0, low=-5, high=5, reported=MARCH,
            day=date(2026, 3, 31),
        )  # fmt: skip

        assert headline(flow) == (
            "Kazakhstan–Russia: no clear tone (0.0); 3 claims leave −5.0 to +5.0 open."
            " Last reported 31 March 2022; no later source on file."
        )

    def test_sources_disagree_about_a_flow_too(self):
        apart = Disagreement(lenses=("tone-ru-cn", "tone-others"), values=(2.0, -1.5))
        flow = facts(measure="flow", words="no clear tone", value=0.2, low=-3, high=3, apart=apart)

        assert headline(flow).endswith(
            "open. Sources disagree: +2.0 by tone-ru-cn, −1.5 by tone-others."
        )

    def test_one_claim_is_said_in_the_singular(self):
        move = a_move(MAY, 1.0, 1.0)

        assert headline(facts(claims=1, move=move)) == (
            "Kazakhstan–Russia moved +1.0 in May 2022; one claim accounts for all of it;"
            " the level itself is not anchored."
        )
        assert "1 claim leaves −6.6 to +5.8 open" in headline(facts(claims=1, measure="flow"))
