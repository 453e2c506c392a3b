"""The states of streams, now or as of a position of the log."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

from tracker.domain import codec, evidence
from tracker.domain import state as f
from tracker.domain.claim_text import Sentence
from tracker.domain.events import VerdictGiven
from tracker.domain.records import ActorKind
from tracker.log.messages import Statement, ask_prepared, id_array, select_prepared, text_array
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries import in_force
from tracker.queries.sql import select

# OFFSET 0 forces one look-up for each id and each address: for many addresses, the planner would
# read all documents.
_FOUND = " UNION ALL ".join(
    f"SELECT found.* FROM unnest({wanted}) AS wanted (key) CROSS JOIN LATERAL"  # noqa: S608 # constant columns
    " (SELECT id, (state #>> '{document,source}')::uuid, state #>> '{document,url}',"
    " state #>> '{document,date}' FROM standing_record"
    f" WHERE noun = 'document' AND {column} = wanted.key OFFSET 0) AS found"
    for wanted, column in (("%b::uuid[]", "id"), ("%s::text[]", "state #>> '{document,url}'"))
)


class DocumentFacts(NamedTuple):
    """A document on record: its publisher, address and date (EDTF)."""

    id: UUID
    source: UUID
    url: str | None
    date: str | None


def documents(*, ids: Collection[UUID], urls: Collection[str]) -> list[DocumentFacts]:
    """Return the documents with one of the ids or addresses; for an address, the oldest id last."""
    # Few are found, if any, so the server need not make room to sort them.
    rows = ask_prepared(Statement(_FOUND, [list(ids), text_array(urls)]))
    found = {row[0]: DocumentFacts(*row) for row in rows}
    return [found[key] for key in sorted(found, reverse=True)]


def dates(ids: Iterable[UUID]) -> dict[UUID, str | None]:
    """Return the dates of documents on record (EDTF), None for one without a date."""
    return dict(
        select(
            "SELECT id, state #>> '{document,date}' FROM standing_record"
            " WHERE noun = 'document' AND id = ANY(%s::uuid[])",
            [id_array(list(ids))],
        )
    )


def speakers(actors: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return the sources that are some actors, by actor, the oldest first."""
    wanted = [str(actor_id) for actor_id in actors]
    by_actor: dict[UUID, list[UUID]] = {}
    for actor, source in select(
        "SELECT (state #>> '{source,actor}')::uuid, id FROM standing_record"
        " WHERE noun = 'source' AND state #>> '{source,actor}' = ANY(%s) ORDER BY id",
        [wanted],
    ):
        by_actor.setdefault(actor, []).append(source)
    return by_actor


def nouns(identifiers: Iterable[UUID]) -> dict[UUID, str]:
    """Return the noun of each id that is on record, without claims."""
    return dict(
        select("SELECT id, noun FROM standing_record WHERE id = ANY(%s)", [list(identifiers)])
    )


def actor_kinds(actors: Iterable[UUID]) -> dict[UUID, ActorKind]:
    """Return the kinds of the actors that are on record."""
    ids = set(actors)
    found = records(ids, at=None) if ids else {}
    return {
        key: state.actor.kind for key, state in found.items() if isinstance(state, f.ActorState)
    }


def claim(claim_id: UUID) -> f.ClaimState | None:
    """Return a claim as it is now, retracted or not."""
    return claims([claim_id], at=None).get(claim_id)


def actors_by_code(codes: Iterable[str]) -> dict[str, f.ActorState]:
    """Return the actors on record with these codes, with one query."""
    rows = select_prepared(
        "SELECT state::text FROM standing_record WHERE noun = 'actor' AND name = ANY(%s)"
        " ORDER BY id DESC",
        [list(codes)],
    )
    actors = (cast("f.ActorState", parsed("actor", text)) for (text,) in rows)
    return {state.actor.code: state for state in actors if state.actor.code}


def countries(codes: Iterable[str]) -> dict[str, f.ActorState]:
    """Return the countries on record with these codes, with one query."""
    actors = actors_by_code(codes).items()
    return {code: state for code, state in actors if state.actor.kind == "state"}


# The root of a citation is the last source of its chain, or its document's publisher.
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
    """A claim on record: its version, whether it is in force, its documents, the number of its
    citations, and the root of the first."""

    id: UUID
    version: int
    standing: bool
    documents: list[UUID]
    citations: int
    root: UUID


def claim_facts(claims: Collection[UUID]) -> dict[UUID, ClaimFacts]:
    """Return the claims that are on record, by id."""
    return {row[0]: ClaimFacts(*row) for row in select(_REPORTED, [list(claims)])}


def standing_versions(claims: Collection[UUID]) -> dict[UUID, int]:
    """Return the versions of the claims that are in force."""
    return dict(
        select(
            "SELECT id, version FROM standing_claim WHERE id = ANY(%s) AND status = 'standing'",
            [list(claims)],
        )
    )


def retracted_claims(claims: Collection[UUID]) -> set[UUID]:
    """Return those of the claims that are retracted."""
    sql = "SELECT id FROM standing_claim WHERE id = ANY(%s) AND status = 'retracted'"
    return {claim for (claim,) in select(sql, [list(claims)])}


# The nouns of records (all streams but claims and links), with the class of their state.
NOUNS: dict[str, type[f.State]] = {
    "actor": f.ActorState,
    "source": f.SourceState,
    "document": f.DocumentState,
    "collection": f.CollectionState,
    "lens": f.LensState,
    "import": f.ImportState,
    "log": f.LogState,
}


class StoredClaim(NamedTuple):
    """A claim as it is stored: `state` is the JSON of a `ClaimState`, in which optional fields are
    left out if empty."""

    id: UUID
    version: int
    state: Mapping[str, Any]

    @property
    def built(self) -> f.ClaimState:
        return codec.build(f.ClaimState, self.state)

    @property
    def sentence(self) -> Sentence:
        claim, verdicts = self.state["claim"], self.state.get("verdicts", ())
        return Sentence(
            summary=claim.get("summary", ""),
            polarity=claim["polarity"],
            status=self.state["status"],
            verdicts=[codec.build(VerdictGiven, verdict) for verdict in verdicts],
        )


def stored_claims(wanted: Iterable[UUID], *, at: int | None) -> list[StoredClaim]:
    """Return claims in the order of their ids, as of a position (None: now)."""
    rows = by_id(StandingClaim, STORED, id_array({*wanted}), at=at)
    return [StoredClaim(key, version, json.loads(text)) for key, version, text in rows]


# The columns of a stored claim, its state as text.
STORED = "id, version, state::text"


# The columns of the sentence of a claim. The rest is not sent, which takes most of the time.
SENTENCE = (
    "coalesce(state #>> '{claim,summary}', ''), state #>> '{claim,polarity}',"
    " state ->> 'status', state ->> 'verdicts'"
)


def sentence(summary: str, polarity: str, status: str, text: str | None) -> Sentence:
    """Return what the title of a claim is made of, from the columns `SENTENCE`."""
    verdicts = [codec.build(VerdictGiven, one) for one in json.loads(text)] if text else ()
    return Sentence(summary, polarity, status, verdicts)


def claims(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.ClaimState]:
    """Return claims by id, in its order, as of a position (None: now)."""
    return {stored.id: stored.built for stored in stored_claims(wanted, at=at)}


def records(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.State]:
    """Return actors, sources, documents, collections, lenses and imports by id, in its order, as of
    a position."""
    rows = by_id(StandingRecord, "id, noun, state::text", id_array({*wanted}), at=at)
    return {key: parsed(noun, text) for key, noun, text in rows}


def records_by_text(wanted: Iterable[str], *, at: int | None) -> dict[str, f.State]:
    """Return what `records` does, by ids as text: in stored JSON ids are text, and there are many
    of them."""
    ids = "{" + ",".join({*wanted}) + "}"
    rows = by_id(StandingRecord, "id::text AS id, noun, state::text", ids, at=at)
    return {key: parsed(noun, text) for key, noun, text in rows}


@lru_cache(maxsize=4_000)
def parsed(noun: str, text: str) -> f.State:
    """Return the record in the text of a row. Cached, since most answers read the same actors,
    sources and lenses, and they rarely change."""
    return codec.build(NOUNS[noun], json.loads(text))


def by_id(
    table: in_force.Table, columns: str, ids: str, *, at: int | None
) -> list[tuple[Any, ...]]:
    """Return columns of the rows with some ids, an `id_array`, in the order of the column `id`."""
    if ids == "{}":
        return []
    named = in_force.Condition(where="id = ANY(%s::uuid[])", parameters=[ids], at=at)
    return in_force.look_up(table, columns, named, order="id")


_BOTH_THERE = (
    "EXISTS (SELECT FROM standing_claim c WHERE c.id = from_claim)"
    " AND EXISTS (SELECT FROM standing_claim c WHERE c.id = to_claim)"
)


def links(ends: Iterable[UUID], *, at: int | None) -> dict[UUID, list[f.LinkState]]:
    """Return the links in force at either end of each claim, by type and id; without those with
    claims that were erased later."""
    by_claim: dict[UUID, list[f.LinkState]] = {claim_id: [] for claim_id in ends}
    if not by_claim:
        return by_claim
    either = "linked AND (from_claim = ANY(%s::uuid[]) OR to_claim = ANY(%s::uuid[]))"
    # A claim with a link that is in force now cannot be erased.
    where = either if at is None else f"{either} AND {_BOTH_THERE}"
    for link in _links(where, [id_array(by_claim)] * 2, at=at):
        for end in {link.from_, link.to} & by_claim.keys():
            by_claim[end].append(link)
    return by_claim


def everything(wanted: Iterable[UUID], *, at: int | None) -> dict[UUID, f.State]:
    """Return claims, records and links by id, also undone links."""
    ids = set(wanted)
    states: dict[UUID, f.State] = {**claims(ids, at=at), **records(ids, at=at)}
    others = _links("id = ANY(%s::uuid[])", [id_array(ids - states.keys())], at=at)
    return states | {link.id: link for link in others}


def _links(where: str, parameters: list[Any], *, at: int | None) -> Iterator[f.LinkState]:
    columns = "id, type, from_claim, to_claim, linked"
    condition = in_force.Condition(where=where, parameters=parameters, at=at)
    for key, kind, from_, to, linked in in_force.look_up(
        StandingLink, columns, condition, order="type, id"
    ):
        yield f.LinkState(id=key, type=kind, from_=from_, to=to, linked=linked)


def names[Key](states_by_id: Mapping[Key, f.State], *, at: int | None) -> dict[Key, str]:
    """Return the printed names of actors and sources. A source that is an actor may have the
    actor's name."""
    actor_ids = {
        state.source.actor
        for state in states_by_id.values()
        if isinstance(state, f.SourceState) and state.source.actor and not state.source.name
    }
    actors = records(actor_ids, at=at) if actor_ids else {}
    return {key: _name(state, actors) for key, state in states_by_id.items()}


def _name(state: f.State | None, actors: Mapping[UUID, f.State]) -> str:
    match state:
        case f.ActorState():
            return state.actor.name
        case f.SourceState():
            named = state.source.name
            return named or _name(actors.get(state.source.actor or state.id), {})
    return ""


def filed_under(state: f.State) -> str:
    """Return the name under which a record is listed and searched."""
    match state:
        case f.ActorState():
            name = state.actor.code or state.actor.name
        case f.SourceState():
            name = state.source.name
        case f.DocumentState():
            name = state.document.title
        case f.CollectionState():
            name = state.collection.name
        case f.LensState():
            name = state.versions[-1].name
        case f.ImportState():
            name = state.record.name
        case f.LogState():
            name = "log"
        case _:
            raise TypeError(f"{type(state).__name__} has no name")
    return name


def refers(state: f.State) -> Iterator[UUID]:
    """Yield the records that a record refers to: countries of an actor's affiliations, members of a
    group, countries and documents of an organisation's memberships, actor and country of a source,
    source of a document."""
    match state:
        case f.ActorState(actor=actor):
            yield from (affiliation.country for affiliation in actor.affiliations)
            yield from actor.members
            for membership in actor.memberships:
                yield membership.country
                if membership.document:
                    yield membership.document
        case f.SourceState(source=source):
            yield from (reference for reference in (source.actor, source.country) if reference)
        case f.DocumentState(document=document):
            yield document.source


# The most claims of a look-up; the caller passes the latest.
MOST = 25


def last_report(claim_ids: Collection[UUID], *, at: int | None, until: date) -> date | None:
    """Return the day of the latest document, dated up to a day, that supports any of the claims, as
    known at a position (None: now). None if no such document has a date."""
    return max(report_days(claim_ids, at=at, until=until).values(), default=None)


def report_days(claim_ids: Collection[UUID], *, at: int | None, until: date) -> dict[UUID, date]:
    """Return the day of the latest document, dated up to a day, that supports each claim, as known
    at a position. Claims without such a document are left out."""
    found = claims(claim_ids, at=at)
    cited = {citation.document for state in found.values() for citation in state.claim.citations}
    documents = {
        key: document.document
        for key, document in records(cited, at=at).items()
        if isinstance(document, f.DocumentState)
    }
    days = {
        key: [day for day in evidence.cited_on([state], documents) if day <= until]
        for key, state in found.items()
    }
    return {key: max(own) for key, own in days.items() if own}
