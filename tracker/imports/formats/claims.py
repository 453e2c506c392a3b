"""Claims as our own API gives them, one JSON object a line: what was exported comes in again with
its ids, its document and its sources, and what was recorded of it later."""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from typing import Any, BinaryIO, cast
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import follow_up_events
from tracker.domain.claims import Citation, Claim
from tracker.domain.codec import Plain
from tracker.domain.fields import of
from tracker.domain.records import Role
from tracker.imports.formats import base
from tracker.imports.formats.base import BadCell, Format, Head, Refused
from tracker.imports.formats.drafts import Cited, DraftClaim, NamedParty, NamedSource

NOT_SAID = "is the claim's status, and nothing says why: export it anew"


def read(claim: Mapping[str, Any]) -> tuple[e.Event, ...]:
    """Give these events, in their order; links come last.

    :raises BadCell: if the claim's status does not follow from them.
    :raises ValueError: and others, if they are none as an export has them.
    """
    found = tuple(_events(UUID(claim["id"]), claim.get("later") or []))
    status = "standing"
    for event in found:
        if isinstance(event, e.ClaimRetracted | e.ClaimReinstated):
            status = "retracted" if isinstance(event, e.ClaimRetracted) else "standing"
    if claim.get("status", "standing") != status:
        raise BadCell("status", str(claim["status"]), NOT_SAID)
    return found


def _events(claim: UUID, later: list[Mapping[str, Any]]) -> Iterator[e.Event]:
    for one in later:
        kind, stream = one["kind"], UUID(one["stream"])
        if kind not in (*follow_up_events.KINDS, follow_up_events.LINKED):
            raise ValueError(f"{kind} is nothing that comes after a claim")
        event = e.decode(kind, one["schema"], one["body"])
        if stream != _stream(claim, event):
            raise ValueError(f"{stream} is not the stream of its {kind}")
        yield event


def _stream(claim: UUID, event: e.Event) -> UUID | None:
    """The stream that an event of a claim belongs to; None where it is of another claim."""
    if not isinstance(event, e.ClaimsLinked):
        return claim
    if claim not in (event.from_, event.to):
        return None
    return e.link_id(event.type, event.from_, event.to)


_REFERENCES = ("collection", "parties", "citations")
_DOCUMENT = {"document_title": "title", "document_date": "date", "document_url": "url"}
_WANTED = ("id", "collection", "collection_name", "kind", "parties", "citations")
_RECORDS = (
    "ActorDescribed",
    "CollectionDescribed",
    "DocumentDescribed",
    "SourceDescribed",
    "SourceRated",
)
MASKED = "says whom it blames only to those who read it with a token"


def _knows(head: Head) -> bool:
    text = head.text.lstrip()
    return text.startswith("{") and '"collection_name"' in text


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    for number, raw in base.numbered(stream):
        try:
            yield _draft(number, _object(raw))
        except BadCell as problem:
            yield problem.on(number)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise BadCell("", "", f"is no JSON object on one line: {problem}") from problem
    if not isinstance(found, dict):
        raise BadCell("", "", "is no JSON object on one line")
    if found.get("masked"):
        raise BadCell("masked", "true", MASKED)
    for name in _WANTED:
        if not found.get(name):
            raise BadCell(name, "", "is missing")
    if not isinstance(found["collection_name"], str):
        raise BadCell("collection_name", "", "is no name")
    return cast("Mapping[str, Any]", found)


def _draft(number: int, claim: Mapping[str, Any]) -> DraftClaim:
    try:
        parties = tuple(_party(one) for one in claim["parties"])
        first, *further = (_cited(one) for one in claim["citations"])
        identifier, fields = UUID(claim["id"]), _said(claim, Claim, but=_REFERENCES)
        collection, records = UUID(claim["collection"]), _records(claim.get("records") or [])
        later = read(claim)
    except BadCell:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        reason = f"is no claim as the API gives it: {type(problem).__name__} {problem}"
        raise BadCell("", "", reason) from problem
    return DraftClaim(
        line=number,
        key=_key(claim),
        fields=fields,
        parties=parties,
        citation=first.citation,
        document=first.document,
        publisher=first.publisher,
        chain=first.chain,
        columns={},
        cells={},
        id=identifier,
        document_id=first.id,
        collection=claim["collection_name"],
        collection_id=collection,
        further=tuple(further),
        records=records,
        later=later,
    )


def _records(brought: list[Mapping[str, Any]]) -> Mapping[UUID, tuple[e.Event, ...]]:
    """The records that a claim brings along, by id in their order."""
    found: dict[UUID, list[e.Event]] = {}
    for one in brought:
        if one["kind"] not in _RECORDS:
            raise ValueError(f"{one['kind']} describes no record")
        stream = UUID(one["stream"])
        event = e.decode(one["kind"], one["schema"], one["body"])
        found.setdefault(stream, []).append(event)
    return {stream: tuple(events) for stream, events in found.items()}


def _key(claim: Mapping[str, Any]) -> str:
    return f"id:{hashlib.sha256(str(claim['id']).encode()).hexdigest()}"


def _said(one: Mapping[str, Any], shape: Any, *, but: Container[str]) -> Plain:
    """What is said of a record; what is null or empty is not."""
    found: Plain = {}
    for field in of(shape):
        value = one.get(field.key)
        if field.key in but or value in (None, "", []):
            continue
        found[field.key] = _said(value, field.type.of, but=()) if field.type.is_record else value
    return found


def _party(one: Mapping[str, Any]) -> NamedParty:
    return NamedParty(
        role=cast("Role", one["role"]),
        name=one.get("code") or one["name"],
        column="parties",
        called=one["name"],
        kind=one.get("kind"),
        responsibility=one.get("responsibility"),
        id=UUID(one["actor"]),
    )


def _cited(one: Mapping[str, Any]) -> Cited:
    publisher, *links = (_source(link) for link in one["provenance"])
    found = {to: one[name] for name, to in _DOCUMENT.items() if one.get(name)}
    return Cited(
        citation=_said(one, Citation, but=("document", "chain")),
        document=found,
        publisher=publisher,
        chain=tuple(links),
        id=UUID(one["document"]),
    )


def _source(link: Mapping[str, Any]) -> NamedSource:
    return NamedSource(
        name=link["name"],
        column="provenance",
        ownership=link.get("ownership"),
        id=UUID(link["source"]),
    )


FORMAT = Format(
    name="claims",
    says="claims as this API gives them, one JSON object a line",
    collection=None,
    knows=_knows,
    read=_read,
)
