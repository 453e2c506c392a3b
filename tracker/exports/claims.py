"""Claims as of a position: a line as the API returns it, and a row for spreadsheets."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple, get_args
from uuid import UUID

from tracker.domain.claims import Claim, Kind
from tracker.domain.disclosure import Reader
from tracker.domain.fields import of
from tracker.exports import claimlines
from tracker.exports.references import FollowUps, References
from tracker.exports.tables import Column, Table, TableFacts, optional
from tracker.queries.claims import detail, listing
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import Filters

PAGE = 500


class ClaimChunk:
    """Claims that are read together. What they refer to is read when it is needed."""

    def __init__(self, ids: Sequence[UUID], *, position: int, reader: Reader) -> None:
        self.sheets = list(detail.sheets_at(ids, position, reader=reader).values())
        self._position, self._reader = position, reader

    @cached_property
    def references(self) -> References:
        return References(self.sheets, self.follow_ups, position=self._position)

    @cached_property
    def follow_ups(self) -> FollowUps:
        return FollowUps(self.sheets, position=self._position, reader=self._reader)


class ClaimRow(NamedTuple):
    """A claim, and the page that it is on."""

    sheet: Sheet
    page: ClaimChunk


def _parties(name: str, role: str, doc: str = "") -> Column:
    def cell(row: ClaimRow) -> list[str]:
        actors = [named.actor.actor for named in row.sheet.parties if named.party.role == role]
        return [actor.code or actor.name for actor in actors]

    return Column(name=name, type="texts", doc=doc, cell=cell)


def _cited(name: str, doc: str, value: Callable[[detail.NamedCitation], str]) -> Column:
    def cell(row: ClaimRow) -> list[str]:
        return [value(citation) for citation in row.sheet.citations]

    return Column(name=name, type="texts", doc=doc, cell=cell)


def _column(path: str, name: str = "", **options: Any) -> Column:
    cell = optional(f"sheet.{path}")
    return Column(name=name or path.rpartition(".")[2], cell=cell, **options)


def _magnitude(row: ClaimRow) -> float | None:
    magnitude = row.sheet.claim.magnitude
    return float(magnitude.value) if magnitude else None


def _address(citation: detail.NamedCitation) -> str:
    document = citation.document.document
    return document.url or document.title


_DECLARED = (
    Column(name="id", cell=lambda row: str(row.sheet.filed.state.id)),
    _column("filed.version", type="integer", doc="the number of events of the claim"),
    _column("filed.state.status", doc="standing or retracted"),
    _column("filed.state.review", doc="accepted or rejected, if the collection requires a review"),
    _column("filed.title", doc="the sentence as it must be printed, with speaker and verdict"),
    _column("collection.collection.name", "collection"),
    _column("claim.key", doc="the key of the claim in the table that it was imported from"),
    _column("claim.kind", doc=", ".join(get_args(Kind))),
    _column("claim.summary"),
    _parties("initiators", "initiator", "who acts: codes of countries, or names"),
    _parties("recipients", "recipient", "to whom the act is done"),
    _parties("affected", "affected"),
    _parties("about", "about"),
    _column("claim.code", doc="scheme, edition and code of the act"),
    _column("coded.value", type="number", unit="−10..10", doc="of the code in its scheme"),
    _column("claim.contexts", type="texts"),
    _column("claim.polarity"),
    _column("claim.modality"),
    _column("claim.condition"),
    _column("claim.occurred.edtf", "occurred", unit="EDTF", doc="when it happened"),
    _column("dated.bounds.earliest", type="day", doc="the first day that the date can mean"),
    _column("dated.bounds.latest", type="day", doc="the last day that the date can mean"),
    _column("claim.occurred.phrase", doc="the date as the source wrote it"),
    _column(
        "claim.occurred.basis", doc="whether the date is stated, inferred or that of publication"
    ),
    _column(
        "claim.strength.grade",
        "strength",
        doc="how much of the act is reported: weak, partial or full",
    ),
    _column("claim.likelihood", unit="ICD 203 bands", doc="if the source itself judges"),
    _column("claim.hedge"),
    Column(name="magnitude", type="number", unit="as in magnitude_unit", cell=_magnitude),
    _column("claim.magnitude.unit", "magnitude_unit"),
    _column(
        "claim.magnitude.change",
        "magnitude_change",
        type="flag",
        doc="a change against the baseline",
    ),
    _column("claim.magnitude.baseline", "magnitude_baseline", unit="EDTF"),
    _column(
        "claim.level.mean",
        "level",
        type="number",
        unit="−9..9",
        doc="of a claim of kind level, or of the rung that it names",
    ),
    _column("claim.level.doubt", "level_sd", type="number", unit="points", doc="its sd"),
    _column(
        "claim.level.rung",
        "rung",
        doc="a named level with its sd, such as structural-1/pact; docs/presets.md lists them",
    ),
    _cited("documents", "the cited documents: addresses, or titles", _address),
    _cited("stances", "of each document: supports or denies", attrgetter("citation.stance")),
    _cited("publishers", "of each document", lambda citation: citation.provenance[0].name),
    _cited(
        "roots",
        "of each document: where its chain of sources ends",
        lambda citation: citation.provenance[-1].name,
    ),
    _column("claim.resolves_by", unit="EDTF", doc="of a forecast"),
    _column("claim.criterion"),
    _column("filed.state.resolution.outcome", doc="the outcome of a forecast"),
    _column("claim.tags", type="texts"),
    _column("claim.note"),
    _column("filed.first.recorded_at", "asserted_at", type="moment", doc="when it was recorded"),
    _column("filed.first.recorded_by", "asserted_by"),
    _column(
        "filed.last.recorded_at",
        "changed_at",
        type="moment",
        doc="when its last event was recorded",
    ),
    _column("filed.last.position", type="integer", doc="of its last event in the log"),
)
_NAMES = {"parties", "citations", *(column.name for column in _DECLARED)}
# A field that is added to the domain gets its column here.
COLUMNS = (
    *_DECLARED,
    *(
        _column(
            f"claim.{field.name}",
            field.key,
            type="texts" if field.type.of is tuple else "text",
            doc=field.type.doc,
        )
        for field in of(Claim)
        if field.key not in _NAMES and not field.type.is_record
    ),
)
NESTED = (
    "each line is a claim as GET /api/v1/claims/{id}/ returns it as of the position;"
    " /api/v1/openapi.json describes its fields; `records` has the events that describe the actors,"
    " sources and documents that it refers to, which another log needs to import it"
)


def table(facts: TableFacts, collection: UUID | None, *, reader: Reader) -> Table[ClaimRow]:
    """The claims of a collection, or all, ordered by id."""
    filters = Filters(collection=collection)
    return Table(
        name="claims",
        title="Claims with their parties, dates and citations",
        facts=facts,
        columns=COLUMNS,
        rows=_rows(filters, position=facts.position, reader=reader),
        line=_line,
        total=listing.count(filters, reader=reader),
        nested=NESTED,
    )


def _rows(filters: Filters, *, position: int, reader: Reader) -> Iterator[ClaimRow]:
    """Page by page, each read as of the position, so that concurrent writes change nothing."""
    after = None
    while ids := listing.identifiers(filters, after=after, limit=PAGE, reader=reader):
        page = ClaimChunk(ids, position=position, reader=reader)
        for sheet in page.sheets:
            yield ClaimRow(sheet, page)
        after = ids[-1]


def _line(row: ClaimRow) -> str:
    sheet, page = row
    claim = json.dumps(claimlines.plain(sheet), ensure_ascii=False, separators=(",", ":"))
    records, later = page.references.records(sheet), page.follow_ups.events(sheet)
    return f'{claim[:-1]},"records":{records},"later":{later}}}'
