"""The supervisor's one loop: it hears signals, relays its children's output and lets time pass."""

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from types import FrameType
from typing import IO

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Signals within so many seconds are one request.
ONE_REQUEST = 0.5


class Stopped(Exception):
    """Someone asked for the end."""


class Loop:
    """A pace that serves the children while it waits. One to a process, in its main thread."""

    def __init__(self, *, descriptor: int) -> None:
        self.descriptor = descriptor
        self.last_signal = 0
        self._heard = -ONE_REQUEST
        self._asked = 0
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._outputs: dict[int, IO[bytes]] = {}
        self._partial: dict[int, bytes] = {}
        self._listen()

    @property
    def hurried(self) -> bool:
        """Whether someone asked for the end once more while it was under way."""
        return self._stopping and self._asked > 0

    def begin_to_stop(self) -> None:
        """From here on a signal means: faster."""
        if not self._stopping:
            self._stopping = True
            self._asked = 0

    def pause(self, seconds: float, /) -> None:
        """Serve the children for that long.

        :raises Stopped: if someone asks for the end, unless it is under way.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.wait(left)

    def wait(self, seconds: float) -> None:
        """Serve what comes next: a child's output or end, or a signal.

        :raises Stopped: if someone asks for the end, unless it is under way.
        """
        for key, _ in self._selector.select(seconds):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.recv(4096)
            else:
                self._relay(key.fd, label=key.data)
        if self._asked and not self._stopping:
            self.begin_to_stop()
            raise Stopped

    def relay(self, output: IO[bytes], *, label: str) -> None:
        """Print what a child says, each line under its label."""
        os.set_blocking(output.fileno(), False)
        self._outputs[output.fileno()] = output
        self._partial[output.fileno()] = b""
        self._selector.register(output.fileno(), selectors.EVENT_READ, label)

    def say(self, line: str, *, label: str = "entente") -> None:
        """Print a line under a label; a terminal that is gone does not matter."""
        text = "".join(f"{label:8}| {part}\n" for part in line.splitlines() or [""])
        data = text.encode(errors="replace")
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self.descriptor, data) :]

    def _relay(self, descriptor: int, *, label: str) -> None:
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        whole, newline, rest = (self._partial[descriptor] + data).rpartition(b"\n")
        if not data:
            whole, rest = rest, b""
            self._selector.unregister(descriptor)
            self._outputs.pop(descriptor).close()
        self._partial[descriptor] = rest
        if whole or newline:
            self.say(whole.decode(errors="replace"), label=label)

    def _listen(self) -> None:
        near, far = socket.socketpair()
        for end in (near, far):
            end.settimeout(0)
        self._far = far
        signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
        self._selector.register(near, selectors.EVENT_READ)
        # A child's end has to wake the loop, no more.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for signum in SIGNALS:
            # nohup has the closing of the terminal ignored, and means it.
            if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
                signal.signal(signum, self._hear)

    def _hear(self, signum: int, _: FrameType | None) -> None:
        now = time.monotonic()
        # make hands on what the terminal or the caller has sent to both.
        if now - self._heard > ONE_REQUEST:
            self._asked += 1
        self.last_signal, self._heard = signum, now


def show_cursor() -> None:
    """Bring back a cursor that a progress bar had hidden when it was ended."""
    with contextlib.suppress(OSError):
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), b"\x1b[?25h")
