"""The number of this code, which the database compares with the oldest that may work with it.

Increase `CODE` with a migration that older code would harm or would be harmed by. The migration
ends with `RaiseMinimumCode(CODE)` of `tracker/migrations/_minimum_code.py`.
"""

CODE = 1
# The database and its poolers pass it on, and `pg_stat_activity` shows it.
APPLICATION_NAME = f"entente {CODE}"
# The exit status of a process that must not start again before it is upgraded (EX_CONFIG).
EXIT_STATUS = 78
TOO_OLD = (
    "the database was upgraded for code {minimum} or newer, and this is code {code}: install the"
    " newer version, and start this process again"
)


def too_old(minimum: int) -> str:
    """What to do about a process that is older than the database allows; empty if it is not."""
    return TOO_OLD.format(minimum=minimum, code=CODE) if minimum > CODE else ""
