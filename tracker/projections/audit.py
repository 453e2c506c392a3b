"""The audit: recomputes the log's hashes, the records and the scores from the log, and compares.

All reads use one database snapshot, so that changes made meanwhile are not reported. A whole audit
looks at everything, that of a sample at a part by chance, and an inspection, every few seconds, at
a smaller part of the events and of the table of pairs: all of a short log each time.
"""

import random
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from tracker import log
from tracker.domain import codec
from tracker.domain.events import UnknownShape
from tracker.domain.lenses import LensVersion, View
from tracker.domain.scoring.moments import Knot
from tracker.domain.state import OutOfOrder
from tracker.log import Pending, Recorded, integrity, seal_checks
from tracker.log.seal_checks import HostProblem
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine
from tracker.models.operational import Audit
from tracker.models.scores import Scored
from tracker.projections import coverage, disclosure, score_rows, standing
from tracker.projections.transaction_settings import be_patient, long_pauses
from tracker.queries import progress
from tracker.queries.evidence import impacts
from tracker.queries.evidence.dependents import ON_BOTH, on_both
from tracker.queries.evidence.refold import Refold, refold
from tracker.queries.records import pair_names
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select

SAMPLE = 20
EVENTS = 2_000
# What an inspection checks.
INSPECTED_EVENTS = 1_000
INSPECTED_PAIRS = 200
# Differences, and characters of an error, that are kept of an audit.
MOST_KEPT = 1_000
MOST_ERROR = 500
# The most claims that are evaluated for a sample. A pair with more is checked only by a full audit.
CLAIMS = 5_000
_BETWEEN = f"SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s UNION {ON_BOTH}"  # noqa: S608
_UNREADABLE = (OutOfOrder, UnknownShape, codec.BadShape)
logger = structlog.get_logger()

# Gets how far an audit is, often.
type Report = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Found:
    """The differences so far, also if the audit does not come to its end: those of the log itself,
    which are damage, and those of what follows from it."""

    of_log: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        """Each once, those of the log first."""
        return iter(dict.fromkeys([*self.of_log, *self.wrong]))


def audit(
    *,
    at: datetime,
    sample: int | None,
    of_seal: HostProblem | None = None,
    report: Report = lambda _text: None,
) -> list[str]:
    """Check a sample of pairs and of events, or all. Saves and returns the differences.

    The sample follows from `at`, so that an audit can be repeated. `of_seal` is what this host
    knows to be wrong with the seal; it is saved only if the log went back. `report` gets how far
    the audit is.
    """
    chance = random.Random(at.isoformat()) if sample is not None else None  # noqa: S311
    kind = Audit.Kind.SAMPLE if chance else Audit.Kind.WHOLE
    audited, found = Audit(started_at=at, kind=kind), _Found(_went_back(of_seal))
    try:
        with _snapshot():
            report("counting the events")
            found.of_log.extend(seal_checks.problems(whole=chance is None))
            found.of_log.extend(integrity.gaps())
            _find_wrong_events(found, _ranges(chance), report)
            _find_despite(found, lambda: _wrong_tables(audited, chance, sample, report))
    except Exception as problem:
        audited.error = f"{type(problem).__name__}: {problem}".strip()[:MOST_ERROR]
        _save(audited, found)
        raise
    _save(audited, found)
    return _all(of_seal, found)


def _went_back(of_seal: HostProblem | None) -> list[str]:
    return [of_seal.text] if of_seal and of_seal.went_back else []


def _all(of_seal: HostProblem | None, found: _Found) -> list[str]:
    """The differences, and before them what this host knows of the seal."""
    return [*dict.fromkeys([*([of_seal.text] if of_seal else []), *found])]


def _wrong_tables(
    audited: Audit, chance: random.Random | None, sample: int | None, report: Report
) -> Iterator[str]:
    """Rows of derived tables that do not follow from the log."""
    yield from _orphan_rows()
    yield from score_rows.orphan_rows()
    yield from disclosure.orphan_rows()
    whole, today = chance is None, audited.started_at.date()
    if whole:
        yield from coverage.wrong_counts()
    for view in lenses.views().values():
        pairs = _pairs(view, chance, sample)
        audited.checked += len(pairs)
        yield from _wrong_scores(view, pairs, today, whole=whole, report=report)


def _find_despite(found: _Found, check: Callable[[], Iterable[str]]) -> None:
    """Add the differences that a check finds. Where the log is damaged it may not come to its end:
    an event that was changed cannot be read."""
    try:
        found.wrong.extend(check())
    except (DatabaseError, OSError):
        raise
    except Exception as problem:
        if not found.of_log:
            raise
        logger.exception("audit.stopped")
        found.wrong.append(
            f"what follows from changed events cannot be compared: {type(problem).__name__}"
        )


def inspect(*, at: datetime, of_seal: HostProblem | None = None) -> list[str]:
    """Check a range of events and some pairs in the table of pairs. Nobody can foresee which, and
    each is as likely: turns by the clock would leave some out. Saves what is new, and returns the
    differences."""
    found = _Found(_went_back(of_seal))
    try:
        with _snapshot():
            _inspect(found, at.date())
    finally:
        if not set(found) <= set(progress.audited().differing):
            _save(Audit(started_at=at, kind=Audit.Kind.INSPECTION), found)
    return _all(of_seal, found)


def _inspect(found: _Found, today: date) -> None:
    found.of_log.extend(seal_checks.problems(whole=False))
    after = _part(log.head().position, INSPECTED_EVENTS)
    found.of_log.extend(seal_checks.wrong_tiles(first=after + 1, last=after + INSPECTED_EVENTS))
    _find_wrong_events(found, [(after, INSPECTED_EVENTS)], records=False)
    _find_despite(found, lambda: _wrong_scores_shown(today))


def _part(length: int, size: int) -> int:
    """Where a part begins that is chosen at random."""
    return secrets.randbelow(max(1, -(-length // size))) * size


def _wrong_scores_shown(today: date) -> Iterator[str]:
    """Differences in a part of the table of pairs."""
    for lens in lenses.latest():
        pairs = score_rows.scored_pairs(lens)
        begin = _part(len(pairs), INSPECTED_PAIRS)
        yield from _wrong_table_rows(lens, pairs[begin : begin + INSPECTED_PAIRS], today)
    yield from score_rows.orphan_rows()


def _wrong_table_rows(lens: LensVersion, pairs: Sequence[str], today: date) -> Iterator[str]:
    """Rows of the table of pairs that differ from the stored knots, and knots that are damaged."""
    damaged = set(knots.damaged_series(lens, pairs))
    yield from (f"the blocks of {one} under {lens.label} are damaged" for one in sorted(damaged))
    whole = [pair for pair in pairs if damaged.isdisjoint(lens.stored_directions(pair))]
    yield from score_rows.wrong_rows(lens, whole, today=today)


def _save(audited: Audit, found: _Found) -> None:
    """Keep the differences of an audit, those of the log itself first."""
    differences = list(found)
    for difference in differences:
        logger.error("audit", differs=difference)
    Audit.objects.update_or_create(
        started_at=audited.started_at,
        defaults={
            "kind": audited.kind,
            "checked": audited.checked,
            "differing": differences[:MOST_KEPT],
            "damaged": bool(found.of_log),
            "error": audited.error,
        },
    )


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


def _ranges(chance: random.Random | None) -> Iterator[tuple[int, int]]:
    """The ranges of the log to check, each as the position before it and its length: all, or one at
    random."""
    last = log.head().position
    if chance:
        yield chance.randint(0, max(0, last - EVENTS)), EVENTS
    else:
        yield from ((position, EVENTS) for position in range(0, last, EVENTS))


def _find_wrong_events(
    found: _Found,
    ranges: Iterable[tuple[int, int]],
    report: Report = lambda _text: None,
    *,
    records: bool = True,
) -> None:
    """Add events that differ from their hashes, and rows that differ from their events: of what is
    disclosed, and with `records` of the records, which takes longer."""
    last = log.head().position
    for after, limit in ranges:
        report(f"event {after:,} of {last:,}")
        found.of_log.extend(log.damage(after=after, limit=limit)[1])
        if records:
            _find_despite(found, lambda: _wrong_rows(after, limit))  # noqa: B023
        begun = log.new_streams("ClaimAsserted", first=after + 1, last=after + limit)
        _find_despite(found, lambda: disclosure.wrong_rows(begun))  # noqa: B023


def _wrong_rows(after: int, limit: int) -> Iterator[str]:
    """Differences in the rows of the streams that begin in a range of the log."""
    events = log.read(after=after, limit=limit, words=False)
    history: dict[UUID, list[Recorded]] = {}
    for event in log.history([event.stream for event in events if event.version == 1]):
        history.setdefault(event.stream, []).append(event)
    try:
        yield from _unlike(history)
    except _UNREADABLE:
        for stream, own in history.items():
            try:
                yield from _unlike({stream: own})
            except _UNREADABLE as problem:
                yield f"stream {stream} cannot be folded: {problem}"


def _unlike(history: dict[UUID, list[Recorded]]) -> list[str]:
    """The rows of some streams that differ from their events."""
    pending = [
        Pending(stream=event.stream, version=event.version, event=event.decoded())
        for events in history.values()
        for event in events
    ]
    found: list[str] = []
    for table, rows in standing.rows(pending).items():
        name = table._meta.db_table  # noqa: SLF001 # Django's documented way
        unlike = select(
            f"SELECT DISTINCT id FROM (SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
            f" EXCEPT SELECT * FROM {name} WHERE id = ANY(%s)) AS unlike ORDER BY id",
            [rows, list(history)],
        )
        found += (f"{name} {row[0]} differs from its events" for row in unlike)
    return found


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


def _wrong_scores(
    view: View, pairs: Sequence[str], today: date, *, whole: bool, report: Report
) -> Iterator[str]:
    """Impacts and series of pairs that differ from those recomputed from the log."""
    position = impacts.followed_position(view.id)
    if whole:
        refolded = refold(view, position=position, report=report)
        yield from _wrong_quarantine(refolded)
    else:
        refolded = refold(view, position=position, claims=_candidate_claims(view, pairs))
    wanted = sorted({*pairs, *(refolded.impacts if whole else ())})
    for number, pair in enumerate(wanted):
        report(f"impacts on pair {number:,} of {len(wanted):,}")
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
            damaged = set(knots.damaged_series(lens, settled))
            yield from (f"the blocks of {one} under {lens.label} are damaged" for one in damaged)
            right: list[str] = []
            for number, pair in enumerate(settled):
                report(f"scores of pair {number:,} of {len(settled):,} under {lens.label}")
                wrong = list(_wrong_series(refolded, lens, pair, damaged))
                yield from wrong
                if not wrong and damaged.isdisjoint(lens.stored_directions(pair)):
                    right.append(pair)
            yield from score_rows.wrong_rows(lens, right, today=today)


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
