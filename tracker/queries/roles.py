"""The three roles that use the database, and the SQL that creates them. Needs no Django."""

from pathlib import Path
from typing import NamedTuple

SQL = Path(__file__).with_suffix(".sql")


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
    return text


def identifier(name: str) -> str:
    """Quote a name."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
