"""Database settings of transactions in the background."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tracker.log import Statement
from tracker.log.messages import send

# For so long a transaction may send nothing, because its process computes. Then the database ends
# it: a frozen process must not hold up the others. A follower computes for a fifth of a second at
# most, and for one on a host that is very busy.
IDLE_SECONDS = 15
# The same while it holds up nobody but migrations.
LONG_SECONDS = 600
_PAUSE = "set_config('idle_in_transaction_session_timeout', %s, true)"
# Derived rows need no synchronous commit: if a crash of the database loses them, it also loses the
# cursors and marks, and the work is repeated.
_PATIENTLY = (
    f"SELECT set_config('lock_timeout', '30s', true), {_PAUSE},"
    " set_config('synchronous_commit', 'off', true)"
)
# The least pause that the transactions of this thread allow.
_least: ContextVar[float] = ContextVar("least", default=0)


def patiently() -> Statement:
    """The settings as a statement: long waits for locks, long pauses, no wait for the disk."""
    return Statement(_PATIENTLY, [_seconds(IDLE_SECONDS)])


def be_patient() -> None:
    """Apply the settings."""
    send(patiently())


def allow_pause(seconds: float) -> None:
    """Let this transaction send nothing for so long."""
    send(Statement(f"SELECT {_PAUSE}", [_seconds(seconds)]))


@contextmanager
def long_pauses(seconds: float = LONG_SECONDS) -> Iterator[None]:
    """Let the transactions within pause for long, since they hold up nobody but migrations."""
    before = _least.set(seconds)
    try:
        yield
    finally:
        _least.reset(before)


def _seconds(wanted: float) -> str:
    return f"{max(wanted, _least.get()):.0f}s"
