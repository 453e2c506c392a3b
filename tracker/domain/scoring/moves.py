"""What moves a level: how it starts, what happens unreported, acts and wars, and assessments.

A move says what it does in each world, so that a level can be folded and taken apart again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.rows import Row

TOP = 9.0


@dataclass(frozen=True, slots=True)
class Start:
    """The level from which all follows: nothing is known of it, or some claims say what it was,
    each with a share."""

    row: Row
    shares: Mapping[UUID, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened unreported on the first of a month."""

    row: Row


class Effect(NamedTuple):
    """What the acts of one class, or wars, do in each world: the share of the level that they take,
    what they add, and the place of the claim that does it, below 0 for none."""

    taken: Row
    added: Row
    by: Row


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts and wars of a month. All of them meet the level `before`. `alone` says by how much
    each would have moved the mean, had no other counted."""

    before: Row
    claims: Sequence[UUID]
    effects: Sequence[Effect]
    alone: Mapping[UUID, float]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A level that met `before` was assessed: what is kept of it in each world, what is added, and
    the share that each claim has in that. The `first` time that is news of where the level was, and
    no step."""

    before: Row
    kept: Row
    added: Row
    shares: Mapping[UUID, float]
    first: bool


@dataclass(frozen=True, slots=True)
class Restarted:
    """The pair was assessed for the first time: its moves `since` its start, before this month, are
    told again from there."""

    since: Sequence["Move"]


Move = Start | Drift | Acts | Assessed | Restarted
