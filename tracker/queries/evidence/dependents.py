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
from tracker.queries.records.organisations import MEMBERSHIPS, NAMES_BOTH
from tracker.queries.scores.uncounted import admitted_collections
from tracker.queries.sql import select

# The countries and members of all actors, and the countries for which organisations act, as
# described now and before.
_REPRESENTED = f"""
    SELECT id, ARRAY(
        SELECT link ->> 'country' FROM jsonb_array_elements(actor -> 'affiliations') AS link
        UNION ALL SELECT jsonb_array_elements_text(actor -> 'members')), ARRAY(
        SELECT link ->> 'country' FROM {MEMBERSHIPS.format(actor="actor")} AS link)
    FROM (
        SELECT id, state -> 'actor' AS actor FROM standing_record WHERE noun = 'actor'
        UNION ALL
        SELECT id, state -> 'actor' FROM past_record WHERE noun = 'actor'
    ) AS described
    WHERE actor ?| '{{affiliations,members,memberships}}'"""  # noqa: S608 # constants
_PUBLISHED_BY = """
    SELECT id FROM standing_record
    WHERE noun = 'document' AND state #>> '{{document,source}}' = %(source)s
    UNION SELECT id FROM past_record
    WHERE noun = 'document' AND state #>> '{{document,source}}' = %(source)s"""
# The second condition is that of the index.
_IN_CHAIN = "sources && %(sources)s::uuid[] AND sources <> '{{}}'"
_OF_FEW_DOCUMENTS = f"(documents && ARRAY({_PUBLISHED_BY}) OR {_IN_CHAIN})"
# For a source with many documents: claims are read in the order of their ids, until there are
# enough. An index would be searched for all of the documents, each time.
_OF_MANY_DOCUMENTS = f"""(
    EXISTS (SELECT FROM standing_record d WHERE d.id = ANY(documents)
            AND d.state #>> '{{{{document,source}}}}' = %(source)s OFFSET 0)
    OR EXISTS (SELECT FROM past_record d WHERE d.id = ANY(documents) AND d.noun = 'document'
               AND d.state #>> '{{{{document,source}}}}' = %(source)s OFFSET 0)
    OR {_IN_CHAIN})"""  # noqa: S608 # constants
FEW_DOCUMENTS = 1_000
_MANY = f"SELECT FROM ({_PUBLISHED_BY} LIMIT %(limit)s) AS document".replace("{{", "{").replace(
    "}}", "}"
)
_OF_TABLE = """
    SELECT DISTINCT id FROM {{table}} claim WHERE {condition}
    AND (%(after)s::uuid IS NULL OR id > %(after)s) AND collection <> ALL(%(excluded)s::uuid[])
    AND {begun_by} ORDER BY id LIMIT %(most)s"""
# The claims of a condition as they are and as they ever were. The tables may be ahead of a view:
# only claims asserted up to its position count. No claim changes its collection.
_BEGUN_BY = log.BEGUN_BY.format(table="claim").replace("%s", "%(position)s")
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
    of_table = _OF_TABLE.format(condition=query, begun_by=_BEGUN_BY)
    arms = (of_table.format(table=table) for table in ("standing_claim", "past_claim"))
    parameters = values | {
        "after": after,
        "excluded": id_array(excluded),
        "position": entry.position,
        "most": most,
    }
    union = " UNION ".join(f"({arm})" for arm in arms)
    rows = select(f"{union} ORDER BY id LIMIT %(most)s", parameters)
    return [row[0] for row in rows]


def may_change_others(entry: Entry) -> bool:
    """Whether an event may change impacts of claims that follows from their rows."""
    return isinstance(entry.event, _ON_RECORD)


def _condition(entry: Entry) -> tuple[str, dict[str, Any]] | None:
    """The condition on rows of claims that rest on the record of an event, and its parameters."""
    match entry.event:
        case e.ActorDescribed():
            [representing_it] = representing(entry.stream)
            return "actors && %(actors)s::uuid[]", {"actors": id_array(representing_it)}
        case e.SourceDescribed() | e.SourceRated():
            source = {"source": str(entry.stream), "limit": FEW_DOCUMENTS + 1}
            has_few = len(select(_MANY, source)) <= FEW_DOCUMENTS
            condition = _OF_FEW_DOCUMENTS if has_few else _OF_MANY_DOCUMENTS
            return condition, source | {"sources": id_array([entry.stream])}
        case e.DocumentDescribed():
            return "documents && %(documents)s::uuid[]", {"documents": id_array([entry.stream])}
        case e.CollectionDescribed():
            return "collection = %(collection)s", {"collection": entry.stream}
    return None


def representing(*actors: UUID) -> list[set[UUID]]:
    """Return for each actor the actor itself, and all that ever represented it: those affiliated
    with it, groups of which it is a member, organisations to which it belongs, and so on."""
    return [acting for _, acting in _representing(*actors)]


def acting_for(*actors: UUID) -> list[set[UUID]]:
    """Return for each actor those that ever represented it through organisations alone."""
    return [acting - represented for represented, acting in _representing(*actors)]


def _representing(*actors: UUID) -> list[tuple[set[UUID], set[UUID]]]:
    """The same, apart: those that represent the actor in every role, and all, with those that only
    act for it."""
    behind: dict[str, list[UUID]] = {}
    acting: dict[str, list[UUID]] = {}
    for actor, represented, members in select(_REPRESENTED, []):
        for one in represented:
            behind.setdefault(one, []).append(actor)
        for one in (*represented, *members):
            acting.setdefault(one, []).append(actor)
    return [(_reached(actor, behind), _reached(actor, acting)) for actor in actors]


def _reached(actor: UUID, behind: Mapping[str, Iterable[UUID]]) -> set[UUID]:
    reached, waiting = {actor}, [actor]
    while waiting:
        new = set(behind.get(str(waiting.pop()), ())) - reached
        reached |= new
        waiting += new
    return reached


# The claims that rest on two countries: those that depend on both, and those that name both, or
# actors that ever represented them.
_NAMES_BOTH = NAMES_BOTH.format(
    one="%(firsts)s",
    one_acting="%(firsts_acting)s",
    other="%(lasts)s",
    other_acting="%(lasts_acting)s",
)
_BOTH = f"{_NAMES_BOTH} AND collection = ANY(%(collections)s::uuid[])"
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
    (firsts, firsts_acting), (lasts, lasts_acting) = _representing(first, last)
    return {
        "view": view.id,
        "first": first,
        "last": last,
        "firsts": id_array(firsts),
        "lasts": id_array(lasts),
        "firsts_acting": id_array(firsts_acting),
        "lasts_acting": id_array(lasts_acting),
        "collections": id_array(admitted_collections(view)),
    }
