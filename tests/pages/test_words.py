"""Sentences made of numbers."""

from datetime import date

import pytest

from tracker.domain.scoring.bands import NEVER, Assessment
from tracker.domain.scoring.moments import Score
from tracker.pages import headlines
from tracker.queries.scores.pairs import Reading


def a_reading(**given):
    return Reading(
        **{
            "day": date(2022, 6, 1),
            "score": Score(value=-0.37),
            "words": "level never assessed; moved −0.4 since March 2022",
            "claims": 3,
            "roots": 1,
            "state_roots": 0,
            "days_since": 20,
            **given,
        }
    )


class TestEvidence:
    def test_of_a_flow_says_its_value_and_what_it_rests_on(self):
        assert headlines.evidence(a_reading(state_roots=1)) == (
            "On 1 June 2022 the score is −0.4. It rests on 3 claims from 1 state-owned source;"
            " the latest counts from 12 May 2022."
        )

    def test_says_that_there_is_nothing(self):
        assert headlines.evidence(a_reading(claims=0)) == (
            "Nothing recorded moves this score up to 1 June 2022."
        )

    @pytest.mark.parametrize(
        ("assessed", "said"),
        [
            (NEVER, "Nobody has assessed the level of this pair, so where it stands is not known."),
            (
                Assessment("fresh", date(2020, 12, 31)),
                "Level +5.2, +1.3 to +9.0. The level was last assessed as of 31",
            ),
            (
                Assessment("past", date(2010, 12, 31)),
                (
                    "Level +5.2, +1.3 to +9.0. The level was last assessed as of 31 December 2010."
                    " That is more than five years ago."
                ),
            ),
        ],
    )
    def test_of_a_level_says_when_it_was_last_assessed(self, assessed, said):
        score = Score(value=5.2, sd=1, low=1.3, high=9.0, assessed=assessed)

        assert headlines.evidence(a_reading(score=score)).startswith(said)

    def test_of_a_level_without_an_act_says_so(self):
        score = Score(value=2, sd=1, low=0, high=4, assessed=Assessment("fresh", date(2020, 1, 1)))

        assert headlines.evidence(a_reading(score=score, claims=0)).endswith(
            "No act is on record up to 1 June 2022."
        )

    def test_of_a_silent_flow_has_no_number(self):
        score = Score(value=-0.02, silent=date(2022, 5, 12))

        assert headlines.evidence(a_reading(score=score)).startswith("It rests on 3 claims")

    @pytest.mark.parametrize(
        ("roots", "owned", "said"),
        [
            (1, 0, "1 independent source"),
            (3, 0, "3 independent sources"),
            (1, 1, "1 state-owned source"),
            (11, 11, "11 sources, all state-owned"),
            (12, 11, "12 sources, 11 of them state-owned"),
        ],
    )
    def test_calls_no_source_of_a_state_independent(self, roots, owned, said):
        reading = a_reading(roots=roots, state_roots=owned)

        assert f"It rests on 3 claims from {said}; the latest" in headlines.evidence(reading)
