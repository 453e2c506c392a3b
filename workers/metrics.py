"""`/metrics`: progress of the workers, for Prometheus."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from tracker import log
from tracker.queries import progress, seals, witnesses
from workers import clock, doctor


class ProgressCollector(Collector):
    """Reads the database at each request."""

    def collect(self) -> Iterator[Gauge]:
        yield _gauge("log_position", "The last position of the log.", log.head().position)
        yield from _of_seal()
        yield from _of_witnesses()
        yield from _of_views()
        yield _gauge("pairs_waiting", "Pairs whose scores are pending.", progress.count_pending())
        yield _gauge("set_aside", "Claims and pairs in quarantine.", len(progress.quarantine()))
        yield from _of_clocks()
        yield _gauge("broker_up", "1 if the broker responds.", int(doctor.broker().ok))


def _of_seal() -> Iterator[Gauge]:
    seal, last = seals.state(), seals.last_checkpoint()
    yield _gauge("sealed_position", "The last sealed position.", seal.sealed_through)
    yield _gauge("signed_position", "The last signed position.", last.size if last else 0)
    alarm = int(bool(seal.alarm))
    yield _gauge("seal_alarm", "1 if the log cannot be sealed or signed.", alarm)


def _of_witnesses() -> Iterator[Gauge]:
    asked = witnesses.states()
    yield _by(
        "witness",
        "witness_signed_position",
        "The last position that a witness has signed.",
        {one.name: one.size for one in asked},
    )
    yield _by(
        "witness",
        "witness_failing",
        "1 if a witness does not sign, without refusing the log.",
        {one.name: int(bool(one.error)) for one in asked},
    )
    yield _by(
        "witness",
        "witness_refuses",
        "1 if a witness refuses the log: it knows another history of it.",
        {one.name: int(bool(one.refused)) for one in asked},
    )


def _of_views() -> Iterator[Gauge]:
    followers = progress.followers()
    yield _by(
        "view",
        "follower_lag_events",
        "Events that a view has not processed.",
        {follower.view: follower.late for follower in followers},
    )
    yield _by(
        "view",
        "follower_stopped",
        "1 if the view stopped: it cannot read an event, or is ahead of the log.",
        {follower.view: int(bool(follower.stopped_by)) for follower in followers}
        | {"disclosure": int(bool(progress.disclosure_stopped_by()))},
    )


def _of_clocks() -> Iterator[Gauge]:
    yield _gauge(
        "clock_skew_seconds",
        "How far the clock of this host is ahead of the database's.",
        clock.skew().total_seconds(),
    )
    yield _gauge(
        "log_ahead_seconds",
        "How far the last time of the log is ahead of the database's clock.",
        max(0.0, log.log_clock().ahead),
    )


def metrics(_request: HttpRequest) -> HttpResponse:
    """503 without a database, the source of all figures."""
    if not doctor.database().ok:
        return HttpResponse(
            "the database does not respond\n", status=503, content_type=CONTENT_TYPE_PLAIN_0_0_4
        )
    registry = CollectorRegistry()
    registry.register(ProgressCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _gauge(name: str, description: str, value: float) -> Gauge:
    return Gauge(f"entente_{name}", description, value=value)


def _by(label: str, name: str, description: str, values: dict[str, int]) -> Gauge:
    gauge = Gauge(f"entente_{name}", description, labels=[label])
    for one, value in values.items():
        gauge.add_metric([one], value)
    return gauge
