"""Claims as they stand or stood, in lists and alone, and how they are printed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.claim_text import printed
from tracker.domain.disclosure import MASK, Reader, masked
from tracker.log import Recorded
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries.claims import disclosure
from tracker.queries.moment import AsOf, TooManyThen, resolve
from tracker.queries.records import states

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


def listing(filters: Filters, *, after: UUID | None, limit: int, reader: Reader) -> list[Filed]:
    """Give up to `limit` claims that follow the id `after`, in id order."""
    rows = _following(filters, after, reader)[:limit]
    return _filed([_row(row) for row in rows], at=None, reader=reader)


def identifiers(filters: Filters, *, after: UUID | None, limit: int, reader: Reader) -> list[UUID]:
    """Give the ids of up to `limit` claims that follow the id `after`, in their order."""
    return list(_following(filters, after, reader).values_list("id", flat=True)[:limit])


def count(filters: Filters, *, reader: Reader, most: int | None = None) -> int:
    """How many claims there are, counted up to `most`."""
    return _narrowed(filters, reader)[:most].count()


def filed(claim_id: UUID, *, reader: Reader, as_of: AsOf = None) -> Filed | None:
    """Give a claim as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    if as_of is None:
        row = StandingClaim.objects.filter(id=claim_id).first()
        return _filed([_row(row)], at=None, reader=reader)[0] if row else None
    position = resolve(as_of)
    found = states.claims([claim_id], at=position).get(claim_id)
    return _filed([(found, None)], at=position, reader=reader)[0] if found else None


def filed_as_of(claim_ids: Iterable[UUID], position: int, *, reader: Reader) -> list[Filed]:
    """Give those of some claims that there were at a position, in id order."""
    found = states.claims(claim_ids, at=position)
    return _filed([(found[one], None) for one in sorted(found)], at=position, reader=reader)


def history(claim_id: UUID, *, as_of: AsOf = None) -> list[Recorded]:
    """Give all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    links = StandingLink.objects.filter(Q(from_claim=claim_id) | Q(to_claim=claim_id))
    streams = [claim_id, *links.values_list("id", flat=True)]
    return log.history(streams, until=resolve(as_of))


def titles(claim_ids: Iterable[UUID], *, reader: Reader, at: int | None = None) -> dict[UUID, str]:
    """Give each claim's sentence as it must be printed, with speaker and verdict where due.

    `at` is the position as of which it is printed, None for now.
    """
    found = states.claims(claim_ids, at=at)
    links = states.links(found, at=at)
    hidden = _withheld(links, at=at, reader=reader)
    return _titles(found.values(), links, at=at, hidden=hidden)


def _narrowed(filters: Filters, reader: Reader) -> QuerySet[StandingClaim]:
    voices = [voices_of(country) for country in filters.pair or ()]
    rows = StandingClaim.objects.filter(wanted(filters, voices))
    return disclosure.disclosed(rows, at=None, reader=reader) if filters.hides_withheld else rows


def _following(filters: Filters, after: UUID | None, reader: Reader) -> QuerySet[StandingClaim]:
    rows = _narrowed(filters, reader).order_by("id")
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


def _filed(
    versions: Sequence[tuple[f.ClaimState, int | None]], *, at: int | None, reader: Reader
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
        if recorded.version <= (read[recorded.stream] or recorded.version):
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
        self._rows = _rows()

    def count(self) -> int:
        return self._rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, stretch: slice) -> list[UUID]:
        return list(self._rows.values_list("id", flat=True)[stretch])


def _rows() -> QuerySet[StandingClaim]:
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
    with connection.cursor() as cursor:
        cursor.execute(_CURATED)
        return [key for key, asks in cursor.fetchall() if asks is reviewed]


# Streams that one answer folds.
MOST_PAST = 20_000
CHUNK = 500
# What changes anything that a list is narrowed by.
KINDS = ("ClaimCorrected", "ClaimRetracted", "ClaimReinstated", "CitationAdded")
_BEGUN = log.BEGUN_BY.format(column="standing_claim.id")

type Voices = Sequence[frozenset[UUID]]


def past_ids(
    filters: Filters, *, after: UUID | None, limit: int, position: int, reader: Reader
) -> list[UUID]:
    """Give the ids of up to `limit` claims that fitted at a position and follow the id `after`.

    :raises TooManyThen: where more was changed since than one answer can fold.
    """
    found: list[UUID] = []
    for claim in _fitting(filters, after=after, position=position, reader=reader):
        found.append(claim)
        if len(found) == limit:
            break
    return found


def past_count(filters: Filters, *, position: int, reader: Reader) -> int:
    """How many claims fitted at a position.

    :raises TooManyThen: where they are to be narrowed and are more than one answer can fold.
    """
    if filters == Filters():
        return _begun(position).count()
    found = 0
    for _ in _fitting(filters, after=None, position=position, reader=reader):
        found += 1
        if found > MOST_PAST:
            raise TooManyThen(f"more than {MOST_PAST} claims match: omit count, or add a filter")
    return found


def _fitting(
    filters: Filters, *, after: UUID | None, position: int, reader: Reader
) -> Iterator[UUID]:
    if filters == Filters():
        yield from _chunks(_begun(position), after)
        return
    voices = [_voices(country, position) for country in filters.pair or ()]
    changed = log.changed_streams(KINDS, after=position, most=MOST_PAST + 1)
    if len(changed) > MOST_PAST:
        raise TooManyThen(
            f"more than {MOST_PAST} claims were changed since: list all, or name a later position"
        )
    fits = _test(filters, voices)
    rows = _begun(position).filter(wanted(filters, voices) | Q(id__in=changed))
    if filters.hides_withheld:
        rows = disclosure.disclosed(rows, at=position, reader=reader)
    held: list[UUID] = []
    for claim in _chunks(rows, after):
        held.append(claim)
        if len(held) == CHUNK:
            yield from _folded(held, fits, position)
            held = []
    yield from _folded(held, fits, position)


def _begun(position: int) -> QuerySet[StandingClaim]:
    """The claims that were on record at a position; of few events they are looked up there."""
    if position <= MOST_PAST:
        return StandingClaim.objects.filter(id__in=log.streams("ClaimAsserted", until=position))
    return StandingClaim.objects.extra(  # noqa: S610 # no words of others
        where=[_BEGUN], params=[position]
    )


def _chunks(rows: QuerySet[StandingClaim], after: UUID | None) -> Iterator[UUID]:
    while True:
        some = rows if after is None else rows.filter(id__gt=after)
        found = list(some.order_by("id").values_list("id", flat=True)[:CHUNK])
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1]


def _folded(
    held: Sequence[UUID], fits: Callable[[f.ClaimState], bool], position: int
) -> Iterator[UUID]:
    """Those of some claims that fit."""
    then = {key for key, one in states.claims(held, at=position).items() if fits(one)}
    yield from (one for one in held if one in then)


def _test(filters: Filters, voices: Voices) -> Callable[[f.ClaimState], bool]:
    """What tells whether a claim fits, as lists of now would."""
    plain = {name: getattr(filters, name) for name in ("collection", "kind", "code", "status")}

    def fits(state: f.ClaimState) -> bool:
        claim = state.claim
        said = {
            "collection": claim.collection,
            "kind": claim.kind,
            "code": claim.code,
            "status": state.status,
        }
        actors = {party.actor for party in claim.parties}
        return (
            all(value is None or said[name] == value for name, value in plain.items())
            and (filters.actor is None or filters.actor in actors)
            and (filters.document is None or _cites(state, filters.document))
            and all(actors & heard for heard in voices)
        )

    return fits


def _cites(state: f.ClaimState, document: UUID) -> bool:
    return any(one.document == document for one in state.claim.citations)


def _voices(country: UUID, position: int) -> frozenset[UUID]:
    """The country, those who spoke for it at a position, and the groups that listed it."""
    known = StandingRecord.objects.filter(noun="actor").values_list("id", flat=True)
    actors = list(known[: MOST_PAST + 1])
    if len(actors) > MOST_PAST:
        raise TooManyThen(f"more than {MOST_PAST} actors are on record: omit pair")
    then = states.records(actors, at=position)
    return frozenset(
        {country}
        | {key for key, one in then.items() if isinstance(one, f.ActorState) and _for(one, country)}
    )


def _for(actor: f.ActorState, country: UUID) -> bool:
    spoken = {one.country for one in actor.actor.affiliations}
    return country in spoken or country in actor.actor.members
