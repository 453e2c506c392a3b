from datetime import date

from benchmarks.flagged_shifts import notes
from tracker.domain.shifts import Shift


def a_shift(amount: float, kind: str, month: int = 3) -> Shift:
    start, peak = date(2018, month, 5), date(2018, month + 5, 9)
    return Shift(start=start, seen=peak, peak=peak, amount=amount, sd=0.1, kind=kind)


class TestNotes:
    def test_count_rises_and_falls_and_name_the_slow_ones(self):
        found = {
            "CHN-JPN": [a_shift(-1.2, "fast"), a_shift(0.84, "slow"), a_shift(-0.6, "slow", 6)],
            "CHN-FRA": [a_shift(-0.7, "fast")],
        }

        assert list(notes(found)) == [
            "shifts, fast: 0 rises, 2 falls, 0 % rises",
            "shifts, slow: 1 rises, 1 falls, 50 % rises",
            "shifts, all: 1 rises, 3 falls, 25 % rises",
            "  CHN-JPN slow: +0.8 2018-03 to 2018-08, -0.6 2018-06 to 2018-11",
            "  CHN-FRA slow: none",
        ]

    def test_of_no_shifts_have_no_share(self):
        assert list(notes({}))[2] == "shifts, all: 0 rises, 0 falls"
