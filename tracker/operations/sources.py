"""Sources with their grades, documents, and collections of claims."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.problems import Problem
from tracker.domain.records import Collection, Document, Source
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.projections import standing


def describe_source(
    source: Source,
    *,
    at: datetime,
    by: str,
    source_id: UUID | None = None,
    expected: int | None = None,
) -> Recorded:
    """Record a source, or a new description of one.

    :raises Invalid: with all problems.
    """
    actors = (("/actor", source.actor), ("/country", source.country))
    validity.refuse(
        [
            *validity.source_problems(source),
            *references.missing((pointer, id_, "actor") for pointer, id_ in actors if id_),
        ]
    )
    return _append(source_id, e.SourceDescribed(source=source), at=at, by=by, expected=expected)


def rate_source(
    source_id: UUID, rating: e.SourceRated, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Give a source an Admiralty grade for documents from a day on.

    :raises Invalid: :raises OutOfOrder: if there is no such source.
    """
    validity.refuse(validity.event_problems(rating))
    return _append(source_id, rating, at=at, by=by, expected=expected)


def describe_document(
    document: Document,
    *,
    at: datetime,
    by: str,
    document_id: UUID | None = None,
    expected: int | None = None,
) -> Recorded:
    """Record a document, or a new description of one.

    :raises Invalid: with all problems.
    """
    validity.refuse(document_problems(document))
    event = e.DocumentDescribed(document=document)
    return _append(document_id, event, at=at, by=by, expected=expected)


def document_problems(document: Document) -> Iterator[Problem]:
    """Yield everything that is wrong with the description of a document."""
    yield from validity.document_problems(document)
    yield from references.missing([("/source", document.source, "source")])


def describe_collection(
    collection: Collection,
    *,
    at: datetime,
    by: str,
    collection_id: UUID | None = None,
    expected: int | None = None,
) -> Recorded:
    """Record a collection, or a new description of one.

    :raises Invalid: with all problems.
    """
    validity.refuse(validity.collection_problems(collection))
    event = e.CollectionDescribed(collection=collection)
    return _append(collection_id, event, at=at, by=by, expected=expected)


def _append(
    stream: UUID | None, event: e.Event, *, at: datetime, by: str, expected: int | None
) -> Recorded:
    if stream is None:
        stream, expected = ids.new_id(at), 0
    draft = Draft(stream=stream, event=event, expected=expected)
    return log.append([draft], at=at, by=by, project=standing.project)[0]
