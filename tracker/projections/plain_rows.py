"""The rows of new plain claims and of their documents, in the binary form of COPY."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, disclosure
from tracker.domain.plain import PlainClaim, plain_claim
from tracker.log import BinaryRows, Body, binary
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.projections.inserts import column_types

_CLAIM, _RECORD = tuple(column_types(StandingClaim)), tuple(column_types(StandingRecord))
_DISCLOSED = ("claim", "known_from")
_CLAIM_COUNT, _RECORD_COUNT = binary.count(len(_CLAIM)), binary.count(len(_RECORD))
_DISCLOSED_COUNT, _FROM_THE_BEGINNING = binary.count(len(_DISCLOSED)), binary.int8(0)
_FIRST, _STANDING, _ACT = binary.int4(1), binary.text("standing"), binary.text("act")
_DOCUMENT = binary.text("document")
_GRAVE = frozenset(disclosure.codes(disclosure.EVENTS))


class NewClaim(NamedTuple):
    """A new plain claim; `whole` is its canonical JSON with its words."""

    id: UUID
    claim: PlainClaim
    document: UUID
    whole: str


class NewDocument(NamedTuple):
    """A new document with its title, which may be empty; `whole` is its canonical JSON with its
    words."""

    id: UUID
    title: str
    whole: str


# Words whose fields are not in the body of a claim.
_OWN_WORDS = frozenset({"condition", "hedge", "note", "summary"})


def split(bodies: Iterable[Body]) -> tuple[list[NewClaim], list[NewDocument], list[Body]]:
    """Sort events into new plain claims, new documents, and all others."""
    claims: list[NewClaim] = []
    documents: list[NewDocument] = []
    others: list[Body] = []
    for body in bodies:
        first = body.version == 1 and body.schema == 1
        if first and body.kind == "ClaimAsserted" and (claim := _claim(body)):
            claims.append(claim)
        elif first and body.kind == "DocumentDescribed":
            documents.append(_document(body))
        else:
            others.append(body)
    return claims, documents, others


def _claim(body: Body) -> NewClaim | None:
    stated = json.loads(body.body)["claim"]
    claim = plain_claim(stated)
    if claim is None:
        return None
    words = json.loads(body.words)["claim"] if body.words else {}
    if words.keys() <= _OWN_WORDS:
        whole = _whole(body)
    else:
        whole = json.dumps(codec.merge(stated, words), ensure_ascii=False)
    return NewClaim(body.stream, claim, UUID(claim.citation.document), whole)


def _document(body: Body) -> NewDocument:
    words = json.loads(body.words)["document"] if body.words else {}
    return NewDocument(body.stream, words.get("title", ""), _whole(body))


def _whole(body: Body) -> str:
    """The record of an event with its words, none of which is in a field of the body."""
    whole = _content(body.body)
    # The order of the fields does not matter to the database.
    return f"{whole[:-1]},{_content(body.words)[1:]}" if body.words else whole


def _content(event: str) -> str:
    """The only field of an event, as JSON."""
    return event[event.index(":") + 1 : -1]


def project(claims: Sequence[NewClaim], documents: Sequence[NewDocument]) -> list[BinaryRows]:
    """Return the rows that new plain claims and new documents add."""
    shown = (one.id for one in claims if not _is_grave(one.claim))
    parts = (
        (documents, BinaryRows("standing_record", _RECORD, map(_record_row, documents))),
        (claims, BinaryRows("disclosed", _DISCLOSED, _disclosed_rows(shown))),
        # The last takes longest.
        (claims, BinaryRows("standing_claim", _CLAIM, map(_claim_row, claims))),
    )
    return [rows for new, rows in parts if new]


def _is_grave(claim: PlainClaim) -> bool:
    """The same as `disclosure.grave`."""
    return claim.code in _GRAVE or not disclosure.CONTEXTS.isdisjoint(claim.contexts)


def _claim_row(new: NewClaim) -> bytes:
    claim = new.claim
    day = _day(claim.day)
    id_ = binary.uuid(new.id)
    state = f'{{"asserted_at":0,"claim":{new.whole},"id":"{new.id}","status":"standing"}}'
    return b"".join(
        (
            *(_CLAIM_COUNT, id_, _FIRST, _STANDING, _collection(claim.collection), _ACT),
            *(_code(claim.code), day, day, _actors(claim.initiators, claim.recipients)),
            *(binary.uuids((new.document,)), _sources(claim.citation.chain), binary.jsonb(state)),
        )
    )


def _record_row(new: NewDocument) -> bytes:
    state = binary.jsonb(f'{{"document":{new.whole},"id":"{new.id}"}}')
    name = binary.text(codec.plain(new.title))
    return b"".join((_RECORD_COUNT, binary.uuid(new.id), _FIRST, _DOCUMENT, name, state))


def _disclosed_rows(claims: Iterable[UUID]) -> Iterable[bytes]:
    return (_DISCLOSED_COUNT + binary.uuid(claim) + _FROM_THE_BEGINNING for claim in claims)


@lru_cache(65_536)
def _day(text: str) -> bytes:
    return binary.day(date.fromisoformat(text).toordinal())


@lru_cache(1_024)
def _code(text: str) -> bytes:
    return binary.text(text)


@lru_cache(1_024)
def _collection(text: str) -> bytes:
    return binary.uuid(UUID(text))


@lru_cache(65_536)
def _actors(initiators: tuple[str, ...], recipients: tuple[str, ...]) -> bytes:
    return binary.uuids(map(UUID, sorted({*initiators, *recipients})))


@lru_cache(65_536)
def _sources(chain: tuple[str, ...]) -> bytes:
    return binary.uuids(map(UUID, sorted(set(chain))))
