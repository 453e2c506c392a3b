"""Reads an article for a person, with the names and the practice on record. The text is not
kept."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.events import NAMESPACE
from tracker.domain.problems import Conflict, Invalid, Problem, refuse
from tracker.domain.reading import article, proposals, web_page
from tracker.domain.reading.article import Head
from tracker.domain.reading.changes import apply
from tracker.domain.reading.drafts import Draft
from tracker.domain.reading.proposals import Context, Reading
from tracker.domain.reading.text import normalised
from tracker.domain.records import Document
from tracker.draft_wording import summary
from tracker.operations import references, sources
from tracker.operations.ids import new_id
from tracker.operations.text_errors import without_text
from tracker.queries.claims.code_counts import code_counts
from tracker.queries.records import desk_cues, names, reading_names, states

FORBIDDEN = "This site does not allow article texts to be sent to it."


class ReadingIsOff(Conflict):
    """The setting `READING` forbids it."""

    def __init__(self) -> None:
        super().__init__(FORBIDDEN)


def is_allowed() -> bool:
    """Whether article texts may be sent to this site."""
    return bool(settings.READING)


def require_allowed() -> None:
    """Require that article texts may be sent to this site.

    :raises ReadingIsOff:
    """
    if not is_allowed():
        raise ReadingIsOff


def context(
    document: UUID | Document,
    *,
    by: str,
    collection: UUID | None = None,
    pointer: str = "/document",
) -> Context:
    """Return what the reader knows of a document: of one on record by its id, of another one by its
    description. `pointer` is where a problem with it is reported.

    :raises Invalid: if there is no such document or collection, or the description has problems.
    """
    known, key = _described(document, pointer)
    collection = collection or next((one.id for one in names.directory("collection")), None)
    if collection is None:
        raise _unknown("/collection", "there is no collection yet: add one first")
    refuse(references.missing([("/collection", collection, "collection")]))
    cues = desk_cues.rows()
    return Context(
        document=key,
        collection=collection,
        person=by,
        actors=reading_names.on_record().names,
        sources=reading_names.sources(),
        published=known.date,
        counts=code_counts(cues),
        cues=cues,
    )


def _described(document: UUID | Document, pointer: str) -> tuple[Document, UUID]:
    """The description of a document, and its id. One that is not on record gets an id that no
    record has."""
    if isinstance(document, Document):
        problems = sources.document_problems(document)
        refuse(replace(one, pointer=f"{pointer}{one.pointer}") for one in problems)
        content = codec.canonical(codec.plain(document))
        return document, uuid5(NAMESPACE, f"read:{content}")
    known = states.records([document], at=None).get(document)
    if not isinstance(known, f.DocumentState):
        raise _unknown(pointer, f"{document} is no document on record: add it first")
    return known.document, document


def _unknown(pointer: str, detail: str) -> Invalid:
    return Invalid([Problem(pointer=pointer, code="unknown_reference", detail=detail)])


@without_text()
def read(
    text: str,
    document: UUID | Document,
    *,
    by: str,
    collection: UUID | None = None,
    pointer: str = "/document",
) -> Reading:
    """Read an article for a person. The drafts of a document that is not on record cite it by an id
    that no record has, so that they cannot be recorded.

    :raises ReadingIsOff: :raises Invalid: if the text is too long, or the document or the
        collection is not on record; see `context`.
    """
    require_allowed()
    known = context(document, by=by, collection=collection, pointer=pointer)
    normal = normalised(text)
    reading = proposals.read(normal, known)
    labels = printed(reading.drafts)
    drafts = tuple(
        draft if draft.claim.summary else with_summary(draft, labels) for draft in reading.drafts
    )
    return reading._replace(drafts=drafts)


@without_text()
def text_of_page(text: str) -> str:
    """Return the text of a web page; empty if `text` is not one.

    :raises Invalid: if the page or its text is too long.
    """
    return web_page.page(text).text if web_page.is_html(text) else ""


@without_text()
def head(text: str) -> Head:
    """Return what the first lines of a text give: title, authors, date, publisher.

    :raises ReadingIsOff: :raises Invalid: if the text is too long.
    """
    require_allowed()
    return article.head(normalised(text))


@without_text()
def blank(words: str, document: UUID, *, sentence: int, by: str, at: datetime) -> Draft:
    """Return a draft of a sentence without a proposal. `words` are the sentence.

    :raises ReadingIsOff: :raises Invalid: if the text is too long, or the document or a collection
        is not on record.
    """
    require_allowed()
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
