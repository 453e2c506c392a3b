"""Settings of the connection that migrates."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

# Not every system that runs PostgreSQL can look whether its client is still there.
OPTIONAL = {"client_connection_check_interval"}


@contextmanager
def session_settings(**settings: str) -> Iterator[None]:
    """Change settings of the connection until the end of the block."""
    before = {name: _current(name) for name in settings}
    for name, value in settings.items():
        with suppress(*([DatabaseError] if name in OPTIONAL else [])):
            _set(name, value)
    try:
        yield
    finally:
        # Of a connection that is lost there is nothing to take back.
        with suppress(DatabaseError):
            for name, value in before.items():
                _set(name, value)


def _current(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
