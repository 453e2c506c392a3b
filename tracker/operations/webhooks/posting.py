"""Sends one message to the address that was looked at, and nowhere else."""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from threading import Timer

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from tracker.operations.webhooks.addresses import Place, resolved

# For each step, and for all of them together.
TIMEOUT = 10.0
SECONDS = 20.0
AGENT = "Entente-Webhooks/1"
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a receiver answered, or why there was no answer. `wait`: seconds it asked for."""

    status: int | None
    error: str
    milliseconds: int
    wait: int = 0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants no more, ever."""
        return self.status == GONE


def post(url: str, headers: Mapping[str, str], body: str, *, networks: list[str]) -> Outcome:
    """Send a message. Redirects are not followed, and whatever fails is an outcome too."""
    began = time.monotonic()
    status, error, wait = None, "", 0
    try:
        status, wait = _post(resolved(url, networks=networks), headers, body.encode())
    except (ValueError, HTTPError, HTTPException, OSError) as problem:
        error = str(problem)[:500]
    if status is not None and not 200 <= status < 300:
        redirected = " to another address, which is not followed" if 300 <= status < 400 else ""
        error = f"answered {status}{redirected}"
    took = round((time.monotonic() - began) * 1_000)
    return Outcome(status=status, error=error, milliseconds=took, wait=wait)


def _post(place: Place, headers: Mapping[str, str], body: bytes) -> tuple[int, int]:
    """Give the status of the answer and how long to wait, by its `Retry-After`."""
    connection = _connection(place)
    # A receiver that sends a byte now and then would never time out.
    end = Timer(SECONDS, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        whole = {**headers, "Host": place.url.netloc, "User-Agent": AGENT}
        connection.request("POST", _target(place), body, whole, preload_content=False)
        answer = connection.getresponse()
        wait = answer.headers.get("Retry-After", "")
        return answer.status, int(wait) if wait.isdecimal() and len(wait) < 9 else 0
    finally:
        end.cancel()
        connection.close()


def _connection(place: Place) -> HTTPConnection:
    """To the address itself, where the certificate must be the name's."""
    if place.url.scheme == "http":
        return HTTPConnection(place.ip, place.port, timeout=TIMEOUT)
    name = place.url.hostname
    return HTTPSConnection(place.ip, place.port, timeout=TIMEOUT, server_hostname=name)


def _cut(connection: HTTPConnection) -> None:
    if connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _target(place: Place) -> str:
    query = f"?{place.url.query}" if place.url.query else ""
    return f"{place.url.path or '/'}{query}"
