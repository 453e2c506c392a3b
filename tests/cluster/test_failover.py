"""The primary dies under eight writers, and the standby takes over."""

import json
from collections.abc import Callable

import pytest
from django.db.utils import ConnectionHandler

from config.database import database_settings
from tests.kit.cluster.cluster import Cluster, a_cluster
from tests.kit.cluster.load import Load
from tests.kit.databases import working_at
from tests.kit.processes import eventually
from tracker import log
from tracker.log.integrity import gaps
from tracker.operations import log_memory

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(900), pytest.mark.long]
WRITERS = 8


def written(load: Load, more: int) -> Callable[[], bool]:
    """Whether so many claims more were acknowledged since this was made."""
    wanted = load.written + more
    return lambda: load.written >= wanted


def events(cluster: Cluster) -> dict[int, str]:
    """The streams of all events of the primary, by position. The log has no gaps."""
    with working_at(cluster.primary.url_of("entente")):
        assert [*gaps()] == []
        return {one.position: str(one.stream) for one in log.read(after=0, limit=1_000_000)}


class TestASynchronousStandby:
    def test_takes_over_and_nothing_acknowledged_is_lost(self):
        with a_cluster(synchronous=True) as cluster:
            load = Load(url=cluster.url, token=cluster.token, writers=WRITERS, readers=2)
            with load:
                eventually(written(load, 200), what="writers write")
                cluster.kill("primary")
                cluster.promote()
                eventually(written(load, 1), what="the new primary takes writes")
                eventually(written(load, 100), what="writers go on")
                assert led_to(cluster) == cluster.primary.address
                cluster.rejoin()
                eventually(written(load, 100), what="writers go on with a standby")
            found = events(cluster)
        assert [one for one in load.acknowledged if found.get(one.position) != one.claim] == []
        assert load.failures == []


def led_to(cluster: Cluster) -> str:
    """The address that the settings of web and workers lead to, if they name both servers."""
    standby, primary = (node.address for node in (cluster.standby, cluster.primary))
    url = cluster.primary.remote_url("entente_app")
    both = url.replace(primary, f"{standby},{primary}") + "?target_session_attrs=read-write"
    with cluster.hosts["work-1"].inside():
        alias = ConnectionHandler({"default": database_settings.of(both)})
        with alias["default"].cursor() as cursor:
            cursor.execute("SELECT host(inet_server_addr())")
            [found] = cursor.fetchone()
        alias["default"].close()
    return found


class TestAnAsynchronousStandby:
    def test_that_was_behind_takes_over_and_what_is_lost_is_named(self):
        with a_cluster() as cluster:
            load = Load(url=cluster.url, token=cluster.token, writers=WRITERS, readers=2)
            with load:
                eventually(written(load, 100), what="writers write")
                # The standby hears nothing more, and the log goes on.
                cluster.cut("db-1", "db-2")
                eventually(written(load, 100), what="writers go on")
            end = load.last_position
            eventually(lambda: seen_position(cluster) >= end, what="a worker host has sealed all")
            seen = seen_position(cluster)
            cluster.promote()
            found = events(cluster)
            lost = {one.position for one in load.acknowledged} - found.keys()
            assert lost
            assert lost <= set(range(len(found) + 1, seen + 1))
            # The last events that the standby has were not sealed there, and are not any more.
            [(sealed,)] = cluster.primary.ask("SELECT size FROM seal_head")
            assert sealed <= len(found)
            named = f"the log has {sealed} sealed events, but this host has seen event {seen}"
            eventually(lambda: named in cluster.manage("doctor"), what="what is lost is named")


def seen_position(cluster: Cluster) -> int:
    """The last sealed event that the worker hosts keep, outside the database."""
    file = cluster.plan.folder / "seal" / log_memory.SEEN
    return json.loads(file.read_text())["position"] if file.exists() else 0
