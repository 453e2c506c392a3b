"""Claims as they stand or stood, in lists and alone, and how they are printed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import folding as f
from tracker.domain.guilt import MASK, masked
from tracker.domain.wording import printed
from tracker.log import Recorded
from tracker.models.derived import StandingClaim, StandingLink
from tracker.queries import guilt, states
from tracker.queries.moment import AsOf, resolve

type Links = dict[UUID, list[f.LinkState]]

# What a withheld claim shows of itself. By nothing else is it found in public.
SHOWN = frozenset({"collection", "kind", "status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A claim with where it stands in the log. `version` is the one to expect when correcting.

    `masked`: it is read in public, and says no more than may be printed there.
    """

    state: f.ClaimState
    version: int
    first: Recorded
    last: Recorded
    links: tuple[f.LinkState, ...]
    title: str
    masked: bool = False


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

    @property
    def hides_withheld(self) -> bool:
        """Whether withheld claims are left out: a list that is narrowed to what they do not show
        would tell it. A filter that is added hides them until it is in `SHOWN`."""
        names = (name for name in self.__slots__ if name not in SHOWN)
        return guilt.in_public.get() and any(getattr(self, name) is not None for name in names)


def listing(filters: Filters, *, after: UUID | None, limit: int) -> list[Filed]:
    """Give up to `limit` claims that follow the id `after`, in id order."""
    found: list[Filed] = []
    while len(found) < limit:
        rows = list(_following(filters, after)[:limit])
        page = _filed([_row(row) for row in rows], at=None)
        found += nameable(page) if filters.hides_withheld else page
        if len(rows) < limit:
            break
        after = rows[-1].id
    return found[:limit]


def identifiers(filters: Filters, *, after: UUID | None, limit: int) -> list[UUID]:
    """Give the ids of up to `limit` claims that follow the id `after`, in their order.

    Of a list that hides withheld claims there are only the sheets.
    """
    assert not filters.hides_withheld  # noqa: S101 # the caller's own filters
    return list(_following(filters, after).values_list("id", flat=True)[:limit])


def count(filters: Filters, *, most: int | None = None) -> int:
    """How many claims there are, counted up to `most`."""
    rows = _narrowed(filters)
    hidden = len(guilt.vouched(rows)) if filters.hides_withheld else 0
    return rows[: most and most + hidden].count() - hidden


def nameable(found: Iterable[Filed]) -> list[Filed]:
    """Those of some claims that may be named where their place says something of them."""
    return [one for one in found if not one.masked]


def filed(claim_id: UUID, *, as_of: AsOf = None) -> Filed | None:
    """Give a claim as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    if as_of is None:
        row = StandingClaim.objects.filter(id=claim_id).first()
        return _filed([_row(row)], at=None)[0] if row else None
    position = resolve(as_of)
    found = states.claims([claim_id], at=position).get(claim_id)
    return _filed([(found, None)], at=position)[0] if found else None


def filed_as_of(claim_ids: Iterable[UUID], position: int) -> list[Filed]:
    """Give those of some claims that there were at a position, in id order."""
    found = states.claims(claim_ids, at=position)
    return _filed([(found[one], None) for one in sorted(found)], at=position)


def history(claim_id: UUID, *, as_of: AsOf = None) -> list[Recorded]:
    """Give all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    links = StandingLink.objects.filter(Q(from_claim=claim_id) | Q(to_claim=claim_id))
    streams = [claim_id, *links.values_list("id", flat=True)]
    return log.history(streams, until=resolve(as_of))


def titles(claim_ids: Iterable[UUID], *, at: int | None = None) -> dict[UUID, str]:
    """Give each claim's sentence as it must be printed, with speaker and verdict where due.

    `at` is the position as of which it is printed, None for now.
    """
    found = states.claims(claim_ids, at=at)
    hidden = _unprinted(found.values(), at=at)
    return _titles(found.values(), states.links(found, at=at), at=at, hidden=hidden)


def _narrowed(filters: Filters) -> QuerySet[StandingClaim]:
    """The claims that fit; of those that are to be hidden some are left for whoever judges each."""
    voices = [voices_of(country) for country in filters.pair or ()]
    rows = StandingClaim.objects.filter(wanted(filters, voices))
    return guilt.without_unvouched(rows) if filters.hides_withheld else rows


def _following(filters: Filters, after: UUID | None) -> QuerySet[StandingClaim]:
    rows = _narrowed(filters).order_by("id")
    return rows if after is None else rows.filter(id__gt=after)


def wanted(filters: Filters, voices: Iterable[Collection[UUID]]) -> Q:
    """What narrows claims as they stand; `voices` are those who speak for each end of the pair."""
    found = Q()
    for column in ("collection", "kind", "code", "status"):
        if (value := getattr(filters, column)) is not None:
            found &= Q(**{column: value})
    if filters.actor is not None:
        found &= Q(actors__contains=[filters.actor])
    if filters.document is not None:
        found &= Q(documents__contains=[filters.document])
    for heard in voices:
        found &= Q(actors__overlap=list(heard))
    return found


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


def _row(row: StandingClaim) -> tuple[f.ClaimState, int | None]:
    return codec.build(f.ClaimState, row.state), row.version


def _filed(versions: Sequence[tuple[f.ClaimState, int | None]], *, at: int | None) -> list[Filed]:
    """Add to each claim its first and last event, its links and its title, with few questions.

    The last event is that of the version that was read: another may have come in since.
    """
    found = [state for state, _ in versions]
    links = states.links([state.id for state in found], at=at)
    hidden = _unprinted(found, at=at)
    titled = _titles(found, links, at=at, hidden=hidden)
    read = {state.id: version for state, version in versions}
    events: dict[UUID, list[Recorded]] = {}
    for recorded in log.history(read, until=at, words=False):
        if recorded.version <= (read[recorded.stream] or recorded.version):
            events.setdefault(recorded.stream, []).append(recorded)
    return [
        Filed(
            state=_mask(state) if state.id in hidden else state,
            version=events[state.id][-1].version,
            first=events[state.id][0],
            last=events[state.id][-1],
            links=() if state.id in hidden else tuple(links[state.id]),
            title=titled[state.id],
            masked=state.id in hidden,
        )
        for state in found
    ]


def _unprinted(found: Iterable[f.ClaimState], *, at: int | None) -> Collection[UUID]:
    """Those that may not be printed where they are read."""
    return guilt.unprinted_then(found, at=at) if guilt.in_public.get() else ()


def _mask(state: f.ClaimState) -> f.ClaimState:
    said = masked(state.claim)
    return replace(state, claim=said, verdicts=(), judged_at=(), resolution=None)


def _titles(
    found: Iterable[f.ClaimState], links: Links, *, at: int | None, hidden: Collection[UUID]
) -> dict[UUID, str]:
    held = list(found)
    saying = {
        state.id: [link.from_ for link in links[state.id] if _says(link, state.id)]
        for state in held
    }
    speeches = {one for speakers in saying.values() for one in speakers}
    unnamed = guilt.withheld(speeches, at=at)
    speakers: dict[UUID, list[UUID | None]] = {
        # Still somebody's word: that is said of it, but not whose.
        key: [None] if key in unnamed else [*one.claim.actors("initiator")]
        for key, one in states.claims(speeches, at=at).items()
    }
    named = {actor for actors in speakers.values() for actor in actors if actor}
    judges = {one.source for state in held for one in state.verdicts if one.source}
    judges |= {party for state in held for one in state.verdicts for party in one.parties}
    names = _names(named | judges, at=at)
    return {
        state.id: MASK
        if state.id in hidden
        else printed(
            state,
            speakers=[
                names.get(actor, "somebody") if actor else "somebody"
                for one in saying[state.id]
                for actor in speakers.get(one, ())
            ],
            names=names,
        )
        for state in held
    }


def _says(link: f.LinkState, claim_id: UUID) -> bool:
    return link.type == "says" and link.to == claim_id


def _names(identifiers: set[UUID], *, at: int | None) -> dict[UUID, str]:
    """The printed names of actors and sources; a withheld name is left out."""
    found = states.records(identifiers, at=at) if identifiers else {}
    return {key: name for key, name in states.names(found, at=at).items() if name}
