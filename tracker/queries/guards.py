"""Whether the database keeps the log's promises: the triggers of migration 0002."""

from django.db import connection

GUARDS = {
    "event_append_only": "event",
    "event_in_turn": "event",
    "event_text_append_only": "event_text",
    "event_text_only_withheld": "event_text",
    "log_head_kept": "log_head",
    "log_head_forward": "log_head",
}


def missing() -> list[str]:
    """Name the guards that are absent or do not fire always; none before the tables exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('event')")
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgenabled = 'A' AND tgname = ANY(%s)",
            [list(GUARDS)],
        )
        present = dict(cursor.fetchall())
    return sorted(name for name, table in GUARDS.items() if present.get(name) != table)
