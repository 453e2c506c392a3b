"""A whole cluster: what runs where, a claim that crosses the hosts, and what happens when parts of
it fail. It takes long to start, so all tests share one, in the order in which they stand here."""

from collections.abc import Iterator

import pytest
import urllib3

from cluster import proof
from cluster.cluster import Cluster, Fenced, NotHere, Options
from cluster.load import Load
from cluster.table import replication, table
from tests.kit.clusters import a_cluster
from tests.kit.processes import eventually

pytestmark = [pytest.mark.faults, pytest.mark.long]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """As root its hosts are namespaces, else ports."""
    with a_cluster(Options(synchronous=True, fast=True, beats=1, importers=0)) as cluster:
        yield cluster


def status(cluster: Cluster, path: str) -> int:
    """Ask the proxy, and give the status."""
    headers = {"Authorization": f"Bearer {cluster.token}"}
    return urllib3.request("GET", cluster.url + path, headers=headers, timeout=20).status


def load(cluster: Cluster) -> Load:
    return Load(url=cluster.url, token=cluster.token, pause=0.1)


def test_each_process_has_its_host_and_uses_something(cluster: Cluster):
    shown = table(cluster)
    assert shown.row_count == len(cluster.members) == 10
    used = cluster.resources()
    # A master and two workers; a main process and two that work.
    assert used["web-1"].processes == used["worker-2"].processes == 3
    assert all(one.memory_kb > 1000 and one.descriptors > 3 for one in used.values())
    # From both web hosts, both workers and the primary itself.
    assert used["pooler"].connections >= 4
    if cluster.network.kind == "namespaces":
        addresses = {host.address for host in cluster.hosts.values()}
        assert len(addresses) == len(cluster.hosts) == 9


def test_a_claim_is_entered_at_one_host_scored_at_another_and_read_from_the_standby(
    cluster: Cluster,
):
    way = proof.send_one(cluster)
    assert way.scored_by.startswith("worker-2 on work-2 (follow")
    assert way.position == cluster.standby.position() == cluster.primary.position()
    assert cluster.standby.is_standby
    assert not cluster.primary.is_standby
    of_web = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'entente_app'"
    assert cluster.standby.ask(of_web) != [(0,)]
    assert replication(cluster).startswith(f"primary at {way.position}, standby at {way.position}")


def test_readers_do_not_notice_that_a_web_host_is_killed_or_frozen(cluster: Cluster):
    cluster.kill("web-1")
    assert cluster.process("web-1").pid is None
    answers = [status(cluster, "/api/v1/pairs/") for _ in range(4)]
    cluster.restart("web-1")
    assert answers == [200] * 4
    cluster.freeze("web-2")
    eventually(lambda: "DOWN" in _state(cluster, "web-2"), what="the proxy leaves out web-2")
    assert [status(cluster, "/api/v1/pairs/") for _ in range(4)] == [200] * 4
    cluster.thaw("web-2")
    eventually(lambda: "UP" in _state(cluster, "web-2"), what="the proxy asks web-2 again")


def _state(cluster: Cluster, name: str) -> str:
    """The proxy's line about a web host."""
    lines = cluster.plan.proxy.ask("show stat").splitlines()
    return next(line for line in lines if line.startswith(f"web,{name},"))


def test_the_links_of_a_web_host_are_cut_and_heal(cluster: Cluster):
    if cluster.network.kind == "ports":
        with pytest.raises(NotHere):
            cluster.cut("web-1", "pool")
        return
    cluster.cut("web-1", "pool")
    eventually(lambda: "DOWN" in _state(cluster, "web-1"), what="the proxy leaves out web-1")
    assert status(cluster, "/api/v1/pairs/") == 200
    cluster.heal("web-1", "pool")
    eventually(lambda: "UP" in _state(cluster, "web-1"), what="the proxy asks web-1 again")


def test_nothing_acknowledged_is_lost_when_the_primary_is_killed(cluster: Cluster):
    former = cluster.primary
    with load(cluster) as running:
        eventually(lambda: running.written >= 5, what="five claims are recorded")
        cluster.kill("primary")
        cluster.promote()
        before = running.written
        eventually(lambda: running.written >= before + 5, what="claims are recorded again")
    assert cluster.primary is not former
    assert running.failures == []
    positions = {one.position for one in running.acknowledged}
    assert len(positions) == running.written
    kept = cluster.primary.ask(
        "SELECT count(*) FROM event WHERE position = ANY(%s)", sorted(positions)
    )
    assert kept == [(running.written,)]


def test_a_former_primary_comes_back_only_as_a_standby(cluster: Cluster):
    with pytest.raises(Fenced):
        cluster.restart("standby")
    cluster.rejoin()
    assert cluster.standby.is_standby
    with load(cluster) as running:
        eventually(lambda: running.written >= 3, what="claims are recorded")
    # Each was acknowledged when the standby showed it.
    assert cluster.standby.position() >= running.last_position
