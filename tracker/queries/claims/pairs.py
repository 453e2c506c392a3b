"""Pairs of countries that claims name together."""

from collections.abc import Collection
from uuid import UUID

from tracker.queries.records.organisations import MEMBERSHIPS
from tracker.queries.sql import select

# An actor stands for itself if it is a country, else for its members or for the countries of its
# affiliations, on any day. The initiators of a claim may be organisations, which act on recipients
# for the countries of their memberships.
_PAIRS = f"""
WITH country AS (
    SELECT id, name FROM standing_record
    WHERE noun = 'actor' AND state #>> '{{actor,kind}}' = 'state'
), represented AS (
    SELECT id AS actor, name AS code FROM country
    UNION
    SELECT a.id, country.name
    FROM standing_record a
    CROSS JOIN jsonb_array_elements(a.state #> '{{actor,affiliations}}') affiliation
    JOIN country ON country.id = (affiliation ->> 'country')::uuid
    WHERE a.noun = 'actor'
    UNION
    SELECT a.id, country.name
    FROM standing_record a
    CROSS JOIN jsonb_array_elements_text(a.state #> '{{actor,members}}') member
    JOIN country ON country.id = member::uuid
    WHERE a.noun = 'actor'
), acting AS (
    SELECT a.id AS actor, country.name AS code
    FROM standing_record a
    CROSS JOIN {MEMBERSHIPS.format(actor="(a.state -> 'actor')")} membership
    JOIN country ON country.id = (membership ->> 'country')::uuid
    WHERE a.noun = 'actor'
), counted AS (
    SELECT actors, state #> '{{claim,parties}}' AS parties FROM standing_claim
    WHERE status = 'standing' AND kind IN ('act', 'situation')
    AND collection IN (
        SELECT id FROM standing_record
        WHERE noun = 'collection' AND state #>> '{{collection,coding}}' = 'curated'
    )
    AND (%(claims)s::uuid[] IS NULL OR id = ANY(%(claims)s))
)
SELECT one.code || '-' || other.code
FROM (SELECT DISTINCT actors FROM counted) named
CROSS JOIN unnest(actors) AS first(id) JOIN represented one ON one.actor = first.id
CROSS JOIN unnest(actors) AS second(id) JOIN represented other ON other.actor = second.id
WHERE one.code < other.code AND first.id <> second.id
UNION
SELECT LEAST(one.code, other.code) || '-' || GREATEST(one.code, other.code)
FROM counted
CROSS JOIN jsonb_array_elements(parties) first
JOIN acting one ON one.actor = (first ->> 'actor')::uuid AND first ->> 'role' = 'initiator'
CROSS JOIN jsonb_array_elements(parties) second
JOIN represented other ON other.actor = (second ->> 'actor')::uuid
WHERE second ->> 'role' = 'recipient' AND one.code <> other.code
ORDER BY 1
"""  # noqa: S608 # constants


def named_together(claims: Collection[UUID] | None = None) -> list[str]:
    """Return the pairs, such as "KAZ-RUS", that acts and situations in force name, of curated
    collections, or only these claims of them. Archives name too many pairs for a start of each."""
    among = None if claims is None else list(claims)
    return [row[0] for row in select(_PAIRS, {"claims": among})]
