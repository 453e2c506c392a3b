"""How pairs moved between two days, and the claim that contributed most: for mail and the digest.

A pair is worse or better by the rule of `domain.movements`; otherwise no change is clear.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain import movements
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import LEAST_MOVE, Backing, Turn, WindowMovement, beyond, over_window
from tracker.domain.scoring.classes import class_of
from tracker.domain.scoring.evidence import Pull, Pulls
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.detail import Sheet
from tracker.queries.evidence import impacts
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select

LENS = "standing"
# Claims of a pair that are looked at for one that may be shown.
MOST_LOOKED_AT = 20
# Pairs that are worked out at once, and their impacts: about a second's work.
MOST_PAIRS = 200
MOST_IMPACTS = 20_000
# The pairs with an act in a range of days, those with most acts first.
_ACTIVE = (
    "SELECT pair, count(*) FROM impact WHERE view = %(view)s AND known_from <= %(position)s"
    " AND (known_until IS NULL OR known_until > %(position)s) AND sd IS NULL"
    " AND first > %(since)s AND first <= %(until)s"
    " GROUP BY pair ORDER BY count(DISTINCT claim) DESC, pair"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MainClaim:
    """The claim that contributed most to a movement: its printed title, the names of its roots
    that may be shown, whether a program extracted it from the news, and whether it assesses a
    `level`."""

    id: UUID
    title: str
    roots: tuple[str, ...]
    coded: bool
    level: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChange:
    """How a pair moved from the close of one day to that of another, as known at `position`.

    `movement` is None if no act moved it. `main` is None if no claim that may be shown moved it
    that way in these days. `backing` is what is behind the movement.
    """

    pair: str
    position: int
    movement: WindowMovement | None
    main: MainClaim | None
    backing: Backing | None = None

    @property
    def turn(self) -> Turn:
        return self.turn_from()

    @property
    def one_source(self) -> bool:
        """Whether it is worse or better by the word of one source."""
        return (
            self.movement is not None
            and self.turn != "unchanged"
            and movements.on_one_source(self.movement, self.backing)
        )

    def turn_from(self, least: float = LEAST_MOVE) -> Turn:
        """Which way it went, if by at least so many points."""
        return movements.turn_of(self.movement, least=least)


class _Behind(NamedTuple):
    """The claims that moved a pair the way it went, the largest first, and what backs that."""

    claims: Sequence[UUID]
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changes of the pairs that had acts in some days, the largest first; `others` is the
    number of such pairs that were not worked out."""

    changes: Sequence[PairChange]
    others: int


def in_force() -> LensVersion:
    """Return the lens whose movements are told.

    :raises lenses.NoSuchLens:
    """
    return lenses.find(LENS, position=moment.now().position)


def of_days(since: date, until: date, *, reader: Reader) -> Changes:
    """Return how the pairs with an act after one day and up to another moved between their closes.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = in_force()
    view = lens.lens.view.id
    position = impacts.served_position(view)
    parameters: dict[str, Any] = {
        "view": view,
        "position": position,
        "since": since,
        "until": until,
    }
    active = [pair for pair, _ in select(_ACTIVE, parameters)]
    chosen = _within_limits(view, active)
    changes = of_pairs(chosen, dict.fromkeys(chosen, since), until, reader=reader)
    return Changes(
        changes=sorted(changes.values(), key=_largest_first), others=len(active) - len(chosen)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What was reported of a pair: its movement up to the close of `until`, as known at
    `position`."""

    until: date
    position: int


def of_pairs(
    pairs: Sequence[str],
    since: Mapping[str, date],
    until: date,
    *,
    reader: Reader,
    covered: Mapping[str, Covered] = MappingProxyType({}),
) -> dict[str, PairChange]:
    """Return how pairs moved from the close of a day of each to that of `until`, without what was
    `covered` before.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = in_force()
    position = impacts.served_position(lens.lens.view.id)
    known = impacts.on_pairs(lens.lens.view.id, pairs, position=position) if pairs else {}
    before = _counted_before(lens.lens.view.id, since, covered)
    moved, behind = {}, {}
    for pair, own in known.items():
        pulls, start = lens.pulls(own, pair), min(since[pair], until)
        moved[pair] = _moved(lens, pulls, start, until)
        if old := before.get(pair, frozenset()):
            counted = Pulls((pull for pull in pulls if pull.claim in old), pair=pulls.pair)
            earlier = _moved(lens, counted, start, covered[pair].until)
            if (whole := moved[pair]) and earlier:
                moved[pair] = beyond(lens.scorer, pulls, whole, (counted, earlier))
        behind[pair] = _behind(lens, pulls, moved[pair], old=old)
    sheets = _sheets((claim for own in behind.values() for claim in own.claims), reader=reader)
    return {pair: _changed(pair, position, moved[pair], behind[pair], sheets) for pair in pairs}


def _changed(
    pair: str,
    position: int,
    movement: WindowMovement | None,
    behind: _Behind,
    sheets: Mapping[UUID, Sheet],
) -> PairChange:
    main = _main(behind.claims, sheets)
    return PairChange(
        pair=pair, position=position, movement=movement, main=main, backing=behind.backing
    )


def backings(
    lens: LensVersion, moved: Mapping[str, WindowMovement], *, position: int | None, most: int
) -> dict[str, Backing]:
    """Return what is behind some movements, by pair, as known at a position (None for now); without
    the pairs that would make it more than `most` impacts."""
    return {pair: own.backing for pair, own in _behinds(lens, moved, position, most).items()}


def claims_behind(
    lens: LensVersion,
    moved: Mapping[str, WindowMovement],
    *,
    position: int | None,
    most: int,
    reader: Reader,
) -> dict[str, MainClaim]:
    """Return the claim that contributed most to each of some movements, by pair, as known at a
    position (None for now).

    Without the pairs that would make it more than `most` impacts, and those of which no claim may
    be shown.
    """
    behind = _behinds(lens, moved, position, most)
    claims = [claim for own in behind.values() for claim in own.claims]
    sheets = (
        _sheets(claims, reader=reader)
        if position is None
        else detail.sheets_at(claims, position, reader=reader)
    )
    found = {pair: _main(own.claims, sheets) for pair, own in behind.items()}
    return {pair: main for pair, main in found.items() if main}


def _behinds(
    lens: LensVersion, moved: Mapping[str, WindowMovement], position: int | None, most: int
) -> dict[str, _Behind]:
    if not moved:
        return {}
    view = lens.lens.view.id
    at = impacts.served_position(view) if position is None else position
    chosen = _within_limits(view, [*moved], most=most)
    known = impacts.on_pairs(view, chosen, position=at) if chosen else {}
    return {pair: _behind(lens, lens.pulls(own, pair), moved[pair]) for pair, own in known.items()}


def changed_since(seen: Mapping[str, int]) -> tuple[int, set[str]]:
    """Return the position that is served, and the pairs that may have changed since a position of
    each; this reads no impacts.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = in_force()
    position = impacts.served_position(lens.lens.view.id)
    last = knots.last_changes(lens, [*seen], position=position)
    return position, {pair for pair, at in seen.items() if pair not in last or last[pair] > at}


def in_groups(pairs: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """Return groups of pairs whose impacts may be folded at once, and the pairs with too many."""
    counts = impacts.count(in_force().lens.view.id, pairs, most=MOST_IMPACTS + 1)
    large = [pair for pair in pairs if counts[pair] > MOST_IMPACTS]
    groups: list[list[str]] = []
    total = 0
    for pair in (pair for pair in pairs if counts[pair] <= MOST_IMPACTS):
        total += counts[pair]
        if total > MOST_IMPACTS or not groups:
            groups.append([])
            total = counts[pair]
        groups[-1].append(pair)
    return groups, large


def _counted_before(
    view: str, since: Mapping[str, date], covered: Mapping[str, Covered]
) -> dict[str, frozenset[UUID]]:
    """The claims that were counted before, of each pair whose days overlap with what is covered."""
    late = {pair: own.position for pair, own in covered.items() if since[pair] < own.until}
    known = impacts.on_pairs_at(view, late) if late else {}
    return {
        pair: frozenset(one.claim for one in own if one.first <= covered[pair].until)
        for pair, own in known.items()
    }


# By code, the first day of acts that had no impact on the pair before, and whether they are wars.
# One that is only weighed anew is not new.
_NEW = (
    "SELECT code, war, min(first) FROM (SELECT min(first) AS first,"
    " max(code) FILTER (WHERE known_until IS NULL) AS code,"
    " bool_or(situation AND NOT fades) FILTER (WHERE known_until IS NULL) AS war FROM impact"
    " WHERE view = %s AND pair = %s AND sd IS NULL GROUP BY claim"
    " HAVING min(known_from) > %s AND bool_or(known_until IS NULL)) new"
    " WHERE first >= %s GROUP BY code, war"
)


def first_new_day(pair: str, *, after: int, earliest: date) -> date | None:
    """Return the first day, from `earliest` on, on which an act of a pair began that moves its
    level and was put on record after a position; None if none was."""
    found = select(_NEW, [in_force().lens.view.id, pair, after, earliest])
    return min((day for code, war, day in found if war or class_of(code)), default=None)


def _within_limits(view: str, pairs: Sequence[str], *, most: int = MOST_IMPACTS) -> list[str]:
    """The first pairs whose impacts one request may fold."""
    counts = impacts.count(view, pairs[:MOST_PAIRS])
    chosen, total = [], 0
    for pair in pairs[:MOST_PAIRS]:
        if total + counts.get(pair, 0) <= most:
            chosen.append(pair)
            total += counts.get(pair, 0)
    return chosen


def _moved(
    lens: LensVersion, pulls: Sequence[Pull], since: date, until: date
) -> WindowMovement | None:
    moved = over_window(lens.scorer, pulls, until, since=since)
    return moved if moved and moved.acted else None


def _behind(
    lens: LensVersion,
    pulls: Sequence[Pull],
    moved: WindowMovement | None,
    *,
    old: Collection[UUID] = (),
) -> _Behind:
    """What is behind a movement, by the steps of its claims, as on the page of the pair; without
    the `old` claims."""
    steps = lens.scorer.moved_by(pulls, moved.since, moved.until) if moved else None
    if moved is None or steps is None:
        return _Behind([], Backing(0))
    parts = [part for part in steps.parts if part.claim not in old]
    along = [part.claim for part in parts if part.amount * moved.value > 0]
    return _Behind(along[:MOST_LOOKED_AT], movements.backing(pulls, parts, moved))


def _sheets(claims: Iterable[UUID], *, reader: Reader) -> dict[UUID, Sheet]:
    """The claims as known now: a score may still count one that was retracted since."""
    return detail.sheets_at(claims, moment.now().position, reader=reader)


def _main(claims: Sequence[UUID], sheets: Mapping[UUID, Sheet]) -> MainClaim | None:
    for claim in claims:
        sheet = sheets.get(claim)
        if sheet and not sheet.filed.masked and sheet.filed.state.status == "standing":
            return MainClaim(
                id=claim,
                title=sheet.filed.title,
                roots=_roots(sheet),
                coded=sheet.collection.collection.coding == "machine",
                level=sheet.claim.kind == "level",
            )
    return None


def _roots(sheet: Sheet) -> tuple[str, ...]:
    """The names of the roots of the citations that support a claim."""
    chains = (one.provenance for one in sheet.citations if one.citation.stance == "supports")
    return tuple(dict.fromkeys(chain[-1].name for chain in chains if chain and chain[-1].name))


def _largest_first(change: PairChange) -> tuple[bool, float, str]:
    size = abs(change.movement.value) if change.movement else 0.0
    return change.turn == "unchanged", -size, change.pair
