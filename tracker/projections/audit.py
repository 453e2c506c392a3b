"""The audit: recomputes the log's hashes, the records and the scores from the log, and compares.

All reads use one database snapshot, so that changes made meanwhile are not reported.
"""

import random
from collections.abc import Collection, Iterator, Sequence
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
from tracker.log import Pending, Recorded, integrity, seal_checks
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine
from tracker.models.operational import Audit
from tracker.models.scores import Scored
from tracker.projections import coverage, disclosure, standing
from tracker.projections.transaction_settings import be_patient, long_pauses
from tracker.queries.evidence import impacts
from tracker.queries.evidence.dependents import ON_BOTH, on_both
from tracker.queries.evidence.refold import Refold, refold
from tracker.queries.records import pair_names
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select

SAMPLE = 20
EVENTS = 2_000
# The most claims that are evaluated for a sample. A pair with more is checked only by a full audit.
CLAIMS = 5_000
_BETWEEN = f"SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s UNION {ON_BOTH}"  # noqa: S608
logger = structlog.get_logger()


def audit(*, at: datetime, sample: int | None) -> list[str]:
    """Check a sample of pairs and of events, or all. Saves and returns the differences.

    The sample follows from `at`, so that an audit can be repeated.
    """
    chance = random.Random(at.isoformat()) if sample is not None else None  # noqa: S311
    with _snapshot():
        differences = [*integrity.gaps(), *_wrong_records(chance), *_orphan_rows()]
        differences += disclosure.orphan_rows()
        differences += seal_checks.problems(whole=chance is None)
        if chance is None:
            differences += coverage.wrong_counts()
        checked = 0
        for view in lenses.views().values():
            pairs = _pairs(view, chance, sample)
            checked += len(pairs)
            differences += _wrong_scores(view, pairs, whole=chance is None)
    for difference in differences:
        logger.error("audit", differs=difference)
    Audit.objects.update_or_create(
        started_at=at, defaults={"checked": checked, "differing": differences}
    )
    return differences


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction with one snapshot; inside another transaction, that one's isolation."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with long_pauses():
            be_patient()
            yield


def _wrong_records(chance: random.Random | None) -> Iterator[str]:
    """Events that differ from their hashes, and rows that differ from their events: of the whole
    log, or of one random range."""
    last = log.head().position
    position = chance.randint(0, max(0, last - EVENTS)) if chance else 0
    end = min(last, position + EVENTS) if chance else last
    while position < end:
        yield from log.damage(after=position, limit=EVENTS)[1]
        yield from _wrong_rows(position)
        begun = log.new_streams("ClaimAsserted", first=position + 1, last=position + EVENTS)
        yield from disclosure.wrong_rows(begun)
        position += EVENTS


def _wrong_rows(after: int) -> Iterator[str]:
    """Differences in the rows of the streams that begin in a range of the log."""
    events = log.read(after=after, limit=EVENTS, words=False)
    history: dict[UUID, list[Recorded]] = {}
    for event in log.history([event.stream for event in events if event.version == 1]):
        history.setdefault(event.stream, []).append(event)
    for stream, events in history.items():
        try:
            yield from _wrong_row(events)
        except (OutOfOrder, UnknownShape, codec.BadShape) as problem:
            yield f"stream {stream} cannot be folded: {problem}"


def _wrong_row(events: Sequence[Recorded]) -> Iterator[str]:
    pending = [
        Pending(stream=event.stream, version=event.version, event=event.decoded())
        for event in events
    ]
    for table, rows in standing.rows(pending).items():
        name = table._meta.db_table  # noqa: SLF001 # Django's documented way
        unlike = select(
            f"SELECT id FROM (SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
            f" EXCEPT SELECT * FROM {name} WHERE id = %s) AS unlike",
            [rows, events[0].stream],
        )
        yield from (f"{name} {row[0]} differs from its events" for row in unlike)


def _orphan_rows() -> Iterator[str]:
    for table in standing.TABLES:
        name = table._meta.db_table  # noqa: SLF001 # Django's documented way
        orphans = select(
            f"SELECT id FROM {name} WHERE NOT EXISTS"  # noqa: S608
            " (SELECT FROM logged WHERE stream = id AND version = 1) ORDER BY id"
        )
        yield from (f"{name} {row[0]} has no event" for row in orphans)
        past = standing.PAST[table]._meta.db_table  # noqa: SLF001
        current = select(
            f"SELECT p.id FROM {past} p LEFT JOIN {name} s USING (id)"  # noqa: S608
            " WHERE p.version < s.version IS NOT TRUE ORDER BY p.id"
        )
        yield from (f"{past} {row[0]} is not past" for row in current)


def _pairs(view: View, chance: random.Random | None, sample: int | None) -> list[str]:
    """The pairs with scores or impacts in a view: all, or a sample limited by its claims."""
    ids = [lens.id for lens in lenses.latest(view.id)]
    scored = Scored.objects.filter(lens__in=ids).values_list("pair", flat=True)
    moved = ImpactVersion.objects.filter(view=view.id).values_list("pair", flat=True)
    pairs = sorted({*scored, *moved.distinct()})
    if chance is None:
        return pairs
    return sorted(_within_limit(view, chance.sample(pairs, min(sample or 0, len(pairs)))))


def _wrong_scores(view: View, pairs: Sequence[str], *, whole: bool) -> Iterator[str]:
    """Impacts and series of pairs that differ from those recomputed from the log."""
    position = impacts.followed_position(view.id)
    if whole:
        refolded = refold(view, position=position)
        yield from _wrong_quarantine(refolded)
    else:
        refolded = refold(view, position=position, claims=_candidate_claims(view, pairs))
    for pair in sorted({*pairs, *(refolded.impacts if whole else ())}):
        stored = impacts.on_pair(view.id, pair, position=position)
        expected = sorted(refolded.impacts.get(pair, []), key=lambda i: (i.claim, i.initiator))
        if stored != expected:
            yield f"the impacts on {pair} at position {position}"
    pending = _pending_pairs(view)
    current = {(lens.id, lens.version) for lens in lenses.latest(view.id)}
    for lens in refolded.lenses:
        # The pairs of a newer version of the lens are not marked dirty yet.
        if (lens.id, lens.version) in current:
            settled = [pair for pair in pairs if pair not in pending]
            damaged = knots.damaged_series(lens, settled)
            yield from (f"the blocks of {one} under {lens.label} are damaged" for one in damaged)
            for pair in settled:
                yield from _wrong_series(refolded, lens, pair, damaged)


def _candidate_claims(view: View, pairs: Sequence[str]) -> set[UUID]:
    """The claims that may concern one of the pairs: those that depend on both of its countries, and
    those with an impact on it."""
    claims: set[UUID] = set()
    for pair in pairs:
        first, last = pair_names.ends(*pair.split("-"))
        parameters = {**on_both(view, first.id, last.id), "pair": pair}
        claims.update(row[0] for row in select(_BETWEEN, parameters))
    return claims


def _within_limit(view: View, pairs: Sequence[str]) -> list[str]:
    """The first pairs that have at most `CLAIMS` claims in all."""
    chosen: list[str] = []
    left = CLAIMS
    for pair in pairs:
        left -= len(_candidate_claims(view, [pair]))
        if left < 0:
            break
        chosen.append(pair)
    return chosen


def _wrong_series(
    refolded: Refold, lens: LensVersion, pair: str, damaged: Collection[str]
) -> Iterator[str]:
    for direction, expected in refolded.knots(lens, pair).items():
        if direction in damaged:
            continue
        stored = knots.stored_knots(lens, pair, direction)
        if stored is None:
            yield f"{direction} under {lens.label} is not scored"
        elif _bits(stored[1]) != _bits(expected):
            yield f"{direction} under {lens.label} at position {refolded.position}"


def _bits(series: Sequence[Knot]) -> list[tuple[object, ...]]:
    return [
        (
            knot.day,
            *(number.hex() for number in knot.moments),
            knot.claims,
            knot.roots,
            knot.state_roots,
            knot.newest,
        )
        for knot in series
    ]


def _wrong_quarantine(refolded: Refold) -> Iterator[str]:
    rows = Quarantine.objects.filter(view=refolded.view.id, subject__startswith="claim:")
    stored = set(rows.values_list("subject", flat=True))
    for subject in sorted(stored ^ {f"claim:{claim}" for claim in refolded.failed}):
        yield f"{subject} is {'' if subject in stored else 'not '}in quarantine"


def _pending_pairs(view: View) -> set[str]:
    """The pairs whose scores are pending or in quarantine."""
    dirty = DirtyPair.objects.filter(view=view.id).values_list("pair", flat=True)
    rows = Quarantine.objects.filter(view=view.id, subject__startswith="pair:")
    quarantined = rows.values_list("subject", flat=True)
    return {*dirty, *(subject.removeprefix("pair:") for subject in quarantined)}
