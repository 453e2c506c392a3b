"""Trust: the log's hashes recomputed, and scores folded anew from the log alone, bit for bit."""

import random
from collections.abc import Iterator
from datetime import datetime

import structlog

from tracker import log
from tracker.domain.lenses import View
from tracker.models.derived import Scored
from tracker.models.operational import Audit
from tracker.queries import knots, lenses
from tracker.queries.impacts import followed
from tracker.queries.refold import refold

SAMPLE = 20
EVENTS = 2_000
logger = structlog.get_logger()


def audit(*, at: datetime, sample: int | None) -> list[str]:
    """Check a sample of pairs and of events, or all; give what is wrong, and keep the result.

    The sample follows from `at`, so that a run can be repeated.
    """
    differing = list(_damage(at=at, sample=sample))
    checked = 0
    for view in lenses.views().values():
        pairs = _chosen(view, at=at, sample=sample)
        checked += len(pairs)
        differing += _unlike(view, pairs)
    for one in differing:
        logger.error("audit", differs=one)
    Audit.objects.update_or_create(
        started_at=at, defaults={"checked": checked, "differing": differing}
    )
    return differing


def _damage(*, at: datetime, sample: int | None) -> Iterator[str]:
    """Events that are not what was recorded: all, or one stretch."""
    last = log.head().position
    if sample is not None:
        start = random.Random(at.isoformat()).randint(0, max(0, last - EVENTS))  # noqa: S311
        yield from log.damage(after=start, limit=EVENTS)[1]
        return
    position = 0
    while position < last:
        reached, found = log.damage(after=position, limit=EVENTS)
        yield from found
        if reached == position:
            yield f"position {position + 1} is missing"
            return
        position = reached


def _chosen(view: View, *, at: datetime, sample: int | None) -> list[str]:
    """Pairs that have scores in a view."""
    own = [one.id for one in lenses.latest(view.id)]
    rows = Scored.objects.filter(lens__in=own).values_list("pair", flat=True)
    pairs = sorted(set(rows))
    if sample is None or len(pairs) <= sample:
        return pairs
    return sorted(random.Random(at.isoformat()).sample(pairs, sample))  # noqa: S311


def _unlike(view: View, pairs: list[str]) -> Iterator[str]:
    """The series whose stored knots are not those of the log."""
    position = followed(view.id)
    if not pairs:
        return
    anew = refold(view, position=position, pairs=pairs)
    for lens in anew.lenses:
        for pair in pairs:
            for direction, expected in anew.knots(lens, pair).items():
                held = knots.stored(lens, pair, direction)
                # A pair that waits for its scores, or moved on meanwhile, is for the next run.
                if held and held[0] == position and held[1] != expected and _still(view, position):
                    yield f"{direction} under {lens.label} at position {position}"


def _still(view: View, position: int) -> bool:
    return followed(view.id) == position
