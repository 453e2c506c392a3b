"""Which claims rest on a record, by what their rows name.

The follower of a view keeps rows of dependencies only for claims that were ever linked. What any
other claim rests on follows from its parties, its documents, its sources and its collection.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain.lenses import View
from tracker.domain.state import Entry
from tracker.log.messages import id_array
from tracker.queries.scores.uncounted import admitted_collections
from tracker.queries.sql import select

# The countries and members of all actors, as described now and before.
_REPRESENTED = """
    SELECT id, ARRAY(
        SELECT link ->> 'country' FROM jsonb_array_elements(actor -> 'affiliations') AS link
        UNION ALL SELECT jsonb_array_elements_text(actor -> 'members'))
    FROM (
        SELECT id, state -> 'actor' AS actor FROM standing_record WHERE noun = 'actor'
        UNION ALL
        SELECT id, state -> 'actor' FROM past_record WHERE noun = 'actor'
    ) AS described
    WHERE actor ?| '{affiliations,members}'"""
_PUBLISHED_BY = """
    SELECT id FROM standing_record
    WHERE noun = 'document' AND state -> 'document' ->> 'source' = %s
    UNION SELECT id FROM past_record
    WHERE noun = 'document' AND state -> 'document' ->> 'source' = %s"""
_BEGUN_BY = log.BEGUN_BY.format(table="claim")
# The second condition is that of the index.
_IN_CHAIN = "sources && %s::uuid[] AND sources <> '{}'"
# The claims of a condition as they are and as they ever were. The tables may be ahead of a view:
# only claims asserted up to its position count. No claim changes its collection.
_CLAIMS = """
    SELECT id FROM (
        SELECT id, collection FROM standing_claim
        WHERE {condition} AND (%s::uuid IS NULL OR id > %s)
        UNION
        SELECT id, collection FROM past_claim
        WHERE {condition} AND (%s::uuid IS NULL OR id > %s)
    ) AS claim
    WHERE collection <> ALL(%s::uuid[])
    AND {begun_by}
    ORDER BY id LIMIT %s"""
_ON_RECORD = (
    e.ActorDescribed
    | e.SourceDescribed
    | e.SourceRated
    | e.DocumentDescribed
    | e.CollectionDescribed
)
# The events after the first of a claim's own stream.
ON_CLAIM = (
    e.ClaimCorrected
    | e.ClaimRetracted
    | e.ClaimReinstated
    | e.CitationAdded
    | e.VerdictGiven
    | e.ClaimReviewed
    | e.ForecastResolved
)


def resting_on(
    entry: Entry, *, excluded: Sequence[UUID], after: UUID | None, most: int
) -> list[UUID]:
    """Return the claims whose impacts an event may change, as far as that follows from their rows:
    up to `most` that follow the claim `after`, in id order. `excluded`: the collections that do not
    count."""
    if isinstance(entry.event, ON_CLAIM):
        return [entry.stream]
    if (condition := _condition(entry)) is None:
        return []
    query, values = condition
    parameters = [*values, after, after]
    others = [id_array(excluded), entry.position, most]
    rows = select(
        _CLAIMS.format(condition=query, begun_by=_BEGUN_BY), [*parameters, *parameters, *others]
    )
    return [row[0] for row in rows]


def may_change_others(entry: Entry) -> bool:
    """Whether an event may change impacts of claims that follows from their rows."""
    return isinstance(entry.event, _ON_RECORD)


def _condition(entry: Entry) -> tuple[str, list[Any]] | None:
    """The condition on rows of claims that rest on the record of an event, and its parameters."""
    match entry.event:
        case e.ActorDescribed():
            [representing_it] = representing(entry.stream)
            return "actors && %s::uuid[]", [id_array(representing_it)]
        case e.SourceDescribed() | e.SourceRated():
            source = str(entry.stream)
            return (
                f"(documents && ARRAY({_PUBLISHED_BY}) OR {_IN_CHAIN})",
                [source, source, id_array([entry.stream])],
            )
        case e.DocumentDescribed():
            return "documents && %s::uuid[]", [id_array([entry.stream])]
        case e.CollectionDescribed():
            return "collection = %s", [entry.stream]
    return None


def representing(*actors: UUID) -> list[set[UUID]]:
    """Return for each actor the actor itself, and all that ever represented it: those affiliated
    with it, groups of which it is a member, and so on."""
    behind: dict[str, list[UUID]] = {}
    for actor, represented in select(_REPRESENTED, []):
        for one in represented:
            behind.setdefault(one, []).append(actor)
    return [_reached(actor, behind) for actor in actors]


def _reached(actor: UUID, behind: Mapping[str, Iterable[UUID]]) -> set[UUID]:
    reached, waiting = {actor}, [actor]
    while waiting:
        new = set(behind.get(str(waiting.pop()), ())) - reached
        reached |= new
        waiting += new
    return reached


# The claims that rest on two countries: those that depend on both, and those that name both, or
# actors that ever represented them.
_BOTH = (
    "actors && %(firsts)s::uuid[] AND actors && %(lasts)s::uuid[]"
    " AND collection = ANY(%(collections)s::uuid[])"
)
ON_BOTH_NOW = (
    "SELECT one.claim FROM dependency one"  # noqa: S608
    " JOIN dependency other ON other.view = one.view AND other.claim = one.claim"
    " WHERE one.view = %(view)s AND one.stream = %(first)s AND other.stream = %(last)s"
    f" UNION SELECT id FROM standing_claim WHERE {_BOTH}"
)
# Those that ever did.
ON_BOTH = f"{ON_BOTH_NOW} UNION SELECT id FROM past_claim WHERE {_BOTH}"  # noqa: S608


def on_both(view: View, first: UUID, last: UUID) -> dict[str, Any]:
    """Return the parameters of `ON_BOTH` for the claims of a view about two countries."""
    firsts, lasts = representing(first, last)
    return {
        "view": view.id,
        "first": first,
        "last": last,
        "firsts": id_array(firsts),
        "lasts": id_array(lasts),
        "collections": id_array(admitted_collections(view)),
    }
