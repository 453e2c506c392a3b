"""Notes that a table changed though nothing was recorded: a day began, or somebody looked."""

from tracker.log import Statement

_NOTE = (
    "INSERT INTO renewal AS held (name, number) VALUES (%s, 1)"
    " ON CONFLICT (name) DO UPDATE SET number = held.number + 1"
)


def noted(table: str) -> Statement:
    """What notes it, the last of a transaction: others wait for this row until its end."""
    return Statement(_NOTE, [table])
