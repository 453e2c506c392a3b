"""A private Valkey: in memory only, with a new password, on a free local port or at an address for
other hosts."""

import os
import secrets
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import redis

from config.embedded.children import Child, Pace, ProcessSpec, start, stop
from config.embedded.listening import Listening
from config.embedded.places import Place, begin_log


class NoValkey(RuntimeError):
    """The private Valkey does not start. The text ends with the end of its log."""


class Valkey:
    """One server. Its data need not survive: the broker contains no facts."""

    name = "Valkey"

    def __init__(self, place: Place, *, listening: Listening | None = None) -> None:
        self.place = place
        self.log = place.home / "valkey.log"
        self.password = secrets.token_urlsafe(24)
        self.address = listening.address if listening else "127.0.0.1"
        self.port = listening.port if listening else 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self.password}@{self.address}:{self.port}/0"

    def start(self, *, pace: Pace) -> None:
        """Start the server and wait until it answers. A restart keeps the address.

        :raises NoValkey: if it does not answer.
        """
        if self.child is None:
            begin_log(self.log)
        previous = self.port
        for _ in range(5):
            # Another process may bind a free port before the server does.
            self.port = previous or _free_port()
            if self._try_start(pace=pace):
                return
        log_end = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        raise NoValkey(f"Valkey does not start:\n{log_end}")

    def stop(self, *, pace: Pace) -> None:
        if self.child:
            stop([self.child], pace=pace)

    def _try_start(self, *, pace: Pace) -> bool:
        spec = ProcessSpec(
            name="valkey-server",
            command=[str(self.place.programs.valkey), str(self._configure())],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, "LC_ALL": "C"},
            stop_signals=((signal.SIGTERM, 5), (signal.SIGKILL, 5)),
        )
        with self.log.open("ab") as log:
            self.child = start(spec, output=log)
        end = time.monotonic() + 30
        while self.child.alive and time.monotonic() < end:
            if self._answers():
                return True
            pace.pause(0.05)
        stop([self.child], pace=pace)
        return False

    def _configure(self) -> Path:
        """Write the settings to a file, since every user can read a command line."""
        settings = {
            "bind": self.address,
            "port": str(self.port),
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no",
            "loglevel": "warning",
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",
        }
        file = self.place.home / "valkey.conf"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        if self.place.account:
            os.chown(file, self.place.account.uid, self.place.account.gid)
        file.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        return file

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
