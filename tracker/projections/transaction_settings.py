"""Database settings of transactions in the background."""

from tracker.log import Statement
from tracker.log.messages import send

# Derived rows need no synchronous commit: if a crash of the database loses them, it also loses the
# cursors and marks, and the work is repeated.
PATIENTLY = Statement(
    "SELECT set_config('lock_timeout', '30s', true),"
    " set_config('idle_in_transaction_session_timeout', '120s', true),"
    " set_config('synchronous_commit', 'off', true)"
)


def be_patient() -> None:
    """Apply the settings: long waits for locks, long pauses, no wait for the disk."""
    send(PATIENTLY)
