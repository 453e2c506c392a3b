"""What happened to a claim: each event with who, when, and what it changed."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.log import Recorded
from tracker.queries import claims, guilt
from tracker.queries.moment import AsOf, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place (RFC 6901) in the state of the stream, with what stood there and what stands now.

    None on one side: there was nothing, or nothing is left.
    """

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event of the claim or of one of its links, against the version before it.

    `masked`: it is read in public, where what it says may not be printed, nor what it changed.
    """

    recorded: Recorded
    changes: tuple[Change, ...]
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The events up to a position, in the order of the log; none if there was no such claim."""

    as_of: int
    steps: tuple[Step, ...]


def trail(claim_id: UUID, *, as_of: AsOf = None) -> Trail:
    """Give what happened to a claim up to a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    position = resolve(as_of)
    return Trail(as_of=position, steps=tuple(steps(claim_id, as_of=position)))


def steps(claim_id: UUID, *, as_of: AsOf = None) -> list[Step]:
    """Give all events of a claim and of its links with their changes, in the order of the log.

    The first event of a stream changes nothing: its body is all there is. None if there was no
    such claim. In public a link with a withheld claim is left out: it stands in the histories of
    both, and says which two belong together.

    :raises AheadOfLog: for a moment after the head.
    """
    before: dict[UUID, f.State] = {}
    found = []
    told = claims.history(claim_id, as_of=as_of)
    masked = _masked(claim_id, told, as_of=as_of)
    for recorded in told:
        held = before.get(recorded.stream)
        state = f.fold([recorded.entry()], held)
        assert state is not None  # noqa: S101 # an event always leaves a state
        changes = changed(_shown(held), _shown(state)) if held else ()
        before[recorded.stream] = state
        hidden = recorded.position in masked
        if hidden and recorded.stream != claim_id:
            continue
        kept = () if hidden else tuple(changes)
        found.append(Step(recorded=recorded, changes=kept, masked=hidden))
    return found if isinstance(before.get(claim_id), f.ClaimState) else []


def _masked(claim_id: UUID, told: Iterable[Recorded], *, as_of: AsOf) -> Collection[int]:
    """The positions of what may not be printed where it is read. What an event changed says also
    what stood there before, so of a claim that may not be printed it is all."""
    if not guilt.in_public.get():
        return ()
    position = None if as_of is None else resolve(as_of)
    held = list(told)
    if guilt.hushed([claim_id], at=position):
        return {one.position for one in held}
    return guilt.masked(held, at=position)


def _shown(state: f.State) -> dict[str, Any]:
    """The state without the positions that it notes for itself."""
    kept: dict[str, Any] = codec.plain(state)
    return {name: value for name, value in kept.items() if name not in ("asserted_at", "judged_at")}


def changed(before: Any, after: Any, pointer: str = "") -> Iterator[Change]:
    """Compare two values as JSON has them; give the places where they differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from changed(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for index, (old, new) in enumerate(zip_longest(before, after)):
            yield from changed(old, new, f"{pointer}/{index}")
    elif before != after:
        yield Change(pointer=pointer, before=before, after=after)
