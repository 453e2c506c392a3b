"""The states of streams, as they stand now or as they stood at a position of the log."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import Q

from tracker import log
from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord

# What a record that is no claim and no link is called, and the class of its state.
NOUNS: dict[str, type[f.State]] = {
    "actor": f.ActorState,
    "source": f.SourceState,
    "document": f.DocumentState,
    "collection": f.CollectionState,
    "lens": f.LensState,
    "import": f.ImportState,
}


def claims(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.ClaimState]:
    """Give claims by id; `at` is a position, None for now."""
    if at is not None:
        return _of_class(folded(wanted, until=at), f.ClaimState)
    rows = StandingClaim.objects.filter(id__in=set(wanted)).order_by("id")
    return {row.id: codec.build(f.ClaimState, row.state) for row in rows}


def records(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.State]:
    """Give actors, sources, documents, collections and lenses by id."""
    if at is not None:
        return folded(wanted, until=at)
    rows = StandingRecord.objects.filter(id__in=set(wanted)).order_by("id")
    return {row.id: codec.build(NOUNS[row.noun], row.state) for row in rows}


def links(ends: Iterable[UUID], *, at: int | None) -> dict[UUID, list[f.LinkState]]:
    """Give the links in force at either end of each claim.

    The table holds every link ever made, those undone since and those made later too.
    """
    wanted: dict[UUID, list[f.LinkState]] = {one: [] for one in ends}
    rows = StandingLink.objects.filter(Q(from_claim__in=wanted) | Q(to_claim__in=wanted))
    for link in sorted(_in_force(rows, at=at), key=lambda link: (link.type, link.id)):
        for end in {link.from_, link.to} & wanted.keys():
            wanted[end].append(link)
    return wanted


def folded(streams: Iterable[UUID], *, until: int) -> dict[UUID, f.State]:
    """Fold streams from the log, with one question; those that did not begin yet are left out."""
    found: dict[UUID, f.State] = {}
    for recorded in log.history(set(streams), until=until):
        state = f.fold([recorded.entry()], found.get(recorded.stream))
        if state is not None:
            found[recorded.stream] = state
    return found


def names(found: Mapping[UUID, f.State], *, at: int | None) -> dict[UUID, str]:
    """Give the printed names of actors and sources. A source that is an actor may have its name
    from there."""
    behind = {
        one.source.actor
        for one in found.values()
        if isinstance(one, f.SourceState) and one.source.actor and not one.source.name
    }
    actors = records(behind, at=at) if behind else {}
    return {key: _name(one, actors) for key, one in found.items()}


def _name(state: f.State | None, actors: Mapping[UUID, f.State]) -> str:
    match state:
        case f.ActorState():
            return state.actor.name
        case f.SourceState():
            named = state.source.name
            return named or _name(actors.get(state.source.actor or state.id), {})
    return ""


def filed_under(state: f.State) -> str:
    """What people look a record up by, and lists go by."""
    match state:
        case f.ActorState():
            return state.actor.code or state.actor.name
        case f.SourceState():
            return state.source.name
        case f.DocumentState():
            return state.document.title
        case f.CollectionState():
            return state.collection.name
        case f.LensState():
            return state.versions[-1].name
        case f.ImportState():
            return state.record.name
    raise TypeError(f"{type(state).__name__} has no name")


def _in_force(rows: Iterable[StandingLink], *, at: int | None) -> list[f.LinkState]:
    if at is None:
        found = [
            f.LinkState(
                id=row.id,
                type=row.type,  # type: ignore[arg-type] # written by the projection alone
                from_=row.from_claim,
                to=row.to_claim,
                linked=row.linked,
            )
            for row in rows
        ]
    else:
        found = list(_of_class(folded((row.id for row in rows), until=at), f.LinkState).values())
    return [link for link in found if link.linked]


def _of_class[T](found: dict[UUID, f.State], kind: type[T]) -> dict[UUID, T]:
    return {stream: state for stream, state in found.items() if isinstance(state, kind)}


def refers(state: f.State) -> Iterator[UUID]:
    """The records that a record names: whom an actor speaks for, a group's members, a source's
    actor and country, a document's source."""
    match state:
        case f.ActorState(actor=actor):
            yield from (one.country for one in actor.affiliations)
            yield from actor.members
        case f.SourceState(source=source):
            yield from (one for one in (source.actor, source.country) if one)
        case f.DocumentState(document=document):
            yield document.source
