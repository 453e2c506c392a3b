"""Empty twins of the derived tables in a schema of their own, and their way into the old ones'
place.

While the search path puts that schema first, the same unqualified names lead to the twins.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tracker.domain.problems import NotYet
from tracker.models import derived, shifts
from tracker.projections.transaction_settings import be_patient

SCHEMA = "entente_rebuild"
# Long enough for those who read; shorter than a second, after which the database would look for
# a deadlock and might end a writer.
LOCK_TIMEOUT = "500ms"
TABLES = tuple(
    model._meta.db_table  # noqa: SLF001 # Django's own way to ask for it
    for model in apps.get_app_config("tracker").get_models()
    if model.__module__ in (derived.__name__, shifts.__name__)
)
_LOCK = "SELECT pg_try_advisory_lock(hashtext('entente rebuild'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('entente rebuild'))"
# An index of a twin has a name that the database made up; its old sister has that of the
# migrations. Those of one definition belong together.
_SISTERS = """
    WITH known AS (
        SELECT n.nspname AS schema, t.relname AS tablename, c.relname AS name,
               regexp_replace(pg_get_indexdef(c.oid), '^.* INDEX .* ON .*? USING', '')
                   || i.indisunique AS definition
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname IN (%(home)s, %(twins)s) AND t.relname = ANY(%(tables)s)),
    ranked AS (SELECT *, row_number() OVER
        (PARTITION BY schema, tablename, definition ORDER BY name) AS place FROM known)
    SELECT format('ALTER INDEX %%I.%%I RENAME TO %%I', new.schema, new.name, old.name)
    FROM ranked new JOIN ranked old USING (tablename, definition, place)
    WHERE new.schema = %(twins)s AND old.schema = %(home)s AND new.name <> old.name"""
# A superuser who rebuilds is not to become the owner.
_OWNERS = """
    SELECT format('ALTER TABLE %%I.%%I OWNER TO %%I', %(twins)s::text, c.relname,
                  pg_get_userbyid(c.relowner))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %(home)s AND c.relname = ANY(%(tables)s)
    AND c.relowner <> current_user::regrole"""
_GRANTS = """
    SELECT format('GRANT %%s ON %%I.%%I TO %%s', a.privilege_type, %(twins)s::text, c.relname,
                  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
    WHERE n.nspname = %(home)s AND c.relname = ANY(%(tables)s)"""


class RebuildRunning(NotYet):
    """Another rebuild is under way: wait for it, or end its process."""


@contextmanager
def made() -> Iterator[None]:
    """Make the twins, alone, and remove what is left of them in the end.

    :raises RebuildRunning:
    """
    if not _asked(_LOCK):
        raise RebuildRunning("another rebuild is running: wait for it, or stop its process")
    try:
        _make()
        yield
    finally:
        with suppress(DatabaseError):
            _run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            _run(_UNLOCK)


@contextmanager
def beside() -> Iterator[None]:
    """Lead every unqualified name to the twins, in one transaction."""
    with transaction.atomic():
        be_patient()
        before = _asked("SELECT current_setting('search_path')")
        _run("SELECT set_config('search_path', %s, true)", [f"{SCHEMA}, {before}"])
        # Were the twins gone, the names would lead to the old tables without a word.
        _run(f"LOCK TABLE {', '.join(f'{SCHEMA}.{one}' for one in TABLES)} IN ACCESS SHARE MODE")
        yield
        _run("SELECT set_config('search_path', %s, true)", [before])


def lock_old() -> None:
    """Lock the old tables until the end of the transaction; whoever is busy with them goes first.

    Before the head of the log: a writer holds its rows here when it asks for the head.

    :raises OperationalError: if they are not free at once.
    """
    _run(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    _run(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")


def replace_old() -> None:
    """Put the twins in the old tables' place, in the current transaction."""
    home = _asked("SELECT current_schema()")
    _run(f"DROP TABLE {', '.join(TABLES)}")
    for table in TABLES:
        _run(f'ALTER TABLE {SCHEMA}.{table} SET SCHEMA "{home}"')


def analyze() -> None:
    """Let the planner know what the twins hold, before anybody asks them."""
    _run(f"ANALYZE {', '.join(f'{SCHEMA}.{one}' for one in TABLES)}")


@transaction.atomic
def _make() -> None:
    _run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    _run(f"CREATE SCHEMA {SCHEMA}")
    for table in TABLES:
        _run(f"CREATE TABLE {SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
    home = _asked("SELECT current_schema()")
    for question in (_SISTERS, _OWNERS, _GRANTS):
        names = {"home": home, "twins": SCHEMA, "tables": list(TABLES)}
        with connection.cursor() as cursor:
            cursor.execute(question, names)
            statements = [row[0] for row in cursor.fetchall()]
        for statement in statements:
            _run(statement)


def _run(statement: str, parameters: list[str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _asked(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
