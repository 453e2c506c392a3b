"""A private Valkey: in memory only, with a new password, on a free local port."""

import os
import secrets
import socket
import time
from contextlib import suppress

import redis

from config.embedded.places import CannotRun, Place, valkey_program
from config.embedded.processes import Child, ProcessSpec, start, stop

SETTINGS = """\
save ""
appendonly no
loglevel warning
maxmemory 512mb
maxmemory-policy noeviction
"""


class Valkey:
    """One server. Its data need not survive: the broker contains no facts."""

    name = "Valkey"
    address, port = "127.0.0.1", 0

    def __init__(self, place: Place) -> None:
        self.place = place
        self.log = place.home / "valkey.log"
        self.password = secrets.token_urlsafe(24)
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self.password}@{self.address}:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers. A restart keeps the address.

        :raises CannotRun: if it does not answer.
        """
        self.port = self.port or _free_port()
        settings = f"bind {self.address}\nport {self.port}\nrequirepass {self.password}\n"
        # In a file, since every user can read a command line.
        file = self.place.home / "valkey.conf"
        for private in (file, self.log):
            private.touch(mode=0o600)
        file.write_text(settings + SETTINGS)
        spec = ProcessSpec(
            name="valkey-server",
            command=[str(valkey_program()), str(file)],
            folder=self.place.home,
            environ={"PATH": os.defpath, "LC_ALL": "C"},
        )
        with self.log.open("wb") as log:
            self.child = start(spec, output=log)
        end = time.monotonic() + 60
        while self.child.alive and time.monotonic() < end:
            with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
                client.ping()
                return
            time.sleep(0.05)
        self.stop()
        raise CannotRun(f"Valkey does not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        if self.child:
            stop([self.child])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
