"""The fold over arrays gives the knots of the models' classes, to the last bit."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.scoring.test_laws import OTHERWISE
from tests.domain.scoring.test_laws import of as of_any
from tests.kit.impact_strategies import pairs
from tests.kit.impacts import a_day, a_scorer, an_act, an_id
from tests.kit.tables import each
from tracker.domain.scoring import MODELS, arrays
from tracker.domain.scoring.array_models import array_model
from tracker.domain.scoring.arrays import FEW, fold
from tracker.domain.scoring.evidence import Impact, series
from tracker.domain.scoring.impact_arrays import ImpactColumns, evidence, impact_arrays
from tracker.domain.scoring.moments import Knot, Model, Scorer

# The series of a pair in the order of the arrays.
INITIATORS = (None, "ASH", "BIR")
ACTS = pairs(kinds=(False,))
SECTORS = st.sampled_from([(), ("business",), ("government", "state media")])
# In arrays each act has a truth of its own, and none counts for the habit of another.
APART = {"standing": {"habituation_fade": "0", "shared_days": 0}}
type Bits = tuple[object, ...]


def of(model: Model, otherwise: int) -> Scorer:
    """A model with parameters under which it has a form for arrays."""
    return of_any(model, otherwise, **APART.get(model.name, {}))


@pytest.fixture(params=[*MODELS.values()], ids=[*MODELS], scope="module")
def model(request):
    return request.param


def row(pair: int, impact: Impact) -> tuple[object, ...]:
    return (
        pair,
        impact.initiator == "ASH",
        impact.claim.bytes,
        impact.first.toordinal(),
        impact.value,
        impact.weight,
        ",".join(impact.sectors),
        impact.p,
        ",".join(map(str, impact.roots)),
        ",".join(map(str, impact.state_roots)),
    )


def uneven_act(chance: random.Random, number: int) -> Impact:
    initiator, recipient = chance.sample(["ASH", "BIR"], 2)
    return an_act(
        claim=an_id(number),
        initiator=initiator,
        recipient=recipient,
        first=a_day(chance.randrange(60)),
        value=chance.uniform(-10, 10),
        weight=chance.random(),
        p=chance.choice([0.0, chance.random(), chance.random()]),
        roots=(an_id(chance.randrange(900, 905)),),
    )


def bits(knot: Knot) -> Bits:
    numbers = (number.hex() for number in knot.moments)
    return (knot.day, *numbers, knot.claims, knot.roots, knot.state_roots, knot.newest)


def by_class(scorer: Scorer, impacts: Sequence[Impact], sectors: Sequence[str]) -> list[list[Bits]]:
    return [
        [bits(k) for k in scorer.knots(series(impacts, initiator=initiator, sectors=sectors))]
        for initiator in INITIATORS
    ]


def by_arrays(
    scorer: Scorer,
    impacts: Sequence[Sequence[Impact]],
    sectors: Sequence[str] = (),
    kept: dict[int, arrays.Kept] | None = None,
) -> list[list[Bits]]:
    """The knots after the kept ones, of each series of each pair."""
    ordered = [sorted(some, key=lambda i: (i.claim, i.initiator)) for some in impacts]
    rows = [row(pair, one) for pair, some in enumerate(ordered) for one in some]
    columns = ImpactColumns(*zip(*rows, strict=True)) if rows else ImpactColumns(*[()] * 10)
    known = evidence(impact_arrays(columns), pairs=len(impacts), sectors=sectors)
    folded = fold(array_model(scorer), known, kept or {})
    return [[bits(knot) for knot in knots.knots()] for knots in folded]


class TestArrays:
    @given(
        otherwise=OTHERWISE,
        impacts=st.lists(ACTS, max_size=5),
        sectors=SECTORS,
        few=st.sampled_from([1, 4, FEW]),
    )
    def test_give_the_knots_of_the_class(self, model, otherwise, impacts, sectors, few):
        scorer = of(model, otherwise)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(arrays, "FEW", few)
            found = by_arrays(scorer, impacts, sectors)

        assert found == [one for some in impacts for one in by_class(scorer, some, sectors)]

    @given(otherwise=OTHERWISE, impacts=ACTS, data=st.data())
    def test_go_on_from_any_knot(self, model, otherwise, impacts, data):
        scorer = of(model, otherwise)
        whole = by_class(scorer, impacts, ())
        knots = scorer.knots(series(impacts, initiator=None))
        place = data.draw(st.integers(0, len(knots)))
        last = knots[place - 1] if place else None
        kept = {0: (last.day.toordinal(), last.moments)} if last else {}

        assert by_arrays(scorer, [impacts], kept=kept) == [whole[0][place:], *whole[1:]]

    @each("otherwise", [0, 1, 2])
    def test_round_as_the_class_does(self, model, otherwise):
        """Uneven numbers, of which nearly every sum and product is rounded."""
        chance = random.Random(7)  # noqa: S311 # chooses numbers
        scorer = of(model, otherwise)
        impacts = [[uneven_act(chance, n) for n in range(8 * size)] for size in range(FEW + 3)]

        found = by_arrays(scorer, impacts)

        assert found == [one for some in impacts for one in by_class(scorer, some, ())]

    def test_close_days_as_the_class_does(self, model):
        scorer = of(model, 0)
        acts = [an_act(), an_act(claim=an_id(2), value=-9.0)]
        knot = scorer.knots(series(acts, initiator=None))[-1]
        states = np.repeat(np.array(knot.moments)[:, None], 5, axis=1)

        found = array_model(scorer).closes(states, np.arange(5))

        assert found.tolist() == scorer.closes(knot, 5)

    def test_count_claims_and_roots_up_to_each_knot(self):
        """Two roots on the first day, one of them again and a new one of a state on the second."""
        impacts = [
            an_act(roots=(an_id(900), an_id(901))),
            an_act(
                claim=an_id(2),
                first=a_day(1),
                roots=(an_id(900), an_id(902)),
                state_roots=(an_id(902),),
            ),
        ]

        undirected, forward, backward = by_arrays(a_scorer("tone"), [impacts])

        assert [knot[-4:-1] for knot in undirected] == [(1, 2, 0), (2, 3, 1)]
        assert (forward, backward) == (undirected, [])

    @pytest.mark.parametrize("together", [{"habituation_fade": "0.5"}, {"shared_days": 180}])
    def test_are_not_for_acts_that_count_together(self, together):
        changed = {**APART["standing"], **together}

        assert array_model(a_scorer("standing", **changed)) is None
