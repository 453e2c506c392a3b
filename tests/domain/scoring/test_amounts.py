"""Contributions on many days in one pass are those of each day."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.impact_strategies import pairs
from tests.kit.impacts import a_day, pulls_of, usual
from tracker.domain.scoring import MODELS
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
