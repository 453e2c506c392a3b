"""Checks that the database has the triggers that protect the log."""

from pathlib import Path

from django.db import connection, transaction

from tracker.queries.sql import select

# The tag of this check, for commands that run no other.
CHECK = "guards"
FOLDER = Path(__file__).parent.parent / "migrations"
# Name and table of each guard, by the last migration that defines it.
BY_MIGRATION = {
    "0002_guards": {
        "event_append_only": "event",
        "event_in_turn": "event",
        "event_text_append_only": "event_text",
        "event_text_only_withheld": "event_text",
        "log_head_kept": "log_head",
        "log_head_forward": "log_head",
        "log_head_with_event": "log_head",
    },
    "0023_words_and_times": {"event_in_turn": "event", "event_text_as_recorded": "event_text"},
    "0030_runs": {
        "event_in_turn": "event",
        "log_head_with_event": "log_head",
        "event_run_append_only": "event_run",
        "event_run_in_turn": "event_run",
        "event_run_body_append_only": "event_run_body",
        "event_run_body_placed": "event_run_body",
        "event_place_append_only": "event_place",
        "event_place_as_written": "event_place",
        "event_run_text_kept": "event_run_text",
        "event_run_text_as_recorded": "event_run_text",
        "event_run_text_only_withheld": "event_run_text",
    },
    "0055_seals": {
        f"{table}_{guard}": table
        for table in ("seal_tile", "seal_head", "seal_checkpoint")
        for guard in ("kept", "grows")
    },
    # No trigger, but a function that an earlier file would take back.
    "0056_clock": {},
    "0057_timestamps": {
        "seal_timestamp_kept": "seal_timestamp",
        "seal_timestamp_added": "seal_timestamp",
    },
    "0062_erasures": {
        "event_only_erased": "event",
        "event_run_only_erased": "event_run",
        "event_run_body_only_erased": "event_run_body",
        "seal_tile_grows": "seal_tile",
    },
    # As 0056_clock.
    "0066_minimum_code": {},
}
GUARDS = {name: table for guards in BY_MIGRATION.values() for name, table in guards.items()}
_STANDING = """
    SELECT name FROM unnest(%s::text[], %s::text[], %s::text[]) AS given (name, tablename, source)
    JOIN pg_trigger t ON tgname = name AND tgenabled = 'A' AND tgrelid = to_regclass(tablename)
    JOIN pg_proc p ON p.oid = tgfoid AND position(p.prosrc IN source) > 0"""


def missing() -> list[str]:
    """Return the guards that are absent, disabled or outdated; none before the migration that
    creates them."""
    source = {name: _sql(migration) for migration in _applied() for name in BY_MIGRATION[migration]}
    standing = {
        name
        for (name,) in select(
            _STANDING, [[*source], [GUARDS[name] for name in source], [*source.values()]]
        )
    }
    return sorted(source.keys() - standing)


def restore() -> None:
    """Create all guards again, if one is missing."""
    if missing():
        # Between the files an older guard is in force.
        with transaction.atomic(), connection.cursor() as cursor:
            for migration in _applied():
                cursor.execute(_sql(migration))


def _applied() -> list[str]:
    """The applied migrations that create guards, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute(
            "SELECT name FROM django_migrations WHERE app = 'tracker' AND name = ANY(%s)"
            " ORDER BY name",
            [[*BY_MIGRATION]],
        )
        return [name for (name,) in cursor.fetchall()]


def _sql(migration: str) -> str:
    return (FOLDER / f"{migration}.sql").read_text(encoding="utf-8")


# A concurrent build locks the table in this mode, as ANALYZE and VACUUM do; DROP and REINDEX lock
# the index too. For web and workers, the view of builds shows the process but not the index.
_INVALID = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace
    AND c.relkind = 'i' AND NOT EXISTS (
        SELECT FROM pg_locks l WHERE l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
        AND (l.relation = i.indexrelid OR l.relation = i.indrelid
             AND l.pid IN (SELECT pid FROM pg_stat_progress_create_index)))
    ORDER BY 1"""


def invalid() -> list[str]:
    """Return the invalid indexes that no process is building or dropping."""
    return [name for (name,) in select(_INVALID)]
