"""Folds the impacts on many pairs under a lens: over arrays, or by the model's class.

The class folds pairs with situations or assessed levels, and a few impacts, for which arrays take
longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring import arrays
from tracker.domain.scoring.array_models import array_model
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.impact_arrays import ImpactArrays, evidence
from tracker.domain.scoring.knot_columns import KnotColumns, knot_columns
from tracker.domain.scoring.moments import Scorer
from tracker.queries.evidence import impact_rows
from tracker.queries.evidence.impact_rows import ImpactRow

# With fewer impacts, the classes are faster.
MANY = 20

_NONE = KnotColumns()

type Key = tuple[UUID, str]
type Kept = Mapping[Key, KnotColumns]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDirection:
    """One direction of a pair under a lens. `knots` replace those from `from_day` on; `kept` are
    the last ones before them, of one block."""

    lens: LensVersion
    scorer: Scorer
    pair: str
    direction: str
    from_day: date
    kept: KnotColumns
    knots: KnotColumns

    @property
    def key(self) -> Key:
        return self.lens.id, self.direction


@dataclass(frozen=True)
class KnownImpacts:
    """The impacts on some pairs. What is the same for several lenses is worked out once."""

    rows: Mapping[str, Sequence[ImpactRow]]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the pairs that are folded over arrays."""
        plain = [pair for pair, rows in self.rows.items() if all(map(_is_act, rows))]
        many = sum(len(self.rows[pair]) for pair in plain) >= MANY
        return {pair: number for number, pair in enumerate(plain)} if many else {}

    @cached_property
    def _arrays(self) -> ImpactArrays:
        return impact_rows.arrays([self.rows[pair] for pair in self.numbers])

    @cached_property
    def _evidence(self) -> dict[tuple[str, ...], arrays.Evidence]:
        return {}

    def evidence(self, sectors: tuple[str, ...]) -> arrays.Evidence:
        """The series of the numbered pairs under a lens that admits these sectors."""
        if sectors not in self._evidence:
            self._evidence[sectors] = evidence(
                self._arrays, pairs=len(self.numbers), sectors=sectors
            )
        return self._evidence[sectors]

    @cached_property
    def _impacts(self) -> dict[str, list[Impact]]:
        return {}

    def impacts(self, pair: str) -> list[Impact]:
        if pair not in self._impacts:
            self._impacts[pair] = impact_rows.impacts(self.rows[pair])
        return self._impacts[pair]


def _is_act(row: ImpactRow) -> bool:
    return not row.situation and row.sd is None


def fold(
    lens: LensVersion, days: Mapping[str, date], known: KnownImpacts, kept: Kept
) -> list[ScoredDirection]:
    """Fold pairs under a lens, each from its day on. `kept` are the last knots before that day."""
    one = _LensFold(lens, lens.scorer, known, kept)
    folded = one.over_arrays()
    return [
        ScoredDirection(
            lens=lens,
            scorer=one.scorer,
            pair=pair,
            direction=direction,
            from_day=day,
            kept=one.last(direction),
            knots=folded.get(direction) or one.by_class(pair, direction),
        )
        for pair, day in days.items()
        for direction in directions(pair)
    ]


@dataclass(frozen=True, slots=True)
class _LensFold:
    lens: LensVersion
    scorer: Scorer
    known: KnownImpacts
    kept: Kept

    def last(self, direction: str) -> KnotColumns:
        return self.kept.get((self.lens.id, direction), _NONE)

    def over_arrays(self) -> dict[str, KnotColumns]:
        """The new knots of the series that can be folded so."""
        pairs = self.known.numbers
        model = array_model(self.scorer)
        if model is None or not pairs:
            return {}
        series = [direction for pair in pairs for direction in directions(pair)]
        last = {
            number: self.last(direction).knot(-1)
            for number, direction in enumerate(series)
            if self.last(direction).number
        }
        kept = {number: (knot.day.toordinal(), knot.moments) for number, knot in last.items()}
        folded = arrays.fold(model, self.known.evidence(self.lens.lens.sectors), kept)
        return dict(zip(series, folded, strict=True))

    def by_class(self, pair: str, direction: str) -> KnotColumns:
        last = self.last(direction)
        pulls = self.lens.pulls(self.known.impacts(pair), direction)
        after = last.knot(-1) if last.number else None
        return knot_columns(self.scorer.knots(pulls, after=after))
