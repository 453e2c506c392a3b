"""Folds the impacts of dirty pairs into knots, for every lens of the view."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import (
    CurrentScore,
    DirtyPair,
    Knot,
    Quarantine,
    Scored,
)
from tracker.queries import knots, lenses
from tracker.queries.impacts import followed, known

MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=30)
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A claimed mark: whoever writes must still hold this lease on this generation."""

    view: str
    pair: str
    from_day: date
    generation: int
    lease: UUID
    attempts: int


def recompute_all(*, at: datetime) -> int:
    """Work off every dirty pair that nobody else has; give the number written."""
    written = 0
    while work := claim(at=at):
        written += recompute(work, at=at)
    return written


@transaction.atomic
def claim(*, at: datetime) -> Work | None:
    """Take the oldest dirty pair that is free. The attempt is counted before it is made, so that
    a pair that kills its workers runs out of attempts too."""
    lease = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dirty_pair SET attempts = attempts + 1, lease = %(lease)s,"
            " not_before = %(until)s WHERE (view, pair) = (SELECT view, pair FROM dirty_pair"
            " WHERE not_before IS NULL OR not_before <= %(at)s"
            " ORDER BY since_position, view, pair FOR UPDATE SKIP LOCKED LIMIT 1)"
            " RETURNING view, pair, from_day, generation, lease, attempts",
            {"lease": lease, "until": at + LEASE, "at": at},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    names = ("view", "pair", "from_day", "generation", "lease", "attempts")
    return Work(**dict(zip(names, row, strict=True)))


def recompute(work: Work, *, at: datetime) -> bool:
    """Write the scores of a claimed pair; False if it was abandoned, failed or set aside."""
    if work.attempts > MOST_ATTEMPTS:
        _set_aside(work)
        return False
    try:
        with transaction.atomic():
            return _recompute(work, today=at.date())
    except DatabaseError:
        raise
    except Exception as problem:  # a poison pair must not stop the others
        logger.exception("pair failed", view=work.view, pair=work.pair, attempt=work.attempts)
        _retry_later(work, repr(problem), at=at)
        return False


def age(*, today: date) -> int:
    """Bring the table of pairs to `today`; give the number of scores that aged."""
    aged = 0
    for lens in lenses.latest():
        rows = CurrentScore.objects.filter(lens=lens.id, lens_version=lens.version, day__lt=today)
        for row in rows.order_by("direction").iterator():
            knot = knots.last(lens, row.direction, until=today)
            _show(lens, row.pair, row.direction, knot, today=today)
            aged += 1
    return aged


def _recompute(work: Work, *, today: date) -> bool:
    mark = DirtyPair.objects.select_for_update().filter(view=work.view, pair=work.pair).first()
    if mark is None or mark.lease != work.lease or mark.generation != work.generation:
        return False
    position = followed(work.view)
    impacts = known(work.view, work.pair, position=position)
    for lens in lenses.latest(work.view):
        _write_lens(lens, work, impacts, position=position, today=today)
    DirtyPair.objects.filter(view=work.view, pair=work.pair).delete()
    Quarantine.objects.filter(view=work.view, subject=f"pair:{work.pair}").delete()
    return True


def _write_lens(
    lens: LensVersion, work: Work, impacts: list[Impact], *, position: int, today: date
) -> None:
    own: dict[str, Any] = {"lens": lens.id, "pair": work.pair}
    scored = Scored.objects.filter(**own, lens_version=lens.version).exists()
    for table in (Scored, Knot, CurrentScore):
        table.objects.filter(**own).exclude(lens_version=lens.version).delete()
    for direction in directions(work.pair):
        _write_series(lens, direction, work, impacts, from_day=work.from_day if scored else None)
        _show(lens, work.pair, direction, knots.last(lens, direction, until=today), today=today)
    Scored.objects.update_or_create(
        **own, lens_version=lens.version, defaults={"position": position}
    )


def _write_series(
    lens: LensVersion,
    direction: str,
    work: Work,
    impacts: list[Impact],
    *,
    from_day: date | None,
) -> None:
    """Replace the knots from a day on; those before it still hold."""
    kept = Knot.objects.filter(lens=lens.id, lens_version=lens.version, direction=direction)
    outdated = kept.filter(day__gte=from_day) if from_day else kept
    outdated.delete()
    last = kept.order_by("-day").first()
    pulls = lens.pulls(impacts, direction)
    made = lens.scorer(direction).knots(pulls, after=knots.knot_of(last) if last else None)
    Knot.objects.bulk_create(
        [
            Knot(
                lens=lens.id,
                lens_version=lens.version,
                pair=work.pair,
                direction=direction,
                day=knot.day,
                moments=list(knot.moments),
                claims=knot.claims,
                roots=knot.roots,
                state_roots=knot.state_roots,
                last_claim_day=knot.newest,
            )
            for knot in made
        ],
        batch_size=2_000,
    )


def _show(
    lens: LensVersion, pair: str, direction: str, knot: moments.Knot | None, *, today: date
) -> None:
    """Write a series' line in the table of pairs; without a knot it has none."""
    own: dict[str, Any] = {
        "lens": lens.id,
        "lens_version": lens.version,
        "direction": direction,
    }
    if knot is None:
        CurrentScore.objects.filter(**own).delete()
        return
    score = lens.scorer(direction).at(knot, today)
    values = {
        "pair": pair,
        "day": today,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "claims": knot.claims,
        "roots": knot.roots,
        "state_roots": knot.state_roots,
        "last_claim_day": knot.newest or knot.day,
    }
    CurrentScore.objects.update_or_create(**own, defaults=values)


def _set_aside(work: Work) -> None:
    """Quarantine a pair that failed five times; the next change to it tries again."""
    with transaction.atomic():
        mark = DirtyPair.objects.filter(view=work.view, pair=work.pair, lease=work.lease).first()
        if mark is not None:
            Quarantine.objects.update_or_create(
                view=work.view,
                subject=f"pair:{work.pair}",
                defaults={
                    "position": mark.since_position,
                    "error": mark.last_error or "its workers died",
                },
            )
            DirtyPair.objects.filter(view=work.view, pair=work.pair).delete()


def _retry_later(work: Work, error: str, *, at: datetime) -> None:
    wait = timedelta(seconds=2**work.attempts)
    marks = DirtyPair.objects.filter(view=work.view, pair=work.pair, lease=work.lease)
    marks.update(last_error=error, not_before=at + wait)
