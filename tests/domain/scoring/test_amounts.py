"""What each claim adds to a score on many days, and by how much each act moved a level."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.impact_strategies import pairs
from tests.kit.impacts import a_day, an_act, an_id, pulls_of, usual
from tracker.domain.scoring import MODELS, moments
from tracker.domain.scoring.amounts import Waning
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Scorer

DAYS = st.lists(st.integers(-5, 200).map(a_day), min_size=1, max_size=6, unique=True).map(sorted)
CLAIM, ROOT = UUID(int=1), UUID(int=9)


@st.composite
def histories(draw: st.DrawFn) -> list[Pull]:
    """Acts, situations and assessed levels; some share their only root."""
    pulls = pulls_of(*draw(pairs(least=1, most=6)))
    sds = st.one_of(st.none(), st.none(), st.floats(0.5, 4))
    changed = []
    for pull in pulls:
        sd = None if pull.situation else draw(sds)
        value = max(-9.0, min(9.0, pull.value)) if sd else pull.value
        roots = (ROOT,) if draw(st.booleans()) else pull.roots
        changed.append(pull._replace(sd=sd, value=value, roots=roots))
    return changed


def an_archive() -> Scorer:
    """The level as lenses over archives use it, which remove the pair's usual act."""
    model = MODELS["standing"]
    return model.read({**model.defaults, "against_usual": True, "share_day": True})


SCORERS = {
    **{name: usual(model) for name, model in MODELS.items()},
    "archive": an_archive(),
}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scorer, list[Pull]]:
    """A scorer and a history, with assessed levels if it takes them."""
    name, pulls = draw(st.sampled_from([*SCORERS])), draw(histories())
    if name not in ("standing", "archive"):
        pulls = [pull for pull in pulls if pull.sd is None]
    return SCORERS[name], pulls


class TestAmountsOver:
    @given(case=cases(), days=DAYS)
    def test_are_the_contributions_of_each_day(self, case, days):
        scorer, pulls = case

        found = list(scorer.amounts_over(pulls, days))

        assert len(found) == len(days)
        for day, amounts in zip(days, found, strict=True):
            parts = {one.claim: one.amount for one in scorer.contributions(pulls, day).parts}
            assert dict(amounts.by_claim) == pytest.approx(parts, abs=1e-9)

    @given(case=cases(), days=DAYS)
    def test_do_not_depend_on_the_other_days(self, case, days):
        scorer, pulls = case

        together = [amounts.by_claim for amounts in scorer.amounts_over(pulls, days)]

        assert together == [next(scorer.amounts_over(pulls, [day])).by_claim for day in days]


class TestWaning:
    def test_keeps_amounts_that_wane_to_almost_nothing(self):
        waning = Waning()
        waning.add(CLAIM, 8.0)
        for _ in range(400):
            waning.wane(0.1)
        waning.add(CLAIM, 1.0)

        assert waning.amounts(0.5) == {CLAIM: 0.5}

    def test_starts_anew_after_nothing_is_left(self):
        waning = Waning()
        waning.add(CLAIM, 8.0)
        waning.wane(0.0)
        waning.add(ROOT, 2.0)

        assert waning.amounts() == {CLAIM: 0.0, ROOT: 2.0}


LEVEL = SCORERS["standing"]
LEVELS = [LEVEL, SCORERS["archive"]]
NOW = a_day(400)


def acts(*given):
    """Acts by number, day, value and p; each has roots of its own, unless another root is given."""
    return pulls_of(
        *(
            an_act(claim=an_id(number), first=a_day(day), value=value, p=p, roots=(an_id(root),))
            for number, day, value, p, root in given
        )
    )


def steps(scorer: Scorer, pulls, start=-1, end=NOW):
    found = scorer.moved_by(pulls, a_day(start), end)
    assert found is not None
    return {claim.int: amount for claim, amount in found.by_claim.items()}


class TestByHand:
    def test_the_later_act_bears_what_it_takes_of_the_earlier_one(self):
        """−9 is a step of −4, so k = 4/9. From 0 the first moves the level to −4. The second, of p
        .5 and a step of −1.5, meets that: .5·(−1.5 + 4·1.5/9) = −.41667."""
        pulls = acts((1, 0, -9.0, 1.0, 91), (2, 20, -8.0, 0.5, 92))

        assert steps(LEVEL, pulls) == pytest.approx(
            dict(zip((1, 2), (-4.0, -0.41667), strict=True)), abs=1e-5
        )

    def test_acts_of_one_day_all_meet_the_level_of_the_evening_before(self):
        """On −4 the one is −.41667, as above, and a step of +.6 is .6 + 4·.6/9 = .86667, in any
        order."""
        one, other = (2, 20, -8.0, 0.5, 92), (3, 20, 10.0, 1.0, 93)
        first = (1, 0, -9.0, 1.0, 91)
        wanted = dict(zip((2, 3), (-0.41667, 0.86667), strict=True))

        for pulls in (acts(first, one, other), acts(first, other, one)):
            assert steps(LEVEL, pulls, start=10) == pytest.approx(wanted, abs=1e-5)

    def test_acts_of_one_truth_meet_the_level_that_there_is_if_they_are_true(self):
        """Both rest on one source, with p .95. The first is .95·−.6 = −.57. If the second is true,
        so is the first, and the level that it meets is −.6: .95·(−4 + .6·4/9) = −3.54667."""
        pulls = acts((1, 0, -6.0, 0.95, 91), (2, 20, -9.0, 0.95, 91))
        step = LEVEL.step_of(-6.0)
        second = 0.95 * (-4 - step * 4 / 9)

        found = steps(LEVEL, pulls)

        assert step == pytest.approx(-0.6)
        assert [found[one] for one in (1, 2)] == pytest.approx([-0.57, second])

    def test_time_alone_moves_no_level(self):
        pulls = acts((1, 0, -9.0, 1.0, 91), (2, 20, -8.0, 0.5, 92))

        assert steps(LEVEL, pulls, end=a_day(21)) == steps(LEVEL, pulls, end=a_day(4000))

    @pytest.mark.parametrize("name", ["tone", "cooperation"])
    def test_no_level_has_no_steps(self, name):
        assert SCORERS[name].moved_by(acts((1, 0, -9.0, 1.0, 91)), a_day(-1), NOW) is None


class TestTheSteps:
    def test_sum_where_the_level_is_scaled_back_at_the_end_of_the_scale(self):
        """The acts of the 10th day bring it beyond −9 by some hundredths."""
        pulls = acts(
            *((1, 3, 5.0, 0.95, 92), (2, 9, 10.0, 0.95, 91), (3, 4, 9.0, 0.8, 92)),
            *((4, 12, -9.0, 0.5, 92), (5, 10, -9.0, 0.95, 92), (6, 5, -10.0, 0.95, 92)),
            (7, 5, -9.5, 0.8, 92),
        )
        _, runs = LEVEL._acts_after(pulls, a_day(-1), NOW)
        assert any(run.kept < 0.999 for run in runs)

        found = LEVEL.moved_by(pulls, a_day(-1), NOW)

        moved = LEVEL.movement(pulls, a_day(-1), NOW)
        assert sum(found.by_claim.values()) == pytest.approx(moved.value, abs=1e-9)

    @given(
        scorer=st.sampled_from(LEVELS),
        pulls=histories(),
        start=st.integers(-5, 200),
        length=st.integers(0, 200),
    )
    def test_sum_to_the_movement(self, scorer, pulls, start, length):
        first, last = a_day(start), a_day(start + length)

        found = scorer.moved_by(pulls, first, last)

        moved = scorer.movement(pulls, first, last)
        amount = moved.value if moved else at(scorer, pulls, last) - at(scorer, pulls, first)
        assert sum(found.by_claim.values()) + found.usual == pytest.approx(amount, abs=1e-9)


def at(scorer, pulls, day):
    knots = scorer.knots(pulls)
    return scorer.at(moments.latest(knots, day), day).value
