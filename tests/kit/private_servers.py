"""Servers of a test's own, which are removed with their data afterwards."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.embedded import places
from config.embedded.places import CannotRun, Place, base_folder, ensure_private, hold, place_at
from config.embedded.postgres import Postgres
from config.embedded.servers import Servers, running_servers
from config.embedded.valkey import Valkey

# Commits survive kill -9 of the server, but not a crash of the machine.
FAST = {"fsync": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def private_servers(*, base: Mapping[str, str]) -> Iterator[Servers]:
    """Start the servers whose address is not in `base`.

    They end with the calling thread, even if its process is killed.
    """
    with temporary_place() as place:
        servers = Servers(
            postgres=None if base.get("DATABASE_URL") else Postgres(place, settings=FAST),
            valkey=None if base.get("REDIS_URL") else Valkey(place),
        )
        with running_servers(servers, report=lambda _: None):
            yield servers


@contextlib.contextmanager
def temporary_place() -> Iterator[Place]:
    """A place that is removed afterwards. Also removes the places of killed processes."""
    for home in base_folder().glob("temporary-*"):
        with contextlib.suppress(CannotRun, OSError), hold(home / "lock", otherwise="In use."):
            places.remove(place_at(home))
    draft = Path(tempfile.mkdtemp(prefix=".temporary-", dir=base_folder()))
    with hold(draft / "lock", otherwise="In use."):
        # Renamed only when it is locked: another process looks for the new name.
        place = place_at(draft.rename(draft.with_name(draft.name[1:])))
        try:
            yield place
        finally:
            places.remove(place)


def inner_place(outer: Place, name: str) -> Place:
    """A place inside another one, for one of several servers. Remove it before the outer one."""
    home = outer.home / name
    home.mkdir()
    home.chmod(0o711)
    inner = Place(home=home, programs=outer.programs, account=outer.account)
    for folder in (home / "postgres", inner.sockets):
        ensure_private(folder, owner=outer.account)
    return inner
