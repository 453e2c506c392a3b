"""Levels of pairs by structural-1, as drafts of claims."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from tracker.domain.claims import Basis
from tracker.domain.codec import Plain
from tracker.domain.facts import rows
from tracker.domain.records import Collection
from tracker.domain.structural import VERSION, Assessment, PairRecord, Row, Table, assess
from tracker.domain.structural_tables import Edition
from tracker.imports.formats.drafts import DraftCitation, DraftClaim, NamedParty, NamedSource

# The tables have rules of coding that are published, and were reviewed: usually reliable, probably
# true. What a rung leaves open is in its sd.
COLLECTION = Collection(
    name="structural",
    coding="curated",
    review=False,
    description=(
        "The levels at which pairs of countries start, by the rivalries, pacts, disputes and"
        f" memberships on record of them ({VERSION})."
    ),
    default_reliability="B",
    default_credibility=2,
)
_BASIS: Basis = "stated"

type Editions = Mapping[Table, Edition]


class PairLines(NamedTuple):
    """Where a file names a pair: the line, its cells, and the column that errors name."""

    line: int
    cells: Mapping[str, str]
    column: str


def assessed(record: PairRecord, editions: Editions, as_of: date | None = None) -> Assessment:
    """The rung of a pair by tables of these editions."""
    known = {table: edition.known_until for table, edition in editions.items()}
    return assess(record, known, as_of)


def draft(pair: str, found: Assessment, editions: Editions, at: PairLines) -> DraftClaim:
    """A level as a claim, which cites the rows that it rests on."""
    key = f"{VERSION} {pair} {found.day}"
    first, *others = (_citation(row, editions[row.table]) for row in found.rows)
    return DraftClaim(
        line=at.line,
        key=key,
        fields=_fields(key, pair, found),
        parties=tuple(
            NamedParty(role="about", name=code, column=at.column) for code in pair.split("-")
        ),
        citation=first.citation,
        document=first.document,
        publisher=first.publisher,
        chain=(),
        columns={"/key": at.column},
        cells=at.cells,
        more_citations=tuple(others),
    )


def _fields(key: str, pair: str, found: Assessment) -> Plain:
    return {
        "kind": "level",
        "key": key,
        "summary": f"{_names(pair)}: {found.summary[0].lower()}{found.summary[1:]}",
        "occurred": {"edtf": found.day.isoformat(), "basis": _BASIS},
        "level": {"rung": found.term},
        "note": f"{found.term}: {found.rung.record}.",
    }


def _names(pair: str) -> str:
    """The English names of a pair's countries, or its codes if the reference lacks one."""
    names = {row["iso3"]: row["name"] for row in rows("countries")} | _IN_FULL
    first, second = pair.split("-")
    text = f"{names.get(first, first)} and {names.get(second, second)}"
    return text[:1].upper() + text[1:]


# Full names, for sentences, of countries that the reference abbreviates.
_IN_FULL = {"GBR": "the United Kingdom", "USA": "the United States"}


def _citation(row: Row, edition: Edition) -> DraftCitation:
    return DraftCitation(
        citation={"locator": row.locator},
        document={"title": edition.title},
        publisher=NamedSource(name=edition.publisher, kind="organisation"),
        chain=(),
    )
