"""Which way a pair went."""

import pytest

from tracker.queries.scores import pair_changes


class TestTheTurn:
    """By the rule of the digest: half a point, and an interval without 0."""

    @pytest.mark.parametrize(
        ("value", "low", "high", "turn"),
        [
            (-0.5, -0.9, -0.1, "worse"),
            (0.5, 0.1, 0.9, "better"),
            (-0.49, -0.6, -0.3, "unchanged"),
            (-3.0, -7.0, 0.0, "unchanged"),
            (3.0, 0.0, 7.0, "unchanged"),
        ],
    )
    def test_is_that_of_the_rule(self, value, low, high, turn):
        moved = pair_changes.WindowMovement(None, None, value, low, high, 0.9, 0.1)

        assert pair_changes.turn_of(moved) == turn

    def test_is_unchanged_without_an_act(self):
        assert pair_changes.turn_of(None) == "unchanged"
