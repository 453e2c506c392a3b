"""The three roles that use the database, and the SQL that creates them. Needs no Django."""

from pathlib import Path
from typing import NamedTuple

SQL = Path(__file__).with_suffix(".sql")
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
    text = SQL.read_text(encoding="utf-8")
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
