"""Loads the levels at which pairs of countries start, by structural-1, as an import of pairs and
days. A second run adds nothing, and `withdraw-import` takes a run back."""

import io
from collections.abc import Iterable
from datetime import date
from itertools import combinations

from tracker.domain.structural import VERSION, pair_of
from tracker.imports.files import SILENT, ImportOptions, import_file
from tracker.imports.formats import pair_levels
from tracker.imports.formats.pair_levels import PairDay
from tracker.imports.runs import Author, Observer, Report


def among(countries: Iterable[str], as_of: date | None = None) -> list[PairDay]:
    """All pairs of some countries, by their ISO codes in any case, as of a day."""
    codes = sorted({code.strip().upper() for code in countries})
    return [PairDay(pair_of(*two), as_of) for two in combinations(codes, 2)]


def load(pairs: Iterable[PairDay], *, author: Author, observer: Observer = SILENT) -> Report:
    """Record the level of each pair as of its day, or as of the newest day that the tables give.

    A pair with a code of no country is refused as a row.

    :raises LogBusy: :raises VersionConflict: what is written until then stays; run it again.
    """
    return import_file(
        io.BytesIO(pair_levels.written(pairs)),
        name=f"{VERSION} of pairs",
        author=author,
        options=ImportOptions(format=pair_levels.LISTED.name),
        observer=observer,
    )
