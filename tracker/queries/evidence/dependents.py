"""Which claims rest on a record, by what their rows name.

The follower of a view keeps rows of dependencies only for claims that were ever linked. What any
other claim rests on follows from its parties, its documents, its sources and its collection.
"""

from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain.lenses import View
from tracker.domain.state import Entry
from tracker.log.messages import id_array
from tracker.queries.scores.uncounted import admitted_collections
from tracker.queries.sql import select

# An actor, and all that represent it: those affiliated with it, and groups of which it is a member.
_BEHIND = """
WITH RECURSIVE behind (id) AS (
    SELECT %s::uuid
    UNION
    SELECT described.id FROM behind CROSS JOIN LATERAL (
        SELECT id, state -> 'actor' AS actor FROM standing_record WHERE noun = 'actor'
        UNION ALL
        SELECT id, state -> 'actor' FROM past_record WHERE noun = 'actor'
    ) AS described
    WHERE described.actor -> 'members' ? behind.id::text
        OR described.actor -> 'affiliations' @> jsonb_build_array(
            jsonb_build_object('country', behind.id))
)
SELECT id FROM behind"""
_PUBLISHED_BY = """
    SELECT id FROM standing_record
    WHERE noun = 'document' AND state -> 'document' ->> 'source' = %s
    UNION SELECT id FROM past_record
    WHERE noun = 'document' AND state -> 'document' ->> 'source' = %s"""
# The claims of a condition as they are and as they ever were. The tables may be ahead of a view:
# only claims asserted up to its position count.
_CLAIMS = """
    SELECT id FROM (
        SELECT id FROM standing_claim WHERE {condition} AND (%s::uuid IS NULL OR id > %s)
        UNION
        SELECT id FROM past_claim WHERE {condition} AND (%s::uuid IS NULL OR id > %s)
    ) AS claim
    WHERE EXISTS (SELECT FROM event WHERE stream = id AND version = 1 AND position <= %s)
    ORDER BY id LIMIT %s"""
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


def resting_on(entry: Entry, *, after: UUID | None, most: int) -> list[UUID]:
    """Return the claims whose impacts an event may change, as far as that follows from their rows:
    up to `most` that follow the claim `after`, in id order."""
    if isinstance(entry.event, ON_CLAIM):
        return [entry.stream]
    if (condition := _condition(entry)) is None:
        return []
    query, values = condition
    parameters = [*values, after, after]
    rows = select(_CLAIMS.format(condition=query), [*parameters, *parameters, entry.position, most])
    return [row[0] for row in rows]


def _condition(entry: Entry) -> tuple[str, list[Any]] | None:
    """The condition on rows of claims that rest on the record of an event, and its parameters."""
    match entry.event:
        case e.ActorDescribed():
            return "actors && %s::uuid[]", [id_array(representing(entry.stream))]
        case e.SourceDescribed() | e.SourceRated():
            source = str(entry.stream)
            published = [row[0] for row in select(_PUBLISHED_BY, [source, source])]
            return (
                "(documents && %s::uuid[] OR sources && %s::uuid[])",
                [id_array(published), id_array([entry.stream])],
            )
        case e.DocumentDescribed():
            return "documents && %s::uuid[]", [id_array([entry.stream])]
        case e.CollectionDescribed():
            return "collection = %s", [entry.stream]
    return None


def representing(actor: UUID) -> list[UUID]:
    """Return an actor, and all that ever represented it: those affiliated with it, groups of which
    it is a member, and so on."""
    return [row[0] for row in select(_BEHIND, [actor])]


# The claims that rest on two countries: those that depend on both, and those that name both, or
# actors that ever represented them.
_BOTH = (
    "actors && %(firsts)s::uuid[] AND actors && %(lasts)s::uuid[]"
    " AND collection = ANY(%(collections)s::uuid[])"
)
ON_BOTH = (
    "SELECT one.claim FROM dependency one"  # noqa: S608
    " JOIN dependency other ON other.view = one.view AND other.claim = one.claim"
    " WHERE one.view = %(view)s AND one.stream = %(first)s AND other.stream = %(last)s"
    f" UNION SELECT id FROM standing_claim WHERE {_BOTH}"
    f" UNION SELECT id FROM past_claim WHERE {_BOTH}"
)


def on_both(view: View, first: UUID, last: UUID) -> dict[str, Any]:
    """Return the parameters of `ON_BOTH` for the claims of a view about two countries."""
    return {
        "view": view.id,
        "first": first,
        "last": last,
        "firsts": id_array(representing(first)),
        "lasts": id_array(representing(last)),
        "collections": id_array(admitted_collections(view)),
    }
