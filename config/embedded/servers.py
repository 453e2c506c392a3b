"""The private servers: started in order, stopped in reverse order."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from config.embedded import places
from config.embedded.children import Pace, Sleep
from config.embedded.places import Place
from config.embedded.postgres import Postgres
from config.embedded.state import addresses
from config.embedded.valkey import Valkey

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The servers started here. None: its address was given."""

    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def running(self) -> tuple[Postgres | Valkey, ...]:
        """The servers started here."""
        return tuple(server for server in (self.postgres, self.valkey) if server)

    def environ(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of a process with all rights: it connects as the superuser."""
        return self._environ(base, database=self.postgres.url if self.postgres else None)

    def app_environ(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of web and workers, without the owner's address."""
        environ = self._environ(base, database=self.postgres.app_url if self.postgres else None)
        environ.pop("DATABASE_OWNER_URL", None)
        return environ

    def owner_environ(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of a command that changes tables."""
        environ = self.app_environ(base)
        if owner := self.postgres.owner_url if self.postgres else base.get("DATABASE_OWNER_URL"):
            environ["DATABASE_OWNER_URL"] = owner
        return environ

    def _environ(self, base: Mapping[str, str], *, database: str | None) -> dict[str, str]:
        environ = dict(base)
        if database:
            environ["DATABASE_URL"] = database
        if self.valkey:
            environ["REDIS_URL"] = self.valkey.url
        environ["SECRET_KEY"] = addresses(environ).secret_key
        return environ

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the servers started here, for web, workers and readers."""
        urls = {}
        if self.postgres:
            urls["database_url"] = self.postgres.app_url
            urls["database_reader_url"] = self.postgres.reader_url
        if self.valkey:
            urls["redis_url"] = self.valkey.url
        return urls

    @property
    def owner(self) -> dict[str, str]:
        """The addresses of the PostgreSQL started here for its owner."""
        if self.postgres is None:
            return {}
        return {"database_url": self.postgres.owner_url}


@contextlib.contextmanager
def running_servers(
    place: Place, *, base: Mapping[str, str], fast: bool, pace: Pace, report: Report
) -> Iterator[Servers]:
    """Start the servers whose address is not in the environment; stop them at the end."""
    servers = Servers(
        postgres=None if base.get("DATABASE_URL") else Postgres(place, fast=fast),
        valkey=None if base.get("REDIS_URL") else Valkey(place),
    )
    with contextlib.ExitStack() as stack:
        try:
            for server in servers.running:
                report(f"starting a private {server.name} in {place.home}")
                stack.callback(server.stop, pace=pace)
                server.start(pace=pace)
            yield servers
        finally:
            pace.begin_to_stop()


@contextlib.contextmanager
def private_servers(*, base: Mapping[str, str], fast: bool) -> Iterator[Servers]:
    """Temporary servers for a test or a benchmark; their data is removed afterwards.

    They end with the calling thread, even if its process is killed.
    """
    quiet: Report = lambda _: None  # noqa: E731
    with (
        places.temporary_place() as place,
        running_servers(place, base=base, fast=fast, pace=Sleep(), report=quiet) as servers,
    ):
        yield servers
