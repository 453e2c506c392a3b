"""Database settings of transactions in the background."""

from tracker.log import Statement
from tracker.log.messages import send

# For so long a transaction may send nothing, because its process computes. Then the database ends
# it: a frozen process must not hold up the others. A follower computes for a fifth of a second at
# most, and for one on a host that is very busy.
IDLE_SECONDS = 15
# Derived rows need no synchronous commit: if a crash of the database loses them, it also loses the
# cursors and marks, and the work is repeated.
PATIENTLY = Statement(
    "SELECT set_config('lock_timeout', '30s', true),"
    f" set_config('idle_in_transaction_session_timeout', '{IDLE_SECONDS}s', true),"
    " set_config('synchronous_commit', 'off', true)"
)


def be_patient() -> None:
    """Apply the settings: long waits for locks, long pauses, no wait for the disk."""
    send(PATIENTLY)


def allow_pause(seconds: float) -> None:
    """Let this transaction send nothing for so long."""
    setting = "SELECT set_config('idle_in_transaction_session_timeout', %s, true)"
    send(Statement(setting, [f"{seconds:.0f}s"]))
