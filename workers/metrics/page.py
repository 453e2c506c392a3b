"""`/metrics`, for Prometheus: open with the token of the settings, and to this host."""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from workers import doctor
from workers.metrics import counted, progress, upkeep

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class AllMetrics(Collector):
    """Reads the database, and the files of counts, at each request."""

    def collect(self) -> Iterator[Metric]:
        at = timezone.now()
        yield from progress.gauges(at=at)
        yield from upkeep.gauges(at=at)
        yield from counted.sums()


def text() -> bytes:
    """All metrics in the format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(AllMetrics())
    return generate_latest(registry)


def metrics(request: HttpRequest) -> HttpResponse:
    """503 without a database, the source of most figures."""
    if not _allowed(request):
        return _plain("the metrics are for this host, or for whoever has METRICS_TOKEN\n", 403)
    if not doctor.database().ok:
        return _plain("the database does not respond\n", 503)
    return _plain(text(), 200)


def _plain(content: str | bytes, status: int) -> HttpResponse:
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _allowed(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    token = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return _is_local(request)


def _is_local(request: HttpRequest) -> bool:
    """Whether the request comes from this host, and not through a proxy on it."""
    # A proxy need not say that it is one.
    if settings.PROXIES or any(header in request.META for header in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        # A Unix socket, which only a proxy uses.
        return False
