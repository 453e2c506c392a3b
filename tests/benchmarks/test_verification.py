"""The figures of agreement, worked out by hand, and the notes on shifts."""

from datetime import date

import pytest

from benchmarks.flagged_shifts import notes
from benchmarks.verification import Track, Verification, Worlds
from tracker.domain.shifts import Shift


def months(number):
    return [(2000 + place // 12, 1 + place % 12) for place in range(number)]


# Forty worlds around a mean, from −.975 to .975.
AROUND = [(place - 19.5) / 20 for place in range(40)]


def a_track(scores, expert, start=0.0, around=AROUND):
    when = months(len(scores))
    return Track(
        scores={
            month: Worlds([mean + own for own in around])
            for month, mean in zip(when, scores, strict=True)
        },
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
        """They are at .7, .15, .925, .9625 and 1 of the worlds."""
        found = a_track([0] * 5, [0.4, -0.7, 0.85, 0.925, 2.1])

        assert [found.coverage(one) for one in (50, 80, 90, 95)] == [0.2, 0.4, 0.6, 0.8]

    def test_counts_the_tenths_of_the_distribution(self):
        """At −8 none, at .1 .55, at .15 .575, at 8 all."""
        found = a_track([0] * 4, [-8, 0.1, 0.15, 8])

        assert found.deciles == [0.25, 0, 0, 0, 0, 0.5, 0, 0, 0, 0.25]

    def test_scores_one_world_by_its_error(self):
        assert a_track([1, 2], [2, 5], around=[0.0]).crps == pytest.approx(2.0)


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


class TestFalls:
    # The level changes by −3, −2, −1 and 1 in four worlds.
    WORLDS = {(2000, 1): Worlds([0, 0, 0, 0]), (2001, 1): Worlds([-2, -1, 1, -3])}
    FELL = Track(scores=WORLDS, expert={(2000, 1): 0.0, (2001, 1): -1.5}, start=0.0)
    ROSE = Track(scores=WORLDS, expert={(2000, 1): 0.0, (2001, 1): 2.0}, start=0.0)

    def test_are_as_probable_as_the_worlds_in_which_the_level_fell(self):
        assert self.FELL.falls == [(0.75, True)]
        assert self.ROSE.falls == [(0.75, False)]

    def test_score_by_logarithms_beside_the_share_of_all_falls(self):
        """(−ln .75 − ln .25)/2 = .837; with the share ½ −ln ½ = .693. Half of the worlds' changes
        are below −1.5, all are below 2."""
        found = Verification(tracks={"A-B": self.FELL, "A-C": self.ROSE})

        assert found.change_line("x") == (
            "x coverage50=0.500 coverage80=0.500 coverage90=0.500 coverage95=0.500"
            " log_score=0.837 base_log_score=0.693"
        )


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


class TestWorlds:
    def test_have_the_crps_of_its_definition(self):
        """Of 0 and 2 the CDF is ½ between them: ∫(½)² over 0 to 1 and 1 to 2 is ½."""
        assert Worlds([0.0, 2.0]).crps(1.0) == pytest.approx(0.5)
        assert Worlds([2.0, 0.0]).crps(3.0) == pytest.approx(1.5)

    def test_rank_what_is_equal_by_a_half(self):
        assert Worlds([1.0, 1.0, 2.0, 3.0]).rank(1.0) == 0.25


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
