"""Asks the database whether it answers, and never waits for longer than it may.

Other connections wait for as long as the server takes, also for one that is frozen. A probe has one
small connection of its own. If an answer does not come in time, the next question waits on for it:
no connection is opened in its place, so none is left over.
"""

import select
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import conninfo, pq

# Not for libpq, but for Python.
_OF_PYTHON = ("context", "cursor_factory", "prepare_threshold")
# So often a new connection is opened: a server that takes none any more still answers on old ones.
_ASKS_OF_A_CONNECTION = 10


def address_of(parameters: dict[str, Any]) -> str:
    """The address in parameters of a connection of Django."""
    given = {name: of for name, of in parameters.items() if name not in _OF_PYTHON}
    return conninfo.make_conninfo("", **given)


class NoAnswer(Exception):
    """The database has not answered in time."""


class NotThere(Exception):
    """The database refuses the connection, or ended it."""


@dataclass(frozen=True, slots=True)
class Failed(Exception):
    """The database answers with an error."""

    sqlstate: str


class Probe:
    """Asks one statement without parameters on a connection of its own. For one thread."""

    def __init__(self, address: str, statement: str) -> None:
        self.address = address
        self._statement = statement.encode()
        self._driver: pq.abc.PGconn | None = None
        self._connected = self._asked = False
        self._asks = 0

    def __del__(self) -> None:
        self.close()

    def ask(self, *, seconds: float) -> list[str]:
        """The first row of the answer, as text.

        :raises NoAnswer: if it does not come in time. :raises NotThere: :raises Failed:
        """
        end = time.monotonic() + seconds
        try:
            return self._row(end)
        except NoAnswer:
            raise
        except psycopg.Error as problem:
            raise NotThere(str(problem)) from problem
        finally:
            if self._asks >= _ASKS_OF_A_CONNECTION and not self._asked:
                self.close()

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._driver is not None:
            self._driver.finish()
        self._driver, self._connected, self._asked, self._asks = None, False, False, 0

    def _row(self, end: float) -> list[str]:
        driver = self._connection(end)
        if self._asked:
            # The answer to a question of which nobody waits any more.
            self._answer(driver, end)
        driver.send_query(self._statement)
        self._asked = True
        self._asks += 1
        answer = self._answer(driver, end)
        if answer.status == pq.ExecStatus.TUPLES_OK:
            return [(answer.get_value(0, n) or b"").decode() for n in range(answer.nfields)]
        state = answer.error_field(pq.DiagnosticField.SQLSTATE) or b""
        raise Failed(state.decode())

    def _connection(self, end: float) -> "pq.abc.PGconn":
        if self._driver is None:
            self._driver = pq.PGconn.connect_start(self.address.encode())
        while not self._connected:
            match self._driver.connect_poll():
                case pq.PollingStatus.OK:
                    self._connected = True
                    self._driver.nonblocking = 1
                case pq.PollingStatus.FAILED:
                    says = self._driver.error_message.decode(errors="replace").strip()
                    self.close()
                    raise NotThere(says)
                case polling:
                    self._wait(self._driver, end, writes=polling == pq.PollingStatus.WRITING)
        return self._driver

    def _answer(self, driver: "pq.abc.PGconn", end: float) -> "pq.abc.PGresult":
        """The last result of the question."""
        found = None
        try:
            while True:
                while driver.flush() == 1:
                    self._wait(driver, end, writes=True)
                while driver.is_busy():
                    self._wait(driver, end)
                    driver.consume_input()
                result = driver.get_result()
                if result is None:
                    break
                found = result
        except psycopg.Error:
            self.close()
            raise
        self._asked = False
        if found is None or driver.status == pq.ConnStatus.BAD:
            self.close()
            raise NotThere("the connection was ended")
        return found

    def _wait(self, driver: "pq.abc.PGconn", end: float, *, writes: bool = False) -> None:
        """:raises NoAnswer: if nothing comes until the end."""
        waits = select.poll()
        waits.register(driver.socket, select.POLLOUT if writes else select.POLLIN)
        if not waits.poll(max(0, end - time.monotonic()) * 1000):
            raise NoAnswer
