"""The sentence above a picture, on cases made by hand."""

from datetime import date

import pytest

from tracker.pages.headlines import Apart, Facts, Move, headline, short

MARCH, MAY = date(2022, 3, 31), date(2022, 5, 31)


def facts(**given):
    return Facts(
        **{
            "called": "Kazakhstan–Russia",
            "measure": "level",
            "day": date(2022, 6, 1),
            "value": -0.37,
            "low": -6.6,
            "high": 5.8,
            "band": None,
            "words": "level not anchored; moved −.4 since March 2022",
            "claims": 3,
            "roots": 1,
            **given,
        }
    )


class TestTheHeadline:
    def test_says_what_moved_a_level_and_that_it_has_no_anchor(self):
        move = Move(ended=MARCH, amount=-0.49, gave=(-0.26, -0.23))

        assert headline(facts(move=move, last_move=MAY)) == (
            "Kazakhstan–Russia moved −.5 in March 2022; two claims account for all of it;"
            " the level itself is not anchored."
        )

    def test_says_that_nothing_happened(self):
        assert headline(facts(claims=0, roots=0)) == ("Nothing on record moves Kazakhstan–Russia.")

    def test_says_that_nothing_happened_since(self):
        move = Move(ended=MARCH, amount=-0.49, gave=(-0.26, -0.23))

        said = headline(facts(move=move, last_move=MAY, day=date(2023, 6, 2)))

        assert said.endswith("not anchored. Nothing has moved it since May 2022.")

    def test_says_that_we_hardly_know(self):
        assert headline(facts(claims=1, low=-6.7, high=6.5)) == (
            "We hardly know where Kazakhstan–Russia stands: one claim from one independent source;"
            " anything between −6.7 and +6.5 fits."
        )

    def test_says_that_sources_disagree(self):
        apart = Apart(lenses=("standing-ru-cn", "standing-others"), values=(1.24, -3.06))

        said = headline(facts(claims=40, roots=12, apart=apart))

        assert said.endswith(" Sources disagree: +1.2 by standing-ru-cn, −3.1 by standing-others.")

    def test_calls_a_level_by_its_band_where_it_has_earned_one(self):
        move = Move(ended=MARCH, amount=-8.4, gave=(-8.3, -0.1))
        banded = facts(value=-9, low=-9, high=-6.6, band="confrontation", move=move)

        assert headline(banded) == (
            "Kazakhstan–Russia: confrontation (−9.0); it moved −8.4 in March 2022;"
            " one claim accounts for all of it."
        )

    def test_says_that_one_claim_is_most_of_it(self):
        """Seven claims that pull down: .6 of 1.0, then .06 each."""
        move = Move(ended=MARCH, amount=-1.0, gave=(-0.6, *(-0.06,) * 6, -0.04))

        assert "; one claim accounts for most of it; " in headline(facts(move=move))

    def test_says_that_no_claim_alone_does_it(self):
        """120 claims of .01 make 1.2; five of them make .05, a twenty-fourth, 4 %."""
        move = Move(ended=MARCH, amount=1.2, gave=(0.01,) * 120)

        assert "the five largest of 120 claims account for 4 % of it" in headline(facts(move=move))

    def test_counts_only_what_pulls_the_way_it_went(self):
        """Two pull down by .4, one up by .3: the first alone is short of .5, both are enough."""
        move = Move(ended=MARCH, amount=-0.5, gave=(-0.4, 0.3, -0.4))

        assert "moved −.5 in March 2022; two claims account for all of it" in headline(
            facts(move=move)
        )

    def test_calls_a_flow_by_its_words_and_not_a_level(self):
        move = Move(ended=MARCH, amount=-2.31, gave=(-2.31,))
        flow = {"measure": "flow", "move": move, "last_move": MARCH}
        clear = facts(**flow, words="mostly conflict", value=-3.2, low=-5.0, high=-1.4)
        open_ = facts(**flow, words="no clear tone", value=-0.4, low=-2.0, high=1.2)

        assert headline(clear) == (
            "Kazakhstan–Russia: mostly conflict (−3.2); it moved −2.3 in March 2022;"
            " one claim accounts for all of it."
        )
        assert headline(open_) == (
            "Kazakhstan–Russia: no clear tone (−.4); 3 claims leave −2.0 to +1.2 open."
        )

    def test_says_no_cause_where_a_flow_only_faded(self):
        move = Move(ended=MARCH, amount=-0.8, gave=(0.2,))

        assert (
            headline(
                facts(measure="flow", move=move, words="mostly cooperation", value=2, low=1, high=3)
            )
            == "Kazakhstan–Russia: mostly cooperation (+2.0); it moved −.8 in March 2022."
        )


class TestShort:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(-0.49, "−.5"), (0.96, "+1.0"), (0.04, "0"), (-0.04, "0"), (-9, "−9.0"), (10.04, "+10.0")],
    )
    def test_has_no_leading_nought(self, value, text):
        assert short(value) == text
