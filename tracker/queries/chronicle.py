"""The history of a claim as people read it: who did what, when, why, and what it changed."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.claims import Claim
from tracker.log import Recorded
from tracker.queries import claims, history, states
from tracker.queries.history import Change, Step
from tracker.queries.moment import AsOf

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ALREADY_SAID = ("/status", "/review", "/verdicts", "/resolution", "/linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place in the claim in words, and what stood and stands there; empty where nothing does."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event in words. `why` is the reason that was given, if one was and may be printed."""

    recorded: Recorded
    does: str
    why: str
    differences: tuple[Difference, ...]


def told(claim_id: UUID, *, as_of: AsOf = None) -> list[Told]:
    """Give all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    steps = history.trail(claim_id, as_of=as_of).steps
    names = _names(steps, claim_id)
    return [_told(step, claim_id, names) for step in steps]


def compared(before: Claim, after: Claim) -> tuple[Difference, ...]:
    """Give what one wording of a claim changes of another."""
    changes = list(history.changed(codec.plain(before), codec.plain(after)))
    return _differences(changes, _named(_said(changes)))


def _told(step: Step, claim_id: UUID, names: Mapping[UUID, str]) -> Told:
    event = step.recorded.decoded()
    shown = [one for one in step.changes if not one.pointer.startswith(_ALREADY_SAID)]
    return Told(
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


def _names(steps: Iterable[Step], claim_id: UUID) -> dict[UUID, str]:
    """What the records and claims are called that the history names."""
    held = list(steps)
    bodies = json.dumps([step.recorded.body for step in held])
    return _named(_said(one for step in held for one in step.changes) + bodies, but=claim_id)


def _said(changes: Iterable[Change]) -> str:
    return json.dumps([[one.before, one.after] for one in changes])


def _named(text: str, *, but: UUID | None = None) -> dict[UUID, str]:
    wanted = {UUID(one) for one in _ID.findall(text)} - {but}
    found = states.records(wanted, at=None)
    named = states.names(found, at=None) | claims.titles(wanted - found.keys())
    for key, state in found.items():
        if isinstance(state, f.DocumentState):
            named[key] = state.document.title or state.document.url or str(key)
        if isinstance(state, f.CollectionState):
            named[key] = state.collection.name
    return named
