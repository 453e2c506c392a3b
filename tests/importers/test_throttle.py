"""How many rows an import writes at once, and how many reasons it counts."""

from collections import Counter

import pytest

from tracker.imports import writer
from tracker.imports.runs import Tally


class TestThrottle:
    @pytest.mark.parametrize(
        ("before", "events", "held", "after"),
        [
            (1_000, 1_000, 0.0125, 1_000),
            (1_000, 1_000, 0.0156_25, 800),
            (1_000, 1_000, 0.01, 1_250),
            # Two events per row.
            (1_000, 2_000, 0.01, 1_250),
            # In steps of two at most.
            (1_000, 1_000, 0.001, 2_000),
            (1_500, 1_500, 0.1, 750),
            (800, 0, 0.0, 1_600),
            # Between 500 and 2,000 rows.
            (600, 600, 1.0, 500),
            (1_500, 1_500, 0.001, 2_000),
        ],
    )
    def test_aims_at_a_hold_of_12_milliseconds(self, before, events, held, after):
        throttle = writer.Throttle()
        throttle.chunk = before

        throttle.adjust(held, events=events)

        assert throttle.chunk == after

    def test_does_not_write_fewer_rows_because_the_machine_is_busy(self):
        throttle = writer.Throttle()
        throttle.chunk = 1_000
        throttle.adjust(0.0125, events=1_000)

        for _ in range(7):
            throttle.adjust(0.5, events=1_000)

        assert throttle.chunk == 1_000

    def test_writes_fewer_rows_when_each_takes_longer_for_good(self):
        throttle = writer.Throttle()
        throttle.chunk = 2_000
        throttle.adjust(0.0125, events=2_000)

        for _ in range(8):
            throttle.adjust(0.025, events=2_000)

        assert throttle.chunk == 1_000


class TestTally:
    def test_counts_a_thousand_reasons_and_the_others_together(self):
        tally = Tally()

        for number in range(1_003):
            tally.add(Tally(reasons=Counter({f"no {number % 1_002}": 1})))

        assert len(tally.reasons) == 1_001
        assert (tally.reasons["no 0"], tally.reasons["other reasons"]) == (2, 2)
