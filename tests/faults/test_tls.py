"""TLS to the database and to the broker, with certificates of one's own authority."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from config.caches import SharedCache
from config.embedded import processes
from config.redis_tls import broker_options
from tests.kit import tls
from tests.kit.databases import a_clone, address, of_app
from tests.kit.debian_programs import Program
from tests.kit.pgbouncer import pooled
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, manage, running

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The addresses of servers that take TLS only, without what is to be verified; the authority
    of their certificates, and another one."""

    database: str
    redis: str
    root: Path
    other: Path

    def environ(self, root: Path) -> dict[str, str]:
        """The addresses of a site that trusts an authority."""
        return {
            "DATABASE_URL": f"{self.database}?sslmode=verify-full&sslrootcert={root}",
            "REDIS_URL": f"{self.redis}?ssl_ca_certs={root}",
        }


@pytest.fixture(scope="module")
def servers(
    pgbouncer: Program, desk_template, django_db_blocker, tmp_path_factory
) -> Iterator[Servers]:
    """pgbouncer ends TLS for PostgreSQL, whose build in the wheel has none; a thread does so for
    Valkey."""
    folder = tmp_path_factory.mktemp("tls")
    folder.chmod(0o755)
    mine, other = tls.make(folder / "mine"), tls.make(folder / "other")
    with (
        django_db_blocker.unblock(),
        a_clone(desk_template.name) as name,
        pooled(pgbouncer, of_app(address(name)), tls=mine) as database,
        private_servers(base={"DATABASE_URL": "none is needed"}) as private,
        tls.before(private.valkey.port, mine) as port,
    ):
        redis = urlsplit(private.valkey.url)._replace(
            scheme="rediss", netloc=f":{private.valkey.password}@127.0.0.1:{port}"
        )
        yield Servers(
            database=database,
            redis=redis.geturl(),
            root=mine / "root.pem",
            other=other / "root.pem",
        )


def test_web_and_workers_use_it(servers, tmp_path):
    environ = servers.environ(servers.root)
    with running(processes.worker(environ), output=tmp_path / "worker", **environ):
        eventually(
            lambda: "ok worker" in manage("doctor", **environ).stdout, what="a worker responds"
        )
        said = manage("doctor", **environ).stdout

    assert "ok database" in said
    assert "ok broker" in said


def test_another_authority_is_refused_by_name(servers):
    said = manage("doctor", **servers.environ(servers.other)).stdout.splitlines()

    for check in ("database", "broker"):
        [line] = [line for line in said if line.startswith(f"✗  {check}")]
        assert "certificate verify failed" in line


def test_the_shared_cache_verifies_too(servers):
    options = {"OPTIONS": settings.CACHES["shared"]["OPTIONS"] | {"socket_timeout": 5}}
    for root, count in ((servers.root, 1), (servers.other, None)):
        cache = SharedCache(servers.environ(root)["REDIS_URL"], options)
        assert cache.increment("tls", seconds=60) == count
    SharedCache._paused_until = 0.0


def test_a_certificate_for_another_name_is_refused(servers):
    url = servers.environ(servers.root)["DATABASE_URL"].replace("127.0.0.1", "localhost")

    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        psycopg.connect(url)


def test_the_broker_of_an_address_without_tls_has_no_options():
    assert broker_options("redis://:secret@127.0.0.1:6379/0") is None
    assert broker_options("rediss://redis.example/0?ssl_ca_certs=/a.pem&ssl_cert_reqs=none") == {
        "ssl_cert_reqs": 2,
        "ssl_check_hostname": True,
        "ssl_ca_certs": "/a.pem",
    }
