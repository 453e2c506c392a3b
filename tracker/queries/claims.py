"""Claims as they stand or stood, how they are printed, and their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.wording import printed
from tracker.log import Recorded
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries.moment import AsOf, resolve

type Links = dict[UUID, list[f.LinkState]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A claim with where it stands in the log. `version` is the one to expect when correcting."""

    state: f.ClaimState
    version: int
    first: Recorded | None
    last: Recorded | None
    links: tuple[f.LinkState, ...]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of claims is narrowed to; each absent one narrows nothing."""

    collection: UUID | None = None
    kind: str | None = None
    code: str | None = None
    status: str | None = None
    actor: UUID | None = None
    document: UUID | None = None
    pair: tuple[UUID, UUID] | None = None


def listing(filters: Filters, *, after: UUID | None, limit: int) -> list[Filed]:
    """Give up to `limit` claims that follow the id `after`, in id order."""
    rows = _narrowed(filters).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return _filed([(row.id, row.version, row.state) for row in rows[:limit]])


def count(filters: Filters) -> int:
    """How many claims there are."""
    return _narrowed(filters).count()


def filed(claim_id: UUID, *, as_of: AsOf = None) -> Filed | None:
    """Give a claim as it stands, or as it stood at a moment; None if there was none.

    :raises NotYet: for a moment after the head.
    """
    if as_of is None:
        row = StandingClaim.objects.filter(id=claim_id).first()
        found = _filed([(row.id, row.version, row.state)]) if row else []
        return found[0] if found else None
    position = resolve(as_of)
    recorded = log.history([claim_id], until=position)
    state = f.fold(one.entry() for one in recorded)
    if not isinstance(state, f.ClaimState):
        return None
    links = tuple(
        link for link in links_of([claim_id])[claim_id] if _linked(link.id, until=position)
    )
    return Filed(
        state=state,
        version=recorded[-1].version,
        first=recorded[0],
        last=recorded[-1],
        links=links,
        title=_titles([state], {claim_id: list(links)})[claim_id],
    )


def history(claim_id: UUID, *, as_of: AsOf = None) -> list[Recorded]:
    """Give all events of a claim and of its links, in the order of the log."""
    links = StandingLink.objects.filter(Q(from_claim=claim_id) | Q(to_claim=claim_id))
    streams = [claim_id, *links.values_list("id", flat=True)]
    return log.history(streams, until=resolve(as_of))


def titles(claim_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give each claim's sentence as it must be printed, with speaker and verdict where due."""
    rows = StandingClaim.objects.filter(id__in=set(claim_ids))
    states = [codec.build(f.ClaimState, row.state) for row in rows.order_by("id")]
    return _titles(states, links_of([state.id for state in states]))


def links_of(claim_ids: Iterable[UUID]) -> Links:
    """Give the links in force at either end of each claim."""
    wanted: Links = {one: [] for one in claim_ids}
    rows = StandingLink.objects.filter(
        Q(from_claim__in=wanted) | Q(to_claim__in=wanted), linked=True
    )
    for row in rows.order_by("type", "id"):
        link = f.LinkState(
            id=row.id,
            type=row.type,  # type: ignore[arg-type] # written by the projection alone
            from_=row.from_claim,
            to=row.to_claim,
        )
        for end in {row.from_claim, row.to_claim} & wanted.keys():
            wanted[end].append(link)
    return wanted


def _linked(link_id: UUID, *, until: int) -> bool:
    state = f.fold(one.entry() for one in log.history([link_id], until=until))
    return isinstance(state, f.LinkState) and state.linked


def _narrowed(filters: Filters) -> QuerySet[StandingClaim]:
    rows = StandingClaim.objects.all()
    for column in ("collection", "kind", "code", "status"):
        if (value := getattr(filters, column)) is not None:
            rows = rows.filter(**{column: value})
    if filters.actor is not None:
        rows = rows.filter(actors__contains=[filters.actor])
    if filters.document is not None:
        rows = rows.filter(documents__contains=[filters.document])
    for country in filters.pair or ():
        rows = rows.filter(actors__overlap=voices_of(country))
    return rows


def voices_of(country: UUID) -> list[UUID]:
    """The country itself, those who speak for it, and the groups that list it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM standing_record WHERE noun = 'actor' AND ("
            " state #> '{actor,affiliations}' @> jsonb_build_array(jsonb_build_object("
            "'country', %(id)s::text)) OR state #> '{actor,members}' @> to_jsonb(%(id)s::text))",
            {"id": str(country)},
        )
        return [country, *(row[0] for row in cursor.fetchall())]


def _filed(rows: list[tuple[UUID, int, Any]]) -> list[Filed]:
    """Add to each row its first and last event, its links and its title, with few questions."""
    states = [codec.build(f.ClaimState, state) for _, _, state in rows]
    links = links_of([state.id for state in states])
    titled = _titles(states, links)
    ends: dict[UUID, list[Recorded]] = {}
    for recorded in log.history([state.id for state in states], words=False):
        ends.setdefault(recorded.stream, []).append(recorded)
    return [
        Filed(
            state=state,
            version=version,
            first=ends[state.id][0],
            last=ends[state.id][-1],
            links=tuple(links[state.id]),
            title=titled[state.id],
        )
        for state, (_, version, _) in zip(states, rows, strict=True)
    ]


def _titles(states: list[f.ClaimState], links: Links) -> dict[UUID, str]:
    saying = {
        state.id: [link.from_ for link in links[state.id] if _says(link, state.id)]
        for state in states
    }
    speeches = StandingClaim.objects.filter(
        id__in={one for speakers in saying.values() for one in speakers}, status="standing"
    )
    speakers = {row.id: codec.build(f.ClaimState, row.state) for row in speeches}
    names = _names(
        {one for state in speakers.values() for one in state.claim.actors("initiator")}
        | {one.source for state in states for one in state.verdicts if one.source},
    )
    return {
        state.id: printed(
            state,
            speakers=[
                names.get(actor, "somebody")
                for one in saying[state.id]
                if one in speakers
                for actor in speakers[one].claim.actors("initiator")
            ],
            judges=names,
        )
        for state in states
    }


def _says(link: f.LinkState, claim_id: UUID) -> bool:
    return link.type == "says" and link.to == claim_id


def _names(identifiers: set[UUID]) -> dict[UUID, str]:
    """The printed names of actors and sources."""
    found: dict[UUID, str] = {}
    for row in StandingRecord.objects.filter(id__in=identifiers):
        if row.noun == "actor":
            found[row.id] = codec.build(f.ActorState, row.state).actor.name
        else:
            found[row.id] = row.name
    return found


def verdict_of(state: f.ClaimState) -> e.VerdictGiven | None:
    """The verdict in force on the claim as a whole."""
    whole = [one for one in state.verdicts if not one.parties]
    return whole[-1] if whole else None
