"""A drafted row becomes a claim: its names become ids, and its problems are reported by line and
column. All faults of a refused row are found at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem, certain
from tracker.imports.documents import Publication, Sourced
from tracker.imports.exported import LocalIds, local_follow_up_events
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.drafts import DraftCitation, DraftClaim
from tracker.imports.formats.faults import Faults
from tracker.imports.records import ImportedRecords
from tracker.log import Written
from tracker.operations.ids import content_id


class ResolvedRow(NamedTuple):
    """A row with the ids of its records: its collection, the actors of its parties, and its
    citations with their documents."""

    draft: DraftClaim
    collection: UUID
    actors: Sequence[UUID]
    cited: Sequence[Sourced]
    documents: Sequence[UUID]


class ImportRow(NamedTuple):
    """A row as a claim, with its encoded event and the document of its first citation. `later`: the
    events that followed the claim where it was exported. `statement`: if a party makes the claim,
    the claim that it does.
    """

    draft: DraftClaim
    id: UUID
    claim: Claim
    document: Publication
    written: Written
    later: Sequence[e.Event]
    statement: Claim | None = None

    @property
    def row_key(self) -> str | None:
        """The key of the row in its table."""
        return self.claim.key

    @property
    def citation(self) -> Citation:
        """The first citation of the claim."""
        return self.claim.citations[0]


def row_of(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords
) -> ImportRow:
    """The claim of a row.

    :raises BadCell: at the first invalid cell, with all problems of the row.
    """
    same_names = records.exported.plan(draft)
    collection = records.collection_of(draft)
    actors = [records.actors.of(party) for party in draft.parties]
    if isinstance(cited, BadCell):
        raise cited
    documents = [records.documents.of(citation, draft) for citation in cited]
    ids = [document.id for document in documents]
    resolved = ResolvedRow(draft, collection, actors, cited, ids)
    claim = _claim(resolved)
    more = [
        *_future_problems(claim, resolved, records.at),
        *_late_problems(claim, resolved, documents),
        *records.level_party_problems(claim),
    ]
    if more:
        raise _bad_cells(draft, actors, more)[0]
    statement = None
    if draft.said_by:
        parts = records.speakers.attribute(draft, claim, documents)
        claim, statement = parts.content, parts.statement
    written = Written.of(e.ClaimAsserted(claim=claim))
    # Ids follow from the name of the collection, so that they are alike on every installation.
    name = draft.collection or records.home
    stream = draft.id or content_id(name, draft.key)
    later: Sequence[e.Event] = ()
    if draft.follow_ups:
        local_ids = _local_ids(resolved, same_names, records)
        later = local_follow_up_events(draft, claim, local_ids)
    return ImportRow(draft, stream, claim, documents[0], written, later, statement)


def _future_problems(claim: Claim, resolved: ResolvedRow, at: datetime) -> list[Problem]:
    """The problems that a claim of something actual, or its document, is dated after today."""
    published = str(resolved.cited[0].document.get("date") or "")
    return [
        *validity.future_problems(claim, at=at),
        *validity.future_document_problems(published, at=at),
    ]


def _late_problems(
    claim: Claim, resolved: ResolvedRow, documents: Sequence[Publication]
) -> list[Problem]:
    """The problem that a claim is dated after its document, if it is. Archives cite one address
    again on later days; then the row's own date of the document counts."""
    if resolved.draft.repeatable:
        published = {documents[0].id: resolved.cited[0].document.get("date")}
    else:
        published = {document.id: document.date for document in documents}
    return list(validity.claim_order_problems(claim, published))


def _local_ids(
    resolved: ResolvedRow, same_names: Mapping[UUID, UUID], records: ImportedRecords
) -> LocalIds:
    draft = resolved.draft
    actors = zip((party.id for party in draft.parties), resolved.actors, strict=True)
    documents = zip(
        (citation.key[0] for citation in resolved.cited), resolved.documents, strict=True
    )
    return LocalIds(
        draft=draft,
        actors={exported: actor for exported, actor in actors if exported},
        documents={exported: document for exported, document in documents if exported},
        same_names=same_names,
        on_record=records.exported.on_record,
    )


def _claim(resolved: ResolvedRow) -> Claim:
    """The claim of a row.

    :raises BadCell: with all cells that have problems.
    """
    try:
        claim = codec.build(Claim, _plain(resolved))
    except codec.BadShape as misfit:
        problems = [Problem(pointer=misfit.pointer, code="invalid", detail=misfit.detail)]
    else:
        problems = list(validity.claim_problems(claim))
        if not problems:
            return claim
    first, *others = _bad_cells(resolved.draft, resolved.actors, problems)
    raise first.with_others(others)


def _plain(resolved: ResolvedRow) -> Plain:
    """The plain value of the claim of a row."""
    parties = [
        {"actor": actor, "role": party.role}
        | ({"responsibility": party.responsibility} if party.responsibility else {})
        for party, actor in zip(resolved.draft.parties, resolved.actors, strict=True)
    ]
    citations = [
        citation.fields | {"document": document, "chain": citation.chain}
        for citation, document in zip(resolved.cited, resolved.documents, strict=True)
    ]
    return resolved.draft.fields | {
        "collection": resolved.collection,
        "parties": parties,
        "citations": citations,
    }


def _bad_cells(
    draft: DraftClaim, actors: Sequence[UUID], problems: Sequence[Problem]
) -> list[BadCell]:
    """The cells with problems, in the words of the file."""
    reasons: dict[str, list[str]] = {}
    for problem in problems:
        reason = f"{problem.pointer.strip('/')}: {problem.detail}"
        for party, actor in zip(draft.parties, actors, strict=True):
            reason = reason.replace(str(actor), party.name)
        reasons.setdefault(_column(problem.pointer, draft), []).append(reason)
    return [
        BadCell(column, draft.cells.get(column, ""), "; ".join(found))
        for column, found in reasons.items()
    ]


def _column(pointer: str, draft: DraftClaim) -> str:
    """The column of a field, or of the nearest field above it that has one."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "parties":
        blamed = draft.parties[int(parts[1]) :] if len(parts) > 1 else draft.parties
        return next((party.column for party in blamed if party.column), "")
    while parts:
        if column := draft.columns.get("/" + "/".join(parts)):
            return column
        parts.pop()
    return ""


def with_all_faults(
    row: InvalidRow, cited: list[Sourced] | BadCell, records: ImportedRecords
) -> InvalidRow:
    """A row that was refused for some faults, with all of them. It has a draft, whose citations are
    `cited`."""
    assert row.draft is not None  # noqa: S101 # the caller has checked it
    faults = Faults()
    cells = [BadCell(fault.column, fault.value, fault.reason) for fault in row.faults]
    for cell in cells:
        # A fault of the claim without a column is found again, with the others.
        if cell.column:
            faults.add(cell)
    faults.unread += row.unread
    _add_faults(row.draft, cited, records, faults)
    if not faults:
        faults.add(cells[0])
    return faults.in_one().at_line(row.line)


def _add_faults(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords, faults: Faults
) -> None:
    collection = faults.read(partial(records.collection_of, draft), _stand_in(0), "/collection")
    actors = [
        faults.read(partial(records.actors.of, party), _stand_in(place), f"/parties/{place}")
        for place, party in enumerate(draft.parties)
    ]
    if draft.said_by:
        faults.read(partial(records.actors.of, draft.said_by), None)
    documents = _documents(draft, cited, records, faults)
    if isinstance(cited, BadCell):
        cited = [
            Sourced(one.citation, one.document, _stand_in(0), [], (None, ""))
            for one in _citations(draft)
        ]
    ids = [document.id for document in documents] or [*map(_stand_in, range(len(cited)))]
    resolved = ResolvedRow(draft, collection, actors, cited, ids)
    problems = list(certain(_found_problems(resolved, documents, records), faults.unread))
    for cell in _bad_cells(draft, actors, problems):
        faults.add(cell)


def _documents(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords, faults: Faults
) -> Sequence[Publication]:
    """The documents of a row, if all are found."""
    if isinstance(cited, list) and not any(one.startswith("/document") for one in faults.unread):
        read = [faults.read(partial(records.documents.check, one, draft), None) for one in cited]
        found = [document for document in read if document]
        return found if len(found) == len(cited) else ()
    for place, citation in enumerate(_citations(draft)):
        for source in (citation.publisher, *citation.chain):
            # A publisher that cannot be read has no name.
            if source.name:
                faults.read(partial(records.sources.of, source), None, f"/citations/{place}/chain")
    return ()


def _citations(draft: DraftClaim) -> Sequence[DraftClaim | DraftCitation]:
    return (draft, *draft.more_citations)


def _found_problems(
    resolved: ResolvedRow, documents: Sequence[Publication], records: ImportedRecords
) -> Iterator[Problem]:
    """The problems of the claim of a row, some records of which may not be found."""
    claim, problems = codec.read(Claim, _plain(resolved))
    yield from problems
    found = [problem.pointer for problem in problems]
    more = list(certain(validity.claim_problems(claim), found))
    yield from more
    yield from certain(records.level_party_problems(claim), found)
    dated = not any(problem.pointer.startswith("/occurred") for problem in (*problems, *more))
    if dated:
        yield from certain(_future_problems(claim, resolved, records.at), found)
    if documents and dated:
        yield from certain(_late_problems(claim, resolved, documents), found)


def _stand_in(place: int) -> UUID:
    """Stands for a record that is not found. Problems that it would cause are left out."""
    return UUID(int=place)
