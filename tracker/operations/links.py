"""Links between claims."""

from collections.abc import Collection
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.problems import NotFound
from tracker.domain.state import LinkState
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.operations.name_locks import lock_name
from tracker.projections import standing
from tracker.queries.records import states

# In a loop of these, each claim would yield to the next and none would count.
WITHOUT_LOOPS = ("supersedes", "part_of", "says")


class NoSuchLink(NotFound):
    """The claim never had this link."""

    def __init__(self, link_id: UUID) -> None:
        super().__init__(f"the claim has no link {link_id}")


def link(
    kind: e.LinkType, from_: UUID, to: UUID, *, at: datetime, by: str, note: str = ""
) -> Recorded:
    """Link two claims.

    :raises Invalid: if one is not on record, or both are the same.
    :raises OutOfOrder: if the link exists.
    """
    event = e.ClaimsLinked(type=kind, from_=from_, to=to, note=note)
    with transaction.atomic():
        lock_name(f"link:{kind}")
        validity.refuse(
            [
                *validity.event_problems(event),
                *_end_problems(from_, to),
                *_loop_problems(event),
            ]
        )
        return _append(event, at=at, by=by)


def unlink(
    kind: e.LinkType, from_: UUID, to: UUID, *, reason: str, at: datetime, by: str
) -> Recorded:
    """Undo a link.

    :raises Invalid: without a reason. :raises OutOfOrder: if there is no such link.
    """
    event = e.ClaimsUnlinked(type=kind, from_=from_, to=to, reason=reason)
    validity.refuse(validity.event_problems(event))
    return _append(event, at=at, by=by)


def remove(claim_id: UUID, link_id: UUID, *, reason: str, at: datetime, by: str) -> Recorded:
    """Undo a link from or to a claim.

    :raises NoSuchLink: :raises Invalid: without a reason. :raises OutOfOrder: if it is undone.
    """
    state = states.everything([link_id], at=None).get(link_id)
    if not isinstance(state, LinkState) or claim_id not in (state.from_, state.to):
        raise NoSuchLink(link_id)
    return unlink(state.type, state.from_, state.to, reason=reason, at=at, by=by)


def _append(event: e.ClaimsLinked | e.ClaimsUnlinked, *, at: datetime, by: str) -> Recorded:
    draft = Draft(stream=e.link_id(event.type, event.from_, event.to), event=event)
    return log.append([draft], at=at, by=by, project=standing.project)[0]


def _end_problems(from_: UUID, to: UUID) -> list[Problem]:
    return [
        Problem(pointer=pointer, code="unknown_reference", detail=f"there is no claim {one}")
        for pointer, one in (("/from", from_), ("/to", to))
        if states.claim(one) is None
    ]


def _loop_problems(event: e.ClaimsLinked) -> list[Problem]:
    if not leads_back(event):
        return []
    detail = f"{event.to} already leads back to {event.from_} by {event.type}"
    return [Problem(pointer="/to", code="loop", detail=detail)]


def leads_back(event: e.ClaimsLinked, beside: Collection[e.ClaimsLinked] = ()) -> bool:
    """Whether a link would close a loop, with the links in force and those in `beside`."""
    if event.type not in WITHOUT_LOOPS:
        return False
    frontier, reached = {event.to}, {event.to}
    while frontier:
        in_force = states.links(frontier, at=None)
        links: list[LinkState | e.ClaimsLinked] = [*chain(*in_force.values()), *beside]
        ends = {link.to for link in links if link.type == event.type and link.from_ in frontier}
        frontier = ends - reached
        reached |= frontier
    return event.from_ in reached
