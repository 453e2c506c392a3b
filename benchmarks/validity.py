"""Compares scores with an expert's series: the input are sourced events, the output is the level of
each pair by month.

The generic importer reads the events into a database with a mapping: `benchmarks/validity.toml` for
events by category, `benchmarks/validity_coded.toml` for events that were coded row by row. Then the
workers' functions follow and score them, by `standing` with its defaults; no parameter is
fitted. Each pair is undirected, and starts from the level that `starts` describes. The
score at the end of each month is compared with the expert's value of the month, from the first
event to the end of the expert's series. Pairs whose expert's values hardly move in those months
(standard deviation of .3 or less) are skipped, as are those without expert, or without a value to
start from. `verification` describes the figures.

The codes and grades of the mapping by category were written from the PLOVER manual and the rules of
certainty before the first run, and that run's figures were kept.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args
from uuid import UUID

from benchmarks import expert, flagged_shifts, logs, records, starts
from benchmarks.expert import Month
from benchmarks.figures import note
from benchmarks.options import Options, Skipped, Start
from benchmarks.starts import FirstEvent
from benchmarks.validity_peers import Compared, peers
from benchmarks.verification import Track, Verification, Worlds
from tracker.domain.lenses import pair_of
from tracker.domain.records import Sector
from tracker.domain.scoring.level import Level
from tracker.domain.shifts import Shift
from tracker.domain.state import ActorState
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.coded import SectorActor
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.values import Value
from tracker.imports.runs import Author, Observer, Report
from tracker.models.derived import StandingClaim
from tracker.operations import seed
from tracker.operations.ids import content_id
from tracker.projections import impacts, scores
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.records import names, states
from tracker.queries.scores import pairs
from tracker.queries.scores.pairs import Series

HUB = "hub"
# The name of its lens, and the first word of its line.
LENS = "validity"
MAPPINGS = ("validity.toml", "validity_coded.toml")


class NoHub(ValueError):
    """There is no country whose relations these are."""


class NoPair(ValueError):
    """Nothing can be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A pair, its first event and number of events, and the months in which its scores are compared
    with the expert's values."""

    first: FirstEvent
    events: int
    months: Sequence[Month]
    expert: Mapping[Month, float]

    @property
    def pair(self) -> str:
        return self.first.pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The agreement, that of simpler methods, the shifts and the number of events of each pair, and
    the skipped countries with the reason."""

    found: Verification
    peers: Mapping[str, Verification]
    shifts: Mapping[str, Sequence[Shift]]
    events: Mapping[str, int]
    skipped: Mapping[str, str]
    report: Report
    refused: Sequence[InvalidRow]


def run(options: Options) -> None:
    if not (options.events and options.expert):
        raise Skipped("it needs EVENTS=… and EXPERT=…")
    path = options.mapping or shipped_mapping(options.events)
    mapping = mappings.read(path.read_text(encoding="utf-8"))
    values = expert.read(options.expert)
    note(f"mapping: {path.name}; start: {options.start}")
    with logs.empty():
        seed.load_seed(at=datetime.now(UTC))
        result = compare(
            options.events,
            mapping,
            values,
            start=options.start,
            hub=options.hub,
            at=datetime.now(UTC),
        )
    _print(result)
    if not result.events:
        raise NoPair("no pair can be compared with the expert")


def shipped_mapping(events: Path) -> Path:
    """The mapping of those that come with the benchmarks whose columns the events have; the first
    if they fit none."""
    with events.open(encoding="utf-8-sig", newline="") as file:
        header = set(next(csv.reader(file), ()))
    paths = [Path(__file__).with_name(name) for name in MAPPINGS]
    fitting = (
        path
        for path in paths
        if header.issuperset(mappings.read(path.read_text(encoding="utf-8")).columns)
    )
    return next(fitting, paths[0])


def with_hub(mapping: TableMapping, hub: str) -> TableMapping:
    """The mapping for the relations of another country, if it names one."""
    parties = (
        replace(one, name=Value(constant=hub)) if one.label == HUB else one
        for one in mapping.parties
    )
    return replace(mapping, parties=tuple(parties))


def compare(
    events: Path,
    mapping: TableMapping,
    values: Mapping[str, Mapping[Month, float]],
    *,
    at: datetime,
    start: Start = "expert",
    hub: str = "",
) -> Result:
    """Import, follow and score the events, and compare the scores with the expert's values by
    country and month.

    The countries must be on record. Without a `hub` it is that of the mapping, or the country with
    the most events.

    :raises NoPair: if no row is recorded. :raises NoHub: :raises BadFile: :raises CannotImport:
    """
    mapping = with_hub(mapping, hub) if hub else mapping
    report, refused = _imported(events, mapping, at=at)
    collection = _collection(mapping, refused)
    hub_id = _hub(mapping, hub, collection)
    skipped: dict[str, str] = {}
    comparisons = list(_comparisons(collection, hub_id, values, start, skipped))
    levels = {one.pair: starts.level(start, one.first, one.expert) for one in comparisons}
    _start(collection, start, levels, [one.first for one in comparisons], at=at)
    impacts.follow_all()
    scores.recompute_all(at=at)
    compared = {one.pair: _compared(one, levels[one.pair]) for one in comparisons}
    return Result(
        found=Verification(tracks={pair: one.track for pair, one in compared.items()}),
        peers=dict(peers(compared)) if compared else {},
        shifts={one.pair: _shifts(one) for one in comparisons},
        events={one.pair: one.events for one in comparisons},
        skipped=skipped,
        report=report,
        refused=refused,
    )


def _imported(
    events: Path, mapping: TableMapping, *, at: datetime
) -> tuple[Report, list[InvalidRow]]:
    """Import the events. Returns the report and the refused rows."""
    refused: list[InvalidRow] = []
    with events.open("rb") as file:
        report = files.import_file(
            file,
            name=events.name,
            author=Author(now=lambda: at, by=records.BY),
            options=ImportOptions(mapping=mapping),
            observer=Observer(refused=refused.append),
        )
    return report, refused


def _collection(mapping: TableMapping, refused: Sequence[InvalidRow]) -> UUID:
    found = names.directory("collection").get(mapping.collection.name)
    if found is None:
        first = f"line {refused[0].line}, {refused[0].complaint}" if refused else "it has none"
        raise NoPair(f"no row of the events was recorded: {first}")
    return found.id


def _hub(mapping: TableMapping, hub: str, collection: UUID) -> UUID:
    """The country whose relations these are."""
    named = (party.name.constant for party in mapping.parties if party.label == HUB)
    if name := hub or next(named, ""):
        return names.directory("actor").find(name).id
    claims = StandingClaim.objects.filter(collection=collection)
    number = Counter(
        actor for actors in claims.values_list("actors", flat=True) for actor in actors
    )
    for actor, _ in sorted(number.items(), key=lambda item: (-item[1], item[0].int)):
        if _code(actor):
            return actor
    raise NoHub("no country takes part in the events: check the rows that were refused")


def _comparisons(
    collection: UUID,
    hub: UUID,
    values: Mapping[str, Mapping[Month, float]],
    start: Start,
    skipped: dict[str, str],
) -> Iterator[Comparison]:
    actors = names.directory("actor")
    for country, monthly in sorted(values.items()):
        try:
            partner = actors.find(country).id
        except names.NoSuchName as problem:
            skipped[country] = str(problem)
            continue
        if partner == hub or not (days := _days(collection, hub, partner)):
            skipped[country] = "no event"
            continue
        first = FirstEvent(
            pair=pair_of(_code(hub), _code(partner)), countries=(hub, partner), day=min(days)
        )
        months = sorted(one for one in monthly if one >= expert.month_of(first.day))
        if start == "expert" and first.month_before not in monthly:
            skipped[country] = "the expert has no value in the month before the first event"
        elif not expert.has_variation(monthly, months):
            skipped[country] = "the expert's series hardly moves"
        else:
            yield Comparison(first=first, events=len(days), months=months, expert=monthly)


def _days(collection: UUID, one: UUID, other: UUID) -> list[date]:
    """The first day of each claim between two countries or sectors of them."""
    rows = StandingClaim.objects.filter(
        collection=collection, actors__overlap=_sectors(one)
    ).filter(actors__overlap=_sectors(other))
    return [day for day in rows.order_by("id").values_list("earliest", flat=True) if day]


def _sectors(country: UUID) -> list[UUID]:
    """A country, and the sectors of it that an import can have added."""
    codes = (SectorActor(_code(country), sector).code for sector in get_args(Sector))
    return [country, *(content_id("actor", code) for code in codes)]


def _code(country: UUID) -> str:
    """The code of a country; empty for any other actor."""
    [state] = states.records([country], at=None).values()
    if not isinstance(state, ActorState) or state.actor.kind != "state":
        return ""
    return state.actor.code or ""


def _start(
    collection: UUID,
    start: Start,
    levels: Mapping[str, float],
    firsts: Sequence[FirstEvent],
    *,
    at: datetime,
) -> None:
    """Define the lens, and record the levels at which the pairs start."""
    collections = [collection]
    if start == "structural":
        collections.append(starts.import_structural(firsts, at=at))
    if start == "expert":
        starts.claim_levels(levels, firsts, collection, at=at)
    records.define_lens(LENS, *collections, of_model="standing")


def _series(comparison: Comparison) -> Series:
    pair = comparison.pair
    return pairs.series(pair, direction=pair, lens=LENS, as_of=moment.now())


def _shifts(comparison: Comparison) -> list[Shift]:
    """The shifts of a pair up to the end of the expert's series."""
    until = expert.last_day(comparison.months[-1])
    return flagged_shifts.flagged(_series(comparison), until=until)


def _compared(comparison: Comparison, start: float) -> Compared:
    series = _series(comparison)
    pulls, scorer = what_if.pulls_of(series), series.scorer
    assert isinstance(scorer, Level)  # the lens is defined above
    worlds = {
        month: Worlds(scorer.worlds(pulls, expert.last_day(month)).tolist())
        for month in comparison.months
    }
    values = {month: comparison.expert[month] for month in comparison.months}
    track = Track(scores=worlds, expert=values, start=start)
    return Compared(track=track, pulls=pulls, scorer=scorer)


def _print(result: Result) -> None:
    counts = ", ".join(f"{number} {what}" for what, number in result.report.counts.items())
    note(f"{result.report.rows} rows: {counts}")
    for row in result.refused:
        note(f"  line {row.line}, {row.column}: {row.value!r} {row.reason}")
    events = ", ".join(f"{pair} {number}" for pair, number in result.events.items())
    note(f"events: {events or 'none'}")
    for country, reason in result.skipped.items():
        note(f"skipped: {country}: {reason}")
    found = result.found
    if found.tracks:
        note("\n".join([*found.table(), *flagged_shifts.notes(result.shifts)]))
        print(found.change_line(f"{LENS}_change"))
        for name, peer in result.peers.items():
            print(peer.peer_line(f"{LENS}_peer", name))
    print(found.line(LENS), flush=True)
