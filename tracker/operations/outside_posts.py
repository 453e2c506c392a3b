"""Posts to witnesses and authorities of timestamps, whose end slow bytes do not move."""

import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import NamedTuple
from urllib.parse import SplitResult


class NoAnswer(Exception):
    """There is no answer, or none of HTTP."""


class Answer(NamedTuple):
    status: int
    body: bytes


def post(place: SplitResult, body: bytes, kind: str, *, seconds: float, most: int) -> Answer:
    """Post a body of a media type, and return up to `most` bytes of the answer. `seconds` are for
    each step, and for the whole answer once there is a connection.

    :raises NoAnswer:
    """
    scheme = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = scheme(place.hostname or "", place.port, timeout=seconds)
    target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    timer: Timer | None = None
    try:
        connection.connect()
        # Who sends single bytes slowly would never time out. The connection forgets its socket once
        # an answer begins, so that it is kept here.
        timer = Timer(seconds, _abort, [connection.sock])
        timer.daemon = True
        timer.start()
        headers = {"Content-Type": kind, "User-Agent": "Entente/1"}
        connection.request("POST", target, body, headers)
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.read(most))
    except (OSError, HTTPException, ValueError) as problem:
        raise NoAnswer(str(problem)) from problem
    finally:
        if timer:
            timer.cancel()
        connection.close()


def _abort(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
