"""Pairs of countries with a day each: their levels by structural-1, from the tables that come with
the program."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from tracker.domain.structural_tables import editions, on_record, pair_of
from tracker.imports.formats import headed, pair_levels
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.countries import names
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.pair_levels import PairLines

_WANTED = ("country_1", "country_2", "as_of")


class PairDay(NamedTuple):
    """A pair such as "KAZ-RUS", and the day as of which its level is wanted; None for the newest
    that the tables give."""

    pair: str
    as_of: date | None = None


def written(pairs: Iterable[PairDay]) -> bytes:
    """A file of this format with some pairs."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_WANTED)
    for pair, as_of in pairs:
        rows.writerow([*pair.split("-"), as_of or ""])
    return text.getvalue().encode()


def _matches(head: FileHead) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return headed.drafts_of(headed.read_headed(stream, _WANTED, missing=()), _level)


def _level(row: NamedRow) -> DraftClaim | InvalidRow:
    pair, as_of = _pair(row), _day(row)
    found = pair_levels.assessed(on_record(pair), editions(), as_of)
    return pair_levels.draft(pair, found, editions(), PairLines(row.line, row.cells, "country_1"))


def _pair(row: NamedRow) -> str:
    codes = [row.cells[column] for column in _WANTED[:2]]
    for column, code in zip(_WANTED, codes, strict=False):
        if code not in names():
            reason = "is not the ISO code of a country with three letters, such as KAZ"
            raise BadCell(column, code, reason)
    if codes[0] == codes[1]:
        raise BadCell("country_2", codes[1], "is the same country as country_1")
    return pair_of(*codes)


def _day(row: NamedRow) -> date | None:
    text = row.cells["as_of"]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadCell("as_of", text, "is not a day such as 2020-12-31") from None


FORMAT = ImportFormat(
    name="structural",
    description="pairs of countries, each with the day as of which it gets its level",
    collection=pair_levels.COLLECTION,
    matches=_matches,
    rows=_read,
    header=_WANTED,
)
