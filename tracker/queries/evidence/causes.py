"""The events of the log that changed what claims do to a pair, between two positions.

A claim's impacts are kept in versions, each opened and closed by the event that changed it: its
own, a link's, or one of a record around it. So the causes are read, not guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact, Pull
from tracker.log import Recorded
from tracker.queries import moment
from tracker.queries.claims import accusations, disclosure, listing
from tracker.queries.claims.listing import Filed
from tracker.queries.evidence import impacts
from tracker.queries.records import states
from tracker.queries.sql import select

# Which roots carry a claim changes no score.
_FACTS = tuple(name for name in Impact._fields if name not in ("roots", "state_roots"))
_VERSIONS = (
    f"SELECT known_from, known_until, {', '.join(_FACTS)} FROM impact"  # noqa: S608
    " WHERE view = %(view)s AND pair = %(pair)s"
    " AND (known_from BETWEEN %(after)s + 1 AND %(until)s"
    " OR known_until BETWEEN %(after)s + 1 AND %(until)s)"
)
_ABOUT: dict[type[f.State], str] = {
    f.ClaimState: "claim",
    f.LinkState: "link",
    f.ActorState: "actor",
    f.SourceState: "source",
    f.DocumentState: "document",
    f.CollectionState: "collection",
    f.LensState: "lens",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An event, what it is about (a claim, a link, a source, …) and what that is called.

    `withheld`: in public it is told of its own claim alone, since it may say whom or what a
    withheld claim is about.
    """

    recorded: Recorded
    about: str
    name: str
    reason: str
    withheld: bool = False


def positions(
    lens: LensVersion, pair: str, direction: str, *, after: int, until: int
) -> dict[UUID, set[int]]:
    """Where, after one position and up to another, claims began to do something else to a
    direction of a pair, as a lens sees it.

    Whose stance it is says nothing of the undirected pair, so it is not compared.
    """
    opened: dict[tuple[UUID, int], list[Pull]] = defaultdict(list)
    closed: dict[tuple[UUID, int], list[Pull]] = defaultdict(list)
    for known_from, known_until, impact in _versions(lens, pair, after, until):
        seen = lens.pulls([impact], direction)
        opened[impact.claim, known_from] += seen
        if known_until is not None:
            closed[impact.claim, known_until] += seen
    found: dict[UUID, set[int]] = defaultdict(set)
    for claim, position in opened.keys() | closed.keys():
        place = (claim, position)
        if after < position <= until and sorted(opened[place]) != sorted(closed[place]):
            found[claim].add(position)
    return found


def _versions(
    lens: LensVersion, pair: str, after: int, until: int
) -> Iterator[tuple[int, int | None, Impact]]:
    """The versions of impacts that were opened or closed between two positions."""
    view = lens.lens.view.id
    asked: dict[str, Any] = {"view": view, "pair": pair, "after": after, "until": until}
    for known_from, known_until, *facts in select(_VERSIONS, asked):
        given = dict(zip(_FACTS, facts, strict=True))
        given["sectors"] = tuple(given["sectors"])
        yield known_from, known_until, Impact(**given, roots=(), state_roots=())


def redefinitions(lens: UUID, *, after: int, until: int) -> set[int]:
    """Where a lens got a new version."""
    return {one.position for one in log.history([lens], until=until) if one.position > after}


def causes(wanted: Iterable[int], *, at: int, reader: Reader) -> dict[int, Cause]:
    """Give the events at some positions, each with the name of what it is about at `at`. Why
    something was done is left out where it may not be printed."""
    events = log.at_all(wanted)
    found = states.everything({one.stream for one in events}, at=at)
    names = _names(found, at=at, reader=reader)
    masked = disclosure.masked(events, at=at, reader=reader)
    return {
        one.position: Cause(
            recorded=one,
            about=_ABOUT[type(found[one.stream])],
            name=names.get(one.stream, ""),
            reason="" if one.position in masked else _reason(one),
            # That a person or firm stands behind a change of a pair may say whom a claim blames.
            withheld=one.position in masked
            or (reader is Reader.PUBLIC and accusations.blamable(found[one.stream])),
        )
        for one in events
    }


def _reason(recorded: Recorded) -> str:
    event = recorded.decoded()
    return getattr(event, "reason", "") or getattr(event, "note", "")


def _names(found: Mapping[UUID, f.State], *, at: int, reader: Reader) -> dict[UUID, str]:
    """What claims, links and records are called; a link goes by its type and its ends."""
    links = {key: one for key, one in found.items() if isinstance(one, f.LinkState)}
    ends = set(chain.from_iterable((one.from_, one.to) for one in links.values()))
    spoken = {key for key, one in found.items() if isinstance(one, f.ClaimState)}
    titles = listing.titles(spoken | ends, at=at, reader=reader)
    named = states.names(found, at=at) | {key: titles[key] for key in spoken}
    for key, link in links.items():
        named[key] = f"{titles[link.from_]} {_says(link.type)} {titles[link.to]}"
    for key, state in found.items():
        named[key] = named.get(key) or _title(state)
    return named


def _says(kind: e.LinkType) -> str:
    words = {"same_as": "is the same as", "part_of": "is a part of", "causes": "causes"}
    return f"[{words.get(kind, kind)}]"


def _title(state: f.State) -> str:
    match state:
        case f.DocumentState():
            return state.document.title or state.document.url or ""
        case f.CollectionState():
            return state.collection.name
        case f.LensState():
            return state.versions[-1].name
    return ""


_STOPS = (
    "SELECT at, count(DISTINCT claim) FROM impact, unnest(ARRAY[known_from, known_until]) AS at"
    " WHERE view = %(view)s AND pair = %(pair)s AND at <= %(until)s"
    " GROUP BY at ORDER BY at DESC LIMIT %(limit)s"
)
_GONE = (
    "SELECT DISTINCT i.claim FROM impact i JOIN standing_claim s ON s.id = i.claim"
    " WHERE i.view = %(view)s AND i.pair = %(pair)s AND i.known_until <= %(until)s"
    " AND s.status = 'retracted' AND {shown} ORDER BY i.claim LIMIT %(limit)s"
)

_FIRST = "SELECT coalesce(min(known_from), 1) FROM impact WHERE view = %(view)s AND pair = %(pair)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """A position at which what was known of a pair changed, and for how many claims."""

    position: int
    claims: int
    cause: Cause

    @property
    def recorded_at(self) -> datetime:
        return self.cause.recorded.recorded_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The first and the last position at which what was known of a pair changed (1 and 0 where
    nothing ever did), and the last stops on the way, the last first.

    In public nothing is told of those at which a withheld claim changed it, which would say which
    pair that is about: there are fewer stops, and the ends of the log stand for its positions.
    """

    first: int
    last: int
    stops: Sequence[ChangePoint]


def timeline(lens: LensVersion, pair: str, *, until: int, limit: int, reader: Reader) -> Timeline:
    """When what a lens knew of a pair changed, up to a position."""
    first = int(_ask(_FIRST, lens, pair)[0][0])
    last = impacts.changed(lens.lens.view.id, pair, position=moment.now().position)
    if not last:
        return Timeline(first=first, last=last, stops=())
    ends = {first, last}
    stops, told = _stops(lens, pair, until=until, limit=limit, ends=ends, reader=reader)
    told |= causes(later, at=max(later), reader=reader) if (later := ends - told.keys()) else {}
    return Timeline(
        first=1 if told[first].withheld else first,
        last=moment.now().position if told[last].withheld else last,
        stops=stops,
    )


def _stops(
    lens: LensVersion,
    pair: str,
    *,
    until: int,
    limit: int,
    ends: Iterable[int],
    reader: Reader,
) -> tuple[list[ChangePoint], dict[int, Cause]]:
    """The last stops that may be shown here, and the causes of these and of the ends that were
    before. More are asked for until there are `limit`: a list that is cut short would show that
    some are withheld."""
    most = limit
    while True:
        found = dict(_ask(_STOPS, lens, pair, until=until, limit=most))
        told = causes({*found, *(one for one in ends if one <= until)}, at=until, reader=reader)
        shown = [
            ChangePoint(position=position, claims=number, cause=told[position])
            for position, number in found.items()
            if not told[position].withheld
        ]
        if len(shown) >= limit or len(found) < most:
            return shown[:limit], told
        most *= 4


def retracted(
    lens: LensVersion, pair: str, *, until: int, limit: int, reader: Reader
) -> list[Filed]:
    """The claims that once moved a pair and are retracted, as known at a position."""
    shown = disclosure.condition("i.claim", at=until, reader=reader)
    gone = _ask(_GONE.format(shown=shown), lens, pair, until=until, limit=limit)
    found = listing.filed_as_of((row[0] for row in gone), until, reader=reader)
    return [one for one in found if one.state.status == "retracted"]


def _ask(question: str, lens: LensVersion, pair: str, **given: int) -> Sequence[Any]:
    return list(select(question, {"view": lens.lens.view.id, "pair": pair, **given}))
