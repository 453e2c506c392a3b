"""The truth as one file: the tables of the log, of its seal and of editions, without what is
derived from them.

A ZIP with a file in PostgreSQL's text format for each table, and `manifest.json`. So a log can be
moved to a new database, whatever its version, and all else is rebuilt from it.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from django.db import DataError, IntegrityError, connection, transaction

from tracker.log import integrity, seal_checks
from tracker.log.heads import head
from tracker.log.stored import MOST_IN_RUN

FORMAT = "entente-log/1"
MANIFEST = "manifest.json"
# The tables with the columns of their order. The head is last: it goes up to what came before it.
TABLES = {
    "event": "position",
    "event_text": "position",
    "event_run": "first",
    "event_run_body": "run",
    "event_run_text": "run",
    "event_place": "run, row",
    "seal_tile": "level, number",
    "seal_checkpoint": "size",
    "seal_timestamp": "size",
    "edition": "lens, lens_version, day",
    "edition_spread": "lens, lens_version, day, pair",
    "seal_head": "id",
    "log_head": "id",
}
# What belongs to a database: another one has another incarnation.
_OWN = {"log_head": {"incarnation"}}
_COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
    " AND NOT attisdropped ORDER BY attnum"
)
_GUARDS = (
    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.oid = ANY(SELECT to_regclass(name) FROM unnest(%s::text[]) name)"
    " AND NOT t.tgisinternal AND t.tgenabled = 'A'"
)
_PIECE = 1 << 20


class NotTaken(ValueError):
    """A file is not an export of a log, or cannot be taken into this database."""


class Exported(NamedTuple):
    """A log in a file: its id, its last position, and the tables' columns and digests."""

    log: str
    position: int
    tables: dict[str, dict[str, Any]]


def export(file: Path) -> Exported:
    """Write the log into a new file, as it is at one moment.

    :raises FileExistsError: the file is there already.
    """
    with open(file, "xb", opener=_private) as target:  # with this opener
        try:
            found = _export(target)
            target.flush()
            os.fsync(target.fileno())
        except BaseException:
            file.unlink()
            raise
    return found


def take(file: Path) -> Exported:
    """Take a log from a file into a database without one. The guards are off meanwhile, for this
    transaction alone; then everything is checked.

    :raises NotTaken: nothing was taken.
    :raises OSError: the file cannot be read.
    """
    try:
        with ZipFile(file) as archive, transaction.atomic(), connection.cursor() as cursor:
            found = _manifest(archive)
            if head().position:
                raise NotTaken("this database has a log already: use a new one")
            guards = _switched_off(cursor)
            for table in TABLES:
                _read(archive, cursor, table, found.tables[table])
            for table, guard in guards:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")
            cursor.execute(
                "UPDATE seal_head SET alarm = '', alarmed_at = NULL, alarmed_by = '',"
                " went_back = false"
            )
            cursor.execute("SELECT setval('event_run_number', max(run)) FROM event_run")
            for problem in _problems(found):
                raise NotTaken(f"the log in the file is not whole: {problem}")
    except (BadZipFile, zlib.error, KeyError, DataError, IntegrityError) as problem:
        raise NotTaken(f"the file is not a whole export of a log: {problem}") from problem
    return found


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else may read: it has what is withheld, and all nonces."""
    return os.open(path, flags, 0o600)


def _export(target: BinaryIO) -> Exported:
    with ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables = {table: _write(archive, cursor, table) for table in TABLES}
            found = Exported(str(head().log_id), head().position, tables)
        archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **found._asdict()}, indent=1))
    return found


def _write(archive: ZipFile, cursor: Any, table: str) -> dict[str, Any]:
    cursor.execute(_COLUMNS, [table])
    columns = [name for (name,) in cursor.fetchall() if name not in _OWN.get(table, ())]
    statement = (
        f"COPY (SELECT {', '.join(columns)} FROM {table} ORDER BY {TABLES[table]}) TO STDOUT"  # noqa: S608
    )
    digest = hashlib.sha256()
    with (
        connection.wrap_database_errors,
        archive.open(table, "w", force_zip64=True) as target,
        cursor.copy(statement) as copy,
    ):
        for piece in copy:
            target.write(piece)
            digest.update(piece)
    return {"columns": columns, "sha256": digest.hexdigest()}


def _read(archive: ZipFile, cursor: Any, table: str, about: dict[str, Any]) -> None:
    cursor.execute(_COLUMNS, [table])
    known = {name for (name,) in cursor.fetchall()}
    if unknown := set(about["columns"]) - known:
        raise NotTaken(f"this version does not know {', '.join(sorted(unknown))} of {table}")
    cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    statement = f"COPY {table} ({', '.join(about['columns'])}) FROM STDIN"
    digest = hashlib.sha256()
    with (
        connection.wrap_database_errors,
        archive.open(table) as source,
        cursor.copy(statement) as copy,
    ):
        while piece := source.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != about["sha256"]:
        raise NotTaken(f"{table} in the file is not what was exported")


def _manifest(archive: ZipFile) -> Exported:
    """
    :raises NotTaken: it is another file.
    """
    try:
        manifest = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT or manifest["tables"].keys() != TABLES.keys():
            raise NotTaken(f"the file is not an export in the form {FORMAT}")
        return Exported(manifest["log"], manifest["position"], manifest["tables"])
    except (ValueError, TypeError, AttributeError) as problem:
        raise NotTaken(f"the file is not an export of a log: {problem}") from problem


def _switched_off(cursor: Any) -> list[tuple[str, str]]:
    """Switch off the guards of the tables; they are back if the transaction fails."""
    cursor.execute(_GUARDS, [[*TABLES]])
    guards: list[tuple[str, str]] = cursor.fetchall()
    for table, guard in guards:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
    return guards


def _problems(found: Exported) -> Iterator[str]:
    """What is wrong with the log that was taken."""
    now = head()
    if (str(now.log_id), now.position) != (found.log, found.position):
        yield "its head is not that of the manifest"
    yield from integrity.gaps()
    after = 0
    while after < now.position:
        after, problems = integrity.damage(after=after, limit=MOST_IN_RUN)
        yield from problems
    yield from seal_checks.problems(whole=True)
