"""Checks that the database has the triggers that protect the log."""

from pathlib import Path

from django.db import connection, transaction

from tracker.queries.sql import select

# The tag of this check, for commands that run no other.
CHECK = "guards"
FOLDER = Path(__file__).parent.parent / "migrations"
# The files of functions and guards, in the order in which they run. Each can run again.
FILES = ("log", "runs", "erasures", "seal", "claims", "rights")
# The tables that each guard is on.
GUARDS = {
    "event_append_only": "event",
    "event_in_turn": "event",
    "event_only_erased": "event",
    "event_text_append_only": "event_text",
    "event_text_as_recorded": "event_text",
    "event_text_only_withheld": "event_text",
    "log_head_kept": "log_head",
    "log_head_forward": "log_head",
    "log_head_with_event": "log_head",
    "event_run_append_only": "event_run",
    "event_run_in_turn": "event_run",
    "event_run_only_erased": "event_run",
    "event_run_body_append_only": "event_run_body",
    "event_run_body_only_erased": "event_run_body",
    "event_run_body_placed": "event_run_body",
    "event_place_append_only": "event_place",
    "event_place_as_written": "event_place",
    "event_run_text_kept": "event_run_text",
    "event_run_text_as_recorded": "event_run_text",
    "event_run_text_only_withheld": "event_run_text",
    "seal_tile_kept": "seal_tile",
    "seal_tile_grows": "seal_tile",
    "seal_head_kept": "seal_head",
    "seal_head_grows": "seal_head",
    "seal_checkpoint_kept": "seal_checkpoint",
    "seal_checkpoint_grows": "seal_checkpoint",
    "seal_timestamp_kept": "seal_timestamp",
    "seal_timestamp_added": "seal_timestamp",
}
_STANDING = """
    SELECT name FROM unnest(%s::text[], %s::text[]) AS given (name, tablename)
    JOIN pg_trigger t ON tgname = name AND tgenabled = 'A' AND tgrelid = to_regclass(tablename)
    JOIN pg_proc p ON p.oid = tgfoid AND position(p.prosrc IN %s) > 0"""


def missing() -> list[str]:
    """Return the guards that are absent, disabled or changed; none before the tables are there."""
    if not _migrated():
        return []
    standing = select(_STANDING, [[*GUARDS], [*GUARDS.values()], sql()])
    return sorted(GUARDS.keys() - {name for (name,) in standing})


def restore() -> None:
    """Create all guards again, if one is missing."""
    if missing():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql())


def sql() -> str:
    """The SQL of all functions and guards."""
    return "\n".join((FOLDER / f"0001_{name}.sql").read_text(encoding="utf-8") for name in FILES)


def _migrated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT FROM django_migrations WHERE app = 'tracker'")
        return cursor.fetchone() is not None
