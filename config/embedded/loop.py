"""The supervisor's event loop: signals, and the output of child processes."""

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
# Signals within so many seconds count as one.
REPEAT_SECONDS = 0.5


class StopRequested(Exception):
    """A stop signal arrived."""


class Loop:
    """A pace that relays output while it waits. One per process, in the main thread."""

    def __init__(self, *, descriptor: int) -> None:
        self.descriptor = descriptor
        self.last_signal = 0
        self._last_signal_at = -REPEAT_SECONDS
        self._requests = 0
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._outputs: dict[int, IO[bytes]] = {}
        self._partial: dict[int, bytes] = {}
        self._install_handlers()

    @property
    def hurried(self) -> bool:
        """Whether a stop signal arrived after the stop began."""
        return self._stopping and self._requests > 0

    def begin_to_stop(self) -> None:
        """From now on, a stop signal means: do not wait."""
        if not self._stopping:
            self._stopping = True
            self._requests = 0

    def pause(self, seconds: float, /) -> None:
        """Relay output for so long.

        :raises StopRequested: at a stop signal, unless the stop has begun.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.wait(left)

    def wait(self, seconds: float) -> None:
        """Handle the next output, end of a child, or signal; return after `seconds` at the latest.

        :raises StopRequested: at a stop signal, unless the stop has begun.
        """
        for key, _ in self._selector.select(seconds):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.recv(4096)
            else:
                self._relay(key.fd, label=key.data)
        if self._requests and not self._stopping:
            self.begin_to_stop()
            raise StopRequested

    def relay(self, output: IO[bytes], *, label: str) -> None:
        """Print a child's output, each line with the label."""
        os.set_blocking(output.fileno(), False)
        self._outputs[output.fileno()] = output
        self._partial[output.fileno()] = b""
        self._selector.register(output.fileno(), selectors.EVENT_READ, label)

    def print_line(self, line: str, *, label: str = "entente") -> None:
        """Print a line with a label. Errors are ignored, since the terminal may be closed."""
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
            self.print_line(whole.decode(errors="replace"), label=label)

    def _install_handlers(self) -> None:
        near, far = socket.socketpair()
        for end in (near, far):
            end.settimeout(0)
        self._far = far
        signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
        self._selector.register(near, selectors.EVENT_READ)
        # The end of a child only has to wake the loop.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for signum in SIGNALS:
            # nohup ignores SIGHUP; keep it so.
            if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
                signal.signal(signum, self._on_signal)

    def _on_signal(self, signum: int, _: FrameType | None) -> None:
        now = time.monotonic()
        # A signal may arrive twice: from the terminal, and passed on by make.
        if now - self._last_signal_at > REPEAT_SECONDS:
            self._requests += 1
        self.last_signal, self._last_signal_at = signum, now


def show_cursor() -> None:
    """Show the cursor again if a stopped progress bar has hidden it."""
    with contextlib.suppress(OSError):
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), b"\x1b[?25h")
