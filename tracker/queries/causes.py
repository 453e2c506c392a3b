"""The events of the log that changed what claims do to a pair, between two positions.

A claim's impacts are kept in versions, each opened and closed by the event that changed it: its
own, a link's, or one of a record around it. So the causes are read, not guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection

from tracker import log
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact, Pull
from tracker.log import Recorded
from tracker.queries import claims, guilt, states

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
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, asked)
        for known_from, known_until, *facts in cursor.fetchall():
            given = dict(zip(_FACTS, facts, strict=True))
            given["sectors"] = tuple(given["sectors"])
            yield known_from, known_until, Impact(**given, roots=(), state_roots=())


def redefinitions(lens: UUID, *, after: int, until: int) -> set[int]:
    """Where a lens got a new version."""
    return {one.position for one in log.history([lens], until=until) if one.position > after}


def causes(wanted: Iterable[int], *, at: int) -> dict[int, Cause]:
    """Give the events at some positions, each with the name of what it is about at `at`. Why
    something was done is left out where it may not be printed."""
    events = log.at_all(wanted)
    found = states.folded({one.stream for one in events}, until=at)
    names = _names(found, at=at)
    public = guilt.in_public.get()
    masked = guilt.masked(events, at=at) if public else ()
    return {
        one.position: Cause(
            recorded=one,
            about=_ABOUT[type(found[one.stream])],
            name=names.get(one.stream, ""),
            reason="" if one.position in masked else _reason(one),
            # That a person or firm stands behind a change of a pair may say whom a claim blames.
            withheld=one.position in masked or (public and guilt.blamable(found[one.stream])),
        )
        for one in events
    }


def _reason(recorded: Recorded) -> str:
    event = recorded.decoded()
    return getattr(event, "reason", "") or getattr(event, "note", "")


def _names(found: Mapping[UUID, f.State], *, at: int) -> dict[UUID, str]:
    """What claims, links and records are called; a link goes by its type and its ends."""
    links = {key: one for key, one in found.items() if isinstance(one, f.LinkState)}
    ends = set(chain.from_iterable((one.from_, one.to) for one in links.values()))
    spoken = {key for key, one in found.items() if isinstance(one, f.ClaimState)}
    titles = claims.titles(spoken | ends, at=at)
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
