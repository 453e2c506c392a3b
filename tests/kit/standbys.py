"""A primary of a test's own and a standby that follows it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from config.embedded.places import Place
from config.embedded.postgres import Postgres
from config.embedded.processes import Child, ProcessSpec, start, stop
from tests.kit.databases import ROLES, address, at, give_to_owner
from tests.kit.private_servers import private_servers, temporary_place
from tests.kit.processes import eventually

# Quick to see what is new, and patient with readers for half a second only.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "fsync": "off",
    "wal_receiver_status_interval": "1s",
    "max_standby_streaming_delay": "500ms",
}


@dataclass(slots=True, kw_only=True)
class Pair:
    """The addresses of a database at the primary and at the standby, for a superuser."""

    primary: str
    standby: str
    server: Postgres
    child: Child

    @property
    def writing(self) -> str:
        """The primary's address for web and workers."""
        return at(self.primary, ROLES.app)

    @property
    def reading(self) -> str:
        """The standby's address for web and workers."""
        return at(self.standby, ROLES.app)

    def wait(self) -> None:
        """Wait until the standby has all that is committed."""
        with psycopg.connect(self.primary) as primary, psycopg.connect(self.standby) as standby:
            (end,) = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()  # type: ignore[misc]
            primary.commit()
            standby.autocommit = True
            sql = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            eventually(lambda: standby.execute(sql, [end]).fetchone() == (True,), what="it follows")

    @contextmanager
    def down(self) -> Iterator[None]:
        """The primary refuses connections. Afterwards the standby follows it again."""
        self.server.stop()
        try:
            yield
        finally:
            self.server.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The standby receives, but replays nothing."""
        with psycopg.connect(self.standby, autocommit=True) as standby:
            standby.execute("SELECT pg_wal_replay_pause()")
            try:
                yield
            finally:
                standby.execute("SELECT pg_wal_replay_resume()")


@contextmanager
def a_pair(template: str) -> Iterator[Pair]:
    """A primary with a copy of a database of the session's server, and its standby."""
    with ExitStack() as stack:
        given = {"REDIS_URL": os.environ["REDIS_URL"]}
        server = stack.enter_context(private_servers(base=given)).postgres
        assert server is not None
        copy_into(server, template)
        with (server.data / "pg_hba.conf").open("a") as access:
            access.write("local replication all scram-sha-256\n")
        with psycopg.connect(server.url) as primary:
            primary.execute("SELECT pg_reload_conf()")
        place = stack.enter_context(temporary_place())
        child = _start_standby(server, place)
        stack.callback(stop, [child])
        host = quote(str(place.sockets), safe="").replace("%2F", "%2f")
        user = urlsplit(server.url).netloc.rpartition("@")[0]
        standby = urlsplit(server.url)._replace(netloc=f"{user}@{host}").geturl()
        eventually(lambda: _answers(standby), what="the standby answers")
        yield Pair(primary=server.url, standby=standby, server=server, child=child)


def _start_standby(server: Postgres, place: Place) -> Child:
    """Start a standby of a server, in a place of its own."""
    data = place.home / "postgres" / "data"
    _run(server, "pg_basebackup", "-d", server.url, "-D", str(data), "-R", "-c", "fast")
    settings = SETTINGS | {"unix_socket_directories": str(place.sockets)}
    options = [one for pair in settings.items() for one in ("-c", "=".join(pair))]
    spec = ProcessSpec(
        name="standby",
        command=[str(place.programs / "postgres"), "-D", str(data), *options],
        account=place.account,
        folder=place.home,
        environ={"PATH": os.defpath, "LC_ALL": "C"},
        stop_signals=(signal.SIGQUIT, signal.SIGKILL),
        parent_death_signal=signal.SIGQUIT,
    )
    with (place.home / "log").open("ab") as log:
        return start(spec, output=log)


def copy_into(server: Postgres, template: str) -> None:
    """Copy a database, with its roles, into the database of another server."""
    give_to_owner(server.url)
    # The programs and the folder are the server's; both ends are sockets that it may open.
    file = server.place.home / "postgres" / "copy"
    _run(server, "pg_dump", "-Fc", "-f", str(file), address(template))
    options = ("--exit-on-error", "--clean", "--if-exists")
    _run(server, "pg_restore", "-d", server.url, *options, str(file))


def _run(server: Postgres, program: str, *words: str) -> None:
    account = server.place.account
    command: list[str | Path] = [server.place.programs / program, *words]
    ids = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=server.place.home / "postgres",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        **ids,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stderr


def _answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url):
        return True
    time.sleep(0.05)
    return False
