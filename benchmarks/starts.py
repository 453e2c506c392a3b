"""From which level the scores of pairs start in a comparison with an expert's series.

`none`: nothing is known. `structural`: what data sets have on record of the pair as of the day
before its first event, by the rules of structural-1. `expert`: the expert's value of the month
before the first event, with an sd of .3.

A start is a claim of kind `level`.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from benchmarks import expert, records
from benchmarks.expert import Month
from benchmarks.options import Start
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Level, Occurred
from tracker.domain.records import Document, Party, Source
from tracker.domain.structural import assess, editions, on_record
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.formats import pair_levels
from tracker.imports.formats.pair_levels import PairDay
from tracker.imports.runs import Author, Observer
from tracker.operations import claims, sources
from tracker.queries.records import names

EXPERT_SD = "0.3"
_CITATION = "the expert's series, in the month before the pair's first event"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstEvent:
    """A pair, its two countries, and the day of its first event."""

    pair: str
    countries: tuple[UUID, UUID]
    day: date

    @property
    def month_before(self) -> Month:
        return expert.previous(expert.month_of(self.day))


def level(start: Start, first: FirstEvent, monthly: Mapping[Month, float]) -> float:
    """The level from which a pair starts; 0 where nothing is known."""
    if start == "expert":
        return monthly[first.month_before]
    if start == "structural":
        as_of = _day_before(first)
        return float(assess(on_record(first.pair), editions(), as_of).rung.value)
    return 0.0


def claim_levels(
    starts: Mapping[str, float], firsts: Sequence[FirstEvent], collection: UUID, *, at: datetime
) -> None:
    """Record the levels at which pairs start as claims of an expert."""
    author = Source(kind="person", name="The expert of the comparison")
    source = sources.describe_source(author, at=at, by=records.BY).stream
    rating = e.SourceRated(
        reliability="A", since=date(1900, 1, 1), reason="The series is what scores are held against"
    )
    sources.rate_source(source, rating, at=at, by=records.BY)
    title = Document(source=source, title="A monthly series of relations")
    document = sources.describe_document(title, at=at, by=records.BY).stream
    for first in firsts:
        claim = Claim(
            collection=collection,
            kind="level",
            parties=tuple(Party(actor=country, role="about") for country in first.countries),
            citations=(Citation(document=document, locator=_CITATION),),
            summary=f"The level of {first.pair} in the month before its first event.",
            occurred=Occurred(edtf=expert.last_day(first.month_before).isoformat()),
            level=Level(value=Decimal(f"{starts[first.pair]:.6f}"), sd=Decimal(EXPERT_SD)),
        )
        claims.assert_claim(claim, at=at, by=records.BY)


def import_structural(firsts: Sequence[FirstEvent], *, at: datetime) -> UUID:
    """Record the levels that data sets give. Returns their collection."""
    content = pair_levels.written(PairDay(one.pair, _day_before(one)) for one in firsts)
    files.import_file(
        io.BytesIO(content),
        name="structural.csv",
        author=Author(now=lambda: at, by=records.BY),
        options=ImportOptions(),
        observer=Observer(),
    )
    return names.directory("collection").find(pair_levels.COLLECTION.name).id


def _day_before(first: FirstEvent) -> date:
    return first.day - timedelta(days=1)
