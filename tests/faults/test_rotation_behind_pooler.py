"""The password of the database is changed behind a pooler, in the order of docs/operations.md."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.faults.test_rotation import OLD, WELL, Load, database_roles, grant, logged_in
from tests.kit.databases import PASSWORD, Template, at
from tests.kit.debian_programs import Program
from tests.kit.pgbouncer import a_pooler
from tests.kit.processes import eventually
from tests.kit.sites import Site, a_place, served

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
# As the default, and for roles that may log in.
QUERY = (
    "auth_user = {user}\nauth_query = SELECT rolname, rolpassword FROM pg_authid"
    " WHERE rolname = $1 AND rolcanlogin\n"
)


def close_to(role: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"ALTER ROLE {role} NOLOGIN".encode())


def is_let_in(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT true").fetchone() == (True,)
    except psycopg.OperationalError:
        return False


@contextmanager
def a_web(given: dict[str, str], template: Template, database: str) -> Iterator[Site]:
    environ = given | {"DATABASE_URL": database}
    with served(environ, answers="/healthz") as url:
        yield Site(url=url, environ=environ, facts=template.facts)


def test_no_request_fails_with_a_file_of_passwords(
    desk_template: Template, pgbouncer: Program
) -> None:
    with ExitStack() as stack:
        enter = stack.enter_context
        roles, given = enter(database_roles()), enter(a_place(desk_template))
        given |= {"SECRET_KEY": OLD}
        grant(given, roles["old"])
        direct = at(given["DATABASE_URL"], roles["old"])
        pooler = enter(a_pooler(pgbouncer, direct, users={roles["old"]: PASSWORD}))
        new_url = pooler.url.replace(roles["old"], roles["new"])
        old = enter(a_web(given, desk_template, pooler.url))
        load = enter(Load([old], logged_in(old), old.token))

        grant(given, roles["new"])
        assert not is_let_in(new_url)
        pooler.let_in(roles.values())
        load.servers = [old, enter(a_web(given, desk_template, new_url))]
        load.goes_on()
        load.servers = load.servers[1:]
        load.goes_on()
        close_to(roles["old"])
        pooler.let_in([roles["new"]])
        load.goes_on()
        load.end()

        assert set(load.statuses) == WELL, load.statuses
        eventually(lambda: not is_let_in(pooler.url), what="the old role is let in no more")


def test_a_pooler_that_asks_the_database_needs_no_change(
    desk_template: Template, pgbouncer: Program
) -> None:
    asker = urlsplit(os.environ["DATABASE_URL"])
    users = {str(asker.username): str(asker.password)}
    query = QUERY.format(user=asker.username)
    with database_roles() as roles, a_place(desk_template) as given:
        grant(given, roles["old"])
        direct = at(given["DATABASE_URL"], roles["old"])
        with a_pooler(pgbouncer, direct, users=users, more=query) as pooler:
            new = pooler.url.replace(roles["old"], roles["new"])
            assert not is_let_in(new)
            grant(given, roles["new"])
            assert is_let_in(new)
            close_to(roles["old"])
            assert is_let_in(new)
            assert not is_let_in(pooler.url)
