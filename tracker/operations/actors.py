"""Actors: states, organisations, companies, public persons and named groups."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain import validity
from tracker.domain.problems import invalid
from tracker.domain.records import Actor
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.operations.name_locks import lock_name
from tracker.operations.references import Reference
from tracker.projections import standing
from tracker.queries.records import states


@transaction.atomic
def describe_actor(
    actor: Actor,
    *,
    at: datetime,
    by: str,
    actor_id: UUID | None = None,
    expected: int | None = None,
) -> Recorded:
    """Record an actor, or a new description of one.

    :raises Invalid: with all problems.
    """
    stream = actor_id or ids.new_id(at)
    if actor.code:
        lock_name(f"actor:{actor.code}")
    validity.refuse(
        [
            *validity.actor_problems(actor),
            *references.missing(_references(actor)),
            *_members_that_are_no_states(actor),
            *_code_taken(actor, stream),
        ]
    )
    draft = Draft(
        stream=stream,
        event=e.ActorDescribed(actor=actor),
        expected=0 if actor_id is None else expected,
    )
    return log.append([draft], at=at, by=by, project=standing.project)[0]


def _references(actor: Actor) -> Iterator[Reference]:
    for n, affiliation in enumerate(actor.affiliations):
        yield f"/affiliations/{n}/country", affiliation.country, "actor"
    for n, member in enumerate(actor.members):
        yield f"/members/{n}", member, "actor"
    for n, membership in enumerate(actor.memberships):
        yield f"/memberships/{n}/country", membership.country, "actor"
        if membership.document:
            yield f"/memberships/{n}/document", membership.document, "document"


def _members_that_are_no_states(actor: Actor) -> Iterator[Problem]:
    found = states.records({one.country for one in actor.memberships}, at=None)
    for n, membership in enumerate(actor.memberships):
        state = found.get(membership.country)
        if isinstance(state, f.ActorState) and state.actor.kind != "state":
            member = state.actor
            detail = f"{member.name} is no state but of the kind {member.kind}: name a state"
            yield invalid(f"/memberships/{n}/country", detail)


def _code_taken(actor: Actor, stream: UUID) -> Iterator[Problem]:
    """A code belongs to one actor only, since pairs are named by it."""
    holder = states.actors_by_code([actor.code]).get(actor.code) if actor.code else None
    if holder is not None and holder.id != stream:
        yield Problem(
            pointer="/code",
            code="taken",
            detail=f"{actor.code} is {holder.actor.name} ({holder.id}) already",
        )
