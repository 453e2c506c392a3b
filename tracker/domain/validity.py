"""Checks of a record before it enters the log; they report all problems at once.

`claims` and `lenses` check claims and lenses, `codec` the limits of fields. Pointers are relative
to the record of the event; the event's own fields are beside it, such as "/reason".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
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
from tracker.domain.dates.description import MONTHS
from tracker.domain.dates.edtf import BadDate, Bounds, bounds
from tracker.domain.lenses import lens_problems
from tracker.domain.problems import Invalid, Problem, invalid, refuse, required
from tracker.domain.records import (
    Actor,
    ActorKind,
    Affiliation,
    Collection,
    Document,
    Membership,
    Source,
)

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
    "future_problems",
    "lens_problems",
    "level_party_problems",
    "membership_problems",
    "refuse",
    "source_problems",
]

MOST_POSITIONS = fields.limit(e.ImportRecorded, "positions").entries


def event_problems(event: e.Event) -> Iterator[Problem]:
    """Yield everything that is wrong with an event by itself."""
    field, check = _RECORDS.get(type(event), ("", None))
    if check is not None:
        yield from check(getattr(event, field))
        if isinstance(event, e.ClaimCorrected):
            yield from _own_problems(e.ClaimRetracted(reason=event.reason))
        elif isinstance(event, e.ClaimAsserted) and event.proposed:
            yield from codec.problems(event.proposed, "/proposed")
    else:
        yield from _own_problems(event)


def actor_problems(actor: Actor) -> Iterator[Problem]:
    yield from codec.problems(actor)
    if not actor.name.strip():
        yield required("/names", "an actor requires a name")
    if actor.kind == "state":
        yield from _state_problems(actor)
    if actor.members and actor.kind != "group":
        yield invalid("/members", "only a group has members")
    if actor.memberships and actor.kind != "organisation":
        yield invalid("/memberships", "only an organisation has memberships; a group has members")
    yield from _affiliation_problems(actor.affiliations)
    for index, membership in enumerate(actor.memberships):
        yield from membership_problems(membership, f"/memberships/{index}")
    for field in ("names", "aliases", "affiliations", "members", "memberships"):
        yield from repeats(getattr(actor, field), f"/{field}", detail="duplicate entry")


def _affiliation_problems(affiliations: Iterable[Affiliation]) -> Iterator[Problem]:
    """Report affiliations that end before they begin."""
    for index, term in enumerate(affiliations):
        if term.since and term.until and term.until <= term.since:
            detail = "must be after since: the affiliation ends the day before until"
            yield invalid(f"/affiliations/{index}/until", detail)


def membership_problems(membership: Membership, pointer: str) -> Iterator[Problem]:
    """Report a membership without a document, or that ends before it begins."""
    if membership.document is None:
        detail = "a membership requires the document that says so, such as a list or a treaty"
        yield required(f"{pointer}/document", detail)
    if any(codec.problems(membership)):
        return
    dates = [("since", membership.since), ("until", membership.until)]
    problems = [
        problem for name, day in dates if day for problem in date_problems(day, f"{pointer}/{name}")
    ]
    yield from problems
    if not problems and _ends_first(membership.since, membership.until):
        detail = "must be after since: the membership ends the day before until"
        yield invalid(f"{pointer}/until", detail)


def _ends_first(since: str | None, until: str | None) -> bool:
    """Return whether what begins with a date certainly ended before."""
    first = bounds(since).earliest if since else None
    last = bounds(until).latest if until else None
    return first is not None and last is not None and last <= first


def _state_problems(state: Actor) -> Iterator[Problem]:
    if not re.fullmatch("[A-Z]{3}", state.code or ""):
        yield invalid("/code", "a state requires its ISO 3166-1 alpha-3 code, such as KAZ")
    if state.affiliations:
        yield invalid("/affiliations", "a state has no affiliations: it speaks for itself")


def source_problems(source: Source) -> Iterator[Problem]:
    yield from codec.problems(source)
    if not source.name.strip() and source.actor is None:
        yield required("/name", "a source requires a name or an actor")
    yield from _url_problems(source.url, "/url")


def document_problems(document: Document) -> Iterator[Problem]:
    yield from codec.problems(document)
    if not document.title.strip() and document.url is None:
        yield required("/title", "a document requires a title or a URL")
    if document.date:
        problems = list(date_problems(document.date, "/date"))
        yield from problems
        bounds = None if problems else edtf.bounds(document.date)
        if bounds and (bounds.earliest is None or bounds.latest is None):
            detail = "has an open end: give the day, month or year of publication"
            yield Problem(pointer="/date", code="bad_date", detail=detail)
    yield from _url_problems(document.url, "/url")
    yield from _url_problems(document.archive_url, "/archive_url")


def collection_problems(collection: Collection) -> Iterator[Problem]:
    yield from codec.problems(collection)


def _own_problems(event: Any) -> Iterator[Problem]:
    """Check the fields of the event itself."""
    yield from codec.problems(event)
    match event:
        case e.ImportRecorded():
            yield from _import_problems(event)
        case e.TextWithheld(position=position) | e.BodyErased(position=position) if position < 1:
            yield invalid("/position", "must be at least 1")
        case e.LogReopened(lost_from=int(position)) if position < 1:
            yield invalid("/lost_from", "must be at least 1")
        case e.VerdictGiven(parties=parties):
            yield from repeats(parties, "/parties", detail="duplicate party")
        case e.ClaimsLinked(from_=one, to=other) if one == other:
            yield Problem(pointer="/to", code="same", detail="a claim cannot be linked to itself")


def _import_problems(record: e.ImportRecorded) -> Iterator[Problem]:
    for outcome, number in record.counts.items():
        if type(number) is not int or number < 0:
            yield invalid(f"/counts/{outcome}", "must be a number of rows")
    previous = 0
    for place, position in enumerate(record.positions):
        if not previous < position.first <= position.last:
            detail = f"must begin after position {previous} and not end before it begins"
            yield invalid(f"/positions/{place}", detail)
        previous = position.last


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
        yield invalid(pointer, "must be a URL, such as https://example.org/a")
    elif secret:
        yield invalid(
            pointer, "must not contain a user name or a password: the log keeps it permanently"
        )


def level_party_problems(claim: Claim, kinds: Mapping[UUID, ActorKind]) -> Iterator[Problem]:
    """Report each party of a level that is no country. `kinds`: those of the actors on record."""
    if claim.kind != "level":
        return
    for place, party in enumerate(claim.parties):
        kind = kinds.get(party.actor, "state")
        if kind != "state":
            detail = f"a level is about two countries; the kind of this party is {kind}"
            pointer = f"/parties/{place}"
            yield Problem(pointer=pointer, code="no_country", detail=detail, rests_on=("/kind",))


# The field of an event that holds its record, and the check of that record.
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
FUTURE = "in_future"
_WAYS = (
    "if it was announced or is conditional, set the modality; if it was predicted, make it a"
    " forecast; otherwise correct"
)
# Where a day begins first.
_EARLIEST_ZONE = timedelta(hours=14)


def claim_order_problems(claim: Claim, published: Mapping[UUID, str | None]) -> Iterator[Problem]:
    """Report an event date after the publication of a supporting document.

    `published` has the dates of the documents as EDTF; a document without a date is not compared.
    """
    for place, citation in enumerate(claim.citations):
        if detail := _late(claim, citation, published):
            rests_on = ("/kind", "/modality", f"/citations/{place}")
            yield Problem(pointer="/occurred/edtf", code=CODE, detail=detail, rests_on=rests_on)
            return


def future_problems(claim: Claim, *, at: datetime) -> Iterator[Problem]:
    """Report a claim of what is the case that is dated after the day of entry, wherever that day is
    the latest. `at`: the moment of entry."""
    if day := _future_day(_compared(claim), at):
        yield Problem(
            pointer="/occurred/edtf",
            code=FUTURE,
            detail=f"the event is dated {day}, after today: {_WAYS} the date",
            rests_on=("/kind", "/modality"),
        )


def future_document_problems(published: str, *, at: datetime) -> Iterator[Problem]:
    """Report a document whose date, as EDTF, begins after the day of entry."""
    if day := _future_day(published, at):
        detail = f"the document is dated {day}, after today: correct the date"
        yield Problem(pointer="/document/date", code=FUTURE, detail=detail)


def latest_day(at: datetime) -> date:
    """The day of a moment where it is the latest."""
    return (at.astimezone(UTC) + _EARLIEST_ZONE).date()


def _future_day(edtf: str, at: datetime) -> str:
    """The earliest day in words, if it is after the day of entry."""
    found = _bounds(edtf)
    is_future = found and found.earliest and found.earliest > latest_day(at)
    return _day(found.earliest) if found and found.earliest and is_future else ""


def citation_order_problems(
    claim: Claim, citation: Citation, published: Mapping[UUID, str | None]
) -> Iterator[Problem]:
    """The same for a new citation; the problem is with the document."""
    if detail := _late(claim, citation, published):
        yield Problem(pointer="/document", code=CODE, detail=detail, rests_on=("/stance",))


def dated_since(claim: Claim) -> dict[UUID, date]:
    """The documents that must not be dated before the claim's event, with its earliest day."""
    edtf = _compared(claim)
    event = _bounds(edtf) if edtf else None
    if event is None or event.earliest is None:
        return {}
    supporting = [citation for citation in claim.citations if citation.stance == "supports"]
    return {citation.document: event.earliest for citation in supporting}


def _late(claim: Claim, citation: Citation, published: Mapping[UUID, str | None]) -> str:
    """Return why the event is dated after the document; empty if it is not."""
    event = _compared(claim)
    if not event or citation.stance != "supports":
        return ""
    return detail(event, published.get(citation.document))


def _compared(claim: Claim) -> str:
    """The date of the event, as EDTF, if it must not be after the documents."""
    if claim.occurred is None or claim.kind == "forecast" or claim.modality != "actual":
        return ""
    return claim.occurred.edtf


def detail(event: str, document: str | None) -> str:
    """Return a message if an event is dated after a document; empty if it may not be. Both are
    EDTF.

    The event is too late if its earliest day is after the latest day of the document.
    """
    event_bounds, document_bounds = _bounds(event), _bounds(document or "")
    if not (event_bounds and document_bounds and event_bounds.earliest and document_bounds.latest):
        return ""
    if event_bounds.earliest <= document_bounds.latest:
        return ""
    since = "" if event_bounds.earliest == event_bounds.latest else " at the earliest"
    until = "" if document_bounds.earliest == document_bounds.latest else " at the latest"
    return (
        f"the event is dated {_day(event_bounds.earliest)}{since}, after its document, dated"
        f" {_day(document_bounds.latest)}{until}: {_WAYS} one of the"
        " two dates"
    )


def _bounds(edtf: str) -> Bounds | None:
    """Invalid dates are reported elsewhere."""
    try:
        return bounds(edtf)
    except BadDate:
        return None


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
