"""Events that no operation would write, put on record all the same."""

from uuid import UUID, uuid4

from django.db import connection

from tests.kit.builders import AT, BY, Desk
from tracker import log
from tracker.domain import events as e
from tracker.log import Draft, Recorded
from tracker.projections import standing


def unchecked(event: e.Event, *, stream: UUID | None = None) -> Recorded:
    """Put an event on record without the checks of the operations."""
    draft = Draft(stream=stream or uuid4(), event=event)
    return log.append([draft], at=AT, by=BY, project=standing.project)[0]


def a_poison_claim(desk: Desk) -> Recorded:
    return unchecked(e.ClaimAsserted(claim=desk.claim(code="plover-2.0/NONSENSE")))


def write_unknown_kind() -> int:
    """Put an event on record that a later version of the program has written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log_head SET position = position + 1, last_recorded_at = last_recorded_at"
            " + interval '1 second' RETURNING position, last_recorded_at"
        )
        position, at = cursor.fetchone()
        cursor.execute(
            "INSERT INTO event (position, stream, version, kind, schema, recorded_at, recorded_by,"
            " body, leaf_hash) VALUES (%s, %s, 1, 'ClaimDreamt', 1, %s, 'x', '{}', '')",
            [position, uuid4(), at],
        )
    return int(position)
