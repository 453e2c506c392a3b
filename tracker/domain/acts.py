"""What of a claim can move a score: the act that it says was done, and the days of that act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tracker.domain import codebooks, dates
from tracker.domain.claims import Claim
from tracker.domain.codebooks import Code
from tracker.domain.folding import ClaimState
from tracker.domain.publications import Document, dated
from tracker.domain.surroundings import EVER, Period

WIDEST_BOUNDS_DAYS = 366
OPEN_END_DAYS = 180
# A series has a knot for each day of a situation. No state of the world lasts so long that a
# desk would grade it as one act; a year typed wrong does.
LONGEST_DAYS = 36_525


class Silent(Exception):  # not an error: the reason a claim moves no score
    """Why a claim has no impact, in words for the analyst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which a claim acts, `first` to `last`; an act has one.

    `since` is the first day on which it can have happened.
    """

    first: date
    last: date
    since: date


def code_of(claim: Claim) -> Code | None:
    return codebooks.find(claim.code) if claim.code else None


def is_speech(claim: Claim) -> bool:
    """Whether the claim's act is itself that somebody says something."""
    try:
        code = code_of(claim)
    except codebooks.UnknownCode:
        return False
    return code is not None and code.speech


def scoring_code(claim: Claim) -> Code:
    """The claim's code, if an act of that kind moves a score as it is told.

    :raises Silent: if not.
    """
    code = code_of(claim)
    if claim.kind not in ("act", "situation"):
        raise Silent(f"a claim of kind {claim.kind} moves no score")
    if claim.polarity == "denied":
        raise Silent("it says that the act did not happen")
    if code is None or code.value is None:
        raise Silent("it has no code with a value")
    if claim.modality != "actual" and not code.speech:
        raise Silent(f"the act is only {claim.modality}, and its code is not itself speech")
    return code


def cited_on(states: Iterable[ClaimState], documents: Mapping[UUID, Document]) -> list[date]:
    """The dates of the documents that support any of the claims, where they have one."""
    found = (
        dated(documents[citation.document])
        for state in states
        for citation in state.claim.citations
        if citation.stance == "supports"
    )
    return [day for day in found if day is not None]


def span(claim: Claim, *, cited: Sequence[date]) -> Span:
    """The days on which the claim acts; `cited` are the days of the documents that support it.

    :raises Silent: if they cannot be told.
    """
    if claim.occurred is None:
        raise Silent("when it happened is unknown")
    bounds = dates.bounds(claim.occurred.edtf)
    if bounds.earliest is None:
        raise Silent("its dates are open at the start")
    if claim.kind == "situation":
        last = bounds.latest or _open_end(bounds.earliest, cited)
        if (last - bounds.earliest).days >= LONGEST_DAYS:
            raise Silent("it lasts more than 100 years: check the year")
        return Span(first=bounds.earliest, last=last, since=bounds.earliest)
    day = _day(bounds.earliest, bounds.latest, cited)
    return Span(first=day, last=day, since=bounds.earliest)


def period(claim: Claim, *, cited: Sequence[date]) -> Period:
    """When the claim's parties may have acted; all time where that is unknown."""
    try:
        found = span(claim, cited=cited)
    except Silent:
        return EVER
    return Period(found.since, found.last)


def _day(earliest: date, latest: date | None, cited: Sequence[date]) -> date:
    """An act's day: the last of its bounds, cut where its first document already knows of it."""
    if latest is None:
        raise Silent("its dates are open at the end, and it is no situation")
    if (latest - earliest).days >= WIDEST_BOUNDS_DAYS:
        raise Silent(f"its dates span more than {WIDEST_BOUNDS_DAYS} days")
    return max(earliest, min([latest, *cited]))


def _open_end(earliest: date, cited: Sequence[date]) -> date:
    """A situation that goes on counts until 180 days after the last document that says so."""
    known = max([earliest, *cited])
    return known + min(timedelta(days=OPEN_END_DAYS), date.max - known)
