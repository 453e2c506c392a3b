"""How far the log, its seal and the views are."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily as Gauge

from tracker import log
from tracker.queries import progress, seals
from workers import doctor
from workers.metrics.shapes import by, gauge


def gauges(*, at: datetime) -> Iterator[Gauge]:
    """Read the database."""
    yield gauge("log_position", log.head().position)
    yield from _of_seal(at)
    yield from _of_witnesses()
    yield from _of_views(at)
    yield from _of_pairs(at)
    yield gauge("set_aside", len(progress.quarantine()))
    yield from _of_clocks()


def _of_pairs(at: datetime) -> Iterator[Gauge]:
    yield gauge("pairs_waiting", progress.count_pending())
    first = progress.pending_pairs(limit=1)
    yield gauge("oldest_pair_seconds", _age(first[0].since_position, at) if first else 0)


def _age(position: int, at: datetime) -> float:
    """The seconds since an event was recorded."""
    event = log.at(position)
    return max(0.0, (at - event.recorded_at).total_seconds()) if event else 0.0


def _of_seal(at: datetime) -> Iterator[Gauge]:
    seal, last = seals.state(), seals.last_checkpoint()
    yield gauge("sealed_position", seal.sealed_through)
    yield gauge("signed_position", last.size if last else 0)
    yield gauge("seal_alarm", int(bool(seal.alarm)))
    if last:
        yield gauge("checkpoint_age_seconds", (at - last.signed_at).total_seconds())
        end = log.head()
        waiting = (at - end.recorded_at).total_seconds() if end.position > last.size else 0
        yield gauge("unsigned_seconds", max(0.0, waiting))


def _of_witnesses() -> Iterator[Gauge]:
    asked = seals.witness_states()
    yield by("witness_signed_position", {one.name: one.size for one in asked})
    yield by("witness_failing", {one.name: int(bool(one.error)) for one in asked})
    yield by("witness_refuses", {one.name: int(bool(one.refused)) for one in asked})


def _of_views(at: datetime) -> Iterator[Gauge]:
    followers = progress.followers()
    yield by("follower_lag_events", {follower.view: follower.late for follower in followers})
    # What was recorded before its first lens does not make a view late.
    next_ = {one.view: max(one.position, one.begun) + 1 for one in followers if one.late > 0}
    # Views wait at few places: each is looked up once.
    ages = {position: _age(position, at) for position in set(next_.values())}
    lags = {one.view: ages.get(next_.get(one.view, 0), 0) for one in followers}
    yield by("follower_lag_seconds", lags)
    yield by(
        "follower_stopped",
        {follower.view: int(bool(follower.stopped_by)) for follower in followers}
        | {"disclosure": int(bool(progress.disclosure_stopped_by()))},
    )


def _of_clocks() -> Iterator[Gauge]:
    yield gauge("clock_skew_seconds", doctor.clock_skew().total_seconds())
    yield gauge("log_ahead_seconds", max(0.0, log.log_clock().ahead))
