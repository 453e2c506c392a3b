"""`/metrics`: how far the work is, for Prometheus."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from tracker import log
from tracker.queries import progress
from workers import doctor


class Progress(Collector):
    """Asks the database anew each time."""

    def collect(self) -> Iterator[Gauge]:
        followers = progress.followers()
        yield _one("log_position", "The last position of the log.", log.head().position)
        yield _by_view(
            "follower_lag_events",
            "Events that a view has not taken in.",
            {one.view: one.late for one in followers},
        )
        yield _by_view(
            "follower_stopped",
            "1 where a view met an event that it cannot read.",
            {one.view: int(bool(one.stopped_by)) for one in followers},
        )
        yield _one("pairs_waiting", "Pairs that wait for their scores.", progress.waiting())
        yield _one("set_aside", "Claims and pairs in quarantine.", len(progress.set_aside()))
        yield _one("broker_up", "1 where the broker answers.", int(doctor.broker().well))


def metrics(_request: HttpRequest) -> HttpResponse:
    """503 without a database, of which all is asked."""
    if not doctor.database().well:
        return HttpResponse(
            "the database does not answer\n", status=503, content_type=CONTENT_TYPE_PLAIN_0_0_4
        )
    registry = CollectorRegistry()
    registry.register(Progress())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _one(name: str, says: str, value: int) -> Gauge:
    return Gauge(f"entente_{name}", says, value=value)


def _by_view(name: str, says: str, values: dict[str, int]) -> Gauge:
    gauge = Gauge(f"entente_{name}", says, labels=["view"])
    for view, value in values.items():
        gauge.add_metric([view], value)
    return gauge
