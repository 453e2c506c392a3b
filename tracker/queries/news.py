"""News for webhooks: from the log in the order of its positions, and from what the workers find."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.log import Recorded
from tracker.models.operational import Edition
from tracker.models.shifts import StoredShift
from tracker.queries import seals
from tracker.queries.claims import voices
from tracker.queries.claims.voices import PairVoices
from tracker.queries.evidence import impacts
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, uncounted
from tracker.queries.sql import select

# Names a position in the key of a piece of news.
type Place = Callable[[int], str]
# The kinds of news, by the log's kinds of event.
CLAIM_KINDS = {
    "ClaimAsserted": "claim.asserted",
    "ClaimCorrected": "claim.corrected",
    "ClaimRetracted": "claim.retracted",
    "ClaimReinstated": "claim.reinstated",
    "CitationAdded": "claim.cited",
    "VerdictGiven": "claim.judged",
    "ClaimReviewed": "claim.reviewed",
    "ForecastResolved": "claim.resolved",
}
OTHER_KINDS = {"ImportRecorded": "import.finished", "TextWithheld": "text.withheld"}
PAIR, SHIFT, EDITION = "pair.changed", "shift.seen", "edition.published"
KINDS = (*CLAIM_KINDS.values(), PAIR, SHIFT, EDITION, *OTHER_KINDS.values())
USUAL_LENS = "standing"
MOST_PAIRS = 100
_MOVED = (
    "SELECT position, pair FROM (SELECT known_from AS position, pair FROM impact"
    " WHERE view = %(view)s AND known_from > %(after)s AND known_from <= %(until)s"
    " UNION SELECT known_until, pair FROM impact"
    " WHERE view = %(view)s AND known_until > %(after)s AND known_until <= %(until)s) moved"
    " WHERE %(pair)s::text IS NULL OR pair = %(pair)s ORDER BY position, pair"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsFilter:
    """Kinds of news. News of a claim, pair or shift can be narrowed to `pair`, and news that
    depends on a lens to `lens`."""

    kinds: frozenset[str]
    pair: str | None = None
    lens: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A piece of news. `key` identifies it, also when it is found again; `route` and `args` are its
    API address."""

    kind: str
    key: str
    at: datetime
    data: Mapping[str, Any]
    route: str
    args: Sequence[Any] = field(default=())


def last_position(wanted: NewsFilter) -> int:
    """The last position up to which the filtered news of the log is complete."""
    head = log.head().position
    lens = _lens(wanted.lens or USUAL_LENS) if PAIR in wanted.kinds else None
    if lens is None:
        return head
    try:
        return min(head, impacts.served_position(lens.lens.view.id))
    except CatchingUp:
        return 0


def from_log(wanted: NewsFilter, *, after: int, until: int) -> list[News]:
    """Return the news of the log after one position up to another, in its order."""
    events = log.read(after=after, limit=until - after, words=False)
    # Before the log was reopened, another event may have had the position.
    place = seals.names_of_positions()
    news = [*_of_claims(wanted, events, until, place), *_of_others(wanted, events, place)]
    if PAIR in wanted.kinds:
        times = {event.position: event.recorded_at for event in events}
        news += _of_pairs(wanted, times, place, after=after, until=until)
    return sorted(news, key=lambda item: int(item.data["position"]))


def _of_claims(
    wanted: NewsFilter, events: Iterable[Recorded], until: int, place: Place
) -> Iterator[News]:
    selected = [event for event in events if CLAIM_KINDS.get(event.kind) in wanted.kinds]
    claims = _concerned({event.stream for event in selected}, wanted, until)
    for event in selected:
        if event.stream in claims:
            kind = CLAIM_KINDS[event.kind]
            data = {
                "position": event.position,
                "claim": str(event.stream),
                "version": event.version,
            }
            key = f"{kind}:{place(event.position)}"
            yield _news(kind, key, event, data, "api:claim", event.stream)


def _of_others(wanted: NewsFilter, events: Iterable[Recorded], place: Place) -> Iterator[News]:
    for event in events:
        kind = OTHER_KINDS.get(event.kind, "")
        if kind in wanted.kinds:
            data = {"position": event.position, "stream": str(event.stream)}
            if event.kind == "TextWithheld":
                data["withheld"] = event.content["position"]
            key = f"{kind}:{place(event.position)}"
            yield _news(kind, key, event, data, "api:event", event.position)


def _news(kind: str, key: str, event: Recorded, data: dict[str, Any], route: str, arg: Any) -> News:
    return News(kind=kind, key=key, at=event.recorded_at, data=data, route=route, args=(arg,))


def _concerned(streams: Collection[UUID], wanted: NewsFilter, until: int) -> Collection[UUID]:
    """The claims that ever named both countries of the pair and were ever in a collection of the
    lens.

    Past versions count, so that a correction which moves a claim elsewhere is news too.
    """
    if not streams or not (wanted.pair or wanted.lens):
        return streams
    actors: dict[UUID, set[UUID]] = {}
    collections: dict[UUID, set[str]] = {}
    for event in log.history(streams, until=until, words=False):
        if event.kind in ("ClaimAsserted", "ClaimCorrected") and not event.erased:
            claim = event.content["claim"]
            parties = {UUID(party["actor"]) for party in claim["parties"]}
            actors.setdefault(event.stream, set()).update(parties)
            collections.setdefault(event.stream, set()).add(claim["collection"])
    pair, admitted = _voices(wanted.pair), _collections(wanted.lens)
    return {
        claim
        for claim in actors
        if (pair is None or pair.name_both(actors[claim]))
        and (admitted is None or admitted & collections[claim])
    }


def _voices(pair: str | None) -> PairVoices | None:
    if not pair:
        return None
    one, other = pair_names.ends(*pair.split("-"))
    return voices.of_pair(one.id, other.id)


def _collections(lens: str | None) -> set[str] | None:
    chosen = _lens(lens) if lens else None
    return (
        {str(collection) for collection in uncounted.admitted_collections(chosen.lens.view)}
        if chosen
        else None
    )


def _of_pairs(
    wanted: NewsFilter, times: Mapping[int, datetime], place: Place, *, after: int, until: int
) -> Iterator[News]:
    """One piece of news for each position at which impacts on pairs changed."""
    lens = _lens(wanted.lens or USUAL_LENS)
    if lens is None:
        return
    parameters: dict[str, Any] = {
        "view": lens.lens.view.id,
        "after": after,
        "until": until,
        "pair": wanted.pair,
    }
    moved: dict[int, list[str]] = {}
    for position, pair in select(_MOVED, parameters):
        moved.setdefault(position, []).append(pair)
    for position, pairs in moved.items():
        shown = {"pairs": pairs[:MOST_PAIRS], "more": len(pairs[MOST_PAIRS:])}
        data = {"position": position, "lens": lens.lens.name, **shown}
        key, at = f"{PAIR}:{place(position)}", times[position]
        yield News(kind=PAIR, key=key, at=at, data=data, route="api:event", args=(position,))


def shifts(wanted: NewsFilter, *, since: date, at: datetime) -> list[News]:
    """Return the shifts that were seen from a day on, the earliest first."""
    news = []
    for lens in lenses.latest() if SHIFT in wanted.kinds else ():
        if wanted.lens in (None, lens.lens.name):
            rows = StoredShift.objects.filter(
                lens=lens.id, lens_version=lens.version, seen__gte=since
            )
            rows = rows.filter(pair=wanted.pair) if wanted.pair else rows
            news += [_shift(row, lens, at) for row in rows.order_by("seen", "pair", "start")]
    return news


def _shift(row: StoredShift, lens: LensVersion, at: datetime) -> News:
    data = {
        "lens": lens.label,
        "pair": row.pair,
        "kind": row.kind,
        "start": str(row.start),
        "seen": str(row.seen),
    }
    key = f"{SHIFT}:{lens.id}@{lens.version}:{row.pair}:{row.seen}:{row.start}"
    return News(
        kind=SHIFT, key=key, at=at, data=data, route="api:changes", args=row.pair.split("-")
    )


def editions(wanted: NewsFilter, *, since: datetime) -> list[News]:
    """Return the editions that were published from a moment on, the earliest first."""
    if EDITION not in wanted.kinds:
        return []
    rows = Edition.objects.filter(made_at__gte=since).order_by("made_at", "day", "lens")
    names = {(lens.id, lens.version): lens for lens in lenses.latest()}
    news = []
    for row in rows:
        lens = names.get((row.lens, row.lens_version))
        if lens and wanted.lens in (None, lens.lens.name):
            data = {"lens": lens.label, "day": str(row.day), "position": row.position}
            key, args = f"{EDITION}:{row.lens}@{row.lens_version}:{row.day}", (lens.label, row.day)
            news.append(
                News(
                    kind=EDITION,
                    key=key,
                    at=row.made_at,
                    data=data | {"digest": row.digest},
                    route="api:edition",
                    args=args,
                )
            )
    return news


def _lens(name: str) -> LensVersion | None:
    return next((lens for lens in lenses.latest() if lens.lens.name == name), None)
