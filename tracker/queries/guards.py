"""Checks that the database has the triggers that protect the log, and our tables."""

import hashlib
import re
from functools import cache
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
# Those that are there as the files make them, on the same events and with the same function.
_STANDING = """
    SELECT name FROM unnest(%s::text[], %s::text[]) AS given (name, tablename)
    JOIN pg_trigger t ON tgname = name AND tgenabled = 'A' AND tgrelid = to_regclass(tablename)
        AND position(pg_get_triggerdef(t.oid, true) || ';' IN %s) > 0
    JOIN pg_proc p ON p.oid = tgfoid
        AND position(format('%%s() RETURNS trigger LANGUAGE plpgsql AS $$%%s$$', p.proname,
                            p.prosrc) IN %s) > 0"""
# What makes our tables. A database that others made cannot be read.
_TABLES = (
    FOLDER / "0001_initial.py",
    FOLDER / "0001_truth.sql",
    FOLDER / "0001_storage.sql",
    FOLDER.parent / "admin" / "migrations" / "0001_initial.py",
)


def missing() -> list[str]:
    """Return the guards that are absent, disabled or changed; none before the tables are there."""
    if not _migrated():
        return []
    made = sql()
    # As PostgreSQL gives the definition of a trigger.
    plain = re.sub(r"\s+", " ", made).replace("CREATE OR REPLACE TRIGGER", "CREATE TRIGGER")
    standing = select(_STANDING, [[*GUARDS], [*GUARDS.values()], plain, made])
    return sorted(GUARDS.keys() - {name for (name,) in standing})


def restore() -> None:
    """Create all functions and guards again, if a guard is missing or others ran last."""
    if missing() or _comment("log_refuse()") != _functions():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql())


def sql() -> str:
    """The SQL of all functions and guards, which also keeps that they ran."""
    return f"{_text()}\nCOMMENT ON FUNCTION log_refuse() IS '{_functions()}';\n"


def comment_on_tables() -> str:
    """The SQL that keeps which files made the tables."""
    return f"COMMENT ON TABLE log_head IS '{_tables()}';\n"


def tables_are_others() -> bool:
    """Whether other files than those of this version made the tables."""
    return _migrated() and _comment("log_head") != _tables()


def _comment(on: str) -> str | None:
    """The comment on the table or function of a name."""
    found = select(
        "SELECT description FROM pg_description WHERE objsubid = 0"
        " AND objoid IN (to_regclass(%(on)s), to_regprocedure(%(on)s))",
        {"on": on},
    )
    return str(found[0][0]) if found else None


@cache
def _tables() -> str:
    return _fingerprint("\n".join(path.read_text(encoding="utf-8") for path in _TABLES))


@cache
def _functions() -> str:
    return _fingerprint(_text())


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text() -> str:
    return "\n".join((FOLDER / f"0001_{name}.sql").read_text(encoding="utf-8") for name in FILES)


def _migrated() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT FROM django_migrations WHERE app = 'tracker'")
        return cursor.fetchone() is not None
