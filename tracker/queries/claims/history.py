"""The history of a claim as people read it: who did what, when, why, and what it changed."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any
from uuid import UUID

from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.log import Recorded
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing
from tracker.queries.moment import At
from tracker.queries.records import states


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


def trail(claim_id: UUID, *, reader: Reader, as_of: At) -> Trail:
    """Give what happened to a claim up to a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    known = moment.known_at(as_of.position)
    return Trail(as_of=known.position, steps=tuple(steps(claim_id, as_of=known, reader=reader)))


def steps(claim_id: UUID, *, reader: Reader, as_of: At) -> list[Step]:
    """Give all events of a claim and of its links with their changes, in the order of the log.

    The first event of a stream changes nothing: its body is all there is. None if there was no
    such claim. In public a link with a withheld claim is left out: it stands in the histories of
    both, and says which two belong together.

    :raises AheadOfLog: for a moment after the head.
    """
    before: dict[UUID, f.State] = {}
    found = []
    told = listing.history(claim_id, as_of=as_of)
    masked = _masked(claim_id, told, as_of=as_of, reader=reader)
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


def _masked(
    claim_id: UUID, events: Sequence[Recorded], *, as_of: At, reader: Reader
) -> Collection[int]:
    """The positions of the events that may not be shown; all where the claim is withheld, since a
    link says something of it."""
    position = as_of.past
    masked = disclosure.masked(events, at=position, reader=reader)
    own = {one.position for one in events if one.stream == claim_id}
    return {one.position for one in events} if own & masked else masked


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


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ALREADY_SAID = ("/status", "/review", "/verdicts", "/resolution", "/linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place in the claim in words, and what stood and stands there; empty where nothing does."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedEvent:
    """An event in words. `why` is the reason that was given, if one was and may be printed."""

    recorded: Recorded
    does: str
    why: str
    differences: tuple[Difference, ...]


def described_events(claim_id: UUID, *, reader: Reader, as_of: At) -> list[DescribedEvent]:
    """Give all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    steps = trail(claim_id, as_of=as_of, reader=reader).steps
    names = _names(steps, claim_id, reader)
    return [_told(step, claim_id, names) for step in steps]


def differences(before: Claim, after: Claim, *, reader: Reader) -> tuple[Difference, ...]:
    """Give what one wording of a claim changes of another."""
    changes = list(changed(codec.plain(before), codec.plain(after)))
    return _differences(changes, _named(_said(changes), reader=reader))


def _told(step: Step, claim_id: UUID, names: Mapping[UUID, str]) -> DescribedEvent:
    event = step.recorded.decoded()
    if step.masked and isinstance(event, e.VerdictGiven):
        event = replace(event, source=None)
    shown = [one for one in step.changes if not one.pointer.startswith(_ALREADY_SAID)]
    return DescribedEvent(
        recorded=step.recorded,
        does=_does(event, claim_id, names),
        why="" if step.masked else getattr(event, "reason", "") or getattr(event, "note", ""),
        differences=_differences(shown, names),
    )


def _differences(changes: Iterable[Change], names: Mapping[UUID, str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            where=_where(one.pointer),
            before=_value(one.before, names),
            after=_value(one.after, names),
        )
        for one in changes
    )


def _does(event: e.Event, claim_id: UUID, names: Mapping[UUID, str]) -> str:
    match event:
        case e.VerdictGiven(verdict=verdict, source=source):
            return f"judged it {verdict}{f', after {names.get(source, "")}' if source else ''}"
        case e.ClaimReviewed(outcome=outcome):
            return f"{outcome} it in review"
        case e.ForecastResolved(outcome=outcome):
            return f"resolved it: {outcome}"
        case e.ClaimsLinked() | e.ClaimsUnlinked():
            other = event.to if event.from_ == claim_id else event.from_
            verb = "linked" if isinstance(event, e.ClaimsLinked) else "unlinked"
            way = "to" if event.from_ == claim_id else "from"
            return f"{verb} it ({event.type.replace('_', ' ')}) {way}: {names.get(other, other)}"
        case e.TextWithheld(position=position):
            return f"withheld the words recorded at position {position}"
    return _PLAIN[type(event)]


_PLAIN: dict[type[Any], str] = {
    e.ClaimAsserted: "entered it",
    e.ClaimCorrected: "corrected it",
    e.ClaimRetracted: "retracted it",
    e.ClaimReinstated: "reinstated it",
    e.CitationAdded: "added a citation",
}


def _where(pointer: str) -> str:
    """ "/claim/citations/0/chain" is "citation 1, chain"."""
    words = [one.replace("_", " ") for one in pointer.strip("/").split("/") if one != "claim"]
    said: list[str] = []
    for word in words:
        if word.isdigit() and said:
            said[-1] = f"{_SINGULAR.get(said[-1], said[-1])} {int(word) + 1}"
        else:
            said.append(word)
    return ", ".join(said)


_SINGULAR = {"parties": "party", "citations": "citation", "contexts": "context", "tags": "tag"}


def _value(value: Any, names: Mapping[UUID, str]) -> str:
    match value:
        case None:
            return ""
        case dict():
            return "; ".join(f"{key}: {_value(one, names)}" for key, one in value.items())
        case list():
            return ", ".join(_value(one, names) for one in value)
        case str() if _ID.fullmatch(value):
            return names.get(UUID(value), value)
    return str(value)


def _names(steps: Iterable[Step], claim_id: UUID, reader: Reader) -> dict[UUID, str]:
    """What the records and claims are called that the history names."""
    held = list(steps)
    bodies = json.dumps([step.recorded.body for step in held])
    changes = _said(one for step in held for one in step.changes)
    return _named(changes + bodies, but=claim_id, reader=reader)


def _said(changes: Iterable[Change]) -> str:
    return json.dumps([[one.before, one.after] for one in changes])


def _named(text: str, *, reader: Reader, but: UUID | None = None) -> dict[UUID, str]:
    wanted = {UUID(one) for one in _ID.findall(text)} - {but}
    found = states.records(wanted, at=None)
    named = states.names(found, at=None) | listing.titles(wanted - found.keys(), reader=reader)
    for key, state in found.items():
        if isinstance(state, f.DocumentState):
            named[key] = state.document.title or state.document.url or str(key)
        if isinstance(state, f.CollectionState):
            named[key] = state.collection.name
    return named
