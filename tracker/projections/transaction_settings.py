"""How long a transaction in the background may wait and think, and what it need not wait for."""

from tracker.log import Statement
from tracker.log.messages import send

# What it writes follows from the log, so a crash of the database that loses its commit loses
# nothing: the cursors and marks are lost with the rows, and the work is done again.
PATIENTLY = Statement(
    "SELECT set_config('lock_timeout', '30s', true),"
    " set_config('idle_in_transaction_session_timeout', '120s', true),"
    " set_config('synchronous_commit', 'off', true)"
)


def be_patient() -> None:
    """Let this transaction wait for locks and compute in peace, and not for the disk."""
    send(PATIENTLY)
