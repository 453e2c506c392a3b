"""The model of a level reads every figure from its worlds."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.pulls import HISTORIES, USUAL, act, assessed, still, war
from tracker.domain.scoring import bands, level
from tracker.domain.scoring.array_rows import ARRAYS
from tracker.domain.scoring.evidence import Pull, Pulls
from tracker.domain.scoring.level import DEFAULTS, Level
from tracker.domain.scoring.moments import Explanation, Part, Score, latest
from tracker.domain.scoring.parameters import WrongParameter
from tracker.domain.scoring.plain_rows import PLAIN
from tracker.domain.scoring.tables import N

STILL = still(conflict_in_deeds="-1")
END = date(2015, 6, 15)


def score(model: Level, pulls: list[Pull], day: date) -> Score:
    return model.at(latest(model.knots(pulls, until=day), day), day)


def amounts_in(found: Explanation) -> dict[UUID, float]:
    return {part.claim: part.amount for part in found.parts}


class TestAScore:
    def test_has_mean_and_quantiles_of_its_worlds(self) -> None:
        # True in 192 of 256 worlds (p .75): −1 there, else 0.
        found = score(STILL, [act(1, "sanction", "2000-01-05", p=0.75)], date(2000, 1, 31))
        assert (found.value, found.low, found.high) == (-0.75, -1.0, 0.0)
        # The sd of a coin with p .75.
        assert found.sd == pytest.approx((0.75 * 0.25) ** 0.5)

    def test_counts_the_bands_of_its_worlds(self) -> None:
        # 5 ± 1: from the table of normals, 256 values: below 3 (−2 sd) are 6, above 6 (1 sd) 41.
        found = score(USUAL, [assessed(1, "2000-01-01", 5.0, 1.0)], date(2000, 1, 1))
        assert found.likely == bands.Likely(("good", "friendly"), pytest.approx(250 / N))

    def test_is_positive_where_its_worlds_are(self) -> None:
        # Both acts of a month meet 0: +.4, and −1 in 192 worlds, where that is −.6.
        acts = [act(1, "aid", "2000-01-04"), act(2, "sanction", "2000-01-05", p=0.75, root=2)]
        assert score(STILL, acts, date(2000, 1, 31)).positive == 64 / N

    def test_is_as_positive_as_negative_in_worlds_at_0(self) -> None:
        # −1 in 192 worlds and 0 in 64, or +.4 in 192: those at 0 are half of either sign.
        fell, rose = (
            score(STILL, [act(1, name, "2000-01-05", p=0.75)], date(2000, 1, 31))
            for name in ("sanction", "aid")
        )
        assert (fell.positive, rose.positive) == (32 / N, 224 / N)
        assert fell.likely == bands.Likely(("discord", "normal"), 1.0)
        assert STILL.at(None, END).positive == 0.5

    def test_of_nothing_is_zero_and_wide(self) -> None:
        found = USUAL.at(None, END)
        assert abs(found.value) < 1e-9
        assert 3.5 < found.sd < 4
        assert found.low < -6
        assert found.high > 6
        assert found.assessed == bands.NEVER

    def test_says_when_it_was_assessed(self) -> None:
        pulls = [assessed(1, "2000-01-01", 5.0, 1.0), assessed(2, "2001-01-01", 5.0, 1.0, p=0.4)]
        assert score(USUAL, pulls, date(2004, 1, 1)).assessed == ("fresh", date(2000, 1, 1))
        assert score(USUAL, pulls, date(2006, 1, 1)).assessed == ("past", date(2000, 1, 1))

    @given(HISTORIES)
    def test_has_the_same_bits_without_numpy(self, pulls: list[Pull]) -> None:
        row = USUAL.worlds(pulls, END)
        assert ARRAYS.summaries([row]) == PLAIN.summaries([PLAIN.row(row.tolist())])

    @given(HISTORIES, st.sampled_from([date(2003, 3, 3), date(2010, 12, 31)]))
    def test_is_that_of_a_fold_up_to_its_day(self, pulls: list[Pull], day: date) -> None:
        early = latest(USUAL.knots(pulls, until=day), day)
        late = latest(USUAL.knots(pulls, until=END), day)
        assert early == late

    def test_rests_on_what_moves_it(self) -> None:
        """A call is news, and moves no level. Nor does a level that somebody assessed act."""
        call = act(1, "agree", "2000-01-05", root=2)._replace(code="plover-2.0/CONSULT/phone")
        own = [call, act(2, "aid", "2000-01-04"), assessed(3, "2000-01-03", 5.0, 1.0)]
        knot = latest(USUAL.knots(own, until=END), date(2000, 1, 31))
        assert knot is not None
        assert (knot.claims, knot.roots, knot.newest) == (1, 1, date(2000, 1, 4))


class TestAMovement:
    @given(HISTORIES)
    def test_is_the_change_of_the_level_and_adds_up(self, pulls: list[Pull]) -> None:
        pulls = [*pulls, assessed(30_000, "2001-05-05", 1.0, 1.0)]
        days = [date(2001, 5, 5), date(2006, 6, 6), END]
        first, second = USUAL.movement(pulls, *days[:2]), USUAL.movement(pulls, *days[1:])
        both = USUAL.movement(pulls, days[0], days[2])
        values = [float(score(USUAL, pulls, day).value) for day in days]
        assert first.value + second.value == pytest.approx(both.value, abs=1e-9)
        assert both.value == pytest.approx(values[2] - values[0], abs=1e-9)
        assert USUAL.movements(pulls, days[0], days[1:]) == [first, both]

    @given(HISTORIES)
    def test_is_explained_by_steps(self, pulls: list[Pull]) -> None:
        start = date(2005, 5, 5)
        pulls = [*pulls, act(30_000, "aid", "1999-01-01")]
        moved = USUAL.movement(pulls, start, END)
        steps = USUAL.moved_by(pulls, start, END)
        assert steps.value == pytest.approx(moved.value, abs=1e-9)

    def test_of_a_doubtful_war_is_as_doubtful(self) -> None:
        # In 166 of 256 worlds (p .65) the war is true; without drift nothing moves in the others.
        history = [
            act(1, "aid", "1999-12-01", weight=0.0),
            war(2, "2000-01-01", "2003-12-31", p=0.65),
        ]
        found = STILL.movement(history, date(1999, 12, 31), date(2003, 12, 31))
        assert found.fell == 166 / N
        assert found.rose == 0
        assert found.value == pytest.approx(-9 * (1 - 0.75**48) * 166 / N)

    def test_holds_what_nobody_reported(self) -> None:
        # A year with one small act that is surely true: .57 a year is unreported.
        history = [assessed(1, "2000-01-01", 0.0, 1.0), act(2, "accuse", "2000-06-01")]
        found = USUAL.movement(history, date(2000, 1, 1), date(2001, 1, 1))
        assert 0.55 < found.fell < 0.95
        assert found.low < -0.5 < 0 < found.high


class TestAnExplanation:
    @given(HISTORIES)
    def test_sums_to_the_score(self, pulls: list[Pull]) -> None:
        found = USUAL.contributions(pulls, END)
        if pulls:
            assert found.value == pytest.approx(score(USUAL, pulls, END).value, abs=1e-9)

    def test_divides_what_one_root_assesses_among_its_claims(self) -> None:
        # Two roots that are equally sure of 4: the one says so in two claims.
        day = "2000-01-01"
        said = [assessed(n, day, 4.0, 1.0, root=root) for n, root in ((1, 1), (2, 1), (3, 2))]
        found = STILL.contributions(said, date(2000, 1, 1))
        assert [amounts_in(found)[one.claim] for one in said] == pytest.approx([1.0, 1.0, 2.0])

    def test_gives_each_war_and_act_its_own_part(self) -> None:
        # All meet 0 in January. A war is a blow and takes a quarter of the way to −9; of its two
        # reports the first is the stronger. What the sanction of another root adds is not taken by
        # a war of its own month.
        same = [
            act(1, "sanction", "2000-01-01", root=2),
            war(2, "2000-01-01", "2000-01-31"),
            war(3, "2000-01-01", "2000-01-31", weight=0.5),
        ]
        found = STILL.contributions(same, date(2000, 1, 31))
        assert [amounts_in(found)[one.claim] for one in same] == pytest.approx(
            [-1.0, -2 - 9 * 0.25, 0.0]
        )

    def test_of_an_earlier_day_is_not_that_of_a_later_one(self) -> None:
        acts = [act(1, "aid", "2000-01-05"), act(2, "sanction", "2001-01-05")]
        series = Pulls(acts, pair="CHN-RUS")
        late, early = (USUAL.contributions(series, day) for day in (END, date(2000, 6, 1)))
        assert {*amounts_in(early)} == {acts[0].claim}
        assert {*amounts_in(late)} == {one.claim for one in acts}


# Two roots report the same three deeds of a day, so that several choices of them are equal.
EQUAL = """
from datetime import date
from tests.kit.pulls import USUAL, act
codes = ("accuse", "sanction", "assault")
pulls = [
    act(10 * root + n, code, 730_000, p=0.65, root=root)
    for root in (1, 2)
    for n, code in enumerate(codes)
]
print(USUAL.contributions(pulls, date(2000, 1, 31)))
"""


class TestEqualChoices:
    def test_are_made_alike_in_each_process(self) -> None:
        """The order of sets of texts differs between processes."""
        found = {
            subprocess.run(
                [sys.executable, "-c", EQUAL],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            for seed in ("0", "2")
        }
        assert len(found) == 1


class TestAnActThatConfirms:
    """Of the acts of a month and a class only the largest counts in a world."""

    usual = still()
    PULLS = (act(1, "sanction", "2000-01-05", weight=0.5), act(2, "sanction", "2000-01-06"))

    def part_of(self, number: int, pulls: Sequence[Pull], day: date = END) -> Part:
        parts = self.usual.contributions(pulls, day).parts
        return next(part for part in parts if part.claim == UUID(int=number))

    def test_says_what_it_would_have_moved_alone(self) -> None:
        # At 0, both are certain: −.6 counts, and −.3 would have.
        assert self.part_of(1, self.PULLS)[1:] == pytest.approx((0.0, 0.0, -0.3))
        assert self.part_of(2, self.PULLS)[1:] == pytest.approx((-0.6, -0.6, -0.6))
        assert self.part_of(1, self.PULLS).confirms
        assert not self.part_of(2, self.PULLS).confirms

    def test_may_be_the_same_deed_under_another_code(self) -> None:
        # One root tells of both on a day: −.6 counts, and −.3 would have.
        pulls = [act(1, "accuse", "2000-01-05"), act(2, "sanction", "2000-01-05")]
        assert self.part_of(1, pulls)[1:] == pytest.approx((0.0, 0.0, -0.3))
        assert self.part_of(2, pulls)[1:] == pytest.approx((-0.6, -0.6, -0.6))

    def test_counts_under_the_code_in_which_another_deed_is_not_larger(self) -> None:
        # The one root's sanction is smaller than the other's, so that its accusation counts: −.9
        # in all is more than −.6 alone.
        pulls = [
            act(1, "accuse", "2000-01-05"),
            act(2, "sanction", "2000-01-05", weight=0.75),
            act(3, "sanction", "2000-01-20", root=2),
        ]
        assert [self.part_of(n, pulls).step for n in (1, 2, 3)] == pytest.approx([-0.3, 0.0, -0.6])

    def test_is_among_what_moved_a_window(self) -> None:
        found = self.usual.moved_by(self.PULLS, date(1999, 12, 31), date(2000, 1, 31))
        assert [part.claim.int for part in found.parts] == [2, 1]
        assert [part.alone for part in found.parts] == pytest.approx([-0.6, -0.3])
        later = self.usual.moved_by(self.PULLS, date(2000, 1, 31), date(2000, 2, 28))
        assert not later.parts

    def test_would_have_met_the_level_of_the_months_beginning(self) -> None:
        # January leaves .6, so an accusation in February does −.3 − .3/9 · .6.
        pulls = [
            act(1, "accuse", "2000-02-05"),
            act(2, "sanction", "2000-02-06"),
            act(3, "aid", "2000-01-06"),
        ]
        assert self.part_of(1, pulls).alone == pytest.approx(-0.3 - 0.3 / 9 * 0.6)

    @pytest.mark.parametrize(("p", "confirms"), [(0.25, False), (0.75, True)])
    def test_confirms_if_it_counts_in_under_half_of_its_worlds(
        self, p: float, *, confirms: bool
    ) -> None:
        # It counts where the sanction is not true.
        pulls = [
            act(1, "sanction", "2000-01-05", root=2, weight=0.5),
            act(2, "sanction", "2000-01-06", p=p),
        ]
        found = self.part_of(1, pulls)
        assert found.step == pytest.approx(-0.3 * (1 - p))
        assert found.alone == pytest.approx(-0.3)
        assert found.confirms == confirms

    def test_keeps_its_step_when_later_acts_have_worn_it_down(self) -> None:
        # −.6 at 0; of that an aid in February takes .6/9.
        pulls = [act(1, "sanction", "2000-01-05"), act(2, "aid", "2000-02-06")]
        found = self.part_of(1, pulls)
        assert found.amount == pytest.approx(-0.6 * (1 - 0.6 / 9))
        assert (found.step, found.alone) == pytest.approx((-0.6, -0.6))
        assert not found.confirms

    def test_may_be_a_report_of_the_same_war(self) -> None:
        # A full war is a blow, −2, and takes a quarter of the way from 0 to −9; one of half the
        # weight −1 and an eighth.
        wars = [war(n, "2000-01-01", "2000-01-31", weight=w) for n, w in ((1, 0.5), (2, 1.0))]
        assert self.part_of(1, wars)[1:] == pytest.approx((0.0, 0.0, -1 - 9 / 8))
        assert self.part_of(2, wars)[1:] == pytest.approx((-17 / 4,) * 3)

    def test_is_never_an_assessed_level(self) -> None:
        found = self.part_of(1, [assessed(1, "2000-01-01", 4.0, 1.0)])
        assert (found.alone, found.confirms) == (None, False)


class TestParameters:
    @pytest.mark.parametrize(
        ("changed", "name", "problem"),
        [
            ({"steps": []}, "steps", "must have a step for each class"),
            ({"steps": {**DEFAULTS["steps"], "war": "-3"}}, "steps.war", "is unknown"),
            (
                {
                    "steps": {
                        name: step for name, step in DEFAULTS["steps"].items() if name != "violence"
                    }
                },
                "steps.violence",
                "is missing",
            ),
            (
                {"steps": {**DEFAULTS["steps"], "violence": "2"}},
                "steps.violence",
                "must be between",
            ),
            ({"war": "0.75"}, "war", "must be between"),
            ({"vary": "0.5"}, "vary", "must be between"),
            (
                {"steps": {**DEFAULTS["steps"], "violence": "-3", "cooperation in deeds": "3"}},
                "steps",
                "are so large that a month could take all of a level",
            ),
            ({"omega": "0.03"}, "omega", "is unknown"),
        ],
    )
    def test_are_refused_by_name(self, changed: Mapping[str, Any], name: str, problem: str) -> None:
        with pytest.raises(WrongParameter) as caught:
            level.read({**DEFAULTS, **changed})
        assert caught.value.name == name
        assert problem in str(caught.value)
