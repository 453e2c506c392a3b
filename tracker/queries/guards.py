"""Whether the database keeps the log's promises: the triggers of migration 0002."""

from pathlib import Path

from django.db import connection

MIGRATION = "0002_guards"
SQL = Path(__file__).parent.parent / "migrations" / f"{MIGRATION}.sql"
GUARDS = {
    "event_append_only": "event",
    "event_in_turn": "event",
    "event_text_append_only": "event_text",
    "event_text_only_withheld": "event_text",
    "log_head_kept": "log_head",
    "log_head_forward": "log_head",
    "log_head_with_event": "log_head",
}


def missing() -> list[str]:
    """Name the guards that are absent, do not fire always or do not do what they should; none
    before the migration that makes them."""
    if not _made():
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid = to_regclass(given.tablename)"
            " AND position(p.prosrc IN %s) > 0 FROM unnest(%s::text[], %s::text[])"
            " AS given (name, tablename) JOIN pg_trigger t ON tgname = name AND tgenabled = 'A'"
            " JOIN pg_proc p ON p.oid = tgfoid",
            [SQL.read_text(encoding="utf-8"), [*GUARDS], [*GUARDS.values()]],
        )
        standing = {name for name, good in cursor.fetchall() if good}
    return sorted(GUARDS.keys() - standing)


def _made() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute(
            "SELECT EXISTS (SELECT FROM django_migrations WHERE app = 'tracker' AND name = %s)",
            [MIGRATION],
        )
        return bool(cursor.fetchone()[0])
