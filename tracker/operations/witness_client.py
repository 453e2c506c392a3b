"""Sends checkpoints to witnesses over HTTP."""

import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import NamedTuple
from urllib.parse import urlsplit

# Seconds for each step, and for the whole answer once there is a connection.
SECONDS = 5.0
MOST_BYTES = 10_000
_HEADERS = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "Entente/1"}


class NoAnswer(Exception):
    """A witness does not answer."""


class Answer(NamedTuple):
    status: int
    text: str


def add_checkpoint(url: str, body: str) -> Answer:
    """
    :raises NoAnswer:
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    timer: Timer | None = None
    try:
        connection.connect()
        # A witness that sends single bytes slowly would never time out. The connection forgets its
        # socket once an answer begins, so that it is kept here.
        timer = Timer(SECONDS, _abort, [connection.sock])
        timer.daemon = True
        timer.start()
        connection.request("POST", f"{parts.path}/add-checkpoint", body.encode(), _HEADERS)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(MOST_BYTES).decode())
    except (OSError, HTTPException, ValueError) as problem:
        raise NoAnswer(str(problem)) from problem
    finally:
        if timer:
            timer.cancel()
        connection.close()


def _abort(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
