"""What the record covers: its claims in force by month, by language and by root; and how many of
the claims that a reader proposed were entered unchanged.

Counting all claims takes seconds, so that `projections.coverage` keeps the counts.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from tracker import log
from tracker.domain.records import STATE_OWNED
from tracker.models.derived import CoverageCounts
from tracker.queries.claims import proposals
from tracker.queries.sql import select

MONTHS = 24
# A larger share entered unchanged, of at least so many proposals, may mean that nobody reads them.
HIGH_SHARE, LEAST_PROPOSED = 0.9, 20
Kind = Literal["month", "language", "root", "proposed", "unchanged"]
# Of the claims in force, and of all claims that were proposed.
IN_FORCE: tuple[Kind, ...] = ("month", "language", "root")
OF_PROPOSALS: tuple[Kind, ...] = ("proposed", "unchanged")
KINDS = IN_FORCE + OF_PROPOSALS
# The numbers of claims by what is counted: months, languages, ids of roots; for proposals the month
# of entry and the person, such as "2026-11 ann".
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


_PROPOSED = (
    "SELECT c.id FROM standing_claim c WHERE c.collection = %(collection)s AND c.state ? 'proposed'"
)
_PROPOSED_SINCE = (
    "SELECT c.id FROM logged e JOIN standing_claim c ON c.id = e.stream"  # noqa: S608
    f" WHERE {log.IN_RANGE.format(after='%(after)s', until='%(until)s')} AND e.version = 1"
    " AND c.collection = %(collection)s AND c.state ? 'proposed'"
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
class ProposalCount:
    """The number of claims of a month, a person or a collection that a reader proposed, and how
    many of them were entered unchanged."""

    what: str
    proposed: int
    unchanged: int

    @property
    def share(self) -> float:
        return self.unchanged / self.proposed

    @property
    def is_high(self) -> bool:
        """Whether people may be accepting proposals without reading them."""
        return self.proposed >= LEAST_PROPOSED and self.share > HIGH_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCoverage:
    """The claims that a reader proposed: all of them, by month of entry (the latest), by person and
    by collection. `all` is None if there are none."""

    all: ProposalCount | None
    months: tuple[ProposalCount, ...]
    people: tuple[ProposalCount, ...]
    collections: tuple[ProposalCount, ...]

    @property
    def high(self) -> tuple[ProposalCount, ...]:
        """The people and collections that took nearly all proposals unchanged."""
        return tuple(count for count in (*self.people, *self.collections) if count.is_high)


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


def counts(collection: UUID, *, claims: Collection[UUID] | None, at: int) -> Counts:
    """Count claims of a collection that were in force at a position: those given, or all.
    Proposals are not counted."""
    parameters: dict[str, Any] = {
        "collection": collection,
        "claims": None if claims is None else list(claims),
        "at": at,
    }
    found: Counts = {kind: Counter() for kind in IN_FORCE}
    for kind, key, number in select(_COUNTS, parameters):
        found[kind][key] = int(number)
    return found


def proposal_counts(collection: UUID, *, after: int, until: int) -> Counts:
    """Count the claims of a collection that were entered from proposals after one position and up
    to another, by month and person."""
    parameters = {"collection": collection, "after": after, "until": until}
    found = select(_PROPOSED_SINCE if after else _PROPOSED, parameters)
    ends = log.ends({claim: 1 for (claim,) in found})
    stamps = {claim: first for claim, (first, _) in ends.items() if first.position <= until}
    counted: Counts = {kind: Counter() for kind in OF_PROPOSALS}
    for claim, proposal in proposals.taken(stamps).items():
        key = f"{stamps[claim].recorded_at:%Y-%m} {stamps[claim].recorded_by}"
        counted["proposed"][key] += 1
        counted["unchanged"][key] += not proposal.changes
    return {kind: +counts for kind, counts in counted.items()}


def coverage(collections: Sequence[UUID]) -> Coverage:
    """Return the kept counts of some collections, added up."""
    total: Counts = {kind: Counter() for kind in IN_FORCE}
    for row in CoverageCounts.objects.filter(collection__in=collections):
        for kind in IN_FORCE:
            total[kind].update(row.counts[kind])
    months = sorted(total["month"].items())[-MONTHS:]
    languages = sorted(total["language"].items(), key=lambda item: (-item[1], item[0]))
    return Coverage(
        months=tuple(Count(what=month, claims=claims) for month, claims in months),
        languages=tuple(Count(what=language, claims=claims) for language, claims in languages),
        roots=_roots(total["root"]),
    )


def proposal_coverage(collections: Mapping[UUID, str]) -> ProposalCoverage:
    """Return the kept counts of proposals of some collections, which have these names."""
    by_month, by_person, by_collection, everything = (_Tally() for _ in range(4))
    for row in CoverageCounts.objects.filter(collection__in=list(collections)):
        for kind in OF_PROPOSALS:
            for key, number in row.counts.get(kind, {}).items():
                month, _, person = key.partition(" ")
                by_month.add(month, kind, number)
                by_person.add(person, kind, number)
                by_collection.add(collections[row.collection], kind, number)
                everything.add("", kind, number)
    return ProposalCoverage(
        all=next(iter(everything.counts()), None),
        months=by_month.counts()[-MONTHS:],
        people=by_person.counts(),
        collections=by_collection.counts(),
    )


class _Tally:
    """Adds up the claims that a reader proposed, and those entered unchanged, by some key."""

    def __init__(self) -> None:
        self._numbers: dict[Kind, Counter[str]] = {kind: Counter() for kind in OF_PROPOSALS}

    def add(self, what: str, kind: Kind, number: int) -> None:
        self._numbers[kind][what] += number

    def counts(self) -> tuple[ProposalCount, ...]:
        """The counts in the order of their keys."""
        proposed, unchanged = (self._numbers[kind] for kind in OF_PROPOSALS)
        return tuple(
            ProposalCount(what=what, proposed=number, unchanged=unchanged[what])
            for what, number in sorted(proposed.items())
        )


def _roots(claims: Counter[str]) -> tuple[RootCount, ...]:
    roots = [
        RootCount(id=key, name=name, ownership=ownership, claims=claims[str(key)])
        for key, name, ownership in select(_ROOTS, [list(claims)])
    ]
    return tuple(sorted(roots, key=lambda root: (-root.claims, root.name, root.id)))
