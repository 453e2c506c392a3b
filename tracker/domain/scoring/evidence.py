"""The input of the models: impacts on a pair, and the series that a lens makes of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.dates import day_before
from tracker.domain.scoring.classes import class_of

# How far an act of this sector binds its country.
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
    """The effect of a claim on the stance of one country to another.

    It acts from `first` to `last`, both included; an act has one day. `weight` is strength times
    shares, in 0..1, without the weight of the sector, since lenses select sectors. `state_roots`
    are the state-owned `roots`. A claim has at most one impact per direction of a pair. It is a
    tuple because a pair may have a hundred thousand impacts.

    With an `sd` it is no act but an assessed level: `value` on −9..9 at the close of `first`. Its
    `code` is the rung, if it is one of a scale.
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
    code: str = ""
    sd: float | None = None


class Pull(NamedTuple):
    """An impact as one lens counts it in one series: with all weights, and days as ordinals. With
    an `sd` it is an assessed level."""

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
    code: str = ""
    sd: float | None = None


class Pulls(list[Pull]):
    """The pulls of a series of a `pair`, which are not changed. What a scorer works out from all
    of them is kept with them, since a page asks several questions about one series."""

    __slots__ = ("_kept", "_scorer", "pair")

    def __init__(self, pulls: Iterable[Pull], *, pair: str = "") -> None:
        super().__init__(pulls)
        self.pair = pair
        self._scorer: object = None
        self._kept: dict[object, Any] = {}

    def kept[T](self, scorer: object, what: object, work_out: Callable[[], T]) -> T:
        """Return what the last scorer worked out before under that name, or work it out."""
        if scorer != self._scorer:
            self._scorer, self._kept = scorer, {}
        if what not in self._kept:
            self._kept[what] = work_out()
        found: T = self._kept[what]
        return found


def kept[T](pulls: Sequence[Pull], scorer: object, what: object, work_out: Callable[[], T]) -> T:
    """Work something out from all pulls of a series, once where it can be kept with them."""
    return pulls.kept(scorer, what, work_out) if isinstance(pulls, Pulls) else work_out()


def series(
    impacts: Iterable[Impact],
    *,
    initiator: str | None,
    sectors: Collection[str] = (),
    levels: bool = False,
) -> Pulls:
    """Make the series of a pair from the impacts in both directions.

    With an initiator it is the stance of that country to the other. Without, it is the undirected
    pair, in which a claim with impacts in both directions counts once, with their mean. `sectors`
    are those that the lens admits; empty: all. Assessed levels are included if the model takes
    `levels`; they are of no sector. Pulls are in claim-id order.
    """
    weights: dict[tuple[str, ...], float] = {}
    pulls: list[Pull] = []
    pair = ""
    for impact in impacts:
        pair = pair or "-".join(sorted((impact.initiator, impact.recipient)))
        if initiator is not None and impact.initiator != initiator:
            continue
        if impact.sd is not None:
            if levels and impact.p > 0:
                pulls.append(_pull(impact, 1.0))
            continue
        if impact.sectors not in weights:
            weights[impact.sectors] = heaviest(impact.sectors, admitted=sectors)
        sector_weight = weights[impact.sectors]
        if impact.p > 0 and sector_weight:
            pulls.append(_pull(impact, sector_weight))
    pulls.sort(key=lambda pull: pull.claim.int)
    return Pulls(placed(_merge_directions(pulls)), pair=pair)


def is_war(pull: Pull) -> bool:
    """Whether a claim is about a state of war, which pulls as long as it lasts."""
    return pull.situation and not pull.fades


def moves_level(pull: Pull) -> bool:
    """Whether a claim is about an act or a war that moves a level: contacts on the sidelines do
    not."""
    return pull.sd is None and (is_war(pull) or class_of(pull.code) is not None)


def moving(pulls: Iterable[Pull], since: date, until: date) -> Iterator[Pull]:
    """The acts and wars that move a level after the close of one day and up to that of another."""
    start, end = since.toordinal(), until.toordinal()
    for pull in pulls:
        last = pull.last if is_war(pull) else pull.first
        if pull.first <= end and last > start and moves_level(pull):
            yield pull


def by_structure(one: Impact | Pull) -> bool:
    """Whether a claim assesses a level by structure, which says where a pair starts."""
    return one.sd is not None and bool(one.code)


def changes_from(impact: Impact) -> date:
    """Return the first day on which levels may be others with an impact than without it. A level by
    structure stands before the first act, and this may be the first act."""
    return date.min if by_structure(impact) else day_before(impact.first)


def placed(pulls: Iterable[Pull]) -> list[Pull]:
    """Return pulls with each level by structure on its day, `first`.

    Rivalries and pacts say where a pair starts, so such a level is no later than the day before the
    first act on record, whatever the day of its table, which is its `last`.
    """
    found = list(pulls)
    if any(map(by_structure, found)):
        acts = (pull.first for pull in found if moves_level(pull))
        before = min(acts, default=date.max.toordinal()) - 1
        for place, pull in enumerate(found):
            if by_structure(pull):
                found[place] = pull._replace(first=max(1, min(pull.last, before)))
    return found


def _merge_directions(pulls: Iterable[Pull]) -> list[Pull]:
    merged: list[Pull] = []
    previous = None
    for pull in pulls:
        if pull.claim == previous:
            merged[-1] = _mean(merged[-1], pull)
        else:
            merged.append(pull)
        previous = pull.claim
    return merged


def heaviest(sectors: tuple[str, ...], *, admitted: Collection[str]) -> float:
    """The weight of the heaviest sector that the lens admits; 0 if it admits none."""
    return max(
        (SECTOR_WEIGHT[sector] for sector in sectors if not admitted or sector in admitted),
        default=0,
    )


def _pull(impact: Impact, sector_weight: float) -> Pull:
    return Pull(
        impact.claim,
        impact.first.toordinal(),
        impact.last.toordinal(),
        impact.situation,
        impact.fades,
        impact.value,
        impact.weight * sector_weight,
        impact.p,
        impact.roots,
        impact.state_roots,
        impact.code,
        impact.sd,
    )


def _mean(first: Pull, second: Pull) -> Pull:
    """The mean of the two directions of a claim.

    Code and days are those of the claim, so only the weight (sectors, shares) and p (a verdict for
    some parties) can differ. A direction that is false or not admitted has no impact and is not
    included.
    """
    return first._replace(
        weight=(first.weight + second.weight) / 2,
        p=(first.p + second.p) / 2,
        roots=_union(first.roots, second.roots),
        state_roots=_union(first.state_roots, second.state_roots),
    )


def _union(first: tuple[UUID, ...], second: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return first if first == second else tuple(dict.fromkeys((*first, *second)))
