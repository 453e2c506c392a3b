"""The private servers: started in order, stopped in reverse order."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from config.embedded.places import Place
from config.embedded.postgres import NAME, ROLES, Postgres
from config.embedded.valkey import Valkey


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The servers started here. None: its address was given."""

    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def running(self) -> tuple[Postgres | Valkey, ...]:
        """The servers started here."""
        return tuple(server for server in (self.postgres, self.valkey) if server)

    def environ(self, base: Mapping[str, str], *, role: str = NAME) -> dict[str, str]:
        """The environment of a process that connects as a role, by default the superuser, and is
        not given the owner's address."""
        environ = {name: value for name, value in base.items() if name != "DATABASE_OWNER_URL"}
        if self.postgres:
            environ["DATABASE_URL"] = self.postgres.url_of(NAME, role=role)
        if self.valkey:
            environ["REDIS_URL"] = self.valkey.url
        return environ

    def owner_environ(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of a command that changes tables."""
        environ = {**base, **self.environ(base, role=ROLES.app)}
        if self.postgres:
            environ["DATABASE_OWNER_URL"] = self.postgres.url_of(NAME, role=ROLES.owner)
        return environ


@contextlib.contextmanager
def running_servers(servers: Servers, *, report: Callable[[str], None]) -> Iterator[None]:
    """Start servers; stop them at the end."""
    with contextlib.ExitStack() as stack:
        for server in servers.running:
            report(f"starting a private {server.name} in {server.place.home}")
            stack.callback(server.stop)
            server.start()
        yield


def needed_servers(place: Place, base: Mapping[str, str]) -> Servers:
    """The servers whose address is not in the environment."""
    return Servers(
        postgres=None if base.get("DATABASE_URL") else Postgres(place),
        valkey=None if base.get("REDIS_URL") else Valkey(place),
    )
