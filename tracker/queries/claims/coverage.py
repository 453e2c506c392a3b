"""What the record covers: its claims in force by month, by language and by root.

Counting all claims takes seconds, so that `projections.coverage` keeps the counts.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from tracker import log
from tracker.domain.records import STATE_OWNED
from tracker.models.derived import CoverageCounts
from tracker.queries.sql import select

MONTHS = 24
Kind = Literal["month", "language", "root"]
KINDS: tuple[Kind, ...] = ("month", "language", "root")
# The numbers of claims by what is counted: months, languages, and ids of roots.
type Counts = dict[Kind, Counter[str]]

_RECORDED = log.RECORDED_BY.format(table="c").replace("%s", "%(at)s")
_ENDED = log.ENDED_BY.format(table="c").replace("%s", "%(at)s")
# The root of a citation is the last of its chain, or else the document's own publisher. Claims with
# the same documents, or the same documents and chains, are looked up together.
_CLAIM_COLUMNS = (
    "SELECT to_char(c.latest, 'YYYY-MM') AS month, c.documents, (SELECT array_agg(DISTINCT"
    " concat_ws(' ', one ->> 'document', one #>> '{chain,-1}'))"
    " FROM jsonb_array_elements(c.state #> '{claim,citations}') AS one) AS cited"
)
_WANTED = (
    "c.collection = %(collection)s AND c.status = 'standing'"
    " AND (%(claims)s::uuid[] IS NULL OR c.id = ANY(%(claims)s::uuid[]))"
)
_CLAIMS = (
    f"{_CLAIM_COLUMNS} FROM standing_claim c WHERE {_WANTED} AND {_RECORDED}"
    f" UNION ALL {_CLAIM_COLUMNS} FROM past_claim c"
    f" WHERE {_WANTED} AND {_RECORDED} AND NOT {_ENDED}"
)
_DOCUMENT_COLUMNS = (
    "SELECT c.id, c.state #>> '{document,source}' AS publisher,"
    " coalesce(nullif(c.state #>> '{document,language}', ''), 'unknown') AS language"
)
_DOCUMENTS = (
    f"{_DOCUMENT_COLUMNS} FROM standing_record c WHERE c.noun = 'document' AND {_RECORDED}"
    f" UNION ALL {_DOCUMENT_COLUMNS} FROM past_record c"
    f" WHERE c.noun = 'document' AND {_RECORDED} AND NOT {_ENDED}"
)
_COUNTS = (
    f"WITH own AS MATERIALIZED ({_CLAIMS})"  # noqa: S608 # constant columns
    " SELECT 'month', month, count(*) FROM own WHERE month IS NOT NULL GROUP BY month"
    " UNION ALL SELECT 'language', each.language, sum(number)"
    " FROM (SELECT documents, count(*) AS number FROM own GROUP BY documents) alike"
    f" CROSS JOIN LATERAL (SELECT DISTINCT language FROM ({_DOCUMENTS}) document"
    " WHERE document.id = ANY(alike.documents)) each GROUP BY each.language"
    " UNION ALL SELECT 'root', each.root, sum(number)"
    " FROM (SELECT cited, count(*) AS number FROM own GROUP BY cited) alike"
    " CROSS JOIN LATERAL (SELECT DISTINCT"
    " coalesce(nullif(split_part(one, ' ', 2), ''), document.publisher) AS root"
    f" FROM unnest(alike.cited) AS one CROSS JOIN LATERAL (SELECT * FROM ({_DOCUMENTS}) known"
    " WHERE known.id = split_part(one, ' ', 1)::uuid) document) each GROUP BY each.root"
)
_ROOTS = (
    "SELECT id, name, coalesce(state #>> '{source,ownership}', '') FROM standing_record"
    " WHERE id = ANY(%s::uuid[])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The number of claims of a month, or in a language."""

    what: str
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RootCount:
    """A source at which citations end, and the number of claims that rest on it."""

    id: UUID
    name: str
    ownership: str
    claims: int

    @property
    def state_owned(self) -> bool:
        return self.ownership in STATE_OWNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage of some collections by their claims in force: the latest months with claims, in
    order; the languages of their documents; their roots, the most used first."""

    months: tuple[Count, ...]
    languages: tuple[Count, ...]
    roots: tuple[RootCount, ...]

    @property
    def state_share(self) -> float | None:
        """The share of all pairs of a claim and a root whose root a state owns."""
        total = sum(root.claims for root in self.roots)
        owned = sum(root.claims for root in self.roots if root.state_owned)
        return owned / total if total else None


def no_counts() -> Counts:
    """Return the counts of no claims."""
    return {kind: Counter() for kind in KINDS}


def counts(collection: UUID, *, claims: Collection[UUID] | None, at: int) -> Counts:
    """Count claims of a collection that were in force at a position: those given, or all."""
    parameters: dict[str, Any] = {
        "collection": collection,
        "claims": None if claims is None else list(claims),
        "at": at,
    }
    found = no_counts()
    for kind, key, number in select(_COUNTS, parameters):
        found[kind][key] = int(number)
    return found


def coverage(collections: Sequence[UUID]) -> Coverage:
    """Return the kept counts of some collections, added up."""
    total = no_counts()
    for row in CoverageCounts.objects.filter(collection__in=collections):
        for kind in KINDS:
            total[kind].update(row.counts[kind])
    months = sorted(total["month"].items())[-MONTHS:]
    languages = sorted(total["language"].items(), key=lambda item: (-item[1], item[0]))
    return Coverage(
        months=tuple(Count(what=month, claims=claims) for month, claims in months),
        languages=tuple(Count(what=language, claims=claims) for language, claims in languages),
        roots=_roots(total["root"]),
    )


def _roots(claims: Counter[str]) -> tuple[RootCount, ...]:
    roots = [
        RootCount(id=key, name=name, ownership=ownership, claims=claims[str(key)])
        for key, name, ownership in select(_ROOTS, [list(claims)])
    ]
    return tuple(sorted(roots, key=lambda root: (-root.claims, root.name, root.id)))
