"""Data sets whose rows become claims by the mappings in `fixtures/presets/`, and what each of them
needs besides: columns that the program computes from others of the row."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from tracker.domain.facts import FIXTURES
from tracker.imports.formats import coded, generic, headed, mappings, row_rules
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow, TableRow
from tracker.imports.formats.country_schemes import CountryScheme, state_names
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.packed import open_unpacked

# Programs write few shares with an exponent.
_SHARE = re.compile(r"0|1|1\.0{1,20}|0?\.[0-9]{1,20}|[1-9](?:\.[0-9]{1,20})?[eE]-[0-9]{1,2}")
_COUNT = re.compile(r"([0-9]{1,9})(?:\.0)?")
_SEVERAL = re.compile("[,;] ?")
# The deaths at least by UCDP's level of intensity.
_DEATHS = {"1": "25", "2": "1000"}
# The most of a place that a summary has, and of the list of sources that a note has.
_MOST_PLACE, _MOST_SOURCES = 200, 500

type Cells = Mapping[str, str]


def _votes(cells: Cells) -> Cells:
    """A pair in one order, and a share from 0 to 1 as a percentage with one decimal."""
    year, share = _year(cells), _matching(cells, "agree", _SHARE, "is not a share from 0 to 1")[0]
    found = _sides(cells, ("ccode1", "ccode2"), "cow", year).values()
    sides = dict(
        zip(("ccode1", "ccode2"), sorted(found, key=lambda side: [*side.values()]), strict=True)
    )
    return {
        "year": year,
        **{column: ",".join(side) for column, side in sides.items()},
        "names": _names(sides),
        "agree": str((Decimal(share) * 100).quantize(Decimal("0.1"))),
    }


def _dyads(cells: Cells) -> Cells:
    """The fighting begins on its first day if that is in the year."""
    year, begun = _year(cells), coded.day(cells["start_date2"])
    level = cells["intensity_level"]
    if level not in _DEATHS:
        raise BadCell("intensity_level", level, f"is none of: {', '.join(_DEATHS)}")
    return {
        "year": year,
        "start_date2": begun if begun[:4] == year else f"{year}-01-01",
        "intensity_level": _DEATHS[level],
        "edition": f", version {cells['version']}" if cells.get("version") else "",
    } | _fight(cells, ("gwno_a", "gwno_b"), f"{year}-01-01/{year}-12-31")


def _events(cells: Cells) -> Cells:
    """The day, or one day of several."""
    first, last = (
        coded.day_in(cells, column, such_as="2022-02-24") for column in ("date_start", "date_end")
    )
    if first > last:
        raise BadCell("date_end", cells["date_end"], f"is before date_start, {first}")
    edtf = first if first == last else f"[{first}..{last}]"
    where, sources = cells["where_coordinates"], cells["source_article"]
    return {
        "date_start": edtf,
        "best": _matching(cells, "best", _COUNT, "is not a number of deaths")[1],
        "place": f" at {where[:_MOST_PLACE]}" if where else "",
        "sources": f"; {sources[:_MOST_SOURCES]}" if sources else "",
    } | _fight(cells, ("gwnoa", "gwnob"), edtf)


def _fight(cells: Cells, columns: tuple[str, str], edtf: str) -> dict[str, str]:
    """The names of the states that fight, and their numbers as the mapping splits them."""
    sides = _sides(cells, columns, "gw", edtf)
    return {column: ",".join(side) for column, side in sides.items()} | {"names": _names(sides)}


def _sides(
    cells: Cells, columns: tuple[str, str], scheme: str, edtf: str
) -> Mapping[str, Mapping[str, str]]:
    """The states of two sides on a date, by the column and by the number.

    :raises BadCell: if a side has no state, or a state is on both.
    """
    sides: dict[str, dict[str, str]] = {}
    for column in columns:
        if not cells[column]:
            raise BadCell(column, "", "is empty: this side is no state")
        numbers = [part.removesuffix(".0") for part in _SEVERAL.split(cells[column])]
        states = CountryScheme(scheme=scheme)
        sides[column] = {one: states.in_cell(column, one, edtf) for one in dict.fromkeys(numbers)}
    first, second = (set(side.values()) for side in sides.values())
    if first & second:
        reason = "is on the other side too: these are not two countries"
        raise BadCell(columns[1], cells[columns[1]], reason)
    return sides


def _names(sides: Mapping[str, Mapping[str, str]]) -> str:
    """The sides in a sentence."""
    return " and ".join(
        ", ".join(dict.fromkeys(state_names()[code] for code in side.values()))
        for side in sides.values()
    )


def _year(cells: Cells) -> str:
    if not (year := coded.year(cells["year"])):
        raise BadCell("year", cells["year"], "is not a year such as 2022")
    return year


def _matching(cells: Cells, column: str, form: re.Pattern[str], reason: str) -> re.Match[str]:
    if not (match := form.fullmatch(cells[column])):
        raise BadCell(column, cells[column], reason)
    return match


class _Preset(NamedTuple):
    """A data set by the name of its mapping. `computed` are the columns that its files lack, and
    `besides` those that `compute` needs and the mapping does not."""

    name: str
    description: str
    compute: Callable[[Cells], Cells]
    computed: tuple[str, ...]
    besides: tuple[str, ...] = ()

    def form(self) -> ImportFormat:
        text = (FIXTURES / "presets" / f"{self.name}.toml").read_text(encoding="utf-8")
        mapping = mappings.read(text)
        used = (name for name in mapping.columns if name not in self.computed)
        header = (*used, *self.besides)

        def draft(row: NamedRow) -> DraftClaim | InvalidRow:
            read = TableRow(line=row.line, cells=row.cells, faults={}, days=frozenset())
            row_rules.check_kept(mapping.skips, read)
            cells = {**row.cells, **self.compute(row.cells)}
            return generic.draft_of(replace(read, cells=cells), mapping)

        def rows(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
            return headed.drafts_of(headed.read_headed(stream, header, missing=("NA",)), draft)

        def matches(head: FileHead) -> bool:
            return set(header) <= head.names

        return replace(
            generic.format_for(mapping),
            name=self.name,
            description=self.description,
            matches=matches,
            rows=rows,
            open=open_unpacked,
            is_line_based=True,
            header=header,
        )


FORMATS = tuple(
    preset.form()
    for preset in (
        _Preset(
            "un-votes",
            "how often pairs of states voted alike in the UN by year, as agreement scores",
            _votes,
            ("names",),
        ),
        _Preset(
            "ucdp-dyads",
            "pairs of states in armed conflict by year, as UCDP's",
            _dyads,
            ("names", "edition"),
        ),
        _Preset(
            "ucdp-events",
            "events of armed conflict, as those of UCDP GED",
            _events,
            ("names", "place", "sources"),
            ("where_coordinates", "source_article", "date_end"),
        ),
    )
)
