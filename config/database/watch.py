"""Whether the database answers, is migrated, and can be written to.

In a web process a thread asks every second. If the database does not answer for some seconds, as a
frozen one, requests that wait for it are ended and new ones are refused at once, with a 503.
"""

import os
import socket
import threading
import time
import weakref
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
import structlog
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from config.database.probe import Failed, NoAnswer, NotThere, Probe, address_of

# What is asked: whether it is a standby, followers that stopped or are late, and the migrations.
_STATE = (
    "SELECT pg_is_in_recovery(), (SELECT count(*) FROM cursor c, log_head h WHERE"
    " c.stopped_by <> '' OR c.position > h.position"
    " OR h.position - greatest(c.position, c.begun) > 1000),"
    " array_to_string(array(SELECT app || '.' || name FROM django_migrations), ' ')"
)
_MISSING = "42P01"
EVERY_SECONDS = 1.0
# A database that does not answer for so long is taken for frozen.
PATIENCE_SECONDS = 3.0
# Without a thread, one answer may take so long.
BUDGET_SECONDS = 0.12

_drivers: defaultdict[str, weakref.WeakSet[Any]] = defaultdict(weakref.WeakSet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the database answers. `why` it cannot serve readers, if so."""

    why: str = ""
    standby: bool = False
    followers: bool = True

    @property
    def silent(self) -> bool:
        """Whether there is no answer at all, not even a refusal."""
        return self.why == SILENT


SILENT = "does not answer"
logger = structlog.get_logger()


class Watch:
    """Watches one database."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._probe: Probe | None = None
        self._lock = threading.Lock()
        self._last = Verdict(why="was not asked yet")
        self._answered = time.monotonic()
        self.running = False

    def start(self) -> None:
        """Watch from now on, in a thread of its own."""
        self.running = True
        self._answered = time.monotonic()
        threading.Thread(target=self._run, name=f"watch {self._alias}", daemon=True).start()

    def verdict(self) -> Verdict:
        """The last verdict; one of this moment if there is no thread."""
        if self.running:
            return self._last
        if not self._lock.acquire(timeout=BUDGET_SECONDS):
            return Verdict(why=SILENT)
        try:
            return self._ask(BUDGET_SECONDS)
        finally:
            self._lock.release()

    def is_silent(self) -> bool:
        """Whether the thread has found that the database does not answer."""
        return self.running and self._last.silent

    def _run(self) -> None:
        while self.running:
            try:
                self._look()
            except Exception as problem:
                # Without the thread, the last verdict would stay for ever.
                logger.exception("watch.failed", database=self._alias, error=str(problem))
            time.sleep(EVERY_SECONDS)

    def _look(self) -> None:
        verdict = self._ask(EVERY_SECONDS)
        now = time.monotonic()
        if not verdict.silent:
            self._answered = now
        elif now - self._answered < PATIENCE_SECONDS:
            # Perhaps the machine is busy.
            return
        self._last = verdict
        if verdict.silent:
            end_all(self._alias)

    def _address(self) -> str:
        """Where to ask. Behind a pooler it may be an alias, whose pool no request can fill."""
        database = connections[self._alias]
        name = database.settings_dict.get("WATCHED_AS")
        return address_of(database.get_connection_params() | ({"dbname": name} if name else {}))

    def _ask(self, seconds: float) -> Verdict:
        address = self._address()
        if self._probe is None or self._probe.address != address:
            self._probe = Probe(address, _STATE)
        try:
            standby, followers, applied = self._probe.ask(seconds=seconds)
        except NoAnswer:
            return Verdict(why=SILENT)
        except NotThere:
            return Verdict(why="refuses connections")
        except Failed as problem:
            why = "is not migrated" if problem.sqlstate == _MISSING else "fails"
            return Verdict(why=why)
        if _migrations() - set(applied.split(" ")):
            return Verdict(why="is not migrated")
        return Verdict(standby=standby == "t", followers=followers == "0")


def register(alias: str, driver: Any) -> None:
    """Note a connection, to end it if the database is frozen."""
    _drivers[alias].add(driver)


def end_all(alias: str) -> None:
    """End what waits for a database: the threads that wait get an error at once."""
    for driver in list(_drivers[alias]):
        with suppress(OSError, psycopg.Error), socket.socket(fileno=_copy_of(driver)) as far:
            far.shutdown(socket.SHUT_RDWR)


def _copy_of(driver: Any) -> int:
    """The number of a copy of a connection's socket."""
    return os.dup(driver.pgconn.socket)


@cache
def of(alias: str) -> Watch:
    """The watch of a database."""
    return Watch(alias)


@cache
def _migrations() -> frozenset[str]:
    """The migrations of this version."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(f"{app}.{name}" for app, name in found)
