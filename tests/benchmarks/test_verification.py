"""The figures of agreement, worked out by hand, and the notes on shifts."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.flagged_shifts import notes
from benchmarks.verification import Clipped, Track, Verification
from tracker.domain.shifts import Shift


def months(number):
    return [(2000 + place // 12, 1 + place % 12) for place in range(number)]


def a_track(scores, expert, start=0.0, sd=1.0):
    when = months(len(scores))
    return Track(
        scores={month: Clipped(mean=mean, sd=sd) for month, mean in zip(when, scores, strict=True)},
        expert=dict(zip(when, expert, strict=True)),
        start=start,
    )


class TestTrack:
    def test_compares_errors_with_a_flat_line_at_the_start(self):
        """Errors 1, 0, 2; those of a flat line at 2 are 0, 1, 3."""
        found = a_track([1, 3, 3], [2, 3, 5], start=2.0)

        assert found.error == pytest.approx(1.0)
        assert found.flat_error == pytest.approx(4 / 3)

    def test_of_a_constant_has_no_order(self):
        assert a_track([1, 1, 1], [1, 2, 3]).spearman == 0.0
        assert a_track([1, 2, 3], [1, 1, 1]).spearman == 0.0

    def test_orders_by_rank(self):
        assert a_track([1, 2, 9], [-3, 0, 0.1]).spearman == pytest.approx(1.0)

    def test_covers_what_lies_in_the_central_intervals(self):
        """Of t4/√2: 50 % within .741/√2 = .524, 80 % 1.084, 90 % 1.508, 95 % 1.963."""
        found = a_track([0] * 5, [0.5, -1.0, 1.5, -1.9, 2.1])

        assert [found.coverage(one) for one in (50, 80, 90, 95)] == [0.2, 0.4, 0.6, 0.8]

    def test_counts_the_tenths_of_the_distribution(self):
        """At −8 less than .1, at .1 ½ + 3/8 · .1√2 = .55, at .15 .58, at 8 more than .9."""
        found = a_track([0] * 4, [-8, 0.1, 0.15, 8])

        assert found.deciles == [0.25, 0, 0, 0, 0, 0.5, 0, 0, 0, 0.25]

    def test_scores_sharp_intervals_by_their_errors(self):
        assert a_track([1, 2], [2, 5], sd=1e-5).crps == pytest.approx(2.0, abs=1e-4)


class TestChanges:
    SCORES = [0] * 12 + [1, 2, 3]
    EXPERT = [0] * 12 + [2, 4, 6]

    def test_are_those_of_twelve_months(self):
        """The scores change by 1, 2, 3; the expert by 2, 4, 6."""
        found = a_track(self.SCORES, self.EXPERT)

        assert found.change_r(found) == pytest.approx(1.0)

    def test_are_compared_in_months_that_both_have(self):
        one, other = a_track(self.SCORES, self.EXPERT), a_track([0] * 14, [0] * 14)

        assert one.change_r(other) is None

    def test_of_a_flat_line_correlate_with_nothing(self):
        found = a_track([0] * 15, self.EXPERT)

        assert found.change_r(found) == 0.0

    def test_of_other_pairs_are_held_against_the_expert_of_the_pair(self):
        """The second expert falls by 2, 4, 6: its changes correlate with the first scores by −1.
        Own: 1 and −1, of others −1 and 1."""
        falling = a_track(self.SCORES, [-one for one in self.EXPERT])
        found = Verification(tracks={"A-B": a_track(self.SCORES, self.EXPERT), "A-C": falling})

        assert found.own_change_r == pytest.approx(0.0)
        assert found.other_change_r == pytest.approx(0.0)
        assert found.tracks["A-B"].change_r(falling) == pytest.approx(-1.0)


class TestVerification:
    FOUND = Verification(
        tracks={
            "A-B": a_track([1, 3, 3], [2, 3, 5], start=2.0),
            "A-C": a_track([3, 2, 1], [1, 2, 3]),
        }
    )

    def test_gives_each_pair_the_same_weight(self):
        """Errors 1 and 4/3, those of flat lines 4/3 and 2: skill 1 − (7/6)/(10/6) = .3. Rank
        correlations: of ranks 1, 2.5, 2.5 with 1, 2, 3 it is 1.5/√3 = .866, and −1."""
        line = self.FOUND.line("validity").split()

        assert line[0] == "validity"
        figures = dict(one.split("=") for one in line[1:])
        assert figures["mean_spearman"] == figures["median_spearman"] == "-0.067"
        assert figures["worst_spearman"] == "-1.000"
        assert figures["mean_abs_error"] == "1.167"
        assert figures["skill"] == "0.300"
        assert figures["change_r"] == "0.000"
        assert figures["pairs"] == "2"

    def test_never_prints_minus_zero(self):
        line = Verification(tracks={"A-B": a_track([0, -1e-9], [1e-9, 0])}).line("x")

        assert "=-0.000" not in line

    def test_is_a_line_without_pairs(self):
        assert Verification(tracks={}).line("validity") == "validity pairs=0"

    def test_draws_pairs_again(self):
        """Of two pairs a quarter of the draws has one twice, a quarter the other: the middle 90 %
        reach from one to the other."""
        assert self.FOUND.spearman_interval == pytest.approx((-1.0, 0.8660254))
        assert (
            self.FOUND.spearman_interval == Verification(tracks=self.FOUND.tracks).spearman_interval
        )


def integral(function, low, high, steps=4_000):
    """The midpoint rule."""
    width = (high - low) / steps
    return width * math.fsum(function(low + (n + 0.5) * width) for n in range(steps))


class TestClipped:
    @given(st.builds(Clipped, mean=st.floats(-9, 9), sd=st.floats(0.05, 30)), st.floats(-9, 9))
    def test_has_the_crps_of_its_definition(self, one, outcome):
        """In two parts, since the integrand jumps at the outcome."""
        below = integral(lambda x: one.rank(x) ** 2, one.low, outcome)
        above = integral(lambda x: (1 - one.rank(x)) ** 2, outcome, one.high)

        assert one.crps(outcome) == pytest.approx(below + above, abs=2e-4)

    def test_ranks_by_an_sd_of_its_own(self):
        """At the mean + t.95 · sd/√2 = 2 + 2.132 · 1/√2."""
        one = Clipped(mean=2.0, sd=1.0)

        assert one.rank(2 + 2.131847 / math.sqrt(2)) == pytest.approx(0.95, abs=1e-6)


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
