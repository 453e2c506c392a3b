"""What a standby of the database cannot do: write, and answer for what it has not received yet."""

from django.db import connection

from tracker.domain.problems import Unavailable


class ReadOnly(Unavailable):
    """This server is connected to a standby of the database, and only the primary writes."""

    kind = "read-only"
    wait = 5

    def __init__(self) -> None:
        super().__init__(
            "this server reads from a standby of the database and records nothing: only a server"
            " at the primary does; send it there, or again later if the primary is being replaced"
        )


class Behind(Unavailable):
    """This server has not come as far as the request asks. `position` is how far it has come."""

    kind = "behind"

    def __init__(self, detail: str, *, position: int) -> None:
        super().__init__(detail)
        self.position = position


def is_standby() -> bool:
    """Whether the database that answers is a standby."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return bool(cursor.fetchone()[0])
