"""The history of a claim: who did what, when, why, and what it changed."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.log import Recorded
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing, proposals
from tracker.queries.claims.proposals import TakenProposal
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.vocabulary import field_name
from tracker.vocabulary import word as word_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A place (RFC 6901) in the state of the stream, with the value before and after. None: no
    value."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStep:
    """An event of the claim or of one of its links, compared with the version before it.

    `masked`: its content and changes are withheld from the reader.
    """

    recorded: Recorded
    changes: tuple[FieldChange, ...]
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The events up to a position, in the order of the log; empty if there was no such claim."""

    as_of: int
    steps: tuple[HistoryStep, ...]


def trail(claim_id: UUID, *, reader: Reader, as_of: At) -> Trail:
    """Return the events of a claim up to a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    known = moment.known_at(as_of.position)
    return Trail(as_of=known.position, steps=tuple(steps(claim_id, as_of=known, reader=reader)))


def steps(claim_id: UUID, *, reader: Reader, as_of: At) -> list[HistoryStep]:
    """Return all events of a claim and of its links with their changes, in the order of the log.

    The first event of a stream has no changes. Empty if there was no such claim. For the public,
    links with a withheld claim are left out: they would reveal which two claims belong together.

    :raises AheadOfLog: for a moment after the head.
    """
    states: dict[UUID, f.State] = {}
    steps_found = []
    events = listing.history(claim_id, as_of=as_of)
    masked = _masked(claim_id, events, as_of=as_of, reader=reader)
    for recorded in events:
        state_before = states.get(recorded.stream)
        state = f.fold([recorded.entry()], state_before)
        changes = compare(_shown(state_before), _shown(state)) if state_before and state else ()
        if state is not None:
            states[recorded.stream] = state
        hidden = recorded.position in masked
        if hidden and recorded.stream != claim_id:
            continue
        shown_changes = () if hidden else tuple(changes)
        steps_found.append(HistoryStep(recorded=recorded, changes=shown_changes, masked=hidden))
    erased = any(event.erased for event in events if event.stream == claim_id)
    return steps_found if erased or isinstance(states.get(claim_id), f.ClaimState) else []


def _masked(
    claim_id: UUID, events: Sequence[Recorded], *, as_of: At, reader: Reader
) -> Collection[int]:
    """The positions of the events that may not be shown; all if the claim is withheld, since links
    are about it too."""
    position = as_of.past
    masked = disclosure.masked_positions(events, at=position, reader=reader)
    own = {event.position for event in events if event.stream == claim_id}
    about = {event.position for event in events if event.kind != "BodyErased"}
    return about if own & masked else masked


def _shown(state: f.State) -> dict[str, Any]:
    """The state without the positions in it."""
    fields: dict[str, Any] = codec.plain(state)
    return {
        name: value for name, value in fields.items() if name not in ("asserted_at", "judged_at")
    }


def compare(before: Any, after: Any, pointer: str = "") -> Iterator[FieldChange]:
    """Compare two JSON values; yield the places where they differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from compare(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for index, (old, new) in enumerate(zip_longest(before, after)):
            yield from compare(old, new, f"{pointer}/{index}")
    elif before != after:
        yield FieldChange(pointer=pointer, before=before, after=after)


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_IN_ACTION = ("/status", "/review", "/verdicts", "/resolution", "/linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place in the claim in words, with the value before and after; empty without a value."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedEvent:
    """An event in words. `why` is its reason, if there is one and it may be shown."""

    recorded: Recorded
    does: str
    why: str
    differences: tuple[Difference, ...]


def described_events(claim_id: UUID, *, reader: Reader, as_of: At) -> list[DescribedEvent]:
    """Return all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    steps = trail(claim_id, as_of=as_of, reader=reader).steps
    proposal = _proposal(steps, claim_id)
    names = _names(steps, claim_id, reader, more=_changes_of(proposal) if proposal else ())
    return [
        _described_entry(step, proposal, names)
        if proposal and isinstance(step.recorded.decoded(), e.ClaimAsserted)
        else _described(step, claim_id, names)
        for step in steps
    ]


def differences(before: Claim, after: Claim, *, reader: Reader) -> tuple[Difference, ...]:
    """Return the differences between two versions of a claim."""
    changes = list(compare(codec.plain(before), codec.plain(after)))
    return _differences(changes, _named(_as_text(changes), reader=reader))


def _described(step: HistoryStep, claim_id: UUID, names: Mapping[UUID, str]) -> DescribedEvent:
    event = step.recorded.decoded()
    if step.masked and isinstance(event, e.VerdictGiven):
        event = replace(event, source=None)
    shown = [change for change in step.changes if not change.pointer.startswith(_IN_ACTION)]
    return DescribedEvent(
        recorded=step.recorded,
        does=_does(event, claim_id, names),
        why="" if step.masked else getattr(event, "reason", "") or getattr(event, "note", ""),
        differences=_differences(shown, names),
    )


def _proposal(steps: Iterable[HistoryStep], claim_id: UUID) -> TakenProposal | None:
    """What was proposed for a claim, if something was and it may be shown."""
    is_shown = any(step.recorded.has("proposed") and not step.masked for step in steps)
    return proposals.taken([claim_id])[claim_id] if is_shown else None


def _changes_of(proposal: TakenProposal) -> list[FieldChange]:
    return list(compare(codec.plain(proposal.proposed), codec.plain(proposal.entered)))


def _described_entry(
    step: HistoryStep, proposal: TakenProposal, names: Mapping[UUID, str]
) -> DescribedEvent:
    """The entry of a claim that was proposed; before: as proposed, after: as entered. A name that
    had no record was proposed with an id of its own."""
    changes = _changes_of(proposal)
    unknown = {UUID(id_text): "not on record" for id_text in _ID.findall(_as_text(changes))}
    fields = [field_name(name) for name in proposal.changes]
    given = {"account": proposal.proposed.by, "fields": ", ".join(fields)}
    text = (
        _("entered it, proposed by %(account)s; changed: %(fields)s")
        if fields
        else _("entered it, proposed by %(account)s; unchanged")
    )
    return DescribedEvent(
        recorded=step.recorded,
        does=text % given,
        why="",
        differences=_differences(changes, unknown | dict(names)),
    )


def _differences(
    changes: Iterable[FieldChange], names: Mapping[UUID, str]
) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            where=_where(change.pointer),
            before=_value(change.before, names),
            after=_value(change.after, names),
        )
        for change in changes
    )


def _does(event: e.Event, claim_id: UUID, names: Mapping[UUID, str]) -> str:
    match event:
        case e.VerdictGiven(verdict=verdict, source=source):
            given = {"verdict": word_of(verdict), "source": names.get(source, "") if source else ""}
            text = _("judged it %(verdict)s, after %(source)s")
            return (text if source else _("judged it %(verdict)s")) % given
        case e.ClaimReviewed(outcome=outcome):
            return str(_REVIEWED[outcome])
        case e.ForecastResolved(outcome=outcome):
            return _("resolved it: %(outcome)s") % {"outcome": word_of(outcome)}
        case e.ClaimsLinked() | e.ClaimsUnlinked():
            return _linked(event, claim_id, names)
        case e.TextWithheld(position=position):
            text = _("withheld the words recorded at position %(position)s")
            return text % {"position": position}
    return str(_PLAIN[type(event)])


def _linked(
    event: e.ClaimsLinked | e.ClaimsUnlinked, claim_id: UUID, names: Mapping[UUID, str]
) -> str:
    outgoing = event.from_ == claim_id
    other = event.to if outgoing else event.from_
    given = {"link": word_of(event.type), "claim": names.get(other, other)}
    if isinstance(event, e.ClaimsLinked):
        if outgoing:
            return _("linked it (%(link)s) to: %(claim)s") % given
        return _("linked it (%(link)s) from: %(claim)s") % given
    if outgoing:
        return _("unlinked it (%(link)s) to: %(claim)s") % given
    return _("unlinked it (%(link)s) from: %(claim)s") % given


_REVIEWED = {"accepted": lazy("accepted it in review"), "rejected": lazy("rejected it in review")}
_PLAIN: dict[type[Any], Promise] = {
    e.ClaimAsserted: lazy("entered it"),
    e.ClaimCorrected: lazy("corrected it"),
    e.ClaimRetracted: lazy("retracted it"),
    e.ClaimReinstated: lazy("reinstated it"),
    e.CitationAdded: lazy("added a citation"),
    e.Erased: lazy("recorded something that is erased"),
    e.BodyErased: lazy("erased it"),
}


def _where(pointer: str) -> str:
    """The place of a pointer in words: "/claim/citations/0/chain" is "citation 1, chain"."""
    phrases: list[str] = []
    parts = [part for part in pointer.strip("/").split("/") if part != "claim"]
    for place, part in enumerate(parts):
        if not (part.isdigit() and place):
            phrases.append(field_name(part))
            continue
        list_name = parts[place - 1]
        given = {"field": field_name(_SINGULAR.get(list_name, list_name)), "number": int(part) + 1}
        phrases[-1] = _("%(field)s %(number)d") % given
    return ", ".join(phrases)


_SINGULAR = {"parties": "party", "citations": "citation", "contexts": "context", "tags": "tag"}


def _value(value: Any, names: Mapping[UUID, str]) -> str:
    match value:
        case None:
            return ""
        case {"start": start, "end": end, "text_sha256": _}:
            return _("characters %(start)s to %(end)s of its text") % {"start": start, "end": end}
        case dict():
            return "; ".join(
                f"{field_name(key)}: {_value(item, names)}" for key, item in value.items()
            )
        case list():
            return ", ".join(_value(item, names) for item in value)
        case str() if _ID.fullmatch(value):
            return names.get(UUID(value), value)
    return str(value)


def _names(
    steps: Iterable[HistoryStep], claim_id: UUID, reader: Reader, *, more: Iterable[FieldChange]
) -> dict[UUID, str]:
    """The names of the records and claims in the history, and in more changes."""
    steps_with_bodies = list(steps)
    bodies = json.dumps([step.recorded.content for step in steps_with_bodies])
    changes = _as_text(chain(more, *(step.changes for step in steps_with_bodies)))
    return _named(changes + bodies, but=claim_id, reader=reader)


def _as_text(changes: Iterable[FieldChange]) -> str:
    return json.dumps([[change.before, change.after] for change in changes])


def _named(text: str, *, reader: Reader, but: UUID | None = None) -> dict[UUID, str]:
    wanted = {UUID(id_text) for id_text in _ID.findall(text)} - {but}
    records = states.records(wanted, at=None)
    names_by_id = states.names(records, at=None) | listing.titles(
        wanted - records.keys(), reader=reader
    )
    for key, state in records.items():
        if isinstance(state, f.DocumentState):
            names_by_id[key] = state.document.title or state.document.url or str(key)
        if isinstance(state, f.CollectionState):
            names_by_id[key] = state.collection.name
    return names_by_id
