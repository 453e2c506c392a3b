"""Folds the impacts of dirty pairs into knots, for every lens of the view."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Min

from tracker.domain.lenses import Lens, LensVersion, View
from tracker.domain.scoring.evidence import Impact
from tracker.log import Statement
from tracker.log.messages import ask, send
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine
from tracker.projections import leases, score_rows
from tracker.projections.score_rows import ScoredDirection, fold, last_knots
from tracker.projections.transaction_settings import PATIENTLY
from tracker.queries.evidence import impacts as impacts_on_record
from tracker.queries.scores import lenses

MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=30)
ALL_DAYS = date.min
# Of all dirty pairs, or of the urgent ones alone.
_TAKE, _TAKE_URGENT = (
    leases.take_sql(
        "dirty_pair",
        key=("view", "pair"),
        until="not_before",
        order="urgent DESC, since_position, view, pair",
        free=free,
    )
    for free in ("true", "urgent")
)
_HELD = (
    "SELECT coalesce((SELECT position FROM cursor c WHERE c.view = m.view), 0) FROM dirty_pair m"
    " WHERE view = %s AND pair = %s AND lease = %s AND generation = %s"
)
_SCORED = (
    "SELECT lens, lens_version, EXISTS (SELECT FROM quarantine WHERE view = %s AND subject = %s)"
    " FROM scored WHERE pair = %s AND lens = ANY(%s)"
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
    while (limit is None or taken < limit) and (work := take_pair(at=at, only_urgent=only_urgent)):
        recompute(work, at=at)
        taken += 1
    return taken


def take_pair(*, at: datetime, only_urgent: bool = False) -> LeasedPair | None:
    """Take a dirty pair that no other worker has: of the urgent ones, or else of all, the one that
    has waited longest."""
    row = leases.take(_TAKE_URGENT if only_urgent else _TAKE, at=at, lasting=LEASE)
    return LeasedPair(**{name: row[name] for name in LeasedPair.__slots__}) if row else None


def recompute(work: LeasedPair, *, at: datetime) -> bool:
    """Write the scores of a leased pair. Return False if the lease was lost or the pair failed."""
    try:
        with transaction.atomic():
            followed = _lock(work)
            if followed is None:
                return False
            if work.attempts > MOST_ATTEMPTS:
                _quarantine(work, followed)
                return False
            return _recompute(work, followed, at=at)
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as problem:
        logger.exception("pair failed", view=work.view, pair=work.pair, attempt=work.attempts)
        _retry_later(work, repr(problem), at=at)
        return False


def _lock(work: LeasedPair) -> int | None:
    """Lock the dirty pair. Return the position that the view has followed; None if the pair was
    marked again or leased to another worker."""
    pair = [work.view, work.pair]
    rows = ask(
        PATIENTLY,
        Statement("SELECT FROM dirty_pair WHERE view = %s AND pair = %s FOR UPDATE", pair),
        # After the lock, so that it sees the changes that the mark is about.
        Statement(_HELD, [*pair, work.lease, work.generation]),
    )
    return rows[0][0] if rows else None


def _recompute(work: LeasedPair, followed: int, *, at: datetime) -> bool:
    known = impacts_on_record.on_pair(work.view, work.pair, position=followed)
    lines, failures = _fold(work, known)
    statements: list[Statement] = []
    if lines:
        position = impacts_on_record.last_change(work.view, work.pair, position=followed)
        statements = score_rows.write(work.pair, lines, position=position, today=at.date())
    if failures:
        send(*statements)
        _retry_later(work, "; ".join(failures), at=at)
        return False
    send(*statements, *_done(work))
    return True


def _fold(work: LeasedPair, known: list[Impact]) -> tuple[list[ScoredDirection], list[str]]:
    """Fold for each lens separately, since one that fails must not stop the others."""
    lines: list[ScoredDirection] = []
    failures: list[str] = []
    days = list(_days(work))
    kept = last_knots(work.pair, days)
    for lens, from_day in days:
        try:
            lines += fold(lens, work.pair, known, from_day=from_day, kept=kept)
        except Exception as problem:  # other lenses must go on
            logger.exception("pair failed", pair=work.pair, lens=lens.label, attempt=work.attempts)
            failures.append(f"{lens.label}: {problem!r}")
    return lines, failures


def _days(work: LeasedPair) -> Iterator[tuple[LensVersion, date]]:
    """The lenses in force, each with the day from which its knots are outdated.

    Deletes knots of older versions, and of lenses that use another view now.
    """
    states = [
        state for state in lenses.states() if any(_uses_view(lens, work) for lens in state.versions)
    ]
    latest = {(lens.id, lens.version): lens for lens in map(lenses.latest_of, states)}
    ids = [state.id for state in states]
    rows = ask(Statement(_SCORED, [work.view, _subject(work), work.pair, ids]))
    scored = {(lens, version): not given_up for lens, version, given_up in rows}
    score_rows.forget(work.pair, scored.keys() - latest.keys())
    for key, lens in latest.items():
        if _uses_view(lens.lens, work):
            yield lens, work.from_day if scored.get(key) else ALL_DAYS


def _uses_view(lens: Lens, work: LeasedPair) -> bool:
    return lens.view.id == work.view


def _subject(work: LeasedPair) -> str:
    return f"pair:{work.pair}"


def _done(work: LeasedPair) -> list[Statement]:
    """The statements that delete the mark and the pair's entry in quarantine."""
    return [
        Statement(
            "DELETE FROM quarantine WHERE view = %s AND subject = %s", [work.view, _subject(work)]
        ),
        Statement("DELETE FROM dirty_pair WHERE view = %s AND pair = %s", [work.view, work.pair]),
    ]


def _quarantine(work: LeasedPair, followed: int) -> None:
    """Quarantine a pair after too many failed attempts. The next change to it starts again.

    Its scores stay stored, with the position that they reach.
    """
    mark = DirtyPair.objects.get(view=work.view, pair=work.pair)
    Quarantine.objects.update_or_create(
        view=work.view,
        subject=_subject(work),
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
