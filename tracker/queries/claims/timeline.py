"""The claims about a country in order of their days, page by page, and its situations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.queries.claims import detail, disclosure, listing
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.sql import select

# Assessed levels are not events.
_WANTED = (
    " AND status = 'standing' AND kind <> 'level' AND actors && %(actors)s::uuid[]"
    " AND (%(partners)s::uuid[] IS NULL OR actors && %(partners)s::uuid[])"
)
_PAGE = (
    "SELECT id, latest FROM standing_claim WHERE {shown} AND latest IS NOT NULL"  # noqa: S608 # constants
    f"{_WANTED} AND latest BETWEEN %(start)s AND %(end)s"
    " ORDER BY latest DESC NULLS LAST, id DESC OFFSET %(skipped)s LIMIT %(limit)s"
)
_SITUATIONS = (
    "SELECT id FROM standing_claim WHERE {shown} AND kind = 'situation'"  # noqa: S608 # constants
    f"{_WANTED} AND earliest <= %(end)s AND (latest IS NULL OR latest >= %(start)s)"
    " ORDER BY earliest DESC, id DESC LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilter:
    """Claims that name one of some actors, and one of the `partners` unless that is None, with
    their last day from `start` to `end`."""

    actors: Sequence[UUID]
    partners: Sequence[UUID] | None
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedClaim:
    """A claim with the last day on which it may have happened."""

    day: date
    entry: ClaimEntry


def claims_by_day(
    wanted: TimelineFilter, *, skipped: int, limit: int, reader: Reader
) -> list[DatedClaim]:
    """Return up to `limit` claims in force after the first `skipped`, the latest first."""
    position = log.head().position
    parameters = _parameters(wanted) | {"skipped": skipped, "limit": limit}
    rows = select(_shown(_PAGE, position, reader), parameters)
    entries = {
        entry.state.id: entry
        for entry in listing.claim_entries([row[0] for row in rows], position, reader=reader)
    }
    return [DatedClaim(day=day, entry=entries[key]) for key, day in rows if key in entries]


def situations(wanted: TimelineFilter, *, limit: int, reader: Reader) -> list[Sheet]:
    """Return up to `limit` situations in force that went on in the days of the filter, with their
    sources, the newest first."""
    position = log.head().position
    rows = select(_shown(_SITUATIONS, position, reader), _parameters(wanted) | {"limit": limit})
    order = [row[0] for row in rows]
    sheets = detail.sheets_at(order, position, reader=reader)
    return [sheets[key] for key in order if key in sheets]


def _shown(query: str, position: int, reader: Reader) -> str:
    shown = disclosure.condition("standing_claim.id", at=position, reader=reader)
    return query.format(shown=shown)


def _parameters(wanted: TimelineFilter) -> dict[str, Any]:
    return {
        "actors": list(wanted.actors),
        "partners": None if wanted.partners is None else list(wanted.partners),
        "start": wanted.start,
        "end": wanted.end,
    }
