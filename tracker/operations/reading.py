"""Reads an article for a person, with the names and the practice on record. The text is not
kept."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.problems import Invalid, Problem
from tracker.domain.reading import proposals
from tracker.domain.reading.changes import apply
from tracker.domain.reading.drafts import Draft
from tracker.domain.reading.proposals import Context, Reading
from tracker.draft_wording import summary
from tracker.operations.ids import new_id
from tracker.queries.claims.code_counts import code_counts
from tracker.queries.records import names, reading_names, states


def context(document: UUID, *, by: str, collection: UUID | None = None) -> Context:
    """Return what the reader knows of a document on record.

    :raises Invalid: if there is no such document, or no collection.
    """
    known = states.records([document], at=None).get(document)
    if not isinstance(known, f.DocumentState):
        raise _invalid("document", f"{document} is no document on record: add it first")
    collection = collection or next((one.id for one in names.directory("collection")), None)
    if collection is None:
        raise _invalid("collection", "there is no collection yet: add one first")
    return Context(
        document=document,
        collection=collection,
        person=by,
        actors=reading_names.on_record().names,
        sources=reading_names.sources(),
        published=known.document.date,
        counts=code_counts(),
    )


def _invalid(pointer: str, detail: str) -> Invalid:
    return Invalid([Problem(pointer=f"/{pointer}", code="unknown_reference", detail=detail)])


def read(text: str, document: UUID, *, by: str, collection: UUID | None = None) -> Reading:
    """Read an article for a person.

    :raises Invalid: if the text is too long, or the document or the collection is not on record.
    """
    known = context(document, by=by, collection=collection)
    reading = proposals.read(text, known)
    labels = printed(reading.drafts)
    drafts = tuple(with_summary(draft, labels) for draft in reading.drafts)
    return reading._replace(drafts=drafts)


def blank(words: str, document: UUID, *, sentence: int, by: str, at: datetime) -> Draft:
    """Return a draft of a sentence without a proposal. `words` are the sentence.

    :raises Invalid: if the text is too long, or the document or a collection is not on record.
    """
    draft = proposals.blank(words, sentence, context(document, by=by))
    return replace(draft, id=new_id(at))


def changed(draft: Draft, name: str, value: str = "") -> Draft:
    """Change a draft by a key (`domain.reading.changes`). A summary that was proposed follows.

    :raises Invalid: if the value is wrong.
    """
    labels = printed([draft])
    was_proposed = draft.claim.summary == summary(draft.claim, labels)
    after = apply(draft, name, value)
    return with_summary(after, printed([after])) if was_proposed and name != "words" else after


def with_summary(draft: Draft, labels: Mapping[UUID, str]) -> Draft:
    """Return the draft with the sentence that its structure gives."""
    return replace(draft, claim=replace(draft.claim, summary=summary(draft.claim, labels)))


def printed(drafts: Iterable[Draft]) -> dict[UUID, str]:
    """Return the printed names of all actors in some drafts, also of those not on record."""
    found = list(drafts)
    ids = {one.actor for draft in found for one in draft.actors}
    ids |= {one.actor for draft in found for one in draft.claim.parties}
    ids |= {draft.said_by.actor for draft in found if draft.said_by}
    on_record = states.records(ids, at=None)
    labels = {
        key: one.actor.name for key, one in on_record.items() if isinstance(one, f.ActorState)
    }
    return labels | {name.id: name.name for draft in found for name in draft.names}
