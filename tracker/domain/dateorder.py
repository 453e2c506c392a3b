"""An event is not dated after the document that reports it, unless that announces or expects it."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from tracker.domain.claims import Citation, Claim
from tracker.domain.dates import BadDate, Bounds, bounds
from tracker.domain.datewords import MONTHS
from tracker.domain.problems import Problem

CODE = "after_document"
_WAYS = (
    "if it was announced or is conditional, set the modality; if it was predicted, make it a"
    " forecast; otherwise correct one of the two dates"
)


def claim_problems(claim: Claim, published: Mapping[UUID, str | None]) -> Iterator[Problem]:
    """Name the event's date if a document that supports the claim was published before it.

    `published` has the documents' dates as EDTF; a document without one is not compared.
    """
    for place, citation in enumerate(claim.citations):
        if detail := _late(claim, citation, published):
            rests_on = ("/kind", "/modality", f"/citations/{place}")
            yield Problem(pointer="/occurred/edtf", code=CODE, detail=detail, rests_on=rests_on)
            return


def citation_problems(
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
