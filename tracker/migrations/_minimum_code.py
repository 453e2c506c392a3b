"""The operation of a migration that older code would harm."""

from django.db.migrations.operations import RunSQL


class RaiseMinimumCode(RunSQL):
    """Let no older code append from here on. Processes of that code notice it and leave.

    It is the last operation of its migration: it holds the head, so that writers wait.
    """

    def __init__(self, code: int) -> None:
        super().__init__(
            f"UPDATE log_head SET minimum_code = {code} WHERE minimum_code < {code}",  # noqa: S608
            RunSQL.noop,
        )
        self.code = code
