"""Turns at a name: what must be unique is checked and written by one writer at a time."""

from collections.abc import Iterable

from django.db import connection


def lock_name(name: str) -> None:
    """Wait until nobody else writes under `name`, until the end of the transaction.

    A lock in the database, since a name lies inside a record and has no constraint of its own.
    """
    lock_names([name])


def lock_names(names: Iterable[str]) -> None:
    """The same at several names, in their order, so that two writers never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) name",
            [sorted(names)],
        )
