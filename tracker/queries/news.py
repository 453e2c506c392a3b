"""What there is to tell whoever wants to be told: from the log in the order of its positions, and
from what the workers find."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.log import Recorded
from tracker.models.operational import Edition
from tracker.models.shifts import Shift
from tracker.queries.claims import listing
from tracker.queries.evidence import impacts
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, uncounted
from tracker.queries.sql import select

# The log's kinds of event by what they are called in news.
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
    """Kinds of news; those of a claim, pair or shift only about `pair`, those that a lens sees
    otherwise only under `lens`."""

    kinds: frozenset[str]
    pair: str | None = None
    lens: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """`key` is the same whenever the same is told; `route` and `args` are where to read more."""

    kind: str
    key: str
    at: datetime
    data: Mapping[str, Any]
    route: str
    args: Sequence[Any] = field(default=())


def last_position(wanted: NewsFilter) -> int:
    """The last position up to which all that is wanted of the log can be told."""
    head = log.head().position
    lens = _lens(wanted.lens or USUAL_LENS) if PAIR in wanted.kinds else None
    if lens is None:
        return head
    try:
        return min(head, impacts.served(lens.lens.view.id))
    except CatchingUp:
        return 0


def from_log(wanted: NewsFilter, *, after: int, until: int) -> list[News]:
    """Give what the log has to tell after one position up to another, in its order."""
    events = log.read(after=after, limit=until - after, words=False)
    found = [*_of_claims(wanted, events, until), *_of_others(wanted, events)]
    if PAIR in wanted.kinds:
        times = {one.position: one.recorded_at for one in events}
        found += _of_pairs(wanted, times, after=after, until=until)
    return sorted(found, key=lambda one: int(one.data["position"]))


def _of_claims(wanted: NewsFilter, events: Iterable[Recorded], until: int) -> Iterator[News]:
    ours = [one for one in events if CLAIM_KINDS.get(one.kind) in wanted.kinds]
    concerned = _concerned({one.stream for one in ours}, wanted, until)
    for one in ours:
        if one.stream in concerned:
            kind = CLAIM_KINDS[one.kind]
            data = {"position": one.position, "claim": str(one.stream), "version": one.version}
            yield _told(kind, one, data, "api:claim", one.stream)


def _of_others(wanted: NewsFilter, events: Iterable[Recorded]) -> Iterator[News]:
    for one in events:
        kind = OTHER_KINDS.get(one.kind, "")
        if kind in wanted.kinds:
            data = {"position": one.position, "stream": str(one.stream)}
            if one.kind == "TextWithheld":
                data["withheld"] = one.body["position"]
            yield _told(kind, one, data, "api:event", one.position)


def _told(kind: str, one: Recorded, data: dict[str, Any], route: str, arg: Any) -> News:
    key = f"{kind}:{one.position}"
    return News(kind=kind, key=key, at=one.recorded_at, data=data, route=route, args=(arg,))


def _concerned(streams: Collection[UUID], wanted: NewsFilter, until: int) -> Collection[UUID]:
    """Those of the claims that ever named both countries of the pair, and were ever in a collection
    that the lens looks at: a correction that takes a claim elsewhere is news here too."""
    if not streams or not (wanted.pair or wanted.lens):
        return streams
    actors: dict[UUID, set[str]] = {}
    collections: dict[UUID, set[str]] = {}
    for one in log.history(streams, until=until, words=False):
        if one.kind in ("ClaimAsserted", "ClaimCorrected"):
            claim = one.body["claim"]
            named = {party["actor"] for party in claim["parties"]}
            actors.setdefault(one.stream, set()).update(named)
            collections.setdefault(one.stream, set()).add(claim["collection"])
    ends, seen = _voices(wanted.pair), _collections(wanted.lens)
    return {
        one
        for one in actors
        if all(end & actors[one] for end in ends) and (seen is None or seen & collections[one])
    }


def _voices(pair: str | None) -> list[set[str]]:
    ends = pair_names.ends(*pair.split("-")) if pair else ()
    return [{str(voice) for voice in listing.voices_of(end.id)} for end in ends]


def _collections(lens: str | None) -> set[str] | None:
    chosen = _lens(lens) if lens else None
    return {str(one) for one in uncounted.admitted(chosen.lens.view)} if chosen else None


def _of_pairs(
    wanted: NewsFilter, times: Mapping[int, datetime], *, after: int, until: int
) -> Iterator[News]:
    """One for each position at which the evidence on pairs changed."""
    lens = _lens(wanted.lens or USUAL_LENS)
    if lens is None:
        return
    asked: dict[str, Any] = {
        "view": lens.lens.view.id,
        "after": after,
        "until": until,
        "pair": wanted.pair,
    }
    moved: dict[int, list[str]] = {}
    for position, pair in select(_MOVED, asked):
        moved.setdefault(position, []).append(pair)
    for position, some in moved.items():
        listed = {"pairs": some[:MOST_PAIRS], "more": len(some[MOST_PAIRS:])}
        data = {"position": position, "lens": lens.lens.name, **listed}
        key, at = f"{PAIR}:{position}", times[position]
        yield News(kind=PAIR, key=key, at=at, data=data, route="api:event", args=(position,))


def shifts(wanted: NewsFilter, *, since: date, at: datetime) -> list[News]:
    """Give the shifts that were seen from a day on, the earliest first."""
    found = []
    for lens in lenses.latest() if SHIFT in wanted.kinds else ():
        if wanted.lens in (None, lens.lens.name):
            rows = Shift.objects.filter(lens=lens.id, lens_version=lens.version, seen__gte=since)
            rows = rows.filter(pair=wanted.pair) if wanted.pair else rows
            found += [_shift(row, lens, at) for row in rows.order_by("seen", "pair", "start")]
    return found


def _shift(row: Shift, lens: LensVersion, at: datetime) -> News:
    data = {"lens": lens.label, "pair": row.pair, "start": str(row.start), "seen": str(row.seen)}
    key = f"{SHIFT}:{lens.id}@{lens.version}:{row.pair}:{row.seen}:{row.start}"
    return News(
        kind=SHIFT, key=key, at=at, data=data, route="api:changes", args=row.pair.split("-")
    )


def editions(wanted: NewsFilter, *, since: datetime) -> list[News]:
    """Give the editions that were kept from a moment on, the earliest first."""
    if EDITION not in wanted.kinds:
        return []
    rows = Edition.objects.filter(made_at__gte=since).order_by("made_at", "day", "lens")
    names = {(one.id, one.version): one for one in lenses.latest()}
    found = []
    for row in rows:
        lens = names.get((row.lens, row.lens_version))
        if lens and wanted.lens in (None, lens.lens.name):
            data = {"lens": lens.label, "day": str(row.day), "position": row.position}
            key, args = f"{EDITION}:{row.lens}@{row.lens_version}:{row.day}", (lens.label, row.day)
            found.append(
                News(
                    kind=EDITION,
                    key=key,
                    at=row.made_at,
                    data=data | {"digest": row.digest},
                    route="api:edition",
                    args=args,
                )
            )
    return found


def _lens(name: str) -> LensVersion | None:
    return next((one for one in lenses.latest() if one.lens.name == name), None)
