"""What a database answers: whether it is there, is migrated, and can be written to.

It is asked at most once a second by each process, on a connection of its own: psycopg gives up
(`connect_timeout`) where a frozen server takes connections and says nothing.
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import conninfo

# Whether it is a standby, followers that stopped or are late, and the migrations.
_STATE = """
SELECT pg_is_in_recovery(), (SELECT count(*) FROM cursor c, log_head h WHERE
    c.stopped_by <> '' OR c.position > h.position
    OR h.position - greatest(c.position, c.begun) > 1000) = 0,
    array(SELECT app || '.' || name FROM django_migrations)
"""
FRESH_SECONDS = 1.0
# psycopg takes no fewer.
CONNECT_SECONDS = 2
# A question without an answer for so long is taken for none: the server was frozen while it worked.
PATIENCE_SECONDS = 5.0
# Parameters of Django's connections that are not for libpq, but for Python.
_OF_PYTHON = ("context", "cursor_factory", "prepare_threshold")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`why` the database cannot serve readers, if so; whether it is a `standby`, and whether its
    `followers` are well."""

    why: str = ""
    standby: bool = False
    followers: bool = True


class _Answer:
    """The last answer of a database. One thread asks; others go by the answer before."""

    def __init__(self) -> None:
        self.state = State(why="was not asked yet")
        self.asked_at = self.answered_at = float("-inf")
        self.asking = threading.Lock()


_answers: defaultdict[str, _Answer] = defaultdict(_Answer)


def of(alias: str, *, within: float = FRESH_SECONDS) -> State:
    """The state of a database, at most so many seconds old."""
    address = _address(alias)
    # By address: tests connect an alias to one database after the other.
    last, now = _answers[address], time.monotonic()
    first = last.answered_at == float("-inf")
    if now - last.answered_at >= within and last.asking.acquire(
        timeout=PATIENCE_SECONDS if first else 0
    ):
        try:
            last.asked_at = now
            last.state = _ask(address)
            last.answered_at = time.monotonic()
        finally:
            last.asking.release()
    elif last.asked_at > last.answered_at and now - last.asked_at > PATIENCE_SECONDS:
        return State(why="does not answer")
    return last.state


def _address(alias: str) -> str:
    given = connections[alias].get_connection_params() | {"connect_timeout": CONNECT_SECONDS}
    of_libpq = {name: one for name, one in given.items() if name not in _OF_PYTHON}
    return conninfo.make_conninfo("", **of_libpq)


def _ask(address: str) -> State:
    try:
        with psycopg.connect(address, autocommit=True) as there:
            row: Any = there.execute(_STATE).fetchone()
    except psycopg.errors.ConnectionTimeout:
        return State(why="does not answer")
    except psycopg.errors.UndefinedTable:
        return State(why="is not migrated")
    except psycopg.OperationalError:
        return State(why="refuses connections")
    except psycopg.Error:
        return State(why="fails")
    standby, followers, applied = row
    if _migrations() - set(applied):
        return State(why="is not migrated")
    return State(standby=standby, followers=followers)


@cache
def _migrations() -> frozenset[str]:
    """The migrations of this version."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(f"{app}.{name}" for app, name in found)
