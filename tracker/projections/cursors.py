"""The rows of `cursor`: up to which position each view has followed the log."""

from django.db import transaction

from tracker.domain.lenses import View
from tracker.log import Statement
from tracker.log.messages import ON_DISK, ask_all, ask_prepared, send
from tracker.models.derived import Cursor
from tracker.projections.ahead import GOES_ON
from tracker.projections.transaction_settings import patiently
from tracker.projections.urgency import Lag
from tracker.queries.scores import lenses

_BEHIND = (
    f"SELECT CASE WHEN {GOES_ON} THEN"  # noqa: S608
    " GREATEST(0, LEAST(h.position, %s::bigint) - coalesce(c.position, 0)) ELSE 0 END,"
    f" c.view IS NULL, {ON_DISK} FROM log_head h LEFT JOIN cursor c ON c.view = %s"
)
_CREATE = (
    "INSERT INTO cursor (view, position, begun, stopped_by) VALUES (%s, 0, %s, '')"
    " ON CONFLICT DO NOTHING"
)
WAIT_FOR_DISK = Statement("SET LOCAL synchronous_commit TO DEFAULT")
# Quarantined claims: of each view `c.view`.
QUARANTINED = (
    "SELECT subject FROM quarantine q WHERE q.view = c.view AND starts_with(subject, 'claim:')"
)
_SELECT = f"SELECT position, begun, last_claim, ARRAY({QUARANTINED}) FROM cursor c WHERE view = %s"  # noqa: S608


def behind(view: View, until: int | None) -> Lag:
    """How far the view is behind a position, or the end of the log. Takes no lock."""
    [row] = ask_prepared(Statement(_BEHIND, [until, view.id]))
    return Lag(*row)


def create(view: View) -> None:
    """Create the cursor of a new view, if there is none."""
    send(Statement(_CREATE, [view.id, lenses.first_position(view.id)]))


def lock(view: View) -> tuple[Cursor, set[str]]:
    """Lock the view's cursor. Returns it, and the claims in quarantine."""
    _, _, [(position, begun, last_claim, quarantined)] = ask_all(
        patiently(),
        Statement("SELECT FROM cursor WHERE view = %s FOR UPDATE", [view.id]),
        # Separate statements after the lock, so that they see the last holder's changes.
        Statement(_SELECT, [view.id]),
    )
    cursor = Cursor(view=view.id, position=position, begun=begun, last_claim=last_claim)
    return cursor, set(quarantined)


def move(cursor: Cursor, position: int) -> Statement:
    """The statement that moves the cursor over events that do not concern its view."""
    return Statement("UPDATE cursor SET position = %s WHERE view = %s", [position, cursor.view])


def save(cursor: Cursor) -> Statement:
    """The statement that saves the cursor."""
    return Statement(
        "UPDATE cursor SET position = %s, last_claim = %s, stopped_by = %s WHERE view = %s",
        [cursor.position, cursor.last_claim, cursor.stopped_by, cursor.view],
    )


def stop(view: View, problem: Exception) -> None:
    """Save the reason why the view cannot go on."""
    with transaction.atomic():
        cursor, _ = lock(view)
        cursor.stopped_by = f"after position {cursor.position}: {problem or repr(problem)}"
        send(save(cursor), WAIT_FOR_DISK)
