"""What the record covers: claims a month, languages, and who the roots belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import codec, evidence
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import OPEN_END_DAYS
from tracker.domain.records import STATE_OWNED, Document
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import news
from tracker.queries.claims import disclosure, listing
from tracker.queries.claims.listing import Filed
from tracker.queries.moment import now
from tracker.queries.records import pair_names, states
from tracker.queries.scores import lenses
from tracker.queries.sql import select

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
    months = [Count(what=month, claims=claims) for month, claims in _counts(_MONTHS, asked)]
    return Coverage(
        months=tuple(reversed(months)),
        languages=tuple(
            Count(what=one, claims=claims) for one, claims in _counts(_LANGUAGES, asked)
        ),
        roots=tuple(
            Root(id=key, name=name, ownership=ownership or "", claims=claims)
            for key, name, ownership, claims in _counts(_ROOTS, asked)
        ),
    )


def _counts(statement: str, asked: dict[str, Any]) -> list[Any]:
    return list(select(statement, asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A claim that waits, with the version that a reviewer sees."""

    id: UUID
    version: int
    title: str
    kind: str
    code: str | None
    edtf: str
    collection: str
    quote: str


def reviewed_collections() -> dict[UUID, str]:
    """The collections that ask for review, by id."""
    rows = StandingRecord.objects.filter(noun="collection", state__collection__review=True)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def to_review(*, collection: UUID | None, limit: int, reader: Reader) -> list[ReviewItem]:
    """Give up to `limit` claims that wait, the oldest id first."""
    names = reviewed_collections()
    rows = list(_review_rows(names, collection).order_by("id")[:limit])
    titles = listing.titles((row.id for row in rows), reader=reader)
    held = {row.id: codec.build(f.ClaimState, row.state).claim for row in rows}
    return [
        ReviewItem(
            id=row.id,
            version=row.version,
            title=titles[row.id],
            kind=row.kind,
            code=row.code,
            edtf=occurred.edtf if (occurred := held[row.id].occurred) else "",
            collection=names[row.collection],
            quote=held[row.id].citations[0].quote,
        )
        for row in rows
    ]


def count_to_review(*, collection: UUID | None = None) -> int:
    """How many claims wait."""
    return _review_rows(reviewed_collections(), collection).count()


def _review_rows(names: dict[UUID, str], collection: UUID | None) -> QuerySet[StandingClaim]:
    wanted = [one for one in names if collection in (None, one)]
    return StandingClaim.objects.filter(
        collection__in=wanted, status="standing", state__review__isnull=True
    )


MOST_RECENT = 50
# Events of claims that are looked through for those that a lens sees.
STRETCH = 1_000
MOST_STRETCHES = 20
_OF_PAIR = (
    "SELECT last.stream FROM (SELECT one.claim FROM dependency one"
    " JOIN dependency other ON other.view = one.view AND other.claim = one.claim"
    " WHERE one.view = %(view)s AND one.stream = %(first)s AND other.stream = %(last)s"
    " UNION SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s) concerned"
    " CROSS JOIN LATERAL (SELECT stream, position FROM event WHERE stream = concerned.claim"
    " ORDER BY version DESC LIMIT 1) last WHERE {shown}"
    " ORDER BY last.position DESC LIMIT %(limit)s"
)


def recent_of_pair(pair: str, *, lens: str, reader: Reader) -> list[Filed]:
    """Give the claims that name both countries of a pair or ever moved it, the last changed first,
    as far as the lens's workers have looked at them.

    :raises lenses.NoSuchLens: :raises pair_names.NoSuchPair:
    """
    chosen = lenses.named(lens, position=now().position)
    one, other = pair_names.ends(*pair.split("-"))
    asked: dict[str, Any] = {
        "view": chosen.lens.view.id,
        "pair": pair,
        "first": one.id,
        "last": other.id,
        "limit": MOST_RECENT,
    }
    shown = disclosure.condition("last.stream", at=log.head().position, reader=reader)
    found = [row[0] for row in select(_OF_PAIR.format(shown=shown), asked)]
    return _recent(found, reader)


def recent_of_lens(lens: str, *, reader: Reader) -> list[Filed]:
    """Give the claims in a lens's collections, the last changed first.

    :raises lenses.NoSuchLens:
    """
    chosen = lenses.named(lens, position=now().position)
    wanted = news.NewsFilter(kinds=frozenset(news.CLAIM_KINDS.values()), lens=chosen.lens.name)
    head = log.head().position
    found: dict[UUID, None] = {}
    for _ in range(MOST_STRETCHES):
        after = max(head - STRETCH, 0)
        told = reversed(news.from_log(wanted, after=after, until=head))
        found |= {UUID(str(one.data["claim"])): None for one in told}
        head = after
        if len(found) >= MOST_RECENT or not head:
            break
    return _recent(list(found)[:MOST_RECENT], reader)


def _recent(streams: Iterable[UUID], reader: Reader) -> list[Filed]:
    found = listing.filed_as_of(streams, log.head().position, reader=reader)
    return sorted(found, key=lambda one: one.last.position, reverse=True)


MOST_TO_RECONFIRM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmItem:
    """A situation with an open end: the last day on which a document said that it goes on, and
    the day on which it ceased to count. Without a dated document its first day stands for one."""

    claim: UUID
    title: str
    since: date
    witnessed: date
    ceased: date


def to_reconfirm(today: date, *, reader: Reader) -> list[ReconfirmItem]:
    """Give the situations that ceased to count by a day for want of a witness, the first to cease
    first.

    Those that a newer claim supersedes, that were rejected or denied wait for nobody.
    """
    rows = StandingClaim.objects.filter(
        kind="situation", status="standing", latest=None, earliest__isnull=False
    ).order_by("earliest", "id")
    held = {row.id: codec.build(f.ClaimState, row.state) for row in rows[:MOST_TO_RECONFIRM]}
    superseded = _superseded(held)
    documents = _documents(held.values())
    found = [
        one
        for key, state in held.items()
        if key not in superseded and state.review != "rejected"
        if state.claim.polarity == "asserted"
        if (one := _to_reconfirm(state, documents)) is not None and one.ceased <= today
    ]
    titles = listing.titles((one.claim for one in found), reader=reader)
    ordered = sorted(found, key=lambda one: (one.ceased, one.claim))
    return [
        ReconfirmItem(
            claim=one.claim,
            title=titles[one.claim],
            since=one.since,
            witnessed=one.witnessed,
            ceased=one.ceased,
        )
        for one in ordered
    ]


def _to_reconfirm(state: f.ClaimState, documents: dict[UUID, Document]) -> ReconfirmItem | None:
    cited = evidence.cited_on([state], documents)
    try:
        span = evidence.span(state.claim, cited=cited)
    except evidence.NoImpact:
        return None
    witnessed = span.last - timedelta(days=OPEN_END_DAYS)
    ceased = span.last + timedelta(days=1)
    return ReconfirmItem(
        claim=state.id, title="", since=span.first, witnessed=witnessed, ceased=ceased
    )


def _superseded(held: Iterable[UUID]) -> set[UUID]:
    wanted = set(held)
    links = states.links(wanted, at=None)
    return {link.to for own in links.values() for link in own if link.type == "supersedes"} & wanted


def _documents(held: Iterable[f.ClaimState]) -> dict[UUID, Document]:
    wanted = {one.document for state in held for one in state.claim.citations}
    found = states.records(wanted, at=None)
    return {key: one.document for key, one in found.items() if isinstance(one, f.DocumentState)}
