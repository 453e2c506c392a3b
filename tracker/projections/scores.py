"""Folds the impacts of dirty pairs into knots, for every lens of the view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Min

from tracker.domain.lenses import LensVersion, View
from tracker.log import Rows, Statement
from tracker.log.appending import execute_steps
from tracker.log.messages import ask
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine
from tracker.projections import leases, score_rows
from tracker.projections.folding import KnownImpacts, ScoredDirection, fold
from tracker.projections.score_rows import last_knots
from tracker.projections.transaction_settings import PATIENTLY
from tracker.queries.evidence import impact_rows
from tracker.queries.evidence import impacts as impacts_on_record
from tracker.queries.scores import lenses

MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=30)
ALL_DAYS = date.min
# Pairs that are taken together, and the most impacts on the pairs of one transaction. The follower
# waits for it when it marks one of them.
BATCH = 100
MOST_IMPACTS = 20_000
# Of all dirty pairs, or of the urgent ones alone. A pair whose last attempt failed or crashed its
# worker is taken alone.
_TAKE, _TAKE_URGENT = (
    leases.take_sql(
        "dirty_pair",
        key=("view", "pair"),
        until="not_before",
        order="urgent DESC, since_position, view, pair",
        free=free,
        together="oldest.view = first.view AND oldest.urgent = first.urgent"
        " AND oldest.attempts = 0 AND first.attempts = 0",
    )
    for free in ("true", "urgent")
)
_LOCK = "SELECT FROM dirty_pair WHERE view = %s AND pair = ANY(%s) ORDER BY pair FOR UPDATE"
_HELD = (
    "SELECT pair, generation,"
    " coalesce((SELECT position FROM cursor c WHERE c.view = m.view), 0) FROM dirty_pair m"
    " WHERE view = %s AND pair = ANY(%s) AND lease = %s"
)
_SCORED = (
    "SELECT s.pair, s.lens, s.lens_version, EXISTS (SELECT FROM quarantine q"
    " WHERE q.view = %s AND q.subject = 'pair:' || s.pair)"
    " FROM scored s WHERE s.pair = ANY(%s) AND s.lens = ANY(%s)"
)
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedPair:
    """A leased dirty pair. A writer must still hold this lease on this generation."""

    view: str
    pair: str
    from_day: date
    generation: int
    lease: UUID
    attempts: int


def recompute_all(*, at: datetime, limit: int | None = None, only_urgent: bool = False) -> int:
    """Recompute every dirty pair, or every urgent one, that no other worker has, or up to `limit`
    of them. Return how many were taken."""
    taken = 0
    while limit is None or taken < limit:
        most = BATCH if limit is None else min(BATCH, limit - taken)
        if not (work := take_pairs(at=at, most=most, only_urgent=only_urgent)):
            break
        for group in groups(work):
            recompute(group, at=at)
        taken += len(work)
    return taken


def take_pairs(*, at: datetime, most: int = 1, only_urgent: bool = False) -> list[LeasedPair]:
    """Take a dirty pair that no other worker has: of the urgent ones, or else of all, the one that
    has waited longest; and up to `most` in all of the next ones of its view. They have one lease.
    """
    sql = _TAKE_URGENT if only_urgent else _TAKE
    rows = leases.take_some(sql, at=at, lasting=LEASE, most=most)
    work = [LeasedPair(**{name: row[name] for name in LeasedPair.__slots__}) for row in rows]
    return sorted(work, key=attrgetter("pair"))


def groups(work: Sequence[LeasedPair]) -> Iterator[list[LeasedPair]]:
    """Divide pairs that were taken together among transactions, by their impacts."""
    if len(work) == 1:
        yield [*work]
        return
    numbers = impacts_on_record.count(work[0].view, [one.pair for one in work])
    group: list[LeasedPair] = []
    total = 0
    for one in work:
        number = numbers.get(one.pair, 0)
        if group and total + number > MOST_IMPACTS:
            yield group
            group, total = [], 0
        group.append(one)
        total += number
    yield group


def recompute(work: Sequence[LeasedPair], *, at: datetime) -> int:
    """Write the scores of pairs that were taken together, in one transaction. Return how many were
    written: a lease may be lost, and a pair may fail."""
    try:
        with transaction.atomic():
            return _recompute(work, at=at)
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as problem:
        if len(work) > 1:
            return sum(recompute([one], at=at) for one in work)
        [failed] = work
        logger.exception("pair failed", view=failed.view, pair=failed.pair, attempt=failed.attempts)
        _retry_later(failed, repr(problem), at=at)
        return 0


def _recompute(work: Sequence[LeasedPair], *, at: datetime) -> int:
    held, followed = _lock(work)
    if not held:
        return 0
    if held[0].attempts > MOST_ATTEMPTS:
        _quarantine(held[0], followed)
        return 0
    view, pairs = held[0].view, [one.pair for one in held]
    known = KnownImpacts(impact_rows.on_pairs(view, pairs, position=followed))
    lines, failures = _fold(held, known)
    steps: list[Statement | Rows] = []
    if lines:
        positions = impacts_on_record.last_changes(view, pairs, position=followed)
        steps = score_rows.write(lines, positions, today=at.date())
    done = [one.pair for one in held if one.pair not in failures]
    execute_steps([*steps, *_done(view, done)])
    for one in held:
        if one.pair in failures:
            _retry_later(one, "; ".join(failures[one.pair]), at=at)
    return len(done)


def _lock(work: Sequence[LeasedPair]) -> tuple[list[LeasedPair], int]:
    """Lock the dirty pairs. Return those that were not marked again or leased to another worker,
    and the position that the view has followed."""
    view, pairs = work[0].view, sorted(one.pair for one in work)
    rows = ask(
        PATIENTLY,
        Statement(_LOCK, [view, pairs]),
        # After the lock, so that it sees the changes that the mark is about.
        Statement(_HELD, [view, pairs, work[0].lease]),
    )
    generations = {pair: generation for pair, generation, _ in rows}
    held = [one for one in work if generations.get(one.pair) == one.generation]
    return held, rows[0][2] if rows else 0


type Failures = dict[str, list[str]]


def _fold(
    work: Sequence[LeasedPair], known: KnownImpacts
) -> tuple[list[ScoredDirection], Failures]:
    """Fold for each lens separately, since one that fails must not stop the others. Return the
    failures of each pair that has any."""
    lines: list[ScoredDirection] = []
    failures: Failures = {}
    days = _days(work)
    kept = last_knots(
        (lens, pair, day)
        for lens, of_pairs in days
        for pair, day in of_pairs.items()
        if day > ALL_DAYS
    )
    for lens, of_pairs in days:
        try:
            lines += fold(lens, of_pairs, known, kept)
        except Exception:  # noqa: BLE001 # one by one, to find the pairs that fail
            for pair, day in of_pairs.items():
                try:
                    alone = KnownImpacts({pair: known.rows[pair]})
                    lines += fold(lens, {pair: day}, alone, kept)
                except Exception as problem:  # other pairs and lenses must go on
                    logger.exception("pair failed", pair=pair, lens=lens.label)
                    failures.setdefault(pair, []).append(f"{lens.label}: {problem!r}")
    return lines, failures


def _days(work: Sequence[LeasedPair]) -> list[tuple[LensVersion, dict[str, date]]]:
    """The lenses in force, each with the pairs and the day from which its knots are outdated.

    Deletes knots of older versions, and of lenses that use another view now.
    """
    view, pairs = work[0].view, [one.pair for one in work]
    states = [
        state for state in lenses.states() if any(lens.view.id == view for lens in state.versions)
    ]
    latest = [lenses.latest_of(state) for state in states]
    rows = ask(Statement(_SCORED, [view, pairs, [state.id for state in states]]))
    scored = {tuple(key): not given_up for *key, given_up in rows}
    in_force = {(lens.id, lens.version) for lens in latest}
    score_rows.forget([key for key in scored if key[1:] not in in_force])
    return [
        (
            lens,
            {
                one.pair: one.from_day
                if scored.get((one.pair, lens.id, lens.version))
                else ALL_DAYS
                for one in work
            },
        )
        for lens in latest
        if lens.lens.view.id == view
    ]


def _subject(pair: str) -> str:
    return f"pair:{pair}"


def _done(view: str, pairs: list[str]) -> list[Statement]:
    """The statements that delete the marks and the pairs' entries in quarantine."""
    return [
        Statement(
            "DELETE FROM quarantine WHERE view = %s AND subject = ANY(%s)",
            [view, [_subject(pair) for pair in pairs]],
        ),
        Statement("DELETE FROM dirty_pair WHERE view = %s AND pair = ANY(%s)", [view, pairs]),
    ]


def _quarantine(work: LeasedPair, followed: int) -> None:
    """Quarantine a pair after too many failed attempts. The next change to it starts again.

    Its scores stay stored, with the position that they reach.
    """
    mark = DirtyPair.objects.get(view=work.view, pair=work.pair)
    Quarantine.objects.update_or_create(
        view=work.view,
        subject=_subject(work.pair),
        defaults={
            "position": impacts_on_record.last_change(work.view, work.pair, position=followed),
            "error": mark.last_error or "its workers crashed",
        },
    )
    mark.delete()


def _retry_later(work: LeasedPair, error: str, *, at: datetime) -> None:
    wait = leases.backoff(work.attempts, first=timedelta(seconds=2))
    marks = DirtyPair.objects.filter(view=work.view, pair=work.pair, lease=work.lease)
    marks.update(last_error=error, not_before=at + wait)


_MARK = (
    "INSERT INTO dirty_pair (view, pair, from_day, since_position, urgent, generation, attempts,"
    " last_error) SELECT %s, pair, day, %s, urgent, 1, 0, ''"
    " FROM unnest(%s::text[], %s::date[], %s::boolean[]) AS touched (pair, day, urgent)"
    " ON CONFLICT (view, pair) DO UPDATE SET urgent = dirty_pair.urgent OR excluded.urgent,"
    " from_day = LEAST(dirty_pair.from_day, excluded.from_day), lease = NULL,"
    " generation = dirty_pair.generation + 1, attempts = 0, not_before = NULL, last_error = ''"
)


@dataclass(slots=True)
class ChangedPairs:
    """The pairs whose impacts changed in this transaction, each with the first day, and those that
    a person waits for."""

    days: dict[str, date] = field(default_factory=dict)
    urgent: set[str] = field(default_factory=set)

    def add(self, pair: str, day: date, *, urgent: bool = False) -> None:
        self.days[pair] = min(day, self.days.get(pair, day))
        if urgent:
            self.urgent.add(pair)

    def add_changed_at(self, position: int, view: View) -> None:
        """Add every pair that changed at a position, in this or an earlier transaction."""
        for column in ("known_from", "known_until"):
            self._add_first_days(view, **{column: position})

    def add_all(self, view: View) -> None:
        """Add every pair that ever had an impact: a new lens must score all."""
        self._add_first_days(view)

    def _add_first_days(self, view: View, **narrowed: int) -> None:
        rows = ImpactVersion.objects.filter(view=view.id, **narrowed).values("pair")
        for pair, day in rows.annotate(day=Min("first")).values_list("pair", "day"):
            self.add(pair, day)


def mark(view: View, touched: ChangedPairs, *, position: int) -> list[Statement]:
    """The statement that marks pairs dirty, in name order, so that followers cannot deadlock."""
    pairs = sorted(touched.days)
    if not pairs:
        return []
    days = [touched.days[pair] for pair in pairs]
    urgent = [pair in touched.urgent for pair in pairs]
    return [Statement(_MARK, [view.id, position, pairs, days, urgent])]
