"""The rows of new plain claims and of their documents, in the binary form of COPY."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec
from tracker.domain.disclosure import is_grave
from tracker.domain.plain import PlainClaim, plain_claim
from tracker.log import BinaryRows, Recorded, binary
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.projections.inserts import column_types

_CLAIM, _RECORD = tuple(column_types(StandingClaim)), tuple(column_types(StandingRecord))
_DISCLOSED = ("claim", "known_from")
_CLAIM_COUNT, _RECORD_COUNT = binary.count(len(_CLAIM)), binary.count(len(_RECORD))
_DISCLOSED_COUNT, _FROM_THE_BEGINNING = binary.count(len(_DISCLOSED)), binary.int8(0)
_FIRST, _STANDING, _ACT = binary.int4(1), binary.text("standing"), binary.text("act")
_DOCUMENT = binary.text("document")
_NUMBER = attrgetter("id.int")


class NewReport(NamedTuple):
    """A further citation of a new plain claim; `whole` is its canonical JSON with its words."""

    document: UUID
    chain: tuple[str, ...]
    whole: str


class NewPlainClaim(NamedTuple):
    """A new plain claim; `whole` is its canonical JSON with its words. `reports`: the citations
    that are added in the same transaction."""

    id: UUID
    claim: PlainClaim
    document: UUID
    whole: str
    reports: tuple[NewReport, ...] = ()

    def with_report(self, report: NewReport) -> "NewPlainClaim":
        return self._replace(reports=(*self.reports, report))


class NewDocument(NamedTuple):
    """A new document with its title, which may be empty; `whole` is its canonical JSON with its
    words."""

    id: UUID
    title: str
    whole: str


# Words whose fields are not in the body of a claim.
_OWN_WORDS = frozenset({"condition", "hedge", "note", "summary"})


def split(
    events: Iterable[Recorded],
) -> tuple[list[NewPlainClaim], list[NewDocument], list[Recorded]]:
    """Sort events into new plain claims with their reports, new documents, and all others."""
    claims: dict[UUID, NewPlainClaim] = {}
    documents: list[NewDocument] = []
    others: list[Recorded] = []
    # The claims with an event among the others: what follows it is one of them too.
    continued: set[UUID] = set()
    for event in events:
        stream, first = event.stream, event.version == 1 and event.schema == 1 and not event.erased
        if first and event.kind == "ClaimAsserted" and (claim := _claim(event)):
            claims[stream] = claim
        elif first and event.kind == "DocumentDescribed":
            documents.append(_document(event))
        elif _is_report(event) and stream in claims and stream not in continued:
            claims[stream] = claims[stream].with_report(_report(event))
        else:
            continued.add(stream)
            others.append(event)
    return list(claims.values()), documents, others


def _is_report(event: Recorded) -> bool:
    return event.kind == "CitationAdded" and event.schema == 1 and not event.erased


def _report(event: Recorded) -> NewReport:
    citation = event.content["citation"]
    whole = _content(event.body)
    if event.words:
        merged = codec.merge(citation, event.content_words["citation"])
        whole = json.dumps(merged, ensure_ascii=False)
    return NewReport(UUID(citation["document"]), tuple(citation.get("chain", ())), whole)


def _claim(event: Recorded) -> NewPlainClaim | None:
    content = event.content
    stated = content["claim"]
    claim = plain_claim(stated)
    # The row of a claim that was proposed keeps the proposal too.
    if claim is None or len(content) > 1:
        return None
    words = event.content_words["claim"] if event.words else {}
    if words.keys() <= _OWN_WORDS:
        whole = _whole(event)
    else:
        whole = json.dumps(codec.merge(stated, words), ensure_ascii=False)
    return NewPlainClaim(event.stream, claim, UUID(claim.citation.document), whole)


def _document(event: Recorded) -> NewDocument:
    words = event.content_words["document"] if event.words else {}
    return NewDocument(event.stream, words.get("title", ""), _whole(event))


def _whole(event: Recorded) -> str:
    """The record of an event with its words, none of which is in a field of the body."""
    whole = _content(event.body)
    # The order of the fields does not matter to the database.
    return f"{whole[:-1]},{_content(event.words)[1:]}" if event.words else whole


def _content(text: str) -> str:
    """The only field of an event, as JSON."""
    return text[text.index(":") + 1 : -1]


def project(claims: Iterable[NewPlainClaim], documents: Iterable[NewDocument]) -> list[BinaryRows]:
    """Return the rows that new plain claims and new documents add, in the order of their ids: so
    they reach the pages of each index one after the other, which takes a fifth less time."""
    claims, documents = sorted(claims, key=_NUMBER), sorted(documents, key=_NUMBER)
    shown = (one.id for one in claims if not is_grave(one.claim.code, one.claim.contexts))
    past = [row for one in claims if one.reports for row in _past_rows(one)]
    parts = (
        (documents, BinaryRows("standing_record", _RECORD, map(_record_row, documents))),
        (claims, BinaryRows("disclosed", _DISCLOSED, _disclosed_rows(shown))),
        (past, BinaryRows("past_claim", _CLAIM, past)),
        # The last takes longest.
        (claims, BinaryRows("standing_claim", _CLAIM, map(_claim_row, claims))),
    )
    return [rows for new, rows in parts if new]


def _past_rows(new: NewPlainClaim) -> Iterator[bytes]:
    """The rows of a claim before each of its reports."""
    return (_claim_row(new._replace(reports=new.reports[:n])) for n in range(len(new.reports)))


def _claim_row(new: NewPlainClaim) -> bytes:
    claim = new.claim
    day = _day(claim.day)
    id_, version = binary.uuid(new.id), binary.int4(1 + len(new.reports))
    whole, documents, sources = new.whole, [new.document], claim.citation.chain
    if new.reports:
        whole = _reported(new)
        documents = sorted({new.document, *(report.document for report in new.reports)})
        sources += tuple(chain.from_iterable(report.chain for report in new.reports))
    state = f'{{"asserted_at":0,"claim":{whole},"id":"{new.id}","status":"standing"}}'
    return b"".join(
        (
            *(_CLAIM_COUNT, id_, version, _STANDING, _collection(claim.collection), _ACT),
            *(_code(claim.code), day, day, _actors(claim.initiators, claim.recipients)),
            *(binary.uuids(documents), _sources(sources), binary.jsonb(state)),
        )
    )


def _reported(new: NewPlainClaim) -> str:
    """A claim with its reports, as JSON."""
    claim = json.loads(new.whole)
    claim["citations"] += [json.loads(report.whole) for report in new.reports]
    return json.dumps(claim, ensure_ascii=False)


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
