"""A claim with everything that it refers to by name, as people read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled

from tracker import log
from tracker.domain import certainty, codebooks
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codes import Code
from tracker.domain.dates import edtf, words
from tracker.domain.disclosure import Reader
from tracker.domain.forecasts import brier
from tracker.domain.problems import BadParameter
from tracker.domain.records import Party, dated
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries.claims import disclosure, listing
from tracker.queries.claims import listing as claim_listing
from tracker.queries.claims.listing import Filed, Filters
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores.forecasts import forecast
from tracker.queries.sql import select

type Records = Mapping[UUID, f.State]
type Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParty:
    party: Party
    actor: f.ActorState


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A source in a chain, with the grade that was in force on the document's date."""

    source: f.SourceState
    name: str
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCitation:
    """`provenance` goes from the document's publisher to the root."""

    citation: Citation
    document: f.DocumentState
    provenance: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVerdict:
    verdict: e.VerdictGiven
    judge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLink:
    """`title` is that of the claim at the other end."""

    link: f.LinkState
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDate:
    """When it happened, with the first and the last day that this can mean, and in words."""

    occurred: Occurred
    bounds: edtf.Bounds
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedForecast:
    """How a forecast turned out, and its Brier score: none where it is void or came without a
    likelihood."""

    resolution: e.ForecastResolved
    brier: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that can be said of a claim, without what it moves."""

    filed: Filed
    collection: f.CollectionState
    parties: tuple[NamedParty, ...]
    citations: tuple[NamedCitation, ...]
    verdicts: tuple[NamedVerdict, ...]
    links: tuple[NamedLink, ...]

    @property
    def claim(self) -> Claim:
        return self.filed.state.claim

    @property
    def dated(self) -> ClaimDate | None:
        """None where the date is unknown."""
        occurred = self.claim.occurred
        if occurred is None:
            return None
        return ClaimDate(
            occurred=occurred,
            bounds=edtf.bounds(occurred.edtf),
            says=words.describe(occurred.edtf),
        )

    @property
    def resolved(self) -> ResolvedForecast | None:
        """None for what is no forecast, or not resolved yet."""
        resolution = self.filed.state.resolution
        if resolution is None:
            return None
        return ResolvedForecast(resolution=resolution, brier=brier(forecast(self.filed.state)))

    @property
    def coded(self) -> Code | None:
        return codebooks.find(self.claim.code) if self.claim.code else None


def sheet(claim_id: UUID, *, reader: Reader, as_of: At) -> Sheet | None:
    """Give a claim's sheet as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    filed = claim_listing.filed(claim_id, as_of=as_of, reader=reader)
    at = as_of.past
    return _sheets([filed], at=at, reader=reader)[0] if filed else None


def sheets_at(claim_ids: Iterable[UUID], position: int, *, reader: Reader) -> dict[UUID, Sheet]:
    """Give the sheets of claims as they stood at a position, by id."""
    filed = claim_listing.filed_as_of(claim_ids, position, reader=reader)
    found = _sheets(filed, at=position, reader=reader)
    return {one.filed.state.id: one for one in found}


def page(
    filters: Filters,
    *,
    after: UUID | None,
    limit: int,
    reader: Reader,
    as_of: At,
) -> list[Sheet]:
    """Give the sheets of up to `limit` claims that follow the id `after`, in id order; with a
    position those that fitted then, as they stood then."""
    found = claim_listing.listing(filters, after=after, limit=limit, reader=reader, at=as_of.past)
    return _sheets(found, at=as_of.past, reader=reader)


def _sheets(filed: Sequence[Filed], *, at: int | None, reader: Reader) -> list[Sheet]:
    """Look up by name what the claims refer to, with as many questions for many as for one."""
    found = states.records({one for each in filed for one in _referred(each)}, at=at)
    documents = (one for one in found.values() if isinstance(one, f.DocumentState))
    publishers = {one.document.source for one in documents} - found.keys()
    found |= states.records(publishers, at=at)
    ends = {end for each in filed for link in each.links for end in (link.from_, link.to)}
    names = states.names(found, at=at)
    titles = claim_listing.titles(ends, at=at, reader=reader)
    return [_sheet(each, found, names, titles) for each in filed]


def _referred(filed: Filed) -> Iterable[UUID]:
    claim = filed.state.claim
    yield claim.collection
    yield from (party.actor for party in claim.parties)
    for citation in claim.citations:
        yield citation.document
        yield from citation.chain
    yield from (one.source for one in filed.state.verdicts if one.source)


def _sheet(filed: Filed, found: Records, names: Names, titles: Names) -> Sheet:
    state = filed.state
    return Sheet(
        filed=filed,
        collection=found[state.claim.collection],  # type: ignore[arg-type] # checked when written
        parties=tuple(
            NamedParty(party=one, actor=found[one.actor])  # type: ignore[arg-type] # as above
            for one in state.claim.parties
        ),
        citations=tuple(_citation(one, found, names) for one in state.claim.citations),
        verdicts=tuple(
            NamedVerdict(verdict=one, judge=names[one.source] if one.source else "the desk")
            for one in state.verdicts
        ),
        links=tuple(
            NamedLink(link=link, title=titles[link.to if link.from_ == state.id else link.from_])
            for link in filed.links
        ),
    )


def _citation(citation: Citation, found: Records, names: Names) -> NamedCitation:
    document = found[citation.document]
    assert isinstance(document, f.DocumentState)  # noqa: S101 # checked when it was written
    day = dated(document.document)
    chain = (document.document.source, *citation.chain)
    return NamedCitation(
        citation=citation,
        document=document,
        provenance=tuple(_witness(one, found, names, day) for one in chain),
    )


def _witness(source: UUID, found: Records, names: Names, day: date | None) -> Witness:
    state = found[source]
    assert isinstance(state, f.SourceState)  # noqa: S101 # checked when it was written
    grade = certainty.grade_in_force(state.ratings, on=day)
    return Witness(source=state, name=names[source], grade=grade)


_DOCUMENTS = (
    "SELECT id, name, state #>> '{document,date}' FROM standing_record WHERE noun = 'document'"
    " AND state #>> '{document,source}' = %(source)s"
    " ORDER BY state #>> '{document,date}' DESC NULLS LAST, name, id LIMIT %(limit)s"
)
_ABOUT = (
    "SELECT id FROM standing_claim WHERE {shown} AND latest IS NOT NULL AND actors && %(actors)s"
    " ORDER BY latest DESC NULLS LAST, id DESC LIMIT %(limit)s"
)
_FROM = (
    "SELECT id FROM standing_claim WHERE {shown} AND documents @> ARRAY[%(document)s::uuid]"
    " ORDER BY earliest, id LIMIT %(limit)s"
)
_ROOTED = (
    "SELECT id FROM standing_claim WHERE {shown} AND sources @> ARRAY[%(source)s::uuid]"
    " ORDER BY latest DESC NULLS LAST, id LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLabel:
    """A document by its title, with its date as EDTF."""

    id: UUID
    title: str
    date: str | None


def documents_of(source: UUID, *, limit: int) -> list[DocumentLabel]:
    """Give the documents that a source published, the latest first."""
    rows = _ask(_DOCUMENTS, source=str(source), limit=limit)
    return [DocumentLabel(id=key, title=name, date=day) for key, name, day in rows]


def claims_about(actors: Iterable[UUID], *, limit: int, reader: Reader) -> list[Filed]:
    """Give the dated claims that name any of some actors, the latest first."""
    return _filed(_ABOUT, reader, limit=limit, actors=list(actors))


def claims_from(document: UUID, *, limit: int, reader: Reader) -> list[Filed]:
    """Give the claims that cite a document, the earliest first."""
    return _filed(_FROM, reader, limit=limit, document=document)


def claims_rooted(source: UUID, *, limit: int, reader: Reader) -> list[Filed]:
    """Give the claims in whose chains a source stands behind the publisher, the latest first."""
    return _filed(_ROOTED, reader, limit=limit, source=source)


def _filed(question: str, reader: Reader, **given: Any) -> list[Filed]:
    """The first claims that a question finds and that may be shown, in its order."""
    position = log.head().position
    shown = disclosure.condition("standing_claim.id", at=position, reader=reader)
    order = [row[0] for row in _ask(question.format(shown=shown), **given)]
    found = {one.state.id: one for one in listing.filed_as_of(order, position, reader=reader)}
    return [found[key] for key in order if key in found]


def _ask(question: str, **given: Any) -> Sequence[Any]:
    return list(select(question, given))


# Of a document's claims so many are put into the order of the log.
MOST_ORDERED = 1_000
# How long those of feeds are looked for.
PATIENCE = "3s"
_OF_FEEDS = (
    "SELECT id, collection FROM standing_claim WHERE {shown}"
    " AND documents @> ARRAY[%(document)s::uuid] AND collection <> ALL(%(people)s::uuid[])"
    " LIMIT %(limit)s"
)


class TooMany(BadParameter):
    """There are too many claims on record to look through all of them."""

    parameter = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClaim:
    """A claim from a document, with its sentence as it must be printed."""

    id: UUID
    title: str
    kind: str
    code: str | None
    status: str
    edtf: str
    basis: str


def from_document(document: UUID, *, limit: int, reader: Reader) -> list[DocumentClaim]:
    """Give up to `limit` claims that cite a document, the latest recorded first."""
    rows = disclosure.disclosed(_rows(document), at=None, reader=reader)
    ids = rows.order_by("-id").values_list("id", flat=True)[:MOST_ORDERED]
    latest = sorted(log.firsts(ids), key=lambda one: -one.position)
    return _listed([one.stream for one in latest[:limit]], reader)


def _listed(ids: list[UUID], reader: Reader) -> list[DocumentClaim]:
    """Claims as they are listed, in the order given."""
    dated = ("state__claim__occurred__edtf", "state__claim__occurred__basis")
    asked = ("id", "kind", "code", "status", *dated)
    rows = {row[0]: row for row in StandingClaim.objects.filter(id__in=ids).values_list(*asked)}
    titles = listing.titles(ids, reader=reader)
    return [
        DocumentClaim(
            id=key,
            title=titles[key],
            kind=kind,
            code=code,
            status=status,
            edtf=edtf or "",
            basis=basis or "stated",
        )
        for key, kind, code, status, edtf, basis in (rows[one] for one in ids if one in rows)
    ]


def count_citing(document: UUID, *, reader: Reader) -> int:
    """How many claims cite a document."""
    return disclosure.disclosed(_rows(document), at=None, reader=reader).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A collection of machines, and its claims from a document. `total` is no more than was asked
    for."""

    name: str
    total: int
    claims: list[DocumentClaim]


def from_feeds(document: UUID, *, limit: int, shown: int, reader: Reader) -> list[Feed]:
    """Give how many of up to `limit` claims that cite a document each feed brought, by its name,
    with the first `shown` of each.

    :raises TooMany:
    """
    found: dict[UUID, list[UUID]] = {}
    for claim, collection in _of_feeds(document, limit, reader):
        found.setdefault(collection, []).append(claim)
    names = by_machines()
    feeds = [
        Feed(name=names[key], total=len(ids), claims=_listed(sorted(ids)[:shown], reader))
        for key, ids in found.items()
    ]
    return sorted(feeds, key=lambda one: one.name)


def _of_feeds(document: UUID, limit: int, reader: Reader) -> list[tuple[UUID, UUID]]:
    given: dict[str, Any] = {"document": document, "people": [*by_people()], "limit": limit}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            shown = disclosure.condition("standing_claim.id", at=None, reader=reader)
            cursor.execute(_OF_FEEDS.format(shown=shown), given)
            return list(cursor.fetchall())
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        raise TooMany(str(problem)) from problem


def by_machines() -> dict[UUID, str]:
    """The names of the collections that feeds bring claims into, by id."""
    return _coded("machine")


def by_people() -> dict[UUID, str]:
    """The names of the collections that people enter claims into, by id."""
    return _coded("curated")


def _coded(coding: str) -> dict[UUID, str]:
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding=coding)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def _rows(document: UUID) -> QuerySet[StandingClaim]:
    return StandingClaim.objects.filter(collection__in=by_people(), documents__contains=[document])
