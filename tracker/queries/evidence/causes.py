"""The events of the log that changed what claims contribute to a pair, between two positions.

Impacts are stored in versions. Each is opened and closed by the event that changed it: one of the
claim, of a link, or of a record around the claim. So causes are looked up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import impacts
from tracker.queries.records import states
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select

# The roots of a claim change no score.
_FACTS = tuple(name for name in Impact._fields if name not in ("roots", "state_roots"))
_VERSIONS = (
    f"SELECT known_from, known_until, {', '.join(_FACTS)} FROM impact"  # noqa: S608
    " WHERE view = %(view)s AND pair = ANY(%(pairs)s)"
    " AND (%(claims)s::uuid[] IS NULL OR claim = ANY(%(claims)s::uuid[]))"
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
    """An event, the noun that it is about (claim, link, source, …) and the name of its subject.

    `withheld`: the public may see it only as a cause of its own claim, since elsewhere it may
    reveal the subject of a withheld claim.
    """

    recorded: Recorded
    about: str
    name: str
    reason: str
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRange:
    """The positions after one and up to another."""

    after: int
    until: int


def positions(series: Series, *, after: int) -> dict[UUID, set[int]]:
    """Return the positions, after one and up to that of a series, at which claims changed what they
    contribute to it.

    The undirected pair is the same from both sides, so a changed stance is no change there.
    """
    span = PositionRange(after=after, until=series.position)
    found = _positions(series.lens, {series.pair: series.direction}, None, span)
    return {claim: changed for (_, claim), changed in found.items()}


def positions_on_pairs(
    lens: LensVersion, pairs: Iterable[str], claims: Collection[UUID], span: PositionRange
) -> dict[tuple[str, UUID], set[int]]:
    """Return the positions at which some claims changed what they contribute to undirected pairs,
    by pair and claim, with one query."""
    return _positions(lens, {pair: pair for pair in pairs}, claims, span)


def _positions(
    lens: LensVersion,
    directions: Mapping[str, str],
    claims: Collection[UUID] | None,
    span: PositionRange,
) -> dict[tuple[str, UUID], set[int]]:
    """The positions by pair and claim, of one direction of each pair."""
    opened: dict[tuple[str, UUID, int], list[Pull]] = defaultdict(list)
    closed: dict[tuple[str, UUID, int], list[Pull]] = defaultdict(list)
    for known_from, known_until, impact in _versions(lens, directions, claims, span):
        pair = impacts.pair_of_impact(impact)
        pulls = lens.pulls([impact], directions[pair])
        opened[pair, impact.claim, known_from] += pulls
        if known_until is not None:
            closed[pair, impact.claim, known_until] += pulls
    changed: dict[tuple[str, UUID], set[int]] = defaultdict(set)
    for place in opened.keys() | closed.keys():
        pair, claim, position = place
        within = span.after < position <= span.until
        if within and sorted(opened[place]) != sorted(closed[place]):
            changed[pair, claim].add(position)
    return changed


def _versions(
    lens: LensVersion,
    pairs: Iterable[str],
    claims: Collection[UUID] | None,
    span: PositionRange,
) -> Iterator[tuple[int, int | None, Impact]]:
    """The versions of impacts that were opened or closed in a range of positions."""
    parameters: dict[str, Any] = {
        "view": lens.lens.view.id,
        "pairs": list(pairs),
        "claims": None if claims is None else list(claims),
        "after": span.after,
        "until": span.until,
    }
    for known_from, known_until, *facts in select(_VERSIONS, parameters):
        values = dict(zip(_FACTS, facts, strict=True))
        values["sectors"] = tuple(values["sectors"])
        yield known_from, known_until, Impact(**values, roots=(), state_roots=())


def redefinitions(lens: UUID, *, after: int, until: int) -> set[int]:
    """Return the positions at which a lens got a new version."""
    return {event.position for event in log.history([lens], until=until) if event.position > after}


def causes(wanted: Iterable[int], *, at: int, reader: Reader) -> dict[int, Cause]:
    """Return the events at some positions, each with the name of its subject at position `at`. A
    reason that is withheld from the reader is left out, and all of an event of an erased claim."""
    events = log.at_all(wanted)
    subjects = states.everything({event.stream for event in events}, at=at)
    names = _names(subjects, at=at, reader=reader)
    masked = disclosure.masked_positions(events, at=at, reader=reader)
    erased = {
        event.position: Cause(recorded=event, about="claim", name="", reason="", withheld=True)
        for event in events
        if event.stream not in subjects
    }
    return erased | {
        event.position: Cause(
            recorded=event,
            about=_ABOUT[type(subjects[event.stream])],
            name=names.get(event.stream, ""),
            reason="" if event.position in masked else _reason(event),
            # A person or firm as the cause of a change may reveal whom a claim accuses.
            withheld=event.position in masked
            or (reader is Reader.PUBLIC and accusations.blamable(subjects[event.stream])),
        )
        for event in events
        if event.stream in subjects
    }


def _reason(recorded: Recorded) -> str:
    event = recorded.decoded()
    return getattr(event, "reason", "") or getattr(event, "note", "")


def _names(subjects: Mapping[UUID, f.State], *, at: int, reader: Reader) -> dict[UUID, str]:
    """The names of claims, links and records; a link is named by its type and its ends."""
    links = {key: state for key, state in subjects.items() if isinstance(state, f.LinkState)}
    ends = set(chain.from_iterable((link.from_, link.to) for link in links.values()))
    claims = {key for key, state in subjects.items() if isinstance(state, f.ClaimState)}
    titles = listing.titles(claims | ends, at=at, reader=reader)
    names_by_id = states.names(subjects, at=at) | {key: titles[key] for key in claims}
    for key, link in links.items():
        # A claim at an end may be erased.
        ends_of_link = titles.get(link.from_, ""), titles.get(link.to, "")
        names_by_id[key] = f" {_link_text(link.type)} ".join(ends_of_link)
    for key, state in subjects.items():
        names_by_id[key] = names_by_id.get(key) or _title(state)
    return names_by_id


def _link_text(kind: e.LinkType) -> str:
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
    """A position at which the impacts on a pair changed, and of how many claims."""

    position: int
    claims: int
    cause: Cause

    @property
    def recorded_at(self) -> datetime:
        return self.cause.recorded.recorded_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The first and last position at which the impacts on a pair changed (1 and 0 if they never
    did), and the last change points, latest first.

    For the public, change points of withheld claims are left out, since they would reveal the pair;
    the ends of the log then replace the affected first and last position.
    """

    first: int
    last: int
    stops: Sequence[ChangePoint]


def timeline(lens: LensVersion, pair: str, *, until: int, limit: int, reader: Reader) -> Timeline:
    """Return when the impacts on a pair in a lens's view changed, up to a position."""
    first = int(_ask(_FIRST, lens, pair)[0][0])
    last = impacts.last_change(lens.lens.view.id, pair, position=moment.now().position)
    if not last:
        return Timeline(first=first, last=last, stops=())
    ends = {first, last}
    stops, causes_by_position = _stops(
        lens, pair, until=until, limit=limit, ends=ends, reader=reader
    )
    causes_by_position |= (
        causes(later, at=max(later), reader=reader)
        if (later := ends - causes_by_position.keys())
        else {}
    )
    return Timeline(
        first=1 if causes_by_position[first].withheld else first,
        last=moment.now().position if causes_by_position[last].withheld else last,
        stops=stops,
    )


def _stops(
    lens: LensVersion, pair: str, *, until: int, limit: int, ends: Iterable[int], reader: Reader
) -> tuple[list[ChangePoint], dict[int, Cause]]:
    """The last change points that the reader may see, and the causes of these and of the ends.

    The query is repeated with a higher limit until there are `limit`: a shorter list would show
    that some are withheld.
    """
    most = limit
    while True:
        counts = dict(_ask(_STOPS, lens, pair, until=until, limit=most))
        causes_by_position = causes(
            {*counts, *(end for end in ends if end <= until)}, at=until, reader=reader
        )
        stops = [
            ChangePoint(position=position, claims=number, cause=causes_by_position[position])
            for position, number in counts.items()
            if not causes_by_position[position].withheld
        ]
        if len(stops) >= limit or len(counts) < most:
            return stops[:limit], causes_by_position
        most *= 4


def retracted_claims(
    lens: LensVersion, pair: str, *, until: int, limit: int, reader: Reader
) -> list[ClaimEntry]:
    """Return the retracted claims that once moved a pair, as known at a position."""
    shown = disclosure.condition("i.claim", at=until, reader=reader)
    rows = _ask(_GONE.format(shown=shown), lens, pair, until=until, limit=limit)
    claims = listing.claim_entries((row[0] for row in rows), until, reader=reader)
    return [claim for claim in claims if claim.state.status == "retracted"]


def _ask(query: str, lens: LensVersion, pair: str, **limits: int) -> list[tuple[Any, ...]]:
    return select(query, {"view": lens.lens.view.id, "pair": pair, **limits})
