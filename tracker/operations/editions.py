"""Editions: kept once for a lens version and a day, and never changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.db import DatabaseError

from tracker import log
from tracker.domain import editions as e
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import Conflict, NotYet
from tracker.models.operational import Edition
from tracker.queries.evidence import impacts
from tracker.queries.moment import AsOf, resolve
from tracker.queries.scores import editions, lenses, values
from tracker.queries.scores.editions import Kept

# A day that passed while nothing ran still gets its edition, up to a week later.
DAYS_BACK = 7
logger = structlog.get_logger()


class NotOver(NotYet):
    """An edition is of a day that has ended, or it would be another by the evening."""


class OtherPosition(Conflict):
    """There is an edition of that day already, as known at another position; it stays."""


def publish(label: str, day: date, *, at: datetime, as_of: AsOf = None) -> Kept:
    """Keep the edition of a day as known at a moment, or as far as the scores have come; the one
    that there is stays.

    :raises NotOver: :raises OtherPosition: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises values.Behind: where the scores have not come to the moment.
    """
    if day >= at.astimezone(UTC).date():
        raise NotOver(f"{day} is not over: an edition requires a past day")
    head = resolve(as_of)
    chosen = lenses.named(label, position=head)
    position = head if as_of is not None else min(head, impacts.followed(chosen.lens.view.id))
    found = _store(chosen, day, position=position, at=at)
    if as_of is not None and found.position != position:
        raise OtherPosition(
            f"the edition of {day} under {chosen.label} is as known at position"
            f" {found.position} and stays so; {position} was asked for"
        )
    return found


def publish_due(*, at: datetime) -> int:
    """Keep the edition of each day of the last week that has none, as known when the day ended;
    give how many were made.

    When this runs makes no difference: the position is that of the day's last event. A lens that
    was defined later has no edition of the day, one whose scores lag gets it the next time.
    """
    made = 0
    for state in lenses.states():
        name = lenses.latest_of(state).lens.name
        for day, position in _past_days(at):
            try:
                made += _publish_due(name, day, position=position, at=at)
            except DatabaseError:
                raise
            except Exception:  # a lens that cannot be read must not stop the others
                logger.exception("no edition", lens=name, day=day.isoformat())
    return made


def _publish_due(name: str, day: date, *, position: int, at: datetime) -> bool:
    try:
        lens = lenses.defined(name, position=position)
        if _exists(lens, day):
            return False
        _store(lens, day, position=position, at=at)
    except (lenses.NoSuchLens, values.Behind):
        return False
    return True


def _past_days(at: datetime) -> Iterator[tuple[date, int]]:
    """The days of the last week (UTC), each with the last position recorded on or before it."""
    midnight = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
    for back in range(DAYS_BACK):
        end = midnight - timedelta(days=back, microseconds=1)
        yield end.date(), log.position_at(end)


def _store(lens: LensVersion, day: date, *, position: int, at: datetime) -> Kept:
    if not _exists(lens, day):
        summed = e.summed(values.tabled(lens, day, position=position))
        row = Edition(
            lens=lens.id,
            lens_version=lens.version,
            day=day,
            position=position,
            pairs=summed.pairs,
            digest=summed.digest,
            made_at=at,
        )
        # Whoever comes first makes it.
        Edition.objects.bulk_create([row], ignore_conflicts=True)
    return editions.kept(lens.label, day)


def _exists(lens: LensVersion, day: date) -> bool:
    return Edition.objects.filter(lens=lens.id, lens_version=lens.version, day=day).exists()
