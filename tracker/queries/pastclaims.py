"""Lists of claims as they stood at a position: those that there were, by what they said then.

A claim that is in the list then and not now, or the other way round, has an event after the
position. So those that fit now and those that were changed since are all that need be folded.
"""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from tracker import log
from tracker.domain import folding as f
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import guilt, states
from tracker.queries.claims import Filters, wanted
from tracker.queries.moment import TooManyThen

# Streams that one answer folds.
MOST = 20_000
CHUNK = 500
# What changes anything that a list is narrowed by.
KINDS = ("ClaimCorrected", "ClaimRetracted", "ClaimReinstated", "CitationAdded")
_BEGUN = log.BEGUN_BY.format(column="standing_claim.id")

type Voices = Sequence[frozenset[UUID]]


def identifiers(filters: Filters, *, after: UUID | None, limit: int, position: int) -> list[UUID]:
    """Give the ids of up to `limit` claims that fitted at a position and follow the id `after`.

    :raises TooManyThen: where more was changed since than one answer can fold.
    """
    found: list[UUID] = []
    for claim in _fitting(filters, after=after, position=position):
        found.append(claim)
        if len(found) == limit:
            break
    return found


def count(filters: Filters, *, position: int) -> int:
    """How many claims fitted at a position.

    :raises TooManyThen: where they are to be narrowed and are more than one answer can fold.
    """
    if filters == Filters():
        return _begun(position).count()
    found = 0
    for _ in _fitting(filters, after=None, position=position):
        found += 1
        if found > MOST:
            raise TooManyThen(f"more than {MOST} claims match: omit count, or add a filter")
    return found


def _fitting(filters: Filters, *, after: UUID | None, position: int) -> Iterator[UUID]:
    if filters == Filters():
        yield from _chunks(_begun(position), after)
        return
    voices = [_voices(country, position) for country in filters.pair or ()]
    changed = log.changed(KINDS, after=position, most=MOST + 1)
    if len(changed) > MOST:
        raise TooManyThen(
            f"more than {MOST} claims were changed since: list all, or name a later position"
        )
    fits, hides = _test(filters, voices), filters.hides_withheld
    rows = _begun(position).filter(wanted(filters, voices) | Q(id__in=changed))
    held: list[UUID] = []
    for claim in _chunks(rows, after):
        held.append(claim)
        if len(held) == CHUNK:
            yield from _folded(held, fits, position, hides=hides)
            held = []
    yield from _folded(held, fits, position, hides=hides)


def _begun(position: int) -> QuerySet[StandingClaim]:
    """The claims that were on record at a position; of few events they are looked up there."""
    if position <= MOST:
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
    held: Sequence[UUID], fits: Callable[[f.ClaimState], bool], position: int, *, hides: bool
) -> Iterator[UUID]:
    """Those of some claims that fit. `hides`: and that are not withheld."""
    then = {key: one for key, one in states.claims(held, at=position).items() if fits(one)}
    quiet = guilt.unprinted_then(then.values(), at=position) if hides else ()
    yield from (one for one in held if one in then and one not in quiet)


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
    actors = list(known[: MOST + 1])
    if len(actors) > MOST:
        raise TooManyThen(f"more than {MOST} actors are on record: omit pair")
    then = states.records(actors, at=position)
    return frozenset(
        {country}
        | {key for key, one in then.items() if isinstance(one, f.ActorState) and _for(one, country)}
    )


def _for(actor: f.ActorState, country: UUID) -> bool:
    spoken = {one.country for one in actor.actor.affiliations}
    return country in spoken or country in actor.actor.members
