"""The private servers by themselves: killed, started again, and reached by nobody else."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.postgres import Postgres
from config.embedded.servers import Servers
from config.embedded.valkey import Valkey
from tests.kit.private_servers import private_servers

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Servers of this file's own."""
    with private_servers(base={}) as servers:
        yield servers


@pytest.fixture
def postgres(servers: Servers) -> Postgres:
    assert servers.postgres
    return servers.postgres


@pytest.fixture
def valkey(servers: Servers) -> Valkey:
    assert servers.valkey
    return servers.valkey


def kill(server: Postgres | Valkey) -> None:
    """End a server without a warning, and see it gone."""
    assert server.child
    os.kill(server.child.process.pid, signal.SIGKILL)
    server.child.process.wait()


class TestPostgres:
    def test_sorts_by_code_point_in_utf_8_and_keeps_utc(self, postgres: Postgres) -> None:
        with psycopg.connect(postgres.url) as connection:
            row = connection.execute(
                "SELECT 'Z' < 'a', 'z' < 'é', upper('é'), current_setting('server_encoding'), "
                "current_setting('timezone')"
            ).fetchone()
            # It listens on no network.
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

        assert row == (True, True, "É", "UTF8", "UTC")

    def test_and_its_broker_have_logs_that_nobody_else_reads(
        self, postgres: Postgres, valkey: Valkey
    ) -> None:
        for log in (postgres.log, valkey.log):
            assert stat.S_IMODE(log.stat().st_mode) == 0o600

    def test_asks_everybody_for_a_password(self, postgres: Postgres) -> None:
        strangers = postgres.url.replace(postgres.passwords["entente"], "")
        guesses = postgres.url.replace(postgres.passwords["entente"], "guess")

        for url in (strangers, guesses):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(url)

    def test_has_three_roles_that_may_do_little(self, postgres: Postgres) -> None:
        for name in ("entente_app", "entente_owner", "entente_reader"):
            with psycopg.connect(postgres.url_of("entente", role=name)) as connection:
                row = connection.execute(
                    "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles"
                    " WHERE rolname = current_user"
                ).fetchone()
            assert row == (name, False)

    def test_has_all_that_it_acknowledged_after_a_kill(self, postgres: Postgres) -> None:
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (x int)")
            connection.execute("INSERT INTO kept VALUES (7)")
            kill(postgres)
        postgres.start()

        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT x FROM kept").fetchone() == (7,)

    def test_starts_though_its_old_number_is_another_process_by_now(
        self, postgres: Postgres
    ) -> None:
        kill(postgres)
        lock = postgres.data / "postmaster.pid"
        with subprocess.Popen(["sleep", "100"]) as other:
            lines = [str(other.pid), *lock.read_text().splitlines()[1:]]
            lock.write_text("".join(f"{line}\n" for line in lines))
            postgres.start()
            assert other.poll() is None
            other.kill()

        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_ends_one_that_was_forgotten_on_its_data(self, postgres: Postgres) -> None:
        forgotten = postgres.child
        assert forgotten
        postgres.start()

        assert not forgotten.alive
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


class TestValkey:
    def test_asks_for_its_password(self, valkey: Valkey) -> None:
        stranger = redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0))

        with pytest.raises(redis.AuthenticationError), stranger:
            stranger.ping()

    def test_keeps_its_address_over_a_kill(self, valkey: Valkey) -> None:
        before = valkey.url
        kill(valkey)
        valkey.start()

        assert valkey.url == before
        with redis.Redis.from_url(before) as client:
            assert client.ping()
