"""What must hold for a record before it may enter the log; all problems at once.

`claims` and `lenses` check claims and lenses, `codec` how much fits into a field. Pointers are into
the record that the event is about; what an event says beside it, such as its reason, stands at
"/reason".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tracker.domain import codec, fields
from tracker.domain import events as e
from tracker.domain.claims import (
    Citation,
    Claim,
    citation_problems,
    claim_problems,
    date_problems,
    repeats,
)
from tracker.domain.dates import edtf
from tracker.domain.dates.edtf import BadDate, Bounds, bounds
from tracker.domain.dates.words import MONTHS
from tracker.domain.lenses import lens_problems
from tracker.domain.problems import Invalid, Problem, refuse
from tracker.domain.records import Actor, Collection, Document, Source

__all__ = [
    "MOST_POSITIONS",
    "Invalid",
    "Problem",
    "actor_problems",
    "citation_problems",
    "claim_problems",
    "collection_problems",
    "date_problems",
    "document_problems",
    "event_problems",
    "lens_problems",
    "refuse",
    "source_problems",
]

MOST_POSITIONS = fields.limit(e.ImportRecorded, "positions").entries


def event_problems(event: e.Event) -> Iterator[Problem]:
    """Everything that is wrong with an event by itself."""
    field, check = _RECORDS.get(type(event), ("", None))
    if check is not None:
        yield from check(getattr(event, field))
        if isinstance(event, e.ClaimCorrected):
            yield from _said(e.ClaimRetracted(reason=event.reason))
    else:
        yield from _said(event)


def actor_problems(actor: Actor) -> Iterator[Problem]:
    yield from codec.problems(actor)
    if not actor.name.strip():
        yield _needed("/names", "an actor requires a name")
    if actor.kind == "state":
        yield from _state_problems(actor)
    if actor.members and actor.kind != "group":
        yield _invalid("/members", "only a group has members")
    for index, affiliation in enumerate(actor.affiliations):
        if affiliation.since and affiliation.until and affiliation.until <= affiliation.since:
            detail = "must be after since: an affiliation ends the day before until"
            yield _invalid(f"/affiliations/{index}/until", detail)
    for field in ("names", "aliases", "affiliations", "members"):
        yield from repeats(getattr(actor, field), f"/{field}", detail="duplicate entry")


def _state_problems(state: Actor) -> Iterator[Problem]:
    if not re.fullmatch("[A-Z]{3}", state.code or ""):
        yield _invalid("/code", "a state requires its ISO 3166-1 alpha-3 code, such as KAZ")
    if state.affiliations:
        yield _invalid("/affiliations", "a state has no affiliations: it speaks for itself")


def source_problems(source: Source) -> Iterator[Problem]:
    yield from codec.problems(source)
    if not source.name.strip() and source.actor is None:
        yield _needed("/name", "a source requires a name or an actor")
    yield from _url_problems(source.url, "/url")


def document_problems(document: Document) -> Iterator[Problem]:
    yield from codec.problems(document)
    if not document.title.strip() and document.url is None:
        yield _needed("/title", "a document requires a title or a URL")
    if document.date:
        found = list(date_problems(document.date, "/date"))
        yield from found
        bounds = None if found else edtf.bounds(document.date)
        if bounds and (bounds.earliest is None or bounds.latest is None):
            detail = "has an open end: give the day, month or year of publication"
            yield Problem(pointer="/date", code="bad_date", detail=detail)
    yield from _url_problems(document.url, "/url")
    yield from _url_problems(document.archive_url, "/archive_url")


def collection_problems(collection: Collection) -> Iterator[Problem]:
    yield from codec.problems(collection)


def _said(event: Any) -> Iterator[Problem]:
    """What is wrong with what an event itself says."""
    yield from codec.problems(event)
    match event:
        case e.ImportRecorded():
            yield from _import_problems(event)
        case e.TextWithheld(position=position) if position < 1:
            yield _invalid("/position", "must be at least 1")
        case e.VerdictGiven(parties=parties):
            yield from repeats(parties, "/parties", detail="duplicate party")
        case e.ClaimsLinked(from_=one, to=other) if one == other:
            yield Problem(pointer="/to", code="same", detail="a claim cannot be linked to itself")


def _import_problems(record: e.ImportRecorded) -> Iterator[Problem]:
    for outcome, number in record.counts.items():
        if type(number) is not int or number < 0:
            yield _invalid(f"/counts/{outcome}", "must be a number of rows")
    before = 0
    for place, position in enumerate(record.positions):
        if not before < position.first <= position.last:
            detail = f"must begin after position {before} and not end before it begins"
            yield _invalid(f"/positions/{place}", detail)
        before = position.last


def _url_problems(url: str | None, pointer: str) -> Iterator[Problem]:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        secret = bool(parts.username or parts.password)
        usable = usable and parts.port != 0
    except ValueError:
        usable = secret = False
    if not usable or any(char.isspace() for char in url):
        yield _invalid(pointer, "must be a URL, such as https://example.org/a")
    elif secret:
        yield _invalid(
            pointer, "must not contain a user name or a password: the log keeps it permanently"
        )


def _needed(pointer: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code="required", detail=detail)


def _invalid(pointer: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code="invalid", detail=detail)


# The record that an event is about, and what is checked of it.
_RECORDS: dict[type[Any], tuple[str, Callable[[Any], Iterator[Problem]]]] = {
    e.ClaimAsserted: ("claim", claim_problems),
    e.ClaimCorrected: ("claim", claim_problems),
    e.CitationAdded: ("citation", citation_problems),
    e.ActorDescribed: ("actor", actor_problems),
    e.SourceDescribed: ("source", source_problems),
    e.DocumentDescribed: ("document", document_problems),
    e.CollectionDescribed: ("collection", collection_problems),
    e.LensDefined: ("lens", lens_problems),
}


CODE = "after_document"
_WAYS = (
    "if it was announced or is conditional, set the modality; if it was predicted, make it a"
    " forecast; otherwise correct one of the two dates"
)


def claim_order_problems(claim: Claim, published: Mapping[UUID, str | None]) -> Iterator[Problem]:
    """Name the event's date if a document that supports the claim was published before it.

    `published` has the documents' dates as EDTF; a document without one is not compared.
    """
    for place, citation in enumerate(claim.citations):
        if detail := _late(claim, citation, published):
            rests_on = ("/kind", "/modality", f"/citations/{place}")
            yield Problem(pointer="/occurred/edtf", code=CODE, detail=detail, rests_on=rests_on)
            return


def citation_order_problems(
    claim: Claim, citation: Citation, published: Mapping[UUID, str | None]
) -> Iterator[Problem]:
    """The same of one more citation; the document is at fault."""
    if detail := _late(claim, citation, published):
        yield Problem(pointer="/document", code=CODE, detail=detail, rests_on=("/stance",))


def _late(claim: Claim, citation: Citation, published: Mapping[UUID, str | None]) -> str:
    """Why the event is dated after the document; nothing if it is not."""
    if claim.occurred is None or citation.stance != "supports":
        return ""
    if claim.kind == "forecast" or claim.modality != "actual":
        return ""
    return detail(claim.occurred.edtf, published.get(citation.document))


def detail(event: str, document: str | None) -> str:
    """Say that an event's date is after a document's, both EDTF; nothing if it may not be.

    Only the earliest day of the one after the latest of the other is too late.
    """
    happened, told = _bounds(event), _bounds(document or "")
    if not (happened and told and happened.earliest and told.latest):
        return ""
    if happened.earliest <= told.latest:
        return ""
    since = "" if happened.earliest == happened.latest else " at the earliest"
    until = "" if told.earliest == told.latest else " at the latest"
    return (
        f"the event is dated {_day(happened.earliest)}{since}, after its document, dated"
        f" {_day(told.latest)}{until}: {_WAYS}"
    )


def _bounds(edtf: str) -> Bounds | None:
    """A date that cannot be read is named elsewhere."""
    try:
        return bounds(edtf)
    except BadDate:
        return None


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
