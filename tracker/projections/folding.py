"""Folds the impacts on many pairs under a lens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.knot_columns import KnotColumns, knot_columns
from tracker.queries.evidence import impact_rows
from tracker.queries.evidence.impact_rows import ImpactRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDirection:
    """One direction of a pair under a lens, with all its knots. Those before `from_day` are as they
    were."""

    lens: LensVersion
    pair: str
    direction: str
    from_day: date
    knots: KnotColumns


@dataclass(frozen=True)
class KnownImpacts:
    """The impacts on some pairs, read once for several lenses."""

    rows: Mapping[str, Sequence[ImpactRow]]

    @cached_property
    def _impacts(self) -> dict[str, list[Impact]]:
        return {}

    def impacts(self, pair: str) -> list[Impact]:
        if pair not in self._impacts:
            self._impacts[pair] = impact_rows.impacts(self.rows[pair])
        return self._impacts[pair]


def fold(
    lens: LensVersion, pair: str, known: KnownImpacts, *, from_day: date
) -> list[ScoredDirection]:
    """Fold a pair under a lens. Its knots are outdated from a day on."""
    scorer = lens.scorer
    return [
        ScoredDirection(
            lens=lens,
            pair=pair,
            direction=direction,
            from_day=from_day,
            knots=knot_columns(scorer.knots(lens.pulls(known.impacts(pair), direction))),
        )
        for direction in lens.stored_directions(pair)
    ]
