"""What the models fold: impacts on a pair, and the series that a lens makes of them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

# The initiator's sector says how far an act binds its country (method `certainty-1`).
SECTOR_WEIGHT: dict[str, float] = {
    "government": 1.0,
    "military": 1.0,
    "intelligence": 1.0,
    "legislature": 1.0,
    "judiciary": 1.0,
    "ruling party": 1.0,
    "armed proxy": 1.0,
    "party": 0.6,
    "state media": 0.6,
    "state business": 0.5,
    "business": 0.3,
    "private media": 0.3,
    "society": 0.3,
}


class Impact(NamedTuple):
    """What a standing claim does to one country's stance to another.

    It acts from `first` to `last`, both counted; an act has one day. `weight` is strength times
    shares and lies in 0..1; the sector's weight is not in it, since lenses admit sectors.
    `state_roots` are those of `roots` that are state-owned. A claim has at most one impact per
    direction of a pair. A tuple, because a pair may have a hundred thousand of them.
    """

    claim: UUID
    initiator: str
    recipient: str
    first: date
    last: date
    situation: bool
    fades: bool
    value: float
    weight: float
    sectors: tuple[str, ...]
    p: float
    roots: tuple[UUID, ...]
    state_roots: tuple[UUID, ...]


class Pull(NamedTuple):
    """An impact as one lens sees it in one series: all weights in, days as ordinals."""

    claim: UUID
    first: int
    last: int
    situation: bool
    fades: bool
    value: float
    weight: float
    p: float
    roots: tuple[UUID, ...]
    state_roots: tuple[UUID, ...]


def series(
    impacts: Iterable[Impact], *, initiator: str | None, sectors: Collection[str] = ()
) -> list[Pull]:
    """Make the series of a pair from the impacts in both of its directions.

    With an initiator it is that country's stance to the other; without, the undirected pair, in
    which a claim that touches both directions enters once, with the mean of its two impacts.
    `sectors` are those that the lens admits; none listed: all. Pulls come in claim-id order.
    """
    weights: dict[tuple[str, ...], float] = {}
    pulls: list[Pull] = []
    for impact in impacts:
        if initiator is not None and impact.initiator != initiator:
            continue
        if impact.sectors not in weights:
            weights[impact.sectors] = _heaviest(impact.sectors, admitted=sectors)
        sector_weight = weights[impact.sectors]
        if impact.p > 0 and sector_weight:
            pulls.append(_pull(impact, sector_weight))
    pulls.sort(key=lambda pull: pull.claim.int)
    return _once_a_claim(pulls)


def _once_a_claim(pulls: Iterable[Pull]) -> list[Pull]:
    once: list[Pull] = []
    before = None
    for pull in pulls:
        if pull.claim == before:
            once[-1] = _mean(once[-1], pull)
        else:
            once.append(pull)
        before = pull.claim
    return once


def _heaviest(sectors: tuple[str, ...], *, admitted: Collection[str]) -> float:
    """The weight of the highest sector that the lens admits; 0 where it admits none."""
    return max(
        (SECTOR_WEIGHT[sector] for sector in sectors if not admitted or sector in admitted),
        default=0,
    )


def _pull(one: Impact, sector_weight: float) -> Pull:
    return Pull(
        one.claim,
        one.first.toordinal(),
        one.last.toordinal(),
        one.situation,
        one.fades,
        one.value,
        one.weight * sector_weight,
        one.p,
        one.roots,
        one.state_roots,
    )


def _mean(one: Pull, other: Pull) -> Pull:
    """The mean of a claim's two directions.

    Code and days are the claim's, so only the weight (sectors, shares) and p (a verdict for some
    parties) can differ. A direction that is false or not admitted has no impact, so it is no
    part of the mean.
    """
    return one._replace(
        weight=(one.weight + other.weight) / 2,
        p=(one.p + other.p) / 2,
        roots=_union(one.roots, other.roots),
        state_roots=_union(one.state_roots, other.state_roots),
    )


def _union(one: tuple[UUID, ...], other: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return one if one == other else tuple(sorted({*one, *other}))
