"""Empty copies of the derived tables in a second schema, which later replace the old ones.

While the search path begins with that schema, unqualified names mean the copies.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tracker.domain.problems import NotYet
from tracker.models import derived, scores, shifts
from tracker.projections.transaction_settings import be_patient, long_pauses
from tracker.queries.sql import select, select_value

SCHEMA = "entente_rebuild"
# Long enough for readers to finish; shorter than a second, after which the database searches for
# deadlocks and might end a writer.
LOCK_TIMEOUT = "500ms"
TABLES = tuple(
    model._meta.db_table  # noqa: SLF001 # Django's documented way
    for model in apps.get_app_config("tracker").get_models()
    if model.__module__ in (derived.__name__, scores.__name__, shifts.__name__)
)
_LOCK = "SELECT pg_try_advisory_lock(hashtext('entente rebuild'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('entente rebuild'))"
# Indexes of the copies have generated names. Rename each to the old index of the same definition.
_RENAME_INDEXES = """
    WITH known AS (
        SELECT n.nspname AS schema, t.relname AS tablename, c.relname AS name,
               regexp_replace(pg_get_indexdef(c.oid), '^.* INDEX .* ON .*? USING', '')
                   || i.indisunique AS definition
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname IN (%(home)s, %(copies)s) AND t.relname = ANY(%(tables)s)),
    ranked AS (SELECT *, row_number() OVER
        (PARTITION BY schema, tablename, definition ORDER BY name) AS place FROM known)
    SELECT format('ALTER INDEX %%I.%%I RENAME TO %%I', new.schema, new.name, old.name)
    FROM ranked new JOIN ranked old USING (tablename, definition, place)
    WHERE new.schema = %(copies)s AND old.schema = %(home)s AND new.name <> old.name"""
# A rebuild by a superuser must not change the owner.
_OWNERS = """
    SELECT format('ALTER TABLE %%I.%%I OWNER TO %%I', %(copies)s::text, c.relname,
                  pg_get_userbyid(c.relowner))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %(home)s AND c.relname = ANY(%(tables)s)
    AND c.relowner <> current_user::regrole"""
_GRANTS = """
    SELECT format('GRANT %%s ON %%I.%%I TO %%s', a.privilege_type, %(copies)s::text, c.relname,
                  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
    WHERE n.nspname = %(home)s AND c.relname = ANY(%(tables)s)"""


class RebuildRunning(NotYet):
    """Another rebuild is under way: wait for it, or end its process."""


@contextmanager
def create() -> Iterator[None]:
    """Create the copies; remove the remaining ones at the end.

    :raises RebuildRunning: if another process rebuilds.
    """
    if not select_value(_LOCK):
        raise RebuildRunning("another rebuild is running: wait for it, or stop its process")
    try:
        _make()
        yield
    finally:
        with suppress(DatabaseError):
            _run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            _run(_UNLOCK)


@contextmanager
def use() -> Iterator[None]:
    """A transaction in which unqualified names mean the copies, or a part of one. It may pause for
    long, unless it is a part: then the old tables are locked, and others wait."""
    pauses = nullcontext() if connection.in_atomic_block else long_pauses()
    with pauses, transaction.atomic():
        be_patient()
        before = select_value("SELECT current_setting('search_path')")
        _run("SELECT set_config('search_path', %s, true)", [f"{SCHEMA}, {before}"])
        # If the copies were missing, the names would silently mean the old tables.
        copies = ", ".join(f"{SCHEMA}.{table}" for table in TABLES)
        _run(f"LOCK TABLE {copies} IN ACCESS SHARE MODE")
        yield
        _run("SELECT set_config('search_path', %s, true)", [before])


def lock_old() -> None:
    """Lock the old tables until the end of the transaction.

    Call it before locking the head of the log, since writers lock rows here first.

    :raises OperationalError: if they are in use for half a second.
    """
    _run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    _run(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")


def replace_old() -> None:
    """Replace the old tables by the copies, in the current transaction."""
    home = select_value("SELECT current_schema()")
    _run(f"DROP TABLE {', '.join(TABLES)}")
    for table in TABLES:
        _run(f'ALTER TABLE {SCHEMA}.{table} SET SCHEMA "{home}"')


def analyze() -> None:
    """Update the planner's statistics of the copies, before they are queried."""
    _run(f"ANALYZE {', '.join(f'{SCHEMA}.{table}' for table in TABLES)}")


@transaction.atomic
def _make() -> None:
    _run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    _run(f"CREATE SCHEMA {SCHEMA}")
    for table in TABLES:
        _run(f"CREATE TABLE {SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
    home = select_value("SELECT current_schema()")
    for query in (_RENAME_INDEXES, _OWNERS, _GRANTS):
        names = {"home": home, "copies": SCHEMA, "tables": list(TABLES)}
        statements = [row[0] for row in select(query, names)]
        for statement in statements:
            _run(statement)


def _run(statement: str, parameters: list[str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
