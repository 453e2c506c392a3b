"""How often two states voted alike in the UN General Assembly in a year, of Bailey, Strezhnev and
Voeten (`AgreementScoresAll`): a measure of each pair and year.

It becomes no level: votes are about the world's questions, seldom about the other state, and what
share of them means which level could only be fitted to somebody's scores.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from tracker.domain.records import Collection
from tracker.domain.structural_tables import pair_of
from tracker.imports.formats import coded, headed
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.country_schemes import CountryScheme, state_names
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.headed import NamedRow

_WANTED = ("ccode1", "ccode2", "year", "agree")
_STATES = CountryScheme(scheme="cow")
_COLUMNS = {"/occurred": "year", "/magnitude": "agree", "/key": "ccode1"}
_PUBLISHER = NamedSource(name="Bailey, Strezhnev & Voeten", kind="organisation")
# Programs write few shares with an exponent.
_SHARE = re.compile(r"0|1|1\.0{1,20}|0?\.[0-9]{1,20}|[1-9](?:\.[0-9]{1,20})?[eE]-[0-9]{1,2}")
_TITLE = "United Nations General Assembly Voting Data: agreement scores of pairs"


def _matches(head: FileHead) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return headed.drafts_of(headed.read_headed(stream, _WANTED, missing=("NA",)), _draft)


def _draft(row: NamedRow) -> DraftClaim:
    year = coded.year(row.cells["year"])
    if not year:
        raise BadCell("year", row.cells["year"], "is not a year such as 2015")
    pair, percent = _pair(row, year), _percent(row)
    names = " and ".join(state_names()[code] for code in pair.split("-"))
    key = f"{pair} {year}"
    return DraftClaim(
        line=row.line,
        key=key,
        fields={
            "kind": "measure",
            "key": key,
            "summary": f"{names} voted alike in {percent} % of the votes in {year}.",
            "occurred": {"edtf": year, "basis": "stated"},
            "magnitude": {"value": percent, "unit": "% of votes alike"},
        },
        parties=tuple(
            NamedParty(role="about", name=code, column="ccode1", former=True)
            for code in pair.split("-")
        ),
        # The file has each pair in both orders, which give one claim.
        citation={"locator": f"{pair} in {year}"},
        document={"title": _TITLE},
        publisher=_PUBLISHER,
        chain=(),
        columns=_COLUMNS,
        cells=row.cells,
    )


def _pair(row: NamedRow, year: str) -> str:
    codes = [
        _STATES.in_cell(column, row.cells[column].removesuffix(".0"), year)
        for column in ("ccode1", "ccode2")
    ]
    if codes[0] == codes[1]:
        raise BadCell("ccode2", row.cells["ccode2"], "is the same country as the other")
    return pair_of(*codes)


def _percent(row: NamedRow) -> str:
    """A share from 0 to 1 as a percentage with one decimal."""
    text = row.cells["agree"]
    if not _SHARE.fullmatch(text):
        raise BadCell("agree", text, "is not a share from 0 to 1")
    return str((Decimal(text) * 100).quantize(Decimal("0.1")))


FORMAT = ImportFormat(
    name="un-votes",
    description="how often pairs of states voted alike in the UN by year, as agreement scores",
    collection=Collection(
        name="un-votes",
        coding="curated",
        review=False,
        description="How often two states voted alike in the UN General Assembly, by year.",
        default_reliability="B",
        default_credibility=2,
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
)
