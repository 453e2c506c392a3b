"""CPU seconds of the PostgreSQL server, if it runs on this machine."""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
from django.db import connection


class Spent:
    """CPU seconds that the server spent; not a number if it runs elsewhere."""

    def __init__(self, seconds: float = math.nan) -> None:
        self.seconds = seconds

    def micros(self, claims: int) -> str:
        """Microseconds a claim, as a figure of a line."""
        return "unknown" if math.isnan(self.seconds) else f"{1e6 * self.seconds / claims:.0f}"


@contextmanager
def server_cpu() -> Iterator[Spent]:
    """Measure the CPU time of all processes of the server during a block."""
    spent = Spent()
    before = _seconds()
    yield spent
    spent.seconds = _seconds() - before


def _seconds() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL")
        pid, is_local = cursor.fetchone()
    if not is_local:
        return math.nan
    with suppress(psutil.Error):
        server = psutil.Process(pid).parent()
        if server is not None and server.name().startswith("postgres"):
            return _total(server)
    return math.nan


def _total(server: psutil.Process) -> float:
    """The time of the server, of its processes, and of those that have ended."""
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for process in server.children():
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return float(total)
