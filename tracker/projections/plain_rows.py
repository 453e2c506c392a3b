"""The rows of new plain claims and of their documents, as the binary form of COPY."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain import disclosure
from tracker.domain.plain import PlainClaim
from tracker.log import BinaryRows, binary
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.projections.inserts import column_types

_CLAIM, _RECORD = tuple(column_types(StandingClaim)), tuple(column_types(StandingRecord))
_DISCLOSED = ("claim", "known_from")
_CLAIM_COUNT, _RECORD_COUNT = binary.count(len(_CLAIM)), binary.count(len(_RECORD))
_DISCLOSED_COUNT, _FROM_THE_BEGINNING = binary.count(len(_DISCLOSED)), binary.int8(0)
_FIRST, _STANDING, _ACT = binary.int4(1), binary.text("standing"), binary.text("act")
_NO_SOURCES, _DOCUMENT, _NO_NAME = binary.uuids([]), binary.text("document"), binary.text("")
_GRAVE = frozenset(disclosure.codes(disclosure.EVENTS))


class NewClaim(NamedTuple):
    """A new plain claim; `whole` is its canonical JSON with its words."""

    id: UUID
    claim: PlainClaim
    document: UUID
    whole: str


class NewDocument(NamedTuple):
    """A new document without a title; `whole` is its canonical JSON."""

    id: UUID
    whole: str


def project(claims: Sequence[NewClaim], documents: Sequence[NewDocument]) -> list[BinaryRows]:
    """Return the rows that new plain claims and new documents add."""
    shown = (one.id for one in claims if one.claim.code not in _GRAVE)
    return [
        BinaryRows("standing_record", _RECORD, map(_record_row, documents)),
        BinaryRows("standing_claim", _CLAIM, map(_claim_row, claims)),
        BinaryRows("disclosed", _DISCLOSED, _disclosed_rows(shown)),
    ]


def _claim_row(new: NewClaim) -> bytes:
    claim = new.claim
    day = _day(claim.day)
    id_ = binary.uuid(new.id)
    state = f'{{"asserted_at":0,"claim":{new.whole},"id":"{new.id}","status":"standing"}}'
    return b"".join(
        (
            *(_CLAIM_COUNT, id_, _FIRST, _STANDING, _collection(claim.collection), _ACT),
            *(_code(claim.code), day, day, _actors(claim.initiators, claim.recipients)),
            *(binary.uuids((new.document,)), _NO_SOURCES, binary.jsonb(state)),
        )
    )


def _record_row(new: NewDocument) -> bytes:
    state = binary.jsonb(f'{{"document":{new.whole},"id":"{new.id}"}}')
    return b"".join((_RECORD_COUNT, binary.uuid(new.id), _FIRST, _DOCUMENT, _NO_NAME, state))


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
