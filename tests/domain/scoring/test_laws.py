"""What holds for the two flows; `test_course` has the laws of a level."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.impact_strategies import DAYS, VALUES, pairs
from tests.kit.impacts import DAY, a_day, an_id, score, usual
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Impact, Pull, series
from tracker.domain.scoring.moments import Model, Scorer, latest

ROUNDING = 1e-9
DIRECTIONS = st.sampled_from(["ASH", "BIR", None])


FLOWS = ("tone", "cooperation")


@pytest.fixture(params=[MODELS[name] for name in FLOWS], ids=FLOWS, scope="module")
def model(request):
    return request.param


# The usual parameters, and others that a lens may have.
OTHERS: dict[str, list[dict[str, Any]]] = {
    "tone": [{"kappa": "0.5"}, {"decay": "1", "situation_days": 1}],
    "cooperation": [
        {"kappa": "0.5"},
        {"decay": "0.9", "situation_fade": "0"},
    ],
}
OTHERWISE = st.sampled_from([0, 0, 1, 2])


def of(model: Model, otherwise: int, **changed: Any) -> Scorer:
    """A model with its usual parameters (0) or some of its others, but for those `changed`."""
    chosen = ({}, *OTHERS[model.name])[otherwise]
    return model.read({**model.defaults, **chosen, **changed})


def pulls_in(impacts: Iterable[Impact], initiator: str | None = None) -> list[Pull]:
    """The pulls of the undirected pair or of one direction."""
    return series(impacts, initiator=initiator)


def known_on(impacts: list[Impact], day: date) -> list[Impact]:
    """The impacts as they would stand if the world ended on `day`."""
    return [one._replace(last=min(one.last, day)) for one in impacts if one.first <= day]


class TestBothFlows:
    @given(otherwise=OTHERWISE, impacts=pairs(), day=DAYS)
    def test_ignores_the_future(self, model, otherwise, impacts, day):
        scorer = of(model, otherwise)
        whole = scorer.knots(pulls_in(impacts))
        past = scorer.knots(pulls_in(known_on(impacts, day)))

        assert [knot for knot in whole if knot.day <= day] == past
        assert scorer.knots(pulls_in(impacts), until=day) == past

    @given(
        otherwise=OTHERWISE,
        impacts=pairs(),
        shuffle=st.randoms(use_true_random=False),
        initiator=DIRECTIONS,
    )
    def test_does_not_care_in_which_order_the_claims_arrived(
        self, model, otherwise, impacts, shuffle, initiator
    ):
        shuffled = [*impacts]
        shuffle.shuffle(shuffled)
        scorer = of(model, otherwise)
        ordered, mixed = (pulls_in(some, initiator) for some in (impacts, shuffled))

        assert scorer.knots(ordered) == scorer.knots(mixed)
        assert scorer.contributions(ordered, a_day(99)) == scorer.contributions(mixed, a_day(99))

    @given(otherwise=OTHERWISE, impacts=pairs(), day=DAYS, initiator=DIRECTIONS)
    def test_gives_contributions_that_sum_to_the_score(
        self, model, otherwise, impacts, day, initiator
    ):
        scorer = of(model, otherwise)
        pulls = pulls_in(impacts, initiator)
        explained = scorer.contributions(pulls, day)

        assert abs(explained.value - score(scorer, pulls, day).value) < ROUNDING
        assert {part.claim for part in explained.parts} == {
            pull.claim for pull in pulls if pull.first <= day.toordinal()
        }
        sizes = [abs(part.amount) for part in explained.parts]
        assert sizes == sorted(sizes, reverse=True)

    @given(otherwise=OTHERWISE, impacts=pairs(), extra=pairs(least=1, most=1), initiator=DIRECTIONS)
    def test_is_not_changed_by_what_is_surely_false(
        self, model, otherwise, impacts, extra, initiator
    ):
        false = [one._replace(claim=an_id(100), p=0.0) for one in extra]
        scorer = of(model, otherwise)

        assert scorer.knots(pulls_in([*false, *impacts], initiator)) == scorer.knots(
            pulls_in(impacts, initiator)
        )

    @given(
        otherwise=OTHERWISE,
        impacts=pairs(least=1),
        day=DAYS,
        data=st.data(),
    )
    def test_never_falls_where_a_value_is_raised(self, model, otherwise, impacts, day, data):
        chosen = data.draw(st.sampled_from(impacts))
        higher = max(chosen.value, data.draw(VALUES))
        raised = [
            one._replace(value=higher) if one.claim == chosen.claim else one for one in impacts
        ]
        low, high = (score(of(model, otherwise), pulls_in(some), day) for some in (impacts, raised))

        assert high.value >= low.value - ROUNDING

    @given(otherwise=OTHERWISE, impacts=pairs(most=12), day=DAYS, initiator=DIRECTIONS)
    def test_stays_in_its_range(self, model, otherwise, impacts, day, initiator):
        found = score(of(model, otherwise), pulls_in(impacts, initiator), day)

        assert -model.top <= found.value <= model.top

    @given(otherwise=OTHERWISE, impacts=pairs(least=1), data=st.data())
    def test_closes_each_day_after_a_knot_with_the_score_of_that_day(
        self, model, otherwise, impacts, data
    ):
        scorer = of(model, otherwise)
        knot = data.draw(st.sampled_from(scorer.knots(pulls_in(impacts))))
        days = [knot.day + timedelta(days=n) for n in range(40)]

        assert scorer.closes(knot, 40) == [scorer.at(knot, day).value for day in days]

    @given(otherwise=OTHERWISE, impacts=pairs())
    def test_counts_the_evidence_that_has_come_in(self, model, otherwise, impacts):
        knots = of(model, otherwise).knots(pulls_in(impacts))
        for knot in knots:
            here = [one for one in impacts if one.first <= knot.day]
            assert knot.claims == len({one.claim for one in here})
            assert knot.roots == len({root for one in here for root in one.roots})
            assert knot.newest == max((one.first for one in here), default=None)

    def test_knows_nothing_of_a_pair_without_claims(self, model):
        scorer = usual(model)

        assert scorer.knots([]) == []
        assert latest([], DAY) is None
        assert scorer.at(None, DAY).value == 0
        assert scorer.contributions([], DAY).parts == ()
