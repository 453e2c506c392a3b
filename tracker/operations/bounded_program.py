"""Runs a program of the site's owner with limits: it gets bytes and returns bytes."""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, cast

# The longest run, and the largest answer in bytes.
SECONDS, MOST_BYTES = 10, 2_000_000
_PIECE = 65_536
_PAUSE_SECONDS = 0.005
# A process of the web server runs one at a time, so that its other threads stay free.
_place = threading.Semaphore()


class ProgramFailed(Exception):
    """The program gave no answer. The message is a sentence without a subject."""


def run(command: Sequence[str], sent: bytes) -> bytes:
    """Run a program and return what it writes to its standard output.

    It has no environment variable, and ends with its process group when the time is over. A process
    that it moved into another session goes on.

    :raises ProgramFailed: if it does not start, takes too long, writes too much or fails.
    """
    if not _place.acquire(blocking=False):
        raise ProgramFailed("is reading another article: try again")
    try:
        with _started(command) as process:
            try:
                return _answer(process, sent)
            finally:
                # Its process is not reaped yet, so that nothing else has this number.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    finally:
        _place.release()


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 # the owner of the site chose it
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # It may have words of the text.
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as problem:
        raise ProgramFailed(f"does not start: {problem.strerror}") from None


def _answer(process: "subprocess.Popen[bytes]", sent: bytes) -> bytes:
    end = time.monotonic() + SECONDS
    answer = _exchanged(process, sent, end)
    while (ended := os.waitid(os.P_PID, process.pid, _LOOK)) is None:
        if time.monotonic() > end:
            raise ProgramFailed(_TOO_SLOW)
        time.sleep(_PAUSE_SECONDS)
    if ended.si_code != os.CLD_EXITED or ended.si_status:
        raise ProgramFailed(f"failed with status {ended.si_status}")
    return answer


_LOOK = os.WEXITED | os.WNOWAIT | os.WNOHANG
_TOO_SLOW = f"took more than {SECONDS} seconds and was ended"


def _exchanged(process: "subprocess.Popen[bytes]", sent: bytes, end: float) -> bytes:
    """Write to the program and read from it until it closes its output."""
    inlet, outlet = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    answer, left = bytearray(), memoryview(sent)
    os.set_blocking(inlet.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(inlet, selectors.EVENT_WRITE)
        ready.register(outlet, selectors.EVENT_READ)
        while (seconds := end - time.monotonic()) > 0:
            files = [key.fileobj for key, _ in ready.select(seconds)]
            if inlet in files:
                left = _written(inlet, left)
                if not left:
                    ready.unregister(inlet)
                    inlet.close()
            if outlet in files:
                piece = os.read(outlet.fileno(), _PIECE)
                answer += piece
                if not piece:
                    return bytes(answer)
                if len(answer) > MOST_BYTES:
                    raise ProgramFailed(f"wrote more than {MOST_BYTES:,} bytes and was ended")
    raise ProgramFailed(_TOO_SLOW)


def _written(inlet: IO[bytes], left: memoryview) -> memoryview:
    """What is left to be written; nothing if the program reads no more."""
    try:
        return left[os.write(inlet.fileno(), left[:_PIECE]) :]
    except BrokenPipeError:
        return left[:0]
