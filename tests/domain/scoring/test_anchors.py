"""`standing` from a level that a lens vouches for."""

from math import sqrt

import pytest

from tests.kit.impacts import (
    DAY,
    a_day,
    a_scorer,
    a_situation,
    an_act,
    an_id,
    pulls_of,
)
from tracker.domain.scoring.moments import Scorer

FADE = 0.99615658722057522
ANCHOR = {"series": "ASH-BIR", "day": "2022-03-01", "level": "5.2", "citation": "Yan & Zhou"}


def an_anchored() -> Scorer:
    return a_scorer("standing", anchors=[ANCHOR], series="ASH-BIR")


class TestAnAnchor:
    def test_starts_the_pair_at_its_level(self):
        (knot,) = an_anchored().knots([])
        found = an_anchored().at(knot, a_day(50))

        assert (knot.day, knot.claims, knot.newest) == (DAY, 0, None)
        assert found.value == 5.2
        assert found.sd == pytest.approx(sqrt(0.09 + 50 * 0.0016))
        assert found.band == "good"

    def test_is_moved_by_what_follows_as_in_the_two_worlds(self):
        # I = −6, k = 2/3, p = .5. In the one world 5.2·(1 − 2/3) − 6 = −4.2667, in the other 5.2:
        # they differ by 9.4667, so ½·½·9.4667² between them, and within .106 of doubt about the
        # start (.09 and 10 days of drift), of which (1/3)² is left in the one world
        anchor, knot = an_anchored().knots(pulls_of(an_act(first=a_day(10), value=-10.0, p=0.5)))
        found = an_anchored().at(knot, a_day(10))

        assert anchor.day == DAY
        assert found.value == pytest.approx((5.2 + 5.2 / 3 - 6) / 2)
        assert found.sd == pytest.approx(sqrt(9.466667**2 / 4 + 0.106 * (1 + 1 / 9) / 2))

    def test_of_the_pair_leaves_a_direction_to_an_anchor_of_its_own(self):
        anchors = [ANCHOR, {**ANCHOR, "series": "ASH>BIR", "level": "-2"}]
        both, there, back = (
            a_scorer("standing", anchors=anchors, series=series).knots([])
            for series in ("ASH-BIR", "ASH>BIR", "BIR>ASH")
        )

        assert [knot.moments[0] for knot in both + there] == [5.2, -2]
        assert back == []

    @pytest.mark.parametrize("series", ["ASH>BIR", "ASH-CED", None])
    def test_holds_for_its_series_alone(self, series):
        assert a_scorer("standing", anchors=[ANCHOR], series=series).knots([]) == []

    def test_leaves_out_what_it_already_knows(self):
        pulls = pulls_of(an_act(value=-10.0))

        assert an_anchored().knots(pulls) == an_anchored().knots([])
        assert an_anchored().contributions(pulls, DAY).parts == ()

    def test_counts_the_rest_of_a_situation_from_the_next_day(self):
        # the third day's i = .3/30·f², from 5.2: m = (1 − i/9)·5.2 + i; alone in v, as p(1−p)i²
        pulls = pulls_of(a_situation(days=3, first=a_day(-1), p=0.5))
        _, knot = an_anchored().knots(pulls)
        i = 0.01 * FADE * FADE
        mean = (1 - 0.5 * i / 9) * 5.2 + 0.5 * i
        variance = (1 - 0.5 * i / 9) ** 2 * (0.09 + 0.0016) + 0.25 * i * i

        assert (knot.day, knot.claims, knot.newest) == (a_day(1), 1, a_day(-1))
        assert knot.moments[0] == pytest.approx(mean)
        assert knot.moments[1] - mean**2 == pytest.approx(variance)

    def test_wears_away_in_the_explanation_of_a_score(self):
        # I = .6·.5 = .3: K = 1/30
        found = an_anchored().contributions(pulls_of(an_act(first=a_day(3))), a_day(9))

        assert found.start == pytest.approx(5.2 * 29 / 30)
        assert found.value == pytest.approx(5.2 * 29 / 30 + 0.3)

    def test_says_nothing_of_the_days_before_it(self):
        pulls = pulls_of(an_act(first=a_day(3)))

        assert an_anchored().knots(pulls, until=a_day(-1)) == []
        assert an_anchored().contributions(pulls, a_day(-1)).value == 0

    def test_is_no_knot_after_itself(self):
        pulls = pulls_of(an_act(first=a_day(3)), an_act(claim=an_id(2), first=a_day(-3)))
        anchor, *rest = an_anchored().knots(pulls)

        assert len(rest) == 1
        assert an_anchored().knots(pulls, after=anchor) == rest


class TestWords:
    def test_are_the_name_of_the_band_where_there_is_one(self):
        scorer = an_anchored()

        assert scorer.words(scorer.at(scorer.knots([])[0], DAY), since=DAY) == "good"

    def test_say_how_far_a_level_moved_from_its_anchor(self):
        scorer = an_anchored()
        found = scorer.at(None, DAY)._replace(value=3.9)

        assert scorer.words(found, since=DAY) == "level never assessed; moved −1.3 since March 2022"
