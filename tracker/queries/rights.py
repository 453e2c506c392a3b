"""The three roles that use the database: the SQL that creates them and grants their rights, and
rights that a role does not need. Importing it needs no settings."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tracker.queries.sql import select, select_value

_CREATION = Path(__file__).with_name("roles.sql")
# If a writer is stuck, the others get a 503 instead of waiting in a queue, and a session that does
# nothing is ended.
LIMITS = {"lock_timeout": "2s", "idle_in_transaction_session_timeout": "5s"}
# Of web and workers, whose tasks end after five minutes: the time of a statement, of which web
# processes set a shorter one, and the temporary files of a session, before they fill the disk. The
# owner has neither: a rebuild takes what it takes.
APP_LIMITS = {"statement_timeout": "10min", "temp_file_limit": "10GB"}


class Roles(NamedTuple):
    """`owner` owns the tables, `app` is the role of web and workers, `reader` may read what is
    public."""

    owner: str = "entente_owner"
    app: str = "entente_app"
    reader: str = "entente_reader"


def creation_sql(roles: Roles, *, database: str, schema: str = "public") -> str:
    """SQL for a superuser: it creates the roles, and makes `owner` the owner of the database."""
    text = _CREATION.read_text(encoding="utf-8")
    for key, name in (roles._asdict() | {"database": database, "schema": schema}).items():
        text = text.replace(f"{{{key}}}", identifier(name)).replace(
            f"{{{key}_text}}", literal(name)
        )
    return text + limits_sql(roles)


def limits_sql(roles: Roles) -> str:
    """SQL for a superuser that gives the roles their limits. A connection pooler keeps them."""
    given = {roles.owner: LIMITS, roles.app: LIMITS | APP_LIMITS}
    return "".join(
        f"ALTER ROLE {identifier(role)} SET {name} = {literal(value)};\n"
        for role, limits in given.items()
        for name, value in limits.items()
    )


def identifier(name: str) -> str:
    """Quote a name."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


# Tables on which web and workers have fewer rights than on others. They never change tables of the
# log: functions of the owner move the head and delete words.
NARROW = {
    "event": "SELECT, INSERT",
    "event_text": "SELECT, INSERT",
    "event_run": "SELECT, INSERT",
    "event_run_body": "SELECT, INSERT",
    "event_run_text": "SELECT, INSERT",
    "event_place": "SELECT, INSERT",
    "logged": "SELECT",
    "log_head": "SELECT",
    "seal_tile": "SELECT, INSERT, UPDATE",
    "seal_head": "SELECT, UPDATE",
    "seal_checkpoint": "SELECT, INSERT, UPDATE",
    "seal_witness": "SELECT, INSERT, UPDATE",
    "seal_timestamp": "SELECT, INSERT",
    "edition": "SELECT, INSERT",
    "edition_spread": "SELECT, INSERT",
    "django_migrations": "SELECT",
}
HINT = (
    "`manage.py grants` prints the SQL that makes three roles, and says what each is for. Then set"
    " DATABASE_URL to the address of the one for web and workers, and DATABASE_OWNER_URL to the"
    " owner's, for `manage.py migrate` and `manage.py rebuild` only."
)
WIDE = "SELECT, INSERT, UPDATE, DELETE"
# Tables without anything that may be withheld. Others are closed to readers.
PUBLIC = frozenset({"current_score", "edition", "edition_spread", "knot_block", "scored", "shift"})
_NAMES = """
    SELECT c.relname, c.relkind = 'S' FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
    AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass('event'))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1"""
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text, p.prorettype = 'trigger'::regtype FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND p.proowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass('event'))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                    AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1"""
# Of a role and of all roles that it is a member of.
_ATTRIBUTES = """
    SELECT bool_or(rolsuper) FILTER (WHERE rolname = given), given = owner,
           pg_has_role(given, owner, 'MEMBER'), bool_or(rolsuper), bool_or(rolcreaterole),
           bool_or(rolcreatedb), bool_or(rolreplication), bool_or(rolbypassrls),
           pg_has_role(given, 'pg_read_server_files', 'MEMBER'),
           pg_has_role(given, 'pg_write_server_files', 'MEMBER'),
           pg_has_role(given, 'pg_execute_server_program', 'MEMBER'),
           bool_or(has_schema_privilege(oid, current_schema(), 'CREATE')),
           bool_or(has_database_privilege(oid, current_database(), 'CREATE'))
    FROM pg_roles, (SELECT rolname AS given FROM pg_roles WHERE rolname = %s) AS asked,
         (SELECT pg_get_userbyid(relowner) AS owner FROM pg_class
          WHERE oid = to_regclass('event')) AS log
    WHERE pg_has_role(given, oid, 'MEMBER') GROUP BY given, owner"""
_ALLOWS = (
    "is a superuser",
    "owns the log's tables",
    "may become the owner of the log's tables",
    "may become a superuser",
    "may make roles",
    "may make databases",
    "may replicate the database",
    "passes row security",
    "may read the server's files",
    "may write the server's files",
    "may run programs on the server",
    "may make tables and functions in the schema",
    "may make schemas",
)
# Each of the first four implies all others.
_ALL = 4
# A right on a column counts as one on its table.
_CHANGES = """
    SELECT DISTINCT format('may %%s %%s', p, t)
    FROM unnest(%s::text[], %s::text[]) AS narrow (t, granted), pg_roles r, unnest(
        ARRAY['INSERT', 'UPDATE', 'REFERENCES', 'DELETE', 'TRUNCATE', 'TRIGGER']
        || CASE WHEN current_setting('server_version_num')::int >= 170000
                THEN ARRAY['MAINTAIN'] END) p
    WHERE pg_has_role(%s, r.oid, 'MEMBER') AND p <> ALL (string_to_array(granted, ', '))
    AND CASE WHEN p IN ('INSERT', 'UPDATE', 'REFERENCES')
        THEN has_any_column_privilege(r.oid, to_regclass(t), p)
        ELSE has_table_privilege(r.oid, to_regclass(t), p) END
    ORDER BY 1"""


def statements(roles: Roles) -> Iterator[str]:
    """The SQL for the owner that grants the other two roles their rights. It can run again."""
    app, reader = identifier(roles.app), identifier(roles.reader)
    tables, sequences = _names()
    callable_, functions = _functions()
    everybody = f"PUBLIC, {app}, {reader}" if roles.reader else f"PUBLIC, {app}"
    yield f"REVOKE ALL ON {_listed(tables)} FROM {everybody}"
    for table in sorted(NARROW.keys() & set(tables)):
        yield f"GRANT {NARROW[table]} ON {identifier(table)} TO {app}"
    yield f"GRANT {WIDE} ON {_listed(set(tables) - NARROW.keys())} TO {app}"
    yield f"REVOKE ALL ON SEQUENCE {_listed(sequences)} FROM {everybody}"
    yield f"GRANT USAGE ON SEQUENCE {_listed(sequences)} TO {app}"
    yield f"REVOKE ALL ON FUNCTION {', '.join(functions)} FROM {everybody}"
    yield f"GRANT EXECUTE ON FUNCTION {', '.join(callable_)} TO {app}"
    if roles.reader:
        yield f"GRANT SELECT ON {_listed(set(tables) & PUBLIC)} TO {reader}"
    yield from _later(roles)


def _later(roles: Roles) -> Iterator[str]:
    """SQL for the rights on tables that a new version creates."""
    home, app = identifier(schema()), identifier(roles.app)
    ours = f"ALTER DEFAULT PRIVILEGES FOR ROLE {identifier(roles.owner)}"
    yield f"{ours} IN SCHEMA {home} GRANT {WIDE} ON TABLES TO {app}"
    yield f"{ours} IN SCHEMA {home} GRANT USAGE ON SEQUENCES TO {app}"
    yield f"{ours} REVOKE EXECUTE ON ROUTINES FROM PUBLIC"


def excess_rights(role: str) -> list[str]:
    """Return what a role may do although web and workers do not need it; nothing for an unknown
    role, or before there is a log."""
    rows = select(_ATTRIBUTES, [role])
    if not rows:
        return []
    rights = [right for right, so in zip(_ALLOWS, rows[0], strict=True) if so]
    if any(rows[0][:_ALL]):
        return rights[:1]
    return rights + [right for (right,) in select(_CHANGES, [[*NARROW], [*NARROW.values()], role])]


def limits_missing(role: str) -> list[str]:
    """The limits of waiting that a role does not bring along; none for an unknown role."""
    rows = select("SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = %s", [role])
    return [
        name
        for (given,) in rows
        for name in LIMITS
        if not any(one.startswith(f"{name}=") for one in given)
    ]


def has_owner_rights(role: str) -> bool:
    """Whether a role has all rights of the owner of the log's tables."""
    return any(select(_ATTRIBUTES, [role])[0][:_ALL])


def owner() -> tuple[str, bool] | None:
    """Return the owner of the log's tables, and whether it is a superuser."""
    rows = select(
        "SELECT rolname, rolsuper FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.oid = to_regclass('event')"
    )
    return next(((name, superuser) for name, superuser in rows), None)


def current_role() -> str:
    """Return the role of this connection."""
    return str(select_value("SELECT current_user"))


def roles_exist(*names: str) -> bool:
    """Whether roles of all these names exist."""
    return bool(
        select_value("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(names)])
        == len(set(names))
    )


def schema() -> str:
    return str(select_value("SELECT current_schema()"))


def _names() -> tuple[list[str], list[str]]:
    """The tables and the sequences of the installation."""
    rows = select(_NAMES)
    return [n for n, sequence in rows if not sequence], [n for n, sequence in rows if sequence]


def _functions() -> tuple[list[str], list[str]]:
    """The functions that can be called, and all functions."""
    rows = select(_FUNCTIONS)
    return [n for n, trigger in rows if not trigger], [n for n, _ in rows]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(identifier, sorted(names)))
