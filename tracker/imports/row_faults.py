"""Finds all faults of a refused row: of its names, its documents, and the values of its claim."""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain.claims import Claim
from tracker.domain.problems import Problem, certain
from tracker.imports.documents import Publication, Sourced
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.drafts import DraftCitation, DraftClaim
from tracker.imports.formats.faults import Faults
from tracker.imports.records import ImportedRecords
from tracker.imports.rows import ResolvedRow, bad_cells, future_problems, late_problems, plain


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
    _add(row.draft, cited, records, faults)
    if not faults:
        faults.add(cells[0])
    return faults.in_one().at_line(row.line)


def _add(
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
    problems = list(certain(_problems(resolved, documents, records), faults.unread))
    for cell in bad_cells(draft, actors, problems):
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


def _problems(
    resolved: ResolvedRow, documents: Sequence[Publication], records: ImportedRecords
) -> Iterator[Problem]:
    """The problems of the claim of a row, some records of which may not be found."""
    claim, problems = codec.read(Claim, plain(resolved))
    yield from problems
    found = [problem.pointer for problem in problems]
    more = list(certain(validity.claim_problems(claim), found))
    yield from more
    yield from certain(records.level_party_problems(claim), found)
    dated = not any(problem.pointer.startswith("/occurred") for problem in (*problems, *more))
    if dated:
        yield from certain(future_problems(claim, resolved, records.at), found)
    if documents and dated:
        yield from certain(late_problems(claim, resolved, documents), found)


def _stand_in(place: int) -> UUID:
    """Stands for a record that is not found. Problems that it would cause are left out."""
    return UUID(int=place)
