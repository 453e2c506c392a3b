"""Clients that send and take next to nothing, and a normal reader beside them."""

import os
import signal
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from benchmarks import slow_clients, slow_connections
from tests.kit.sites import Site, a_site, served

pytestmark = [pytest.mark.faults, pytest.mark.long]


@pytest.fixture(scope="module")
def site(desk_template) -> Iterator[Site]:
    with a_site(desk_template) as opened:
        yield opened


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def test_two_hundred_leave_a_reader_alone(site):
    """Without a proxy. There are eight threads."""
    with slow_connections.slow_connections(
        port_of(site.url), kinds=slow_clients.KINDS, connections=200, path="/"
    ):
        paths = ("/readyz", "/healthz", "/")
        beside = [
            slow_connections.read(port_of(site.url), path, timeout=120)[0] for path in 3 * paths
        ]

    assert beside == [200] * 9


def test_a_server_ends_beside_them(site):
    """Eight seconds of grace, and what a busy machine needs to end processes."""
    server = served({**os.environ, "DATABASE_URL": site.database}, end=signal.SIGTERM)
    url = server.__enter__()  # its end is what is timed
    with slow_connections.slow_connections(
        port_of(url), kinds=slow_clients.KINDS, connections=24, path="/"
    ):
        began = time.monotonic()
        server.__exit__(None, None, None)

        assert time.monotonic() - began < 90
