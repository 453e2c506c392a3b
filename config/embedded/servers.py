"""The pair of private servers, started in order and stopped in the other one."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from config.embedded import places
from config.embedded.children import Pace, Sleep
from config.embedded.places import Place
from config.embedded.postgres import Postgres
from config.embedded.state import addresses
from config.embedded.valkey import Valkey

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The servers started here; None stands for one whose address was given."""

    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def running(self) -> tuple[Postgres | Valkey, ...]:
        """Those started here."""
        return tuple(server for server in (self.postgres, self.valkey) if server)

    def environ(self, given: Mapping[str, str]) -> dict[str, str]:
        """Give the environment that leads a process to the servers, as one that may do anything
        with a PostgreSQL that was started here."""
        return self._environ(given, database=self.postgres.url if self.postgres else None)

    def of_app(self, given: Mapping[str, str]) -> dict[str, str]:
        """Give the environment of web and workers, which never learn the owner's address."""
        there = self._environ(given, database=self.postgres.app_url if self.postgres else None)
        there.pop("DATABASE_OWNER_URL", None)
        return there

    def of_owner(self, given: Mapping[str, str]) -> dict[str, str]:
        """Give the environment of a command that changes tables."""
        there = self.of_app(given)
        if owner := self.postgres.owner_url if self.postgres else given.get("DATABASE_OWNER_URL"):
            there["DATABASE_OWNER_URL"] = owner
        return there

    def _environ(self, given: Mapping[str, str], *, database: str | None) -> dict[str, str]:
        there = dict(given)
        if database:
            there["DATABASE_URL"] = database
        if self.valkey:
            there["REDIS_URL"] = self.valkey.url
        there["SECRET_KEY"] = addresses(there).secret_key
        return there

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of those started here, for web, workers and readers."""
        urls = {}
        if self.postgres:
            urls["database_url"] = self.postgres.app_url
            urls["database_reader_url"] = self.postgres.reader_url
        if self.valkey:
            urls["redis_url"] = self.valkey.url
        return urls

    @property
    def owner(self) -> dict[str, str]:
        """The owner's address of a PostgreSQL started here."""
        return {"database_url": self.postgres.owner_url} if self.postgres else {}


@contextlib.contextmanager
def started(
    place: Place, *, given: Mapping[str, str], fast: bool, pace: Pace, say: Say
) -> Iterator[Servers]:
    """Start what has no address in the environment; stop it at the end."""
    servers = Servers(
        postgres=None if given.get("DATABASE_URL") else Postgres(place, fast=fast),
        valkey=None if given.get("REDIS_URL") else Valkey(place),
    )
    with contextlib.ExitStack() as stack:
        try:
            for server in servers.running:
                say(f"starting a private {server.name} in {place.home}")
                stack.callback(server.stop, pace=pace)
                server.start(pace=pace)
            yield servers
        finally:
            pace.begin_to_stop()


@contextlib.contextmanager
def private_servers(*, given: Mapping[str, str], fast: bool) -> Iterator[Servers]:
    """Lend a test or a benchmark servers of its own, which are thrown away with their data.

    They end with the thread that called this, kill -9 of its process included.
    """
    quiet: Say = lambda _: None  # noqa: E731
    with (
        places.passing() as place,
        started(place, given=given, fast=fast, pace=Sleep(), say=quiet) as servers,
    ):
        yield servers
