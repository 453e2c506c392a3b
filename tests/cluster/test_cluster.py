"""A whole cluster: a claim that crosses the hosts, and what happens when parts of it fail. It takes
long to start, so all tests share one, in the order in which they stand here."""

from collections.abc import Iterator

import pytest
import urllib3

from tests.kit.cluster.cluster import Cluster, a_cluster
from tests.kit.cluster.load import Load
from tests.kit.processes import eventually

pytestmark = [pytest.mark.faults, pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with a_cluster(synchronous=True) as cluster:
        yield cluster


def status(cluster: Cluster, path: str) -> int:
    """Ask the proxy, and give the status."""
    headers = {"Authorization": f"Bearer {cluster.token}"}
    return urllib3.request("GET", cluster.url + path, headers=headers, timeout=120).status


def _state(cluster: Cluster, name: str) -> str:
    """The proxy's line about a web host."""
    lines = cluster.plan.proxy.ask("show stat").splitlines()
    return next(line for line in lines if line.startswith(f"web,{name},"))


def test_claims_are_entered_scored_and_read_from_the_standby(cluster: Cluster):
    with Load(url=cluster.url, token=cluster.token) as load:
        eventually(lambda: load.written >= 5, what="five claims are recorded")
    # Each was acknowledged when the standby showed it.
    assert cluster.standby.position() >= load.last_position
    assert load.failures == []
    of_web = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'entente_app'"
    assert cluster.standby.ask(of_web) != [(0,)]
    waiting = "SELECT count(*) FROM dirty_pair"
    eventually(lambda: cluster.standby.ask(waiting) == [(0,)], what="the workers score")


def test_readers_do_not_notice_that_a_web_host_is_killed_or_frozen(cluster: Cluster):
    cluster.kill("web-1")
    answers = [status(cluster, "/api/v1/pairs/") for _ in range(4)]
    cluster.restart("web-1")
    assert answers == [200] * 4
    cluster.freeze("web-2")
    eventually(lambda: "DOWN" in _state(cluster, "web-2"), what="the proxy leaves out web-2")
    assert [status(cluster, "/api/v1/pairs/") for _ in range(4)] == [200] * 4
    cluster.thaw("web-2")
    eventually(lambda: "UP" in _state(cluster, "web-2"), what="the proxy asks web-2 again")
