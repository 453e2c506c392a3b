"""Claims as they stood at a position: a line as our API gives it, and a row for spreadsheets."""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.domain.fields import of
from tracker.exports import claimlines
from tracker.exports.later import Later
from tracker.exports.referred import Referred
from tracker.exports.tables import Column, Facts, Table
from tracker.queries.claims import detail, listing
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import Filters

PAGE = 500
_PLACED = (
    Column(name="id"),
    Column(name="version", type="integer", says="how many events the claim has"),
    Column(name="status", says="standing or retracted"),
    Column(name="review", says="accepted or rejected, where the collection asks for a review"),
    Column(name="title", says="the sentence as it must be printed, with speaker and verdict"),
    Column(name="collection"),
    Column(name="key", says="what names the claim in the table it came from"),
    Column(name="kind", says="act, situation, measure, assessment or forecast"),
    Column(name="summary"),
    Column(name="initiators", type="texts", says="who acts: codes of countries, or names"),
    Column(name="recipients", type="texts", says="to whom it is done"),
    Column(name="affected", type="texts"),
    Column(name="about", type="texts"),
    Column(name="code", says="scheme, edition and code of the act"),
    Column(name="value", type="number", unit="−10..10", says="of the code in its scheme"),
    Column(name="contexts", type="texts"),
    Column(name="polarity"),
    Column(name="modality"),
    Column(name="condition"),
    Column(name="occurred", unit="EDTF", says="when it happened"),
    Column(name="earliest", type="day", says="the first day that this can mean"),
    Column(name="latest", type="day", says="the last day that this can mean"),
    Column(name="phrase", says="the date as the source wrote it"),
    Column(name="basis", says="whether the date is stated, inferred or that of the publication"),
    Column(name="strength", says="how much of the act is reported: weak, partial or full"),
    Column(name="likelihood", unit="ICD 203 bands", says="where the source itself judges"),
    Column(name="hedge"),
    Column(name="magnitude", type="number", unit="as magnitude_unit says"),
    Column(name="magnitude_unit"),
    Column(name="magnitude_change", type="flag", says="a change against the baseline"),
    Column(name="magnitude_baseline", unit="EDTF"),
    Column(name="documents", type="texts", says="what is cited: addresses, or titles"),
    Column(name="stances", type="texts", says="of each document: supports or denies"),
    Column(name="publishers", type="texts", says="of each document"),
    Column(name="roots", type="texts", says="of each document, where its chain of sources ends"),
    Column(name="resolves_by", unit="EDTF", says="of a forecast"),
    Column(name="criterion"),
    Column(name="outcome", says="how a forecast turned out"),
    Column(name="tags", type="texts"),
    Column(name="note"),
    Column(name="asserted_at", type="moment", says="when it was put on record"),
    Column(name="asserted_by"),
    Column(name="changed_at", type="moment", says="when its last event was recorded"),
    Column(name="position", type="integer", says="of its last event in the log"),
)
_PLACES = {"parties", "citations", *(column.name for column in _PLACED)}
# Fields of a claim that nothing above says more of.
_FURTHER = tuple(one for one in of(Claim) if one.key not in _PLACES and not one.type.is_record)
COLUMNS = (
    *_PLACED,
    *(
        Column(name=one.key, type="texts" if one.type.of is tuple else "text", says=one.type.doc)
        for one in _FURTHER
    ),
)


NESTED = (
    "each line is a claim as GET /api/v1/claims/{id}/ gives it as of the position;"
    " /api/v1/openapi.json describes its fields; records is what else another log needs to take it"
    " in: the events that describe the actors, sources and documents that it names"
)


class Page:
    """Claims that are read at once. What they refer to is read when it is asked for."""

    def __init__(self, ids: Sequence[UUID], *, position: int, reader: Reader) -> None:
        self.sheets = list(detail.sheets_at(ids, position, reader=reader).values())
        self._position, self._reader = position, reader

    @cached_property
    def referred(self) -> Referred:
        return Referred(self.sheets, self.later, position=self._position)

    @cached_property
    def later(self) -> Later:
        return Later(self.sheets, position=self._position, reader=self._reader)


class Paged(NamedTuple):
    """A claim, and the page that it is on."""

    sheet: Sheet
    page: Page


def table(facts: Facts, collection: UUID | None, *, reader: Reader) -> Table[Paged]:
    """The claims of a collection, or all, in the order of their ids."""
    filters = Filters(collection=collection)
    return Table(
        name="claims",
        title="Claims with their parties, dates and citations",
        facts=facts,
        columns=COLUMNS,
        rows=_paged(filters, position=facts.position, reader=reader),
        line=_line,
        row=_row,
        total=listing.count(filters, reader=reader),
        nested=NESTED,
    )


def _paged(filters: Filters, *, position: int, reader: Reader) -> Iterator[Paged]:
    """Page by page, each read as of the position, so that writes meanwhile change nothing."""
    after = None
    while ids := listing.identifiers(filters, after=after, limit=PAGE, reader=reader):
        page = Page(ids, position=position, reader=reader)
        for sheet in page.sheets:
            yield Paged(sheet, page)
        after = ids[-1]


def _line(one: Paged) -> str:
    said = json.dumps(claimlines.plain(one.sheet), ensure_ascii=False, separators=(",", ":"))
    records, later = one.page.referred.records(one.sheet), one.page.later.events(one.sheet)
    return f'{said[:-1]},"records":{records},"later":{later}}}'


def _row(one: Paged) -> tuple[Any, ...]:
    """The cells of a claim, in the order of `COLUMNS`."""
    sheet = one.sheet
    further = (getattr(sheet.claim, field.name) for field in _FURTHER)
    return (*_filed(sheet), *_said(sheet), *_told(sheet), *_known(sheet), *further)


def _filed(sheet: Sheet) -> tuple[Any, ...]:
    """Under what it is on record."""
    filed = sheet.filed
    return (
        str(filed.state.id),
        filed.version,
        filed.state.status,
        filed.state.review,
        filed.title,
        sheet.collection.collection.name,
    )


def _said(sheet: Sheet) -> tuple[Any, ...]:
    """What is claimed, of whom, and when."""
    claim, dated, size = sheet.claim, sheet.dated, sheet.claim.magnitude
    return (
        claim.key,
        claim.kind,
        claim.summary,
        *(_parties(sheet, role) for role in ("initiator", "recipient", "affected", "about")),
        claim.code,
        sheet.coded.value if sheet.coded else None,
        claim.contexts,
        claim.polarity,
        claim.modality,
        claim.condition,
        claim.occurred.edtf if claim.occurred else None,
        dated.bounds.earliest if dated else None,
        dated.bounds.latest if dated else None,
        claim.occurred.phrase if claim.occurred else None,
        claim.occurred.basis if claim.occurred else None,
        claim.strength.grade if claim.strength else None,
        claim.likelihood,
        claim.hedge,
        float(size.value) if size else None,
        size.unit if size else None,
        size.change if size else None,
        size.baseline if size else None,
    )


def _told(sheet: Sheet) -> tuple[list[str], ...]:
    """Where it is told: in each document, how, by whom first and by whom at the root."""
    return (
        [one.document.document.url or one.document.document.title for one in sheet.citations],
        [one.citation.stance for one in sheet.citations],
        [one.provenance[0].name for one in sheet.citations],
        [one.provenance[-1].name for one in sheet.citations],
    )


def _known(sheet: Sheet) -> tuple[Any, ...]:
    """What came of it, what is noted, and when it was recorded."""
    claim, filed, found = sheet.claim, sheet.filed, sheet.filed.state.resolution
    return (
        claim.resolves_by,
        claim.criterion,
        found.outcome if found else None,
        claim.tags,
        claim.note,
        filed.first.recorded_at,
        filed.first.recorded_by,
        filed.last.recorded_at,
        filed.last.position,
    )


def _parties(sheet: Sheet, role: str) -> list[str]:
    return [
        one.actor.actor.code or one.actor.actor.name
        for one in sheet.parties
        if one.party.role == role
    ]
