"""Claims as the API returns them, one JSON object a line. An exported claim keeps its ids, its
documents and sources, and its later events."""

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
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.drafts import DraftCitation, DraftClaim, NamedParty, NamedSource

STATUS_UNEXPLAINED = "is the status of the claim, but no event explains it: export it again"


def follow_ups(claim: Mapping[str, Any]) -> tuple[e.Event, ...]:
    """The later events of a claim, in order; links come last.

    :raises BadCell: if the status of the claim does not follow from them.
    :raises ValueError: (or KeyError, TypeError) if they are not as an export has them.
    """
    events = tuple(_follow_ups(UUID(claim["id"]), claim.get("later") or []))
    status = "standing"
    for event in events:
        if isinstance(event, e.ClaimRetracted | e.ClaimReinstated):
            status = "retracted" if isinstance(event, e.ClaimRetracted) else "standing"
    if claim.get("status", "standing") != status:
        raise BadCell("status", str(claim["status"]), STATUS_UNEXPLAINED)
    return events


def _follow_ups(claim: UUID, later: list[Mapping[str, Any]]) -> Iterator[e.Event]:
    for record in later:
        kind, stream = record["kind"], UUID(record["stream"])
        if kind not in (*follow_up_events.KINDS, follow_up_events.LINKED):
            raise ValueError(f"{kind} is not a later event of a claim")
        event = e.decode(kind, record["schema"], record["body"])
        if stream != _stream(claim, event):
            raise ValueError(f"{stream} is not the stream of its {kind}")
        yield event


def _stream(claim: UUID, event: e.Event) -> UUID | None:
    """The stream of an event of a claim; None if it belongs to another claim."""
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
MASKED = "is withheld: export it with a token"


def _matches(head: FileHead) -> bool:
    text = head.text.lstrip()
    return text.startswith("{") and '"collection_name"' in text


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    for number, raw in base.numbered_lines(stream):
        try:
            yield _draft(number, _object(raw))
        except BadCell as problem:
            yield problem.at_line(number)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        claim = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise BadCell("", "", f"is not a JSON object on one line: {problem}") from problem
    if not isinstance(claim, dict):
        raise BadCell("", "", "is not a JSON object on one line")
    if claim.get("masked"):
        raise BadCell("masked", "true", MASKED)
    for name in _WANTED:
        if not claim.get(name):
            raise BadCell(name, "", "is missing")
    if not isinstance(claim["collection_name"], str):
        raise BadCell("collection_name", "", "is not a name")
    return cast("Mapping[str, Any]", claim)


def _draft(number: int, claim: Mapping[str, Any]) -> DraftClaim:
    try:
        return _parse(number, claim)
    except BadCell:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        reason = f"is not a claim as the API returns it: {type(problem).__name__} {problem}"
        raise BadCell("", "", reason) from problem


def _parse(number: int, claim: Mapping[str, Any]) -> DraftClaim:
    parties = tuple(_party(party) for party in claim["parties"])
    first, *more = (_citation(citation) for citation in claim["citations"])
    return DraftClaim(
        line=number,
        key=f"id:{hashlib.sha256(str(claim['id']).encode()).hexdigest()}",
        fields=_values(claim, Claim, but=_REFERENCES),
        parties=parties,
        citation=first.citation,
        document=first.document,
        publisher=first.publisher,
        chain=first.chain,
        columns={},
        cells={},
        id=UUID(claim["id"]),
        document_id=first.id,
        collection=claim["collection_name"],
        collection_id=UUID(claim["collection"]),
        more_citations=tuple(more),
        records=_records(claim.get("records") or []),
        follow_ups=follow_ups(claim),
    )


def _records(records: list[Mapping[str, Any]]) -> Mapping[UUID, tuple[e.Event, ...]]:
    """The records of a claim by id, in order: the events that describe each."""
    events: dict[UUID, list[e.Event]] = {}
    for record in records:
        if record["kind"] not in _RECORDS:
            raise ValueError(f"{record['kind']} describes no record")
        stream = UUID(record["stream"])
        event = e.decode(record["kind"], record["schema"], record["body"])
        events.setdefault(stream, []).append(event)
    return {stream: tuple(described) for stream, described in events.items()}


def _values(record: Mapping[str, Any], shape: Any, *, but: Container[str]) -> Plain:
    """The values of a record, without those that are null or empty."""
    values: Plain = {}
    for field in of(shape):
        value = record.get(field.key)
        if field.key in but or value in (None, "", []):
            continue
        values[field.key] = _values(value, field.type.of, but=()) if field.type.is_record else value
    return values


def _party(party: Mapping[str, Any]) -> NamedParty:
    return NamedParty(
        role=cast("Role", party["role"]),
        name=party.get("code") or party["name"],
        column="parties",
        actor_name=party["name"],
        kind=party.get("kind"),
        responsibility=party.get("responsibility"),
        id=UUID(party["actor"]),
    )


def _citation(citation: Mapping[str, Any]) -> DraftCitation:
    publisher, *chain = (_source(witness) for witness in citation["provenance"])
    return DraftCitation(
        citation=_values(citation, Citation, but=("document", "chain")),
        document={to: citation[name] for name, to in _DOCUMENT.items() if citation.get(name)},
        publisher=publisher,
        chain=tuple(chain),
        id=UUID(citation["document"]),
    )


def _source(witness: Mapping[str, Any]) -> NamedSource:
    return NamedSource(
        name=witness["name"],
        column="provenance",
        ownership=witness.get("ownership"),
        id=UUID(witness["source"]),
    )


FORMAT = ImportFormat(
    name="claims",
    description="claims as this API returns them, one JSON object a line",
    collection=None,
    matches=_matches,
    rows=_read,
)
