"""Folds the impacts of dirty pairs into knots, for every lens of the view."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Case, Min, Q, Value, When

from tracker.domain.dates import day_before
from tracker.domain.lenses import LensVersion, View
from tracker.domain.state import LensState
from tracker.log import Rows, Statement
from tracker.log.appending import execute_steps
from tracker.log.messages import ask_all
from tracker.models.derived import DirtyPair, ImpactVersion, Quarantine
from tracker.projections import leases, score_rows
from tracker.projections.folding import KnownImpacts, ScoredDirection, fold
from tracker.projections.transaction_settings import IDLE_SECONDS, allow_pause, patiently
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
# A pair with more is alone in its transaction, and may take a second longer for so many of them.
IMPACTS_A_SECOND = 5_000
# The same for scores that are written with the events, since the view waits for them.
MOST_AT_ONCE = 2_000
# So few pairs are scored at once, with the events that moved them.
FEW_PAIRS = 20
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

# A lens, and the day from which the knots of each pair are outdated under it.
type LensDays = tuple[LensVersion, dict[str, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedPair:
    """A leased dirty pair. A writer must still hold this lease on this generation."""

    view: str
    pair: str
    from_day: date
    generation: int
    lease: UUID
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPairs:
    """Pairs of a view whose marks are locked, each with the day from which its impacts have
    changed; the position that the view has followed, and the lenses, both read after the lock."""

    view: str
    days: Mapping[str, date]
    position: int
    lenses: Sequence[LensState]

    def ever_used_by(self) -> list[UUID]:
        """The lenses of which a version ever used the view."""
        return [
            state.id
            for state in self.lenses
            if any(version.view.id == self.view for version in state.versions)
        ]


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
    held, followed, states = _lock(work)
    if not held:
        return 0
    if held[0].attempts > MOST_ATTEMPTS:
        _quarantine(held[0], followed)
        return 0
    days = {one.pair: one.from_day for one in held}
    marked = MarkedPairs(view=held[0].view, days=days, position=followed, lenses=states)
    steps, failures = _score(marked, today=at.date())
    execute_steps(steps)
    for one in held:
        if one.pair in failures:
            _retry_later(one, "; ".join(failures[one.pair]), at=at)
    return len(held) - len(failures)


def _lock(work: Sequence[LeasedPair]) -> tuple[list[LeasedPair], int, list[LensState]]:
    """Lock the dirty pairs. Return those that were not marked again or leased to another worker,
    the position that the view has followed, and the lenses."""
    view, pairs = work[0].view, sorted(one.pair for one in work)
    _, _, rows, states = ask_all(
        patiently(),
        Statement(_LOCK, [view, pairs]),
        # After the lock, so that it sees the changes that the mark is about.
        Statement(_HELD, [view, pairs, work[0].lease]),
        lenses.STATES,
    )
    generations = {pair: generation for pair, generation, _ in rows}
    held = [one for one in work if generations.get(one.pair) == one.generation]
    return held, rows[0][2] if rows else 0, lenses.read_states(states)


type Failures = dict[str, list[str]]


def score_marked(pairs: MarkedPairs, *, today: date) -> list[Statement | Rows]:
    """The steps that write the scores of pairs and delete their marks, in the transaction that
    marked them. A pair that fails keeps its mark, for a worker that counts the attempts; so do all
    if they have very many impacts."""
    return _score(pairs, today=today, most=MOST_AT_ONCE)[0]


def _score(
    marked: MarkedPairs, *, today: date, most: float = math.inf
) -> tuple[list[Statement | Rows], Failures]:
    """The steps that write the scores of marked pairs and delete their marks, and the failures of
    each pair that has any. Nothing if they have more than `most` impacts."""
    view, pairs, position = marked.view, [*marked.days], marked.position
    latest = [*map(lenses.latest_of, marked.lenses)]
    of_view = [lens for lens in latest if lens.lens.view.id == view]
    scored, changes = ask_all(
        Statement(_SCORED, [view, pairs, marked.ever_used_by()]),
        impacts_on_record.changes_of(view, pairs, position=position),
    )
    number = sum(number for _, _, number in changes)
    if number > most:
        return [], {}
    if number > MOST_IMPACTS:
        allow_pause(IDLE_SECONDS + number / IMPACTS_A_SECOND)
    given_up = {tuple(key): failed for *key, failed in scored}
    in_force = {(lens.id, lens.version) for lens in latest}
    # Knots of older versions, and of lenses that use another view now.
    score_rows.forget([key for key in given_up if key[1:] not in in_force])
    known = KnownImpacts(impact_rows.on_pairs(view, pairs, position=position))
    days = [(lens, _days(lens, marked.days, given_up)) for lens in of_view]
    lines, failures = _fold(days, known)
    positions = {pair: last for pair, last, _ in changes}
    steps = score_rows.write(lines, positions, today=today) if lines else []
    return [*steps, *_done(view, [pair for pair in pairs if pair not in failures])], failures


def _fold(days: Sequence[LensDays], known: KnownImpacts) -> tuple[list[ScoredDirection], Failures]:
    """Fold for each lens separately, since one that fails must not stop the others. Return the
    failures of each pair that has any."""
    lines: list[ScoredDirection] = []
    failures: Failures = {}
    for lens, of_pairs in days:
        for pair, day in of_pairs.items():
            try:
                lines += fold(lens, pair, known, from_day=day)
            except Exception as problem:  # other pairs and lenses must go on
                logger.exception("pair failed", pair=pair, lens=lens.label)
                failures.setdefault(pair, []).append(f"{lens.label}: {problem!r}")
    return lines, failures


def _days(
    lens: LensVersion, marked: Mapping[str, date], given_up: Mapping[tuple[Any, ...], bool]
) -> dict[str, date]:
    """The pairs with the day from which their knots are outdated under a lens: all days for a pair
    that is not scored or was given up."""
    return {
        pair: ALL_DAYS if given_up.get((pair, lens.id, lens.version), True) else day
        for pair, day in marked.items()
    }


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
    " RETURNING pair, from_day"
)


# As `evidence.changes_from`, but for the day before.
_FIRST = Min(Case(When(~Q(code=""), sd__isnull=False, then=Value(ALL_DAYS)), default="first"))


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
        for pair, day in rows.annotate(day=_FIRST).values_list("pair", "day"):
            self.add(pair, day_before(day))


def mark(view: View, touched: ChangedPairs, *, position: int) -> list[Statement]:
    """The statement that marks pairs dirty, in name order, so that followers cannot deadlock. It
    returns each with the day from which it has to be scored."""
    pairs = sorted(touched.days)
    if not pairs:
        return []
    days = [touched.days[pair] for pair in pairs]
    urgent = [pair in touched.urgent for pair in pairs]
    return [Statement(_MARK, [view.id, position, pairs, days, urgent])]
