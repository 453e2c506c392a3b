"""Trust: the log's hashes recomputed, and what stands and scores folded anew from the log alone.

Everything is read as of one moment, so that what goes on meanwhile is no difference.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction

from tracker import log
from tracker.domain import codec
from tracker.domain.events import UnknownShape
from tracker.domain.lenses import LensVersion, View
from tracker.domain.scoring.moments import Knot
from tracker.domain.state import OutOfOrder
from tracker.log import Pending, Recorded, integrity
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine, Scored
from tracker.models.operational import Audit
from tracker.projections import disclosure, standing
from tracker.projections.transaction_settings import be_patient
from tracker.queries.evidence import impacts
from tracker.queries.evidence.refold import Refold, refold
from tracker.queries.scores import knots, lenses

SAMPLE = 20
EVENTS = 2_000
# Evaluated for a sample. A pair that has more alone is looked at when all are.
CLAIMS = 5_000
_BETWEEN = """
    SELECT claim FROM impact WHERE view = %(view)s AND pair = ANY(%(pairs)s)
    UNION SELECT one.claim FROM unnest(%(pairs)s::text[]) AS pair
        JOIN standing_record AS first
            ON first.noun = 'actor' AND first.name = split_part(pair, '-', 1)
        JOIN standing_record AS second
            ON second.noun = 'actor' AND second.name = split_part(pair, '-', 2)
        JOIN dependency AS one ON one.view = %(view)s AND one.stream = first.id
        JOIN dependency AS other
            ON other.view = %(view)s AND other.stream = second.id AND other.claim = one.claim"""
logger = structlog.get_logger()


def audit(*, at: datetime, sample: int | None) -> list[str]:
    """Check a sample of pairs and of events, or all; give what is wrong, and keep the result.

    The sample follows from `at`, so that a run can be repeated.
    """
    chance = random.Random(at.isoformat()) if sample is not None else None  # noqa: S311
    with _frozen():
        differing = [*integrity.gaps(), *_unlike_records(chance), *_rows_from_nowhere()]
        differing += disclosure.from_nowhere()
        checked = 0
        for view in lenses.views().values():
            pairs = _pairs(view, chance, sample)
            checked += len(pairs)
            differing += _unlike_scores(view, pairs, whole=chance is None)
    for one in differing:
        logger.error("audit", differs=one)
    Audit.objects.update_or_create(
        started_at=at, defaults={"checked": checked, "differing": differing}
    )
    return differing


@contextmanager
def _frozen() -> Iterator[None]:
    """See one moment. Inside somebody's transaction it is theirs."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        be_patient()
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def _unlike_records(chance: random.Random | None) -> Iterator[str]:
    """Events that are not what was recorded, and rows that are not what their events say: all, or
    one stretch of the log."""
    last = log.head().position
    position = chance.randint(0, max(0, last - EVENTS)) if chance else 0
    end = min(last, position + EVENTS) if chance else last
    while position < end:
        yield from log.damage(after=position, limit=EVENTS)[1]
        yield from _unlike_rows(position)
        begun = log.begun("ClaimAsserted", first=position + 1, last=position + EVENTS)
        yield from disclosure.unlike(begun)
        position += EVENTS


def _unlike_rows(after: int) -> Iterator[str]:
    """The streams that begin in a stretch of the log and whose rows do not stand as they should."""
    begun = [one for one in log.read(after=after, limit=EVENTS, words=False) if one.version == 1]
    history: dict[UUID, list[Recorded]] = {}
    for one in log.history([one.stream for one in begun]):
        history.setdefault(one.stream, []).append(one)
    for stream, events in history.items():
        try:
            yield from _unlike_row(events)
        except (OutOfOrder, UnknownShape, codec.BadShape) as problem:
            yield f"stream {stream} cannot be folded: {problem}"


def _unlike_row(events: Sequence[Recorded]) -> Iterator[str]:
    pending = [
        Pending(stream=one.stream, version=one.version, event=one.decoded()) for one in events
    ]
    for table, given in standing.rows(pending).items():
        name = table._meta.db_table  # noqa: SLF001 # Django's own way to ask for it
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM (SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
                f" EXCEPT SELECT * FROM {name} WHERE id = %s) AS unlike",
                [given, events[0].stream],
            )
            yield from (f"{name} {row[0]} is not what its events say" for row in cursor)


def _rows_from_nowhere() -> Iterator[str]:
    for table in standing.TABLES:
        name = table._meta.db_table  # noqa: SLF001 # Django's own way to ask for it
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {name} WHERE NOT EXISTS"  # noqa: S608
                " (SELECT FROM event WHERE stream = id AND version = 1) ORDER BY id"
            )
            yield from (f"{name} {row[0]} is in no event" for row in cursor)


def _pairs(view: View, chance: random.Random | None, sample: int | None) -> list[str]:
    """The pairs that have, or ought to have, scores in a view; of a sample as many as are few
    claims' work."""
    own = [one.id for one in lenses.latest(view.id)]
    found = set(Scored.objects.filter(lens__in=own).values_list("pair", flat=True))
    known = ImpactVersion.objects.filter(view=view.id).values_list("pair", flat=True)
    found |= set(known.distinct())
    pairs = sorted(found)
    if chance is None:
        return pairs
    return sorted(_few(view, chance.sample(pairs, min(sample or 0, len(pairs)))))


def _unlike_scores(view: View, pairs: Sequence[str], *, whole: bool) -> Iterator[str]:
    """What is known of pairs and the series on record, where they are not those of the log."""
    position = impacts.followed(view.id)
    if whole:
        anew = refold(view, position=position)
        yield from _unlike_quarantine(anew)
    else:
        anew = refold(view, position=position, claims=_between(view, pairs))
    for pair in sorted({*pairs, *(anew.impacts if whole else ())}):
        known = impacts.known(view.id, pair, position=position)
        expected = sorted(anew.impacts.get(pair, []), key=lambda one: (one.claim, one.initiator))
        if known != expected:
            yield f"the impacts on {pair} at position {position}"
    waiting = _waiting(view)
    current = {(one.id, one.version) for one in lenses.latest(view.id)}
    for lens in anew.lenses:
        # One that was redefined since has its pairs still to be marked.
        if (lens.id, lens.version) in current:
            for pair in pairs:
                if pair not in waiting:
                    yield from _unlike_series(anew, lens, pair)


def _between(view: View, pairs: Sequence[str]) -> set[UUID]:
    """The claims that may be about one of the pairs: those that depend on both of its countries,
    and those of which something is known there."""
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, {"view": view.id, "pairs": list(pairs)})
        return {row[0] for row in cursor.fetchall()}


def _few(view: View, pairs: Sequence[str]) -> list[str]:
    """As many of the pairs, from the first on, as have few enough claims together."""
    kept: list[str] = []
    left = CLAIMS
    for pair in pairs:
        left -= len(_between(view, [pair]))
        if left < 0:
            break
        kept.append(pair)
    return kept


def _unlike_series(anew: Refold, lens: LensVersion, pair: str) -> Iterator[str]:
    for direction, expected in anew.knots(lens, pair).items():
        held = knots.stored(lens, pair, direction)
        if held is None:
            yield f"{direction} under {lens.label} is not scored"
        elif _bits(held[1]) != _bits(expected):
            yield f"{direction} under {lens.label} at position {anew.position}"


def _bits(series: Sequence[Knot]) -> list[tuple[object, ...]]:
    return [
        (
            one.day,
            *(number.hex() for number in one.moments),
            one.claims,
            one.roots,
            one.state_roots,
            one.newest,
        )
        for one in series
    ]


def _unlike_quarantine(anew: Refold) -> Iterator[str]:
    held = set(
        Quarantine.objects.filter(view=anew.view.id, subject__startswith="claim:").values_list(
            "subject", flat=True
        )
    )
    for subject in sorted(held ^ {f"claim:{one}" for one in anew.poison}):
        yield f"{subject} is {'' if subject in held else 'not '}in quarantine"


def _waiting(view: View) -> set[str]:
    """The pairs whose scores are due, or cannot be had."""
    dirty = DirtyPair.objects.filter(view=view.id).values_list("pair", flat=True)
    aside = Quarantine.objects.filter(view=view.id, subject__startswith="pair:")
    return {*dirty, *(one.removeprefix("pair:") for one in aside.values_list("subject", flat=True))}
