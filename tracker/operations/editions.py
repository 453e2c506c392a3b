"""Editions: saved once for a lens version and a day, and never changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.db import DatabaseError, transaction

from tracker import log
from tracker.domain import editions as e
from tracker.domain.editions import Spreads
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import Conflict, NotYet
from tracker.log import seal
from tracker.models.operational import Edition, EditionSpread
from tracker.operations import log_memory, sealing
from tracker.queries import moment, seals
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import editions, lenses, values
from tracker.queries.scores.editions import StoredEdition

# If no worker ran, a day gets its edition up to a week later.
DAYS_BACK = 7
logger = structlog.get_logger()


class NotOver(NotYet):
    """The day has not ended, so its edition would change."""


class NotSigned(NotYet):
    """No checkpoint of the log covers the events of the edition yet."""


class OtherPosition(Conflict):
    """There is an edition of that day, as known at another position."""


def publish(label: str, day: date, *, at: datetime, as_of: At) -> StoredEdition:
    """Save the edition of a day as known at a moment, or at the position of the scores. An existing
    edition is returned unchanged.

    :raises NotOver: :raises OtherPosition: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises NotSigned: if no checkpoint covers the position yet.
    :raises values.Behind: if the scores have not reached the moment.
    """
    if day >= at.astimezone(UTC).date():
        raise NotOver(f"{day} is not over: an edition requires a past day")
    head = as_of.position
    lens = lenses.find(label, position=head)
    position = head if not as_of.is_now else min(head, impacts.followed_position(lens.lens.view.id))
    edition = _store(lens, day, position=position, at=at)
    if not as_of.is_now and edition.position != position:
        raise OtherPosition(
            f"the edition of {day} under {lens.label} exists as known at position"
            f" {edition.position}, not {position}; it cannot be changed"
        )
    return edition


def publish_due(*, at: datetime) -> int:
    """Save the missing editions of the last week, each as known when the day ended. Returns their
    number.

    The result does not depend on the time of the call, since the position is that of the day's last
    event. A lens defined later has no edition of the day; a lens whose scores lag gets it next
    time.
    """
    number = 0
    for state in lenses.states():
        name = lenses.latest_of(state).lens.name
        for day, position in _past_days(at):
            try:
                number += _publish_due(name, day, position=position, at=at)
            except DatabaseError:
                raise
            except Exception:  # a lens that cannot be read must not stop the others
                logger.exception("no edition", lens=name, day=day.isoformat())
    return number


def _publish_due(name: str, day: date, *, position: int, at: datetime) -> bool:
    try:
        lens = lenses.find_existing(name, position=position)
        if _exists(lens, day):
            return False
        _store(lens, day, position=position, at=at)
    except (lenses.NoSuchLens, values.Behind, NotSigned):
        return False
    return True


def _past_days(at: datetime) -> Iterator[tuple[date, int]]:
    """The days of the last week (UTC), each with the last position recorded on or before it."""
    midnight = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
    for back in range(DAYS_BACK):
        end = midnight - timedelta(days=back, microseconds=1)
        yield end.date(), log.position_at(end)


def _store(lens: LensVersion, day: date, *, position: int, at: datetime) -> StoredEdition:
    if not _exists(lens, day):
        summed = e.summary(values.stored_lines(lens, day, position=position))
        spreads = editions.spreads_at(lens, day, position=position)
        row = Edition(
            lens=lens.id,
            lens_version=lens.version,
            day=day,
            position=position,
            pairs=summed.pairs,
            digest=summed.digest,
            made_at=at,
            spreads=spreads.kept,
            root=_root(position),
        )
        _save(row, spreads)
    return editions.find(lens.label, day, as_of=moment.now())


def _root(position: int) -> str:
    """The root of the tree up to a position, in hex digits.

    :raises NotSigned: no checkpoint covers it. Where none is ever signed, the tree itself must.
    """
    if seals.last_checkpoint() is None:
        _check_log(position)
        while seal.size() < position and seal.extend(most=sealing.MOST):
            pass
    if seals.signed_through() < position:
        raise NotSigned(f"the log is not signed up to position {position} yet; ask again soon")
    return seal.root_at(position).hex()


def _check_log(position: int) -> None:
    """
    :raises NotSigned: the log went back.
    """
    try:
        log_memory.check()
    except log_memory.WentBack as problem:
        raise NotSigned(f"no edition of position {position}: {problem}") from problem


@transaction.atomic
def _save(row: Edition, spreads: Spreads) -> None:
    """Save an edition with its spreads. If two processes save it, the first one wins."""
    Edition.objects.bulk_create([row], ignore_conflicts=True)
    kept = Edition.objects.get(pk=row.pk)
    own = spreads.by_pair if kept.position == row.position else {}
    EditionSpread.objects.bulk_create(
        (
            EditionSpread(
                lens=row.lens,
                lens_version=row.lens_version,
                day=row.day,
                pair=pair,
                **spread._asdict(),
            )
            for pair, spread in own.items()
        ),
        ignore_conflicts=True,
    )


def _exists(lens: LensVersion, day: date) -> bool:
    return Edition.objects.filter(lens=lens.id, lens_version=lens.version, day=day).exists()
