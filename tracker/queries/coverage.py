"""What the record covers: claims a month, languages, and who the roots belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from tracker.domain.publications import STATE_OWNED

MONTHS = 24
_MONTHS = (
    "SELECT to_char(latest, 'YYYY-MM') AS month, count(*) FROM standing_claim"
    " WHERE collection = ANY(%(collections)s) AND status = 'standing' AND latest IS NOT NULL"
    " GROUP BY month ORDER BY month DESC LIMIT %(months)s"
)
_LANGUAGES = (
    "SELECT coalesce(nullif(d.state #>> '{document,language}', ''), 'unknown') AS language,"
    " count(DISTINCT c.id) FROM standing_claim c"
    " CROSS JOIN LATERAL unnest(c.documents) cited"
    " JOIN standing_record d ON d.id = cited"
    " WHERE c.collection = ANY(%(collections)s) AND c.status = 'standing'"
    " GROUP BY language ORDER BY count(DISTINCT c.id) DESC, language"
)
# The root of a citation is the last of its chain, or else the document's own publisher.
_ROOTS = (
    "SELECT r.id, r.name, r.state #>> '{source,ownership}', count(DISTINCT c.id)"
    " FROM standing_claim c"
    " CROSS JOIN LATERAL jsonb_array_elements(c.state #> '{claim,citations}') AS one(cited)"
    " JOIN standing_record d ON d.id = (one.cited ->> 'document')::uuid"
    " JOIN standing_record r ON r.id = coalesce(one.cited #>> '{chain,-1}',"
    " d.state #>> '{document,source}')::uuid"
    " WHERE c.collection = ANY(%(collections)s) AND c.status = 'standing'"
    " GROUP BY r.id, r.name, r.state ORDER BY count(DISTINCT c.id) DESC, r.name"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Claims of a month, in a language, or from a root."""

    what: str
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A source at which citations end; `claims` rest on it."""

    id: UUID
    name: str
    ownership: str
    claims: int

    @property
    def state_owned(self) -> bool:
        return self.ownership in STATE_OWNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of the standing claims of some collections: the latest months in which anything happened, in
    their order; the languages of their documents; the roots, the most used first."""

    months: tuple[Count, ...]
    languages: tuple[Count, ...]
    roots: tuple[Root, ...]

    @property
    def state_share(self) -> float | None:
        """Of all pairs of a claim and a root, the share whose root a state owns."""
        every = sum(one.claims for one in self.roots)
        owned = sum(one.claims for one in self.roots if one.state_owned)
        return owned / every if every else None


def coverage(collections: Sequence[UUID]) -> Coverage:
    """Count the standing claims of some collections."""
    asked = {"collections": list(collections), "months": MONTHS}
    months = [Count(what=month, claims=claims) for month, claims in _rows(_MONTHS, asked)]
    return Coverage(
        months=tuple(reversed(months)),
        languages=tuple(Count(what=one, claims=claims) for one, claims in _rows(_LANGUAGES, asked)),
        roots=tuple(
            Root(id=key, name=name, ownership=ownership or "", claims=claims)
            for key, name, ownership, claims in _rows(_ROOTS, asked)
        ),
    )


def _rows(statement: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
