"""Locks by name: one writer at a time checks and writes a unique value."""

from collections.abc import Iterable

from django.db import connection


def lock_name(name: str) -> None:
    """Lock a name until the end of the transaction.

    Names are inside records, so the database has no unique constraint on them.
    """
    lock_names([name])


def lock_names(names: Iterable[str]) -> None:
    """Lock several names in order, so that writers cannot deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) name",
            [sorted(names)],
        )


def lock_shared(name: str) -> None:
    """Keep others from locking a name until the end of the transaction; many may do so at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])
