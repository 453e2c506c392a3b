"""The states of streams, as they stand now or as they stood at a position of the log."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from tracker.domain import codec, evidence
from tracker.domain import state as f
from tracker.log.messages import id_array
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries import in_force
from tracker.queries.sql import select

# Two questions in one, each by its own index.
_FOUND = " UNION ".join(
    "SELECT id, (state #>> '{document,source}')::uuid, state #>> '{document,url}',"  # noqa: S608 # two columns of ours
    " state #>> '{document,date}'"
    f" FROM standing_record WHERE noun = 'document' AND {one}"
    for one in ("id = ANY(%s::uuid[])", "state #>> '{document,url}' = ANY(%s)")
)


class DocumentFacts(NamedTuple):
    """A document on record, who published it, where, and when (EDTF)."""

    id: UUID
    source: UUID
    url: str | None
    date: str | None


def documents(*, ids: Collection[UUID], urls: Collection[str]) -> list[DocumentFacts]:
    """Give the documents that have one of the ids or addresses, the oldest id of an address
    last."""
    return [
        DocumentFacts(*row)
        for row in select(f"{_FOUND} ORDER BY 1 DESC", [id_array(ids), list(urls)])
    ]


def dates(ids: Iterable[UUID]) -> dict[UUID, str | None]:
    """Give the dates of documents on record (EDTF), None of one that has none."""
    return dict(
        select(
            "SELECT id, state #>> '{document,date}' FROM standing_record"
            " WHERE noun = 'document' AND id = ANY(%s::uuid[])",
            [id_array(list(ids))],
        )
    )


def speakers(actors: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Give the sources that are some actors, by actor, the oldest first."""
    wanted = [str(one) for one in actors]
    found: dict[UUID, list[UUID]] = {}
    for actor, source in select(
        "SELECT (state #>> '{source,actor}')::uuid, id FROM standing_record"
        " WHERE noun = 'source' AND state #>> '{source,actor}' = ANY(%s) ORDER BY id",
        [wanted],
    ):
        found.setdefault(actor, []).append(source)
    return found


def nouns(identifiers: Iterable[UUID]) -> dict[UUID, str]:
    """Give the noun of each id that is on record, claims left out."""
    return dict(
        select("SELECT id, noun FROM standing_record WHERE id = ANY(%s)", [list(identifiers)])
    )


def claim(claim_id: UUID) -> f.ClaimState | None:
    """Give a claim as it stands, retracted or not."""
    row = StandingClaim.objects.filter(id=claim_id).values_list("state", flat=True).first()
    return None if row is None else codec.build(f.ClaimState, row)


def actor_by_code(code: str) -> f.ActorState | None:
    """Give the actor that a code stands for."""
    found = StandingRecord.objects.filter(noun="actor", name=code).order_by("id")
    states = (codec.build(f.ActorState, row.state) for row in found)
    return next((one for one in states if one.actor.code == code), None)


def codes_held(codes: Iterable[str]) -> set[str]:
    """Which of some codes stand for an actor on record, with one question."""
    asked = set(codes)
    rows = StandingRecord.objects.filter(noun="actor", name__in=asked)
    found = {codec.build(f.ActorState, row.state).actor.code for row in rows}
    return {one for one in found if one in asked}


def countries(codes: Iterable[str]) -> dict[str, f.ActorState]:
    """Give the countries on record among some codes, with one question."""
    found = [
        _actor(row[0])
        for row in select(
            "SELECT state::text FROM standing_record WHERE noun = 'actor' AND name = ANY(%s)"
            " ORDER BY id DESC",
            [list(codes)],
        )
    ]
    return {one.actor.code: one for one in found if one.actor.code and one.actor.kind == "state"}


@lru_cache(maxsize=2_000)
def _actor(written: str) -> f.ActorState:
    """Each score asks for its countries, and they hardly ever change."""
    return codec.build(f.ActorState, json.loads(written))


# The root of a citation is the last source of its chain, or else who published its document.
_REPORTED = """
SELECT c.id, c.version, c.status = 'standing', c.documents,
       jsonb_array_length(c.state #> '{claim,citations}'),
       coalesce((c.state #>> '{claim,citations,0,chain,-1}')::uuid,
                (d.state #>> '{document,source}')::uuid)
FROM standing_claim c
LEFT JOIN standing_record d ON d.id = (c.state #>> '{claim,citations,0,document}')::uuid
WHERE c.id = ANY(%s)
"""


class ClaimFacts(NamedTuple):
    """A claim on record: its version, whether it stands, what it cites, how many citations it has,
    and the root of the first."""

    id: UUID
    version: int
    standing: bool
    documents: list[UUID]
    citations: int
    root: UUID


def claim_facts(claims: Collection[UUID]) -> dict[UUID, ClaimFacts]:
    """Give those of some claims that are on record, by id."""
    return {row[0]: ClaimFacts(*row) for row in select(_REPORTED, [list(claims)])}


def standing_versions(claims: Collection[UUID]) -> dict[UUID, int]:
    """Give the versions of those of some claims that stand."""
    return dict(
        select(
            "SELECT id, version FROM standing_claim WHERE id = ANY(%s) AND status = 'standing'",
            [list(claims)],
        )
    )


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
    """Give claims by id, in its order; `at` is a position, None for now."""
    rows = in_force.rows(StandingClaim, "id", "state", at=at, narrow=_of(wanted))
    return {key: codec.build(f.ClaimState, state) for key, state in rows.order_by("id")}


def records(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.State]:
    """Give actors, sources, documents, collections, lenses and imports by id, in its order."""
    rows = in_force.rows(StandingRecord, "id", "noun", "state", at=at, narrow=_of(wanted))
    return {key: codec.build(NOUNS[noun], state) for key, noun, state in rows.order_by("id")}


def _of(wanted: Iterable[UUID]) -> Callable[[in_force.Rows], in_force.Rows]:
    ids = set(wanted)
    return lambda rows: rows.filter(id__in=ids)


def links(ends: Iterable[UUID], *, at: int | None) -> dict[UUID, list[f.LinkState]]:
    """Give the links in force at either end of each claim, by type and id."""
    wanted: dict[UUID, list[f.LinkState]] = {one: [] for one in ends}
    either = Q(from_claim__in=wanted) | Q(to_claim__in=wanted)
    for link in _links(lambda rows: rows.filter(either, linked=True), at=at):
        for end in {link.from_, link.to} & wanted.keys():
            wanted[end].append(link)
    return wanted


def everything(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.State]:
    """Give claims, records and links by id; a link that is undone, too."""
    ids = set(wanted)
    found: dict[UUID, f.State] = {**claims(ids, at=at), **records(ids, at=at)}
    return found | {link.id: link for link in _links(_of(ids - found.keys()), at=at)}


def _links(
    narrow: Callable[[in_force.Rows], in_force.Rows], *, at: int | None
) -> Iterator[f.LinkState]:
    columns = ("id", "type", "from_claim", "to_claim", "linked")
    rows = in_force.rows(StandingLink, *columns, at=at, narrow=narrow)
    for key, kind, from_, to, linked in rows.order_by("type", "id"):
        yield f.LinkState(id=key, type=kind, from_=from_, to=to, linked=linked)


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


# Claims that are looked up for it; of more, the caller gives those that acted last.
MOST = 25


def last_report(claim_ids: Collection[UUID], *, at: int | None) -> date | None:
    """Give the day of the latest document that supports any of the claims, as known at a position
    (None: now). None where no document has a date."""
    found = claims(claim_ids, at=at).values()
    cited = {citation.document for one in found for citation in one.claim.citations}
    documents = {
        key: one.document
        for key, one in records(cited, at=at).items()
        if isinstance(one, f.DocumentState)
    }
    return max(evidence.cited_on(found, documents), default=None)
