"""Claims as they stand or stood, in lists and alone, and how they are printed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.claim_text import printed
from tracker.domain.disclosure import MASK, Reader, masked
from tracker.log import Recorded
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries import in_force
from tracker.queries.claims import disclosure
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.sql import select

type Links = dict[UUID, list[f.LinkState]]

# What a withheld claim shows of itself. By nothing else is it found in public.
SHOWN = frozenset({"collection", "kind", "status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A claim with where it stands in the log. `version` is the one to expect when correcting.

    `links` are those whose other end the reader may see. `attributed`: somebody says it, also where
    that link is not among them. `masked`: the claim is withheld from the reader, and says no more
    than the public may see.
    """

    state: f.ClaimState
    version: int
    first: Recorded
    last: Recorded
    links: tuple[f.LinkState, ...]
    title: str
    attributed: bool = False
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
        """Whether the public list leaves withheld claims out: one that is narrowed to what they do
        not show would tell it. A filter that is added hides them until it is in `SHOWN`."""
        names = (name for name in self.__slots__ if name not in SHOWN)
        return any(getattr(self, name) is not None for name in names)


def listing(
    filters: Filters, *, after: UUID | None, limit: int, reader: Reader, at: int | None = None
) -> list[Filed]:
    """Give up to `limit` claims that follow the id `after`, in id order, as known at `at`."""
    rows = _rows(filters, "id", "version", "state", after=after, reader=reader, at=at)
    return _filed(_built(rows.order_by("id")[:limit]), at=at, reader=reader)


def identifiers(filters: Filters, *, after: UUID | None, limit: int, reader: Reader) -> list[UUID]:
    """Give the ids of up to `limit` claims that follow the id `after`, in their order."""
    rows = _rows(filters, "id", after=after, reader=reader, at=None)
    return [row[0] for row in rows.order_by("id")[:limit]]


def count(
    filters: Filters, *, reader: Reader, most: int | None = None, at: int | None = None
) -> int:
    """How many claims there are, or were at a position, counted up to `most`."""
    return _rows(filters, "id", reader=reader, at=at)[:most].count()


def filed(claim_id: UUID, *, reader: Reader, as_of: At) -> Filed | None:
    """Give a claim as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    at = as_of.past
    return next(iter(filed_as_of([claim_id], at, reader=reader)), None)


def filed_as_of(claim_ids: Iterable[UUID], at: int | None, *, reader: Reader) -> list[Filed]:
    """Give those of some claims that there were at a position, in id order."""
    ids = set(claim_ids)
    columns = ("id", "version", "state")
    rows = in_force.rows(
        StandingClaim, *columns, at=at, narrow=lambda rows: rows.filter(id__in=ids)
    )
    return _filed(_built(rows.order_by("id")), at=at, reader=reader)


def history(claim_id: UUID, *, as_of: At) -> list[Recorded]:
    """Give all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    links = StandingLink.objects.filter(Q(from_claim=claim_id) | Q(to_claim=claim_id))
    streams = [claim_id, *links.values_list("id", flat=True)]
    return log.history(streams, until=as_of.position)


def titles(claim_ids: Iterable[UUID], *, reader: Reader, at: int | None = None) -> dict[UUID, str]:
    """Give each claim's sentence as it must be printed, with speaker and verdict where due.

    `at` is the position as of which it is printed, None for now.
    """
    found = states.claims(claim_ids, at=at)
    links = states.links(found, at=at)
    hidden = _withheld(links, at=at, reader=reader)
    return _titles(found.values(), links, at=at, hidden=hidden)


def _rows(
    filters: Filters, *columns: str, after: UUID | None = None, reader: Reader, at: int | None
) -> QuerySet[Any, Any]:
    """Columns of the claims that fit, and may be shown if the filters would tell of them."""
    fitting = wanted(filters, [voices_of(country, at=at) for country in filters.pair or ()])
    if after is not None:
        fitting &= Q(id__gt=after)

    def narrow(rows: in_force.Rows) -> in_force.Rows:
        rows = rows.filter(fitting)
        return disclosure.disclosed(rows, at=at, reader=reader) if filters.hides_withheld else rows

    return in_force.rows(StandingClaim, *columns, at=at, narrow=narrow)


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


def voices_of(country: UUID, *, at: int | None = None) -> list[UUID]:
    """The country itself, those who speak for it, and the groups that list it."""
    speaks = Q(state__actor__affiliations__contains=[{"country": str(country)}])
    lists = Q(state__actor__members__contains=str(country))
    rows = in_force.rows(
        StandingRecord,
        "id",
        at=at,
        narrow=lambda rows: rows.filter(speaks | lists, noun="actor"),
    )
    return [country, *(row[0] for row in rows)]


def _built(rows: Iterable[tuple[UUID, int, Any]]) -> list[tuple[f.ClaimState, int]]:
    return [(codec.build(f.ClaimState, state), version) for _, version, state in rows]


def _filed(
    versions: Sequence[tuple[f.ClaimState, int]], *, at: int | None, reader: Reader
) -> list[Filed]:
    """Add to each claim its first and last event, its links and its title, with few questions.

    The last event is that of the version that was read: another may have come in since.
    """
    found = [state for state, _ in versions]
    links = states.links([state.id for state in found], at=at)
    hidden = _withheld(links, at=at, reader=reader)
    titled = _titles(found, links, at=at, hidden=hidden)
    read = {state.id: version for state, version in versions}
    events: dict[UUID, list[Recorded]] = {}
    for recorded in log.history(read, until=at, words=False):
        if recorded.version <= read[recorded.stream]:
            events.setdefault(recorded.stream, []).append(recorded)
    return [
        Filed(
            state=_mask(state) if state.id in hidden else state,
            version=events[state.id][-1].version,
            first=events[state.id][0],
            last=events[state.id][-1],
            # A link would say which two claims belong together.
            links=tuple(link for link in links[state.id] if not {link.from_, link.to} & hidden),
            title=titled[state.id],
            attributed=any(_says(link, state.id) for link in links[state.id]),
            masked=state.id in hidden,
        )
        for state in found
    ]


def _withheld(links: Links, *, at: int | None, reader: Reader) -> set[UUID]:
    """Those of some claims, and of those that they are linked with, that may not be shown."""
    ends = {end for some in links.values() for link in some for end in (link.from_, link.to)}
    return disclosure.withheld([*links, *ends], at=at, reader=reader)


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
    speakers: dict[UUID, list[UUID | None]] = {
        # Still somebody's word: that is said of it, but not whose.
        key: [None] if key in hidden else [*one.claim.actors("initiator")]
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


_CURATED = (
    "SELECT id, coalesce(state #>> '{collection,review}', 'false') = 'true' FROM standing_record"
    " WHERE noun = 'collection' AND state #>> '{collection,coding}' = 'curated'"
)


class Listable:
    """The ids of those claims in their order, read a stretch at a time."""

    def __init__(self) -> None:
        self._rows = _listable()

    def count(self) -> int:
        return self._rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, stretch: slice) -> list[UUID]:
        return list(self._rows.values_list("id", flat=True)[stretch])


def _listable() -> QuerySet[StandingClaim]:
    """What stands, was not judged, is no mere saying, where it is to be reviewed was, and may be
    shown."""
    said = StandingLink.objects.filter(type="says", linked=True, to_claim=OuterRef("id"))
    judged = Q()
    for verdict in ("false", "disputed"):
        judged |= Q(state__contains={"verdicts": [{"verdict": verdict}]})
    accepted, rejected = (
        Q(state__contains={"review": outcome}) for outcome in ("accepted", "rejected")
    )
    waiting = Q(collection__in=_curated(reviewed=True)) & ~accepted
    rows = StandingClaim.objects.filter(
        ~Exists(said),
        ~(judged | rejected | waiting),
        collection__in=[*_curated(), *_curated(reviewed=True)],
        status="standing",
    )
    return disclosure.disclosed(rows, at=None, reader=Reader.PUBLIC).order_by("id")


def _curated(*, reviewed: bool = False) -> list[UUID]:
    """The curated collections that ask for a second pair of eyes, or do not."""
    return [key for key, asks in select(_CURATED) if asks is reviewed]
