"""Lets several processes follow one view at once.

Positions are divided into blocks. A process takes the first block that no other has, by a lock that
ends with its transaction, and works out the impacts of plain claims in it, which follow from the
log alone. Then it waits until the block before is processed, locks the cursor, and does the rest as
if it had followed alone. So the events are processed in their order, each once, and a process that
is killed holds up nobody.
"""

from typing import NamedTuple

from tracker.domain.lenses import View
from tracker.log import Statement
from tracker.log.messages import ask_all, send
from tracker.projections.cursors import QUARANTINED
from tracker.projections.transaction_settings import patiently

SIZE = 250
# So many blocks, with the one that the cursor is in, can be in work at once.
MOST_AT_ONCE = 4
_KEY = "hashtextextended('follow ' || %s, {block})"
# Only the block at the cursor while an event is partly processed, while the view has claims in
# quarantine, which may wait for any record, and after an error.
_ALONE = f"c.last_claim IS NOT NULL OR c.stopped_by <> '' OR EXISTS ({QUARANTINED})"
_TAKE = (
    "SELECT block FROM cursor c CROSS JOIN log_head h CROSS JOIN LATERAL"  # noqa: S608
    f" generate_series(c.position / {SIZE}, CASE WHEN {_ALONE} THEN c.position / {SIZE} ELSE"
    f" LEAST(c.position / {SIZE} + {MOST_AT_ONCE}, (h.position + {SIZE - 1}) / {SIZE}) - 1 END)"
    " AS block WHERE c.view = %s"
    f" AND pg_try_advisory_xact_lock({_KEY.format(block='block')}) LIMIT 1"
)
_PLACES = "SELECT c.position, h.position FROM cursor c CROSS JOIN log_head h WHERE c.view = %s"
_WAIT = f"SELECT pg_advisory_xact_lock({_KEY.format(block='%s')})"


class Block(NamedTuple):
    """The events after one position up to another, of block `number`. `is_next`: the cursor is at
    their beginning."""

    number: int
    after: int
    until: int
    is_next: bool


def take(view: View) -> Block | None:
    """Take the first block of a view that no other process has, until the end of the transaction;
    None if others have all of them."""
    for _ in range(MOST_AT_ONCE):
        # The last statement sees what the block's last holder has done.
        _, taken, [(position, end)] = ask_all(
            patiently(), Statement(_TAKE, [view.id, view.id]), Statement(_PLACES, [view.id])
        )
        if not taken:
            return None
        [(number,)] = taken
        first = number * SIZE
        after, until = max(position, first), min(first + SIZE, end)
        if after < until:
            return Block(number, after, until, is_next=after == position)
    return None


def wait_for_turn(view: View, block: Block) -> None:
    """Wait until no other process has the block before."""
    send(Statement(_WAIT, [view.id, block.number - 1]))
